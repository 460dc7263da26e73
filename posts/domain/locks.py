"""Row locks of a batch, always in one order: the decision, its nominations by id, then what hangs on them."""

from collections.abc import Iterable

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, OutOfOrderError
from posts.domain.pipeline import lock_nomination
from posts.models import Conferral, Decision, DecisionStatus, Nomination, RunStatus, StageRun

MAX_SHOWN = 5


def lock_pending(decision: Decision) -> Decision:
    """The decision with its row locked; OutOfOrderError when it is pending no longer."""
    # No joined rows: after a wait PostgreSQL re-reads only the locked one, so a joined releaser would be missing.
    fresh = Decision.objects.select_for_update().get(pk=decision.pk)
    if fresh.status == DecisionStatus.RELEASED:
        raise OutOfOrderError(
            _("This decision was released by %(name)s at %(time)s. Released decisions are not changed.")
            % {"name": fresh.released_by, "time": timezone.localtime(fresh.released_at).strftime("%Y-%m-%d %H:%M")}
        )
    if fresh.status == DecisionStatus.CANCELLED:
        raise OutOfOrderError(_("This decision was cancelled."))
    return fresh


def lock_runs(runs: Iterable[StageRun]) -> list[StageRun]:
    """The runs afresh, with their nominations locked in one order; OutOfOrderError when one is not open."""
    wanted = {run.pk: run.nomination_id for run in runs}
    if not wanted:
        raise DomainError(_("Choose at least one nomination."))
    locked = Nomination.objects.select_for_update(of=("self",)).filter(pk__in=wanted.values()).order_by("pk")
    related = locked.select_related("campaign__owner", "org_unit", "post_kind")
    nominations = {nomination.pk: nomination for nomination in related}
    fresh = list(StageRun.objects.filter(pk__in=wanted).select_related("actor_unit").order_by("nomination_id"))
    for run in fresh:
        run.nomination = nominations[run.nomination_id]
    if closed := [run for run in fresh if run.status != RunStatus.OPEN or run.kind != "decide"]:
        raise OutOfOrderError(_("No decision is open for %(names)s. Reload the list.") % {"names": names_of(closed)})
    return fresh


def lock_conferral(conferral_pk: int) -> Conferral:
    """The conferral with its row locked, after the nomination's."""
    nomination_pk = Conferral.objects.values_list("nomination", flat=True).get(pk=conferral_pk)
    nomination = lock_nomination(nomination_pk)
    conferral = (
        Conferral.objects.select_for_update(of=("self",))
        .select_related("campaign__owner", "post_kind", "org_unit", "decision__org_unit")
        .get(pk=conferral_pk)
    )
    conferral.nomination = nomination
    return conferral


def names_of(runs: list[StageRun]) -> str:
    """The first few nominations by name, for a sentence."""
    names = "、".join(f"“{run.nomination}”" for run in runs[:MAX_SHOWN])
    if len(runs) <= MAX_SHOWN:
        return names
    return _("%(names)s and %(more)s more") % {"names": names, "more": len(runs) - MAX_SHOWN}
