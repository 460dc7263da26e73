"""The steps of the demonstration's cases, each done by its own role through the functions of the site."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils import timezone

from assessments.demo.posts_data import draft_of
from assessments.demo.town import Town
from assessments.domain.ballots import cast_ballot, make_code_batch, right_of_code
from assessments.domain.surveys import open_survey
from assessments.models import Survey
from assessments.rehearsal.days import at
from campaigns.domain.clock import tick
from campaigns.models import Campaign, Member, User
from posts.domain.consents import answer_consent, record_paper_consent
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.meetings import record_meeting
from posts.domain.members import Chosen
from posts.domain.nominations import create_nomination, save_draft, submit_nomination
from posts.domain.notices import publish_notice
from posts.domain.pipeline import current_run
from posts.domain.plaques import hand_over
from posts.models import Decision, Nomination, Plaque, StageRun


@dataclass
class Cases:
    """The cases of one campaign in one town."""

    town: Town
    campaign: Campaign

    def nominate(self, key: str, day: date, *, submit: bool = True) -> Nomination:
        """A secretary fills in the form of a post and hands it in."""
        draft = draft_of(key)
        secretary, unit = self.town.secretary(draft.branch), self.town.branch(draft.branch)
        roster = self.town.members(draft.branch)
        chosen = [Chosen(member=roster[i].pk) for i in draft.members]
        chosen += [Chosen(name=name) for name in draft.outsiders]
        fields = {
            "name": draft.name,
            "place": draft.place,
            "duties": draft.duties,
            "commitment": draft.commitment,
            "reasons": draft.reasons,
            "staff_total": len(chosen),
        }
        with at(day, 9, 10):
            nomination = create_nomination(
                self.campaign,
                post_kind=self.campaign.kinds.get(code=draft.kind),
                org_unit=unit,
                actor=secretary,
            )
            nomination = save_draft(
                nomination, actor=secretary, version=nomination.version, fields=fields, members=chosen
            )
            self.deliberate(nomination, day)
            if submit:
                submit_nomination(nomination, actor=secretary)
        return nomination

    def deliberate(self, nomination: Nomination, day: date) -> None:
        """Minutes of the deliberation, where the way begins with one."""
        run = run_of(nomination)
        if run.kind != "deliberate":
            return
        roster = self.town.members(nomination.org_unit.code)
        record_meeting(
            run,
            actor=self.secretary_of(nomination),
            held_on=day,
            place="支部活动室",
            chair=roster[0].name,
            recorder=roster[1].name,
            should_attend=len(roster),
            present=len(roster) - 1,
            minutes="与会党员围绕岗位职责和拟上岗党员的一贯表现进行了酝酿讨论，一致同意推荐。",
            agreed=True,
        )

    def open_survey(self, nomination: Nomination, day: date, *, days: int, codes: int = 0) -> tuple[Survey, list[str]]:
        """The office prints ballot codes, the secretary opens the survey."""
        survey = Survey.objects.filter(run=run_of(nomination)).latest("pk")
        with at(day, 10):
            officer = self.town.people["demo-officer"]
            printed = make_code_batch(survey, n=codes, actor=officer, witness="冯样丙") if codes else []
            closes = timezone.localtime().replace(hour=18, minute=0) + timedelta(days=days)
            secretary = self.secretary_of(nomination)
            survey = open_survey(survey, actor=secretary, closes_at=closes, accept_small_group=True)
        return survey, printed

    def vote(self, survey: Survey, day: date, *, satisfied: int, others: int, codes: list[str]) -> None:
        """Ballots: members first, then the public with codes."""
        rights = [*survey.roll.filter(voted=False).order_by("-pk"), *codes]
        lines = survey.lines.count()
        with at(day, 14):
            for i, right in enumerate(rights[: satisfied + others]):
                choice = "satisfied" if i < satisfied else "dissatisfied"
                right = right_of_code(right) if isinstance(right, str) else right  # noqa: PLW2901
                cast_ballot(survey, right=right, choices=[choice] * lines, comment=_COMMENTS.get(i, ""))

    def survey(self, nomination: Nomination, day: date, *, satisfied: int, others: int, codes: int = 0) -> None:
        """A whole survey: opened, answered, closed by the clock."""
        survey, printed = self.open_survey(nomination, day, days=2, codes=codes)
        self.vote(survey, day + timedelta(days=1), satisfied=satisfied, others=others, codes=printed)
        with at(day + timedelta(days=2), 18, 1):
            tick()

    def publish(self, nominations: list[Nomination], day: date) -> date:
        """Put nominations of one branch on notice; return the last day of the notice."""
        with at(day, 8, 40):
            notice = publish_notice(
                [run_of(nomination) for nomination in nominations], actor=self.secretary_of(nominations[0])
            )
        return notice.ends_on

    def end_notice(self, last_day: date) -> None:
        """The first minute after a notice: the clock moves on."""
        with at(last_day + timedelta(days=1), 0, 5):
            tick()

    def consent(self, nomination: Nomination, day: date) -> None:
        """Every member of the post agrees, on his phone or on paper."""
        with at(day, 12, 30):
            for consent in run_of(nomination).consents.select_related("person__member__user"):
                user = consent.person.member.user
                if user:
                    answer_consent(consent, actor=user, answer="agreed")
                else:
                    record_paper_consent(consent, actor=self.secretary_of(nomination), answer="agreed")

    def decide(self, nominations: list[Nomination], day: date, *, number: str = "", release: bool = True) -> Decision:
        """The body decides, the office or the secretary releases."""
        runs = [run_of(nomination) for nomination in nominations]
        at_committee = runs[0].actor_unit == self.campaign.owner
        decider = self.town.people["demo-committee"] if at_committee else self.secretary_of(nominations[0])
        releaser = self.town.people["demo-officer"] if at_committee else decider
        with at(day, 16):
            decision = propose_decisions(
                runs,
                outcome="approved",
                actor=decider,
                held_on=day,
                meeting="镇党委会议" if at_committee else "支部委员会会议",
                document_number=number,
            )
            if release:
                release_decision(decision, actor=releaser)
        return decision

    def hand_over(self, nomination: Nomination, day: date) -> None:
        """The plaque is signed for and goes on show."""
        with at(day, 10):
            for plaque in Plaque.objects.filter(conferral__nomination=nomination, issued_on__isnull=True):
                holder = plaque.conferral.holders.first()
                hand_over(plaque, actor=self.issuer(nomination), received_by=holder.name, on=day)

    def issuer(self, nomination: Nomination) -> User:
        run = current_run(nomination)
        at_owner = run is None or run.actor_unit == self.campaign.owner
        return self.town.people["demo-officer"] if at_owner else self.secretary_of(nomination)

    def secretary_of(self, nomination: Nomination) -> User:
        return self.town.secretary(nomination.org_unit.code)


_COMMENTS = {
    0: "态度好，跑一次就办完。",
    3: "比以前快很多。",
    7: "建议把电话写大一点。",
    11: "解释政策要再通俗些。",
    60: "中午没人值班。",
}


def run_of(nomination: Nomination) -> StageRun:
    """The open run of a nomination that must have one."""
    run = current_run(Nomination.objects.get(pk=nomination.pk))
    if run is None:
        raise RuntimeError(f"{nomination} stands nowhere: {nomination.outcome_reason}")
    return run


def members_with_account(town: Town, code: str) -> list[Member]:
    """Members of a branch who can sign in."""
    return [member for member in town.members(code) if member.user_id]
