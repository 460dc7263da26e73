"""The end of a rehearsal: what was reached, which gates held, who holds what, what was never done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from assessments.rehearsal.case import Case
from assessments.rehearsal.movers import REFUSE
from assessments.rehearsal.report import Ending, Report
from campaigns.models import DueItem, DueState
from posts.models import Ban, ConferralStatus, NominationStatus, RunStatus, StageRun

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play


def sum_up(play: Play) -> None:
    """Fill in stages, endings and the findings that only the end shows."""
    for case in play.cases:
        if case.nomination is not None:
            _count_runs(play.report, case)
            play.report.endings.append(_ending(case))
    _unreached(play.report)
    for case in play.cases:
        _check_gate(play.report, case)
        for event in case.waiting:
            text = _("“%(case)s”: what was to happen after the naming never came: %(what)s.")
            what = f"{event.what} {event.rule or event.ground or event.outcome}".strip()
            play.report.find(
                "never_came", text % {"case": case.code, "what": what}, case=case.code, kind=case.kind.code
            )
    for item in DueItem.objects.filter(state=DueState.PENDING).exclude(error=""):
        play.report.find("error", _("The clock failed at “%(kind)s”: %(error)s") % vars(item))


def _count_runs(report: Report, case: Case) -> None:
    runs = StageRun.objects.filter(nomination=case.nomination)
    for position in {run.position for run in runs if run.opened_at is not None}:
        row = report.stage(case.kind.code, position)
        statuses = {run.status for run in runs if run.position == position}
        row.reached += 1
        row.passed += RunStatus.PASSED in statuses
        row.failed += RunStatus.FAILED in statuses


def _unreached(report: Report) -> None:
    for row in report.stages:
        where = {"kind": row.kind, "position": row.position}
        facts = {"kind": row.kind_label, "step": row.label}
        if not row.reached:
            text = _("“%(kind)s”: the step “%(step)s” was never reached.")
            report.find("never_reached", text % facts, **where)
        elif not row.passed:
            report.find("gate_never_passes", _("“%(kind)s”: nobody ever passed “%(step)s”.") % facts, **where)


def _check_gate(report: Report, case: Case) -> None:
    """A case that was to fail at a gate, and did not, shows a gate that lets everybody through."""
    for position, doing in case.plan.steps.items():
        if doing.does != REFUSE or case.nomination is None:
            continue
        runs = StageRun.objects.filter(nomination=case.nomination, position=position)
        if not runs.filter(status=RunStatus.FAILED).exists() and runs.filter(status=RunStatus.PASSED).exists():
            row = report.stage(case.kind.code, position)
            text = _("“%(kind)s”: nothing can fail at “%(step)s”, whatever is said there.")
            report.find(
                "gate_never_fails",
                text % {"kind": row.kind_label, "step": row.label},
                kind=case.kind.code,
                position=position,
            )


def _ending(case: Case) -> Ending:
    nomination, conferral = case.fresh(), case.conferral()
    state = NominationStatus(nomination.status)
    title = ConferralStatus(conferral.status) if conferral else None
    text = str(title.label if title else state.label)
    return Ending(
        case=case.code,
        kind=case.kind.code,
        post=str(nomination),
        unit=str(nomination.org_unit),
        nomination=state.value,
        title=title.value if title else "",
        reason=(conferral.end_reason if conferral else "") or nomination.outcome_reason,
        holders=list(conferral.holders.filter(until_on__isnull=True).values_list("name", flat=True))
        if conferral
        else [],
        plaques=[f"{p.number} {p.get_status_display()}" for p in conferral.plaques.all()] if conferral else [],
        bans=[f"{b.member or b.conferral} {b.year}" for b in Ban.objects.filter(conferral=conferral)]
        if conferral
        else [],
        text=text,
    )
