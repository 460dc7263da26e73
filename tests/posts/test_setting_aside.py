"""A wrong revocation is put right: everything it took comes back, and both decisions stay readable."""

import json

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import verify_journal
from campaigns.domain.members import let_member_leave
from campaigns.models import JournalEntry, Message, Quota, Role
from posts.domain import setting_aside
from posts.domain.bans import lift_ban
from posts.domain.plaque_register import register_gaps
from posts.domain.plaques import hand_over, mark_lost, return_plaque
from posts.domain.revocations import annul_decision, revoke_title
from posts.domain.setting_aside import preview_set_aside, set_aside_revocation, why_not_set_aside
from posts.models import Ban, Conferral, ConferralStatus, Nomination, PlaqueStatus, Revocation
from tests.factories import UserFactory
from tests.posts.cases import DECIDE, PLAQUE, make_conferral, make_kind, open_run
from tests.posts.holders import member_at, named_team, names_of

pytestmark = pytest.mark.django_db

WRONG = {"reason": "经复核，受处分的是同名的另一人。", "document": "青示委发〔2026〕12号"}


@pytest.fixture
def post(committee, branch, committee_member, officer, member):
    found = make_conferral(
        make_kind(committee), branch, decider=committee_member, releaser=officer, members=[member.member]
    )
    hand_over(found.plaques.get(), actor=officer, received_by="陈样甲")
    return Conferral.objects.get(pk=found.pk)


@pytest.fixture
def revoked(post, committee_secretary):
    revoke_title(post, actor=committee_secretary, reason="收取红包，受警告处分。", document="9号")
    Message.objects.all().delete()
    return Conferral.objects.get(pk=post.pk)


def fresh(conferral):
    return Conferral.objects.get(pk=conferral.pk)


def test_setting_aside_gives_back_all_that_was_taken(revoked, committee_member, member, secretary, officer):
    set_aside_revocation(revoked, actor=committee_member, **WRONG)

    post, plaque, ban = fresh(revoked), revoked.plaques.get(), Ban.objects.get()
    assert (post.status, post.ended_on, post.end_reason, post.end_document) == ("active", None, "", "")
    assert (plaque.status, plaque.recall_due_on, plaque.recalled_at) == ("displayed", None, None)
    assert (post.holders.get().member, post.holders.get().until_on) == (member.member, None)
    assert (ban.is_in_force, ban.lifted_by) == (False, committee_member)
    assert set(Message.objects.values_list("user", flat=True)) == {member.pk, secretary.pk, officer.pk}
    assert list(verify_journal()) == []


def test_both_decisions_stay_readable(revoked, committee_member, committee_secretary, officer, client):
    set_aside_revocation(revoked, actor=committee_member, **WRONG)

    kept = Revocation.objects.get()
    assert (kept.document, kept.decided_by) == ("9号", committee_secretary)
    assert (kept.set_aside_document, kept.set_aside_by) == (WRONG["document"], committee_member)
    client.force_login(officer)
    page = client.get(reverse("posts:conferral_detail", args=[revoked.pk])).content.decode()
    assert "9号" in page
    assert WRONG["document"] in page
    client.logout()
    public = client.get(reverse("posts:public_post", args=[revoked.public_id])).content.decode()
    assert "撤销决定有误" in public
    assert WRONG["document"] in public


def test_who_may_set_aside(
    revoked, committee, committee_member, committee_secretary, officer, secretary, discipline, member
):
    people = [committee_member, committee_secretary, officer, secretary, discipline, member, UserFactory()]
    assert [not why_not_set_aside(user, revoked) for user in people] == [True, *[False] * 6]
    appoint(member, org_unit=committee, role=Role.COMMITTEE_MEMBER, actor=None)
    sentences = {why_not_set_aside(user, revoked) for user in (member, committee_secretary, officer)}
    assert len(sentences) == 3  # in his own case, by the one who revoked, without the role
    for user in people[1:]:
        with pytest.raises(NotAllowedError):
            set_aside_revocation(revoked, actor=user, **WRONG)
    assert fresh(revoked).status == "revoked"


@pytest.mark.parametrize("field", ["reason", "document"])
def test_a_gap_is_refused_at_its_field(revoked, committee_member, field):
    with pytest.raises(DomainError) as error:
        set_aside_revocation(revoked, actor=committee_member, **{**WRONG, field: " "})
    assert error.value.field == field
    assert Revocation.objects.standing().exists()


def test_only_what_stands_revoked_is_set_aside_and_once(post, committee_member, committee_secretary, officer):
    with pytest.raises(OutOfOrderError):
        set_aside_revocation(post, actor=committee_member, **WRONG)
    revoke_title(post, actor=committee_secretary, reason="x")
    set_aside_revocation(post, actor=committee_member, **WRONG)
    with pytest.raises(OutOfOrderError):
        set_aside_revocation(post, actor=committee_member, **WRONG)
    revoke_title(fresh(post), actor=committee_secretary, reason="另一件事。")
    assert [r.is_standing for r in post.revocations.all()] == [False, True]


def test_an_annulled_naming_is_not_given_back_one_by_one(post, officer, committee_member):
    annul_decision(post.decision, actor=officer, reason="违规", document="1号")
    with pytest.raises(OutOfOrderError):
        set_aside_revocation(post, actor=committee_member, **WRONG)


@pytest.mark.parametrize("fate", ["returned", "lost"])
def test_a_plaque_that_is_gone_is_made_anew(revoked, committee_member, officer, fate):
    plaque = revoked.plaques.get()
    if fate == "lost":
        mark_lost(plaque, actor=officer, note="搬迁遗失", lost_by="陈样甲")
    else:
        return_plaque(plaque, actor=officer, returned_by="陈样甲")
    preview = preview_set_aside(revoked.revocations.get())
    set_aside_revocation(revoked, actor=committee_member, **WRONG)

    assert (preview.made_anew, preview.hang_again) == ([plaque.number], [])
    old, new = revoked.plaques.order_by("pk")
    assert (old.status, new.status, new.replaces) == (fate, PlaqueStatus.TO_PRINT, old)
    assert register_gaps() == []


def test_a_nomination_that_was_cut_off_goes_on(committee, branch, committee_member, officer, committee_secretary):
    """Named, but its plaque not handed over yet."""
    post = make_conferral(make_kind(committee), branch, decider=committee_member, releaser=officer)
    revoke_title(post, actor=committee_secretary, reason="x")
    assert Nomination.objects.get().status == "not_passed"
    set_aside_revocation(post, actor=committee_member, **WRONG)

    nomination = Nomination.objects.get()
    assert (nomination.status, open_run(nomination).kind, nomination.finished_at) == ("in_progress", "plaque", None)
    waiting = post.plaques.get(status=PlaqueStatus.TO_PRINT)
    hand_over(waiting, actor=officer, received_by="陈样甲")
    assert (fresh(post).displayed_on, Nomination.objects.get().status) == (timezone.localdate(), "completed")


def test_who_left_meanwhile_does_not_come_back_and_the_team_is_repaired(
    committee, branch, committee_member, officer, committee_secretary
):
    post = named_team(committee, branch, decider=committee_member, releaser=officer, people=2, min_party=2)
    gone = member_at(post, 0)
    stays = member_at(post, 1)
    revoke_title(post, actor=committee_secretary, reason="x")
    let_member_leave(gone, on=timezone.localdate(), actor=officer)
    set_aside_revocation(post, actor=committee_member, **WRONG)

    assert names_of(post) == [stays.name]
    assert (fresh(post).status, post.repairs.get().status) == ("active", "open")


def test_nobody_left_takes_the_blame_away_but_gives_no_title(revoked, member, officer, committee_member):
    let_member_leave(member.member, on=timezone.localdate(), actor=officer)
    assert not preview_set_aside(revoked.revocations.get()).lives
    set_aside_revocation(revoked, actor=committee_member, **WRONG)

    post = fresh(revoked)
    assert (post.status, post.holders.filter(until_on__isnull=True).exists()) == (ConferralStatus.EXPIRED, False)
    assert not Ban.objects.in_force().exists()
    assert post.plaques.get().status == PlaqueStatus.RECALLED


def test_a_ban_that_was_lifted_before_stays_as_it_was(revoked, officer, committee_member):
    lift_ban(Ban.objects.get(), actor=officer, reason="表现良好。")
    set_aside_revocation(revoked, actor=committee_member, **WRONG)
    assert Ban.objects.get().lift_reason == "表现良好。"


def test_setting_aside_is_whole_or_nothing(revoked, committee_member, monkeypatch):
    def breaks(_conferral, _revocation):
        raise RuntimeError("the last step")

    monkeypatch.setattr(setting_aside, "on_restored", [breaks])
    with pytest.raises(RuntimeError):
        set_aside_revocation(revoked, actor=committee_member, **WRONG)

    assert (fresh(revoked).status, revoked.plaques.get().status) == ("revoked", "recalled")
    assert Ban.objects.in_force().exists()
    assert Revocation.objects.standing().exists()


def test_the_database_wants_another_person_and_a_document(revoked, committee_secretary, committee_member):
    wrong = [
        {"set_aside_by": committee_secretary, "set_aside_reason": "x", "set_aside_document": "1号"},
        {"set_aside_by": committee_member, "set_aside_reason": "x", "set_aside_document": ""},
    ]
    for fields in wrong:
        with pytest.raises(IntegrityError), transaction.atomic():
            Revocation.objects.update(set_aside_at=timezone.now(), **fields)


def test_the_page_shows_what_comes_back_and_does_it(revoked, client, committee_member, committee_secretary, officer):
    url = reverse("posts:conferral_set_aside", args=[revoked.pk])
    for user, status in ((committee_member, 200), (committee_secretary, 403), (officer, 403), (UserFactory(), 404)):
        client.force_login(user)
        assert client.get(url).status_code == status
    client.force_login(committee_member)
    page = client.get(url).content.decode()
    for shown in (revoked.plaques.get().number, "陈样甲", "9号"):
        assert shown in page
    assert client.post(url, {"reason": "", "document": "12号"}).status_code == 400
    assert client.post(url, WRONG).status_code == 302
    assert fresh(revoked).status == "active"
    assert client.get(url).status_code == 302


def test_a_creation_goes_on_where_it_was_cut_off(committee, branch, committee_member, officer, committee_secretary):
    admit = {**DECIDE, "params": {"effect": "admit"}}
    kind = make_kind(committee, admit, {**PLAQUE, "params": {"plaque_kind": "creating"}}, DECIDE, PLAQUE)
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    hand_over(post.plaques.get(), actor=officer, received_by="陈样甲")
    revoke_title(fresh(post), actor=committee_secretary, reason="x")
    set_aside_revocation(post, actor=committee_member, **WRONG)

    nomination = Nomination.objects.get()
    assert (fresh(post).status, nomination.status, open_run(nomination).position) == ("creating", "in_progress", 3)
    assert post.plaques.get().status == PlaqueStatus.DISPLAYED


@pytest.fixture
def crowded(revoked, branch, committee_member, officer, member):
    """Meanwhile the branch's only place, and the person himself, were given to another post."""
    kind = revoked.post_kind
    kind.rules = {**kind.rules, "one_post_per_person": True, "clauses": {"one_post_per_person": "二、一人一岗"}}
    kind.save()
    Quota.objects.create(campaign=revoked.campaign, code="one", scope="branch", params={"max": 1, "spare": 1})
    lift_ban(Ban.objects.get(), actor=officer, reason="复核。")
    other = make_conferral(kind, branch, decider=committee_member, releaser=officer, members=[member.member], name="乙")
    assert other.status == "active"
    return revoked


def test_places_and_people_given_out_meanwhile_are_named_and_must_be_confirmed(crowded, committee_member, client):
    quota, person = preview_set_aside(setting_aside.standing_revocation(fresh(crowded))).conflicts
    assert quota.startswith(f"{crowded.org_unit}共有 1 个名额，已用 1 个，恢复后再多一个。")
    assert person == "陈样甲已在“乙”上岗，每人只能担任一个岗位（二、一人一岗）"
    with pytest.raises(DomainError, match="每人只能担任一个岗位") as error:
        set_aside_revocation(crowded, actor=committee_member, **WRONG)
    assert (error.value.field, fresh(crowded).status) == ("despite", "revoked")

    client.force_login(committee_member)
    url = reverse("posts:conferral_set_aside", args=[crowded.pk])
    assert quota in client.get(url).content.decode()
    assert client.post(url, WRONG).status_code == 400
    assert client.post(url, {**WRONG, "despite": "on"}).status_code == 302

    assert fresh(crowded).status == "active"
    facts = json.loads(JournalEntry.objects.get(kind="revocation_set_aside").body)["facts"]
    assert (facts["over_quota"], facts["second_post"]) == (1, 1)


def test_a_title_that_stays_ended_takes_no_place(crowded, committee_member, member, officer):
    let_member_leave(member.member, on=timezone.localdate(), actor=officer)

    set_aside_revocation(crowded, actor=committee_member, **WRONG)

    assert fresh(crowded).status == "expired"


def test_without_conflicts_nothing_has_to_be_confirmed(revoked, committee_member, client):
    client.force_login(committee_member)

    assert 'name="despite"' not in client.get(reverse("posts:conferral_set_aside", args=[revoked.pk])).content.decode()
