"""The anchors stored beside what was printed: the nightly check compares the journal with each of them."""

from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.domain.anchors import anchor_source
from posts.models import Decision, Notice, Plaque


@anchor_source
def printed_anchors() -> Iterator[tuple[str | Promise, str]]:
    """Notices, approval sheets, plaques."""
    for model, what in ((Notice, _("public notice")), (Decision, _("approval sheet")), (Plaque, _("plaque"))):
        for anchor in model.objects.exclude(anchor="").order_by("pk").values_list("anchor", flat=True):
            yield what, anchor
