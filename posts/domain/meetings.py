"""Minutes of deliberations, and the arithmetic of 支部工作条例 art. 11."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.appraisals import latest_appraisals
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import Appraisal, Member, User
from posts.domain.pipeline import advance, require_open
from posts.domain.rights import require
from posts.models import LeaveOutReason, LeftOut, Meeting, StageRun
from posts.stages.base import logic_of

NONE, HALF, MAJORITY = "none", "half", "half_of_should_attend"
QUORUMS = [(NONE, gettext_lazy("no quorum")), (HALF, gettext_lazy("half of those who should attend"))]
PASS_RULES = [
    (NONE, gettext_lazy("the meeting's common view")),
    (MAJORITY, gettext_lazy("more than half of those who should attend")),
]


@dataclass(frozen=True)
class Verdict:
    """What a meeting is worth: whether it counts, whether it agreed, and the sum in words."""

    counts: bool
    agreed: bool
    arithmetic: str


def judge(meeting: Meeting, *, quorum: str, pass_rule: str) -> Verdict:
    """Apply quorum and pass rule. Integers only: 8 of 16 present is a quorum, 8 of 16 in favour is not a majority."""
    should = meeting.should_attend - meeting.excused
    counts = quorum == NONE or 2 * meeting.present >= should
    sentences = []
    if quorum == HALF:
        sentences.append(
            _("Should attend %(should)s, present %(present)s; at least %(needed)s must be present.")
            % {"should": should, "present": meeting.present, "needed": (should + 1) // 2}
        )
    agreed = meeting.agreed
    if pass_rule == MAJORITY:
        agreed = 2 * (meeting.in_favour or 0) > should
        sentences.append(
            _("In favour %(in_favour)s; more than half of %(should)s means at least %(needed)s.")
            % {"in_favour": meeting.in_favour or 0, "should": should, "needed": should // 2 + 1}
        )
    return Verdict(counts=counts, agreed=counts and agreed, arithmetic="".join(sentences))


def counting_meeting(run: StageRun, *, quorum: str, pass_rule: str) -> Meeting | None:
    """The latest meeting with a quorum held for this step, in any attempt: a returned paper needs no second one."""
    meetings = Meeting.objects.filter(nomination=run.nomination_id, run__position=run.position).order_by("-pk")
    return next((m for m in meetings if judge(m, quorum=quorum, pass_rule=pass_rule).counts), None)


@transaction.atomic
def record_meeting(run: StageRun, *, actor: User, left_out: Mapping[int, str] | None = None, **minutes: Any) -> Meeting:
    """Record the minutes of a meeting for an open step and go on if it decided.

    ``minutes``: the fields of Meeting; ``left_out``: the members not counted among those who should attend, by id,
    each with a ``LeaveOutReason``. Without a quorum the minutes are kept and the step stays open.
    Raises NotAllowedError, OutOfOrderError, DomainError with the field when the numbers do not add up.
    """
    run = require_open(run)
    require(actor, "record_meeting", run)
    params = logic_of(run).params
    meeting = Meeting(run=run, nomination=run.nomination, recorded_by=actor, **minutes)
    meeting.forum = minutes.get("forum") or params.forum
    if left_out:
        meeting.excused = len(left_out)
    _check_numbers(meeting)
    _check_vote(meeting, params)
    if params.pass_rule == MAJORITY:
        _check_roster(meeting, run, left_out or {})
    meeting.agreed = judge(meeting, quorum=NONE, pass_rule=params.pass_rule).agreed
    meeting.save()
    LeftOut.objects.bulk_create(
        LeftOut(meeting=meeting, member_id=member, reason=reason) for member, reason in (left_out or {}).items()
    )
    record(
        "meeting_recorded",
        run.nomination,
        actor=actor,
        run=run.pk,
        meeting=meeting.pk,
        should_attend=meeting.should_attend,
        present=meeting.present,
        in_favour=meeting.in_favour,
    )
    advance(run.nomination_id, actor=actor)
    return meeting


def _check_numbers(meeting: Meeting) -> None:
    if meeting.held_on > timezone.localdate():
        raise DomainError(_("The meeting lies in the future. Record it after it was held."), field="held_on")
    if meeting.should_attend < 1:
        raise DomainError(_("At least one person should attend."), field="should_attend")
    if meeting.excused >= meeting.should_attend:
        raise DomainError(_("Fewer people than should attend can be left out of the count."), field="excused")
    should = meeting.should_attend - meeting.excused
    if meeting.present > should:
        raise DomainError(
            _("%(present)s present are more than the %(should)s who should attend.")
            % {"present": meeting.present, "should": should},
            field="present",
        )
    if meeting.present < 1:
        raise DomainError(_("A meeting needs somebody who is present."), field="present")


def voting_members(run: StageRun) -> QuerySet[Member]:
    """Who votes in the meeting: the full members of the acting unit; probationary members have no vote (F22)."""
    unit = run.actor_unit or run.nomination.org_unit
    return Member.objects.active().full().within(unit).order_by("number")


def appraisals_of(run: StageRun) -> list[tuple[str, Appraisal | None]]:
    """The people of the post with their newest grade of the annual appraisal, None where none is entered."""
    people = [p for p in run.nomination.members.filter(dropped_at__isnull=True) if p.member_id]
    newest = latest_appraisals([p.member_id for p in people if p.member_id])
    return [(person.name, newest.get(person.member_id or 0)) for person in people]


def _check_roster(meeting: Meeting, run: StageRun, left_out: Mapping[int, str]) -> None:
    """Nobody with a vote drops out of the count silently: who is not counted is named, with the reason."""
    voters = set(voting_members(run).values_list("pk", flat=True))
    if meeting.excused != len(left_out):
        raise DomainError(_("Name each member who is not counted, with the reason."), field="excused")
    if set(left_out) - voters or set(left_out.values()) - set(LeaveOutReason.values):
        raise DomainError(_("Only full members of this roster are left out, each with a reason."), field="excused")
    if meeting.should_attend < len(voters):
        raise DomainError(
            _("The roster has %(n)s full members: all of them should attend. Name those who are not counted.")
            % {"n": len(voters)},
            field="should_attend",
        )


def _check_vote(meeting: Meeting, params: SimpleNamespace) -> None:
    votes = [meeting.in_favour, meeting.against, meeting.abstained]
    if params.pass_rule != NONE and None in votes:
        raise DomainError(
            _("This meeting votes: fill in how many were in favour, against, abstained."), field="in_favour"
        )
    if any(vote is not None for vote in votes) and sum(vote or 0 for vote in votes) != meeting.present:
        raise DomainError(
            _("In favour, against and abstained make %(sum)s, but %(present)s were present.")
            % {"sum": sum(vote or 0 for vote in votes), "present": meeting.present},
            field="in_favour",
        )
    if params.uses_annual_appraisal and not meeting.uses_annual_appraisal:
        raise DomainError(
            _("The scheme demands that the annual appraisal is taken into account. Tick it when that was done."),
            field="uses_annual_appraisal",
        )
