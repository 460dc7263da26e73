"""Which papers of a post this app prints."""

from collections.abc import Iterator
from functools import partial

from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.models import Rectification
from assessments.rectification_sheet import rectification_pdf
from campaigns.models import User
from posts.domain.papers import Paper, papers
from posts.models import Conferral


@papers(50)
def rectification_papers(conferral: Conferral, user: User) -> Iterator[Paper]:
    rows = Rectification.objects.visible_to(user).filter(conferral=conferral).select_related("checking_unit")
    for row in rows.order_by("opened_at", "pk"):
        day = timezone.localdate(row.opened_at)
        title = _("Order to rectify within a time limit")
        yield Paper(f"rectification:{row.pk}", title, day, partial(rectification_pdf, row))
