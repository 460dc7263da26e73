"""Steps in which many people take part: the survey and the public notice."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code
from assessments.domain.rules import takes_codes
from assessments.domain.surveys import open_survey, repeat_survey
from assessments.models import Survey, SurveyState
from assessments.rehearsal.case import Case, somebody, somebody_for
from assessments.rehearsal.movers import REFUSE, Mover, mover
from assessments.rehearsal.report import DONE, FAILED, WAITS
from campaigns.domain.errors import DomainError
from campaigns.domain.todos import Todo
from campaigns.models import User
from campaigns.schemes.kinds import Kind, StageRule
from posts.domain.notices import live_item, publish_notice
from posts.domain.objections import accept_objection, file_objection, may_handle, settle_objection
from posts.models import Objection, ObjectionEffect, ObjectionStatus, StageRun
from posts.models.notice import OPEN_OBJECTIONS

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play

VOID = "void"
CORRECT, UNFOUNDED = "correct", "unfounded"
PUBLIC_BALLOTS = 5
REPEATS = 3


@mover
class HoldSurvey(Mover):
    """Codes are printed, the survey opens, people vote, the clock closes it; a void one is held again."""

    code = "survey"

    def ways(self, stage: StageRule, kind: Kind, *, is_first: bool) -> list[str]:
        params = self.params(stage)
        gate = [REFUSE] if params["threshold"] is not None else []
        return [*gate, *([VOID] if params["min_turnout_percent"] > 10 else [])]

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        survey = run.surveys.latest("pk")
        if survey.state == SurveyState.DRAFT:
            self._open(play, case, run, survey)
        elif survey.state == SurveyState.VOID:
            self._repeat(play, case, run, survey)
        elif survey.state == SurveyState.OPEN and case.once(f"voted:{survey.pk}"):
            self._vote(play, case, run, survey)

    def phase(self, run: StageRun) -> str:
        return run.surveys.latest("pk").state

    def waits_for_person(self, run: StageRun) -> bool:
        return run.surveys.latest("pk").state != SurveyState.OPEN

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        return todo.url == reverse("assessments:survey_detail", args=[run.surveys.latest("pk").pk])

    def _open(self, play: Play, case: Case, run: StageRun, survey: Survey) -> None:
        actor, doing = somebody_for(run, "open_survey"), case.plan.doing(run.position)
        codes = []
        if takes_codes(survey.rules):
            wanted = (doing.satisfied or 0) + (doing.dissatisfied or 0)
            number = max(PUBLIC_BALLOTS, wanted, survey.rules["min_valid"])
            officer = play.officer()
            codes = make_code_batch(survey, n=number, actor=officer, witness="证样人")
            play.say(case, officer, "survey_codes", DONE, _("%(n)s ballot codes are printed.") % {"n": number})
        case.notes[f"codes:{survey.pk}"] = codes
        closes = timezone.localtime().replace(hour=18, minute=0) + timedelta(days=max(2, survey.rules["days"]))
        open_survey(survey, actor=actor, closes_at=closes, accept_small_group=True)
        said = _("%(step)s is opened, until %(day)s.") % {"step": run.label, "day": closes.date()}
        play.say(case, actor, "survey_open", WAITS, said)

    def _vote(self, play: Play, case: Case, run: StageRun, survey: Survey) -> None:
        codes: list[str] = case.notes[f"codes:{survey.pk}"]  # type: ignore[assignment]
        rights = [*survey.roll.order_by("pk"), *map(right_of_code, codes)]
        good, bad = self._ballots(case, run, survey, len(rights))
        positive, other = _options(survey.rules)
        lines = survey.lines.count()
        for number, right in enumerate(rights[: good + bad]):
            choice = positive if number < good else other
            cast_ballot(survey, right=right, choices=[choice] * lines)
        said = _("%(all)s may vote; %(good)s ballots are positive, %(bad)s are not.")
        facts = {"all": len(rights), "good": good, "bad": bad}
        play.say(case, None, "survey_vote", DONE, said % facts)

    def _ballots(self, case: Case, run: StageRun, survey: Survey, rights: int) -> tuple[int, int]:
        """How many positive ballots and others: exactly at the threshold, or one below it."""
        doing, threshold = case.plan.doing(run.position), survey.rules["threshold"]
        if doing.satisfied is not None or doing.dissatisfied is not None:
            return doing.satisfied or 0, doing.dissatisfied or 0
        if doing.does == VOID and case.once(f"void:{run.position}"):
            return 1, 0
        enough = -(-(threshold if threshold is not None else 80) * rights // 100)
        good = max(enough - 1, 0) if doing.does == REFUSE else enough
        return good, rights - good

    def _repeat(self, play: Play, case: Case, run: StageRun, survey: Survey) -> None:
        if run.surveys.count() >= REPEATS:
            raise DomainError(_("The survey was void %(n)s times: %(why)s") % {"n": REPEATS, "why": survey.void_reason})
        actor = somebody_for(run, "open_survey")
        repeat_survey(survey, actor=actor)
        said = _("%(step)s is void and is held again: %(why)s") % {"step": run.label, "why": survey.void_reason}
        play.say(case, actor, "survey_repeat", DONE, said)


def _options(rules: dict) -> tuple[str, str]:
    """A positive option, and a valid one that is not positive (a blank where there is none)."""
    others = [o for o in rules["options"] if o not in rules["positive"] and o not in rules["not_valid"]]
    return rules["positive"][0], others[-1] if others else ""


@mover
class PutOnNotice(Mover):
    """The notice is published; somebody may object, which is verified and settled."""

    code = "notice"

    def ways(self, stage: StageRule, kind: Kind, *, is_first: bool) -> list[str]:
        return [REFUSE, CORRECT, UNFOUNDED]

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        item = live_item(run)
        if item is None:
            self._publish(play, case, run)
        elif objection := Objection.objects.filter(item=item, status__in=OPEN_OBJECTIONS).first():
            self._settle(play, case, run, objection)

    def phase(self, run: StageRun) -> str:
        item = live_item(run)
        return "" if item is None else "objection" if self._open(item) else "running"

    def waits_for_person(self, run: StageRun) -> bool:
        return self.phase(run) != "running"

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        item = live_item(run)
        if item is None:
            path, _mark, query = todo.url.partition("?")
            return path == reverse("posts:notice_create") and f"run={run.pk}" in query.split("&")
        return todo.url in {reverse("posts:objection_detail", args=[one.pk]) for one in self._open(item)}

    def _open(self, item):
        return Objection.objects.filter(item=item, status__in=OPEN_OBJECTIONS)

    def _publish(self, play: Play, case: Case, run: StageRun) -> None:
        actor, doing = somebody_for(run, "publish"), case.plan.doing(run.position)
        notice = publish_notice([run], actor=actor)
        said = _("%(step)s from %(first)s to %(last)s.")
        facts = {"step": run.label, "first": notice.starts_on, "last": notice.ends_on}
        play.say(case, actor, "notice", WAITS, said % facts)
        if doing.does in (REFUSE, CORRECT, UNFOUNDED) and case.once(f"objection:{run.position}"):
            text = doing.text or "反映该岗位承诺事项没有全部做到，希望核实。"
            file_objection(notice.items.get(), text=text, is_anonymous=False, name="样居民", contact="0000-7654321")
            play.say(case, None, "objection", DONE, _("Somebody objects: %(text)s") % {"text": text})

    def _settle(self, play: Play, case: Case, run: StageRun, objection: Objection) -> None:
        fits = lambda user: may_handle(user, objection)  # noqa: E731
        actor = somebody("handle_objection", run.nomination.org_unit, fits, what=_("handle an objection"))
        accept_objection(objection, actor=actor)
        does = case.plan.doing(run.position).does
        held = does != UNFOUNDED
        effects = {REFUSE: ObjectionEffect.DROP, CORRECT: ObjectionEffect.CORRECT}
        settle_objection(
            objection,
            actor=actor,
            outcome=ObjectionStatus.UPHELD if held else ObjectionStatus.NOT_UPHELD,
            finding="经查阅台账并走访，反映的情况属实。" if held else "经查阅台账并走访，反映的情况不属实。",
            reply="感谢监督，核查情况已经答复。",
            effect=effects.get(does, ObjectionEffect.CONTINUE),
        )
        texts = {
            REFUSE: _("The objection is true: the nomination is stopped."),
            CORRECT: _("The objection is true: the paper is corrected and published again."),
        }
        said = texts.get(does, _("The objection is not true: the procedure goes on."))
        play.say(case, actor, "objection_settled", FAILED if does == REFUSE else DONE, said)
