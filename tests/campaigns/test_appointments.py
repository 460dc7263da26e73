from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campaigns.domain import clock
from campaigns.domain.appointments import appoint, end_appointment
from campaigns.domain.errors import DomainError
from campaigns.models import Appointment, Role
from campaigns.permissions import forget_grants, may_on_unit
from tests.factories import UserFactory

pytestmark = pytest.mark.django_db


def may_nominate(user, branch):
    forget_grants(user)
    return may_on_unit(user, "nominate", branch)


def test_ending_one_role_today_survives_getting_another(branch, other_branch, secretary, officer):
    """The role that ended must not come back with the next change of the person's roles."""
    end_appointment(secretary.appointments.get(), actor=officer)
    appoint(secretary, org_unit=other_branch, role=Role.SECRETARY, actor=officer)

    assert not may_nominate(secretary, branch)
    assert may_nominate(secretary, other_branch)


def test_a_role_ended_today_can_be_given_again_today(branch, secretary, officer):
    end_appointment(secretary.appointments.get(), actor=officer)
    appoint(secretary, org_unit=branch, role=Role.SECRETARY, actor=officer)

    assert may_nominate(secretary, branch)
    assert Appointment.objects.filter(user=secretary).count() == 1


def test_a_role_of_next_week_begins_and_ends_by_the_clock(branch, officer):
    user, today = UserFactory(), timezone.localdate()
    appointment = appoint(
        user, org_unit=branch, role=Role.SECRETARY, actor=officer, starts_on=today + timedelta(days=7)
    )
    end_appointment(appointment, actor=officer, on=today + timedelta(days=9))
    clock.tick()
    assert not may_nominate(user, branch)

    with time_machine.travel(timezone.now() + timedelta(days=8), tick=False):
        clock.tick()
        assert may_nominate(user, branch)
    with time_machine.travel(timezone.now() + timedelta(days=9, hours=1), tick=False):
        clock.tick()
        assert not may_nominate(user, branch)


def test_a_secretary_appoints_nobody(branch, secretary, member):
    with pytest.raises(PermissionDenied):
        appoint(member, org_unit=branch, role=Role.SECRETARY, actor=secretary)
    with pytest.raises(PermissionDenied):
        end_appointment(secretary.appointments.get(), actor=secretary)


def test_an_appointment_does_not_end_before_it_begins(secretary, officer):
    with pytest.raises(DomainError):
        end_appointment(secretary.appointments.get(), actor=officer, on=timezone.localdate() - timedelta(days=1))
