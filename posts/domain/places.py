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
    return [text for status, text in _overruns(campaign, approved) if status.enforced]


def quota_hints(campaign: Campaign, approved: Iterable[Nomination]) -> list[str]:
    """The same for quotas that the scheme does not enforce: said, not forbidden."""
    return [text for status, text in _overruns(campaign, approved) if not status.enforced]


def full_statuses(campaign: Campaign, nominations: Iterable[Nomination]) -> list[QuotaStatus]:
    """The enforced quotas of these nominations whose places are all held or approved."""
    found = [status for status in _statuses(campaign, nominations) if status.enforced]
    return [s for s in found if _held(campaign, s) + _pending(campaign, s) >= (s.maximum or 0)]


def _overruns(campaign: Campaign, approved: Iterable[Nomination]) -> list[tuple[QuotaStatus, str]]:
    approved = list(approved)
    problems = []
    for status in _statuses(campaign, approved):
        added = [n for n in approved if status.counts(n) and not Conferral.objects.filter(nomination=n).exists()]
        taken = _held(campaign, status) + len(added)
        if added and taken > (status.maximum or 0):
            text = _("%(unit)s has %(places)s places; with this decision %(taken)s would be taken. %(why)s")
            facts = {"unit": status.unit, "places": status.maximum, "taken": taken, "why": status.explanation}
            problems.append((status, text % facts))
    return problems


def places_of(campaign: Campaign, nominations: Iterable[Nomination]) -> list[Places]:
    """The quota bars for a list of nominations of one campaign, the first dozen."""
    statuses = _statuses(campaign, nominations)[:MAX_BARS]
    return [Places(status, _held(campaign, status), _pending(campaign, status)) for status in statuses]


def _pending(campaign: Campaign, status: QuotaStatus) -> int:
    """Approved, not yet released."""
    items = DecisionItem.objects.filter(
        _scope("run__nomination__", status),
        run__nomination__campaign=campaign,
        run__nomination__conferral__isnull=True,
        is_live=True,
        outcome=DecisionOutcome.APPROVED,
        decision__status=DecisionStatus.PENDING,
    )
    return items.count()


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


def _held(campaign: Campaign, status: QuotaStatus) -> int:
    return Conferral.objects.live().filter(_scope("", status), campaign=campaign).count()


def _scope(prefix: str, status: QuotaStatus) -> Q:
    condition = Q(**{f"{prefix}org_unit__path__startswith": status.unit.path})
    if status.kinds:
        condition &= Q(**{f"{prefix}post_kind__code__in": status.kinds})
    return condition
