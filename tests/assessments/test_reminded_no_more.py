"""Whoever acted between the writing of a reminder and its sending gets none."""

import re
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.core import mail
from django.utils import timezone

from assessments.domain.incidents import report_incident
from assessments.domain.rectifications import submit_rectification
from assessments.domain.reviews import record_review
from assessments.domain.verification import record_finding, take_up
from assessments.models import Incident, Rectification
from campaigns.domain.clock import schedule, tick
from campaigns.domain.messages import choose_channels
from campaigns.domain.outbox import _still_open
from campaigns.models import Delivery, DueItem, Message
from posts.domain.consents import answer_consent
from posts.models import Consent
from posts.stages.base import logic_of
from tests.assessments.helpers import make_nomination, make_open_survey, vote
from tests.assessments.test_reviews import RECTIFY
from tests.assessments.titles import at, make_review, run_clock
from tests.factories import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def by_mail(settings):
    settings.EMAIL_URL = "smtp://127.0.0.1:25"
    settings.DIGEST_MINUTES = 10
    settings.QUIET_HOURS = "21:00-08:00"


def wants_mail(*users):
    for user in users:
        choose_channels(user, by_email=True, email=f"{user.username}@example.org")


def mailed():
    return sorted(address for each in mail.outbox for address in each.to)


def dropped():
    return list(Delivery.objects.filter(state="dropped").values_list("message__user__username", "note"))


def test_who_voted_in_the_quiet_hours_gets_no_reminder(branch, secretary, member):
    opened = datetime.fromisoformat("2026-11-20T22:30:00+08:00")
    with time_machine.travel(opened, tick=False) as moment:
        survey = make_open_survey(branch, secretary, voters=10, hours=72)
        Message.objects.all().delete()
        other = survey.roll.exclude(member__user=member).first().member.user
        wants_mail(member, other)
        moment.shift(timedelta(hours=48))
        tick()
        assert Message.objects.filter(key=f"survey-remind:{survey.pk}", user__in=[member, other]).count() == 2
        vote(survey, member.member, "satisfied")
        moment.shift(timedelta(hours=9, minutes=30))
        tick()
    assert (mailed(), dropped()) == ([f"{other.username}@example.org"], [(member.username, "事项已办")])


def test_who_answered_is_not_asked_for_his_consent_any_more(branch, secretary, member):
    colleague = MemberFactory(branch=branch, user=UserFactory())
    wants_mail(member, colleague.user)
    with time_machine.travel(at(date(2026, 11, 20)), tick=False) as moment:
        make_nomination(branch, people=[member.member, colleague], stages=["consent"], proposer=secretary)
        answer_consent(Consent.objects.get(person__member__user=member), actor=member, answer="agreed")
        moment.shift(timedelta(minutes=10))
        tick()
    assert (mailed(), dropped()) == ([f"{colleague.user.username}@example.org"], [(member.username, "事项已办")])


def test_a_rectification_that_was_handed_in_reminds_nobody(title, secretary, member, rule, today):
    record_review(make_review(title, rule), actor=secretary, **RECTIFY)
    run_clock(date(2026, 11, 5), date(2026, 11, 26))
    wants_mail(member)
    today.move_to(at(date(2026, 11, 27), 8))
    tick()
    assert Delivery.objects.filter(message__user=member, state="waiting").count() == 1
    submit_rectification(Rectification.objects.get(), actor=member, proof="已补齐。")
    today.shift(timedelta(minutes=10))
    tick()
    assert (mailed(), dropped()) == ([], [(member.username, "事项已办")])


def test_a_report_that_was_verified_reminds_nobody(title, discipline, member, today):
    incident = report_incident(title, text="牌匾挂在无人的房间里。")
    wants_mail(discipline)
    today.move_to(at(incident.verify_due_on - timedelta(days=3), 8))
    tick()
    assert Delivery.objects.filter(state="waiting").count() == 1
    take_up(incident, actor=discipline)
    record_finding(
        Incident.objects.get(),
        actor=discipline,
        finding="not_verified",
        finding_text="查无此事。",
        statement="",
        statement_note="",
    )
    today.shift(timedelta(minutes=10))
    tick()
    assert (mailed(), dropped()) == ([], [(discipline.username, "事项已办")])


def test_the_reminder_of_a_step_leaves_out_who_has_answered(branch, secretary, member):
    colleague = MemberFactory(branch=branch, user=UserFactory())
    nomination = make_nomination(branch, people=[member.member, colleague], stages=["consent"], proposer=secretary)
    answer_consent(Consent.objects.get(person__member__user=member), actor=member, answer="agreed")
    run = nomination.runs.get(kind="consent")
    DueItem.objects.filter(kind="step_due").delete()
    with time_machine.travel(timezone.now() + timedelta(days=30), tick=False):
        due_on = logic_of(run).due_on()
        schedule("step_due", run.pk, due_at=timezone.now(), period=f"late:{due_on}")
        tick()
    told = Message.objects.filter(key__startswith="step-due").values_list("user", flat=True)
    assert list(told) == [colleague.user_id]


#: What only tells that something has happened: it stays true, whatever its reader does.
TELLS = {
    "adjustment",
    "ban-lifted",
    "campaign_day",
    "conferral-ended",
    "decision",
    "document",
    "journal-broken",
    "key",  # the start and the end of a suspension, and the like: the caller names it
    "member_lost",
    "message_send",
    "notice",
    "objection-settled",
    "post-renamed",
    "print",
    "published",
    "recount",
    "recounted",
    "review_done",
    "revocation-set-aside",
    "reward",
    "rotation_held",
}
NAMES = {"REMIND": "review_remind", "DAY": "campaign_day", "SEND": "message_send"}


def test_every_message_says_whether_it_asks_somebody_to_act():
    """A new sender either knows when its message is settled (``still_open``) or is entered above."""
    told = set()
    for app in ("campaigns", "posts", "assessments"):
        for path in Path(app).rglob("domain/*.py"):
            for name, word in re.findall(r'\bkey=f"(?:\{(\w+)\}|([^:{"]+))', path.read_text()):
                told.add(NAMES.get(name, name) or word.rstrip("-"))
    assert told == (set(_still_open) | TELLS)
