"""Warnings: where the rules of practice speak against a scheme that may nevertheless be used (domain notes 6.13)."""

from django.utils.translation import gettext as _

from campaigns.domain.rules import DEFAULT_ROTATION_MONTHS
from campaigns.models import UnitKind
from campaigns.schemes.kinds import Kind, StageRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path, Report

# Towns and sub-districts and what lies below them may not run 创建示范活动 outside their own units.
HIGH_ENOUGH = frozenset({UnitKind.SUPERIOR})
LOW_DECIDERS = frozenset({"unit", "branch", "members_meeting", "branch_committee", "general_branch"})
CUSTOMARY_DAYS = 5


def advise(scheme: Scheme, report: Report) -> None:
    """Add the warnings. Only called for a scheme without faults."""
    for i, kind in enumerate(scheme.kinds):
        stages = scheme.stages_of(kind)
        _advise_on_notice(("kinds", i), kind, stages, report)
        _advise_on_decider(("kinds", i), kind, stages, report)
    _advise_on_rubrics(scheme, report)
    _advise_on_quotas(scheme, report)
    _advise_on_rotation(scheme, report)
    _advise_on_unused(scheme, report)


def _advise_on_notice(path: Path, kind: Kind, stages: tuple[StageRule, ...], report: Report) -> None:
    notices = [stage for stage in stages if stage.kind == "notice"]
    if not notices:
        if kind.holder != "zone":
            report.warn(
                path,
                _("“%(kind)s” is named without a public notice. Notices of 5 working days are customary.")
                % {"kind": kind.label},
                source=_("Regulations on Party-affairs disclosure; published notices of Party committees"),
            )
        return
    days = max(stage.params.get("days") or CUSTOMARY_DAYS for stage in notices)
    calendar_days = all(stage.params.get("day_kind") == "calendar" for stage in notices)
    if days < CUSTOMARY_DAYS or (days == CUSTOMARY_DAYS and calendar_days):
        report.warn(
            path,
            _("The public notice of “%(kind)s” is shorter than the customary 5 working days.") % {"kind": kind.label},
            source=_("Published notices of Party committees"),
        )


def _advise_on_decider(path: Path, kind: Kind, stages: tuple[StageRule, ...], report: Report) -> None:
    deciders = [code for stage in stages if _names(stage) for code in stage.actor]
    if kind.holder != "zone" and deciders and set(deciders) <= LOW_DECIDERS:
        report.warn(
            path,
            _("“%(kind)s” is named below the level of a Party committee.") % {"kind": kind.label},
            source=_("Most schemes leave the naming to the Party committee"),
        )
    if kind.holder == "org" and "superior" not in deciders:
        report.warn(
            path,
            _(
                "“%(kind)s” names whole organisations. Towns and sub-districts may not run demonstration campaigns of "
                "that sort themselves: make sure that a county body or higher has approved it."
            )
            % {"kind": kind.label},
            source=_("Measures for demonstration campaigns (trial), articles 3 and 4"),
        )


def _names(stage: StageRule) -> bool:
    return stage.kind == "decide" and stage.params.get("effect", "name") == "name"


def _advise_on_rubrics(scheme: Scheme, report: Report) -> None:
    for i, rubric in enumerate(scheme.rubrics):
        source = rubric.clause or scheme.scheme.source or _("the scheme itself")
        for s, section in enumerate(rubric.sections):
            if section.stated is not None and section.stated != section.total:
                report.warn(
                    ("rubrics", i, "sections", s, "stated"),
                    _("“%(label)s” is headed %(stated)s points, its items add up to %(total)s; the items count.")
                    % {"label": section.label, "stated": section.stated, "total": section.total},
                    source=source,
                )
            for n, item in enumerate(section.items):
                if item.points is None:
                    report.warn(
                        ("rubrics", i, "sections", s, "items", n, "points"),
                        _("Item %(number)s has no points and is not scored until the scheme gives it some.")
                        % {"number": item.number},
                        source=source,
                    )
        if rubric.total is not None and rubric.total != rubric.base_total:
            report.warn(
                ("rubrics", i, "total"),
                _("The rubric says %(stated)s points in all, its items add up to %(total)s.")
                % {"stated": rubric.total, "total": rubric.base_total},
                source=source,
            )


def _advise_on_quotas(scheme: Scheme, report: Report) -> None:
    for i, quota in enumerate(scheme.quotas):
        if quota.min is None and quota.max is None and quota.percent is None and not quota.tiers:
            report.warn(
                ("quotas", i),
                _("This quota has no figure yet; it must be filled in before the campaign opens."),
                source=quota.clause or _("the scheme itself"),
            )


def _advise_on_rotation(scheme: Scheme, report: Report) -> None:
    if scheme.rotation.enabled and scheme.rotation.interval_months is None:
        report.warn(
            ("rotation",),
            _("The plaques rotate, but no interval is given: they do so every %(n)s months.")
            % {"n": DEFAULT_ROTATION_MONTHS},
            source=scheme.rotation.clause or _("the scheme itself"),
        )


def _advise_on_unused(scheme: Scheme, report: Report) -> None:
    used = {kind.stages for kind in scheme.kinds if isinstance(kind.stages, str)}
    for name in scheme.pipelines:
        if name not in used:
            report.warn(("pipelines", name), _("No kind of post uses this pipeline."), source=_("the scheme itself"))
