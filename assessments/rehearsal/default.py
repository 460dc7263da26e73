"""The script that plays everything: each kind to its end, a failure at each gate, each event after the naming."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import cycle

from chinese_calendar import constants
from django.utils import timezone

from assessments.models import ReviewOutcome
from assessments.rehearsal.all_movers import mover_of
from assessments.rehearsal.movers import REFUSE
from assessments.rehearsal.routes import Route, routes_of
from assessments.rehearsal.script import CasePlan, Doing, Event, Script
from campaigns.schemes.afterwards import ReviewRuleSpec
from campaigns.schemes.kinds import Kind
from campaigns.schemes.model import Scheme

FIRST_MONTH_DAY = "03-02"


def default_script(scheme: Scheme, owner: str) -> Script:
    """Every way a case can go."""
    year = min(timezone.localdate().year, max(constants.holidays).year)  # a year whose holidays are known
    first = min([phase.starts for phase in scheme.phases] or [FIRST_MONTH_DAY])
    month, day = (int(part) for part in first[:5].split("-"))
    cases: list[CasePlan] = []
    shown: set[tuple] = set()
    for kind in scheme.kinds:
        cases += _whole_ways(kind, routes_of(scheme, kind, owner))
        cases += _other_ways(scheme, kind, shown)
    return Script(date(year, month, min(day, 28)), year, tuple(_with_lives(scheme, cases)))


def _whole_ways(kind: Kind, routes: list[Route]) -> Iterator[CasePlan]:
    for number, _route in enumerate(routes):
        yield CasePlan(f"{kind.code}-{number + 1}", kind.code, route=number)


def _other_ways(scheme: Scheme, kind: Kind, shown: set[tuple]) -> Iterator[CasePlan]:
    """A case for each thing that can happen at a step besides passing it; where kinds share a way once for all of them,
    except that losing its people means something else to each kind of post."""
    for position, stage in enumerate(scheme.stages_of(kind), start=1):
        mover = mover_of(stage.kind)
        for does in mover.all_ways(stage, kind, is_first=position == 1) if mover else []:
            key = (position, does, str(kind.stages))
            if key not in shown or (does == REFUSE and stage.kind == "consent"):
                shown.add(key)
                yield CasePlan(f"{kind.code}-{position}-{does}", kind.code, {position: Doing(does)})


def _with_lives(scheme: Scheme, cases: list[CasePlan]) -> list[CasePlan]:
    """Give the events after the naming to the cases that reach it, and more such cases where they do not suffice."""
    found = {case.code: case for case in cases}
    named = [case for case in cases if all(doing.does != REFUSE for doing in case.steps.values())]
    free = {kind.code: [case for case in named if case.kind == kind.code] for kind in scheme.kinds}
    turn = cycle([kind.code for kind in scheme.kinds])
    for number, (kinds, events) in enumerate(_lives(scheme), start=1):
        kind = next(code for code in turn if not kinds or code in kinds)
        case = free[kind].pop(0) if free[kind] else CasePlan(f"{kind}-after-{number}", kind)
        found[case.code] = replace(case, after=events)
    return list(found.values())


def _lives(scheme: Scheme) -> Iterator[tuple[tuple[str, ...], tuple[Event, ...]]]:
    """What a named post may live through: one that stays in the end, and one for each end."""
    for rule in scheme.reviews:
        outcomes = outcomes_of(scheme, rule)
        stays = [Event("review", rule.code, outcome) for outcome in outcomes if outcome in ("pass", "rectify")]
        if stays:
            yield rule.kinds, tuple(stays)
        for outcome in outcomes:
            if outcome not in ("pass", "rectify"):
                yield rule.kinds, (Event("review", rule.code, outcome),)
        if "rectify" in outcomes:
            yield rule.kinds, (Event("review", rule.code, "rectify", done=False),)
    for ground in scheme.veto:
        yield (), (Event("incident", ground=ground.code),)
    if scheme.veto:
        yield (), (Event("incident", outcome="not_verified"),)
    for kind in scheme.kinds:
        if kind.holder != "org":
            yield (kind.code,), (Event("leave"),)


def outcomes_of(scheme: Scheme, rule: ReviewRuleSpec) -> list[str]:
    """The outcomes that a review may have, in the order of the record."""
    named = rule.outcomes or (ReviewOutcome.PASS, *scheme.consequences.fail_effect)
    return [outcome for outcome in ReviewOutcome.values if outcome in named]
