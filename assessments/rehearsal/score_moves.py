"""Scoring: the assessment before a decision, and the applicant's own score."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.assessing import (
    conclude_assessment,
    record_assessment,
    save_score_sheet,
    save_self_score,
)
from assessments.domain.assessment_results import what_is_missing
from assessments.domain.rubrics import Entry
from assessments.domain.score_sheets import rubric_of_run, rubric_of_self_score
from assessments.models import Assessment, Method
from assessments.rehearsal.case import Case, NobodyError, somebody_for
from assessments.rehearsal.movers import REFUSE, Mover, mover
from assessments.rehearsal.report import DONE, FAILED, PASSED
from campaigns.domain.todos import Todo
from campaigns.models import User
from campaigns.permissions import holders_of
from campaigns.schemes.afterwards import Rubric
from posts.domain.rights import may
from posts.models import Nomination, StageRun
from posts.stages.base import logic_of

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play

VALID_ANSWERS = 20


@mover
class Assess(Mover):
    """Visits and reports are recorded and sheets handed in; on another day somebody concludes."""

    code = "assess"

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        assessment = Assessment.objects.get(run=run)
        assessment.run = run
        passes = case.plan.doing(run.position).does != REFUSE
        if what_is_missing(assessment):
            self._record(play, case, run, passes=passes)
            return
        actor = somebody_for(run, "conclude")
        text = case.plan.doing(run.position).text or ("达到标准。" if passes else "未达到标准。")
        conclude_assessment(run, actor=actor, passed=passes, conclusion=text, reason="综合考核情况。")
        said = (
            _("%(step)s: concluded, the standard is met.") if passes else _("%(step)s: concluded, not up to standard.")
        )
        play.say(case, actor, "assess", PASSED if passes else FAILED, said % {"step": run.label})

    def phase(self, run: StageRun) -> str:
        return "missing" if what_is_missing(Assessment.objects.get(run=run)) else "conclude"

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        pages = ("assessments:score", "assessments:record_create", "assessments:assessment_conclude")
        return todo.url.partition("?")[0] in {reverse(page, args=[run.pk]) for page in pages}

    def _record(self, play: Play, case: Case, run: StageRun, *, passes: bool) -> None:
        params, today = logic_of(run).params, timezone.localdate()
        for method in params.method:
            if method != Method.RUBRIC:
                actor = somebody_for(run, "record")
                text = "听取汇报、查看现场，情况属实。"
                record_assessment(run, actor=actor, method=method, held_on=today, text=text, people=actor.name)
                said = _("%(step)s: %(method)s is on record.") % {"step": run.label, "method": Method(method).label}
                play.say(case, actor, f"assess:{method}", DONE, said)
        rubric = rubric_of_run(run)
        if rubric is not None:
            for actor in self._assessors(run, params.min_assessors):
                save_score_sheet(run, actor=actor, entries=entries_for(rubric, full=passes), submit=True)
                said = _("%(step)s: a score sheet is handed in.") % {"step": run.label}
                play.say(case, actor, "score", DONE, said)

    def _assessors(self, run: StageRun, number: int) -> list[User]:
        unit = run.actor_unit or run.nomination.org_unit
        found = [user for user in holders_of("assess", unit).order_by("pk") if may(user, "score", run)][:number]
        if len(found) < number:
            text = _("“%(step)s” wants %(n)s score sheets; only %(have)s people may hand one in.")
            raise NobodyError(text % {"step": run.label, "n": number, "have": len(found)})
        return found


def entries_for(rubric: Rubric, *, full: bool) -> list[Entry]:
    """A whole sheet: all points, or none."""
    return [
        Entry(
            item.number,
            points=item.points if full else 0,
            satisfied=VALID_ANSWERS if full else 0,
            valid=VALID_ANSWERS,
        )
        for item in rubric.base_items
        if item.points is not None
    ]


def score_oneself(nomination: Nomination, *, actor: User) -> None:
    """Hand in the applicant's own score, where the scheme asks for one."""
    rubric = rubric_of_self_score(nomination)
    if rubric is not None:
        save_self_score(nomination, actor=actor, entries=entries_for(rubric, full=True), submit=True)
