import pytest
from django.contrib.auth.models import Permission

from campaigns.domain.appointments import end_appointment
from campaigns.domain.roles import ROLE_PERMISSIONS
from campaigns.models import OrgUnit, UnitKind
from campaigns.permissions import (
    forget_grants,
    grants_of,
    holders_of,
    may_on_unit,
    nearest_holders_of,
    paths_for,
    role_group,
    units_for,
)
from tests.factories import UserFactory, make_unit


def test_a_role_holds_for_the_subtree_only(secretary, officer, branch, other_branch, committee):
    assert may_on_unit(secretary, "nominate", branch)
    assert not may_on_unit(secretary, "nominate", other_branch)
    assert not may_on_unit(secretary, "nominate", committee)
    assert may_on_unit(officer, "manage_campaign", branch)


def test_a_global_permission_opens_nothing(stranger, branch):
    stranger.user_permissions.add(Permission.objects.get(codename="nominate"))
    forget_grants(stranger)

    assert not may_on_unit(stranger, "nominate", branch)


def test_rights_end_with_the_appointment(secretary, branch):
    end_appointment(secretary.appointments.get(), actor=None)

    assert paths_for(secretary, "nominate") == []


def test_grants_are_read_once(secretary, branch, django_assert_num_queries):
    forget_grants(secretary)
    with django_assert_num_queries(1):
        for permission in ("nominate", "decide", "view_unit"):
            may_on_unit(secretary, permission, branch)


@pytest.mark.usefixtures("officer")
def test_who_is_told(secretary, branch, committee):
    assert set(nearest_holders_of("review_post", branch)) == {secretary}
    assert secretary in holders_of("review_post", branch)
    assert secretary not in holders_of("review_post", committee)


def test_units_of_a_subtree_come_by_name(officer, committee, branch, other_branch):
    assert list(units_for(officer, "view_unit")) == [committee, branch, other_branch]
    assert list(OrgUnit.objects.within([committee.path]).branches()) == [branch, other_branch]


@pytest.mark.parametrize("role", ROLE_PERMISSIONS)
def test_a_role_gives_exactly_its_rights(db, role):
    unit, user = make_unit(UnitKind.BRANCH), UserFactory()
    user.groups.add(role_group(unit, role))
    role_group(unit, role)  # made once

    assert sorted(grants_of(user)) == sorted(ROLE_PERMISSIONS[role])
    assert set(grants_of(user).values()) == {(unit.path,)}
