"""What the rule-card tests ask again and again."""

import pytest

from assessments.domain.incidents import report_incident
from assessments.domain.verification import record_finding, take_up
from assessments.models import Review
from campaigns.domain.errors import DomainError
from campaigns.models import OrgUnit, Role


def refusal(world, nomination) -> str:
    """Why the paper cannot be handed in."""
    with pytest.raises(DomainError) as error:
        world.submit(nomination)
    return str(error.value)


def way_of(nomination) -> list[tuple[str, str]]:
    """The steps of the nomination as (label, kind)."""
    return list(nomination.runs.filter(attempt=1).order_by("position").values_list("label", "kind"))


def acting_units(nomination) -> dict[str, OrgUnit]:
    """Who acted in which step."""
    return {run.label: run.actor_unit for run in nomination.runs.filter(attempt=1).select_related("actor_unit")}


def kinds_of(nomination) -> list[str]:
    return [kind for _label, kind in way_of(nomination)]


def reviews_of(conferral) -> list[Review]:
    return list(Review.objects.filter(conferral=conferral).order_by("period_starts_on"))


def found(world, conferral, ground, *, finding="verified", evidence="核查报告1号"):
    """A report about the post that was verified with this finding."""
    incident = report_incident(conferral, text="反映该岗位有情况，请核查。", source="inspection")
    checker = world.person(world.owner, Role.DISCIPLINE)
    incident = take_up(incident, actor=checker)
    return record_finding(
        incident,
        actor=checker,
        finding=finding,
        finding_text="经查属实。",
        statement="承认。",
        ground=world.campaign.veto_grounds.get(code=ground),
        evidence_reference=evidence,
    )
