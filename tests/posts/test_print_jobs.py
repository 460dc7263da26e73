"""Print jobs: ordered, made in parts by the clock, cancelled, tried again, kept for some days; each sees his own."""

import os
import time
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from campaigns.domain import clock
from campaigns.domain.clock import tick
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import history_of
from campaigns.models import DueItem
from posts.domain import print_jobs, print_work
from posts.domain.print_jobs import cancel_print, order_print, print_or_order, remove_print, retry_print
from posts.domain.print_makers import PrintedFile, write_whole
from posts.models import PrintJob, PrintState
from tests.posts.printing import KIND

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


def order(user, **params):
    return order_print(KIND, actor=user, params=params, title="计数")


def events(job):
    return list(history_of(job).values_list("kind", flat=True))


def files(job):
    return sorted(path.name for path in job.path.iterdir()) if job.path.exists() else []


def test_a_job_is_made_by_the_clock_and_leaves_one_file(secretary, settings):
    job = order(secretary, parts=4)
    tick()
    job.refresh_from_db()

    assert job.state == PrintState.DONE
    assert (job.n_done, job.n_total, job.percent) == (4, 4, 100)
    assert job.result.read_text() == "页0\n页1\n页2\n页3\n"
    assert (job.file_name, job.content_type, job.size) == ("计数.txt", "text/plain", 20)
    assert files(job) == ["result"]
    assert job.expires_at - job.finished_at == timedelta(days=settings.PRINT_DAYS)
    assert events(job) == ["print_ordered", "print_made"]


def test_a_long_job_takes_several_turns_and_makes_no_part_twice(secretary, monkeypatch, tmp_path):
    monkeypatch.setattr(print_work, "TURN_SECONDS", -1)
    job = order(secretary, parts=3, log=str(tmp_path / "log"))
    job_item = DueItem.objects.get(kind=print_jobs.WORK)
    print_work.work_on(job_item)
    job.refresh_from_db()
    assert (job.state, job.turn, job.n_done) == ("working", 1, 0)

    monkeypatch.setattr(print_work, "TURN_SECONDS", 60)
    tick()
    job.refresh_from_db()
    assert job.state == PrintState.DONE
    assert (tmp_path / "log").read_text() == "0\n1\n2\n"


def test_what_lies_in_the_folder_is_not_made_again(secretary, tmp_path):
    job = order(secretary, parts=3, killed=1, log=str(tmp_path / "log"))
    with pytest.raises(SystemExit):
        tick()
    PrintJob.objects.update(params={"parts": 3, "log": str(tmp_path / "log"), "word": "改"})
    DueItem.objects.update(leased_until=None)
    tick()
    job.refresh_from_db()

    assert job.state == PrintState.DONE
    assert (tmp_path / "log").read_text() == "0\n1\n1\n2\n"
    assert job.result.read_text() == "页0\n页1\n页2\n"  # what was looked up in the beginning holds to the end


def test_parts_left_by_a_worker_killed_right_after_the_end_are_cleared_away(secretary, monkeypatch):
    def killed(job):
        raise SystemExit

    job = order(secretary, parts=3)
    with monkeypatch.context() as patch:
        patch.setattr(print_work, "_leave_only_the_file", killed)
        with pytest.raises(SystemExit):
            tick()
    assert len(list(job.path.iterdir())) > 3
    DueItem.objects.update(leased_until=None)
    tick()
    job.refresh_from_db()

    assert job.state == PrintState.DONE
    assert list(job.path.iterdir()) == [job.result]


def test_a_job_that_breaks_its_worker_again_and_again_is_given_up(secretary):
    job = order(secretary, killed=1)
    for _unused in range(1 + print_work.MOST_BROKEN):  # the first ends one part before it is killed
        with pytest.raises(SystemExit):
            tick()
        DueItem.objects.update(leased_until=None)
    tick()
    job.refresh_from_db()

    assert job.state == PrintState.FAILED
    assert "several times" in job.error or "多次" in job.error


def test_two_workers_at_one_job_end_it_once(secretary, tmp_path):
    job = order(secretary, parts=2)
    item = DueItem.objects.get(kind=print_jobs.WORK)
    first, second = print_work._begin(job.pk, 0), print_work._begin(job.pk, 0)
    print_work._work(first)
    print_work.work_on(item)
    with pytest.raises((FileNotFoundError, print_work._SupersededError)):
        print_work._work(second)
    job.refresh_from_db()

    assert events(job) == ["print_ordered", "print_made"]
    assert job.result.read_text() == "页0\n页1\n"


@pytest.mark.parametrize(("params", "words"), [({"refuse": True}, "Nothing to print."), ({"broken": 1}, None)])
def test_a_job_that_cannot_be_made_says_why_and_can_be_tried_again(secretary, params, words, caplog):
    job = order(secretary, **params)
    tick()
    job.refresh_from_db()
    assert job.state == PrintState.FAILED
    assert job.error == words or (words is None and "RuntimeError" not in job.error and len(job.error) > 20)

    PrintJob.objects.update(params={})
    retry_print(job, actor=secretary)
    tick()
    job.refresh_from_db()
    assert (job.state, job.error, job.n_done) == (PrintState.DONE, "", 3)
    assert events(job) == ["print_ordered", "print_failed", "print_ordered", "print_made"]


def test_a_job_that_waits_can_be_cancelled(secretary, django_capture_on_commit_callbacks):
    job = order(secretary)
    cancel_print(job, actor=secretary)
    tick()
    job.refresh_from_db()
    assert (job.state, files(job)) == (PrintState.CANCELLED, [])


def test_a_job_cancelled_between_two_parts_stops_and_leaves_nothing(secretary, tmp_path, monkeypatch):
    job = order(secretary, parts=50, log=str(tmp_path / "log"))

    def cancel_after_the_first(path, content, write=write_whole):
        write(path, content)
        if path.name == "part-00000":
            cancel_print(job, actor=secretary)

    monkeypatch.setattr(print_work, "write_whole", cancel_after_the_first)
    tick()
    job.refresh_from_db()
    assert (job.state, files(job)) == (PrintState.CANCELLED, [])
    assert (tmp_path / "log").read_text() == "0\n"


def test_what_is_being_made_already_is_not_made_twice(secretary, other_secretary):
    first = order(secretary, word="甲")
    assert order(secretary, word="甲") == first
    assert order(secretary, word="乙") != first
    assert order(other_secretary, word="甲") != first


def test_nobody_fills_the_queue(secretary):
    for number in range(print_jobs.MOST_AT_WORK):
        order(secretary, number=number)
    with pytest.raises(DomainError, match=str(print_jobs.MOST_AT_WORK)):
        order(secretary, number=99)


def test_only_the_owner_acts_and_only_in_order(secretary, officer):
    job = order(secretary)
    for act in (cancel_print, retry_print, remove_print):
        with pytest.raises(NotAllowedError):
            act(job, actor=officer)
    for act in (retry_print, remove_print):
        with pytest.raises(OutOfOrderError):
            act(job, actor=secretary)
    tick()
    for act in (cancel_print, retry_print):
        with pytest.raises(OutOfOrderError):
            act(job, actor=secretary)


def test_a_file_is_deleted_when_its_days_are_over(secretary, django_capture_on_commit_callbacks):
    job = order(secretary)
    tick()
    job.refresh_from_db()
    DueItem.objects.filter(kind=print_jobs.EXPIRE).update(due_at=timezone.now())
    tick()
    assert PrintJob.objects.filter(pk=job.pk).exists()  # the clock came too early

    PrintJob.objects.update(expires_at=timezone.now())
    DueItem.objects.filter(kind=print_jobs.EXPIRE).update(due_at=timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        tick()
    assert not PrintJob.objects.filter(pk=job.pk).exists()
    assert not job.path.exists()


def test_what_a_killed_process_left_behind_is_cleared_away_after_a_day(secretary):
    job = order(secretary)
    tick()
    yesterday = time.time() - print_jobs.DAY_SECONDS - 60
    for name in ("now-killed", "0" * 24, "now-at-work", job.folder):
        (job.path.parent / name).mkdir(exist_ok=True)
        (job.path.parent / name / "kept-rows").write_text("钱样甲")
        if name != "now-at-work":
            os.utime(job.path.parent / name, (yesterday, yesterday))
    DueItem.objects.filter(kind=print_jobs.EXPIRE).update(due_at=timezone.now())
    tick()
    assert {path.name for path in job.path.parent.iterdir()} == {job.folder, "now-at-work"}


def test_what_is_made_at_once_leaves_nothing_on_the_disk(secretary, tmp_path):
    print_or_order(KIND, actor=secretary, params={"small": True}, title="小")
    assert list((tmp_path / "prints").iterdir()) == []


def test_a_small_thing_is_made_at_once_and_leaves_no_job(secretary):
    made = print_or_order(KIND, actor=secretary, params={"small": True}, title="小")
    assert made == PrintedFile("计数.txt", "页0\n页1\n页2\n".encode(), "text/plain")
    assert not PrintJob.objects.exists()


def test_who_waited_long_is_told(secretary):
    job = order(secretary)
    PrintJob.objects.update(created_at=timezone.now() - timedelta(minutes=5))
    tick()
    message = secretary.messages.get()
    assert message.url == reverse("posts:print_detail", args=[job.pk])


def test_the_pages_show_progress_file_and_failure_to_the_owner_alone(client, secretary, officer):
    job = order(secretary, parts=2)
    page = reverse("posts:print_detail", args=[job.pk])
    client.force_login(secretary)
    waiting = client.get(page).text
    assert "hx-get" in waiting
    assert "http-equiv" in waiting
    tick()
    done = client.get(page).text
    assert "hx-get" not in done
    assert "计数.txt" in done
    answer = client.get(reverse("posts:print_file", args=[job.pk]))
    assert b"".join(answer.streaming_content) == "页0\n页1\n".encode()
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert client.get(reverse("posts:print_view", args=[job.pk])).status_code == 404  # text: a browser shows PDF only
    PrintJob.objects.update(content_type="application/pdf")
    shown = client.get(reverse("posts:print_view", args=[job.pk]))
    assert b"".join(shown.streaming_content) == "页0\n页1\n".encode()
    assert (shown.headers["Content-Disposition"][:6], shown.headers["Cache-Control"]) == ("inline", "private, no-store")
    assert "计数" in client.get(reverse("posts:print_list")).text

    client.force_login(officer)
    for name in ("print_detail", "print_file", "print_view"):
        assert client.get(reverse(f"posts:{name}", args=[job.pk])).status_code == 404
    for name in ("print_cancel", "print_retry", "print_remove"):
        assert client.post(reverse(f"posts:{name}", args=[job.pk])).status_code == 404
    assert client.get(reverse("posts:print_list")).context["rows"] == []


def test_the_owner_cancels_tries_again_and_deletes_by_the_page(client, secretary):
    job = order(secretary)
    client.force_login(secretary)
    client.post(reverse("posts:print_cancel", args=[job.pk]))
    assert PrintJob.objects.get().state == PrintState.CANCELLED
    client.post(reverse("posts:print_retry", args=[job.pk]))
    tick()
    assert PrintJob.objects.get().state == PrintState.DONE
    client.post(reverse("posts:print_remove", args=[job.pk]))
    assert not PrintJob.objects.exists()


@pytest.mark.parametrize("item_count", [1, 3])
def test_the_list_costs_the_same_for_one_row_and_for_many(
    client, secretary, quiet_menu, django_assert_num_queries, item_count
):
    for number in range(item_count):
        order(secretary, number=number)
    client.force_login(secretary)
    client.get(reverse("posts:print_list"))
    with django_assert_num_queries(4):
        client.get(reverse("posts:print_list"))


def test_a_tick_ends_before_its_task_does_and_the_next_goes_on(secretary, monkeypatch):
    job = order(secretary)
    monkeypatch.setattr(clock, "TICK_SECONDS", -1)
    assert tick() == 0
    monkeypatch.undo()
    tick()
    job.refresh_from_db()
    assert job.state == PrintState.DONE
