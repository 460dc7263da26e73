from datetime import timedelta

import pytest
from django.db import OperationalError, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.domain import todos
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.todos import Todo, todos_for
from campaigns.models import Message


@pytest.fixture
def signed_in(client, secretary):
    client.force_login(secretary)
    return client


def test_home_sends_strangers_to_the_sign_in(client, db):
    response = client.get("/")

    assert (response.status_code, response.url) == (302, "/login/?next=/")


def test_home_greets_with_unit_and_role(signed_in):
    page = signed_in.get("/").content.decode()

    assert "李样甲" in page
    assert "青样镇便民服务中心党支部" in page


def test_todos_come_overdue_first_then_by_deadline(monkeypatch, secretary):
    today = timezone.localdate()
    found = [
        Todo("later", "/", "go", due_on=today + timedelta(days=9)),
        Todo("never", "/", "go"),
        Todo("overdue", "/", "go", due_on=today - timedelta(days=1)),
    ]
    monkeypatch.setattr(todos, "_providers", [lambda user: found])

    assert [todo.title for todo in todos_for(secretary)] == ["overdue", "later", "never"]
    assert [todo.is_overdue for todo in todos_for(secretary)] == [True, False, False]


def counted(client, path="/messages/"):
    """The count at the first entry of the menu, the workbench."""
    return client.get(path).context["nav"][0]["count"]


@pytest.mark.usefixtures("counted_menu")
def test_the_menu_counts_anew_after_every_event_and_not_before(signed_in, monkeypatch, secretary, branch):
    found = [Todo("one", "/", "go")]
    asked = []
    monkeypatch.setattr(todos, "_providers", [lambda user: asked.append(user) or found])
    assert [counted(signed_in), counted(signed_in), len(asked)] == [1, 1, 1]

    found.append(Todo("another", "/", "go"))
    with transaction.atomic():
        record("something", branch)

    assert [counted(signed_in), counted(signed_in), len(asked)] == [2, 2, 2]


@pytest.mark.usefixtures("counted_menu")
def test_the_workbench_counts_what_it_lists(signed_in, monkeypatch):
    found = [Todo("one", "/", "go")]
    monkeypatch.setattr(todos, "_providers", [lambda user: found])
    assert counted(signed_in) == 1

    found.clear()

    assert [counted(signed_in, "/"), counted(signed_in)] == [0, 0]


def test_a_message_is_left_once_however_often_the_event_runs(secretary):
    for _unused in range(3):
        tell([secretary], key="opened:1", title="通知")

    assert secretary.messages.count() == 1


def test_nobody_opens_another_persons_message(client, secretary, stranger):
    tell([secretary], key="k", title="通知")
    client.force_login(stranger)

    assert client.post(reverse("campaigns:message_open", args=[Message.objects.get().pk])).status_code == 404


def test_large_type_is_kept_and_never_sends_elsewhere(client, db):
    response = client.post("/large/", {"next": "https://example.org/"})

    assert (response.url, response.cookies["large"].value) == ("/", "1")


def test_an_expired_page_keeps_the_text_and_never_a_password(secretary):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    response = client.post("/login/", {"username": "李样甲李样甲李样甲李样甲李样甲", "password": "geheim"})
    page = response.content.decode()

    assert response.status_code == 403
    assert "李样甲李样甲李样甲" in page
    assert "geheim" not in page


def test_a_database_that_is_away_answers_503_without_asking_it_again(client, monkeypatch, db):
    def away(*args, **kwargs):
        raise OperationalError("connection refused")

    monkeypatch.setattr("campaigns.views.accounts.SignInView.get_context_data", away)
    response = client.get("/login/")

    assert response.status_code == 503
    assert response["Retry-After"] == "20"


def test_an_initial_password_must_be_changed_first(signed_in, secretary):
    secretary.must_change_password = True
    secretary.save()

    assert signed_in.get("/messages/").url == reverse("campaigns:password_change")

    secretary.set_password("old pass word")
    secretary.save()
    signed_in.force_login(secretary)
    new = "a long new sentence"
    signed_in.post("/account/password/", {"old_password": "old pass word", "new_password1": new, "new_password2": new})
    secretary.refresh_from_db()
    assert secretary.must_change_password is False


def test_demo_sign_in_does_not_exist_outside_the_demo(client, settings, secretary):
    settings.DEMO = False
    secretary.username = "demo-secretary"
    secretary.save()

    assert client.post("/demo/demo-secretary/").status_code == 404
    settings.DEMO = True
    assert client.post("/demo/demo-secretary/").url == "/"
    assert client.post("/demo/root/").status_code == 404


def test_unknown_addresses_are_404_with_a_way_back(signed_in):
    response = signed_in.get("/nothing/here/")

    assert response.status_code == 404
    assert 'href="/"' in response.content.decode()


def test_every_page_carries_the_strict_policy(client, db):
    policy = client.get("/login/")["Content-Security-Policy"]

    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


def test_pages_of_signed_in_people_are_not_kept(signed_in):
    assert "no-store" in signed_in.get("/")["Cache-Control"]


@pytest.mark.parametrize(("address", "status"), [("/p/%00/", 404), ("/n/a%00b/", 404), ("/nominations/?q=%00", 400)])
def test_a_nul_in_an_address_never_reaches_the_database(signed_in, address, status):
    assert signed_in.get(address).status_code == status
