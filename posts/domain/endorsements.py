"""Opinions that are not the last word: 初步确定, 审核, 推荐意见, 备案, and a unit's recommendation."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import User
from posts.domain.pipeline import advance, require_open
from posts.domain.rights import require
from posts.models import Endorsement, EndorsementResult, StageRun
from posts.stages.base import Outcome, logic_of


@transaction.atomic
def endorse(
    run: StageRun,
    *,
    actor: User,
    result: str,
    opinion: str,
    reported_on: date | None = None,
    report_document: str = "",
) -> Endorsement:
    """Give the opinion on an open step: agreed moves the nomination on, refused ends it.

    ``reported_on`` and ``report_document``: what was also reported upwards, where the scheme wants it (F12). Raises
    NotAllowedError, OutOfOrderError when the step is not open or the paper a draft, DomainError without an opinion.
    """
    run = require_open(run)
    require(actor, logic_of(run).main_action, run)
    if run.nomination.submitted_at is None:
        raise OutOfOrderError(_("The nomination has not been submitted yet."))
    if result not in EndorsementResult.values:
        raise DomainError(_("Say whether you agree."), field="result")
    if not opinion.strip():
        raise DomainError(_("Write the opinion in a sentence: it is printed on the form."), field="opinion")
    if reported_on and reported_on > timezone.localdate():
        raise DomainError(_("The day lies in the future."), field="reported_on")
    given = {"result": result, "opinion": opinion.strip(), "by": actor}
    report = {"reported_on": reported_on, "report_document": report_document.strip()[:60]}
    endorsement, created = Endorsement.objects.get_or_create(run=run, defaults=given | report)
    if not created:
        raise OutOfOrderError(_("%(name)s has given the opinion already.") % {"name": endorsement.by})
    record("endorsed", run.nomination, actor=actor, run=run.pk, result=result)
    advance(run.nomination_id, actor=actor)
    return endorsement


@transaction.atomic
def endorse_many(runs: Iterable[StageRun], *, actor: User, result: str, opinion: str, **report: Any) -> int:
    """Give one opinion on the same step of many nominations: all of them or none. Return how many.

    Raises as ``endorse``; DomainError when nothing was chosen or the steps differ.
    """
    runs = sorted(runs, key=lambda run: run.nomination_id)
    if not runs:
        raise DomainError(_("Choose at least one nomination."))
    if len({same_step(run) for run in runs}) > 1:
        raise DomainError(_("One opinion is about one step of one campaign. Give these opinions separately."))
    for run in runs:
        endorse(run, actor=actor, result=result, opinion=opinion, **report)
    return len(runs)


def same_step(run: StageRun) -> tuple[int, str, str, int | None]:
    """What two runs have in common on which one opinion can be given."""
    return run.nomination.campaign_id, run.kind, run.label, run.actor_unit_id


def outcome_of_endorsement(run: StageRun) -> Outcome | None:
    """How an opinion ends its step; None while there is none."""
    endorsement = Endorsement.objects.filter(run=run).first()
    if endorsement is None:
        return None
    agreed = endorsement.result == EndorsementResult.AGREED
    return Outcome(passed=agreed, reason="" if agreed else endorsement.opinion)


def endorsement_context(run: StageRun) -> dict:
    """The opinion for the page, if there is one."""
    return {"endorsement": Endorsement.objects.filter(run=run).select_related("by").first()}
