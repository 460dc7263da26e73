"""Days of a running campaign of which people are reminded: phases, milestones, and the year's end of a yearly scheme.

Each is a due item that names the date it was made for; one that a move has overtaken stays silent.
"""

from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.actors import ACTORS
from campaigns.domain.clock import on_due, schedule
from campaigns.domain.dates import day_of
from campaigns.domain.messages import tell
from campaigns.models import Campaign, CampaignStatus, DueItem, OrgUnit, User
from campaigns.permissions import holders_at, holders_of

DAY = "campaign_day"
MILESTONE_AHEAD = (7, 0)  # days before, and on the day
YEARLY_AHEAD = 30
STALE_DAYS = 14  # a clock that was off for longer tells nothing about a day that is over

#: Who acts for the bodies at the owner: those who hold this right there.
_RIGHTS = {"committee": "decide", "leading_group": "assess", "inspection_group": "assess"}


def schedule_days(campaign: Campaign) -> None:
    """Write down every day of which people are to be reminded; safe to call again, after a date was moved too."""
    today = timezone.localdate()
    for what, key, day in _days(campaign):
        for ahead in MILESTONE_AHEAD if what == "milestone" else (0,):
            if day - timedelta(days=ahead) >= today:
                morning = timezone.make_aware(datetime.combine(day - timedelta(days=ahead), time(8)))
                schedule(DAY, campaign.pk, due_at=morning, period=f"{what}:{key}:{day}:{ahead}")


def repeats_yearly(campaign: Campaign) -> bool:
    """Whether the scheme says that the campaign is held every year."""
    return bool(campaign.rules.get("scheme", {}).get("yearly"))


def next_year_due_on(campaign: Campaign) -> date | None:
    """From this day the office is asked to prepare the next year's campaign; None for a scheme that is not yearly."""
    if not repeats_yearly(campaign):
        return None
    return (campaign.ends_on or date(campaign.year, 12, 31)) - timedelta(days=YEARLY_AHEAD)


def people_of(codes: list[str], campaign: Campaign) -> set[User]:
    """The people who act for these parties in the campaign; for the holders the members of the units that take part."""
    units = list(campaign.units.filter(is_active=True))
    ends = {unit.path[:end] for unit in units for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)}
    people: set[User] = set()
    for code in codes:
        actor = ACTORS[code]
        if actor.is_holder:
            people |= set(User.objects.filter(is_active=True, member__branch__in=units, member__left_on__isnull=True))
        elif actor.at_owner:
            people |= set(holders_of(_RIGHTS.get(code, "manage_campaign"), campaign.owner))
        else:
            acting = OrgUnit.objects.filter(path__in=ends, kind__in=actor.unit_kinds)
            people |= set(holders_at("nominate", acting))
    return people


@on_due(DAY, gettext_lazy("reminder of a day of the campaign"))
def remind_of_day(item: DueItem) -> None:
    """Tell the office, and for a milestone those whom the scheme names; not of a day that was moved or is long over."""
    campaign = Campaign.objects.select_related("owner").get(pk=item.subject_id)
    what, key, made_for, ahead = item.period.split(":")
    day, late = date.fromisoformat(made_for), (timezone.localdate() - date.fromisoformat(made_for)).days
    current = {(w, k): d for w, k, d in _days(campaign)}
    ended = campaign.status != CampaignStatus.OPEN and what != "yearly"
    if ended or current.get((what, key)) != day or late > STALE_DAYS or (int(ahead) and late >= 0):
        return
    title, who = _sentence(campaign, what, key, day)
    if title:
        tell(
            set(holders_of("manage_campaign", campaign.owner)) | people_of(who, campaign),
            key=f"{DAY}:{campaign.pk}:{item.period}",
            title=title,
            body=campaign.title,
            url=reverse("campaigns:campaign_detail", args=[campaign.pk]),
        )


def _days(campaign: Campaign) -> list[tuple[str, str, date]]:
    """What happens, which one, and when."""
    found = []
    for phase in campaign.phases.all():
        found += [("phase_start", str(phase.pk), phase.starts_on), ("phase_end", str(phase.pk), phase.ends_on)]
    for number, row in enumerate(campaign.rules.get("milestones", [])):
        found.append(("milestone", str(number), day_of(row["on"], campaign.year)))
    found.append(("yearly", "", next_year_due_on(campaign)))
    return [(what, key, day) for what, key, day in found if day is not None]


def _sentence(campaign: Campaign, what: str, key: str, day: date) -> tuple[str, list[str]]:
    if what == "milestone":
        row = campaign.rules["milestones"][int(key)]
        return _("%(day)s: %(milestone)s") % {"day": day, "milestone": row["label"]}, list(row.get("who") or [])
    if what == "yearly":
        return _("The campaign is held every year: prepare the one of %(year)s") % {"year": campaign.year + 1}, []
    phase = campaign.phases.get(pk=int(key))
    if what == "phase_end":
        return _("The phase “%(phase)s” ends on %(day)s") % {"phase": phase.label, "day": day}, []
    if phase.ends_on and phase.ends_on < timezone.localdate():
        return "", []
    return _("The phase “%(phase)s” begins: until %(day)s") % {"phase": phase.label, "day": phase.ends_on or "--"}, []
