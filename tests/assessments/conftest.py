import pytest
import time_machine
from django.db import transaction

from assessments.demo.story import tell_story
from campaigns.models import Member
from tests.assessments.titles import TODAY, at, make_campaign, make_ground, make_rule, make_title
from tests.factories import MemberFactory


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """One worker tells the story to all files that read it."""
    for item in items:
        if "story" in item.fixturenames:
            item.add_marker(pytest.mark.xdist_group("story"))


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


@pytest.fixture(scope="module")
def story(django_db_setup, django_db_blocker):
    """One year for all tests of this file; it is rolled back at the end."""
    whole = transaction.atomic()
    whole._from_testcase = True  # votes are written in durable transactions, which nest in no other
    with django_db_blocker.unblock(), whole:
        tell_story()
        yield
        transaction.set_rollback(True)
