"""What a survey is about, and so who runs it: a nomination in its step, or the review of a named post."""

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from assessments.models import Review, ReviewStatus, Survey
from campaigns.domain.errors import NotAllowedError, OutOfOrderError
from campaigns.models import HolderKind, Member, User
from campaigns.permissions import may_on_unit
from posts.domain import pipeline, rights
from posts.domain.rights import own_case
from posts.domain.stake import is_holder
from posts.models import Conferral, Holder, Nomination, NominationMember

People = QuerySet[NominationMember] | QuerySet[Holder]


def why_not_run(user: User, survey: Survey, action: str) -> str:
    """Why the user may not do this with the survey (``open_survey``, ``close_survey``); empty when he may."""
    if survey.review is None:
        return rights.why_not(user, action, survey.run) if survey.run else _("This survey is not run from here.")
    review = survey.review
    if review.status != ReviewStatus.OPEN:
        return _("The review is not open any more; its survey is over.")
    if not may_on_unit(user, "run_survey", survey.org_unit):
        return _("Your role does not allow this in %(unit)s.") % {"unit": survey.org_unit}
    if is_holder(user, review.conferral, acting=survey.org_unit):
        return own_case()
    return ""


def may_run(user: User, survey: Survey, action: str) -> bool:
    """Whether the user may do this with the survey now."""
    return not why_not_run(user, survey, action)


def require_run(user: User, survey: Survey, action: str) -> None:
    """Raise NotAllowedError with the reason unless the user may."""
    if reason := why_not_run(user, survey, action):
        raise NotAllowedError(reason)


def has_stake(user: User, survey: Survey) -> bool:
    """Whether the survey is about the user himself."""
    if survey.review is not None:
        return is_holder(user, survey.review.conferral)
    return bool(survey.run) and rights.is_concerned(user, survey.run.nomination)


def people_of(survey: Survey) -> People:
    """The people of the post, each with ``name`` and ``member``."""
    if survey.review is not None:
        return survey.review.conferral.holders.filter(until_on__isnull=True)
    if survey.run is None:
        return Holder.objects.none()
    return survey.run.nomination.members.filter(dropped_at__isnull=True)


def members_of(survey: Survey) -> QuerySet[Member]:
    """Those of the people who are on the roster."""
    known = people_of(survey).filter(member__isnull=False).values_list("member_id", flat=True)
    return Member.objects.filter(pk__in=list(known))


def is_person_of(user: User, survey: Survey) -> bool:
    """Whether the user is one of the people of the post today."""
    return people_of(survey).filter(member__user=user).exists()


def post_of(survey: Survey) -> Conferral | Nomination:
    """The named post, or the nomination that asks to be one."""
    return survey.review.conferral if survey.review else survey.run.nomination


def is_about_organisation(survey: Survey) -> bool:
    """Whether a whole organisation holds the post, so that nobody of it is judged by himself."""
    return post_of(survey).post_kind.holder == HolderKind.ORG


def lock_subject(survey: Survey) -> None:
    """Lock what the survey is about, before the survey itself: everywhere in this order."""
    if survey.review_id:
        survey.review = (
            Review.objects.select_for_update(of=("self",))
            .select_related("conferral__campaign", "conferral__org_unit", "rule__campaign", "reviewer_unit")
            .get(pk=survey.review_id)
        )
    elif survey.run_id:
        pipeline.lock_nomination(survey.run.nomination_id)


def lock_running(survey: Survey) -> Survey:
    """The survey afresh, locked, while its step or its review is open; raises OutOfOrderError when that is over."""
    run = pipeline.require_open(survey.run) if survey.run_id else None
    lock_subject(survey)
    review = survey.review
    survey = Survey.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=survey.pk)
    survey.run, survey.review = run, review
    if review is not None and review.status != ReviewStatus.OPEN:
        raise OutOfOrderError(_("The review is not open any more; its survey is over."))
    return survey
