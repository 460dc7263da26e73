"""Who may do what with a post after its naming: every act by every role and in every state, each refusal in words.

The tables were written from the roles of the domain notes (2.7) and read against the schemes' clauses.
"""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from assessments.models import IncidentStatus, RectificationStatus
from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError
from campaigns.models import Member, Role, User
from posts.models import Conferral, PlaqueStatus
from tests.assessments.acts import ACTS, WORLD, World, states_of
from tests.assessments.titles import make_campaign, make_rule
from tests.factories import MemberFactory, StageFactory, UserFactory
from tests.posts.cases import DECIDE, PLAQUE, make_conferral

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

BRANCH, COMMITTEE = "青样镇便民服务中心党支部", "中共示例县青样镇委员会"
REVIEWER = f"该岗位由{BRANCH}考核，您的职务没有此权限。"
DECIDES = f"此事由{COMMITTEE}决定，您的职务没有此权限。"
BODY = "此事由决定机关决定，您的职务没有此权限。"
SUBMIT = "只有岗位成员或其所在组织的负责人可以提交整改情况。"
CHECK = f"复查由{BRANCH}负责，您的职务没有此权限。"
VERIFY = "反映事项由纪检委员核查，您的职务没有此权限。"
CONFIRM = "办结由核查或决定职责的另一人确认，您的职务无此权限。"
OFFICE = f"您的职务不能在“{COMMITTEE}”办理此事。"
OWN = "您本人是该岗位成员，不得办理本人事项，请由副书记或其他同志办理。"
STAKE = "您与该反映有利害关系，须由其他人"

#: Who may; what the others are told.
MAY = {
    "登记考核结论": ("书记 干事", REVIEWER),
    "决定漏考": ("书记 干事", REVIEWER),
    "适时考核": ("书记 干事", "“综合窗口岗”由其他单位考核，您的职务不能办理。"),
    "自评": ("本人 书记 干事", "自评由岗位人员填写，或由所在单位代填。"),
    "互评": ("同支部 书记", "互评由本单位岗位以外的党员参加。"),
    "领导点评": ("书记 干事 委员 党委书记", "领导点评由所在单位领导填写，或由考核人据实代记。"),
    "组织考评": ("书记 干事 党委书记 考核组", REVIEWER),
    "录入互评票": ("书记 干事", REVIEWER),
    "准备测评": ("书记 干事", f"您的职务不能在“{BRANCH}”办理此事。"),
    "决定调整": ("党委书记", DECIDES),
    "决定撤销": ("委员 党委书记", DECIDES),
    "提交整改": ("本人 书记 干事", SUBMIT),
    "申请延期": ("本人 书记 干事", SUBMIT),
    "补充证据": ("书记 干事", CHECK),
    "答复延期": ("书记 干事", CHECK),
    "复查": ("书记 干事", CHECK),
    "受理反映": ("纪检", VERIFY),
    "认定事实": ("纪检", VERIFY),
    "不予核查": ("纪检", VERIFY),
    "请作说明": ("纪检", VERIFY),
    "本人说明": ("本人", "此处只能由陈样甲本人作答。"),
    "记录说明": ("纪检", VERIFY),
    "暂停展示": ("纪检", VERIFY),
    "办结复核": ("委员 党委书记 纪检", CONFIRM),
    "退回再查": ("委员 党委书记 纪检", CONFIRM),
    "一票否决": ("委员 党委书记", BODY),
    "不予否决": ("委员 党委书记", BODY),
    "纠正撤销": ("委员 党委书记", "撤销决定由决定机关纠正，您的职务无此权限。"),
    "解除限制": ("干事 党委书记", f"限制由{COMMITTEE}解除，您的职务不能办理。"),
    "轮换决定": ("委员 党委书记", DECIDES),
    "发布轮换": ("干事 党委书记", OFFICE),
    "建表彰名单": ("干事", OFFICE),
    "列入表彰": ("委员 党委书记", DECIDES),
    "移出表彰": ("委员 党委书记", DECIDES),
    "发布表彰": ("干事 党委书记", OFFICE),
    "登记激励": ("干事", OFFICE),
    "终止称号": ("干事 党委书记", OFFICE),
    "岗位更名": ("干事 党委书记", "更名由命名该岗位的组织办理，本人不得办理自己的岗位。"),
    "授牌": ("干事", OFFICE),
    "登记制作": ("干事", OFFICE),
    "收回标牌": ("干事", OFFICE),
    "登记交回": ("干事", OFFICE),
    "登记遗失": ("干事", OFFICE),
    "登记损坏": ("干事", OFFICE),
    "更换标牌": ("干事", OFFICE),
}
#: Where one person hears another sentence than all others.
BUT = {("答复延期", "本人"): "延期是您本人申请的，须由他人答复。"}

#: Somebody of the post who holds every office as well: his own case he may speak on, and never judge.
OWN_CASE = {
    **dict.fromkeys(("自评", "提交整改", "申请延期", "本人说明"), ""),
    # What judges nobody, and what only publishes what others have decided.
    **dict.fromkeys(("适时考核", "发布轮换", "建表彰名单", "发布表彰"), ""),
    "登记制作": "",
    "互评": MAY["互评"][1],
    "答复延期": BUT["答复延期", "本人"],
    **dict.fromkeys(("受理反映", "认定事实", "不予核查", "请作说明", "记录说明", "暂停展示"), f"{STAKE}核查。"),
    **dict.fromkeys(("办结复核", "退回再查"), "您与该反映有利害关系，须由他人确认。"),
    **dict.fromkeys(("一票否决", "不予否决"), f"{STAKE}作出决定。"),
    "岗位更名": MAY["岗位更名"][1],
}

SETTLED = {
    "done": "办事人 已于 2026-11-04 09:00 记录此项考核。请刷新页面查看结果。",
    "missed": "该项考核已不在办理中（漏考）。",
    "cancelled": "该项考核已不在办理中（已取消）。",
}


def is_now(what, states, *open_in):
    """The sentence of each state in which it cannot be done: it names the state."""
    text = {
        RectificationStatus: "该整改现为“{}”状态。请刷新页面查看进度。",
        IncidentStatus: "该反映现为“{}”状态。请刷新页面查看进度。",
    }
    return {state: text[states].format(states(state).label) for state in states.values if state not in open_in}


def plaque_is(*open_in):
    text = "第QY-2026-P-001号标牌目前是“{}”，不能进行此项操作。"
    return {state: text.format(PlaqueStatus(state).label) for state in PlaqueStatus.values if state not in open_in}


RELEASED = {
    "released": "办事人已于2026-11-04 09:00发布本轮结果，发布以后不再更改。",
    "missed": "本轮流动挂牌逾期未定，已由下一轮接替。",
}
LISTED = {"released": "办事人已于2026-11-04 09:00发布名单，发布以后不再更改。"}
DECIDED = dict.fromkeys(("accepted", "refused", "cancelled"), "该建议已有决定。请刷新页面查看结果。")
ANSWERED = dict.fromkeys(("answered", "withdrawn"), "该说明已不再需要，请刷新页面查看。")
ENDS = {"adjusted": "已调整", "rotated_out": "已轮出", "expired": "自然终止", "revoked": "已撤销"}
#: In which states it is refused, and how; in all others it is done.
REFUSED = {
    **dict.fromkeys(("登记考核结论", "自评", "互评", "领导点评", "组织考评", "录入互评票", "准备测评"), SETTLED),
    "决定漏考": dict.fromkeys(("open", "done", "cancelled"), "该项考核没有待处理的漏考事项。"),
    "决定调整": DECIDED,
    "决定撤销": DECIDED,
    "提交整改": is_now("整改", RectificationStatus, "open"),
    "补充证据": is_now("整改", RectificationStatus, "open", "submitted"),
    "申请延期": dict.fromkeys(("submitted", "passed", "failed", "lapsed", "cancelled"), "整改进行中才能申请延期。"),
    "答复延期": dict.fromkeys(("confirmed", "refused", "done"), "该申请已不再待答复，请刷新页面查看。"),
    "复查": is_now("整改", RectificationStatus, "submitted"),
    "受理反映": is_now("反映", IncidentStatus, "reported"),
    "不予核查": is_now("反映", IncidentStatus, "reported", "verifying"),
    **dict.fromkeys(("认定事实", "请作说明"), is_now("反映", IncidentStatus, "verifying")),
    **dict.fromkeys(
        ("本人说明", "记录说明"), dict.fromkeys(("answered", "withdrawn"), "该说明已不再需要，请刷新页面查看。")
    ),
    "暂停展示": dict.fromkeys(("closed", "revoked"), "现在不能暂停展示。请刷新页面查看该反映的办理进度。"),
    **dict.fromkeys(("办结复核", "退回再查"), is_now("反映", IncidentStatus, "to_confirm")),
    **dict.fromkeys(("一票否决", "不予否决"), is_now("反映", IncidentStatus, "verified")),
    "纠正撤销": dict.fromkeys(
        ("creating", "active", "rectifying", "adjusted", "rotated_out", "expired"), "该称号并未撤销，请刷新页面查看。"
    ),
    "解除限制": dict.fromkeys(("lifted", "over"), "这项限制已不再生效，请刷新页面查看。"),
    **dict.fromkeys(("轮换决定", "发布轮换"), RELEASED),
    **dict.fromkeys(("列入表彰", "移出表彰", "发布表彰"), LISTED),
    "终止称号": {state: f"该称号已于2026-11-04终止（{label}）。" for state, label in ENDS.items()},
    "岗位更名": dict.fromkeys(ENDS, "该称号已经终止。"),
    "授牌": plaque_is("to_print"),
    "收回标牌": plaque_is("displayed"),
    "登记交回": plaque_is("displayed", "recalled", "lost"),
    "登记遗失": plaque_is("displayed", "recalled"),
    "登记损坏": plaque_is("displayed"),
    "更换标牌": plaque_is("displayed", "returned", "lost"),
}
#: Acts upon something that has no states of its own, or that only notes something down.
STATELESS = {"适时考核", "建表彰名单", "登记激励", "登记制作"}


@pytest.fixture
def people(
    branch, committee, member, secretary, other_secretary, officer,
    committee_member, committee_secretary, discipline, stranger,
):  # fmt: skip
    assessor = appointed(committee, Role.ASSESSOR, "卫样甲")
    fellow = MemberFactory(branch=branch, user=UserFactory(name="蒋样甲")).user
    return {
        "本人": member,
        "同支部": fellow,
        "书记": secretary,
        "别书记": other_secretary,
        "干事": officer,
        "委员": committee_member,
        "党委书记": committee_secretary,
        "纪检": discipline,
        "考核组": assessor,
        "外人": stranger,
    }


def appointed(unit, role, name):
    user = UserFactory(name=name)
    appoint(user, org_unit=unit, role=role, actor=None)
    return user


@pytest.fixture
def world(committee, branch, people, member):
    """A named post of the branch whose plaque waits, and three people who had a hand in every case before."""
    clerk = appointed(committee, Role.OFFICER, "办事人")
    checker = appointed(committee, Role.DISCIPLINE, "核查人")
    chair = appointed(committee, Role.COMMITTEE_SECRETARY, "决定人")
    campaign = make_campaign(committee)
    kind = campaign.kinds.get()
    for position, stage in enumerate((DECIDE, PLAQUE), 1):
        StageFactory(post_kind=kind, position=position, **stage)
    holders = [Member.objects.get(user=member)]
    make_conferral(kind, branch, decider=chair, releaser=clerk, members=holders, name="综合窗口岗")
    Conferral.objects.update(displayed_on="2026-06-30", conferred_on="2026-06-10")
    rule = make_rule(campaign, outcomes=["pass", "rectify", "adjust", "revoke"])
    WORLD[:] = [World(Conferral.objects.get(), rule, clerk, checker, chair)]
    return WORLD[0]


def told(act, case, actor):
    """Empty when it is done; else the sentence of the refusal. Nothing of it stays."""
    try:
        with transaction.atomic():
            act.do(type(case).objects.get(pk=case.pk), User.objects.get(pk=actor.pk))
            transaction.set_rollback(True)
    except (DomainError, PermissionDenied) as error:
        return str(error) or "没有说明"
    return ""


def test_every_act_stands_in_the_tables():
    assert set(MAY) == set(ACTS)
    assert set(REFUSED) | STATELESS == set(ACTS)


@pytest.mark.parametrize("name", ACTS)
def test_who_may(name, world, people):
    act = ACTS[name]
    case = getattr(world, act.case)()
    may, sentence = MAY[name]

    expected = {who: "" if who in may.split() else BUT.get((name, who), sentence) for who in people}
    assert {who: told(act, case, user) for who, user in people.items()} == expected


@pytest.mark.parametrize("name", ACTS)
def test_nobody_judges_his_own_case_whatever_his_offices(name, world, people, branch, committee):
    act = ACTS[name]
    case = getattr(world, act.case)()
    appoint(people["本人"], org_unit=branch, role=Role.SECRETARY, actor=None)
    for role in (Role.OFFICER, Role.COMMITTEE_SECRETARY, Role.DISCIPLINE):
        appoint(people["本人"], org_unit=committee, role=role, actor=None)

    assert told(act, case, people["本人"]) == OWN_CASE.get(name, OWN)


@pytest.mark.parametrize("name", REFUSED)
def test_when_it_may_be_done(name, world, people):
    act = ACTS[name]
    case = getattr(world, act.case)()
    actor = people[MAY[name][0].split()[0]]
    target, states = states_of(case, world)
    found = {}
    for state, fields in states.items():
        type(target).objects.filter(pk=target.pk).update(**fields)
        found[state] = told(act, case, actor)

    assert found == {state: REFUSED[name].get(state, "") for state in states}
