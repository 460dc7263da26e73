"""The clock of a rectification: reminders to those who have not acted, and what follows when nobody does.

The clock itself ends nothing: it puts the matter before the body that named the post, and people decide.
"""

from datetime import date, datetime, time, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain.proposals import ends_by_failure, propose_end
from assessments.models import ProposalStatus, ProposedEnd, Rectification, RectificationStatus, RequestState
from campaigns.domain.clock import cancel, on_due, schedule
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.rules import escalate_days
from campaigns.models import DueItem, DueState, User
from campaigns.permissions import nearest_holders_of
from posts.domain.locks import lock_conferral
from posts.domain.stake import without_holders

REMIND, CHECK, ESCALATE = "rectify_remind", "rectify_check", "rectify_escalate"
REMIND_DAYS_BEFORE = (7, 3, 1, 0, -1)  # -1: the day after, when it is overdue
CHECK_DAYS_AFTER = (3, 7)  # after it was handed in, while nobody has looked


def schedule_clock(rectification: Rectification) -> None:
    """Reminders before, on and after the day, and the escalation. Safe to call again after the day has moved."""
    kinds = (REMIND, CHECK, ESCALATE)
    DueItem.objects.filter(kind__in=kinds, subject_id=rectification.pk, state=DueState.CANCELLED).delete()
    if rectification.status == RectificationStatus.SUBMITTED:
        schedule_check(rectification)
        return
    due_on = rectification.due_on
    for offset in REMIND_DAYS_BEFORE:
        day = due_on - timedelta(days=offset)
        if day > timezone.localdate():
            schedule(REMIND, rectification.pk, due_at=_morning(day), period=f"{due_on}:{offset}")
    day = due_on + timedelta(days=escalate_days(rectification.conferral.campaign))
    schedule(ESCALATE, rectification.pk, due_at=_morning(day), period=f"{due_on}")


def schedule_check(rectification: Rectification) -> None:
    """Whoever has to look again is reminded while he has not."""
    today = timezone.localdate()
    for days in CHECK_DAYS_AFTER:
        schedule(CHECK, rectification.pk, due_at=_morning(today + timedelta(days=days)), period=f"{today}:{days}")


def cancel_clock(rectification: Rectification) -> None:
    """Nothing more is due of it."""
    for kind in (REMIND, CHECK, ESCALATE):
        cancel(kind, rectification.pk)


def proposable_ends(rectification: Rectification) -> list[str]:
    """What may be proposed when it is not settled: the scheme's effects of failing, and the outcomes of the review."""
    found = ends_by_failure(rectification.conferral.campaign)
    own = rectification.review.rule.params.get("outcomes") or [] if rectification.review else []
    return [end for end in ProposedEnd.values if end in found or end in own]


@on_due(REMIND, gettext_lazy("reminder of a rectification"))
def remind_rectification(item: DueItem) -> None:
    """Tell the people of the post and its branch; an overdue one also whoever checks it."""
    rectification = Rectification.objects.select_related("conferral__org_unit", "checking_unit").get(pk=item.subject_id)
    left = (rectification.due_on - timezone.localdate()).days
    overtaken = any(left <= later < int(item.period.split(":")[1]) for later in REMIND_DAYS_BEFORE)
    if rectification.status != RectificationStatus.OPEN or overtaken:
        return
    title = (
        _("Rectification of “%(post)s” is due on %(day)s") if left >= 0 else _("Rectification of “%(post)s” overdue")
    )
    tell_post(rectification, item.period, title % facts(rectification))
    if left < 0:
        tell_checkers(rectification, "overdue", title % facts(rectification))


@on_due(CHECK, gettext_lazy("reminder of a second check"))
def remind_checkers(item: DueItem) -> None:
    """What was handed in still waits for somebody to look again."""
    rectification = Rectification.objects.select_related("conferral__org_unit", "checking_unit").get(pk=item.subject_id)
    if rectification.status == RectificationStatus.SUBMITTED:
        title = _("The rectification of “%(post)s” still waits for its second check")
        tell_checkers(rectification, f"remind-{item.period}", title % facts(rectification))


@on_due(ESCALATE, gettext_lazy("escalation of a rectification"))
def escalate(item: DueItem) -> None:
    """Nothing was handed in, so many days after the deadline: the body that named the post decides what follows.

    A request for more time that nobody has answered holds the clock: then only the checking unit is awaited.
    """
    found = Rectification.objects.get(pk=item.subject_id)
    conferral = lock_conferral(found.conferral_id)
    related = Rectification.objects.select_for_update(of=("self",)).select_related("checking_unit", "review__rule")
    rectification = related.get(pk=found.pk)
    rectification.conferral = conferral
    if rectification.status != RectificationStatus.OPEN or not rectification.is_overdue:
        return
    if rectification.extensions.filter(state=RequestState.ASKED).exists():
        tell_checkers(rectification, "extension", _("A request for more time waits for your answer"))
        return
    lapse(rectification)


def lapse(rectification: Rectification) -> None:
    """Close it as not handed in and put the mildest end of the scheme before the deciding body. Needs the locks."""
    rectification.status, rectification.closed_at = RectificationStatus.LAPSED, timezone.now()
    rectification.save(update_fields=["status", "closed_at"])
    cancel_clock(rectification)
    conferral = rectification.conferral
    record("rectification_lapsed", rectification, conferral=conferral.pk)
    reason = _("Nothing was handed in by %(day)s. Found: %(finding)s")
    if not conferral.proposals.filter(status=ProposalStatus.OPEN).exists():
        propose_end(
            conferral,
            end=proposable_ends(rectification)[0],
            reasons=(reason % {"day": rectification.due_on, "finding": rectification.finding})[:2000],
            actor=None,
            rectification=rectification,
        )
    tell_post(rectification, "lapsed", _("Rectification of “%(post)s” not handed in in time") % facts(rectification))


def tell_post(rectification: Rectification, event: str, title: str) -> None:
    """Leave a message for the people of the post and those who answer for it in its branch."""
    holders = User.objects.filter(is_active=True, member__held__conferral=rectification.conferral).distinct()
    branch = nearest_holders_of("review_post", rectification.conferral.org_unit)
    tell({*holders, *branch}, key=f"rectification:{rectification.pk}:{event}", title=title, url=url_of(rectification))


def tell_checkers(rectification: Rectification, event: str, title: str) -> None:
    """Leave a message for those who look again, without who handed it in and without the people of the post."""
    checkers = nearest_holders_of("review_post", rectification.checking_unit).exclude(pk=rectification.submitted_by_id)
    tell(
        without_holders(checkers, rectification.conferral),
        key=f"rectification_check:{rectification.pk}:{event}",
        title=title,
        url=url_of(rectification),
    )


def facts(rectification: Rectification) -> dict[str, object]:
    """The post and the deadline, for a sentence."""
    return {"post": rectification.conferral, "day": rectification.due_on}


def url_of(rectification: Rectification) -> str:
    """The address of its page."""
    return reverse("assessments:rectification_detail", args=[rectification.pk])


def _morning(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(8)))
