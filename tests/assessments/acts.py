"""Everything that can be done with a post after its naming: acts of somebody upon a case that stands ready for it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from assessments.domain.commendations import (
    choose_posts,
    drop_post,
    open_commendation,
    release_commendation,
)
from assessments.domain.extensions import answer_extension, ask_extension
from assessments.domain.incidents import report_incident
from assessments.domain.on_call import call_reviews
from assessments.domain.proposals import decide_proposal, propose_end
from assessments.domain.rectifications import (
    add_evidence,
    check_rectification,
    open_rectification,
    submit_rectification,
)
from assessments.domain.reviews import record_review, settle_missed
from assessments.domain.rewards import record_reward
from assessments.domain.rotation import decide_rotation, release_rotation
from assessments.domain.rotation_clock import Interval, open_rotation
from assessments.domain.statements import ask_statement, take_down_statement
from assessments.domain.statements import give_statement as answer
from assessments.domain.verification import (
    confirm_closing,
    dismiss_incident,
    record_finding,
    send_back,
    suspend_display,
    take_up,
)
from assessments.domain.vetoes import close_without_veto, decide_veto
from assessments.domain.voices import assess_as_peer, count_peers, give_statement, prepare_review_survey
from assessments.models import (
    Commendation,
    CommendationItem,
    CommendationStatus,
    Extension,
    Hearing,
    Incident,
    IncidentStatus,
    Proposal,
    ProposalStatus,
    Rectification,
    RectificationStatus,
    RequestState,
    Review,
    ReviewStatus,
    Rotation,
    RotationItem,
    RotationStatus,
)
from posts.domain.bans import ban_people, lift_ban
from posts.domain.conferrals import end_conferral
from posts.domain.plaques import (
    hand_over,
    mark_damaged,
    mark_lost,
    mark_printed,
    recall_plaque,
    replace_plaque,
    return_plaque,
)
from posts.domain.renaming import rename_post
from posts.domain.revocations import revoke_title
from posts.domain.setting_aside import set_aside_revocation
from posts.models import Ban, Conferral, ConferralStatus, Plaque, PlaqueStatus
from posts.models.conferral import LIVE_CONFERRALS
from tests.assessments.hearing import FOUR, make_heard_review
from tests.assessments.titles import TODAY, make_ground, make_review, make_rule

DAY = date(2026, 11, 4)


def picture():
    return SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 40)


REPORT = "窗口中午多次无人值守。"


@dataclass
class World:
    """A post with its people, and those who had a hand in the case before."""

    title: Conferral
    rule: object
    clerk: object  # of the committee: wrote, opened, proposed
    checker: object  # of the verifying role
    chair: object  # of the deciding body

    def review(self):
        return make_review(self.title, self.rule)

    def missed(self):
        return make_review(self.title, self.rule, status="missed")

    def heard(self):
        return make_heard_review(self.title, **FOUR)

    def surveyed(self):
        return make_heard_review(self.title)

    def on_call(self):
        return make_rule(self.title.campaign, "none")

    def proposal(self, end="adjust"):
        return propose_end(self.title, end=end, reasons="不符合标准。", actor=self.clerk)

    def revocation_proposed(self):
        return self.proposal("revoke")

    def rectification(self):
        return open_rectification(
            self.title, actor=self.clerk, finding="台账不完整。", requirement="补齐。", responsible="陈样甲",
            checking_unit=self.title.org_unit,
        )  # fmt: skip

    def handed_in(self):
        holder = self.title.holders.first().member.user
        return submit_rectification(self.rectification(), actor=holder, proof="已补齐。")

    def extension(self):
        holder = self.title.holders.first().member.user
        found = self.rectification()
        return ask_extension(found, actor=holder, until=date(2026, 12, 10), reason="设备未到。")

    def incident(self):
        return report_incident(self.title, text=REPORT)

    def verifying(self):
        return take_up(self.incident(), actor=self.checker)

    def to_confirm(self):
        return dismiss_incident(self.verifying(), actor=self.checker, reason="没有线索。")

    def ground(self):
        return self.title.campaign.veto_grounds.first() or make_ground(self.title.campaign)

    def proven(self):
        ground = self.ground()
        facts = {"finding": "verified", "finding_text": "属实。", "statement": "承认。", "ground": ground}
        return record_finding(self.verifying(), actor=self.checker, **facts)

    def asked(self):
        incident = self.verifying()
        holder = self.title.holders.first()
        return ask_statement(incident, actor=self.checker, holder=holder, matter="请说明午间值班安排。")

    def heard_incident(self):
        return self.asked().incident

    def revoked(self):
        revoke_title(self.title, actor=self.chair, reason="查证属实。")
        return Conferral.objects.get(pk=self.title.pk)

    def banned(self):
        return ban_people(self.title, actor=self.clerk, reason="查证属实。")[0]

    def rotation(self):
        self.title.campaign.rules = {"rotation": {"enabled": True}}
        self.title.campaign.save()
        return open_rotation(self.title.post_kind, Interval(date(2026, 5, 1), date(2026, 10, 31)))[0]

    def turn(self):
        return self.rotation().items.get()

    def decided_turn(self):
        item = self.turn()
        decide_rotation(item, actor=self.chair, hold=True, reason="履职良好。")
        return item.rotation

    def campaign(self):
        return self.title.campaign

    def occasion(self):
        return open_commendation(self.title.campaign, actor=self.clerk, label="年度表彰")

    def chosen(self):
        Review.objects.filter(conferral=self.title).delete()
        make_review(self.title, self.rule, status="done", outcome="pass", done_by=self.clerk, done_at=timezone.now())
        return choose_posts(self.occasion(), actor=self.chair, conferrals=[self.title], reason="群众公认。")[0]

    def listed(self):
        return self.chosen().commendation

    def named(self):
        return self.title

    def plaque(self):
        return self.title.plaques.get()

    def recalled(self):
        return recall_plaque(self.hung(), actor=self.clerk, reason="更换。")

    def hung(self):
        return hand_over(self.plaque(), actor=self.clerk, received_by="陈样甲")


@dataclass(frozen=True)
class Act:
    """A method of the world that makes the case, and what is done with it."""

    case: str
    do: Callable


def agree(proposal, actor):
    return decide_proposal(proposal, actor=actor, accept=True, decision_text="同意。")


def find(incident, actor):
    return record_finding(incident, actor=actor, finding="not_verified", finding_text="不属实。")


def check(rectification, actor):
    return check_rectification(rectification, actor=actor, passed=True, opinion="已整改。")


SAID = {"grade": "qualified", "text": "履职良好。"}
ACTS = {
    "登记考核结论": Act("review", lambda o, a: record_review(o, actor=a, outcome="pass", performance="良好。")),
    "决定漏考": Act("missed", lambda o, a: settle_missed(o, actor=a, action="waive", reason="已停岗。")),
    "适时考核": Act("on_call", lambda o, a: call_reviews(o, actor=a, conferrals=[WORLD[0].title], reason="有反映。")),
    "自评": Act("heard", lambda o, a: give_statement(o, voice="self", actor=a, **SAID)),
    "互评": Act("heard", lambda o, a: assess_as_peer(o, actor=a, grade="qualified")),
    "领导点评": Act("heard", lambda o, a: give_statement(o, voice="leader", actor=a, **SAID)),
    "组织考评": Act("heard", lambda o, a: give_statement(o, voice="organisation", actor=a, **SAID)),
    "录入互评票": Act(
        "heard", lambda o, a: count_peers(o, actor=a, held_on=TODAY, place="会议室", counts={"qualified": 1})
    ),
    "准备测评": Act("surveyed", lambda o, a: prepare_review_survey(o, actor=a)),
    "决定调整": Act("proposal", agree),
    "决定撤销": Act("revocation_proposed", agree),
    "提交整改": Act("rectification", lambda o, a: submit_rectification(o, actor=a, proof="已补齐。")),
    "补充证据": Act("rectification", lambda o, a: add_evidence(o, actor=a, uploads=[picture()])),
    "申请延期": Act(
        "rectification", lambda o, a: ask_extension(o, actor=a, until=date(2026, 12, 10), reason="设备未到。")
    ),
    "答复延期": Act("extension", lambda o, a: answer_extension(o, actor=a, granted=True, answer="同意。")),
    "复查": Act("handed_in", check),
    "受理反映": Act("incident", lambda o, a: take_up(o, actor=a)),
    "认定事实": Act("verifying", find),
    "不予核查": Act("incident", lambda o, a: dismiss_incident(o, actor=a, reason="没有线索。")),
    "请作说明": Act("verifying", lambda o, a: ask_statement(o, actor=a, name="刘样甲", matter="请说明值班安排。")),
    "本人说明": Act("asked", lambda o, a: answer(o, actor=a, text="已调整。")),
    "记录说明": Act("asked", lambda o, a: take_down_statement(o, actor=a, text="已调整。")),
    "暂停展示": Act("heard_incident", lambda o, a: suspend_display(o, actor=a)),
    "办结复核": Act("to_confirm", lambda o, a: confirm_closing(o, actor=a)),
    "退回再查": Act("to_confirm", lambda o, a: send_back(o, actor=a, reason="再查。")),
    "一票否决": Act("proven", lambda o, a: decide_veto(o, actor=a, decision_text="撤销。")),
    "不予否决": Act("proven", lambda o, a: close_without_veto(o, actor=a, measure="talk", reason="情节轻微。")),
    "纠正撤销": Act("revoked", lambda o, a: set_aside_revocation(o, actor=a, reason="认定有误。", document="12号")),
    "解除限制": Act("banned", lambda o, a: lift_ban(o, actor=a, reason="认定有误。")),
    "轮换决定": Act("turn", lambda o, a: decide_rotation(o, actor=a, hold=True, reason="履职良好。")),
    "发布轮换": Act("decided_turn", lambda o, a: release_rotation(o, actor=a, held_on=DAY)),
    "建表彰名单": Act("campaign", lambda o, a: open_commendation(o, actor=a, label="七一表彰")),
    "列入表彰": Act(
        "occasion", lambda o, a: choose_posts(o, actor=a, conferrals=[WORLD[0].title], reason="群众公认。")
    ),
    "移出表彰": Act("chosen", lambda o, a: drop_post(o, actor=a)),
    "发布表彰": Act("listed", lambda o, a: release_commendation(o, actor=a, held_on=DAY, document_number="9号")),
    "登记激励": Act(
        "campaign",
        lambda o, a: record_reward(
            o, actor=a, kind="annual_appraisal", text="优先评优", given_on=DAY, conferrals=[WORLD[0].title]
        ),
    ),
    "终止称号": Act("named", lambda o, a: end_conferral(o, status="expired", actor=a, reason="岗位撤并。")),
    "岗位更名": Act("named", lambda o, a: rename_post(o, actor=a, name="政务岗", reason="窗口合并。")),
    "授牌": Act("plaque", lambda o, a: hand_over(o, actor=a, received_by="陈样甲")),
    "登记制作": Act("plaque", lambda o, a: mark_printed([o], actor=a)),
    "收回标牌": Act("hung", lambda o, a: recall_plaque(o, actor=a, reason="更换。")),
    "登记交回": Act("recalled", lambda o, a: return_plaque(o, actor=a, returned_by="陈样甲")),
    "登记遗失": Act("hung", lambda o, a: mark_lost(o, actor=a, note="搬家遗失。", lost_by="陈样甲")),
    "登记损坏": Act("hung", lambda o, a: mark_damaged(o, actor=a, note="破裂。", damaged_by="陈样甲")),
    "更换标牌": Act("hung", lambda o, a: replace_plaque(o, actor=a, reason="破裂。")),
}
#: The world of the running test, for acts upon something else than the case itself.
WORLD: list[World] = []


def states_of(case, world):
    """What carries the state of a case, and every state with what the database wants beside it."""
    target = {RotationItem: "rotation", CommendationItem: "commendation"}.get(type(case))
    target = getattr(case, target) if target else case
    now, day, clerk = timezone.now(), timezone.localdate(), world.clerk
    released = {"released_by": clerk, "released_at": now}
    holder = world.title.holders.first().member.user
    signed = {
        "issued_on": day,
        "received_by": "甲",
        "returned_on": day,
        "returned_by": "甲",
        "lost_on": day,
        "lost_by": "甲",
    }
    beside = {
        Review: (ReviewStatus, {"outcome": "pass", "done_by": clerk, "done_at": now}),
        Rectification: (RectificationStatus, {"submitted_by": holder, "checked_by": clerk}),
        Proposal: (ProposalStatus, {"decided_by": world.chair}),
        Incident: (IncidentStatus, {"decided_by": world.chair, "verifier": world.checker, "ground": world.ground()}),
        Rotation: (RotationStatus, released),
        Commendation: (CommendationStatus, released | {"held_on": day}),
        Plaque: (PlaqueStatus, signed),
    }
    if type(target) in beside:
        kinds, fields = beside[type(target)]
        return target, {state: {"status": state, **fields} for state in kinds.values}
    if isinstance(target, Conferral):
        return target, {
            s: {"status": s, "ended_on": None if s in LIVE_CONFERRALS else day} for s in ConferralStatus.values
        }
    return target, {
        Extension: {state: {"state": state, "settled_by": clerk} for state in RequestState.values},
        Hearing: {"waiting": {}, "answered": {"answered_at": now}, "withdrawn": {"withdrawn_at": now}},
        Ban: {"in force": {}, "lifted": {"lifted_at": now, "lift_reason": "有误"}, "over": {"year": 2025}},
    }[type(target)]
