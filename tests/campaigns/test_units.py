import pytest
from django.core.exceptions import PermissionDenied

from campaigns.domain.errors import DomainError
from campaigns.domain.units import close_unit, create_unit, move_unit, reopen_unit, update_unit, why_not_below
from campaigns.models import Appointment, OrgUnit, Role, UnitKind
from campaigns.permissions import forget_grants, may_on_unit
from tests.factories import MemberFactory, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.mark.parametrize(
    ("kind", "parent", "allowed"),
    [
        ("committee", None, True), ("committee", "superior", True), ("general_branch", "committee", True),
        ("branch", "general_branch", True), ("branch", "committee", True), ("branch", "branch", False),
        ("party_group", "branch", True), ("party_group", "committee", False), ("committee", "branch", False),
        ("office", "committee", True), ("village", "branch", True), ("office", None, False),
        ("branch", "office", False),
    ],
)  # fmt: skip
def test_what_may_lie_below_what(kind, parent, allowed):
    assert (why_not_below(kind, parent) == "") == allowed


def test_a_unit_needs_the_right_above_it(committee, branch, secretary, officer):
    with pytest.raises(PermissionDenied):
        create_unit(branch, actor=secretary, code="G1", name="第一党小组", kind=UnitKind.PARTY_GROUP)

    unit = create_unit(branch, actor=officer, code="G1", name="第一党小组", kind=UnitKind.PARTY_GROUP)
    assert OrgUnit.objects.get_parent(unit) == branch
    assert OrgUnit.objects.find_problems() == ([], [], [], [], [])


def test_nobody_makes_a_second_root_in_the_browser(officer):
    with pytest.raises(PermissionDenied):
        create_unit(None, actor=officer, code="R", name="新党委", kind=UnitKind.COMMITTEE)


def test_moving_takes_everything_along_and_moves_the_rights(committee, branch, officer):
    general = make_unit(UnitKind.GENERAL_BRANCH, parent=committee, code="QY04")
    group = make_unit(UnitKind.PARTY_GROUP, parent=branch, code="G1")
    chief = _holder(general)
    assert not may_on_unit(chief, "nominate", branch)

    moved = move_unit(branch, target=general, actor=officer)

    forget_grants(chief)
    assert may_on_unit(chief, "nominate", moved)
    assert may_on_unit(chief, "nominate", OrgUnit.objects.get(pk=group.pk))
    assert OrgUnit.objects.find_problems() == ([], [], [], [], [])


def _holder(unit):
    from campaigns.domain.appointments import appoint
    from tests.factories import UserFactory

    user = UserFactory()
    appoint(user, org_unit=unit, role=Role.SECRETARY, actor=None)
    return user


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("itself", "A unit cannot lie below itself."),
        ("below", "A unit cannot lie below itself."),
        ("parent", "The unit lies there already."),
        ("branch", "Party branch cannot lie below Party branch."),
    ],
)
def test_where_a_unit_cannot_go(committee, branch, other_branch, officer, target, sentence):
    group = make_unit(UnitKind.PARTY_GROUP, parent=branch, code="G1")
    targets = {"itself": branch, "below": group, "parent": committee, "branch": other_branch}

    with pytest.raises(DomainError) as error:
        move_unit(OrgUnit.objects.get(pk=branch.pk), target=targets[target], actor=officer)

    assert (str(error.value), error.value.field) == (sentence, "target")


def test_a_unit_in_use_is_not_closed(committee, branch, officer):
    member = MemberFactory(branch=branch)
    with pytest.raises(DomainError, match="1 members still belong to it"):
        close_unit(branch, actor=officer)
    member.delete()
    make_unit(UnitKind.PARTY_GROUP, parent=branch, code="G1")
    with pytest.raises(DomainError, match="1 units below are still in use"):
        close_unit(OrgUnit.objects.get(pk=branch.pk), actor=officer)


def test_closing_ends_the_appointments_at_once(branch, other_branch, other_secretary, officer):
    close_unit(other_branch, actor=officer)

    forget_grants(other_secretary)
    assert not may_on_unit(other_secretary, "nominate", other_branch)
    assert not Appointment.objects.current().filter(org_unit=other_branch).exists()
    reopen_unit(other_branch, actor=officer)
    other_branch.refresh_from_db()
    assert other_branch.is_active


def test_a_branch_with_members_stays_a_branch(branch, officer):
    MemberFactory(branch=branch)

    with pytest.raises(DomainError, match="it stays a Party branch"):
        update_unit(branch, actor=officer, kind=UnitKind.OFFICE)
