"""Where a nomination stands, for the page: the steps, what is waited for, and the history."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.actors import describe_actors
from campaigns.domain.journal import history_of
from campaigns.models import Campaign, OrgUnit, User
from posts.models import Nomination, NominationStatus, RunStatus, StageRun, Transition
from posts.stages.base import get_kind

STATES = {
    RunStatus.PASSED: "done",
    RunStatus.OPEN: "current",
    RunStatus.PENDING: "ahead",
    RunStatus.CANCELLED: "ahead",
    RunStatus.FAILED: "bad",
    RunStatus.RETURNED: "bad",
}


@dataclass(frozen=True)
class Step:
    """A position of the way with its latest run."""

    number: int
    run: StageRun
    state: str  # done, current, ahead, bad: the classes of the step bar
    on: date | None
    returned: int  # how often the paper was sent back from here


def steps_of(nomination: Nomination) -> list[Step]:
    """The step bar: one entry per position, told by its latest attempt."""
    latest: dict[int, StageRun] = {}
    returned: dict[int, int] = {}
    for run in nomination.runs.select_related("actor_unit").order_by("position", "attempt"):
        latest[run.position] = run
        returned[run.position] = returned.get(run.position, 0) + (run.status == RunStatus.RETURNED)
    steps = []
    for number, (position, run) in enumerate(latest.items(), start=1):
        at = run.closed_at if run.status not in (RunStatus.PENDING, RunStatus.OPEN) else run.opened_at
        on = timezone.localdate(at) if at and run.status != RunStatus.CANCELLED else None
        steps.append(Step(number, run, STATES[RunStatus(run.status)], on, returned[position]))
    return steps


def who_acts(run: StageRun) -> str:
    """The party that acts in a step, in words: the unit once it is known."""
    if "superior" in run.actor:
        return superior_name(run.nomination.campaign)
    return str(run.actor_unit) if run.actor_unit else describe_actors(run.actor)


def superior_name(campaign: Campaign) -> str:
    """The body above the owner, which has no people here: the unit, else who approved the campaign."""
    parent = OrgUnit.objects.get_parent(campaign.owner)
    return parent.name if parent else campaign.approving_body or describe_actors(["superior"])


@dataclass(frozen=True)
class Entry:
    """A line of the history."""

    at: datetime
    text: str
    who: User | None
    reason: str = ""
    icon: str = "circle"


#: Events of the journal that the transitions do not tell already. Other areas add theirs with ``tell_event``.
_events: dict[str, str | Promise] = {
    "draft_edited": gettext_lazy("edited the paper"),
    "evidence_added": gettext_lazy("added evidence"),
    "evidence_removed": gettext_lazy("removed evidence"),
    "meeting_recorded": gettext_lazy("recorded a meeting"),
    "consent_answered": gettext_lazy("answered about the consent"),
    "endorsed": gettext_lazy("gave an opinion"),
    "member_dropped": gettext_lazy("a member left the post"),
    "member_restored": gettext_lazy("a member came back into the post"),
}
MOVES: dict[str, tuple[Promise, str]] = {
    RunStatus.OPEN: (gettext_lazy("“%(step)s” began"), "play"),
    RunStatus.PASSED: (gettext_lazy("“%(step)s” passed"), "check"),
    RunStatus.FAILED: (gettext_lazy("“%(step)s” not passed"), "x"),
    RunStatus.RETURNED: (gettext_lazy("returned for correction from “%(step)s”"), "undo-2"),
}
STATUS_MOVES: dict[str, tuple[Promise, str]] = {
    NominationStatus.IN_PROGRESS: (gettext_lazy("submitted"), "send"),
    NominationStatus.COMPLETED: (gettext_lazy("all steps passed"), "award"),
    NominationStatus.NOT_PASSED: (gettext_lazy("ended: not passed"), "x"),
    NominationStatus.WITHDRAWN: (gettext_lazy("withdrawn"), "undo-2"),
}


def tell_event(kind: str, label: str | Promise) -> None:
    """Let an event of the journal appear in the history of its nomination."""
    _events[kind] = label


def timeline(nomination: Nomination) -> list[Entry]:
    """Moves and events, newest first."""
    entries = [entry for t in _transitions(nomination) if (entry := _entry_of_move(t))]
    events = history_of(nomination).filter(kind__in=list(_events))
    entries += [Entry(event.at, str(_events[event.kind]), event.actor, icon="pencil") for event in events]
    created = Entry(nomination.created_at, _("opened the paper"), nomination.proposer, icon="file-plus")
    return [*sorted(entries, key=lambda entry: entry.at, reverse=True), created]


def _transitions(nomination: Nomination) -> QuerySet[Transition]:
    return nomination.transitions.select_related("run", "actor").order_by("pk")


def _entry_of_move(transition: Transition) -> Entry | None:
    if transition.run is None:
        move = STATUS_MOVES.get(transition.to_status)
        text = str(move[0]) if move else ""
    else:
        move = MOVES.get(transition.to_status)
        text = str(move[0]) % {"step": transition.run.label} if move else ""
    if move is None:
        return None
    return Entry(transition.at, text, transition.actor, transition.reason, move[1])


def explain_way(nomination: Nomination) -> list[tuple[StageRun, list[str]]]:
    """Each step still ahead with the rules it follows, in words."""
    ahead = nomination.runs.filter(status=RunStatus.PENDING)
    return [(run, get_kind(run.kind).explain(run.params)) for run in ahead]


def last_return(nomination: Nomination) -> StageRun | None:
    """The step that sent the paper back, while it is back."""
    if nomination.status != NominationStatus.RETURNED:
        return None
    return nomination.runs.filter(status=RunStatus.RETURNED).order_by("-closed_at", "-pk").first()
