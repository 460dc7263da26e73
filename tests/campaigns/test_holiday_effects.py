"""Changing the holiday table shows first which plans move, and never moves what was published."""

from datetime import date

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from campaigns.domain.campaigns import close_campaign, create_campaign, open_campaign
from campaigns.domain.holiday_effects import calendar_effects, changes_of_year
from campaigns.domain.plan import load_plan
from campaigns.models import Holiday, JournalEntry
from posts.models import Notice
from tests.campaigns.test_campaigns import DETAILS, SCHEMES


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(date(2026, 4, 2), tick=False):
        yield


@pytest.fixture
def campaign(officer, committee, branch, secretary, committee_member):
    draft = create_campaign(SCHEMES["default"], owner=committee, actor=officer, year=2026, **DETAILS)
    return open_campaign(draft, actor=officer)


def lines(effects):
    return [
        (change.label, f"{change.before[1]:%m-%d}", f"{change.after[1]:%m-%d}") for e in effects for change in e.changes
    ]


def test_a_new_day_off_moves_what_follows_and_changes_nothing(campaign, officer):
    before = load_plan(campaign)
    effects = calendar_effects({date(2026, 4, 22): False}, user=officer)

    assert lines(effects)[:3] == [
        ("岗前测评", "04-27", "04-28"), ("公示", "05-07", "05-08"), ("本人意愿", "05-11", "05-12"),
    ]  # fmt: skip
    assert [effect.campaign for effect in effects] == [campaign]
    assert load_plan(campaign) == before
    assert not Holiday.objects.filter(date=date(2026, 4, 22)).exists()
    assert not JournalEntry.objects.filter(kind="holiday_saved").exists()


def test_a_made_up_saturday_brings_things_forward(campaign, officer):
    effects = calendar_effects({date(2026, 4, 25): True}, user=officer)

    assert ("岗前测评", "04-27", "04-25") in lines(effects)


def test_taking_a_day_out_counts_its_weekday_again(campaign, officer):
    effects = calendar_effects({date(2026, 5, 4): None}, user=officer)

    assert ("公示", "05-07", "05-06") in lines(effects)


def test_reviews_are_counted_with_the_new_table_too(campaign, officer):
    effects = calendar_effects({date(2026, 11, 3): False}, user=officer)

    assert ("月度考核（2026-10）", "11-13", "11-16") in lines(effects)


@pytest.mark.parametrize("day", [date(2026, 3, 10), date(2026, 4, 25), date(2029, 5, 8)])
def test_a_day_that_no_plan_counts_moves_nothing(campaign, officer, day):
    assert calendar_effects({day: False}, user=officer) == []


def test_a_closed_campaign_does_not_move(campaign, officer):
    close_campaign(campaign, actor=officer)

    assert calendar_effects({date(2026, 4, 22): False}, user=officer) == []


def test_only_who_keeps_the_table_may_look(campaign, secretary):
    with pytest.raises(PermissionDenied):
        calendar_effects({date(2026, 4, 22): False}, user=secretary)


def test_a_published_notice_keeps_its_last_day(campaign, officer, branch, secretary):
    notice = Notice.objects.create(
        campaign=campaign, org_unit=branch, title="关于拟命名的公示", text="", object="members", days=5,
        day_kind="working", starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 8), published_by=secretary,
    )  # fmt: skip
    client_changes = {date(2026, 4, 7): False, date(2026, 4, 22): False}
    calendar_effects(client_changes, user=officer)
    Holiday.objects.create(date=date(2026, 4, 7))
    notice.refresh_from_db()

    assert notice.ends_on == date(2026, 4, 8)


@pytest.mark.django_db
def test_the_arrangement_of_a_year_brings_only_what_is_missing():
    Holiday.objects.filter(date=date(2026, 10, 1)).delete()

    assert changes_of_year(2026) == {date(2026, 10, 1): False}


def test_the_form_shows_what_moves_before_it_saves(client, campaign, officer):
    client.force_login(officer)
    day = {"date": "2026-04-22", "name": "停电"}
    looked = client.post(reverse("campaigns:holiday_create"), day)
    text = looked.content.decode()
    assert "2026-04-21 – 2026-04-28" in text
    assert campaign.title in text
    assert not Holiday.objects.filter(name="停电").exists()

    assert client.post(reverse("campaigns:holiday_create"), day | {"seen": "1"}).status_code == 302
    assert Holiday.objects.filter(name="停电", date=date(2026, 4, 22)).exists()


def test_a_day_that_moves_nothing_is_saved_at_once(client, campaign, officer):
    client.force_login(officer)

    assert client.post(reverse("campaigns:holiday_create"), {"date": "2026-03-10", "name": "停电"}).status_code == 302


def test_deleting_and_filling_show_what_moves_first(client, campaign, officer):
    client.force_login(officer)
    may_day = Holiday.objects.get(date=date(2026, 5, 4))
    delete = reverse("campaigns:holiday_delete", args=[may_day.pk])
    assert "下列日程会变动" in client.post(delete).content.decode()
    assert Holiday.objects.filter(pk=may_day.pk).exists()
    assert client.post(delete, {"seen": "1"}).status_code == 302
    assert not Holiday.objects.filter(pk=may_day.pk).exists()

    fill = reverse("campaigns:holiday_fill")
    assert "下列日程会变动" in client.post(fill, {"year": "2026"}).content.decode()
    assert client.post(fill, {"year": "2026", "seen": "1"}).status_code == 302
    assert Holiday.objects.filter(date=date(2026, 5, 4)).exists()
