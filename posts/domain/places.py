"""Places at the decision: titles already held and what is approved together with them (the spare ones fall away)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from campaigns.models import Campaign
from posts.domain.quotas import QuotaStatus, quota_status
from posts.models import Conferral, DecisionItem, DecisionOutcome, DecisionStatus, Nomination

MAX_BARS = 12


@dataclass(frozen=True)
class Places:
    """The places of a unit that counts, and who takes them."""

    status: QuotaStatus
    held: int  # posts that carry the title or are being created
    pending: int  # approved, not yet released

    @property
    def taken(self) -> int:
        return self.held + self.pending

    @property
    def left(self) -> int:
        return max(0, self.status.maximum - self.taken)

    @property
    def percent(self) -> int:
        """For a bar; never more than 100."""
        return min(100, 100 * self.taken // self.status.maximum) if self.status.maximum else 100

    @property
    def is_over(self) -> bool:
        return self.taken > self.status.maximum


def quota_overruns(campaign: Campaign, approved: Iterable[Nomination]) -> list[str]:
    """Where approving all of these together exceeds an enforced quota; empty when every place is free."""
    approved = list(approved)
    problems = []
    for status in _statuses(campaign, approved):
        added = [n for n in approved if _counts(status, n) and not Conferral.objects.filter(nomination=n).exists()]
        taken = _held(campaign, status) + len(added)
        if status.enforced and added and taken > status.maximum:
            problems.append(
                _("%(unit)s has %(places)s places; with this decision %(taken)s would be taken. %(why)s")
                % {
                    "unit": status.unit,
                    "places": status.maximum,
                    "taken": taken,
                    "why": status.explanation,
                }
            )
    return problems


def places_of(campaign: Campaign, nominations: Iterable[Nomination]) -> list[Places]:
    """The quota bars for a list of nominations of one campaign, the first dozen."""
    found = []
    for status in _statuses(campaign, nominations)[:MAX_BARS]:
        items = DecisionItem.objects.filter(
            _scope("run__nomination__", status),
            run__nomination__campaign=campaign,
            run__nomination__conferral__isnull=True,
            is_live=True,
            outcome=DecisionOutcome.APPROVED,
            decision__status=DecisionStatus.PENDING,
        )
        found.append(Places(status, _held(campaign, status), items.count()))
    return found


def _statuses(campaign: Campaign, nominations: Iterable[Nomination]) -> list[QuotaStatus]:
    """Each quota and counting unit once, of those with an upper limit."""
    if not campaign.quotas.all():
        return []
    found: dict[tuple[str, int], QuotaStatus] = {}
    asked = {(n.org_unit_id, n.post_kind_id): n for n in nominations}
    for nomination in asked.values():
        for status in quota_status(campaign, nomination.org_unit, nomination.post_kind):
            if status.maximum is not None:
                found.setdefault((status.code, status.unit.pk), status)
    return list(found.values())


def _counts(status: QuotaStatus, nomination: Nomination) -> bool:
    in_unit = nomination.org_unit.path.startswith(status.unit.path)
    return in_unit and (not status.kinds or nomination.post_kind.code in status.kinds)


def _held(campaign: Campaign, status: QuotaStatus) -> int:
    return Conferral.objects.live().filter(_scope("", status), campaign=campaign).count()


def _scope(prefix: str, status: QuotaStatus) -> Q:
    condition = Q(**{f"{prefix}org_unit__path__startswith": status.unit.path})
    if status.kinds:
        condition &= Q(**{f"{prefix}post_kind__code__in": status.kinds})
    return condition
