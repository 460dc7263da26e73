"""The session and its user are read at once, and nobody stays signed in who would not be by Django's own way."""

from datetime import timedelta

import pytest
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, get_user
from django.utils import timezone

from campaigns.models import Session, User
from campaigns.sessions import SessionStore, owner_of


@pytest.fixture
def store(client, secretary):
    client.force_login(secretary)
    return SessionStore(client.session.session_key)


def test_session_comes_with_its_user_in_one_question(store, secretary, django_assert_num_queries):
    with django_assert_num_queries(1):
        found = owner_of(store)
        assert (found.pk, found.name, found.must_change_password) == (secretary.pk, secretary.name, False)
    assert found.date_joined == secretary.date_joined  # read when somebody asks


def test_session_keeps_whose_it_is(store, secretary, client):
    assert Session.objects.get().user == secretary
    client.logout()
    assert not Session.objects.exists()


def test_anonymous_session_has_no_owner(db):
    store = SessionStore()
    store["large"] = True
    store.save()
    again = SessionStore(store.session_key)
    assert owner_of(again) is None
    assert again["large"] is True


@pytest.mark.parametrize(
    "change",
    [
        lambda user: User.objects.filter(pk=user.pk).update(is_active=False),
        lambda user: User.objects.filter(pk=user.pk).update(password="another"),
        lambda user: Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1)),
        lambda user: Session.objects.all().delete(),
    ],
    ids=["locked", "password changed elsewhere", "ran out", "signed out elsewhere"],
)
def test_somebody_who_may_no_longer_is_out_with_the_next_page(client, store, secretary, change):
    assert client.get("/").status_code == 200
    change(secretary)
    assert owner_of(SessionStore(store.session_key)) is None
    assert client.get("/").status_code == 302


@pytest.mark.parametrize("key", [HASH_SESSION_KEY, BACKEND_SESSION_KEY])
def test_session_without_its_proofs_is_nobodys(client, store, key):
    session = client.session
    del session[key]
    session.save()
    assert owner_of(SessionStore(store.session_key)) is None
    assert client.get("/").status_code == 302


def test_owner_column_alone_signs_nobody_in(client, store, officer):
    """Whose a session is stands in its signed words; the column only says whom to read with it."""
    Session.objects.update(user=officer)
    assert owner_of(SessionStore(store.session_key)) is None
    assert client.get("/").wsgi_request.user.pk != officer.pk


def test_old_secret_key_still_opens_a_session(client, store, secretary, settings):
    settings.SECRET_KEY_FALLBACKS, settings.SECRET_KEY = [settings.SECRET_KEY], "x" * 50
    response = client.get("/")
    assert response.status_code == 200
    assert get_user(response.wsgi_request) == secretary
