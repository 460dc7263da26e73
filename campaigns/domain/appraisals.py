"""Results of the yearly appraisal of members 民主评议党员: kept for the meetings that have to consider them."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import Appraisal, Grade, Member, User
from campaigns.permissions import require_on_unit

FIRST_YEAR = 1990


@transaction.atomic
def record_appraisal(member: Member, *, actor: User, year: int, grade: str) -> Appraisal:
    """Enter or correct the grade of a year.

    Raises DomainError for a year that has not begun, an unknown grade, and for probationary members, who take
    part in the appraisal but get no grade.
    """
    require_on_unit(actor, "manage_roster", member.branch)
    if problem := appraisal_problem(member, year):
        raise DomainError(problem, field="year")
    if grade not in Grade.values:
        raise DomainError(_("Choose a grade."), field="grade")
    appraisal, _created = Appraisal.objects.update_or_create(member=member, year=year, defaults={"grade": grade})
    record("appraisal_recorded", member, actor=actor, year=year, grade=grade)
    return appraisal


@transaction.atomic
def remove_appraisal(appraisal: Appraisal, *, actor: User) -> None:
    """Take out a grade that was entered by mistake."""
    require_on_unit(actor, "manage_roster", appraisal.member.branch)
    record("appraisal_removed", appraisal.member, actor=actor, year=appraisal.year)
    appraisal.delete()


def appraisal_problem(member: Member, year: int) -> str:
    """Why the member can have no grade for this year; empty when he can."""
    today = timezone.localdate()
    if not FIRST_YEAR <= year <= today.year:
        return _("The year lies between %(first)s and %(last)s.") % {"first": FIRST_YEAR, "last": today.year}
    if not member.is_full:
        return _("Probationary members take part in the appraisal but get no grade.")
    if member.joined_on.year > year:
        return _("%(name)s joined only in %(year)s.") % {"name": member, "year": member.joined_on.year}
    return ""


def latest_appraisals(members: Iterable[int]) -> dict[int, Appraisal]:
    """The newest grade of each member, by his id; in one query."""
    found: dict[int, Appraisal] = {}
    for appraisal in Appraisal.objects.filter(member__in=list(members)).order_by("year"):
        found[appraisal.member_id] = appraisal
    return found
