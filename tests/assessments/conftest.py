import pytest
import time_machine

from campaigns.models import Member
from tests.assessments.titles import TODAY, at, make_campaign, make_ground, make_rule, make_title
from tests.factories import MemberFactory


@pytest.fixture
def today():
    """A Wednesday; the clock stands still."""
    with time_machine.travel(at(TODAY), tick=False) as traveller:
        yield traveller


@pytest.fixture
def campaign(committee):
    return make_campaign(committee)


@pytest.fixture
def rule(campaign):
    return make_rule(campaign, outcomes=["pass", "rectify", "adjust", "revoke"])


@pytest.fixture
def ground(campaign):
    return make_ground(campaign)


@pytest.fixture
def title(campaign, branch, member):
    """A post of ``branch`` that is held by ``member`` and a colleague without an account."""
    return make_title(
        campaign, branch, Member.objects.get(user=member), MemberFactory(branch=branch), name="综合窗口岗"
    )
