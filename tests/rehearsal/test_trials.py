from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from assessments.domain.trials import delete_trial, run_trial, start_trial
from assessments.models import Trial, TrialState
from campaigns.domain.errors import DomainError
from campaigns.models import Campaign, DueItem, JournalEntry, Member, OrgUnit, User
from posts.models import Nomination
from tests.rehearsal.small import SCHEME

UNTOUCHED = (OrgUnit, Member, User, Campaign, Nomination, JournalEntry)


def make_trial(user, **fields):
    return Trial.objects.create(
        title="小方案",
        scheme_code="small",
        scheme_text=SCHEME,
        started_by=user,
        runs_until=timezone.now() + timedelta(minutes=5),
        **fields,
    )


@pytest.mark.django_db(transaction=True)
def test_trial_keeps_its_report_and_changes_nothing_else(officer):
    trial = make_trial(officer)
    before = [model.objects.count() for model in UNTOUCHED]
    trial = run_trial(trial)
    assert (trial.state, trial.report["clean"], trial.report["scheme"]) == (TrialState.DONE, True, "small")
    assert trial.steps_done == len(trial.report["steps"])
    assert [model.objects.count() for model in UNTOUCHED] == before


def test_trial_is_started_after_the_commit_and_deleted_a_day_later(officer, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks() as callbacks:
        trial = start_trial(actor=officer, text=SCHEME)
    assert len(callbacks) == 1
    item = DueItem.objects.get(kind="trial_delete", subject_id=trial.pk)
    assert timedelta(hours=23) < item.due_at - timezone.now() <= timedelta(days=1)
    delete_trial(item)
    assert not Trial.objects.exists()


def test_only_so_many_trials_run_at_once(officer):
    make_trial(officer)
    make_trial(officer)
    with pytest.raises(DomainError):
        start_trial(actor=officer, text=SCHEME)
    Trial.objects.update(runs_until=timezone.now() - timedelta(seconds=1))
    assert start_trial(actor=officer, text=SCHEME).is_running


def test_trial_is_seen_by_its_starter_only(client, officer, secretary):
    trial = make_trial(officer)
    client.force_login(officer)
    assert client.get(reverse("assessments:trial_detail", args=[trial.pk])).status_code == 200
    client.force_login(secretary)
    assert client.get(reverse("assessments:trial_detail", args=[trial.pk])).status_code == 404


def test_scheme_page_offers_a_trial_run_to_who_manages_campaigns(client, officer, secretary):
    address = reverse("assessments:trial_scheme", args=["default"])
    client.force_login(officer)
    assert address in client.get(reverse("campaigns:scheme_detail", args=["default"])).content.decode()
    client.force_login(secretary)
    assert address not in client.get(reverse("campaigns:scheme_detail", args=["default"])).content.decode()
    assert client.post(address).status_code == 403


def test_page_shows_findings_first_and_the_steps_by_month(client, officer):
    step = {"post": "岗位", "actor": "赵样甲", "role": "书记", "unit": "支部", "what": "endorse", "text": "同意。"}
    report = {
        "clean": False,
        "findings": [{"text": "卡住了"}],
        "steps": [
            {**step, "date": "2026-03-02", "outcome": "passed"},
            {**step, "date": "2026-04-01", "outcome": "failed"},
        ],
    }
    trial = make_trial(officer, state=TrialState.DONE, report=report)
    client.force_login(officer)
    page = client.get(reverse("assessments:trial_detail", args=[trial.pk])).content.decode()
    assert page.index("卡住了") < page.index("2026-03") < page.index("2026-04")
