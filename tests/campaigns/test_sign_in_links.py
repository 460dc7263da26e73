from datetime import date, timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.utils import timezone

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError
from campaigns.domain.sign_in_links import make_account, make_slips, set_initial_password, use_link
from campaigns.models import JournalEntry, Role, SignInLink, User
from tests.factories import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(branch):
    return MemberFactory(branch=branch, number="QY03009", name="沈样甲")


def slip_for(member, officer):
    [slip], _passed_over = make_slips([member], actor=officer)
    return slip


def test_a_slip_makes_the_account_and_signs_in_once(person, officer):
    slip = slip_for(person, officer)
    user = User.objects.get(username="qy03009")
    assert (user.has_usable_password(), len(slip.token)) == (False, 16)

    assert use_link(f" {slip.spelled.lower()} ") == user
    with pytest.raises(DomainError, match="已经用过"):
        use_link(slip.token)


def test_only_the_hash_is_kept(person, officer):
    slip = slip_for(person, officer)

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM campaigns_signinlink")
        assert slip.token not in repr(cursor.fetchall())
    assert not JournalEntry.objects.filter(body__contains=slip.token).exists()
    assert list(JournalEntry.objects.filter(kind="sign_in_link_made").values_list("actor", flat=True)) == [officer.pk]


def test_a_new_slip_ends_the_one_before(person, officer):
    first, second = slip_for(person, officer), None
    person.refresh_from_db()
    second = slip_for(person, officer)

    with pytest.raises(DomainError, match="没有这个登录码"):
        use_link(first.token)
    assert use_link(second.token).name == "沈样甲"


def test_a_slip_runs_out(person, officer):
    slip = slip_for(person, officer)

    with time_machine.travel(timezone.now() + timedelta(days=31)), pytest.raises(DomainError, match="已失效"):
        use_link(slip.token)


def test_a_closed_account_is_not_signed_in(person, officer):
    slip = slip_for(person, officer)
    User.objects.filter(username="qy03009").update(is_active=False)

    with pytest.raises(DomainError, match="已失效"):
        use_link(slip.token)


def test_a_secretary_never_makes_a_slip(person, secretary):
    with pytest.raises(PermissionDenied):
        make_slips([person], actor=secretary)
    with pytest.raises(PermissionDenied):
        make_account(person, actor=secretary)
    assert SignInLink.objects.count() == 0


def test_who_is_passed_over(branch, officer, secretary):
    """Whoever has a password or an office: a slip for him would be a way into his rights."""
    left = MemberFactory(branch=branch, left_on=date(2026, 1, 1))
    official = MemberFactory(branch=branch, user=UserFactory(password="!"))
    official.user.set_unusable_password()
    official.user.save()
    appoint(official.user, org_unit=branch, role=Role.ORGANISER, actor=None)

    slips, passed_over = make_slips([left, official, secretary.member], actor=officer)

    assert (slips, passed_over) == ([], [left, official, secretary.member])


def test_an_account_name_that_is_taken_is_said(person, officer):
    UserFactory(username="qy03009")

    with pytest.raises(DomainError, match="已被占用"):
        make_account(person, actor=officer)


def test_an_initial_password_needs_the_right_wherever_the_person_holds_an_office(officer, other_secretary, db):
    from tests.factories import make_unit

    elsewhere = make_unit("committee", code="SW", name="别处党委")
    appoint(other_secretary, org_unit=elsewhere, role=Role.COMMITTEE_SECRETARY, actor=None)

    with pytest.raises(PermissionDenied):
        set_initial_password(other_secretary, actor=officer)


def test_an_initial_password_opens_the_account_and_is_changed_first(officer, other_secretary):
    password = set_initial_password(other_secretary, actor=officer)

    other_secretary.refresh_from_db()
    assert other_secretary.check_password(password)
    assert other_secretary.must_change_password
    assert not JournalEntry.objects.filter(body__contains=password).exists()
