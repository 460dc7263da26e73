"""The heads of the journal that stand in published bulletins."""

import json
from collections.abc import Iterator

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from assessments.models import Bulletin
from campaigns.domain.anchors import anchor_source


@anchor_source
def published_anchors() -> Iterator[tuple[str | Promise, str]]:
    """One in each version of each bulletin."""
    for text in Bulletin.objects.order_by("pk").values_list("text", flat=True).iterator():
        head = json.loads(text)["journal"]
        yield _("bulletin of a survey"), f"{head['seq']} {head['hash']}"
