"""More candidates than places 差额: what finds no place beside a decision is not approved, with that reason."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from campaigns.models import User
from posts.domain.decisions import propose_decisions
from posts.domain.places import full_statuses
from posts.models import Decision, DecisionOutcome, RunStatus, StageRun
from posts.stages.base import logic_of


def without_a_place(decision: Decision) -> list[StageRun]:
    """What waits for the same body and effect, and counts by an enforced quota whose places are taken by now."""
    waiting = StageRun.objects.filter(
        kind="decide",
        status=RunStatus.OPEN,
        actor_unit=decision.org_unit_id,
        nomination__campaign=decision.campaign_id,
        nomination__conferral__isnull=True,
    ).exclude(decision_items__is_live=True)
    runs = list(waiting.select_related("nomination__org_unit", "nomination__post_kind").order_by("pk"))
    runs = [run for run in runs if logic_of(run).params.effect == decision.effect]
    full = full_statuses(decision.campaign, [run.nomination for run in runs])
    return [run for run in runs if any(status.counts(run.nomination) for status in full)]


@transaction.atomic
def refuse_without_a_place(decision: Decision, *, actor: User) -> Decision:
    """Put all of them into the pending decision as not approved: the places are taken.

    Raises DomainError when there are none; else as ``propose_decisions``.
    """
    runs = without_a_place(decision)
    if not runs:
        raise DomainError(_("Nothing that waits is without a place."))
    return propose_decisions(
        runs, outcome=DecisionOutcome.REFUSED, reasons=_("The places are taken."), actor=actor, into=decision
    )
