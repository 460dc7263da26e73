"""The wish of the members of a post 本人意愿: given by themselves, taken back until the decision (domain F6)."""

from datetime import date

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.models import User
from posts.domain.guards import asked_for_consent
from posts.domain.members import drop_member, stop_when_too_few, take_back_drop
from posts.domain.pipeline import advance, lock_nomination
from posts.domain.rights import require
from posts.models import Consent, ConsentAnswer, RunStatus, StageRun
from posts.models.nomination import LIVE_STATUSES

#: Working days in which the members are expected to answer; nothing happens by itself when they are over.
CONSENT_DAYS = 3


def ask_for_consent(run: StageRun, *, until: date) -> None:
    """Open a consent for every Party member of the post and tell those who have an account.

    An organisation is asked as a whole; its own secretary records its answer, with the minutes at hand.
    """
    people = run.nomination.members.filter(asked_for_consent(), dropped_at__isnull=True).select_related("member__user")
    Consent.objects.bulk_create(Consent(run=run, person=person) for person in people)
    for consent in run.consents.filter(person__member__user__isnull=False).select_related("person__member__user"):
        tell(
            [consent.person.member.user],
            key=f"consent:{consent.pk}",
            title=_("Do you agree to hold the post “%(post)s”?") % {"post": run.nomination},
            body=_("Please answer by %(day)s.") % {"day": until.isoformat()},
            url=reverse("posts:consent_answer", args=[consent.pk]),
        )


@transaction.atomic
def answer_consent(consent: Consent, *, actor: User, answer: str, reason: str = "") -> Consent:
    """Answer for oneself. An earlier answer may be changed until the decision; who declines leaves the post.

    Raises NotAllowedError for anybody else, OutOfOrderError when it is too late, DomainError without an answer.
    """
    consent = _fresh(consent)
    member = consent.person.member
    if member is None or member.user_id != actor.pk:
        raise NotAllowedError(_("Only %(name)s himself may answer here.") % {"name": consent.person})
    return _settle(consent, actor=actor, answer=answer, reason=reason, recorded_by=None)


@transaction.atomic
def record_paper_consent(consent: Consent, *, actor: User, answer: str, reason: str = "") -> Consent:
    """Enter what a member signed on paper. Raises as ``answer_consent``; one's own answer is given in person."""
    consent = _fresh(consent)
    member = consent.person.member
    if consent.run.status != RunStatus.OPEN:
        raise OutOfOrderError(_("The consents have been closed. The member can still take his consent back himself."))
    require(actor, "record_consent", consent.run)
    if member is not None and member.user_id == actor.pk:
        raise NotAllowedError(_("This is your own consent: answer it on your own page."))
    return _settle(consent, actor=actor, answer=answer, reason=reason, recorded_by=actor)


def may_change(consent: Consent) -> bool:
    """Whether the answer can still be changed: until the decision; a refusal only while the step is open."""
    nomination = consent.run.nomination
    if nomination.status not in LIVE_STATUSES or consent.run.status not in (RunStatus.OPEN, RunStatus.PASSED):
        return False
    return consent.run.status == RunStatus.OPEN or consent.answer == ConsentAnswer.AGREED


def _fresh(consent: Consent) -> Consent:
    nomination = lock_nomination(consent.run.nomination_id)
    fresh = Consent.objects.select_related("run__actor_unit", "person__member__user").get(pk=consent.pk)
    fresh.run.nomination = nomination
    fresh.person.nomination = nomination
    return fresh


def _settle(consent: Consent, *, actor: User, answer: str, reason: str, recorded_by: User | None) -> Consent:
    if answer not in (ConsentAnswer.AGREED, ConsentAnswer.REFUSED):
        raise DomainError(_("Choose one of the two answers."), field="answer")
    if not may_change(consent):
        raise OutOfOrderError(_("It is too late: the answer can no longer be changed."))
    before = consent.answer
    consent.answer, consent.reason, consent.recorded_by = answer, reason.strip()[:200], recorded_by
    consent.answered_at = timezone.now()
    consent.save(update_fields=["answer", "reason", "recorded_by", "answered_at"])
    nomination = consent.run.nomination
    record("consent_answered", nomination, actor=actor, consent=consent.pk, answer=answer, before=before)
    if answer == ConsentAnswer.REFUSED and before != ConsentAnswer.REFUSED:
        drop_member(consent.person, actor=actor, reason=_("declined"))
        if stop_when_too_few(nomination, actor=actor):
            return consent
    elif answer == ConsentAnswer.AGREED and before == ConsentAnswer.REFUSED:
        take_back_drop(consent.person, actor=actor)
    advance(nomination.pk, actor=actor)
    return consent
