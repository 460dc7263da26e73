"""What came in during a public notice, for the report on it 公示情况报告."""

from django.utils.translation import gettext as _

from posts.domain.notices import result_sentence
from posts.models import Notice, Objection, ObjectionStatus


def objections_told(notice: Notice) -> str:
    """How many objections came in and how many were upheld; without a word about who or what."""
    filed = Objection.objects.filter(item__notice=notice)
    counts = {
        "upheld": filed.filter(status__in=[ObjectionStatus.UPHELD, ObjectionStatus.PARTLY_UPHELD]).count(),
        "late": filed.filter(status=ObjectionStatus.LATE).count(),
    }
    told = [result_sentence(notice)]
    if counts["upheld"]:
        told.append(_("%(upheld)s of them were upheld and dealt with.") % counts)
    if counts["late"]:
        told.append(_("%(late)s report(s) came in after the last day and are followed up apart.") % counts)
    return "".join(told)
