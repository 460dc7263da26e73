"""Moving a date of a campaign: first look at everything that moves with it, then do it.

A draft's dates are all movable. Once the campaign is open only what is no frozen rule may be moved: the last day for
nominations, the last day of the campaign, and planned lengths (docs/decisions/planned-lengths.md).
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.announcements import announce_move
from campaigns.domain.campaigns import lock_campaign
from campaigns.domain.errors import DomainError, OutOfOrderError, StaleError
from campaigns.domain.journal import record
from campaigns.domain.moves import FRAME, LONGEST, MOVABLE_WHEN_OPEN, Target, Value, find_target, moved, targets_of
from campaigns.domain.plan import Plan, load_plan
from campaigns.domain.plan_changes import Change, compare
from campaigns.domain.plan_conflicts import Conflict, find_conflicts
from campaigns.domain.plan_writer import write_plan
from campaigns.models import Campaign, CampaignStatus, DateMove, User

Stays = Callable[[Campaign], Iterable[str]]
Hook = Callable[[Campaign], None]
_stays: list[Stays] = []
_hooks: list[Hook] = []


@dataclass(frozen=True)
class Move:
    """What moving one thing brings. ``version`` goes back to ``apply_move``, which refuses when anything changed."""

    target: Target
    to: Value
    changes: list[Change]
    stays: list[str]
    conflicts: list[Conflict]
    version: str

    @property
    def is_blocked(self) -> bool:
        return any(conflict.blocks for conflict in self.conflicts)

    @property
    def moves_nothing(self) -> bool:
        return self.target.value == self.to


def stays_source(source: Stays) -> Stays:
    """Declare what runs already and therefore never moves, in sentences (published notices, open surveys …)."""
    _stays.append(source)
    return source


def on_dates_moved(hook: Hook) -> Hook:
    """Declare what happens after a date of an open campaign was moved, in the same transaction; it may run again."""
    _hooks.append(hook)
    return hook


def what_stays(campaign: Campaign) -> list[str]:
    """What runs already and therefore never moves, in sentences."""
    return [sentence for source in _stays for sentence in source(campaign)]


def movable_targets(campaign: Campaign, plan: Plan | None = None) -> list[Target]:
    """What may be moved in this campaign now; empty once it is closed."""
    if campaign.status == CampaignStatus.CLOSED:
        return []
    targets = targets_of(plan or load_plan(campaign))
    return [target for target in targets if not campaign.is_frozen or target.family in MOVABLE_WHEN_OPEN]


def plan_move(campaign: Campaign, what: str, to: Value) -> Move:
    """Look at a move without making it. ``what``: a key of ``moves``; ``to``: the new day, or the length in days.

    Raises DomainError for something that does not exist, OutOfOrderError for what may not be moved (any more).
    """
    before = load_plan(campaign)
    target = _require_target(campaign, before, what)
    _check_value(before, target, to)
    after = moved(before, target, to)
    return Move(
        target=target,
        to=to,
        changes=compare(campaign, before, _with_dates(campaign, after), after),
        stays=[*_fixed(before, target), *what_stays(campaign)],
        conflicts=[*_past(campaign, target, to), *find_conflicts(after)],
        version=before.version(),
    )


@transaction.atomic
def apply_move(campaign: Campaign, *, what: str, to: Value, actor: User, version: str, reason: str = "") -> DateMove:
    """Make the move that was looked at; the people concerned of an open campaign are told.

    Raises StaleError when any date or holiday changed since, DomainError for an order of days that cannot be or, in
    an open campaign, without a reason; the rest as ``plan_move``.
    """
    campaign = lock_campaign(campaign, actor)
    move = plan_move(campaign, what, to)
    if move.version != version:
        raise StaleError(_("A date or the holiday table has been changed meanwhile. Look at the move once more."))
    for conflict in move.conflicts:
        if conflict.blocks:
            raise DomainError(f"{conflict.text} {conflict.advice}", field="to")
    if move.moves_nothing:
        raise DomainError(_("This is the date it has already."), field="to")
    if campaign.is_frozen and not reason.strip():
        raise DomainError(_("Say why the date is moved: those concerned read this sentence."), field="reason")
    write_plan(campaign, load_plan(campaign), move.target, to)
    made = DateMove.objects.create(
        campaign=campaign,
        target=what,
        label=move.target.label[:200],
        before=as_text(move.target.value),
        after=as_text(to),
        reason=reason.strip()[:200],
        moved_by=actor,
    )
    facts = {"target": what, "before": made.before, "after": made.after, "move": made.pk}
    record("date_moved", campaign, actor=actor, **facts)
    if campaign.status == CampaignStatus.OPEN:
        announce_move(campaign, made)
        for hook in _hooks:
            hook(campaign)
    return made


def last_move(campaign: Campaign) -> DateMove | None:
    """The newest move, if it can be taken back: what it moved still stands where it put it."""
    made = campaign.date_moves.select_related("moved_by").first()
    target = find_target(load_plan(campaign), made.target) if made else None
    still = made and target and made.before and as_text(target.value) == made.after
    return made if still and target in movable_targets(campaign) else None


def as_text(value: Value) -> str:
    """A day or a length as it is kept in a row and an address."""
    return value.isoformat() if isinstance(value, date) else "" if value is None else str(value)


def from_text(target_key: str, text: str) -> Value:
    """The other way round. Raises DomainError for what is neither."""
    try:
        return int(text) if target_key.startswith("length:") else date.fromisoformat(text)
    except ValueError:
        raise DomainError(_("Enter a date, or for a planned length a whole number of days."), field="to") from None


def _require_target(campaign: Campaign, plan: Plan, what: str) -> Target:
    target = find_target(plan, what)
    if target is None:
        raise DomainError(_("This campaign has no such date."), field="what")
    if campaign.status == CampaignStatus.CLOSED:
        raise OutOfOrderError(_("The campaign is closed; its dates stay as they are."))
    if target not in movable_targets(campaign, plan):
        text = _("“%(what)s” is fixed since the campaign was opened. Copy the campaign for a new round to change it.")
        raise OutOfOrderError(text % {"what": target.label})
    return target


def _check_value(plan: Plan, target: Target, to: Value) -> None:
    if target.is_length != isinstance(to, int) or not isinstance(to, date | int):
        raise DomainError(_("Enter a date, or for a planned length a whole number of days."), field="to")
    if isinstance(to, int) and not 0 <= to <= LONGEST:
        raise DomainError(_("A step takes 0 to %(n)s working days.") % {"n": LONGEST}, field="to")
    if isinstance(to, date) and not plan.year - 1 <= to.year <= plan.year + 3:
        raise DomainError(_("This day lies far away from the year of the campaign. Check the year."), field="to")
    if isinstance(to, date) and target.family in ("round", "milestone") and to.year < plan.year:
        raise DomainError(_("A day of the scheme lies in the campaign's year or after it."), field="to")


def _with_dates(campaign: Campaign, plan: Plan) -> Campaign:
    """The campaign object with the plan's own dates, for sources that read them; never saved."""
    changed = copy(campaign)
    for name in FRAME.values():
        setattr(changed, name, getattr(plan, name))
    return changed


def _past(campaign: Campaign, target: Target, to: Value) -> list[Conflict]:
    """A running campaign's last days lie ahead: what was possible yesterday is not taken away backwards."""
    if campaign.is_frozen and isinstance(to, date) and to < timezone.localdate():
        text = _("“%(what)s” would lie in the past (%(day)s).") % {"what": target.label, "day": to}
        return [Conflict(text, _("Choose today or a later day."), blocks=True)]
    return []


def _fixed(plan: Plan, target: Target) -> list[str]:
    """What has a day of its own and therefore stays where it is."""
    named = [t for t in targets_of(plan) if t.family in ("due", "phase_end", "round", "milestone") and t.value]
    text = _("%(what)s stays on %(day)s: the scheme names this day.")
    return [text % {"what": t.label, "day": t.value} for t in named if t.key != target.key]
