"""The national arrangement, and how periods are counted with it (domain notes 3.12)."""

from datetime import date

import pytest

from campaigns.domain.calendar import (
    CALENDAR,
    WORKING,
    add_working_days,
    has_holidays_for,
    is_working_day,
    last_day,
    working_days_between,
)
from campaigns.domain.holidays import arrangement, delete_holiday, fill_known_years, fill_year, save_holiday
from campaigns.models import Holiday

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("published", "ends"),
    [
        (date(2026, 9, 21), date(2026, 9, 28)),  # Mid-Autumn on the Friday
        (date(2026, 5, 8), date(2026, 5, 13)),  # Saturday 9 May is worked
        (date(2026, 12, 25), date(2026, 12, 31)),
        (date(2026, 9, 19), date(2026, 9, 24)),  # a Saturday; Sunday 20 September is worked
        (date(2026, 10, 1), date(2026, 10, 13)),  # the first of seven days off; Saturday 10 October is worked
        (date(2026, 2, 13), date(2026, 2, 26)),  # Spring Festival, with the Saturday before it worked
    ],
)
def test_five_working_days_end_on(published, ends):
    assert last_day(published, days=5, day_kind=WORKING) == ends
    assert working_days_between(published, ends) == 5


def test_calendar_days_count_both_ends():
    assert last_day(date(2026, 9, 30), days=5, day_kind=CALENDAR) == date(2026, 10, 4)
    assert last_day(date(2026, 9, 30), days=1, day_kind=CALENDAR) == date(2026, 9, 30)


def test_days_after_do_not_count_the_start():
    assert add_working_days(date(2026, 9, 24), 1) == date(2026, 9, 28)
    assert add_working_days(date(2026, 5, 8), 1) == date(2026, 5, 9)


def test_the_year_2026_is_there_from_the_first_migration():
    off = [
        day for day, worked in Holiday.objects.filter(date__year=2026).values_list("date", "is_workday") if not worked
    ]
    worked = Holiday.objects.filter(date__year=2026, is_workday=True).values_list("date", flat=True)

    assert [f"{day:%m-%d}" for day in worked] == ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"]
    assert [f"{day:%m-%d}" for day in off if day.weekday() < 5] == [
        "01-01", "01-02", "02-16", "02-17", "02-18", "02-19", "02-20", "02-23", "04-06", "05-01", "05-04", "05-05",
        "06-19", "09-25", "10-01", "10-02", "10-05", "10-06", "10-07",
    ]  # fmt: skip


def test_a_year_that_nobody_knows_counts_by_its_weekdays():
    assert arrangement(2031) == []
    assert not has_holidays_for(2031)
    assert is_working_day(date(2031, 10, 1))


def test_filling_again_keeps_what_the_office_has_entered(officer):
    Holiday.objects.filter(date=date(2026, 5, 1)).update(is_workday=True, name="值班")

    assert fill_year(2026, actor=officer) == 0
    assert Holiday.objects.get(date=date(2026, 5, 1)).is_workday


def test_the_next_migration_fills_only_years_that_are_empty(officer):
    Holiday.objects.filter(date=date(2026, 10, 1)).delete()
    Holiday.objects.filter(date__year=2025).delete()
    fill_known_years()

    assert not Holiday.objects.filter(date=date(2026, 10, 1)).exists()
    assert Holiday.objects.filter(date__year=2025).exists()


def test_an_edited_day_moves_the_end_of_a_period(officer):
    before = last_day(date(2026, 6, 15), days=5, day_kind=WORKING)
    day = save_holiday(Holiday(date=date(2026, 6, 16), name="停电"), actor=officer)
    assert (before, last_day(date(2026, 6, 15), days=5, day_kind=WORKING)) == (date(2026, 6, 22), date(2026, 6, 23))

    delete_holiday(day, actor=officer)
    assert last_day(date(2026, 6, 15), days=5, day_kind=WORKING) == before
