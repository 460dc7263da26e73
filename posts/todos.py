"""What of the nominations waits for a person, on his work list."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import User
from posts.domain.worklist import consents_to_collect, consents_to_give, papers_to_write, runs_to_work_on
from posts.models import NominationStatus
from posts.stages.base import logic_of

#: The kinds whose work starts on the page of the nomination; other kinds have their own lists.
KINDS = ("nominate", "deliberate", "endorse")


@todo_provider
def nomination_todos(user: User) -> Iterator[Todo]:
    """Papers to write, steps to take, wishes to tell."""
    for nomination in papers_to_write(user):
        returned = nomination.status == NominationStatus.RETURNED
        title = _("“%(post)s” was returned: correct it") if returned else _("Finish the paper of “%(post)s”")
        yield Todo(
            title=title % {"post": nomination},
            url=reverse("posts:nomination_edit", args=[nomination.pk]),
            action=_("Correct") if returned else _("Go on writing"),
            icon="undo-2" if returned else "file-pen-line",
            meta=f"{nomination.campaign} · {nomination.org_unit}",
            due_on=nomination.campaign.nominations_until,
            section="nominations",
        )
    for run in runs_to_work_on(user, *KINDS):
        logic = logic_of(run)
        yield Todo(
            title=f"{run.label}{_(': ')}{run.nomination}",
            url=reverse("posts:nomination_detail", args=[run.nomination_id]),
            action=str(logic.actions[logic.main_action].label),
            icon=logic.icon,
            meta=f"{run.nomination.campaign} · {run.nomination.org_unit}",
            due_on=logic.due_on(),
            section="nominations",
        )


@todo_provider
def consent_todos(user: User) -> Iterator[Todo]:
    """One's own consents, and signed papers of members without an account."""
    for consent in consents_to_give(user):
        yield Todo(
            title=_("Do you agree to hold the post “%(post)s”?") % {"post": consent.run.nomination},
            url=reverse("posts:consent_answer", args=[consent.pk]),
            action=_("Answer"),
            icon="hand",
            meta=str(consent.run.nomination.campaign),
            due_on=logic_of(consent.run).due_on(),
            section="nominations",
        )
    for run in consents_to_collect(user):
        yield Todo(
            title=_("Record the signed consents of “%(post)s”") % {"post": run.nomination},
            url=reverse("posts:nomination_detail", args=[run.nomination_id]),
            action=_("Record"),
            icon="signature",
            meta=str(run.nomination.campaign),
            due_on=logic_of(run).due_on(),
            section="nominations",
        )
