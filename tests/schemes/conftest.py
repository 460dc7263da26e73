"""A world for a scheme file: ``world_of("name")``, standing on a Monday in April unless told otherwise."""

from datetime import date

import pytest
import time_machine

from tests.assessments.titles import at
from tests.schemes.world import build_world, scheme_text

MONDAY = date(2026, 4, 20)


@pytest.fixture
def world_of(db):
    """Make the world of a shipped scheme. ``today`` and ``year`` set the calendar, ``percent`` what is left open."""
    with time_machine.travel(at(MONDAY), tick=False) as clock:

        def make(code, *, today=MONDAY, year=2026, **more):
            clock.move_to(at(today))
            return build_world(scheme_text(code), clock=clock, year=year, **more)

        yield make
