"""Everything that is checked while one types, and again at the submission."""

from dataclasses import dataclass

from posts.domain.eligibility import Problem, find_problems
from posts.domain.quotas import QuotaStatus, counts_already, quota_status
from posts.domain.windows import is_reopened
from posts.models import Nomination


@dataclass(frozen=True)
class PaperCheck:
    """The two boxes beside the paper."""

    problems: list[Problem]
    quotas: list[QuotaStatus]
    keeps_place: bool  # a returned paper has its place already; a candidate for a rotation takes one only later

    @property
    def is_ready(self) -> bool:
        full = not self.keeps_place and any(quota.enforced and quota.is_full for quota in self.quotas)
        return not self.problems and not full


def check_paper(nomination: Nomination) -> PaperCheck:
    """Look at the saved paper with the eyes of the submission."""
    return PaperCheck(
        problems=find_problems(nomination),
        quotas=quota_status(nomination.campaign, nomination.org_unit, nomination.post_kind),
        keeps_place=counts_already(nomination) or is_reopened(nomination.post_kind),
    )
