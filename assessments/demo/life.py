"""What became of the named posts: months of reviews, a rectification, a veto."""

from datetime import date, timedelta

from django.utils import timezone

from assessments.demo.days import ago
from assessments.demo.steps import Cases
from assessments.demo.voices import hear
from assessments.domain.incidents import Reporter, report_incident
from assessments.domain.reviews import record_review
from assessments.domain.verification import record_finding, take_up
from assessments.domain.vetoes import decide_veto
from assessments.models import Incident, Review, ReviewStatus
from assessments.rehearsal.days import at
from campaigns.domain.clock import tick
from campaigns.models import User
from posts.models import Conferral, Nomination

GOOD = (
    "履职践诺情况良好，群众满意率高于上期。",
    "工作量上升，服务质量稳定，建议继续挂牌。",
    "承诺事项全部兑现，台账完整。",
)
WEAK = "承诺事项完成三项中的两项，第三项滞后；台账缺第二周巡查记录。"


def tell_life(cases: Cases, named: list[Nomination]) -> None:
    """Every morning the clock runs; reviewers do their reviews some days later, and some things go wrong."""
    hall, vaccine = named[0], named[2]
    today, veto_day, weak_day = timezone.localdate(), ago(20), ago(25)
    day = ago(112)
    while day < today:
        with at(day, 7, 30):
            tick()
        if day.day % 7 == 0:
            left = [named[1]] if day > today - timedelta(days=25) else []
            _review_everything(cases, day, weak=vaccine if day >= weak_day else None, left=left)
        if day == veto_day:
            _veto(cases, hall, day)
        day += timedelta(days=1)
    _late_report(cases, named[3])


def _review_everything(cases: Cases, day: date, *, weak: Nomination | None, left: list[Nomination]) -> None:
    """The open reviews of a week; one is left for whoever looks around."""
    due = Review.objects.filter(status=ReviewStatus.OPEN).exclude(conferral__nomination__in=left)
    for review in due.select_related(
        "conferral__nomination", "conferral__post_kind", "rule__campaign", "reviewer_unit"
    ):
        with at(day, 11):
            is_weak = weak is not None and review.conferral.nomination_id == weak.pk and review.rule.code == "monthly"
            actor = _reviewer(cases, review)
            if hear(cases.town, review, actor=actor):
                _review(review, actor=actor, is_weak=is_weak, day=day)


def _reviewer(cases: Cases, review: Review) -> User:
    if review.reviewer_unit == cases.campaign.owner:
        return cases.town.people["demo-officer"]
    return cases.town.secretary(review.reviewer_unit.code)


def _review(review: Review, *, actor: User, is_weak: bool, day: date) -> None:
    if is_weak and not review.conferral.rectifications.exists():
        record_review(
            review,
            actor=actor,
            outcome="rectify",
            performance=WEAK,
            problems="第三项承诺滞后，台账记录不完整。",
            reasons="按方案限期整改。",
            requirement="补齐巡查记录并设专人管理；重新制定可量化承诺。",
            responsible=review.conferral.holders.first().name,
            rectify_by=day + timedelta(days=30),
        )
    else:
        record_review(
            review,
            actor=actor,
            outcome="pass",
            performance=GOOD[review.pk % 3],
            opinions="群众反映良好，无投诉。",
            reasons="达到方案规定的标准。",
        )


def _veto(cases: Cases, nomination: Nomination, day: date) -> None:
    """Five complaints in a month, four of them true: verified by one person, decided by another."""
    people = cases.town.people
    conferral = Conferral.objects.get(nomination=nomination)
    with at(day - timedelta(days=6), 10):
        incident = report_incident(
            conferral,
            text="一个月内在该窗口办事五次，三次遇到中午无人、两次被要求重复提交材料。",
            reporter=Reporter(name="样居民", contact="0000-7654321"),
        )
        incident = take_up(incident, actor=people["demo-discipline"])
    with at(day - timedelta(days=2), 15):
        incident = record_finding(
            incident,
            actor=people["demo-discipline"],
            finding="verified",
            finding_text="调阅叫号记录和监控，五次投诉中四次属实；窗口午间无人值守，重复收件两次。",
            ground=cases.campaign.veto_grounds.get(code="strong_public_reaction"),
            evidence_reference="核查报告〔2026〕2号",
            statement="岗位成员承认午间未按承诺轮班，对群众反映的情况没有异议。",
        )
    with at(day, 16):
        decide_veto(
            Incident.objects.get(pk=incident.pk),
            actor=people["demo-committee"],
            decision_text="窗口多次午间无人值守、重复收件，群众投诉五次中四次属实。",
            document_number="青示委发〔2026〕15号",
        )


def _late_report(cases: Cases, nomination: Nomination) -> None:
    """A fresh report for whoever verifies."""
    with at(ago(2), 10):
        report_incident(
            Conferral.objects.get(nomination=nomination),
            text="上周二下午到卫生院找签约医生，窗口说外出随访，没有留联系电话。",
        )
