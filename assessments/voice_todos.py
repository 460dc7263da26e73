"""Whom the reviews wait for: the post itself, fellow members, leaders, who runs the survey."""

from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.domain.review_rights import fellow_member
from assessments.domain.review_rules import voice_rules
from assessments.domain.voice_waits import voice_url, waiting_reviews
from assessments.models import PeerTally, PeerTurn, Review, ScoreSheet, Statement, Survey, SurveyState, Voice
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Member, User
from campaigns.permissions import paths_for
from posts.models import Holder

SHOWN = 20


@todo_provider
def own_posts_to_assess(user: User) -> Iterator[Todo]:
    """Reviews of the user's own posts that ask the post about itself."""
    own = Holder.objects.filter(member__user=user, until_on__isnull=True).values("conferral")
    said = Statement.objects.filter(review=OuterRef("pk"), voice=Voice.SELF)
    scored = ScoreSheet.objects.filter(review=OuterRef("pk"), is_self=True, submitted_at__isnull=False)
    for review in waiting_reviews().filter(conferral__in=own).exclude(Exists(said) | Exists(scored))[:SHOWN]:
        yield from _line(review, Voice.SELF)


@todo_provider
def fellow_posts_to_assess(user: User) -> Iterator[Todo]:
    """Reviews of posts in the user's unit that ask fellow members."""
    member = Member.objects.active().filter(user=user).select_related("branch", "work_unit").first()
    if member is None:
        return
    units = [unit for unit in (member.branch, member.work_unit) if unit is not None]
    paths = [unit.path[:end] for unit in units for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)]
    spoken = PeerTurn.objects.filter(review=OuterRef("pk"), member=member)
    counted = PeerTally.objects.filter(review=OuterRef("pk"), n_paper__gt=0)
    waiting = waiting_reviews().filter(conferral__org_unit__path__in=paths, rule__params__assessments__isnull=False)
    for review in waiting.exclude(Exists(spoken) | Exists(counted))[:SHOWN]:
        if fellow_member(user, review) is not None:
            yield from _line(review, Voice.PEER)


@todo_provider
def posts_to_comment_on(user: User) -> Iterator[Todo]:
    """Reviews in which nobody who leads the unit has said anything; only those of the user's own unit."""
    paths = paths_for(user, "decide")
    if not paths:
        return
    said = Statement.objects.filter(review=OuterRef("pk"), voice=Voice.LEADER)
    mine = waiting_reviews().filter(conferral__org_unit__path__in=paths).exclude(Exists(said))
    own = Holder.objects.filter(member__user=user).values("conferral")
    for review in mine.exclude(conferral__in=own)[:SHOWN]:
        yield from _line(review, Voice.LEADER)


@todo_provider
def review_surveys_to_open(user: User) -> Iterator[Todo]:
    """Prepared surveys of reviews, of the user's own units."""
    paths = paths_for(user, "run_survey")
    if not paths:
        return
    drafts = Survey.objects.filter(state=SurveyState.DRAFT, review__status="open", org_unit__path__in=paths)
    for survey in drafts.select_related("org_unit", "review")[:SHOWN]:
        yield Todo(
            title=_("Open the survey: %s") % survey.title,
            url=reverse("assessments:survey_detail", args=[survey.pk]),
            action=_("Open"),
            icon="vote",
            meta=str(survey.org_unit),
            due_on=survey.review.voices_until,
            section="surveys",
        )


def _line(review: Review, voice: str) -> Iterator[Todo]:
    rules = voice_rules(review.rule)
    if voice not in rules.voices:
        return
    yield Todo(
        title=_("%(voice)s: “%(post)s”, %(review)s %(period)s")
        % {
            "voice": rules.name(voice),
            "post": review.conferral,
            "review": review.rule.label,
            "period": review.period,
        },
        url=voice_url(review, Voice(voice)),
        action=_("Speak"),
        icon="message-square-text",
        meta=review.conferral.org_unit.name,
        due_on=review.voices_until,
        section="reviews",
    )
