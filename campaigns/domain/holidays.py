"""The holiday table: filled from the national arrangement, then edited by the office."""

from datetime import date, timedelta

from chinese_calendar import constants
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import Holiday, User
from campaigns.permissions import may_anywhere

NAMES = {holiday.value: holiday.chinese for holiday in constants.Holiday}


def arrangement(year: int) -> list[tuple[date, bool, str]]:
    """What differs from the plain week in a year: (day, worked, occasion). Empty when the year is not known.

    Weekend days that are part of a holiday are listed too, so that the table reads like the official notice.
    """
    days = (date(year, 1, 1) + timedelta(days=i) for i in range(366))
    return [
        (day, day in constants.workdays, NAMES[constants.workdays.get(day) or constants.holidays[day]])
        for day in days
        if day.year == year and (day in constants.workdays or day in constants.holidays)
    ]


@transaction.atomic
def fill_year(year: int, *, actor: User) -> int:
    """Enter the national arrangement of a year; days the office has entered stay as they are. Return how many are new.

    Raises DomainError for a year whose arrangement the installed calendar does not know yet.
    """
    require_calendar(actor)
    known = arrangement(year)
    if not known:
        raise DomainError(
            _(
                "The national arrangement of %(year)s is not known to this version. It is published in November of the "
                "year before; enter the days by hand."
            )
            % {"year": year},
            field="year",
        )
    there = set(Holiday.objects.filter(date__year=year).values_list("date", flat=True))
    new = [Holiday(date=day, is_workday=worked, name=name) for day, worked, name in known if day not in there]
    Holiday.objects.bulk_create(new)
    if new:
        record("holidays_filled", new[0], actor=actor, year=year, n=len(new))
    return len(new)


FIRST_YEAR = 2025  # nobody runs a campaign in the years before


@transaction.atomic
def fill_known_years() -> None:
    """Enter every known year of which the table has no day at all. Part of the set-up; nobody's act."""
    for year in range(FIRST_YEAR, max(constants.holidays).year + 1):
        if not Holiday.objects.filter(date__year=year).exists():
            Holiday.objects.bulk_create(Holiday(date=d, is_workday=w, name=n) for d, w, n in arrangement(year))


@transaction.atomic
def save_holiday(holiday: Holiday, *, actor: User) -> Holiday:
    """Enter or change a day. Raises DomainError when the day is in the table already."""
    require_calendar(actor)
    if Holiday.objects.filter(date=holiday.date).exclude(pk=holiday.pk).exists():
        raise DomainError(_("This day is in the table already."), field="date")
    holiday.save()
    record("holiday_saved", holiday, actor=actor, date=holiday.date.isoformat(), worked=holiday.is_workday)
    return holiday


@transaction.atomic
def delete_holiday(holiday: Holiday, *, actor: User) -> None:
    """Take a day out of the table: it counts by its weekday again."""
    require_calendar(actor)
    record("holiday_deleted", holiday, actor=actor, date=holiday.date.isoformat())
    holiday.delete()


def may_edit_calendar(user: User) -> bool:
    """The table holds for the whole site: whoever manages an organisation or a campaign keeps it."""
    return may_anywhere(user, "manage_organization") or may_anywhere(user, "manage_campaign")


def require_calendar(user: User) -> None:
    if not may_edit_calendar(user):
        raise PermissionDenied
