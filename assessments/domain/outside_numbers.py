"""The size of the electorate against a number from outside the branch: a stuffed roll defeats any tally check (2.9)."""

from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from assessments.domain.ballots import oversees
from assessments.domain.paper_counts import n_issued
from assessments.domain.rules import takes_codes, takes_members
from assessments.domain.survey_subjects import has_stake
from assessments.models import OutsideNumber, Stratum, Survey
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.domain.journal import record
from campaigns.models import User

TOLERANCE = 10  # percent


@dataclass(frozen=True)
class Comparison:
    """Rights given out beside the number from outside; ``is_off`` when they differ by more than the tolerance."""

    stated: OutsideNumber
    given: int

    @property
    def is_off(self) -> bool:
        return 100 * abs(self.given - self.stated.number) > TOLERANCE * self.stated.number


def may_state(user: User, survey: Survey) -> bool:
    """The level above the branch, without a stake in the survey."""
    return oversees(user, survey) and not has_stake(user, survey)


def strata_of(survey: Survey) -> list[str]:
    """The groups that vote."""
    asked = {Stratum.MEMBERS: takes_members(survey.rules), Stratum.PUBLIC: takes_codes(survey.rules)}
    return [stratum.value for stratum, votes in asked.items() if votes]


@transaction.atomic
def state_number(survey: Survey, *, actor: User, stratum: str, number: int, source: str) -> OutsideNumber:
    """Write down how many there should be, and by which source; stated again, the new number replaces the old one.

    Raises NotAllowedError for the branch itself and for somebody with a stake, DomainError for a group that does not
    vote, a number below one, or no source.
    """
    if not may_state(actor, survey):
        raise NotAllowedError(_("The number is stated one level above the branch, by somebody without a stake."))
    if stratum not in strata_of(survey):
        raise DomainError(_("This group does not vote in this survey."), field="stratum")
    if number < 1:
        raise DomainError(_("State a number of at least one."), field="number")
    if not source.strip():
        raise DomainError(_("Say where the number comes from."), field="source")
    written = {"number": number, "source": source.strip()[:100], "stated_by": actor}
    stated, _new = OutsideNumber.objects.update_or_create(survey=survey, stratum=stratum, defaults=written)
    record("outside_number_stated", survey, actor=actor, stratum=stratum, n=number)
    return stated


def comparisons(survey: Survey) -> list[Comparison]:
    """Each stated number beside the rights that were given out."""
    return [Comparison(stated, _given(survey, stated.stratum)) for stated in survey.outside_numbers.all()]


def _given(survey: Survey, stratum: str) -> int:
    result = getattr(survey, "result", None)
    if stratum == Stratum.MEMBERS:
        return survey.roll.count()
    if result:
        return result.n_codes + result.n_paper_public_issued
    papers = sum(n_issued(sheet) for sheet in survey.paper_sheets.filter(stratum=Stratum.PUBLIC))
    return survey.codes.filter(voided=False).count() + papers
