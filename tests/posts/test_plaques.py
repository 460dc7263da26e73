from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import Role, UnitKind
from posts.domain.conferrals import end_conferral
from posts.domain.decisions import preview_release, propose_decisions
from posts.domain.plaque_register import register_gaps
from posts.domain.plaques import (
    hand_over,
    mark_damaged,
    mark_lost,
    mark_printed,
    recall_plaque,
    replace_plaque,
    return_plaque,
)
from posts.models import Plaque, PlaqueSeries, PlaqueStatus
from tests.factories import MemberFactory, UserFactory, make_unit
from tests.posts.cases import DECIDE, PLAQUE, make_conferral, make_kind, make_nomination, open_run


@pytest.fixture
def kind(committee):
    return make_kind(committee)


@pytest.fixture
def post(kind, branch, committee_member, officer):
    return make_conferral(kind, branch, decider=committee_member, releaser=officer)


@pytest.fixture
def plaque(post):
    return post.plaques.get()


def test_a_hand_over_is_signed_for_and_ends_the_nomination(post, plaque, officer):
    hand_over(plaque, actor=officer, received_by="陈样甲", place="一楼3号窗口")

    plaque.refresh_from_db()
    post.refresh_from_db()
    today = timezone.localdate()
    assert (plaque.status, plaque.received_by, plaque.place) == ("displayed", "陈样甲", "一楼3号窗口")
    assert (plaque.issued_on, plaque.issued_by, post.displayed_on) == (today, officer, today)
    post.nomination.refresh_from_db()
    assert post.nomination.status == "completed"


def test_a_plaque_is_handed_over_once(plaque, officer):
    hand_over(plaque, actor=officer, received_by="陈样甲")
    with pytest.raises(OutOfOrderError, match=plaque.number):
        hand_over(plaque, actor=officer, received_by="陈样甲")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"received_by": " "}, "received_by"),
        ({"received_by": "陈样甲", "on": timezone.localdate() + timedelta(days=1)}, "on"),
        ({"received_by": "陈样甲", "on": timezone.localdate() - timedelta(days=1)}, "on"),
    ],
)
def test_a_hand_over_needs_a_name_and_a_sound_day(plaque, officer, fields, field):
    with pytest.raises(DomainError) as error:
        hand_over(plaque, actor=officer, **fields)
    assert error.value.field == field


def test_only_the_issuer_hands_over(plaque, secretary, committee_member, stranger):
    for user in (secretary, committee_member, stranger):
        with pytest.raises(NotAllowedError):
            hand_over(plaque, actor=user, received_by="陈样甲")


def test_nobody_says_what_becomes_of_the_plaque_of_his_own_post(kind, branch, committee_member, officer, client):
    """Not to hang it, not to call it back or in, not to write it off; nor to replace it, once he has left the post."""
    deputy = UserFactory()
    appoint(deputy, org_unit=kind.campaign.owner, role=Role.OFFICER, actor=None)
    post = make_conferral(
        kind, branch, decider=committee_member, releaser=deputy, members=[MemberFactory(branch=branch, user=officer)]
    )
    plaque = post.plaques.get()
    with pytest.raises(NotAllowedError, match="不得办理本人事项"):
        hand_over(plaque, actor=officer, received_by="陈样甲")
    hand_over(plaque, actor=deputy, received_by="陈样甲")
    client.force_login(officer)
    for call, words in (
        (recall_plaque, {"reason": "破损"}),
        (return_plaque, {"returned_by": "陈样甲"}),
        (mark_lost, {"note": "搬迁中遗失", "lost_by": "陈样甲"}),
        (mark_damaged, {"note": "边角破损", "damaged_by": "陈样甲"}),
        (replace_plaque, {"reason": "遗失补办"}),
    ):
        with pytest.raises(NotAllowedError, match="不得办理本人事项"):
            call(plaque, actor=officer, **words)
    assert client.get(reverse("posts:plaque_lost", args=[plaque.pk])).status_code == 403
    assert 'name="plaque"' not in client.get(reverse("posts:plaque_list")).content.decode()

    mark_lost(plaque, actor=deputy, note="搬迁中遗失", lost_by="陈样甲")
    post.holders.update(until_on=timezone.localdate())
    with pytest.raises(NotAllowedError, match="不得办理本人事项"):
        replace_plaque(plaque, actor=officer, reason="遗失补办")


def test_the_place_comes_from_the_post_and_the_scheme(committee, branch, committee_member, officer):
    kind = make_kind(committee, DECIDE, {**PLAQUE, "params": {"place": "办公室显著位置"}})
    stated = make_conferral(kind, branch, decider=committee_member, releaser=officer, place="二楼大厅")
    silent = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    places = [hand_over(c.plaques.get(), actor=officer, received_by="陈样甲").place for c in (stated, silent)]

    assert places == ["二楼大厅，办公室显著位置", "办公室显著位置"]


def test_one_plaque_for_each_holder(committee, branch, committee_member, officer):
    kind = make_kind(committee, DECIDE, {**PLAQUE, "params": {"per": "holder"}}, holder="team", code="team")
    members = MemberFactory.create_batch(2, branch=branch)
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer, members=members)
    first, second = post.plaques.all()
    waiting = make_nomination(kind, branch, members=MemberFactory.create_batch(2, branch=branch))
    decision = propose_decisions([open_run(waiting)], outcome="approved", actor=committee_member)
    assert "QY-2026-T-003、QY-2026-T-004" in preview_release(decision).lines[0].effects[1]
    hand_over(first, actor=officer, received_by=members[0].name)
    post.nomination.refresh_from_db()
    assert (post.nomination.status, [first.for_name, second.for_name]) == ("in_progress", [m.name for m in members])
    hand_over(second, actor=officer, received_by=members[1].name)
    post.nomination.refresh_from_db()
    assert post.nomination.status == "completed"
    assert [first.number, second.number] == ["QY-2026-T-001", "QY-2026-T-002"]


def test_a_recall_is_expected_back_and_returns(plaque, officer):
    hand_over(plaque, actor=officer, received_by="陈样甲")
    recall_plaque(plaque, actor=officer, reason="破损")
    plaque.refresh_from_db()
    assert (plaque.status, plaque.is_overdue) == ("recalled", False)
    return_plaque(plaque, actor=officer, returned_by="陈样甲")
    plaque.refresh_from_db()
    assert (plaque.status, plaque.returned_on, plaque.returned_to) == ("returned", timezone.localdate(), officer)


def test_a_lost_plaque_is_replaced_once_under_a_new_number(plaque, officer):
    hand_over(plaque, actor=officer, received_by="陈样甲")
    mark_lost(plaque, actor=officer, note="搬迁中遗失", lost_by="陈样甲")
    new = replace_plaque(plaque, actor=officer, reason="遗失补办")
    assert (new.number, new.replaces, new.status) == ("QY-2026-P-002", plaque, "to_print")
    with pytest.raises(OutOfOrderError):
        replace_plaque(plaque, actor=officer, reason="遗失补办")
    hand_over(new, actor=officer, received_by="陈样甲")
    return_plaque(plaque, actor=officer, returned_by="陈样甲", note="找回")
    assert sorted(Plaque.objects.values_list("status", flat=True)) == ["displayed", "returned"]


def test_a_loss_and_a_damage_are_signed_for(plaque, officer, secretary):
    hand_over(plaque, actor=officer, received_by="陈样甲")
    for call, field in ((mark_lost, "lost_by"), (mark_damaged, "damaged_by")):
        for change, wrong in (({field: " "}, field), ({"note": " "}, "note"), ({"on": date(2030, 1, 1)}, "on")):
            with pytest.raises(DomainError) as error:
                call(plaque, actor=officer, **{field: "陈样甲", "note": "边角破损", **change})
            assert error.value.field == wrong
    with pytest.raises(NotAllowedError):
        mark_damaged(plaque, actor=secretary, damaged_by="陈样甲", note="边角破损")
    damaged = mark_damaged(plaque, actor=officer, damaged_by="陈样甲", note="边角破损")
    assert (damaged.status, damaged.damaged_by) == ("displayed", "陈样甲")
    lost = mark_lost(plaque, actor=officer, lost_by="李样甲", note="搬迁遗失")
    assert (lost.status, lost.lost_by, lost.lost_on) == ("lost", "李样甲", timezone.localdate())
    with pytest.raises(OutOfOrderError):
        mark_damaged(plaque, actor=officer, damaged_by="陈样甲", note="边角破损")


def test_a_damaged_plaque_is_called_back_when_replaced(plaque, officer):
    hand_over(plaque, actor=officer, received_by="陈样甲")
    replace_plaque(plaque, actor=officer, reason="破损")
    plaque.refresh_from_db()
    assert plaque.status == "recalled"


def test_an_ended_title_gets_no_new_plaque(post, plaque, officer):
    hand_over(plaque, actor=officer, received_by="陈样甲")
    end_conferral(post, actor=officer, status="expired", reason="退休")
    return_plaque(plaque, actor=officer, returned_by="陈样甲")
    with pytest.raises(OutOfOrderError):
        replace_plaque(plaque, actor=officer, reason="补办")


def test_printing_is_noted_once(plaque, officer, secretary):
    assert (mark_printed([plaque], actor=officer), mark_printed([plaque], actor=officer)) == (1, 0)


def test_numbers_belong_to_an_organisation_and_a_year(kind, branch, committee_member, officer, committee):
    first = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    kind.campaign.year = 2027
    kind.campaign.save()
    second = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    assert [c.plaques.get().number for c in (first, second)] == ["QY-2026-P-001", "QY-2027-P-001"]


class RegisterTests(TestCase):
    """Whatever is done with the plaques, in whatever order: no number twice, none missing."""

    acts = st.lists(
        st.tuples(st.sampled_from(["confer", "hand", "recall", "return", "lose", "replace", "end"]), st.integers(0, 9)),
        max_size=25,
    )

    @given(acts=acts)
    @settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_the_register_always_adds_up(self, acts):
        committee = make_unit(UnitKind.COMMITTEE, code="QY")
        branch = make_unit(parent=committee)
        officer, decider = UserFactory(), UserFactory()
        appoint(officer, org_unit=committee, role=Role.OFFICER, actor=None)
        appoint(decider, org_unit=committee, role=Role.COMMITTEE_MEMBER, actor=None)
        kind = make_kind(committee)
        issued = 0
        for act, choice in [("confer", 0), *acts]:
            plaques = list(Plaque.objects.order_by("pk"))
            plaque = plaques[choice % len(plaques)] if plaques else None
            try:
                _do(act, plaque, kind=kind, branch=branch, officer=officer, decider=decider)
            except DomainError:
                continue
            issued += act == "hand"
        assert register_gaps() == []
        numbers = list(Plaque.objects.values_list("number", flat=True))
        assert len(numbers) == len(set(numbers)) == PlaqueSeries.objects.get().last
        n = {status: Plaque.objects.filter(status=status).count() for status in PlaqueStatus.values}
        # Issued = displayed (or called back and still out) + returned + lost.
        assert issued == n["displayed"] + n["recalled"] + n["returned"] + n["lost"]
        assert len(numbers) == issued + n["to_print"] + n["void"]
        assert not Plaque.objects.filter(status="displayed", conferral__ended_on__isnull=False).exists()
        assert not Plaque.objects.filter(status="displayed", received_by="").exists()


def _do(act, plaque, *, kind, branch, officer, decider):
    if act == "confer":
        make_conferral(kind, branch, decider=decider, releaser=officer)
    elif act == "hand":
        hand_over(plaque, actor=officer, received_by="陈样甲")
    elif act == "recall":
        recall_plaque(plaque, actor=officer, reason="破损")
    elif act == "return":
        return_plaque(plaque, actor=officer, returned_by="陈样甲")
    elif act == "lose":
        mark_lost(plaque, actor=officer, note="遗失", lost_by="陈样甲")
    elif act == "replace":
        replace_plaque(plaque, actor=officer, reason="补办")
    else:
        end_conferral(plaque.conferral, actor=officer, status="expired", reason="退休")
