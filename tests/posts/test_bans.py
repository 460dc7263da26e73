"""Who is barred for the year, by which ends, what it bars from, and how it is lifted."""

from datetime import date

import pytest
import time_machine
from django.urls import reverse

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from posts.domain.bans import ban_people, lift_ban
from posts.domain.conferrals import end_conferral
from posts.domain.decisions import preview_release, propose_decisions
from posts.domain.eligibility import eligibility_problems
from posts.domain.revocations import revoke_title
from posts.models import Ban, Nomination, NominationMember
from tests.factories import CampaignFactory, MemberFactory, UserFactory
from tests.posts.cases import make_conferral, make_kind, make_nomination, open_run

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("november")]


@pytest.fixture
def november():
    with time_machine.travel("2026-11-04 10:00+08:00", tick=False) as traveller:
        yield traveller


def make_post(committee, branch, committee_member, officer, member, **consequences):
    campaign = CampaignFactory(owner=committee, rules={"consequences": consequences})
    kind = make_kind(committee, campaign=campaign)
    return make_conferral(kind, branch, decider=committee_member, releaser=officer, members=[member.member])


@pytest.fixture
def banned(committee, branch, committee_member, officer, member, committee_secretary):
    post = make_post(committee, branch, committee_member, officer, member)
    revoke_title(post, actor=committee_secretary, reason="不符合标准。", document="9号")
    return Ban.objects.get()


def paper_for(post, member):
    """A draft of another post for the same person."""
    paper = Nomination.objects.create(
        campaign=post.campaign, post_kind=post.post_kind, org_unit=post.org_unit, name="另一岗", duties="办理",
        reasons="申报。", proposer=UserFactory(),
    )  # fmt: skip
    NominationMember.objects.create(nomination=paper, member=member.member, name=member.name)
    return paper


@pytest.mark.parametrize(
    ("status", "ban_on", "barred"),
    [
        ("adjusted", ["revoke"], 0),
        ("adjusted", ["revoke", "adjust"], 1),
        ("rotated_out", ["revoke", "adjust"], 0),
        ("rotated_out", ["rotate_out"], 1),
        ("expired", ["revoke", "adjust", "rotate_out"], 0),
    ],
)
def test_the_scheme_says_which_ends_bar(committee, branch, committee_member, officer, member, status, ban_on, barred):
    post = make_post(committee, branch, committee_member, officer, member, ban_on=ban_on)
    end_conferral(post, actor=officer, status=status, reason="调整。", document="3号")

    assert [(ban.member, ban.document) for ban in Ban.objects.all()] == [(member.member, "3号")] * barred


def test_a_scheme_without_bans_bars_nobody(committee, branch, committee_member, officer, member, committee_secretary):
    post = make_post(committee, branch, committee_member, officer, member, ban_same_year=False)
    revoke_title(post, actor=committee_secretary, reason="不符合标准。")

    assert Ban.objects.count() == 0


def test_a_ban_holds_until_the_last_day_of_its_year(banned, member, november):
    paper = paper_for(banned.conferral, member)
    text = "陈样甲 2026年度内不得申报"
    for day, in_force in (("2026-11-04", True), ("2026-12-31", True), ("2027-01-01", False)):
        november.move_to(f"{day} 23:00+08:00")
        assert any(text in problem for problem in eligibility_problems(paper)) is in_force, day
    assert banned.until_on == date(2026, 12, 31)


def test_a_lifted_ban_bars_no_longer_and_may_be_renewed(banned, member, officer):
    paper = paper_for(banned.conferral, member)
    lift_ban(banned, actor=officer, reason="复查后更正。")

    assert not any("不得申报" in problem for problem in eligibility_problems(paper))
    banned.refresh_from_db()
    assert (banned.lifted_by, banned.lift_reason, banned.is_in_force) == (officer, "复查后更正。", False)
    assert member.messages.get(key__startswith="ban-lifted").body == "复查后更正。"
    with pytest.raises(OutOfOrderError):
        lift_ban(banned, actor=officer, reason="再来。")
    ban_people(banned.conferral, actor=officer, reason="又有新情况。", members=[member.member.pk])
    assert Ban.objects.in_force().get().lift_reason == ""


def test_who_lifts_and_with_a_reason(banned, officer, secretary, committee_member, member, branch):
    for user in (secretary, committee_member, member):
        with pytest.raises(NotAllowedError):
            lift_ban(banned, actor=user, reason="更正。")
    with pytest.raises(DomainError) as error:
        lift_ban(banned, actor=officer, reason=" ")
    assert error.value.field == "reason"
    person = MemberFactory(branch=branch, user=officer)
    banned.conferral.holders.create(member=person, name=person.name, from_on=date(2026, 1, 1))
    with pytest.raises(NotAllowedError, match="本人"):
        lift_ban(banned, actor=officer, reason="更正。")


def test_somebody_barred_meanwhile_is_not_named(banned, committee_member, member):
    other = make_nomination(banned.conferral.post_kind, banned.org_unit, name="另一岗", members=[member.member])
    decision = propose_decisions([open_run(other)], outcome="approved", actor=committee_member, document_number="10号")

    assert preview_release(decision).all_problems == ["另一岗：陈样甲当年不得再申报。"]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ban_list", {"officer": 200, "secretary": 200, "stranger": 200}),
        ("ban_lift", {"officer": 200, "secretary": 403, "stranger": 404, "member": 404}),
    ],
)
def test_who_sees_the_pages(client, request, banned, name, expected):
    for who, status in expected.items():
        client.force_login(request.getfixturevalue(who))
        args = [banned.pk] if name == "ban_lift" else []
        assert client.get(reverse(f"posts:{name}", args=args)).status_code == status, who


def test_lifting_on_the_page(client, banned, officer):
    client.force_login(officer)
    assert "不符合标准。" in client.get(reverse("posts:ban_list")).content.decode()
    url = reverse("posts:ban_lift", args=[banned.pk])
    assert client.post(url, {"reason": ""}).status_code == 400
    assert client.post(url, {"reason": "复查后更正。"}).url == reverse("posts:ban_list")
    assert "复查后更正。" not in client.get(reverse("posts:ban_list")).content.decode()
    assert "复查后更正。" in client.get(reverse("posts:ban_list") + "?tab=all").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    client, quiet_menu, banned, committee_secretary, branch, django_assert_num_queries, count
):
    for _n in range(count - 1):
        person = MemberFactory(branch=branch)
        Ban.objects.create(conferral=banned.conferral, member=person, org_unit=branch, year=2026, reason="同上。")
    client.force_login(committee_secretary)
    with django_assert_num_queries(5):
        client.get(reverse("posts:ban_list"))
