"""By when a step should be done, as the campaign planned it."""

from datetime import date

from django.utils import timezone

from campaigns.domain.calendar import add_working_days
from posts.models import StageRun


def planned_end(run: StageRun) -> date | None:
    """The step's own day, or its working days counted from the opening; None when the campaign planned neither."""
    if run.opened_at is None:
        return None
    # Lists prefetch nomination__post_kind__stages.
    stages = run.nomination.post_kind.stages.all()
    days = next((stage.duration_days for stage in stages if stage.position == run.position), 0)
    opened = timezone.localdate(run.opened_at)
    counted = add_working_days(opened, days) if days else None
    # A nomination that came after the step's day has the planned days all the same.
    return run.due_on if run.due_on and run.due_on >= opened else counted or run.due_on
