"""Who may say what in a review, and until when. Nobody judges himself; what is unannounced stays so."""

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from assessments.domain.review_rules import voice_rules
from assessments.models import Review, ReviewStatus, Voice
from campaigns.domain.errors import NotAllowedError, OutOfOrderError
from campaigns.models import Member, User
from campaigns.permissions import may_on_unit
from posts.domain.rights import holds, own_case
from posts.domain.stake import is_holder

#: Who leads the unit of the post or one above it.
LEADERS = "decide"


def why_not_review(user: User, review: Review) -> str:
    """Why the user may not record this review's result; empty when he may. The sentence is for the user."""
    if not may_on_unit(user, "review_post", review.reviewer_unit):
        return _("This post is reviewed by %(unit)s; your role does not allow it.") % {"unit": review.reviewer_unit}
    if is_holder(user, review.conferral, acting=review.reviewer_unit):
        return own_case()
    return ""


def why_not_speak(user: User, review: Review, voice: str) -> str:
    """Why the user may not give this voice in the review; empty when he may."""
    if voice not in voice_rules(review.rule).voices:
        return _("The scheme does not ask for this in this review.")
    return _REASONS[Voice(voice)](user, review)


def require_voice(user: User, review: Review, voice: str) -> None:
    """Raise NotAllowedError with the reason unless the user may give this voice."""
    if reason := why_not_speak(user, review, voice):
        raise NotAllowedError(reason)


def fellow_member(user: User, review: Review) -> Member | None:
    """The user as a fellow Party member of the post: of the same unit, not of the post itself."""
    member = Member.objects.active().filter(user=user).select_related("branch", "work_unit").first()
    if member is None or is_holder(user, review.conferral):
        return None
    unit = review.conferral.org_unit
    own = member.branch if unit.is_party else member.work_unit
    return member if own is not None and own.path.startswith(unit.path) else None


def fellow_members(review: Review) -> QuerySet[Member]:
    """The members of the post's unit who are not of the post."""
    unit = review.conferral.org_unit
    inside = {"branch__path__startswith": unit.path} if unit.is_party else {"work_unit__path__startswith": unit.path}
    holders = review.conferral.holders.filter(member__isnull=False).values("member")
    return Member.objects.active().filter(**inside).exclude(pk__in=holders)


def lock_open_review(review: Review) -> Review:
    """The review afresh, locked; raises OutOfOrderError unless it is open."""
    review = lock_review(review)
    require_open(review)
    return review


def lock_review(review: Review) -> Review:
    """The review afresh, locked, with what its rules and rights need."""
    related = ("conferral__campaign", "conferral__org_unit", "conferral__post_kind", "rule__campaign", "reviewer_unit")
    return Review.objects.select_for_update(of=("self",)).select_related(*related).get(pk=review.pk)


def require_open(review: Review) -> None:
    """Raise OutOfOrderError unless the review is still to be done."""
    if review.status == ReviewStatus.DONE:
        raise OutOfOrderError(
            _("%(name)s has recorded this review on %(day)s already. Reload the page to see the result.")
            % {"name": review.done_by, "day": timezone.localtime(review.done_at).strftime("%Y-%m-%d %H:%M")}
        )
    if review.status != ReviewStatus.OPEN:
        raise OutOfOrderError(
            _("This review is not open any more (%(status)s).") % {"status": review.get_status_display()}
        )


def _why_not_self(user: User, review: Review) -> str:
    if holds(user, review.conferral):
        return ""
    if may_on_unit(user, "review_post", review.conferral.org_unit):
        spoken = review.statements.filter(voice=Voice.SELF).exclude(given_by=user)
        return _("The post has assessed itself already; nobody speaks for it any more.") if spoken.exists() else ""
    return _("Only the people of the post, or its unit on their behalf, assess themselves.")


def _why_not_peer(user: User, review: Review) -> str:
    if fellow_member(user, review) is None:
        return _("Only fellow members of the unit, not of the post, speak here.")
    return ""


def _why_not_leader(user: User, review: Review) -> str:
    unit = review.conferral.org_unit
    if not may_on_unit(user, LEADERS, unit) and not may_on_unit(user, "review_post", review.reviewer_unit):
        return _("Only who leads the unit comments here, or the reviewer who writes a comment down.")
    return _own_case(user, review)


def _why_not_organisation(user: User, review: Review) -> str:
    unit = review.reviewer_unit
    if not any(may_on_unit(user, right, unit) for right in ("review_post", "assess")):
        return _("This post is reviewed by %(unit)s; your role does not allow it.") % {"unit": unit}
    return _own_case(user, review)


def _why_not_mass(user: User, review: Review) -> str:
    if not may_on_unit(user, "run_survey", review.reviewer_unit):
        return _("Your role does not allow this in %(unit)s.") % {"unit": review.reviewer_unit}
    return _own_case(user, review)


def _own_case(user: User, review: Review) -> str:
    if is_holder(user, review.conferral, acting=review.reviewer_unit):
        return own_case()
    return ""


_REASONS = {
    Voice.SELF: _why_not_self,
    Voice.PEER: _why_not_peer,
    Voice.MASS: _why_not_mass,
    Voice.LEADER: _why_not_leader,
    Voice.ORGANISATION: _why_not_organisation,
}
