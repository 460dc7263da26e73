"""Warnings about surveys and meetings (domain notes 3.1, 3.5, F1, F27)."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from campaigns.schemes.kinds import StageRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path, Report

CUSTOMARY_PERCENT = 80
CUSTOMARY_TURNOUT = 50


def advise_on_steps(scheme: Scheme, report: Report) -> None:
    """Look at every step once, however many kinds share it."""
    for path, stage in _each_step(scheme):
        if stage.kind == "survey":
            _threshold(path, stage, report)
            _counting(path, stage, report)
            _electorate(path, stage, report)
        elif stage.kind == "deliberate":
            _meeting(path, stage, report)


def _each_step(scheme: Scheme) -> Iterator[tuple[Path, StageRule]]:
    for name, stages in scheme.pipelines.items():
        for n, stage in enumerate(stages):
            yield ("pipelines", name, n), stage
    for i, kind in enumerate(scheme.kinds):
        if not isinstance(kind.stages, str):
            for n, stage in enumerate(kind.stages):
                yield ("kinds", i, "stages", n), stage


def _threshold(path: Path, stage: StageRule, report: Report) -> None:
    threshold = stage.params.get("threshold")
    if threshold is not None and threshold < CUSTOMARY_PERCENT:
        report.warn(
            (*path, "params", "threshold"),
            _("“%(step)s” is passed with %(n)s %% of satisfied votes; 80 %% and more are customary.")
            % {"step": stage.label, "n": threshold},
            source=_("Sub-districts' and companies' schemes: “80 % or more”; service windows aim at 95 %"),
            code="low_threshold",
        )
    turnout = stage.params.get("min_turnout_percent")
    if turnout is not None and turnout < CUSTOMARY_TURNOUT:
        report.warn(
            (*path, "params", "min_turnout_percent"),
            _("“%(step)s” counts although fewer than half of the voters took part.") % {"step": stage.label},
            source=_("Survey practice: more than half of the voters take part"),
            code="low_turnout",
        )


def _counting(path: Path, stage: StageRule, report: Report) -> None:
    if "basically_satisfied" in _listed(stage.params, "positive", ["satisfied"]):
        report.warn(
            (*path, "params", "positive"),
            _("“%(step)s” counts “basically satisfied” as satisfied.") % {"step": stage.label},
            source=_("Satisfaction reports give the rates of satisfied and basically satisfied apart (Hangzhou, 2006)"),
            code="positive",
        )
    options = _listed(stage.params, "options", ["unknown"])
    if "unknown" in options and "unknown" not in _listed(stage.params, "not_valid", ["unknown"]):
        report.warn(
            (*path, "params", "not_valid"),
            _("“%(step)s” counts “do not know” as a valid vote.") % {"step": stage.label},
            source=_("Survey practice: “do not know” is no valid vote"),
            code="unknown_valid",
        )


def _electorate(path: Path, stage: StageRule, report: Report) -> None:
    if set(_listed(stage.params, "electorate", ["members", "masses"])) == {"members"}:
        report.warn(
            (*path, "params", "electorate"),
            _("In “%(step)s” Party members alone are asked, neither the masses nor those who are served.")
            % {"step": stage.label},
            source=_("Service posts also ask those whom they serve (a city's foreign-affairs office, 2011)"),
            code="members_only",
        )


def _meeting(path: Path, stage: StageRule, report: Report) -> None:
    forum = stage.params.get("forum")
    if forum == "members_meeting" and "none" in (stage.params.get("quorum"), stage.params.get("pass_rule")):
        report.warn(
            (*path, "params"),
            _(
                "In “%(step)s” a general meeting decides without the usual majority: half of the voting members "
                "present, more than half of those who should attend in favour."
            )
            % {"step": stage.label},
            source=_("Regulations on the work of Party branches (trial), article 11"),
            code="quorum",
        )


def _listed(params: dict[str, Any], name: str, default: list[str]) -> list[str]:
    value = params.get(name, default)
    return value if isinstance(value, list) else [value]
