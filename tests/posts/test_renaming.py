"""A post or a unit gets another name; its plaque follows."""

import pytest
from django.urls import reverse

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.models import Message, OrgUnit
from posts.domain.conferrals import end_conferral
from posts.domain.plaques import hand_over, replace_plaque
from posts.domain.renaming import rename_post
from posts.models import Conferral, Plaque, Renaming
from tests.posts.cases import make_conferral, make_kind

pytestmark = pytest.mark.django_db

NEW = {"name": "一窗通办示范岗", "reason": "窗口合并。", "document": "青示办〔2026〕3号"}


@pytest.fixture
def post(committee, branch, committee_member, officer, member):
    found = make_conferral(
        make_kind(committee), branch, decider=committee_member, releaser=officer, members=[member.member]
    )
    hand_over(found.plaques.get(), actor=officer, received_by="陈样甲")
    Message.objects.all().delete()
    return Conferral.objects.get(pk=found.pk)


def test_a_renamed_post_goes_on_and_its_plaque_is_marked_until_it_is_replaced(post, officer, member):
    address = post.public_id
    rename_post(post, actor=officer, **NEW)

    renamed, old = Conferral.objects.get(), Plaque.objects.get()
    assert (renamed.name, renamed.public_id, renamed.status) == (NEW["name"], address, "active")
    assert (Renaming.objects.get().old_name, old.shows_old_name) == ("综合窗口", True)
    assert Message.objects.filter(user=member).count() == 1
    new = replace_plaque(old, actor=officer, reason="更名")
    assert (new.shown_name, new.shows_old_name) == (NEW["name"], False)


def test_a_plaque_that_was_not_handed_over_is_made_with_the_new_name(committee, branch, committee_member, officer):
    post = make_conferral(make_kind(committee), branch, decider=committee_member, releaser=officer)
    rename_post(post, actor=officer, **NEW)
    plaque = Plaque.objects.get()
    assert (plaque.shown_name, plaque.shows_old_name) == (NEW["name"], False)


def test_a_renamed_issuer_marks_its_plaques(post, committee, officer):
    unit = OrgUnit.objects.get(pk=committee.pk)
    unit.name = "中共示例县新样镇委员会"
    unit.save()

    old = Plaque.objects.get()
    assert old.shows_old_name
    new = replace_plaque(old, actor=officer, reason="单位更名")
    assert (new.issuer, new.shows_old_name) == ("中共示例县新样镇委员会", False)


def test_who_may_rename(post, secretary, committee_member, discipline, member, stranger):
    for user in (secretary, committee_member, discipline, member, stranger):
        with pytest.raises(NotAllowedError):
            rename_post(post, actor=user, **NEW)


@pytest.mark.parametrize(
    ("change", "field"), [({"name": " "}, "name"), ({"name": "综合窗口"}, "name"), ({"reason": " "}, "reason")]
)
def test_a_renaming_with_a_gap_is_refused(post, officer, change, field):
    with pytest.raises(DomainError) as error:
        rename_post(post, actor=officer, **{**NEW, **change})
    assert error.value.field == field


def test_an_ended_title_is_not_renamed(post, officer):
    end_conferral(post, actor=officer, status="expired", reason="退休")
    with pytest.raises(OutOfOrderError):
        rename_post(post, actor=officer, **NEW)


def test_the_page_renames(post, client, officer, secretary, stranger):
    url = reverse("posts:conferral_rename", args=[post.pk])
    for user, status in ((officer, 200), (secretary, 403), (stranger, 404)):
        client.force_login(user)
        assert client.get(url).status_code == status
    client.force_login(officer)
    assert client.post(url, {**NEW, "name": ""}).status_code == 400
    assert client.post(url, NEW).status_code == 302
    assert "综合窗口" in client.get(reverse("posts:conferral_detail", args=[post.pk])).content.decode()
