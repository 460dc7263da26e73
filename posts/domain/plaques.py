"""Plaques: numbered, handed over against a signature, called back, taken in again. The register always adds up."""

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.actors import resolve_actor_unit
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import User
from campaigns.permissions import may_on_unit, require_on_unit
from posts.domain import conferrals, rights
from posts.domain.locks import lock_conferral
from posts.domain.pipeline import advance, current_run
from posts.domain.plaque_register import issue_plaque, open_recall
from posts.domain.progress import superior_name
from posts.domain.stake import is_holder
from posts.models import Conferral, Plaque, PlaqueKind, PlaqueStatus, StageRun
from posts.models.conferral import OUT_PLAQUES
from posts.stages.base import logic_of

__all__ = [
    "awaiting_hand_over",
    "creating_to_return",
    "default_place",
    "hand_over",
    "issue_for_run",
    "issue_plaque",
    "issuer_name",
    "mark_damaged",
    "mark_lost",
    "mark_printed",
    "recall_plaque",
    "replace_plaque",
    "return_plaque",
    "why_not_issue",
]


def issue_for_run(run: StageRun, *, kind: str, per_holder: bool) -> list[Plaque]:
    """What a plaque stage does when it opens: one plaque for the post, or one for each holder."""
    conferral = Conferral.objects.select_related("campaign__owner", "post_kind", "org_unit").get(
        nomination=run.nomination_id
    )
    issuer = issuer_name(run)
    names = list(conferral.holders.filter(until_on__isnull=True).values_list("name", flat=True)) if per_holder else [""]
    return [
        issue_plaque(conferral, kind=kind, issuer=issuer, issuer_unit=run.actor_unit, for_name=name) for name in names
    ]


def awaiting_hand_over(run: StageRun, kind: str) -> bool:
    """Whether a plaque of the stage still waits to be handed over."""
    plaques = Plaque.objects.filter(conferral__nomination=run.nomination_id, kind=kind)
    return plaques.filter(status=PlaqueStatus.TO_PRINT).exists()


@transaction.atomic
def hand_over(
    plaque: Plaque,
    *,
    actor: User,
    received_by: str,
    on: date | None = None,
    place: str = "",
    badge_given: bool = False,
    creating_returned: bool = False,
) -> Plaque:
    """Record that somebody signed for the plaque; from that day it hangs.

    The first named plaque starts the reviews. A creating plaque of the same post comes back when the named one goes out
    (S6, F23): at once with ``creating_returned``, else it is recalled. Raises OutOfOrderError unless it waits.
    """
    conferral = lock_conferral(plaque.conferral_id)
    plaque = _lock(plaque, PlaqueStatus.TO_PRINT)
    _require_issuing(actor, plaque, conferral)
    day = on or timezone.localdate()
    if not received_by.strip():
        raise DomainError(_("Say who signed for the plaque."), field="received_by")
    _check_day(day, conferral.conferred_on if plaque.kind == PlaqueKind.NAMED else None)
    plaque.status, plaque.issued_on, plaque.issued_by = PlaqueStatus.DISPLAYED, day, actor
    plaque.received_by = received_by.strip()
    plaque.place = place.strip() or default_place(plaque, conferral)
    plaque.badge_given = badge_given
    plaque.save()
    record("plaque_handed_over", plaque, actor=actor, conferral=conferral.pk, on=day)
    if plaque.kind == PlaqueKind.NAMED:
        _take_creating_back(plaque, conferral, actor, day if creating_returned else None)
        conferrals.mark_displayed(conferral, on=day, actor=actor)
    advance(conferral.nomination_id, actor=actor)
    return plaque


@transaction.atomic
def recall_plaque(plaque: Plaque, *, actor: User, reason: str, due_on: date | None = None) -> Plaque:
    """Call a plaque back that hangs; ``due_on`` defaults to the campaign's term."""
    conferral = lock_conferral(plaque.conferral_id)
    plaque = _lock(plaque, PlaqueStatus.DISPLAYED)
    _require_issuing(actor, plaque, conferral)
    if not reason.strip():
        raise DomainError(_("Say why the plaque is called back."), field="reason")
    return open_recall(plaque, conferral, reason=reason, actor=actor, due_on=due_on)


@transaction.atomic
def return_plaque(plaque: Plaque, *, actor: User, returned_by: str, on: date | None = None, note: str = "") -> Plaque:
    """Take a plaque in again. A plaque that was thought lost may turn up, too."""
    conferral = lock_conferral(plaque.conferral_id)
    plaque = _lock(plaque, PlaqueStatus.RECALLED, PlaqueStatus.DISPLAYED, PlaqueStatus.LOST)
    _require_issuing(actor, plaque, conferral)
    if not returned_by.strip():
        raise DomainError(_("Say who handed the plaque in."), field="returned_by")
    day = on or timezone.localdate()
    _check_day(day, plaque.issued_on)
    return _take_in(plaque, actor, day, returned_by, note)


@transaction.atomic
def mark_lost(plaque: Plaque, *, actor: User, note: str, lost_by: str, on: date | None = None) -> Plaque:
    """Record that a plaque cannot be found, signed by who had it; it may be replaced under a new number."""
    conferral = lock_conferral(plaque.conferral_id)
    plaque = _lock(plaque, *OUT_PLAQUES)
    _require_issuing(actor, plaque, conferral)
    day = on or timezone.localdate()
    _check_signed(plaque, lost_by, day, field="lost_by")
    if not note.strip():
        raise DomainError(_("Say how the plaque was lost."), field="note")
    plaque.status, plaque.note = PlaqueStatus.LOST, note.strip()[:200]
    plaque.lost_on, plaque.lost_by = day, lost_by.strip()[:60]
    plaque.save(update_fields=["status", "note", "lost_on", "lost_by"])
    record("plaque_lost", plaque, actor=actor, conferral=conferral.pk, on=day)
    return plaque


@transaction.atomic
def mark_damaged(plaque: Plaque, *, actor: User, note: str, damaged_by: str, on: date | None = None) -> Plaque:
    """Record that a plaque is damaged, signed by who has it; it hangs until it is replaced."""
    conferral = lock_conferral(plaque.conferral_id)
    plaque = _lock(plaque, PlaqueStatus.DISPLAYED)
    _require_issuing(actor, plaque, conferral)
    day = on or timezone.localdate()
    _check_signed(plaque, damaged_by, day, field="damaged_by")
    if not note.strip():
        raise DomainError(_("Say what is damaged."), field="note")
    plaque.damaged_on, plaque.damaged_by, plaque.note = day, damaged_by.strip()[:60], note.strip()[:200]
    plaque.save(update_fields=["damaged_on", "damaged_by", "note"])
    record("plaque_damaged", plaque, actor=actor, conferral=conferral.pk, on=day)
    return plaque


@transaction.atomic
def replace_plaque(plaque: Plaque, *, actor: User, reason: str) -> Plaque:
    """Make a new plaque with a new number for one that is lost or damaged; a damaged one is called back."""
    conferral = lock_conferral(plaque.conferral_id)
    plaque = _lock(plaque, PlaqueStatus.DISPLAYED, PlaqueStatus.LOST, PlaqueStatus.RETURNED)
    _require_issuing(actor, plaque, conferral)
    if not conferral.is_live:
        raise OutOfOrderError(_("The title has ended; it gets no new plaque."))
    if Plaque.objects.filter(replaces=plaque).exists():
        raise OutOfOrderError(_("Plaque %(number)s has been replaced already.") % {"number": plaque.number})
    if not reason.strip():
        raise DomainError(_("Say why the plaque is replaced."), field="reason")
    if plaque.status == PlaqueStatus.DISPLAYED:
        open_recall(plaque, conferral, reason=reason, actor=actor)
    return issue_plaque(
        conferral,
        kind=plaque.kind,
        issuer=plaque.issuer_unit.name if plaque.shows_unit else plaque.issuer,
        issuer_unit=plaque.issuer_unit,
        for_name=plaque.for_name,
        replaces=plaque,
        actor=actor,
    )


@transaction.atomic
def mark_printed(plaques: list[Plaque], *, actor: User) -> int:
    """Note that plaques were printed; return how many. The number and the state do not change."""
    for plaque in plaques:
        require_on_unit(actor, "issue_plaque", plaque.issuer_unit)
    changed = Plaque.objects.filter(pk__in=[plaque.pk for plaque in plaques], printed_at__isnull=True)
    return changed.update(printed_at=timezone.now())


def why_not_issue(user: User, plaque: Plaque, conferral: Conferral) -> str:
    """Why the user may not call back, take in, write off or replace the plaque; empty when he may."""
    if not may_on_unit(user, "issue_plaque", plaque.issuer_unit):
        return _("Your role does not allow this in %(unit)s.") % {"unit": plaque.issuer_unit}
    return rights.own_case() if is_holder(user, conferral, acting=plaque.issuer_unit) else ""


def issuer_name(run: StageRun) -> str:
    """The body printed on the plaque."""
    nomination, code = run.nomination, logic_of(run).params.issuer
    if code == "superior":
        return superior_name(nomination.campaign)
    unit = resolve_actor_unit([code], org_unit=nomination.org_unit, campaign=nomination.campaign)
    return (unit or nomination.org_unit).name


def default_place(plaque: Plaque, conferral: Conferral) -> str:
    """Where the plaque hangs if nothing else is said: the place of the post, and the scheme's words for it."""
    rule = next(
        (
            run.params.get("place", "")
            for run in conferral.nomination.runs.filter(kind="plaque").order_by("-position")
            if run.params.get("plaque_kind", PlaqueKind.NAMED) == plaque.kind
        ),
        "",
    )
    words = rule or conferral.post_kind.plaque.get("place", "")
    both = {"place": conferral.place, "words": words}
    return (_("%(place)s, %(words)s") % both if all(both.values()) else conferral.place or words)[:120]


def _lock(plaque: Plaque, *statuses: str) -> Plaque:
    fresh = Plaque.objects.select_for_update(of=("self",)).select_related("issuer_unit").get(pk=plaque.pk)
    if fresh.status not in statuses:
        raise OutOfOrderError(
            _("Plaque %(number)s is in the state “%(status)s”; this cannot be done with it now.")
            % {"number": fresh.number, "status": fresh.get_status_display()}
        )
    return fresh


def _require_issuing(actor: User, plaque: Plaque, conferral: Conferral) -> None:
    run = current_run(conferral.nomination)
    if run is not None and run.kind == "plaque":
        run.nomination = conferral.nomination
        rights.require(actor, "hand_over", run)
    elif reason := why_not_issue(actor, plaque, conferral):
        raise NotAllowedError(reason)


def _check_signed(plaque: Plaque, name: str, day: date, *, field: str) -> None:
    if not name.strip():
        raise DomainError(_("Say who signs for it."), field=field)
    _check_day(day, plaque.issued_on)


def _check_day(day: date, earliest: date | None) -> None:
    if day > timezone.localdate():
        raise DomainError(_("The day lies in the future."), field="on")
    if earliest is not None and day < earliest:
        raise DomainError(_("The day lies before %(date)s.") % {"date": earliest.isoformat()}, field="on")


def creating_to_return(named: Plaque) -> QuerySet[Plaque]:
    """The “creating” plaques that come back when this named one goes out (S6, F23): those of the post.

    Where each holder has a plaque of his own, his; with the last named one all that are still out.
    """
    out = named.conferral.plaques.filter(kind=PlaqueKind.CREATING, status__in=OUT_PLAQUES)
    if named.kind != PlaqueKind.NAMED:
        return out.none()
    waiting = named.conferral.plaques.filter(kind=PlaqueKind.NAMED, status=PlaqueStatus.TO_PRINT)
    if named.for_name and waiting.exclude(pk=named.pk).exists():
        out = out.filter(for_name=named.for_name)
    return out


def _take_creating_back(named: Plaque, conferral: Conferral, actor: User, on: date | None) -> None:
    for plaque in creating_to_return(named).select_for_update():
        if on is not None:
            _take_in(plaque, actor, on, named.received_by, "")
        elif plaque.status == PlaqueStatus.DISPLAYED:
            open_recall(plaque, conferral, reason=_("The named plaque was handed over."), actor=actor)


def _take_in(plaque: Plaque, actor: User, day: date, returned_by: str, note: str) -> Plaque:
    plaque.status, plaque.returned_on, plaque.returned_to = PlaqueStatus.RETURNED, day, actor
    plaque.returned_by = returned_by.strip()[:60]
    if note.strip():
        plaque.note = note.strip()[:200]
    plaque.save()
    record("plaque_returned", plaque, actor=actor, conferral=plaque.conferral_id, on=day)
    return plaque
