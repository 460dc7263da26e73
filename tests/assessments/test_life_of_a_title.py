"""Whatever happens to a title, in whatever order: what must never be is never there.

A machine picks the next thing that people or the clock do, some of it forbidden where it stands; after every step
the whole database is asked.
"""

from datetime import date, timedelta

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments.domain.extensions import answer_extension, ask_extension
from assessments.domain.incidents import report_incident
from assessments.domain.proposals import decide_proposal
from assessments.domain.rectifications import check_rectification, open_rectification, submit_rectification
from assessments.domain.reviews import record_review
from assessments.domain.rotation import decide_rotation, release_rotation
from assessments.domain.statements import ask_statement
from assessments.domain.verification import (
    confirm_closing,
    dismiss_incident,
    record_finding,
    send_back,
    suspend_display,
    take_up,
)
from assessments.domain.vetoes import close_without_veto, decide_veto
from assessments.models import Extension, Incident, Proposal, Rectification, Review, Rotation
from campaigns.domain.appointments import appoint
from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError, NotAllowedError
from campaigns.domain.journal import verify_journal
from campaigns.domain.members import let_member_leave
from campaigns.models import DueItem, DueState, Member, Role, UnitKind
from posts.domain.adjustments import answer_adjustment, confirm_adjustment, propose_adjustment
from posts.domain.conferrals import end_conferral
from posts.domain.members import Chosen
from posts.domain.plaque_register import register_gaps
from posts.domain.plaques import hand_over, mark_damaged, mark_lost, replace_plaque, return_plaque
from posts.domain.public_state import public_state
from posts.domain.setting_aside import set_aside_revocation
from posts.models import (
    Adjustment,
    Ban,
    Conferral,
    ConferralStatus,
    DecisionStatus,
    Plaque,
    PlaqueStatus,
    Revocation,
)
from posts.models.conferral import LIVE_CONFERRALS
from tests.assessments.titles import at, make_ground, make_rule
from tests.factories import CampaignFactory, MemberFactory, UserFactory, make_unit
from tests.posts.cases import DECIDE, PLAQUE, make_conferral, make_kind

START = date(2026, 3, 2)
NAMED = (ConferralStatus.ACTIVE, ConferralStatus.RECTIFYING)
HELD = (PlaqueStatus.DISPLAYED, PlaqueStatus.RECALLED, PlaqueStatus.RETURNED, PlaqueStatus.LOST)


def person(unit, role, name):
    user = UserFactory(name=name)
    appoint(user, org_unit=unit, role=role, actor=None)
    return user


LIFE = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)


class LifeOfATitle(RuleBasedStateMachine):
    """One collective post of three and all that befalls it."""

    def __init__(self):
        super().__init__()
        self.clock = time_machine.travel(at(START), tick=False)
        self.traveller = self.clock.start()
        self.example = transaction.atomic()
        self.example.__enter__()

    def teardown(self):
        broken = list(verify_journal())
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)
        self.clock.stop()
        assert broken == []

    @initialize()
    def name_the_post(self):
        committee = make_unit(UnitKind.COMMITTEE, code="QY")
        branch = make_unit(UnitKind.BRANCH, parent=committee)
        self.officer = person(committee, Role.OFFICER, "吴样甲")
        self.head = person(committee, Role.COMMITTEE_SECRETARY, "王样甲")
        self.second = person(committee, Role.COMMITTEE_MEMBER, "郑样甲")
        self.checker = person(committee, Role.DISCIPLINE, "冯样甲")
        self.secretary = person(branch, Role.SECRETARY, "李样甲")
        self.holder = UserFactory(name="陈样甲")
        rules = {
            "consequences": {"fail_effect": ["rectify", "adjust", "revoke", "rotate_out"], "ban_on": ["revoke"]},
            "rotation": {"enabled": True, "interval_months": 3},
            "rectify": {"days": 20, "extensions": 2},
        }
        campaign = CampaignFactory(owner=committee, status="open", rules=rules)
        campaign.units.add(branch)
        kind = make_kind(committee, DECIDE, PLAQUE, campaign=campaign, holder="team", rules={"min_party": 2})
        self.ground = make_ground(campaign)
        make_rule(campaign, outcomes=["pass", "rectify", "adjust", "revoke"])
        members = [MemberFactory(branch=branch, user=self.holder), *MemberFactory.create_batch(2, branch=branch)]
        self.spare = MemberFactory.create_batch(4, branch=branch)
        self.pk = make_conferral(kind, branch, decider=self.head, releaser=self.officer, members=members).pk

    @property
    def post(self):
        return Conferral.objects.get(pk=self.pk)

    def attempt(self, call, *args, **kwargs):
        """Do it, or be refused by a rule; anything else is a fault."""
        try:
            return call(*args, **kwargs)
        except (DomainError, NotAllowedError):
            return None

    @rule(days=st.sampled_from([1, 2, 5, 16, 33]))
    def time_passes(self, days):
        for _day in range(days):
            self.traveller.shift(timedelta(days=1))
            tick()
        assert not DueItem.objects.filter(state=DueState.PENDING).exclude(error="").exists()

    # ---- plaques ------------------------------------------------------------------------------------------

    @rule(which=st.integers(0, 5))
    def a_plaque_is_handed_over(self, which):
        if waiting := list(Plaque.objects.filter(status=PlaqueStatus.TO_PRINT).order_by("pk")):
            self.attempt(hand_over, waiting[which % len(waiting)], actor=self.officer, received_by="陈样甲")

    @rule(which=st.integers(0, 5), what=st.sampled_from(["return", "lose", "damage", "replace"]))
    def something_happens_to_a_plaque(self, which, what):
        plaques = list(Plaque.objects.order_by("pk"))
        plaque, officer = plaques[which % len(plaques)], self.officer
        acts = {
            "return": lambda: return_plaque(plaque, actor=officer, returned_by="陈样甲"),
            "lose": lambda: mark_lost(plaque, actor=officer, note="遗失", lost_by="陈样甲"),
            "damage": lambda: mark_damaged(plaque, actor=officer, note="破损", damaged_by="陈样甲"),
            "replace": lambda: replace_plaque(plaque, actor=officer, reason="更换"),
        }
        self.attempt(acts[what])

    # ---- reviews and rectifications ---------------------------------------------------------------------------

    @precondition(lambda self: Review.objects.open().exists())
    @rule(outcome=st.sampled_from(["pass", "rectify", "adjust", "revoke"]))
    def a_review_is_recorded(self, outcome):
        self.attempt(
            record_review, Review.objects.open().first(), actor=self.secretary, outcome=outcome, performance="一般。",
            problems="台账不全。", reasons="按方案。", requirement="补齐。", responsible="陈样甲",
        )  # fmt: skip

    @rule()
    def a_rectification_is_ordered(self):
        self.attempt(
            open_rectification, self.post, actor=self.officer, finding="台账不全。", requirement="补齐。",
            responsible="陈样甲", checking_unit=self.post.org_unit,
        )  # fmt: skip

    @precondition(lambda self: Rectification.objects.running().exists())
    @rule(what=st.sampled_from(["submit", "pass", "fail", "ask", "grant", "refuse"]))
    def a_rectification_moves(self, what):
        rectification = Rectification.objects.running().order_by("pk").first()
        if what == "submit":
            self.attempt(submit_rectification, rectification, actor=self.holder, proof="已补齐。")
        elif what in ("pass", "fail"):
            opinion = {"opinion": "已看。", "proposed_end": "adjust" if what == "fail" else ""}
            self.attempt(check_rectification, rectification, actor=self.secretary, passed=what == "pass", **opinion)
        elif what == "ask":
            until = rectification.due_on + timedelta(days=7)
            self.attempt(ask_extension, rectification, actor=self.holder, until=until, reason="设备未到。")
        elif asked := Extension.objects.filter(state="asked").first():
            self.attempt(answer_extension, asked, actor=self.secretary, granted=what == "grant", answer="已研究。")

    @precondition(lambda self: Proposal.objects.filter(status="open").exists())
    @rule(accept=st.booleans())
    def a_proposal_is_decided(self, accept):
        proposal = Proposal.objects.filter(status="open").first()
        self.attempt(decide_proposal, proposal, actor=self.head, accept=accept, decision_text="经研究。")

    # ---- reports and the veto ---------------------------------------------------------------------------------

    @rule()
    def somebody_reports(self):
        self.attempt(report_incident, self.post, text="窗口中午无人值守，多次如此。")

    @precondition(lambda self: Incident.objects.open().exists())
    @rule(what=st.sampled_from(["take", "hear", "rest", "true", "false", "dismiss", "confirm", "back"]))
    def a_report_moves(self, what):
        incident, checker = Incident.objects.open().order_by("pk").first(), self.checker
        found = {"finding_text": "经查证。", "statement_note": "本人未答复。"}
        acts = {
            "take": lambda: take_up(incident, actor=checker),
            "hear": lambda: ask_statement(incident, actor=checker, name="陈样甲", matter="请说明值班安排。"),
            "rest": lambda: suspend_display(incident, actor=checker),
            "true": lambda: record_finding(incident, actor=checker, finding="verified", ground=self.ground, **found),
            "false": lambda: record_finding(incident, actor=checker, finding="not_verified", **found),
            "dismiss": lambda: dismiss_incident(incident, actor=checker, reason="没有线索。"),
            "confirm": lambda: confirm_closing(incident, actor=self.second),
            "back": lambda: send_back(incident, actor=self.second, reason="再查。"),
        }
        self.attempt(acts[what])

    @precondition(lambda self: Incident.objects.filter(status="verified").exists())
    @rule(what=st.sampled_from(["veto", "veto", "talk", "revoke", "rectify"]))
    def a_true_report_is_decided(self, what):
        incident = Incident.objects.filter(status="verified").first()
        if what == "veto":
            self.attempt(decide_veto, incident, actor=self.head, decision_text="撤销。", document_number="9号")
        else:
            more = {"requirement": "整改。", "responsible": "陈样甲"} if what == "rectify" else {}
            self.attempt(close_without_veto, incident, actor=self.second, measure=what, reason="从轻。", **more)

    @rule(who=st.sampled_from(["head", "second"]))
    def a_revocation_is_set_aside(self, who):
        actor = getattr(self, who)
        self.attempt(set_aside_revocation, self.post, actor=actor, reason="有误。", document="12号")

    # ---- people, rotation, quiet ends -------------------------------------------------------------------------

    @precondition(lambda self: self.spare)
    @rule(swap=st.booleans())
    def members_change(self, swap):
        new = self.spare[-1]
        new.user = new.user or UserFactory()
        new.save()
        going = list(self.post.holders.filter(until_on__isnull=True).values_list("pk", flat=True))[-1:] if swap else []
        coming = [Chosen(member=new.pk, name=new.name)]
        if found := self.attempt(
            propose_adjustment, self.post, actor=self.secretary, coming=coming, going=going, reason="轮岗。"
        ):
            self.spare.pop()
            answer_adjustment(found.lines.get(member=new), actor=new.user, answer="agreed")
            self.attempt(confirm_adjustment, Adjustment.objects.get(pk=found.pk), actor=self.officer)

    @rule()
    def a_member_leaves(self):
        held = self.post.holders.filter(until_on__isnull=True, member__isnull=False).order_by("-pk").first()
        if held and held.member.user_id != self.holder.pk:
            member = Member.objects.get(pk=held.member_id)
            self.attempt(let_member_leave, member, on=timezone.localdate(), actor=self.officer)

    @precondition(lambda self: Rotation.objects.open().exists())
    @rule(choice=st.sampled_from(["hold", "rotate"]))
    def a_turn_is_decided(self, choice):
        rotation = Rotation.objects.open().first()
        for item in rotation.items.all():
            self.attempt(decide_rotation, item, actor=self.head, hold=choice == "hold", reason="按结果。")
        self.attempt(release_rotation, rotation, actor=self.officer, held_on=timezone.localdate())

    @rule(status=st.sampled_from(["adjusted", "expired"]))
    @precondition(lambda self: timezone.localdate() > START + timedelta(days=120))
    def the_title_ends_quietly(self, status):
        self.attempt(end_conferral, self.post, actor=self.officer, status=status, reason="任务完成。")

    # ---- what must never be -----------------------------------------------------------------------------------

    @invariant()
    def no_title_without_a_naming_decision(self):
        for post in Conferral.objects.filter(status__in=NAMED).select_related("decision"):
            assert post.decision.status == DecisionStatus.RELEASED
            assert (post.decision.effect, post.decision.annulled_on) == ("name", None)
            assert not post.revocations.standing().exists()

    @invariant()
    def an_ended_title_has_no_plaque_counted_as_displayed(self):
        ended = Conferral.objects.exclude(status__in=LIVE_CONFERRALS)
        hanging = (PlaqueStatus.DISPLAYED, PlaqueStatus.TO_PRINT)
        assert not Plaque.objects.filter(conferral__in=ended, status__in=hanging).exists()
        assert not ended.filter(holders__until_on__isnull=True).exists()

    @invariant()
    def nothing_is_open_for_an_ended_title(self):
        ended = Conferral.objects.exclude(status__in=LIVE_CONFERRALS)
        assert not Review.objects.open().filter(conferral__in=ended).exists()
        assert not Rectification.objects.running().filter(conferral__in=ended).exists()
        assert not Proposal.objects.filter(status="open", conferral__in=ended).exists()

    @invariant()
    def who_rectifies_has_something_to_rectify_or_to_be_decided(self):
        for post in Conferral.objects.filter(status=ConferralStatus.RECTIFYING):
            assert post.rectifications.running().exists() or post.proposals.filter(status="open").exists()

    @invariant()
    def a_ban_has_its_decision(self):
        for ban in Ban.objects.in_force(timezone.localdate()).select_related("conferral"):
            assert ban.conferral.revocations.standing().filter(revoked_on__year=ban.year).exists()
        for revocation in Revocation.objects.set_aside():
            assert revocation.set_aside_by != revocation.decided_by

    @invariant()
    def a_revoked_title_has_its_standing_decision(self):
        revoked = Conferral.objects.filter(status=ConferralStatus.REVOKED).count()
        assert Revocation.objects.standing().count() == revoked

    @invariant()
    def no_report_was_closed_by_one_person(self):
        for incident in Incident.objects.filter(status__in=["closed", "revoked"]):
            assert incident.verifier_id != incident.decided_by_id

    @invariant()
    def the_register_adds_up(self):
        assert register_gaps() == []
        issued = Plaque.objects.filter(issued_on__isnull=False)
        counts = issued.count_by_status()
        assert sum(counts.get(status, 0) for status in HELD) == issued.count()
        waiting = Plaque.objects.filter(issued_on__isnull=True)
        assert set(waiting.values_list("status", flat=True)) <= {PlaqueStatus.TO_PRINT, PlaqueStatus.VOID}

    @invariant()
    def the_public_page_says_what_is(self):
        post = self.post
        assert (public_state(post).code == "revoked") == (post.status == ConferralStatus.REVOKED)


@pytest.mark.django_db
def test_whatever_befalls_a_title_what_must_never_be_is_never_there():
    run_state_machine_as_test(LifeOfATitle, settings=LIFE)
