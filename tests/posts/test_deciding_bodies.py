"""A decision at each level (S3 branch, S4 unit, S6 committee, S9 superior): its own people decide, others do not."""

import pytest

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import NotAllowedError
from campaigns.models import Role, UnitKind
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.progress import who_acts
from tests.factories import UserFactory, make_unit
from tests.posts.cases import DECIDE, PLAQUE, make_kind, make_nomination, open_run

LEVELS = (UnitKind.COMMITTEE, UnitKind.SUB_COMMITTEE, UnitKind.GENERAL_BRANCH, UnitKind.BRANCH, UnitKind.PROJECT_TEAM)
ROLES = {UnitKind.COMMITTEE: Role.COMMITTEE_SECRETARY, UnitKind.PROJECT_TEAM: Role.UNIT_HEAD}


@pytest.fixture
def people(db):
    """A tree with one unit of each level, and whoever leads each; the office beside the committee."""
    superior = make_unit(UnitKind.SUPERIOR, name="中共示例县委组织部")
    above, found = superior, {}
    for kind in LEVELS:
        above = make_unit(kind, parent=above)
        leader = UserFactory()
        appoint(leader, org_unit=above, role=ROLES.get(kind, Role.SECRETARY), actor=None)
        found[kind] = (above, leader)
    office = UserFactory()
    appoint(office, org_unit=found[UnitKind.COMMITTEE][0], role=Role.OFFICER, actor=None)
    return found | {"office": (found[UnitKind.COMMITTEE][0], office)}


def decide(run, actor, releaser=None):
    decision = propose_decisions([run], outcome="approved", actor=actor, document_number="示〔2026〕1号")
    return release_decision(decision, actor=releaser or actor)


@pytest.mark.parametrize(
    ("actor", "level"),
    [
        (["unit"], UnitKind.PROJECT_TEAM),
        (["branch"], UnitKind.BRANCH),
        (["branch_committee"], UnitKind.BRANCH),
        (["members_meeting"], UnitKind.BRANCH),
        (["general_branch"], UnitKind.GENERAL_BRANCH),
        (["sub_committee"], UnitKind.SUB_COMMITTEE),
        (["committee"], UnitKind.COMMITTEE),
        (["branch", "unit"], UnitKind.PROJECT_TEAM),  # the nearest of them
        (["general_branch", "sub_committee"], UnitKind.GENERAL_BRANCH),
    ],
)
def test_its_own_people_decide_and_release(people, actor, level):
    committee, team = people[UnitKind.COMMITTEE][0], people[UnitKind.PROJECT_TEAM][0]
    nomination = make_nomination(make_kind(committee, DECIDE | {"actor": actor}, PLAQUE), team)
    run = open_run(nomination)
    unit, leader = people[level]

    assert run.actor_unit == unit
    for below in LEVELS[LEVELS.index(level) + 1 :]:
        with pytest.raises(NotAllowedError):
            decide(run, people[below][1])
    decide(run, leader)
    assert (nomination.conferral.status, nomination.conferral.decision.org_unit) == ("active", unit)


def test_the_office_records_what_a_superior_decided(people):
    committee, team = people[UnitKind.COMMITTEE][0], people[UnitKind.PROJECT_TEAM][0]
    nomination = make_nomination(make_kind(committee, DECIDE | {"actor": ["superior"]}, PLAQUE), team)
    run = open_run(nomination)

    assert who_acts(run) == "中共示例县委组织部"
    with pytest.raises(NotAllowedError):
        decide(run, people[UnitKind.BRANCH][1])
    decide(run, people["office"][1])
    assert nomination.conferral.decision.document_number == "示〔2026〕1号"


def test_without_a_demand_no_number_is_needed(people):
    committee, leader = people[UnitKind.COMMITTEE]
    nomination = make_nomination(make_kind(committee, DECIDE | {"params": {"document": False}}), committee)

    release_decision(propose_decisions([open_run(nomination)], outcome="approved", actor=leader), actor=leader)
    assert nomination.conferral.status == "active"
