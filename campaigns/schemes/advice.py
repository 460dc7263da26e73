"""Warnings: where the rules of practice speak against a scheme that may nevertheless be used (domain notes 3 and 6.13).

Each names its source. A warning never blocks and never changes the scheme; whoever opens a campaign may note on what
basis it was accepted (campaigns.domain.campaign_advice).
"""

from django.utils.translation import gettext as _

from campaigns.schemes.advice_after import advise_on_what_follows
from campaigns.schemes.advice_steps import advise_on_steps
from campaigns.schemes.kinds import Kind, StageRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path, Report

LOW_DECIDERS = frozenset({"unit", "branch", "members_meeting", "branch_committee", "general_branch"})
CUSTOMARY_DAYS = 5


def advise(scheme: Scheme, report: Report) -> None:
    """Add the warnings. Only called for a scheme without faults."""
    for i, kind in enumerate(scheme.kinds):
        stages = scheme.stages_of(kind)
        _advise_on_notice(("kinds", i), kind, stages, report)
        _advise_on_decider(("kinds", i), kind, stages, report)
        _advise_on_people(("kinds", i), kind, report)
    advise_on_steps(scheme, report)
    advise_on_what_follows(scheme, report)
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
                code="no_notice",
            )
        return
    days = max(stage.params.get("days") or CUSTOMARY_DAYS for stage in notices)
    calendar_days = all(stage.params.get("day_kind") == "calendar" for stage in notices)
    if days < CUSTOMARY_DAYS or (days == CUSTOMARY_DAYS and calendar_days):
        report.warn(
            path,
            _("The public notice of “%(kind)s” is shorter than the customary 5 working days.") % {"kind": kind.label},
            source=_("Published notices of Party committees"),
            code="short_notice",
        )


def _advise_on_decider(path: Path, kind: Kind, stages: tuple[StageRule, ...], report: Report) -> None:
    deciders = [code for stage in stages if _names(stage) for code in stage.actor]
    if kind.holder != "zone" and deciders and set(deciders) <= LOW_DECIDERS:
        report.warn(
            path,
            _("“%(kind)s” is named below the level of a Party committee.") % {"kind": kind.label},
            source=_("Most schemes leave the naming to the Party committee"),
            code="low_decider",
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
            code="org_naming",
        )


def _names(stage: StageRule) -> bool:
    return stage.kind == "decide" and stage.params.get("effect", "name") == "name"


def _advise_on_people(path: Path, kind: Kind, report: Report) -> None:
    """Who should not bear an individual title (domain F22, 3.2)."""
    if kind.holder == "person" and kind.full_members_only is False:
        report.warn(
            (*path, "full_members_only"),
            _("Probationary members may hold “%(kind)s”. They are not rated and should not bear individual titles.")
            % {"kind": kind.label},
            source=_("Answers of organisation departments on probationary members in the annual appraisal"),
            code="probationary",
        )
    if not kind.not_under_sanction:
        report.warn(
            (*path, "not_under_sanction"),
            _("People under a Party sanction may take part in “%(kind)s”.") % {"kind": kind.label},
            source=_("Notices of selection commonly leave out whoever is under a sanction"),
            code="sanction",
        )


def _advise_on_unused(scheme: Scheme, report: Report) -> None:
    used = {kind.stages for kind in scheme.kinds if isinstance(kind.stages, str)}
    for name in scheme.pipelines:
        if name not in used:
            report.warn(
                ("pipelines", name),
                _("No kind of post uses this pipeline."),
                source=_("the scheme itself"),
                code="unused",
            )
