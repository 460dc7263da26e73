"""First batches: a kind that ``follows`` another opens when that one has been named, which is closed then (S2, F10)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.models import Campaign, PostKind
from posts.models import DecisionEffect, DecisionItem, DecisionOutcome, DecisionStatus


@dataclass(frozen=True)
class Closed:
    """A kind of which no paper may be opened now, and why; ``since`` is the first naming that closed it."""

    kind: PostKind
    reason: str
    since: date | None = None


def closed_kinds(kinds: Iterable[PostKind]) -> dict[int, Closed]:
    """Those of the kinds that are not open now, by id. Asks the database only where a scheme knows first batches."""
    kinds = list(kinds)
    siblings: dict[int, list[PostKind]] = {}
    for kind in kinds:
        if kind.campaign_id not in siblings:
            siblings[kind.campaign_id] = [k for k in kind.campaign.kinds.all() if k.rules.get("follows")]
    concerned = [kind for kind in kinds if siblings[kind.campaign_id]]
    namings = _first_namings({kind.campaign_id: kind.campaign for kind in concerned}.values())
    found = {}
    for kind in concerned:
        if closed := _closed(kind, siblings[kind.campaign_id], namings):
            found[kind.pk] = closed
    return found


def require_kind_open(kind: PostKind) -> None:
    """Raise DomainError with the reason when no paper of this kind may be opened or handed in now."""
    if closed := closed_kinds([kind]).get(kind.pk):
        raise DomainError(closed.reason, field="post_kind")


Namings = dict[tuple[int, str, str], date]


def _closed(kind: PostKind, followers: list[PostKind], namings: Namings) -> Closed | None:
    campaign = kind.campaign
    first = kind.rules.get("follows")
    if first and (campaign.owner_id, campaign.scheme_code, first) not in namings:
        text = _("“%(kind)s” opens only when the first batch, “%(first)s”, has been named.")
        label = next((k.label for k in campaign.kinds.all() if k.code == first), first)
        return Closed(kind, text % {"kind": kind, "first": label})
    next_kind = next((k for k in followers if k.rules["follows"] == kind.code), None)
    named_on = namings.get((campaign.owner_id, campaign.scheme_code, kind.code))
    if next_kind is None or named_on is None:
        return None
    text = _("“%(kind)s” is closed: its first batch was named on %(day)s. Further posts come as “%(next)s”.")
    return Closed(kind, text % {"kind": kind, "day": named_on.isoformat(), "next": next_kind}, named_on)


def _first_namings(campaigns: Iterable[Campaign]) -> Namings:
    """The day of the first released naming of each kind, in all campaigns of the same owner and scheme.

    An annulled decision named nobody.
    """
    campaigns = list(campaigns)
    if not campaigns:
        return {}
    items = DecisionItem.objects.filter(
        is_live=True,
        outcome=DecisionOutcome.APPROVED,
        decision__status=DecisionStatus.RELEASED,
        decision__effect=DecisionEffect.NAME,
        decision__annulled_on__isnull=True,
        decision__campaign__owner__in={campaign.owner_id for campaign in campaigns},
        decision__campaign__scheme_code__in={campaign.scheme_code for campaign in campaigns},
    ).order_by()
    rows = items.values_list(
        "decision__campaign__owner", "decision__campaign__scheme_code", "run__nomination__post_kind__code"
    )
    return {
        (owner, scheme, code): timezone.localdate(at)
        for owner, scheme, code, at in rows.annotate(at=Min("decision__released_at"))
    }
