"""The card of the step that is open now: what it waits for, for whom, and what this user may do."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from campaigns.models import User
from posts.domain.progress import who_acts
from posts.domain.rights import may
from posts.models import Nomination, RunStatus, StageRun
from posts.stages.base import StageKind, logic_of


@dataclass(frozen=True)
class StageCard:
    """What the page needs to draw the open step."""

    run: StageRun
    stage: StageKind
    waiting_for: str
    who: str
    due_on: date | None
    can: dict[str, bool]
    context: dict[str, Any] = field(default_factory=dict)

    @property
    def is_overdue(self) -> bool:
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def templates(self) -> list[str]:
        """The kind's own template, or a plain one for a kind that has none."""
        return [f"posts/stages/_{self.run.kind}.html", "posts/stages/_default.html"]

    def template_context(self) -> dict[str, Any]:
        """What the template gets: its kind's own context, the run, the kind's object, and what the user may do."""
        run = self.run
        return {**self.context, "run": run, "stage": self.stage, "can": self.can, "nomination": run.nomination}


def open_card(nomination: Nomination, user: User) -> StageCard | None:
    """The card of the open step; None when none is open."""
    run = nomination.runs.filter(status=RunStatus.OPEN).select_related("actor_unit").first()
    if run is None:
        return None
    run.nomination = nomination
    logic = logic_of(run)
    return StageCard(
        run=run,
        stage=logic,
        waiting_for=logic.waiting_for(),
        who=who_acts(run),
        due_on=logic.due_on(),
        can={action: may(user, action, run) for action in logic.actions},
        context=logic.context(user),
    )
