import threading
from datetime import timedelta

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.domain import clock, clock_desk
from campaigns.domain.clock import NotYetError, on_due, schedule, tick
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.health import check_health
from campaigns.domain.journal import history_of
from campaigns.models import DueItem, DueState

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch):
    """Kinds that a test declares are forgotten with it."""
    monkeypatch.setattr(clock, "_handlers", dict(clock._handlers))
    monkeypatch.setattr(clock, "_labels", dict(clock._labels))
    monkeypatch.setattr(clock, "_outside", set(clock._outside))


@pytest.fixture
def failed():
    item = schedule("reviews_open", 999_999, due_at=timezone.now() - timedelta(hours=1), period="2026-11-01")
    tick()
    item.refresh_from_db()
    return item


@pytest.mark.parametrize(("who", "status"), [("officer", 200), ("secretary", 403), ("member", 403), ("stranger", 403)])
def test_who_sees_the_clock(client, request, who, status, failed):
    client.force_login(request.getfixturevalue(who))

    assert client.get(reverse("campaigns:clock")).status_code == status
    assert client.get(reverse("campaigns:clock_item", args=[failed.pk])).status_code == status
    assert client.post(reverse("campaigns:clock_item", args=[failed.pk]), {"reason": ""}).status_code == (
        400 if status == 200 else 403
    )


def test_a_failed_item_is_shown_and_can_be_tried_again(client, officer, secretary, failed):
    assert (failed.attempts, failed.retry_at > timezone.now()) == (1, True)
    url = reverse("campaigns:clock_retry", args=[failed.pk])
    client.force_login(secretary)
    assert client.post(url).status_code == 403
    client.force_login(officer)
    page = client.get(reverse("campaigns:clock"))
    assert (page.context["shelf"], [row["item"] for row in page.context["rows"]]) == ("failed", [failed])
    assert page.context["on_time"] is True
    assert client.post(url).status_code == 302
    tick()
    assert DueItem.objects.get(pk=failed.pk).attempts == 2


def test_the_error_is_said_in_words(failed):
    assert failed.error.startswith("DoesNotExist")
    assert clock_desk.words_for(failed) == "它所针对的对象已不存在。"


def test_what_a_rule_said_is_shown_as_it_is(client, officer):
    @on_due("refuses")
    def refuse(item):
        raise DomainError("支部没有书记。")

    item = schedule("refuses", 7, due_at=timezone.now())
    tick()
    client.force_login(officer)

    assert "支部没有书记。" in client.get(reverse("campaigns:clock_item", args=[item.pk])).content.decode()


def test_a_failed_item_is_given_up_with_a_reason_and_taken_up_again(client, officer, failed):
    client.force_login(officer)
    page = reverse("campaigns:clock_item", args=[failed.pk])
    assert client.post(page, {"reason": " "}).status_code == 400
    assert client.post(page, {"reason": "该岗位已撤销"}).status_code == 302
    failed.refresh_from_db()
    assert (failed.state, failed.give_up_reason) == (DueState.GIVEN_UP, "该岗位已撤销")
    tick()
    assert DueItem.objects.get(pk=failed.pk).attempts == 1
    shown = client.get(reverse("campaigns:clock"), {"shelf": "given_up"})
    assert "该岗位已撤销" in shown.content.decode()

    client.post(reverse("campaigns:clock_retry", args=[failed.pk]))
    tick()
    failed.refresh_from_db()
    assert (failed.state, failed.attempts, failed.give_up_reason) == (DueState.PENDING, 2, "")
    told = [(entry.kind, entry.actor) for entry in history_of(failed)]
    assert told == [("due_item_given_up", officer), ("due_item_retried", officer)]


def test_what_has_not_failed_cannot_be_given_up(officer):
    item = schedule("reviews_open", 1, due_at=timezone.now() + timedelta(days=1))

    with pytest.raises(OutOfOrderError):
        clock_desk.give_up(item, actor=officer, reason="不要了")


def test_every_item_lies_on_one_shelf(failed):
    now = timezone.now()
    late = DueItem.objects.create(kind="a", subject_id=1, due_at=now - timedelta(hours=2))
    coming = DueItem.objects.create(kind="b", subject_id=1, due_at=now + timedelta(hours=2))
    running = DueItem.objects.create(kind="c", subject_id=1, due_at=now, leased_until=now + timedelta(minutes=1))
    shelves = {name: list(items) for name, items in clock_desk.shelves(now).items()}

    assert shelves == {
        "failed": [failed],
        "late": [late],
        "running": [running],
        "coming": [coming],
        "done": [],
        "given_up": [],
        "cancelled": [],
    }


@pytest.mark.parametrize(
    ("query", "numbers"), [("kind=a", [1, 2]), ("number=2", [2]), ("kind=b", [3]), ("kind=x", [1, 2, 3])]
)
def test_the_page_is_narrowed_by_kind_and_number(client, officer, query, numbers):
    for number, kind in ((1, "a"), (2, "a"), (3, "b")):
        schedule(kind, number, due_at=timezone.now() + timedelta(days=number))
    client.force_login(officer)
    page = client.get(reverse("campaigns:clock") + "?shelf=coming&" + query)

    assert [row["item"].subject_id for row in page.context["rows"]] == numbers


@pytest.mark.parametrize("rows", [1, 3])
def test_clock_page_query_count(client, officer, rows, django_assert_num_queries, quiet_menu):
    for number in range(rows):
        DueItem.objects.create(
            kind=f"k{number}", subject_id=number + 1, due_at=timezone.now(), attempts=1, error="E: e"
        )
    client.force_login(officer)
    client.get(reverse("campaigns:clock"))
    looks_at_locks = 4 if connections["default"].features.has_select_for_update_skip_locked else 0
    with django_assert_num_queries(14 + looks_at_locks):
        client.get(reverse("campaigns:clock"))


def test_a_long_shelf_has_pages(client, officer):
    for number in range(31):
        schedule("a", number + 1, due_at=timezone.now() + timedelta(days=1))
    client.force_login(officer)

    assert len(client.get(reverse("campaigns:clock"), {"shelf": "coming", "page": 2}).context["rows"]) == 1


def test_a_clock_that_never_ran_says_so(client, officer):
    client.force_login(officer)
    page = client.get(reverse("campaigns:clock"))

    assert (page.context["tick_at"], page.context["on_time"]) == (None, False)
    assert "没有失败" not in page.content.decode()


def test_the_figures_of_health_count_what_failed_and_what_is_late(failed):
    DueItem.objects.create(kind="a", subject_id=1, due_at=timezone.now() - timedelta(hours=2))
    report = check_health()

    assert (report["due_failed"], report["due_late"]) == (1, 1)


def test_work_outside_a_transaction_is_leased_and_comes_after_everything_else(transactional_db):
    seen = []

    @on_due("outside", outside=True)
    def send(item):
        fresh = DueItem.objects.get(pk=item.pk)
        seen.append(("outside", transaction.get_connection().in_atomic_block, fresh.leased_until > timezone.now()))

    @on_due("inside")
    def write(item):
        seen.append(("inside", transaction.get_connection().in_atomic_block, item.leased_until))

    schedule("outside", 1, due_at=timezone.now() - timedelta(hours=1))
    schedule("inside", 1, due_at=timezone.now())
    tick()

    assert seen == [("inside", True, None), ("outside", False, True)]
    assert set(DueItem.objects.values_list("state", "leased_until")) == {(DueState.DONE, None)}


def test_what_a_killed_tick_held_is_taken_after_its_lease(transactional_db, monkeypatch):
    done = []
    on_due("outside", outside=True)(lambda item: done.append(item.pk))
    item = schedule("outside", 1, due_at=timezone.now())
    DueItem.objects.filter(pk=item.pk).update(leased_until=timezone.now() + timedelta(minutes=1))
    tick()
    assert done == []
    DueItem.objects.filter(pk=item.pk).update(leased_until=timezone.now() - timedelta(seconds=1))
    tick()
    assert done == [item.pk]


def test_an_item_that_is_too_early_waits_without_having_failed():
    at = timezone.now() + timedelta(hours=5)

    @on_due("later")
    def later(item):
        raise NotYetError(at)

    item = schedule("later", 1, due_at=timezone.now())
    tick()
    item.refresh_from_db()
    assert (item.state, item.due_at, item.attempts, item.error) == (DueState.PENDING, at, 0, "")


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_what_another_process_holds_is_being_done():
    held, free = threading.Event(), threading.Event()
    first, second = (schedule("a", number, due_at=timezone.now()) for number in (1, 2))

    def hold():
        with transaction.atomic():
            DueItem.objects.select_for_update().get(pk=first.pk)
            held.set()
            free.wait(20)
        connections.close_all()

    holder = threading.Thread(target=hold)
    holder.start()
    held.wait(20)
    seen = [list(clock_desk.shelves()[name]) for name in ("running", "coming")]
    free.set()
    holder.join()
    assert seen == [[first], [second]]
