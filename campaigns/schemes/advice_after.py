"""Warnings about places, reviews and what follows the naming (domain notes 3.3, 3.5, 3.6, F11, F14, F16, F24, F25)."""

from django.utils.translation import gettext as _

from campaigns.domain.rules import DEFAULT_ROTATION_MONTHS
from campaigns.schemes.afterwards import ReviewRuleSpec
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Report

OWN_PEOPLE = frozenset({"holder", "unit", "branch", "branch_committee", "members_meeting"})
#: Grounds that rest on what people say, and therefore have to be looked into first (F14).
HEARSAY = ("反映", "投诉", "举报")


def advise_on_what_follows(scheme: Scheme, report: Report) -> None:
    """Everything but the kinds and their steps."""
    for advise_on in (_rubrics, _quotas, _rotation, _reviews, _rectification, _veto, _ban):
        advise_on(scheme, report)


def _rubrics(scheme: Scheme, report: Report) -> None:
    for i, rubric in enumerate(scheme.rubrics):
        source = rubric.clause or scheme.scheme.source or _("the scheme itself")
        for s, section in enumerate(rubric.sections):
            if section.stated is not None and section.stated != section.total:
                report.warn(
                    ("rubrics", i, "sections", s, "stated"),
                    _("“%(label)s” is headed %(stated)s points, its items add up to %(total)s; the items count.")
                    % {"label": section.label, "stated": section.stated, "total": section.total},
                    source=source,
                    code="stated_points",
                )
            for n, item in enumerate(section.items):
                if item.points is None and not section.veto:
                    report.warn(
                        ("rubrics", i, "sections", s, "items", n, "points"),
                        _("Item %(number)s has no points and is not scored until the scheme gives it some.")
                        % {"number": item.number},
                        source=source,
                        code="no_points",
                    )
        if rubric.total is not None and rubric.total != rubric.base_total:
            report.warn(
                ("rubrics", i, "total"),
                _("The rubric says %(stated)s points in all, its items add up to %(total)s.")
                % {"stated": rubric.total, "total": rubric.base_total},
                source=source,
                code="stated_total",
            )


def _quotas(scheme: Scheme, report: Report) -> None:
    for i, quota in enumerate(scheme.quotas):
        if quota.min is None and quota.max is None and quota.percent is None and not quota.tiers:
            report.warn(
                ("quotas", i),
                _("This quota has no figure yet; it must be filled in before the campaign opens."),
                source=quota.clause or _("the scheme itself"),
                code="open_quota",
            )
        if quota.percent is not None and quota.rounding != "floor":
            report.warn(
                ("quotas", i, "rounding"),
                _("Rounded this way, the places may go beyond %(n)s %%.") % {"n": quota.percent},
                source=quota.clause or _("“Not more than X %” leaves nothing to round up"),
                code="rounding",
            )


def _rotation(scheme: Scheme, report: Report) -> None:
    if scheme.rotation.enabled and scheme.rotation.interval_months is None:
        report.warn(
            ("rotation",),
            _("The plaques rotate, but no interval is given: they do so every %(n)s months.")
            % {"n": DEFAULT_ROTATION_MONTHS},
            source=scheme.rotation.clause or _("the scheme itself"),
            code="no_interval",
        )


def _reviews(scheme: Scheme, report: Report) -> None:
    """A title that is reviewed by its own unit alone, with nobody else asked, reviews itself (3.5). Zones bear none."""
    for kind in scheme.kinds:
        if kind.holder == "zone":
            continue
        rules = [(i, rule) for i, rule in enumerate(scheme.reviews) if not rule.kinds or kind.code in rule.kinds]
        if rules and all(_among_themselves(rule) for _i, rule in rules):
            report.warn(
                ("reviews", rules[0][0]),
                _("“%(kind)s” is reviewed by its own unit alone; nobody from outside is asked.") % {"kind": kind.label},
                source=_("Service posts also ask those whom they serve (a city's foreign-affairs office, 2011)"),
                code="own_review",
            )


def _among_themselves(rule: ReviewRuleSpec) -> bool:
    asked = rule.survey or bool({"mass", "organisation"} & set(rule.assessments))
    return set(rule.reviewer) <= OWN_PEOPLE and not asked


def _rectification(scheme: Scheme, report: Report) -> None:
    usual = ("pass", *scheme.consequences.fail_effect)
    orders = any("rectify" in (rule.outcomes or usual) for rule in scheme.reviews)
    if orders and ("rectify", "days") not in report.positions:
        report.warn(
            ("rectify",),
            _("Problems are to be mended, but no time limit is given: %(n)s days are used.")
            % {"n": scheme.rectify.days},
            source=_("Measures for youth-civility units: one month to mend, then withdrawal"),
            code="no_time_limit",
        )


def _veto(scheme: Scheme, report: Report) -> None:
    for i, ground in enumerate(scheme.veto):
        if not ground.requires_verification and any(word in ground.text for word in HEARSAY):
            report.warn(
                ("veto", i),
                _("This ground rests on what people report and does not demand verification. It is verified anyway."),
                source=_("Other schemes: “verified true”; measures for youth-civility units: exposed and verified"),
                code="unverified_veto",
            )


def _ban(scheme: Scheme, report: Report) -> None:
    if scheme.veto and not scheme.consequences.ban_same_year:
        report.warn(
            ("consequences", "ban_same_year"),
            _("A post whose title was revoked may be nominated again in the same year."),
            source=_("Practice: apply again in the following year at the earliest"),
            code="no_ban",
        )
