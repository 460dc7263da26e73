"""A leap year of every source scheme against a calendar written by hand.

All posts hang from the last day of January 2028, the campaign ends on 31 August; New Year's feast takes 1 to 3 February
and gives back Saturday the 5th, May Day takes 1 to 3 May, the National Day 2 to 6 October. Nobody acts: so every
reminder goes out, and what is due becomes missed.
"""

from datetime import date

import pytest

from assessments.domain.rectifications import open_rectification
from assessments.models import Proposal, Rectification, Review, Rotation
from campaigns.models import Holiday, Message
from posts.domain.conferrals import on_displayed
from tests.assessments.titles import make_title, run_clock

HOLIDAYS = {
    **{date(2028, 2, day): False for day in (1, 2, 3)},
    date(2028, 2, 5): True,
    **{date(2028, 5, day): False for day in (1, 2, 3)},
    **{date(2028, 10, day): False for day in (2, 3, 4, 5, 6)},
}
HUNG, ENDS, LAST = date(2028, 1, 31), date(2028, 8, 31), date(2029, 2, 1)


def d(text, year=2028):
    month, day = text.split("-")
    return date(year, int(month), int(day))


# Period: opened, the voices end, due; ten working days, five for the voices.
MONTHLY = {
    "2028-01": ("02-01", "02-09", "02-16"),  # one day of it on display; the feast and its Saturday
    "2028-02": ("03-01", "03-08", "03-15"),  # it ended on the 29th
    "2028-03": ("04-01", "04-07", "04-14"),  # opened on a Saturday
    "2028-04": ("05-01", "05-10", "05-17"),  # opened on May Day
    "2028-05": ("06-01", "06-08", "06-15"),
    "2028-06": ("07-01", "07-07", "07-14"),
    "2028-07": ("08-01", "08-08", "08-15"),
    "2028-08": ("09-01", "09-08", "09-15"),  # it began before the campaign ended: the last
}
QUARTERLY = {
    "2028-Q1": ("04-01", "04-07", "04-14"),
    "2028-Q2": ("07-01", "07-07", "07-14"),
    "2028-Q3": ("10-01", "10-13", "10-20"),  # the National Day; it began before the end: the last
}
#: Goes on after the campaign: New Year 2029 is a Monday on which work begins on the 2nd.
QUARTERLY_ON = QUARTERLY | {"2028-Q4": ("2029-01-01", "2029-01-08", "2029-01-15")}
SEMESTERS_ON = {
    "2027-S2": ("02-01", "02-09", "02-16"),  # the winter semester ended on the day it was hung
    "2028-S1": ("09-01", "09-08", "09-15"),
    "2028-S2": ("2029-02-01", "2029-02-08", "2029-02-15"),
}
MONTHLY_REMINDED = (
    "02-13 02-15 02-16 02-17 03-12 03-14 03-15 03-16 04-11 04-13 04-14 04-15 05-14 05-16 05-17 05-18 "
    "06-12 06-14 06-15 06-16 07-11 07-13 07-14 07-15 08-12 08-14 08-15 08-16 09-12 09-14 09-15 09-16"
)
QUARTERLY_REMINDED = "04-11 04-13 04-14 04-15 07-11 07-13 07-14 07-15 10-17 10-19 10-20 10-21"
QUARTERLY_ON_REMINDED = QUARTERLY_REMINDED + " 2029-01-12 2029-01-14 2029-01-15 2029-01-16"
SEMESTERS_REMINDED = "02-13 02-15 02-16 02-17 09-12 09-14 09-15 09-16"
MONTHLY_VOICES = "02-08 02-09 03-07 03-08 04-06 04-07 05-09 05-10 06-07 06-08 07-06 07-07 08-07 08-08 09-07 09-08"
QUARTERLY_VOICES = "04-06 04-07 07-06 07-07 10-12 10-13"
QUARTERLY_ON_VOICES = QUARTERLY_VOICES + " 2029-01-07 2029-01-08"
SEMESTERS_VOICES = "02-08 02-09 09-07 09-08"
#: Thirty days from 31 January end on 1 March: seven, three and one day before, on the day, and the day after.
MENDING = "02-23 02-27 02-29 03-01 03-02"

S1_DAYS = "04-19 04-23 04-30 05-01 11-30 12-01 12-24 12-31"
S6_DAYS = "05-24 05-31 06-08 06-15 08-01 12-24 12-31"
S8_DAYS = "06-01 08-24 08-31 09-01"

#: Scheme: reviews by rule, reminders of the reviewers, of those who are heard, days on which plaques rotate, and days
#: of the campaign: phases begin and end, milestones a week before and on the day, next year 30 days before the end.
YEAR = {
    "s1": (
        {},
        "",
        "",
        "07-31 2029-01-31",
        S1_DAYS,
    ),  # on call only; the plaque moves each half year, also after the campaign
    "s2": ({"quarterly": QUARTERLY}, QUARTERLY_REMINDED, QUARTERLY_VOICES, "", ""),
    "s3": ({"monthly": MONTHLY}, MONTHLY_REMINDED, MONTHLY_VOICES, "", ""),
    "s4": ({"monthly": MONTHLY}, MONTHLY_REMINDED, MONTHLY_VOICES, "", ""),
    "s5": ({"monthly": MONTHLY}, MONTHLY_REMINDED, MONTHLY_VOICES, "", ""),
    "s6": ({"quarterly": QUARTERLY_ON}, QUARTERLY_ON_REMINDED, QUARTERLY_ON_VOICES, "", S6_DAYS),
    "s7": ({"post": QUARTERLY, "zone": QUARTERLY}, QUARTERLY_REMINDED, QUARTERLY_VOICES, "", ""),
    "s8": ({"semester": SEMESTERS_ON}, SEMESTERS_REMINDED, SEMESTERS_VOICES, "", S8_DAYS),
    "s9": ({}, "", "", "", ""),  # on call
}


def days(text):
    """The days of a line; without a year they are of 2028."""
    return [date.fromisoformat(word) if len(word) > 5 else d(word) for word in text.split()]


def told_on(prefix):
    """The days on which messages of a kind went out."""
    return sorted({message.created_at.date() for message in Message.objects.filter(key__startswith=prefix)})


@pytest.fixture
def year_of(world_of):
    """A world whose every kind of post hangs since the last day of January, one of them under rectification."""

    def make(code):
        Holiday.objects.bulk_create(Holiday(date=day, is_workday=on, name="") for day, on in HOLIDAYS.items())
        world = world_of(code, today=HUNG, year=2028, ends_on=ENDS)
        branch = world.units["branch"][0]
        titles = []
        for kind in world.campaign.kinds.all():
            people = [] if kind.holder == "org" else list(branch.members.order_by("pk")[:3])
            title = make_title(world.campaign, branch, *people, kind=kind, displayed_on=HUNG, conferred_on=HUNG)
            titles.append(title)
            for call in on_displayed:
                call(title)
        open_rectification(
            titles[0], actor=world.people[world.owner.pk][0], finding="台账不完整。", requirement="补齐。",
            responsible="甲", checking_unit=branch,
        )  # fmt: skip
        Message.objects.all().delete()
        run_clock(date(2028, 2, 1), LAST)
        return world

    return make


@pytest.mark.timeout(600)
@pytest.mark.parametrize("code", YEAR)
def test_the_year_of_a_scheme(code, year_of):
    reviews, reminded, voices, rotates, campaign = YEAR[code]
    world = year_of(code)

    for rule in world.campaign.review_rules.all():
        rows = Review.objects.filter(rule=rule).order_by("period_ends_on")
        expected = {period: tuple(days(" ".join(each))) for period, each in reviews.get(rule.code, {}).items()}
        if not rule.params.get("assessments") and not rule.params.get("survey"):
            expected = {period: (opened, None, due) for period, (opened, _voices, due) in expected.items()}
        assert {row.period: (row.opened_at.date(), row.voices_until, row.due_on) for row in rows} == expected
        kinds = [kind for kind in world.campaign.kinds.all() if not rule.kinds or kind.code in rule.kinds]
        assert rows.count() == len(expected) * len(kinds)
    assert told_on("review_remind:") == days(reminded)
    assert told_on("voices_remind:") == days(voices)
    assert sorted({turn.opened_at.date() for turn in Rotation.objects.all()}) == days(rotates)
    assert told_on("campaign_day") == days(campaign)
    _mended_over_the_leap_day()


def _mended_over_the_leap_day():
    mended = Rectification.objects.get()
    assert (mended.due_on, mended.status) == (date(2028, 3, 1), "lapsed")
    reminders = Message.objects.filter(key__startswith=f"rectification:{mended.pk}:2028-03-01:")
    assert sorted({message.created_at.date() for message in reminders}) == days(MENDING)
    assert Proposal.objects.get().proposed_at.date() == date(2028, 3, 4)
