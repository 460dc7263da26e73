"""What of the nominations waits for a person, on his work list."""

from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import User
from posts.domain.quota_table import shortfalls_of
from posts.domain.worklist import consents_to_collect, consents_to_give, in_batches, papers_to_write, runs_to_work_on
from posts.models import NominationStatus, StageRun
from posts.stages.base import logic_of

#: From so many nominations on, the same opinion is one line of the work list.
BATCH = 3
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
    for runs in in_batches(runs_to_work_on(user, *KINDS)):
        if len(runs) >= BATCH:
            yield _batch_todo(runs)
        else:
            yield from (_run_todo(run) for run in runs)


def _batch_todo(runs: list[StageRun]) -> Todo:
    """One line for the same opinion on many nominations."""
    days = [day for run in runs if (day := logic_of(run).due_on())]
    return Todo(
        title=_("%(step)s: %(n)s nominations wait") % {"step": runs[0].label, "n": len(runs)},
        url=reverse("posts:endorsement_list"),
        action=_("Examine"),
        icon=logic_of(runs[0]).icon,
        meta=str(runs[0].nomination.campaign),
        due_on=min(days, default=None),
        section="nominations",
    )


def _run_todo(run: StageRun) -> Todo:
    logic = logic_of(run)
    return Todo(
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


@todo_provider
def quota_todos(user: User) -> Iterator[Todo]:
    """Units that have fewer nominations than the scheme expects of them."""
    for shortfall in shortfalls_of(user):
        status = shortfall.status
        yield Todo(
            title=_("%(unit)s: %(n)s nominations are missing for the minimum of %(least)s")
            % {"unit": status.unit, "n": status.missing, "least": status.minimum},
            url=reverse("posts:nomination_create"),
            action=_("Nominate"),
            icon="circle-gauge",
            meta=str(shortfall.campaign),
            due_on=shortfall.due_on,
            section="nominations",
        )
