"""Steps in which somebody gives his word: recommendation, deliberation, opinion, consent, decision, plaque."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.rehearsal.case import Case, somebody_for
from assessments.rehearsal.movers import REFUSE, Mover, mover
from assessments.rehearsal.report import DONE, FAILED, PASSED
from campaigns.domain.todos import Todo
from campaigns.models import User
from campaigns.permissions import paths_for
from campaigns.schemes.kinds import Kind, StageRule
from posts.domain.consents import answer_consent, record_paper_consent
from posts.domain.deciding import decidable_runs
from posts.domain.decisions import propose_action, propose_decisions, release_decision
from posts.domain.endorsements import endorse
from posts.domain.meetings import HALF, MAJORITY, record_meeting
from posts.domain.plaques import hand_over
from posts.domain.worklist import runs_to_work_on
from posts.models import ConsentAnswer, Decision, DecisionItem, DecisionStatus, Plaque, PlaqueStatus, StageRun
from posts.stages.base import logic_of

if TYPE_CHECKING:
    from assessments.rehearsal.play import Play


class OpinionMover(Mover):
    """Somebody agrees or does not."""

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        if super().is_for(run, todo, user):
            return True
        in_batch = todo.url == reverse("posts:endorsement_list")
        return in_batch and runs_to_work_on(user, run.kind).filter(pk=run.pk).exists()

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        logic = logic_of(run)
        actor = somebody_for(run, logic.main_action)
        refused = case.plan.doing(run.position).does == REFUSE
        text = case.plan.doing(run.position).text or (_("The conditions are not met.") if refused else _("Agreed."))
        endorse(run, actor=actor, result="refused" if refused else "agreed", opinion=text)
        said = _("%(step)s: not recommended. %(text)s") if refused else _("%(step)s: agreed.")
        outcome = FAILED if refused else PASSED
        play.say(case, actor, run.kind, outcome, said % {"step": run.label, "text": text})


@mover
class Recommend(OpinionMover):
    """A recommendation; as the first step it is the paper itself, which the case hands in."""

    code = "nominate"

    def ways(self, stage: StageRule, kind: Kind, *, is_first: bool) -> list[str]:
        return [] if is_first else [REFUSE]


@mover
class Endorse(OpinionMover):
    code = "endorse"


@mover
class Deliberate(Mover):
    """A meeting: by the arithmetic where one is asked for, else by its common view."""

    code = "deliberate"

    def ways(self, stage: StageRule, kind: Kind, *, is_first: bool) -> list[str]:
        few = ["no_quorum"] if self.params(stage)["quorum"] == HALF else []
        return [REFUSE, *few]

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        params, doing = logic_of(run).params, case.plan.doing(run.position)
        should = 10
        few = doing.does == "no_quorum" and case.once(f"few:{run.position}")
        present = (should + 1) // 2 - 1 if few else should - 1
        agrees = doing.does != REFUSE
        votes = {}
        if params.pass_rule == MAJORITY:
            in_favour = min(present, should // 2 + 1 if agrees else should // 2)
            votes = {"in_favour": in_favour, "against": present - in_favour, "abstained": 0}
        actor = somebody_for(run, "record_meeting")
        meeting = record_meeting(
            run,
            actor=actor,
            held_on=timezone.localdate(),
            place="会议室",
            chair=actor.name,
            recorder="证样人",
            should_attend=should,
            present=present,
            minutes=doing.text or "围绕岗位职责和拟上岗党员的一贯表现进行了讨论。",
            agreed=agrees,
            uses_annual_appraisal=params.uses_annual_appraisal,
            **votes,
        )
        facts = {"step": run.label, "present": present, "should": should, **votes}
        said = _("%(step)s: %(present)s of %(should)s present.")
        if votes:
            said = _("%(step)s: %(present)s of %(should)s present, %(in_favour)s in favour.")
        end = (
            _("There is no quorum, so it is held again.")
            if few
            else _("Agreed.")
            if meeting.agreed
            else _("Not agreed.")
        )
        outcome = DONE if few else PASSED if meeting.agreed else FAILED
        play.say(case, actor, "deliberate", outcome, f"{said % facts}{end}")


@mover
class Consent(Mover):
    """Everybody of the post answers, on his own page or on paper."""

    code = "consent"

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        answer = ConsentAnswer.REFUSED if case.plan.doing(run.position).does == REFUSE else ConsentAnswer.AGREED
        waiting = run.consents.filter(answer=ConsentAnswer.WAITING).select_related("person__member__user")
        names, actor = [], None
        for consent in waiting:
            run.refresh_from_db()
            if run.status != "open":
                break
            actor = self._answer(consent, run, answer)
            names.append(consent.person.name)
        refused = answer == ConsentAnswer.REFUSED
        said = _("%(names)s decline.") if refused else _("%(names)s agree.")
        play.say(case, actor, "consent", FAILED if refused else PASSED, said % {"names": "、".join(names)})

    def _answer(self, consent, run: StageRun, answer: str) -> User:
        user = consent.person.member.user
        if user is not None:
            answer_consent(consent, actor=user, answer=answer)
            return user
        actor = somebody_for(run, "record_consent")
        record_paper_consent(consent, actor=actor, answer=answer)
        return actor

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        own = {reverse("posts:consent_answer", args=[pk]) for pk in run.consents.values_list("pk", flat=True)}
        return todo.url in own or super().is_for(run, todo, user)


@mover
class Decide(Mover):
    """The body decides quietly; another day it is released."""

    code = "decide"

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        decision = self._pending(run)
        if decision is not None:
            actor = somebody_for(run, "release")
            release_decision(decision, actor=actor)
            refused = case.plan.doing(run.position).does == REFUSE
            said = _("%(step)s: released, %(number)s.") % {"step": run.label, "number": decision.document_number}
            play.say(case, actor, "decision_released", FAILED if refused else PASSED, said)
            return
        doing = case.plan.doing(run.position)
        refused = doing.does == REFUSE
        actor = somebody_for(run, propose_action(run))
        propose_decisions(
            [run],
            outcome="refused" if refused else "approved",
            actor=actor,
            reasons=doing.text or ("条件不够成熟，本次不予确定。" if refused else ""),
            held_on=timezone.localdate(),
            meeting=f"{run.actor_unit}会议",
            document_number=play.document_number(),
        )
        said = _("%(step)s: not approved, not released yet.") if refused else _("%(step)s: approved, not released yet.")
        play.say(case, actor, "decide", DONE, said % {"step": run.label})

    def phase(self, run: StageRun) -> str:
        return "release" if self._pending(run) else "propose"

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        decision = self._pending(run)
        if decision is not None:
            return todo.url == reverse("posts:decision_detail", args=[decision.pk])
        return todo.url == reverse("posts:decision_waiting") and decidable_runs(user).filter(pk=run.pk).exists()

    def _pending(self, run: StageRun) -> Decision | None:
        item = DecisionItem.objects.filter(run=run, is_live=True, decision__status=DecisionStatus.PENDING)
        found = item.select_related("decision").first()
        return found.decision if found else None


@mover
class HandOver(Mover):
    """The plaque is signed for."""

    code = "plaque"

    def ways(self, stage: StageRule, kind: Kind, *, is_first: bool) -> list[str]:
        return []

    def act(self, play: Play, case: Case, run: StageRun) -> None:
        for plaque in self._waiting(run):
            actor = somebody_for(run, "hand_over")
            first = plaque.conferral.holders.filter(until_on__isnull=True).first()
            hand_over(plaque, actor=actor, received_by=first.name if first else actor.name, on=timezone.localdate())
            said = _("%(step)s: plaque %(number)s handed over.") % {"step": run.label, "number": plaque.number}
            play.say(case, actor, "plaque", PASSED, said)

    def is_for(self, run: StageRun, todo: Todo, user: User) -> bool:
        paths = paths_for(user, "issue_plaque")
        mine = self._waiting(run).filter(issuer_unit__path__in=paths).exists()
        return mine and todo.url.startswith(reverse("posts:plaque_list"))

    def _waiting(self, run: StageRun):
        return Plaque.objects.filter(conferral__nomination=run.nomination_id, status=PlaqueStatus.TO_PRINT)
