"""The quiet hours: when nobody is disturbed outside the application. Inside it everything is there at once."""

from datetime import datetime, time, timedelta

from django.conf import settings
from django.utils import timezone

from campaigns.models import MessageChoice, Pace

Hours = tuple[time, time]
MORNING = time(8)


def hours_of(choice: MessageChoice | None) -> Hours | None:
    """From when until when the user is left in peace: his own hours, else the site's; None: never."""
    if choice is not None and choice.quiet_from is not None:
        hours = choice.quiet_from, choice.quiet_until
    elif settings.QUIET_HOURS:
        first, _dash, last = settings.QUIET_HOURS.partition("-")
        hours = time.fromisoformat(first), time.fromisoformat(last)
    else:
        return None
    return None if hours[0] == hours[1] else hours


def quiet_until(at: datetime, hours: Hours | None) -> datetime | None:
    """When the quiet hours end in which ``at`` falls; None outside of them. The first minute counts, the last not."""
    if hours is None:
        return None
    local = timezone.localtime(at)
    first, last = hours
    now = local.time()
    over_midnight = first > last
    is_quiet = (now >= first or now < last) if over_midnight else first <= now < last
    if not is_quiet:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and now >= first else 0)
    return timezone.make_aware(datetime.combine(day, last))


def send_at(at: datetime, choice: MessageChoice | None, *, urgent: bool) -> datetime:
    """When what is told at ``at`` goes out: urgent at once, else after a moment in which more may come together."""
    if urgent:
        return at
    hours = hours_of(choice)
    if choice is not None and choice.pace == Pace.DAILY:
        return _next(hours[1] if hours else MORNING, at)
    soon = at + timedelta(minutes=settings.DIGEST_MINUTES)
    return quiet_until(soon, hours) or soon


def _next(clock: time, at: datetime) -> datetime:
    """The next time the clock shows this."""
    local = timezone.localtime(at)
    day = local.date() + timedelta(days=0 if local.time() < clock else 1)
    return timezone.make_aware(datetime.combine(day, clock))
