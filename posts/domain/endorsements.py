"""Opinions that are not the last word: 初步确定, 审核, 推荐意见, 备案, and a unit's recommendation."""

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import User
from posts.domain.pipeline import advance, require_open
from posts.domain.rights import require
from posts.models import Endorsement, EndorsementResult, StageRun
from posts.stages.base import Outcome, logic_of


@transaction.atomic
def endorse(run: StageRun, *, actor: User, result: str, opinion: str) -> Endorsement:
    """Give the opinion on an open step: agreed moves the nomination on, refused ends it.

    Raises NotAllowedError, OutOfOrderError when the step is not open or the paper still a draft, and DomainError
    without an opinion.
    """
    run = require_open(run)
    require(actor, logic_of(run).main_action, run)
    if run.nomination.submitted_at is None:
        raise OutOfOrderError(_("The nomination has not been submitted yet."))
    if result not in EndorsementResult.values:
        raise DomainError(_("Say whether you agree."), field="result")
    if not opinion.strip():
        raise DomainError(_("Write the opinion in a sentence: it is printed on the form."), field="opinion")
    endorsement, created = Endorsement.objects.get_or_create(
        run=run, defaults={"result": result, "opinion": opinion.strip(), "by": actor}
    )
    if not created:
        raise OutOfOrderError(_("%(name)s has given the opinion already.") % {"name": endorsement.by})
    record("endorsed", run.nomination, actor=actor, run=run.pk, result=result)
    advance(run.nomination_id, actor=actor)
    return endorsement


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
