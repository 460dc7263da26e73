"""Rotating plaques: turns by the clock, a decision for each post, one release; nothing by itself, nothing twice."""

from datetime import date, timedelta

import pytest
import time_machine
from django.urls import reverse

from assessments.domain.rotation import candidates, decide_rotation, hold_all, release_rotation
from assessments.domain.rotation_clock import Interval, interval_of, open_rotation, schedule_rotation
from assessments.domain.rotation_history import carriers_of
from assessments.domain.rotation_preview import preview_rotation
from assessments.models import Rotation, RotationItem
from campaigns.domain.campaigns import close_campaign
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from campaigns.domain.progress import closing_blockers
from campaigns.domain.timeline import campaign_timeline
from campaigns.domain.todos import todos_for
from campaigns.models import DueItem, Member, PostKind
from posts.domain.conferrals import end_conferral
from posts.domain.nominations import create_nomination
from posts.domain.plaques import hand_over
from posts.domain.proposing import startable_kinds
from posts.domain.public_state import public_state
from posts.domain.revocations import revoke_title
from posts.models import Conferral, ConferralStatus, Decision, Plaque
from tests.assessments.titles import at, make_campaign, make_review, make_rule, make_title, run_clock
from tests.factories import MemberFactory, StageFactory
from tests.posts.cases import DECIDE, PLAQUE, make_nomination
from tests.posts.test_decision_races import at_once

HUNG = date(2026, 1, 31)
OPENS = date(2026, 7, 31)  # half a year after the first plaque


def rotating(owner, **rotation):
    campaign = make_campaign(owner, rules={"rotation": {"enabled": True, **rotation}}, year=2026)
    for position, stage in enumerate((DECIDE, PLAQUE), 1):
        StageFactory(post_kind=campaign.kinds.get(), position=position, **stage)
    return campaign


@pytest.fixture
def campaign(committee):
    return rotating(committee)


@pytest.fixture
def posts(campaign, branch, other_branch, member):
    """Three posts that hang since the last day of January; the first is held by somebody with an account."""
    with time_machine.travel(at(HUNG), tick=False):
        titles = [
            make_title(campaign, branch, Member.objects.get(user=member), displayed_on=HUNG, name="综合窗口岗"),
            make_title(campaign, branch, MemberFactory(branch=branch), displayed_on=HUNG, name="热线岗"),
            make_title(campaign, other_branch, MemberFactory(branch=other_branch), displayed_on=HUNG, name="网格岗"),
        ]
        for title in titles:
            schedule_rotation(title)
    return titles


@pytest.fixture
def turn(posts):
    """The first turn, opened by the clock; the clock stands on its day."""
    with time_machine.travel(at(OPENS), tick=False):
        run_clock(OPENS, OPENS)
        yield Rotation.objects.get()


def items_of(rotation):
    return list(rotation.items.order_by("pk"))


def decide_all(rotation, actor, *, hold=True):
    return [decide_rotation(item, actor=actor, hold=hold, reason="履职良好。") for item in items_of(rotation)]


pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("number", "months", "starts", "ends"),
    [
        (1, 6, date(2026, 8, 31), date(2027, 2, 27)),
        (2, 6, date(2027, 2, 28), date(2027, 8, 30)),
        (3, 6, date(2027, 8, 31), date(2028, 2, 28)),  # back on the 31st: nothing drifts
        (1, 1, date(2026, 8, 31), date(2026, 9, 29)),
        (2, 12, date(2027, 8, 31), date(2028, 8, 30)),
    ],
)
def test_intervals_are_counted_from_the_first_display(number, months, starts, ends):
    interval = interval_of(date(2026, 8, 31), number, months=months)

    assert (interval.starts_on, interval.ends_on) == (starts, ends)
    assert interval_of(date(2026, 8, 31), number + 1, months=months).starts_on == interval.opens_on


def test_a_turn_opens_on_the_day_after_the_interval(posts):
    run_clock(OPENS - timedelta(days=3), OPENS - timedelta(days=1))
    assert Rotation.objects.count() == 0

    run_clock(OPENS, OPENS + timedelta(days=2))

    rotation = Rotation.objects.get()
    assert (rotation.period_starts_on, rotation.period_ends_on) == (HUNG, OPENS - timedelta(days=1))
    assert (rotation.status, rotation.due_on) == ("open", date(2026, 8, 30))
    assert sorted(item.conferral.name for item in items_of(rotation)) == ["热线岗", "综合窗口岗", "网格岗"]


def test_one_chain_of_turns_serves_a_kind(posts):
    assert list(DueItem.objects.filter(kind="rotation_open").values_list("period", flat=True)) == [f"{HUNG}:1"]


def test_a_campaign_without_rotation_opens_none(committee, branch):
    with time_machine.travel(at(HUNG), tick=False):
        schedule_rotation(make_title(make_campaign(committee), branch, displayed_on=HUNG))

    assert not DueItem.objects.filter(kind="rotation_open").exists()


def test_the_schemes_own_interval_counts(committee, branch):
    with time_machine.travel(at(HUNG), tick=False):
        schedule_rotation(make_title(rotating(committee, interval_months=3), branch, displayed_on=HUNG))

    assert DueItem.objects.get(kind="rotation_open").due_at == at(date(2026, 4, 30), 8)


def test_a_stopped_clock_makes_no_turn_up(committee, branch):
    """Three intervals of a month pass without a clock: two are written down as missed, the newest is open."""
    with time_machine.travel(at(date(2026, 1, 10)), tick=False):
        schedule_rotation(make_title(rotating(committee, interval_months=1), branch, displayed_on=date(2026, 1, 10)))
    run_clock(date(2026, 4, 20), date(2026, 4, 21))

    found = Rotation.objects.order_by("period_starts_on").values_list("period_starts_on", "status")
    assert list(found) == [
        (date(2026, 1, 10), "missed"),
        (date(2026, 2, 10), "missed"),
        (date(2026, 3, 10), "open"),
    ]


def test_a_turn_that_nobody_released_is_closed_by_the_next(turn, posts, officer):
    run_clock(date(2027, 1, 30), date(2027, 1, 31))

    turn.refresh_from_db()
    assert turn.status == "missed"
    assert Conferral.objects.live().count() == 3
    assert Rotation.objects.get(status="open").period_starts_on == OPENS
    with pytest.raises(OutOfOrderError):
        release_rotation(turn, actor=officer, held_on=OPENS)


def test_turns_end_with_the_last_title_and_begin_anew(turn, posts, officer, branch, campaign):
    for title in posts:
        end_conferral(title, actor=officer, status=ConferralStatus.EXPIRED, reason="活动结束。")
    run_clock(date(2027, 1, 31), date(2027, 1, 31))
    assert not DueItem.objects.filter(kind="rotation_open", state="pending").exists()

    with time_machine.travel(at(date(2027, 3, 1)), tick=False):
        schedule_rotation(make_title(campaign, branch, displayed_on=date(2027, 3, 1)))
    assert DueItem.objects.get(kind="rotation_open", state="pending").period == "2027-03-01:1"


def test_posts_named_by_different_bodies_have_turns_of_their_own(posts, branch):
    Decision.objects.filter(conferrals=posts[0]).update(org_unit=branch)
    run_clock(OPENS, OPENS)

    assert sorted(r.deciding_unit.code for r in Rotation.objects.all()) == ["QY", "QY03"]
    assert Rotation.objects.get(deciding_unit=branch).items.get().conferral == posts[0]


def test_holding_keeps_title_and_plaque(turn, committee_member, officer, member):
    decide_all(turn, committee_member)
    release_rotation(turn, actor=officer, held_on=OPENS, document_number="9号")

    assert set(Conferral.objects.values_list("status", flat=True)) == {"active"}
    assert member.messages.get(key__startswith="rotation_held").title == "流动挂牌：“综合窗口岗”连任"


def test_handing_on_ends_the_title_and_calls_the_plaque_back(turn, posts, committee_member, officer):
    plaque = make_displayed_plaque(posts[1])
    for item in items_of(turn):
        decide_rotation(item, actor=committee_member, hold=item.conferral_id != posts[1].pk, reason="轮换。")
    assert Conferral.objects.get(pk=posts[1].pk).is_live  # quiet until the release

    release_rotation(turn, actor=officer, held_on=OPENS, document_number="9号")

    posts[1].refresh_from_db()
    plaque.refresh_from_db()
    assert (posts[1].status, posts[1].end_reason, posts[1].end_document) == ("rotated_out", "轮换。", "9号")
    assert plaque.status == "recalled"
    assert posts[1].bans.count() == 0
    assert list(posts[1].holders.values_list("until_on", flat=True)) == [OPENS]
    state = public_state(posts[1])
    assert (state.code, state.word) == ("rotated_out", "已轮换")


def test_the_successor_is_named_in_the_same_release(turn, posts, branch, committee_member, officer):
    newcomer = make_nomination(posts[0].post_kind, branch, name="导办岗")
    assert list(candidates(turn)) == [newcomer]
    first, *others = items_of(turn)
    decide_rotation(first, actor=committee_member, hold=False, reason="让新岗位。", successor=newcomer)
    hold_all(others, actor=committee_member, reason="履职良好。")

    release_rotation(turn, actor=officer, held_on=OPENS, document_number="9号")

    named = newcomer.conferral
    assert (named.status, named.conferred_on, named.decision.document_number) == ("active", OPENS, "9号")
    assert Plaque.objects.get(conferral=named).status == "to_print"
    assert first.conferral.rotations.get().successor == newcomer


def test_a_naming_that_fails_leaves_everything_as_it_was(turn, posts, branch, committee_member, officer):
    """A naming needs its document number: without one nobody is rotated out either."""
    newcomer = make_nomination(posts[0].post_kind, branch, name="导办岗")
    first, *others = items_of(turn)
    decide_rotation(first, actor=committee_member, hold=False, reason="让新岗位。", successor=newcomer)
    hold_all(others, actor=committee_member, reason="履职良好。")

    with pytest.raises(DomainError, match="发文字号"):
        release_rotation(turn, actor=officer, held_on=OPENS)

    turn.refresh_from_db()
    assert turn.status == "open"
    assert Conferral.objects.live().count() == 3
    assert not Conferral.objects.filter(nomination=newcomer).exists()


def test_without_re_election_a_whole_interval_is_enough(committee, branch, committee_member):
    campaign = rotating(committee, re_election=False)
    later = HUNG + timedelta(days=60)
    with time_machine.travel(at(later), tick=False):
        old = make_title(campaign, branch, displayed_on=HUNG)
        young = make_title(campaign, branch, displayed_on=later)
        schedule_rotation(old)
    run_clock(OPENS, OPENS)
    items = {item.conferral: item for item in items_of(Rotation.objects.get())}

    with pytest.raises(DomainError, match="连任"):
        decide_rotation(items[old], actor=committee_member, hold=True, reason="好。")
    assert decide_rotation(items[young], actor=committee_member, hold=True, reason="好。").choice == "hold"


def test_a_reason_is_needed(turn, committee_member):
    with pytest.raises(DomainError) as error:
        decide_rotation(items_of(turn)[0], actor=committee_member, hold=True, reason=" ")
    assert error.value.field == "reason"


def test_a_successor_must_stand_at_the_decision_and_takes_one_plaque(turn, posts, branch, committee_member):
    newcomer = make_nomination(posts[0].post_kind, branch, name="导办岗")
    first, second, third = items_of(turn)
    decide_rotation(first, actor=committee_member, hold=False, reason="轮换。", successor=newcomer)

    with pytest.raises(DomainError) as taken:
        decide_rotation(second, actor=committee_member, hold=False, reason="轮换。", successor=newcomer)
    with pytest.raises(DomainError) as gone:
        decide_rotation(second, actor=committee_member, hold=False, reason="轮换。", successor=posts[2].nomination)
    with pytest.raises(DomainError) as kept:
        decide_rotation(third, actor=committee_member, hold=True, reason="好。", successor=newcomer)
    assert {taken.value.field, gone.value.field, kept.value.field} == {"successor"}


def test_everything_is_decided_before_the_release(turn, committee_member, officer):
    decide_rotation(items_of(turn)[0], actor=committee_member, hold=True, reason="好。")
    preview = preview_rotation(turn)

    assert (preview.undecided, preview.is_blocked) == (2, True)
    with pytest.raises(DomainError, match="尚未决定"):
        release_rotation(turn, actor=officer, held_on=OPENS)


def test_a_title_that_ends_meanwhile_needs_no_decision(turn, posts, committee_secretary, committee_member, officer):
    revoke_title(posts[0], actor=committee_secretary, reason="查证属实。")
    first, *others = items_of(turn)
    with pytest.raises(OutOfOrderError):
        decide_rotation(first, actor=committee_member, hold=True, reason="好。")
    hold_all(others, actor=committee_member, reason="履职良好。")

    assert release_rotation(turn, actor=officer, held_on=OPENS).status == "released"
    posts[0].refresh_from_db()
    assert posts[0].status == "revoked"


def test_who_decided_first_is_not_overwritten_unseen(turn, committee_member, committee_secretary):
    seen_by_both = items_of(turn)[0]
    decide_rotation(RotationItem.objects.get(pk=seen_by_both.pk), actor=committee_member, hold=True, reason="好。")

    with pytest.raises(StaleError, match="郑样甲"):
        decide_rotation(seen_by_both, actor=committee_secretary, hold=False, reason="轮换。")
    fresh = RotationItem.objects.get(pk=seen_by_both.pk)
    assert decide_rotation(fresh, actor=committee_secretary, hold=False, reason="轮换。").choice == "rotate_out"


def test_who_may_decide_and_release(turn, officer, secretary, member, committee_member):
    item = items_of(turn)[0]
    for user in (officer, secretary, member):
        with pytest.raises(NotAllowedError):
            decide_rotation(item, actor=user, hold=True, reason="好。")
    decide_all(turn, committee_member)
    from django.core.exceptions import PermissionDenied

    with pytest.raises(PermissionDenied):
        release_rotation(turn, actor=secretary, held_on=OPENS)


def test_nobody_decides_about_his_own_plaque(turn, posts, committee_member, branch):
    person = MemberFactory(branch=branch, user=committee_member)
    posts[1].holders.create(member=person, name=person.name, from_on=HUNG)
    item = turn.items.get(conferral=posts[1])

    with pytest.raises(NotAllowedError, match="本人"):
        decide_rotation(item, actor=committee_member, hold=True, reason="好。")


def test_candidates_are_nominated_again_while_a_turn_is_open(
    posts, campaign, branch, secretary, officer, committee_member
):
    """The last day for nominations is long over; the open turn takes them until its release."""
    type(campaign).objects.update(nominations_until=date(2026, 3, 1))
    PostKind.objects.get().stages.filter(position=1).update(actor=["branch"], kind="nominate")
    campaign.refresh_from_db()
    campaign.units.add(branch)
    kind = campaign.kinds.get()
    with time_machine.travel(at(OPENS), tick=False):
        with pytest.raises(DomainError):
            create_nomination(campaign, post_kind=kind, org_unit=branch, actor=secretary)
        assert startable_kinds(secretary) == []
        run_clock(OPENS, OPENS)
        assert startable_kinds(secretary) == [kind]
        create_nomination(campaign, post_kind=kind, org_unit=branch, actor=secretary)
        decide_all(Rotation.objects.get(), committee_member)
        release_rotation(Rotation.objects.get(), actor=officer, held_on=OPENS)
        assert startable_kinds(secretary) == []


def test_a_campaign_is_not_closed_over_an_open_turn(turn, campaign, committee_member, officer):
    assert closing_blockers(campaign) == ["有1轮流动挂牌尚未发布。"]
    decide_all(turn, committee_member)
    release_rotation(turn, actor=officer, held_on=OPENS)
    assert close_campaign(campaign, actor=officer).status == "closed"


def test_titles_of_a_closed_campaign_go_on_and_find_successors_in_the_next(posts, campaign, committee, branch):
    type(campaign).objects.update(status="closed")
    following = rotating(committee)
    newcomer = make_nomination(following.kinds.get(), branch, name="导办岗")
    run_clock(OPENS, OPENS)

    assert list(candidates(Rotation.objects.get())) == [newcomer]


def test_the_work_list_asks_the_body_then_the_releaser(turn, committee_member, officer, secretary):
    def rotations(user):
        return [todo.title for todo in todos_for(user) if "流动挂牌" in todo.title]

    assert rotations(committee_member) == ["流动挂牌：3个岗位待决定"]
    assert rotations(officer) == rotations(secretary) == []
    decide_all(turn, committee_member)
    assert rotations(officer) == ["流动挂牌：已逐岗决定，尚未发布"]
    assert rotations(committee_member) == []


def test_the_timeline_shows_when_plaques_rotate(committee):
    campaign = rotating(committee, interval_months=3)
    campaign.starts_on, campaign.ends_on = date(2026, 1, 5), date(2026, 12, 31)
    campaign.save()

    assert [event.on for event in campaign_timeline(campaign) if event.kind == "rotation"] == [
        date(2026, 4, 6),
        date(2026, 7, 6),
        date(2026, 10, 6),
    ]


def make_displayed_plaque(title):
    from posts.domain.plaque_register import issue_plaque

    unit = title.campaign.owner
    plaque = issue_plaque(title, kind="named", issuer=unit.name, issuer_unit=unit)
    plaque.status, plaque.issued_on, plaque.received_by = "displayed", title.displayed_on, "李样甲"
    plaque.save()
    return plaque


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        (
            "rotation_detail",
            {"committee_member": 200, "officer": 200, "discipline": 200, "secretary": 404, "member": 404},
        ),
        (
            "rotation_decide",
            {"committee_member": 200, "officer": 403, "discipline": 403, "secretary": 404, "stranger": 404},
        ),
    ],
)
def test_who_sees_the_pages(client, request, turn, name, expected):
    pk = turn.pk if name == "rotation_detail" else items_of(turn)[1].pk
    for who, status in expected.items():
        client.force_login(request.getfixturevalue(who))
        assert client.get(reverse(f"assessments:{name}", args=[pk])).status_code == status, who


def test_what_is_noted_stays_with_the_deciding_body(client, turn, committee_member, discipline):
    decide_rotation(items_of(turn)[0], actor=committee_member, hold=False, reason="保密的理由。")
    url = reverse("assessments:rotation_detail", args=[turn.pk])
    client.force_login(discipline)
    assert "保密的理由" not in client.get(url).content.decode()
    client.force_login(committee_member)
    assert "保密的理由" in client.get(url).content.decode()


def test_deciding_and_releasing_on_the_pages(client, turn, posts, committee_member, officer):
    rule = make_rule(posts[0].campaign, cadence="quarterly")
    make_review(
        posts[0],
        rule,
        period="2026-Q2",
        period_starts_on=date(2026, 4, 1),
        period_ends_on=date(2026, 6, 30),
        status="done",
        outcome="pass",
        done_by=officer,
    )
    detail = reverse("assessments:rotation_detail", args=[turn.pk])
    first, *others = items_of(turn)
    client.force_login(committee_member)
    data = {"hold": "0", "reason": "轮换。", "successor": "", "version": first.version}
    assert client.post(reverse("assessments:rotation_decide", args=[first.pk]), data).url == detail
    assert client.post(reverse("assessments:rotation_decide", args=[first.pk]), data).status_code == 400  # stale
    data = {"item": [i.pk for i in others], "reason": "履职良好。"} | {f"version{i.pk}": i.version for i in others}
    assert client.post(reverse("assessments:rotation_hold", args=[turn.pk]), data).url == detail
    client.force_login(officer)
    page = client.get(detail).content.decode()
    assert "2026-Q2" in page
    assert "暂无接替者" in page
    release = reverse("assessments:rotation_release", args=[turn.pk])
    assert client.post(release, {"held_on": "2027-01-01"}).status_code == 400
    assert client.post(release, {"held_on": OPENS, "document_number": "9号"}).url == detail
    post_page = client.get(reverse("posts:conferral_detail", args=[posts[0].pk])).content.decode()
    assert "轮换，交出标牌" in post_page
    assert client.post(release, {"held_on": OPENS}).status_code == 400


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_costs_the_same_for_any_number(
    client, quiet_menu, posts, committee_member, django_assert_num_queries, count, branch
):
    for month in range(count):
        start = date(2026, 1 + month, 1)
        Rotation.objects.create(
            post_kind=posts[0].post_kind,
            deciding_unit=posts[0].campaign.owner,
            period_starts_on=start,
            period_ends_on=start + timedelta(days=20),
            due_on=start + timedelta(days=50),
            status="missed",
        )
    client.force_login(committee_member)
    with django_assert_num_queries(4):
        client.get(reverse("assessments:rotation_list"))


@pytest.mark.parametrize("count", [1, 3])
def test_a_turn_costs_the_same_for_any_number_of_posts(
    client, quiet_menu, turn, committee_member, django_assert_num_queries, count
):
    for item in items_of(turn)[count:]:
        item.delete()
    client.force_login(committee_member)
    with django_assert_num_queries(7):
        client.get(reverse("assessments:rotation_detail", args=[turn.pk]))


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_officers_release_one_turn_once(turn, posts, branch, committee_member, officer, committee_secretary):
    newcomer = make_nomination(posts[0].post_kind, branch, name="导办岗")
    first, *others = items_of(turn)
    decide_rotation(first, actor=committee_member, hold=False, reason="轮换。", successor=newcomer)
    hold_all(others, actor=committee_member, reason="履职良好。")
    results = at_once(
        [
            lambda user=user: release_rotation(
                Rotation.objects.get(pk=turn.pk), actor=user, held_on=OPENS, document_number="9号"
            )
            for user in (officer, committee_secretary)
        ]
    )

    assert sum(isinstance(result, OutOfOrderError) for result in results) == 1
    assert Conferral.objects.filter(nomination=newcomer).count() == 1
    assert Conferral.objects.filter(status="rotated_out").count() == 1


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_people_decide_one_post_once(turn, committee_member, committee_secretary):
    item = items_of(turn)[0]
    results = at_once(
        [
            lambda user=user, hold=hold: decide_rotation(
                RotationItem(pk=item.pk, rotation=turn, version=1), actor=user, hold=hold, reason="意见。"
            )
            for user, hold in ((committee_member, True), (committee_secretary, False))
        ]
    )

    assert sum(isinstance(result, StaleError) for result in results) == 1
    assert RotationItem.objects.get(pk=item.pk).version == 2


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_clocks_open_a_turn_once(posts):
    from campaigns.domain.clock import tick

    with time_machine.travel(at(OPENS), tick=False):
        at_once([tick] * 4)

    assert Rotation.objects.count() == 1
    assert RotationItem.objects.count() == 3


def test_the_page_of_a_post_tells_who_has_carried_its_plaque(
    client, turn, posts, branch, committee_member, officer, secretary
):
    """Two turns: the window's plaque goes to the guide and from there to the hotline."""
    guide = make_nomination(posts[0].post_kind, branch, name="导办岗")
    first, *others = items_of(turn)
    decide_rotation(first, actor=committee_member, hold=False, reason="让新岗位。", successor=guide)
    hold_all(others, actor=committee_member, reason="履职良好。")
    release_rotation(turn, actor=officer, held_on=OPENS, document_number="9号")
    post = Conferral.objects.get(nomination=guide)
    hand_over(post.plaques.get(), actor=officer, received_by="甲")
    again = open_rotation(post.post_kind, Interval(date(2026, 8, 1), date(2027, 1, 30)))[0]
    last = make_nomination(posts[0].post_kind, branch, name="夜班岗")
    for item in items_of(again):
        if item.conferral == post:
            decide_rotation(item, actor=committee_member, hold=False, reason="轮换。", successor=last)
        else:
            decide_rotation(item, actor=committee_member, hold=True, reason="履职良好。")
    release_rotation(again, actor=officer, held_on=OPENS, document_number="10号")
    post.refresh_from_db()
    posts[0].refresh_from_db()

    chain = [(str(each.conferral), each.people, each.until) for each in carriers_of(post)]
    names = [[holder.name for holder in each.conferral.holders.all()] for each in carriers_of(post)]
    assert chain == [
        ("综合窗口岗", names[0], OPENS),
        ("导办岗", names[1], OPENS),
        ("夜班岗", names[2], None),
    ]
    assert names[0] == ["陈样甲"]
    assert [each.conferral for each in carriers_of(posts[0])] == [each.conferral for each in carriers_of(post)]
    assert [str(each.conferral) for each in carriers_of(posts[1])] == ["热线岗"]
    client.force_login(secretary)
    page = client.get(reverse("posts:conferral_detail", args=[post.pk])).content.decode()
    table = page.partition("历任挂牌岗位")[2].partition("</table>")[0]
    assert [name for name in ("综合窗口岗", "导办岗", "夜班岗") if name in table] == ["综合窗口岗", "导办岗", "夜班岗"]
    assert table.index("综合窗口岗") < table.index("导办岗") < table.index("夜班岗")
