"""What the human steps leave on the page of a nomination: minutes, wishes, opinions."""

from posts.domain.dossier import section
from posts.domain.meetings import judge
from posts.models import Consent, Endorsement, Nomination, RunStatus
from posts.stages.base import logic_of


def meetings_of(nomination: Nomination, _user) -> dict | None:
    """Minutes of steps that are over; the open step shows its own."""
    rows = []
    for meeting in (
        nomination.meetings.exclude(run__status=RunStatus.OPEN)
        .select_related("run", "recorded_by")
        .prefetch_related("left_out__member")
    ):
        meeting.run.nomination = nomination
        params = logic_of(meeting.run).params
        rows.append((meeting, judge(meeting, quorum=params.quorum, pass_rule=params.pass_rule)))
    return {"meetings": rows} if rows else None


def consents_of(nomination: Nomination, _user) -> dict | None:
    """Answers of steps that are over."""
    consents = Consent.objects.filter(run__nomination=nomination).exclude(run__status=RunStatus.OPEN)
    rows = list(consents.select_related("person", "recorded_by", "run"))
    return {"consents": rows} if rows else None


def endorsements_of(nomination: Nomination, _user) -> dict | None:
    """Opinions given so far."""
    rows = list(Endorsement.objects.filter(run__nomination=nomination).select_related("run__actor_unit", "by"))
    return {"endorsements": rows} if rows else None


section("posts/includes/_part_meetings.html", meetings_of, order=10)
section("posts/includes/_part_consents.html", consents_of, order=40)
section("posts/includes/_part_endorsements.html", endorsements_of, order=45)
