"""Named posts for the tests of what comes after the naming."""

from datetime import date, datetime, time, timedelta
from itertools import count

import time_machine
from django.utils import timezone

from assessments.models import Review
from campaigns.domain.clock import tick
from campaigns.models import Campaign, PostKind, ReviewRule, VetoGround
from posts.models import Conferral, ConferralStatus, Decision, DecisionStatus, Holder, Nomination
from tests.factories import CampaignFactory, PostKindFactory, UserFactory

TODAY = date(2026, 11, 4)
_numbers = count(1)


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment of a day in the site's time zone."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def make_campaign(owner, **fields) -> Campaign:
    """A running campaign with one kind of post, ``person``."""
    campaign = CampaignFactory(owner=owner, status="open", **fields)
    PostKindFactory(campaign=campaign)
    return campaign


def make_rule(campaign, cadence="monthly", reviewer="branch", **params) -> ReviewRule:
    return ReviewRule.objects.create(
        campaign=campaign,
        code=f"{cadence}-{next(_numbers)}",
        label={"monthly": "月度考核", "quarterly": "季度考核", "none": "适时考核"}.get(cadence, cadence),
        cadence=cadence,
        reviewer=[reviewer],
        params=params,
    )


def make_ground(campaign, code="serious_accident", **fields) -> VetoGround:
    fields = {"text": "发生重大责任事故的", **fields}
    return VetoGround.objects.create(campaign=campaign, code=code, **fields)


def make_title(campaign, unit, *members, displayed_on=date(2026, 6, 30), kind=None, **fields) -> Conferral:
    """A post that was named and hangs since a day; nothing is scheduled yet."""
    kind = kind or PostKind.objects.filter(campaign=campaign).first()
    officer = UserFactory()
    name = fields.pop("name", f"综合窗口岗{next(_numbers)}")
    nomination = Nomination.objects.create(
        campaign=campaign, post_kind=kind, org_unit=unit, name=name, proposer=officer, status="completed"
    )
    conferred_on = fields.pop("conferred_on", (displayed_on or date(2026, 6, 30)) - timedelta(days=20))
    decision = Decision.objects.create(
        campaign=campaign,
        org_unit=campaign.owner,
        effect="name",
        held_on=conferred_on,
        status=DecisionStatus.RELEASED,
        created_by=officer,
    )
    conferral = Conferral.objects.create(
        campaign=campaign,
        post_kind=kind,
        org_unit=unit,
        nomination=nomination,
        decision=decision,
        honour=campaign.honour,
        name=name,
        duties="受理申请。",
        status=fields.pop("status", ConferralStatus.ACTIVE),
        conferred_on=conferred_on,
        displayed_on=displayed_on,
        **fields,
    )
    for member in members:
        Holder.objects.create(conferral=conferral, member=member, name=member.name, from_on=conferred_on)
    return conferral


def make_review(conferral, rule, **fields) -> Review:
    """An open review of October for the post's own unit."""
    fields = {
        "period": "2026-10",
        "period_starts_on": date(2026, 10, 1),
        "period_ends_on": date(2026, 10, 31),
        "reviewer_unit": conferral.org_unit,
        "due_on": date(2026, 11, 13),
        **fields,
    }
    return Review.objects.create(conferral=conferral, rule=rule, **fields)


def run_clock(first: date, last: date, *, off: tuple[date, date] | None = None) -> None:
    """Let the clock tick each morning of a range, both ends included; not in the days when it is ``off``."""
    day = first
    while day <= last:
        if not (off and off[0] <= day <= off[1]):
            with time_machine.travel(at(day), tick=False):
                tick()
        day += timedelta(days=1)
