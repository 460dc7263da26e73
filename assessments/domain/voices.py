"""What is said in a review 五评: the post about itself, fellow members, leaders, the organisation, the masses."""

from collections.abc import Mapping
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.aspects import Counts, clean_aspects, clean_counts, with_one_more
from assessments.domain.review_rights import (
    fellow_member,
    fellow_members,
    lock_open_review,
    require_voice,
    why_not_review,
)
from assessments.domain.review_rules import voice_rules
from assessments.domain.review_sheets import rubric_of_review
from assessments.domain.rules import KEEP_OPENINGS_DAYS, POST
from assessments.domain.small_groups import limits
from assessments.domain.surveys import keep_draft
from assessments.models import (
    Grade,
    Option,
    PeerRemark,
    PeerTally,
    PeerTurn,
    Review,
    Statement,
    Survey,
    Voice,
)
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.rules import ballot_texts
from campaigns.models import User

MAX_SURVEY_DAYS = 30


@transaction.atomic
def give_statement(
    review: Review,
    *,
    voice: str,
    actor: User,
    grade: str,
    text: str,
    speaker: str = "",
    aspects: Mapping[str, str] | None = None,
) -> Statement:
    """Say, or write down, a word with a name; said again by the same speaker it replaces the former one.

    ``speaker`` is the actor unless he writes down what somebody else said. Raises NotAllowedError, OutOfOrderError
    when the result is recorded, DomainError without words, a grade, or a grade for an aspect of the scheme.
    """
    review = lock_open_review(review)
    require_voice(actor, review, voice)
    if voice not in (Voice.SELF, Voice.LEADER, Voice.ORGANISATION):
        raise DomainError(_("Fellow members and the masses are heard without names."))
    if voice != Voice.LEADER and rubric_of_review(review) is not None:
        raise DomainError(_("This review is scored by a rubric: fill in the score sheet instead."))
    _require_grade(grade)
    judged = clean_aspects(voice_rules(review.rule), aspects)
    if not text.strip():
        raise DomainError(_("Say it in words too: a grade alone tells nobody what to do."), field="text")
    name = (speaker.strip() or actor.name)[:60]
    if voice == Voice.ORGANISATION:
        name = actor.name
    values = {"grade": grade, "aspects": judged, "text": text.strip()[:2000], "given_by": actor}
    said, _created = Statement.objects.update_or_create(review=review, voice=voice, speaker=name, defaults=values)
    record("review_statement", review, actor=actor, voice=voice, statement=said.pk)
    return said


@transaction.atomic
def assess_as_peer(
    review: Review, *, actor: User, grade: str, remark: str = "", aspects: Mapping[str, str] | None = None
) -> None:
    """A fellow member speaks, once and without a name: the grade is counted, the words are kept apart.

    Raises NotAllowedError for anybody else, OutOfOrderError for a second time or after a count at a meeting.
    """
    review = lock_open_review(review)
    require_voice(actor, review, Voice.PEER)
    _require_grade(grade)
    judged = clean_aspects(voice_rules(review.rule), aspects)
    member = fellow_member(actor, review)
    _turn, created = PeerTurn.objects.get_or_create(review=review, member=member)
    if not created:
        raise OutOfOrderError(_("You have spoken already. It cannot be changed: nothing keeps what you said."))
    tally = _tally(review)
    if tally.n_paper:
        raise OutOfOrderError(_("The fellow members were heard at a meeting; the papers are counted."))
    tally.counts = tally.counts | {grade: tally.counts.get(grade, 0) + 1}
    tally.aspects = with_one_more(tally.aspects, judged)
    tally.save(update_fields=["counts", "aspects"])
    if remark.strip():
        PeerRemark.objects.create(review=review, text=remark.strip()[:300])
    # No actor: whoever reads the journal in order would learn who spoke when.
    record("review_peer_heard", review)


@transaction.atomic
def count_peers(
    review: Review,
    *,
    actor: User,
    held_on: date,
    place: str,
    counts: dict[str, int],
    aspects: Counts | None = None,
) -> PeerTally:
    """Enter what the papers of fellow members at a meeting said; instead of speaking on their own pages.

    Raises NotAllowedError, OutOfOrderError when somebody has spoken already, DomainError for numbers that cannot be.
    """
    review = lock_open_review(review)
    if reason := why_not_review(actor, review):
        raise NotAllowedError(reason)
    if Voice.PEER not in voice_rules(review.rule).voices:
        raise NotAllowedError(_("The scheme does not ask for this in this review."))
    tally = _tally(review)
    if tally.counts and not tally.n_paper:
        raise OutOfOrderError(_("Some fellow members have spoken on their own pages: papers would count them twice."))
    clean = {grade: counts.get(grade, 0) for grade in Grade.values}
    number, most = sum(clean.values()), fellow_members(review).count()
    if min(clean.values()) < 0 or not 1 <= number <= most:
        text = _("Between 1 and %(most)s papers are possible: so many fellow members there are.")
        raise DomainError(text % {"most": most}, field="excellent")
    if held_on > timezone.localdate():
        raise DomainError(_("This day lies in the future. Record it afterwards."), field="held_on")
    tally.aspects = clean_counts(voice_rules(review.rule), aspects, number)
    tally.counts, tally.n_paper = clean, number
    tally.meeting = _("%(day)s %(place)s") % {"day": held_on, "place": place.strip()[:150]}
    tally.save()
    record("review_peers_counted", review, actor=actor, n=number)
    return tally


@transaction.atomic
def prepare_review_survey(review: Review, *, actor: User) -> Survey:
    """The draft of the secret survey of a review: the post on one line, its threshold, who votes as the rule says.

    Raises NotAllowedError, OutOfOrderError when there is one already.
    """
    review = lock_open_review(review)
    require_voice(actor, review, Voice.MASS)
    if review.surveys.exclude(state="void").exists():
        raise OutOfOrderError(_("The survey of this review is there already."))
    name = voice_rules(review.rule).name(Voice.MASS)
    title = _("%(label)s: %(post)s") % {
        "label": f"{review.rule.label} {review.period} {name}",
        "post": review.conferral,
    }
    survey = Survey(org_unit=review.reviewer_unit, review=review, title=title[:120], rules=_survey_rules(review))
    return keep_draft(survey, actor=actor)


def _survey_rules(review: Review) -> dict:
    rules, texts = voice_rules(review.rule), ballot_texts(review.conferral.campaign)
    options = [str(option) for option in Option.values]
    until = review.voices_until or review.due_on
    return {
        "subjects": [POST],
        "aspects": list(rules.aspects),
        "electorate": list(rules.electorate),
        "options": options,
        "positive": [Option.SATISFIED.value],
        "not_valid": [Option.UNKNOWN.value],
        "threshold": rules.threshold,
        "min_turnout_percent": 0,
        "min_valid": rules.least[Voice.MASS],
        "days": min(MAX_SURVEY_DAYS, max(1, (until - timezone.localdate()).days)),
        "recuse_holders": True,
        "max_extensions": 0,
        "small_group": limits(),
        "words": {code: word for code, word in texts.get("options", {}).items() if code in options},
        "ballot_title": texts.get("title", ""),
        "instruction": texts.get("instruction", ""),
        "keep_openings_days": texts.get("keep_openings_days") or KEEP_OPENINGS_DAYS,
        "clause": review.rule.clause,
    }


def _tally(review: Review) -> PeerTally:
    tally, _created = PeerTally.objects.select_for_update().get_or_create(review=review)
    return tally


def _require_grade(grade: str) -> None:
    if grade not in Grade.values:
        raise DomainError(_("Choose a grade."), field="grade")
