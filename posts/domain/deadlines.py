"""By when a step should be done, as the campaign planned it."""

from datetime import date

from django.utils import timezone

from campaigns.domain.calendar import add_working_days
from campaigns.models import Stage
from posts.models import StageRun


def planned_end(run: StageRun) -> date | None:
    """The step's own day, or its working days counted from the opening; None when the campaign planned neither."""
    if run.opened_at is None:
        return None
    stages = Stage.objects.filter(post_kind=run.nomination.post_kind_id, position=run.position)
    stage = stages.only("due_on", "duration_days").first()
    if stage is None:
        return None
    opened = timezone.localdate(run.opened_at)
    counted = add_working_days(opened, stage.duration_days) if stage.duration_days else None
    # A nomination that came after the step's day has the planned days all the same.
    return stage.due_on if stage.due_on and stage.due_on >= opened else counted or stage.due_on
