"""A survey from its preparation to its opening. The close: ``assessments.domain.closing``."""

from datetime import datetime, time, timedelta
from typing import Any, NoReturn

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.closing import CLOSE, close_survey
from assessments.domain.reminders import schedule_reminder
from assessments.domain.rules import (
    PEOPLE,
    POST,
    check_closing,
    hash_roll,
    hash_rules,
    rules_from,
    takes_codes,
    takes_members,
)
from assessments.domain.small_groups import limits
from assessments.domain.survey_subjects import (
    is_about_organisation,
    lock_running,
    members_of,
    people_of,
    post_of,
    require_run,
)
from assessments.domain.traces import wipe_boxes
from assessments.models import RollEntry, SealedBallot, Survey, SurveyLine, SurveyState
from campaigns.domain.clock import schedule
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import ballot_texts
from campaigns.models import Member, User
from posts.models import NominationMember, StageRun
from posts.stages.base import logic_of

__all__ = [
    "abandon_survey",
    "close_survey",
    "default_closing",
    "eligible_voters",
    "open_survey",
    "prepare_survey",
    "recused_members",
    "repeat_survey",
]


@transaction.atomic
def prepare_survey(run: StageRun) -> Survey:
    """The draft survey of a run: its rules and the lines of its ballot. Nothing is frozen yet."""
    nomination = run.nomination
    survey = Survey(
        org_unit=run.actor_unit or nomination.org_unit,
        run=run,
        title=_("%(label)s: %(post)s") % {"label": run.label, "post": nomination},
        rules=rules_from(logic_of(run).params, clause=run.clause, texts=ballot_texts(nomination.campaign)),
    )
    return keep_draft(survey)


def keep_draft(survey: Survey, *, actor: User | None = None) -> Survey:
    """Store a survey that was put together, with the lines of its ballot. Needs a transaction."""
    survey.save()
    _write_lines(survey)
    record("survey_prepared", survey, actor=actor, run=survey.run_id, review=survey.review_id)
    return survey


def eligible_voters(survey: Survey) -> QuerySet[Member]:
    """The members who will stand on the roll: active, probationary ones too (F22), of the unit's subtree.

    The members of the post do not vote on themselves unless the rules say so.
    """
    if not takes_members(survey.rules):
        return Member.objects.none()
    # In a review the members of the post's own unit vote, whoever reviews it.
    unit = survey.review.conferral.org_unit if survey.review else survey.org_unit
    # An office has no branch below it: its members are those who work there.
    inside = Q(branch__path__startswith=unit.path) if unit.is_party else Q(work_unit__path__startswith=unit.path)
    voters = Member.objects.active().filter(inside)
    if survey.rules.get("recuse_holders"):
        voters = voters.exclude(pk__in=members_of(survey))
    return voters.order_by("branch__path", "number")


def recused_members(survey: Survey) -> list[str]:
    """The members of the post, by name, who are kept off the roll."""
    if not (survey.rules.get("recuse_holders") and takes_members(survey.rules)):
        return []
    return list(people_of(survey).filter(member__isnull=False).values_list("name", flat=True))


def default_closing(survey: Survey) -> datetime:
    """The planned end: 18:00 on the last of the planned days, today being the first."""
    day = timezone.localtime() + timedelta(days=max(1, survey.rules["days"]))
    day = day.replace(hour=18, minute=0, second=0, microsecond=0)
    if survey.review and day.date() > survey.review.due_on:
        return timezone.make_aware(datetime.combine(survey.review.due_on, time(18)))
    return day


@transaction.atomic
def open_survey(
    survey: Survey,
    *,
    actor: User,
    closes_at: datetime,
    accept_small_group: bool = False,
    paper_only: bool = False,
) -> Survey:
    """Freeze rules, lines and roll with their hashes and take ballots until ``closes_at``.

    ``paper_only``: on paper in a meeting, nobody votes by phone; the way for a small electorate (votes-and-trust 2.6).
    ``accept_small_group`` counts only where the site lets few people vote by phone. Raises NotAllowedError for somebody
    without the right or with a stake, OutOfOrderError when the survey is not in preparation, DomainError for a bad
    closing time, an empty electorate, or a small one that is to vote by phone and may not, or was not accepted.
    """
    survey = _lock(survey)
    require_run(actor, survey, "open_survey")
    if survey.state != SurveyState.DRAFT:
        raise OutOfOrderError(_("The survey is not in preparation any more (%s).") % survey.get_state_display())
    check_closing(closes_at, latest=survey.review.due_on if survey.review else None)
    _write_lines(survey)
    RollEntry.objects.bulk_create(
        [RollEntry(survey=survey, member=member) for member in eligible_voters(survey)], batch_size=500
    )
    survey.rules |= {"small_group": limits(), "paper_only": paper_only}
    is_small = _check_electorate(survey, accepted=accept_small_group)
    survey.rules["accepted_small_group"] = is_small and not paper_only
    survey.opens_at, survey.closes_at = timezone.now(), closes_at
    survey.opened_by, survey.state = actor, SurveyState.OPEN
    survey.rules_sha256, survey.roll_sha256 = hash_rules(survey), hash_roll(survey)
    survey.save()
    schedule(CLOSE, survey.pk, due_at=closes_at)
    if not paper_only:
        schedule_reminder(survey)
    record("survey_opened", survey, actor=actor, rules=survey.rules_sha256, roll=survey.roll_sha256)
    _tell_voters(survey)
    return survey


@transaction.atomic
def repeat_survey(survey: Survey, *, actor: User) -> Survey:
    """A new survey in the place of a void one. Raises OutOfOrderError when it is not void or was repeated already."""
    survey = _lock(survey)
    require_run(actor, survey, "open_survey")
    if survey.state != SurveyState.VOID:
        raise OutOfOrderError(_("Only a void survey can be repeated."))
    if is_repeated(survey):
        raise OutOfOrderError(_("This survey was repeated already."))
    if survey.review:
        again = Survey(org_unit=survey.org_unit, review=survey.review, title=survey.title, rules=fresh_rules(survey))
        fresh = keep_draft(again, actor=actor)
    else:
        fresh = prepare_survey(survey.run)
    record("survey_repeated", survey, actor=actor, by=fresh.pk)
    return fresh


_OF_THE_OPENING = ("accepted_small_group", "paper_only")


def fresh_rules(survey: Survey) -> dict[str, Any]:
    """The rules of a survey as before its opening."""
    return {name: value for name, value in survey.rules.items() if name not in _OF_THE_OPENING}


def is_repeated(survey: Survey) -> bool:
    """Whether a later survey stands in the place of this one."""
    about = {"review": survey.review_id} if survey.review_id else {"run": survey.run_id}
    return Survey.objects.filter(**about, pk__gt=survey.pk).exists()


@transaction.atomic
def abandon_survey(survey: Survey, *, reason: str) -> None:
    """Stop a survey whose nomination was returned, withdrawn or stopped. Its ballots are destroyed unread."""
    survey = Survey.objects.select_for_update().get(pk=survey.pk)
    if survey.state not in (SurveyState.DRAFT, SurveyState.OPEN):
        return
    SealedBallot.objects.filter(survey=survey).delete()
    wipe_boxes()
    survey.state, survey.void_reason, survey.closed_at = SurveyState.VOID, reason[:200], timezone.now()
    survey.save(update_fields=["state", "void_reason", "closed_at"])
    record("survey_abandoned", survey)


def _lock(survey: Survey) -> Survey:
    """The survey afresh, locked, and what it is about still open; that is locked first, as everywhere."""
    return lock_running(survey)


def lock_open_survey(survey: Survey) -> Survey:
    """The survey afresh, locked; raises OutOfOrderError unless it takes ballots now."""
    survey = _lock(survey)
    if survey.state != SurveyState.OPEN or survey.closes_at <= timezone.now():
        raise OutOfOrderError(_("The survey does not take ballots now."))
    return survey


def _write_lines(survey: Survey) -> None:
    """One line for the post and one for each of its members, as the rules say (F3), and one for each aspect.

    Written anew until it opens.
    """
    lines: list[tuple[NominationMember | None, str]] = []
    whole = is_about_organisation(survey)
    if POST in survey.rules["subjects"] or whole:
        lines.append((None, _("Post: %s") % post_of(survey)))
    if PEOPLE in survey.rules["subjects"] and not whole and survey.run:
        lines += [(person, _("Member: %s") % person) for person in _subjects(survey)]
    lines += [(None, aspect) for aspect in survey.rules.get("aspects", ())]
    survey.lines.all().delete()
    SurveyLine.objects.bulk_create(
        SurveyLine(survey=survey, position=position, person=person, label=label[:120])
        for position, (person, label) in enumerate(lines)
    )


def _subjects(survey: Survey) -> QuerySet[NominationMember]:
    return survey.run.nomination.members.filter(dropped_at__isnull=True)


def _check_electorate(survey: Survey, *, accepted: bool) -> bool:
    """Whether few can vote: on paper, or by phone where that may be and was accepted; the voters are told then."""
    if not survey.lines.exists():
        raise DomainError(_("The ballot has no line: the post has no members left."))
    voters = survey.roll.count() + survey.codes.filter(voided=False).count()
    if voters == 0 and takes_codes(survey.rules) and survey.rules["paper_only"]:
        return True
    if voters == 0 and takes_codes(survey.rules):
        raise DomainError(_("Nobody could vote. Have ballot codes printed one level above first."))
    if voters == 0:
        raise DomainError(_("Nobody could vote: no member stands on the roll."))
    small = survey.rules["small_group"]
    is_small = voters < small["min_electorate"]
    if is_small and not survey.rules["paper_only"] and not (accepted and small["few_by_phone"]):
        _refuse_few(voters, small)
    return is_small


def _refuse_few(voters: int, small: dict[str, Any]) -> NoReturn:
    words = {"voters": voters, "least": small["min_electorate"]}
    if small["few_by_phone"]:
        text = _(
            "Only %(voters)s can vote. With fewer than %(least)s the result may show who voted how: hold the vote "
            "on paper in a meeting, have ballot codes printed for more people, or confirm that you accept this."
        )
        raise DomainError(text % words, field="accept_small_group")
    text = _(
        "Only %(voters)s can vote. With fewer than %(least)s the result may show who voted how: hold the vote on paper "
        "in a meeting, or have ballot codes printed for more people."
    )
    raise DomainError(text % words, field="paper_only")


def _tell_voters(survey: Survey) -> None:
    voters = User.objects.filter(is_active=True, member__in=survey.roll.values("member"))
    on_paper = survey.rules["paper_only"]
    words = _("On paper in a meeting, until %s.") if on_paper else _("Secret ballot, open until %s.")
    tell(
        voters,
        key=f"survey-open:{survey.pk}",
        title=_("Please vote: %s") % survey.title,
        body=words % timezone.localtime(survey.closes_at).strftime("%Y-%m-%d %H:%M"),
        url=reverse("assessments:vote", args=[survey.public_id]),
    )
