"""Nominations that stand where a test needs them, by way of the pipeline itself."""

from django.utils import timezone

from posts.domain import pipeline
from posts.domain.decisions import propose_decisions, release_decision
from posts.models import Nomination, NominationMember, RunStatus
from tests.factories import CampaignFactory, MemberFactory, PostKindFactory, StageFactory, UserFactory

DECIDE = {"kind": "decide", "label": "党委审批", "actor": ["committee"], "params": {}}
PLAQUE = {"kind": "plaque", "label": "授牌", "actor": ["committee"], "params": {}}


def make_kind(committee, *stages, campaign=None, **fields):
    """A kind of post whose way is ``stages`` (decide and plaque by default)."""
    campaign = campaign or CampaignFactory(owner=committee, status="open")
    kind = PostKindFactory(campaign=campaign, **fields)
    for position, stage in enumerate(stages or (DECIDE, PLAQUE), 1):
        StageFactory(post_kind=kind, position=position, **stage)
    return kind


def make_nomination(kind, unit, *, name="综合窗口", members=(), **fields):
    """A submitted nomination; without ``members`` it gets one Party member of the unit."""
    proposer = fields.pop("proposer", None) or UserFactory()
    nomination = Nomination.objects.create(
        campaign=kind.campaign, post_kind=kind, org_unit=unit, name=name, proposer=proposer, duties="受理", **fields
    )
    for member in members or [MemberFactory(branch=unit)]:
        NominationMember.objects.create(nomination=nomination, member=member, name=member.name)
    pipeline.start(nomination, actor=proposer)
    pipeline.mark_submitted(nomination, actor=proposer)
    return nomination


def open_run(nomination):
    return nomination.runs.get(status=RunStatus.OPEN)


def make_conferral(kind, unit, *, decider, releaser, document_number="", **fields):
    """A post that was named just now; its plaque waits to be handed over."""
    nomination = make_nomination(kind, unit, **fields)
    decision = propose_decisions(
        [open_run(nomination)],
        outcome="approved",
        actor=decider,
        held_on=timezone.localdate(),
        document_number=document_number or f"青示委发〔2026〕{nomination.pk}号",
    )
    release_decision(decision, actor=releaser)
    return nomination.conferral
