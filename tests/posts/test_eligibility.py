"""Every member rule of a kind, in the words of the rule."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from campaigns.domain.campaigns import create_campaign
from campaigns.models import CampaignStatus, MemberStatus, UnitKind
from posts.domain.batches import closed_kinds
from posts.domain.eligibility import eligibility_problems, find_problems, minimum_problem
from posts.domain.member_rules import rule
from posts.domain.members import Chosen, drop_member
from posts.domain.nominations import save_draft, submit_nomination
from posts.domain.proposing import may_propose
from posts.domain.quotas import explain_places, places, quota_problems, quota_status
from posts.forms.nominations import NominationForm
from posts.models import Ban, Conferral, Decision
from tests.factories import MemberFactory, make_kind, make_nomination, make_unit


@pytest.fixture
def make(campaign, branch, secretary):
    """A draft of a kind with these rules."""

    def make(*members, holder="person", others=(), fields=None, stage=None, **rules):
        code = f"k{campaign.kinds.count()}"
        stage = stage or {"kind": "nominate"}
        kind = make_kind(campaign, stage, code=code, holder=holder, rules=rules, label="示范岗")
        nomination = make_nomination(kind, branch, secretary, *members, **(fields or {}))
        if others:
            chosen = [Chosen(member=m.pk) for m in members] + [Chosen(name=name) for name in others]
            save_draft(nomination, actor=secretary, version=nomination.version, fields={}, members=chosen)
        return nomination

    return make


@pytest.fixture
def full(branch):
    return [MemberFactory(branch=branch, name=f"钱样{c}") for c in "甲乙丙"]


def test_a_complete_paper_has_no_problem(make, full):
    assert eligibility_problems(make(full[0])) == []


def test_required_fields(make, full):
    nomination = make(full[0], fields={"name": "", "reasons": "  "})

    assert eligibility_problems(nomination) == ["“岗位名称”尚未填写", "“申报理由”尚未填写"]


def test_individual_posts_have_one_full_member(make, full, branch):
    probationary = MemberFactory(branch=branch, name="孙样甲", status=MemberStatus.PROBATIONARY, confirmed_on=None)

    assert eligibility_problems(make()) == ["“示范岗”党员不得少于 1 人，现有 0 人"]
    assert eligibility_problems(make(probationary, fields={"name": "b"})) == [
        "“示范岗”只能由正式党员上岗，孙样甲为预备党员"
    ]


def test_two_people_are_too_many_for_an_individual_post(make, full):
    assert eligibility_problems(make(*full[:2])) == ["“示范岗”成员不得超过 1 人，现有 2 人"]


def test_a_team_counts_probationary_members_and_may_have_others(make, full, branch):
    probationary = MemberFactory(branch=branch, status=MemberStatus.PROBATIONARY, confirmed_on=None)
    nomination = make(full[0], probationary, holder="team", others=["李样丁"], min_party=2)

    assert eligibility_problems(nomination) == []


def test_a_team_of_members_only_names_who_is_not(make, full):
    nomination = make(full[0], holder="team", others=["李样丁"], all_party=True, clauses={"all_party": "方案二.2"})

    assert eligibility_problems(nomination) == ["“示范岗”成员必须全部为党员，李样丁不是党员（方案二.2）"]


def test_s6_needs_three(make, full):
    nomination = make(*full[:2], holder="team", min_party=3)

    assert eligibility_problems(nomination) == ["“示范岗”党员不得少于 3 人，现有 2 人"]


def test_a_sanction_bars_until_its_last_day(make, branch):
    today = timezone.localdate()
    barred = MemberFactory(branch=branch, name="孙样甲", sanction_until=today)
    free = MemberFactory(branch=branch, name="孙样乙", sanction_until=today - timedelta(days=1))

    assert eligibility_problems(make(barred)) == [f"孙样甲处于处分影响期内（至 {today}），期满前不得申报"]
    kind = {"fields": {"name": "b"}}
    assert len(eligibility_problems(make(free, **kind))) == 0


def test_one_post_per_person_counts_papers_on_their_way_not_drafts(campaign, branch, secretary, full):
    kind = make_kind(
        campaign, {"kind": "nominate"}, {"kind": "endorse", "actor": ["committee"]}, rules={"one_post_per_person": True}
    )
    draft = make_nomination(kind, branch, secretary, full[0], name="第一岗")
    other = make_nomination(kind, branch, secretary, full[0], name="第二岗")
    assert eligibility_problems(other) == []

    submit_nomination(draft, actor=secretary)
    assert eligibility_problems(other) == ["钱样甲已列入“第一岗”的申报，每人只能申报一个岗位"]


def test_allowed_units_and_participation(make, campaign, full, other_branch):
    nomination = make(full[0], allowed_units=[UnitKind.OFFICE])
    assert "“示范岗”只能由下列单位创建" in eligibility_problems(nomination)[0]

    campaign.units.set([other_branch])
    assert any("不在本次创建活动的参加单位之内" in text for text in eligibility_problems(nomination))


def test_categories(make, full):
    nomination = make(full[0], fields={"category": "其他"}, categories=["管理育人示范岗", "服务育人示范岗"])

    assert eligibility_problems(nomination) == ["岗位类别只能从下列选项中选择：管理育人示范岗、服务育人示范岗"]


def test_wanted_evidence(make, full):
    stage = {"kind": "nominate", "params": {"attachments": ["事迹材料"]}}

    assert eligibility_problems(make(full[0], stage=stage)) == ["缺少佐证材料：事迹材料"]


def test_who_left_the_roster_is_named(make, full):
    nomination = make(full[0])
    full[0].left_on = timezone.localdate()
    full[0].save()

    assert eligibility_problems(nomination) == ["钱样甲已不在青样镇便民服务中心党支部的党员名册中"]


def test_a_ban_of_the_year(make, campaign, branch, full, secretary):
    old = make(full[1])
    decision = Decision.objects.create(
        campaign=campaign, org_unit=branch, effect="name", held_on=date(2026, 1, 1), created_by=secretary
    )
    conferral = Conferral.objects.create(
        campaign=campaign,
        post_kind=old.post_kind,
        org_unit=branch,
        nomination=old,
        decision=decision,
        honour="x",
        name="旧岗",
        status="revoked",
        ended_on=date(2026, 2, 1),
    )
    year = timezone.localdate().year
    ban = Ban.objects.create(conferral=conferral, member=full[0], org_unit=branch, year=year, reason="一票否决")
    nomination = make(full[0], fields={"name": "b"})
    assert eligibility_problems(nomination) == [f"钱样甲 {year}年度内不得申报：一票否决"]

    Ban.objects.filter(pk=ban.pk).update(year=year - 1)
    assert eligibility_problems(nomination) == []


def test_the_minimum_is_checked_again_when_somebody_leaves(make, full, secretary):
    nomination = make(*full[:2], holder="team", min_party=2)
    assert minimum_problem(nomination) == ""

    drop_member(nomination.members.first(), actor=secretary, reason="x")
    assert minimum_problem(nomination) == "“示范岗”党员不得少于 2 人，现有 1 人"


def test_a_zone_holder_is_a_member(make, full):
    assert [p.field for p in find_problems(make(full[0], holder="zone", others=["李样丁"]))] == ["members"]


@pytest.mark.parametrize(
    ("rounding", "base", "expected"),
    [("floor", 9, 0), ("ceil", 9, 1), ("round", 9, 1), ("floor", 10, 1), ("ceil", 10, 1), ("round", 4, 0)],
)
def test_places_are_rounded_as_the_scheme_says(rounding, base, expected):
    assert places({"percent": 10, "rounding": rounding}, base) == (None, expected)


def test_the_sum_is_written_out():
    params = {"percent": 10, "base": "formal_members", "rounding": "floor"}

    assert explain_places(params, 9) == "10 % × 9 名正式党员 = 0.9，向下取整为 0 个。"


def test_tiers_and_fixed_limits():
    params = {"tiers": [{"up_to": 10, "max": 1}, {"up_to": 30, "max": 2}, {"max": 3}], "min": 1}

    assert [places(params, base) for base in (10, 11, 31)] == [(1, 1), (1, 2), (1, 3)]
    assert places({"min": 2, "max": 3}, 0) == (2, 3)


def test_the_base_are_full_members_and_the_quota_binds(campaign, branch, secretary, make, full):
    for _unused in range(5):
        MemberFactory(branch=branch)
    MemberFactory(branch=branch, status=MemberStatus.PROBATIONARY, confirmed_on=None)
    quota = campaign.quotas.create(code="p", scope="branch", params={"percent": 10, "rounding": "floor"})
    nomination = make(full[0])
    status = quota_status(campaign, branch, nomination.post_kind)[0]

    assert (status.maximum, status.used, status.is_full) == (0, 0, True)  # 9 full members: 0.9
    assert quota_problems(nomination) != []
    quota.params["enforce"] = False
    quota.save()
    assert quota_problems(nomination) == []


def test_a_quota_of_another_kind_of_unit_does_not_count(campaign, branch, make, full):
    campaign.quotas.create(code="g", scope="general_branch", params={"max": 0})

    assert quota_status(campaign, branch, make(full[0]).post_kind) == []


def test_villages_as_base(campaign, committee, branch, make, full):
    for _unused in range(4):
        make_unit(UnitKind.VILLAGE, parent=committee)
    campaign.quotas.create(code="v", scope="campaign", params={"percent": 50, "base": "villages"})

    assert quota_status(campaign, branch, make(full[0]).post_kind)[0].maximum == 2


def test_a_scheme_may_leave_sanctions_to_the_committee(make, branch):
    barred = MemberFactory(branch=branch, sanction_until=timezone.localdate())

    assert eligibility_problems(make(barred, not_under_sanction=False)) == []


def test_evidence_of_the_kind_is_wanted_where_it_is_required(make, full):
    evidence = [{"label": "加盖公章的申报表", "required": True, "clause": "四（一）"}, {"label": "照片"}]

    assert eligibility_problems(make(full[0], evidence=evidence)) == ["缺少佐证材料：加盖公章的申报表（四（一））"]


def test_a_field_is_asked_for_once(make, full):
    nomination = make(full[0], categories=["窗口"], required_fields=["name", "category"])

    assert eligibility_problems(nomination) == ["“岗位类别”尚未填写"]


@pytest.mark.parametrize("path", sorted(Path("campaigns/schemes").glob("*.toml")), ids=lambda path: path.stem)
def test_a_paper_can_be_submitted_under_every_shipped_scheme(path, committee, branch, officer, secretary):
    """No scheme asks for something the paper has no place for."""
    campaign = create_campaign(path.read_text(), owner=committee, actor=officer, year=2026)
    campaign.status = CampaignStatus.OPEN
    campaign.save()
    campaign.units.add(branch)
    campaign.quotas.all().delete()
    kinds = list(campaign.kinds.filter(holder__in=("person", "team")))
    for kind in (kind for kind in kinds if kind.pk not in closed_kinds(kinds)):
        people = [MemberFactory(branch=branch) for _unused in range(rule(kind, "min_party") or 1)]
        actor = secretary if may_propose(secretary, kind, branch) else officer
        nomination = make_nomination(kind, branch, actor, *people)
        form = NominationForm(instance=nomination)
        missing = [problem.field for problem in find_problems(nomination)]
        # A self-score is written on a sheet of its own, beside the paper.
        assert set(missing) - {"evidence", "org_unit", "self_score"} <= set(form.fields)
