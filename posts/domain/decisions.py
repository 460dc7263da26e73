"""Deciding over many nominations: quietly first, changed or undone at will, released together by the release module."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import User
from campaigns.permissions import may_on_unit, require_on_unit
from posts.domain import rights
from posts.domain.document_numbers import require_not_given
from posts.domain.guards import naming_blockers_of
from posts.domain.locks import lock_pending, lock_runs, names_of
from posts.domain.nominations import return_nomination
from posts.domain.releases import Line, Preview, preview_release, release_decision
from posts.domain.rounds import round_of
from posts.models import (
    Decision,
    DecisionEffect,
    DecisionItem,
    DecisionOutcome,
    DecisionStatus,
    StageRun,
)
from posts.stages.base import logic_of

__all__ = [
    "Line",
    "Preview",
    "cancel_decision",
    "change_decision",
    "change_item",
    "decision_seen_by",
    "drop_items",
    "preview_release",
    "propose_action",
    "propose_decisions",
    "release_decision",
    "return_runs",
]


@transaction.atomic
def propose_decisions(
    runs: Iterable[StageRun],
    *,
    outcome: str,
    actor: User,
    reasons: str | dict[int, str] = "",
    held_on: date | None = None,
    meeting: str = "",
    document_number: str = "",
    note: str = "",
    into: Decision | None = None,
) -> Decision:
    """Write down what a body decided over open decide runs. Nobody else sees it before the release.

    ``reasons`` is one text, or a text for each run's id; a refusal needs one. With ``into`` the runs join a decision
    that is still pending (the same meeting), else a new one is made. All runs must be of one campaign, deciding body
    and effect. Raises OutOfOrderError for a run that is not open, DomainError when one is decided on already or may not
    be approved (domain 2.2).
    """
    if outcome not in DecisionOutcome.values:
        raise DomainError(_("Choose “approved” or “not approved”."), field="outcome")
    if into is not None:
        into = lock_pending(into)
    runs = lock_runs(runs)
    _require_one_body(runs, into)
    for run in runs:
        rights.require(actor, propose_action(run), run)
    _require_undecided(runs)
    if outcome == DecisionOutcome.APPROVED:
        _require_unblocked(runs)
    texts = {run.pk: _reason_for(run, outcome, reasons) for run in runs}
    decision = into or _new_decision(
        runs[0], actor, held_on=held_on, meeting=meeting, document_number=document_number, note=note
    )
    DecisionItem.objects.bulk_create(
        DecisionItem(decision=decision, run=run, outcome=outcome, reason=texts[run.pk]) for run in runs
    )
    record("decision_proposed", decision, actor=actor, runs=[run.pk for run in runs], outcome=outcome)
    return decision


def propose_action(run: StageRun) -> str:
    """The action with which this run is decided: a superior's decision is only recorded, by the office."""
    return "record" if "superior" in run.actor else "propose"


@transaction.atomic
def change_decision(
    decision: Decision, *, actor: User, held_on: date, meeting: str, document_number: str, note: str = ""
) -> Decision:
    """Correct the data of the meeting while the decision is pending."""
    decision = lock_pending(decision)
    _require_deciding(actor, decision)
    _check_document_number(decision, document_number)
    _check_day(held_on)
    decision.held_on, decision.meeting, decision.note = held_on, meeting, note
    decision.document_number = document_number.strip()
    decision.save(update_fields=["held_on", "meeting", "note", "document_number"])
    record("decision_changed", decision, actor=actor)
    return decision


@transaction.atomic
def change_item(item: DecisionItem, *, actor: User, outcome: str, reason: str = "") -> DecisionItem:
    """Turn one proposal of a pending decision round."""
    decision = lock_pending(item.decision)
    _require_deciding(actor, decision)
    item = DecisionItem.objects.select_related("run__nomination").get(pk=item.pk)
    if not item.is_live:
        raise OutOfOrderError(_("This nomination is no longer part of the decision."))
    if outcome not in DecisionOutcome.values:
        raise DomainError(_("Choose “approved” or “not approved”."), field="outcome")
    if outcome == DecisionOutcome.APPROVED:
        _require_unblocked([item.run])
    item.outcome, item.reason = outcome, _reason_for(item.run, outcome, reason)
    item.save(update_fields=["outcome", "reason"])
    record("decision_item_changed", decision, actor=actor, run=item.run_id, outcome=outcome)
    return item


@transaction.atomic
def drop_items(decision: Decision, items: Iterable[DecisionItem], *, actor: User) -> Decision:
    """Undo proposals of a pending decision, so that their nominations wait for a decision again."""
    decision = lock_pending(decision)
    _require_deciding(actor, decision)
    dropped = decision.items.filter(pk__in=[item.pk for item in items], is_live=True)
    runs = list(dropped.values_list("run", flat=True))
    dropped.update(is_live=False)
    record("decision_items_dropped", decision, actor=actor, runs=runs)
    if not decision.items.filter(is_live=True).exists():
        _cancel(decision, actor, "")
    return decision


@transaction.atomic
def cancel_decision(decision: Decision, *, actor: User, reason: str = "") -> Decision:
    """Undo a whole pending decision; every nomination in it waits for a decision again."""
    decision = lock_pending(decision)
    _require_deciding(actor, decision)
    _cancel(decision, actor, reason)
    return decision


@transaction.atomic
def return_runs(runs: Iterable[StageRun], *, actor: User, reason: str, redo: bool = False) -> int:
    """Send several nominations back for correction with one reason; return how many."""
    runs = lock_runs(runs)
    for run in runs:
        return_nomination(run, actor=actor, reason=reason, redo=redo)
    return len(runs)


def decision_seen_by(user: User, item: DecisionItem | None) -> DecisionItem | None:
    """The item if the user may know of it: pending ones are known to the deciding body and its office only."""
    if item is None or item.decision.status == DecisionStatus.RELEASED:
        return item
    unit = item.decision.org_unit
    known = may_on_unit(user, "decide", unit) or may_on_unit(user, "release_decision", unit)
    return item if known else None


def _new_decision(
    run: StageRun, actor: User, *, held_on: date | None, meeting: str, document_number: str, note: str
) -> Decision:
    held_on = held_on or timezone.localdate()
    _check_day(held_on)
    decision = Decision(
        campaign=run.nomination.campaign,
        org_unit=run.actor_unit,
        effect=logic_of(run).params.effect,
        round_label=str(round_of(run) or "")[:80],
        held_on=held_on,
        meeting=meeting,
        document_number=document_number.strip(),
        note=note,
        created_by=actor,
    )
    _check_document_number(decision, document_number)
    decision.save()
    return decision


def _check_document_number(decision: Decision, number: str) -> None:
    """A number is used once by a deciding body; the database refuses it too."""
    taken = Decision.objects.filter(org_unit=decision.org_unit, document_number=number.strip())
    if number.strip() and taken.exclude(pk=decision.pk).exclude(status=DecisionStatus.CANCELLED).exists():
        raise DomainError(_("This document number has been used already."), field="document_number")
    require_not_given(decision.org_unit, number)


def _check_day(held_on: date) -> None:
    if held_on > timezone.localdate():
        raise DomainError(_("The day of the decision lies in the future."), field="held_on")


def _require_one_body(runs: list[StageRun], into: Decision | None) -> None:
    bodies = {(run.nomination.campaign_id, run.actor_unit_id, logic_of(run).params.effect) for run in runs}
    if into is not None:
        bodies.add((into.campaign_id, into.org_unit_id, into.effect))
    if len(bodies) > 1:
        raise DomainError(
            _("A decision covers one campaign, one deciding body and one effect. Decide on these separately.")
        )


def _require_undecided(runs: list[StageRun]) -> None:
    taken = set(DecisionItem.objects.filter(run__in=runs, is_live=True).values_list("run", flat=True))
    if taken:
        names = names_of([run for run in runs if run.pk in taken])
        raise OutOfOrderError(_("There is a pending decision on %(names)s already.") % {"names": names})


def _require_unblocked(runs: list[StageRun]) -> None:
    naming = [run for run in runs if logic_of(run).params.effect == DecisionEffect.NAME]
    blockers = naming_blockers_of(naming)
    for run in naming:
        if problems := blockers[run.pk]:
            raise DomainError(
                _("“%(name)s” cannot be named: %(problem)s") % {"name": run.nomination, "problem": problems[0]}
            )


def _reason_for(run: StageRun, outcome: str, reasons: str | dict[int, str]) -> str:
    text = (reasons if isinstance(reasons, str) else reasons.get(run.pk, "")).strip()
    if outcome == DecisionOutcome.REFUSED and not text:
        raise DomainError(_("Say why it is not approved: the branch reads this sentence."), field="reason")
    return text[:300]


def _require_deciding(actor: User, decision: Decision) -> None:
    """Who decides there may undo; so may the office that releases."""
    if not may_on_unit(actor, "decide", decision.org_unit):
        require_on_unit(actor, "release_decision", decision.org_unit)


def _cancel(decision: Decision, actor: User, reason: str) -> None:
    decision.items.filter(is_live=True).update(is_live=False)
    decision.status, decision.cancel_reason = DecisionStatus.CANCELLED, reason[:300]
    decision.save(update_fields=["status", "cancel_reason"])
    record("decision_cancelled", decision, actor=actor)
