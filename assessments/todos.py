"""What waits for whom after the naming."""

from collections.abc import Iterator
from itertools import groupby

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from assessments.models import (
    Extension,
    Hearing,
    Incident,
    IncidentStatus,
    Proposal,
    Rectification,
    RectificationStatus,
    RequestState,
    Review,
)
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Appointment, User
from campaigns.permissions import grants_of, may_on_unit, paths_for
from posts.models import Holder

SINGLE = 3  # more reviews than this of one rule and period become one line


@todo_provider
def reviews_to_do(user: User) -> Iterator[Todo]:
    """Reviews of the user's own units, and overdue ones of the units below them."""
    paths = paths_for(user, "review_post")
    if not paths:
        return
    mine = Q(reviewer_unit__path__in=paths) | Q(due_on__lt=timezone.localdate())
    waiting = Review.objects.open().doable_by(user).filter(mine).select_related("conferral__org_unit", "rule")
    key = lambda review: (review.due_on, review.rule_id, review.period)  # noqa: E731
    for _key, group in groupby(waiting.order_by("due_on", "rule", "period", "pk"), key=key):
        yield from _review_lines(list(group))
    missed = Review.objects.to_settle().doable_by(user).filter(reviewer_unit__path__in=paths).count()
    if missed:
        yield Todo(
            title=ngettext(
                "%(count)s missed review waits for a decision", "%(count)s missed reviews wait for a decision", missed
            )
            % {"count": missed},
            url=reverse("assessments:review_list") + "?tab=missed",
            action=_("Decide"),
            icon="calendar-x",
            section="reviews",
        )


def _review_lines(reviews: list[Review]) -> Iterator[Todo]:
    first = reviews[0]
    facts = {"rule": first.rule.label, "period": first.period, "count": len(reviews)}
    if len(reviews) > SINGLE:
        yield Todo(
            title=ngettext(
                "%(rule)s for %(period)s: %(count)s post to review",
                "%(rule)s for %(period)s: %(count)s posts to review",
                len(reviews),
            )
            % facts,
            url=reverse("assessments:review_list"),
            action=_("Review"),
            icon="clipboard-check",
            due_on=first.due_on,
            section="reviews",
        )
        return
    for review in reviews:
        yield Todo(
            title=f"{first.rule.label} {first.period}：{review.conferral}",
            url=reverse("assessments:review_detail", args=[review.pk]),
            action=_("Review"),
            icon="clipboard-check",
            meta=review.conferral.org_unit.name,
            due_on=review.due_on,
            section="reviews",
        )


@todo_provider
def rectifications_to_do(user: User) -> Iterator[Todo]:
    """Hand in, for the people of the post and its branch; check again, for the checking unit."""
    paths = paths_for(user, "review_post")
    own = Holder.objects.filter(member__user=user, until_on__isnull=True).values("conferral")
    hand_in = Q(conferral__in=own) | Q(conferral__org_unit__path__in=paths)
    check = (Q(checking_unit__path__in=paths) | _left_to(paths)) & ~Q(submitted_by=user) & ~Q(conferral__in=own)
    waiting = Rectification.objects.filter(
        (Q(status=RectificationStatus.OPEN) & hand_in) | (Q(status=RectificationStatus.SUBMITTED) & check)
    ).select_related("conferral__org_unit")
    for rectification in waiting:
        is_open = rectification.status == RectificationStatus.OPEN
        title = _("Rectification of “%(post)s”") if is_open else _("Check the rectification of “%(post)s” again")
        yield Todo(
            title=title % {"post": rectification.conferral},
            url=reverse("assessments:rectification_detail", args=[rectification.pk]),
            action=_("Hand in") if is_open else _("Check"),
            icon="wrench",
            meta=rectification.conferral.org_unit.name,
            due_on=rectification.due_on,
            section="rectifications",
        )


def _left_to(paths: list[str]) -> Q:
    """Second checks for those above the checking unit: its own reviewer has handed the rectification in himself."""
    below = Q(pk__in=[])
    for path in paths:
        below |= Q(checking_unit__path__startswith=path)
    handed_in = Appointment.objects.current().filter(user=OuterRef("submitted_by"), org_unit=OuterRef("checking_unit"))
    return below & Q(Exists(handed_in))


@todo_provider
def proposals_to_do(user: User) -> Iterator[Todo]:
    """Proposals to end a title."""
    if not grants_of(user):
        return
    for proposal in Proposal.objects.decidable_by(user).select_related("conferral__org_unit"):
        yield Todo(
            title=_("Proposed for “%(post)s”: %(end)s")
            % {"post": proposal.conferral, "end": proposal.get_end_display()},
            url=reverse("assessments:proposal_detail", args=[proposal.pk]),
            action=_("Decide"),
            icon="gavel",
            meta=proposal.conferral.org_unit.name,
            section="reviews",
        )


_VERIFY = (("verify_incident",), gettext_lazy("Verify the report about “%(post)s”"), gettext_lazy("Verify"))
# What a report waits for: whose right it is, the words of the task, the word on the button.
INCIDENT_STEPS = {
    IncidentStatus.REPORTED: _VERIFY,
    IncidentStatus.VERIFYING: _VERIFY,
    IncidentStatus.TO_CONFIRM: (
        ("verify_incident", "decide_veto"),
        gettext_lazy("Second look at the report about “%(post)s”"),
        gettext_lazy("Confirm"),
    ),
    IncidentStatus.VERIFIED: (
        ("decide_veto",),
        gettext_lazy("Decide on the report about “%(post)s”"),
        gettext_lazy("Decide"),
    ),
}
OVERDUE = (
    ("decide_veto",),
    gettext_lazy("The verification of the report about “%(post)s” is overdue"),
    gettext_lazy("Look"),
)
BY_ANOTHER = (IncidentStatus.TO_CONFIRM, IncidentStatus.VERIFIED)


@todo_provider
def incidents_to_do(user: User) -> Iterator[Todo]:
    """Verify, take a second look, decide: each for its role, the last two not for who has verified."""
    if not any(paths_for(user, right) for right in ("verify_incident", "decide_veto")):
        return
    for incident in Incident.objects.visible_to(user).open().exclude(reporter__user=user).for_list():
        rights, title, action = INCIDENT_STEPS[IncidentStatus(incident.status)]
        if incident.is_overdue and not may_on_unit(user, "verify_incident", incident.conferral.org_unit):
            rights, title, action = OVERDUE
        if not any(may_on_unit(user, right, incident.conferral.org_unit) for right in rights):
            continue
        if incident.status in BY_ANOTHER and incident.verifier_id == user.pk:
            continue
        decided = incident.status == IncidentStatus.VERIFIED
        yield Todo(
            title=str(title) % {"post": incident.conferral},
            url=reverse("assessments:incident_detail", args=[incident.pk]),
            action=str(action),
            icon="shield-alert",
            meta=incident.conferral.org_unit.name,
            due_on=incident.decide_due_on if decided else incident.verify_due_on,
            section="incidents",
        )


@todo_provider
def statements_to_do(user: User) -> Iterator[Todo]:
    """Statements that the user is asked for himself."""
    asked = Hearing.objects.waiting().filter(holder__member__user=user)
    for statement in asked.select_related("incident__conferral__org_unit"):
        yield Todo(
            title=_("Your statement on a matter of “%(post)s”") % {"post": statement.incident.conferral},
            url=reverse("assessments:statement_detail", args=[statement.pk]),
            action=_("Answer"),
            icon="message-square-text",
            meta=statement.incident.conferral.org_unit.name,
            due_on=statement.due_on,
            section="rectifications",
        )


@todo_provider
def extensions_to_do(user: User) -> Iterator[Todo]:
    """Requests for more time, for the checking unit."""
    paths = paths_for(user, "review_post")
    if not paths:
        return
    own = Holder.objects.filter(member__user=user).values("conferral")
    waiting = Extension.objects.filter(state=RequestState.ASKED, rectification__checking_unit__path__in=paths)
    waiting = waiting.exclude(asked_by=user).exclude(rectification__conferral__in=own)
    for extension in waiting.select_related("rectification__conferral__org_unit"):
        rectification = extension.rectification
        yield Todo(
            title=_("More time is asked for the rectification of “%(post)s”") % {"post": rectification.conferral},
            url=reverse("assessments:rectification_detail", args=[rectification.pk]),
            action=_("Answer"),
            icon="calendar-plus",
            meta=rectification.conferral.org_unit.name,
            due_on=rectification.due_on,
            section="rectifications",
        )
