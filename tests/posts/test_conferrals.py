from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import JournalEntry, Message
from posts.domain import conferrals
from posts.domain.conferrals import end_conferral, mark_active, mark_rectifying
from posts.domain.display import resume_display, suspend_display
from posts.domain.plaques import hand_over
from posts.domain.revocations import annul_decision, revoke_title
from posts.models import Ban, Conferral, Plaque
from tests.factories import MemberFactory
from tests.posts.cases import make_conferral, make_kind

GROUND = "重大违法违纪"
REASON = "收取群众红包，受警告处分。"


@pytest.fixture
def kind(committee):
    return make_kind(committee)


@pytest.fixture
def conferral(kind, branch, committee_member, officer, member):
    found = make_conferral(kind, branch, decider=committee_member, releaser=officer, members=[member.member])
    hand_over(found.plaques.get(), actor=officer, received_by="陈样甲")
    found.refresh_from_db()
    Message.objects.all().delete()
    return found


@pytest.fixture
def calls(monkeypatch):
    """The registers of other apps, emptied, and what they were called with."""
    seen = []
    monkeypatch.setattr(conferrals, "on_displayed", [lambda c: seen.append(("displayed", c.pk))])
    monkeypatch.setattr(conferrals, "on_ended", [lambda c: seen.append(("ended", c.pk, c.status))])
    return seen


@time_machine.travel("2026-12-08 10:00+08:00", tick=False)
def test_a_revocation_does_everything_at_once(conferral, committee_secretary, member, secretary, officer):
    revoke_title(conferral, actor=committee_secretary, reason=REASON, document="9号", ground_text=GROUND)

    conferral.refresh_from_db()
    plaque, ban = conferral.plaques.get(), Ban.objects.get()
    assert (conferral.status, conferral.ended_on, conferral.end_document) == ("revoked", date(2026, 12, 8), "9号")
    assert conferral.end_reason == f"{GROUND}：{REASON}"
    assert (plaque.status, plaque.recall_due_on) == ("recalled", date(2026, 12, 11))
    assert (ban.member, ban.year, ban.document) == (member.member, 2026, "9号")
    assert conferral.holders.get().until_on == date(2026, 12, 8)
    assert set(Message.objects.values_list("user", flat=True)) == {
        member.pk,
        officer.pk,
        secretary.pk,
    }
    assert plaque.number in Message.objects.filter(user=member).get().body
    assert JournalEntry.objects.filter(kind="conferral_ended").count() == 1


def test_a_revocation_is_whole_or_nothing(conferral, committee_secretary, monkeypatch):
    before = _picture()

    def fail(_conferral):
        raise RuntimeError("the last step fails")

    monkeypatch.setattr(conferrals, "on_ended", [fail])
    with pytest.raises(RuntimeError):
        revoke_title(conferral, actor=committee_secretary, reason=REASON)

    assert _picture() == before


def test_a_title_is_revoked_once(conferral, committee_secretary):
    revoke_title(conferral, actor=committee_secretary, reason=REASON)
    with pytest.raises(OutOfOrderError):
        revoke_title(conferral, actor=committee_secretary, reason=REASON)
    assert Ban.objects.count() == 1


def test_only_who_decides_on_a_veto_revokes(conferral, secretary, officer, discipline, stranger, member):
    for user in (secretary, officer, discipline, stranger, member):
        with pytest.raises(NotAllowedError):
            revoke_title(conferral, actor=user, reason=REASON)


def test_nobody_revokes_his_own_title(kind, branch, committee_member, committee_secretary, officer):
    own = MemberFactory(branch=branch, user=committee_secretary)
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer, members=[own])
    with pytest.raises(NotAllowedError):
        revoke_title(post, actor=committee_secretary, reason=REASON)


def test_a_revocation_needs_a_reason(conferral, committee_secretary):
    with pytest.raises(DomainError):
        revoke_title(conferral, actor=committee_secretary, reason=" ")


def test_a_ban_follows_the_campaign_and_can_name_people(kind, branch, committee_member, committee_secretary, officer):
    kind.campaign.rules = {"consequences": {"ban_same_year": False}}
    kind.campaign.save()
    members = MemberFactory.create_batch(2, branch=branch)
    first = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    second = make_conferral(kind, branch, decider=committee_member, releaser=officer, members=members)
    revoke_title(first, actor=committee_secretary, reason=REASON)
    revoke_title(second, actor=committee_secretary, reason=REASON, ban=True, members=members[:1])

    assert [ban.member for ban in Ban.objects.all()] == members[:1]


def test_a_plaque_that_never_went_out_becomes_void(kind, branch, committee_member, committee_secretary, officer):
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    revoke_title(post, actor=committee_secretary, reason=REASON)

    post.nomination.refresh_from_db()
    assert (post.plaques.get().status, post.nomination.status) == ("void", "not_passed")


def test_other_apps_hear_of_display_and_end(kind, branch, committee_member, committee_secretary, officer, calls):
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    assert calls == []
    hand_over(post.plaques.get(), actor=officer, received_by="陈样甲")
    assert calls == [("displayed", post.pk)]
    revoke_title(post, actor=committee_secretary, reason=REASON)
    assert calls[1:] == [("ended", post.pk, "revoked")]


@pytest.mark.parametrize("status", ["adjusted", "rotated_out", "expired"])
def test_a_quiet_end_recalls_without_ban(conferral, officer, status):
    end_conferral(conferral, actor=officer, status=status, reason="岗位人员退休。")

    conferral.refresh_from_db()
    assert (conferral.status, conferral.plaques.get().status, Ban.objects.count()) == (status, "recalled", 0)


def test_a_quiet_end_is_no_revocation_and_needs_the_right(conferral, officer, secretary):
    with pytest.raises(DomainError):
        end_conferral(conferral, actor=officer, status="revoked", reason=REASON)
    with pytest.raises(NotAllowedError):
        end_conferral(conferral, actor=secretary, status="adjusted", reason=REASON)


def test_the_clock_may_end_a_title(conferral):
    assert end_conferral(conferral, actor=None, status="expired", reason="任期届满。").status == "expired"


def test_rectifying_goes_there_and_back(conferral):
    mark_rectifying(conferral)
    assert Conferral.objects.get(pk=conferral.pk).status == "rectifying"
    with pytest.raises(OutOfOrderError):
        mark_rectifying(conferral)
    mark_active(conferral)
    assert Conferral.objects.get(pk=conferral.pk).status == "active"


def test_display_rests_and_resumes(conferral, discipline, secretary, member):
    with pytest.raises(NotAllowedError):
        suspend_display(conferral, actor=member, reason="待查")
    assert suspend_display(conferral, actor=discipline, reason="待查").suspended_at is not None
    assert resume_display(conferral, actor=discipline).suspended_at is None
    assert conferral.status == "active"


def test_a_whole_decision_is_annulled(kind, branch, committee_member, officer, secretary):
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    hand_over(post.plaques.get(), actor=officer, received_by="陈样甲")
    with pytest.raises(PermissionDenied):
        annul_decision(post.decision, actor=secretary, reason="违规", document="总工〔2024〕1号")
    items = annul_decision(post.decision, actor=officer, reason="违规开展创建示范活动", document="总工〔2024〕1号")

    post.refresh_from_db()
    assert (post.status, Ban.objects.count(), post.end_document) == ("revoked", 0, "总工〔2024〕1号")
    assert [(item.plaques, len(item.documents)) for item in items] == [(["QY-2026-P-001"], 3)]
    with pytest.raises(OutOfOrderError):
        annul_decision(post.decision, actor=officer, reason="违规", document="总工〔2024〕1号")


def test_the_term_of_a_recall_is_a_rule(kind, branch, committee_member, committee_secretary, officer):
    kind.campaign.rules = {"consequences": {"recall_days": 1}}
    kind.campaign.save()
    post = make_conferral(kind, branch, decider=committee_member, releaser=officer)
    hand_over(post.plaques.get(), actor=officer, received_by="陈样甲")
    with time_machine.travel("2026-12-04 10:00+08:00", tick=False):  # a Friday
        revoke_title(post, actor=committee_secretary, reason=REASON)
    assert post.plaques.get().recall_due_on == date(2026, 12, 7)


def _picture():
    return [list(model.objects.order_by("pk").values()) for model in (Conferral, Plaque, Ban, Message, JournalEntry)]
