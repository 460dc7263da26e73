"""Whether the reviews of a scheme can be held as they are written, and whether their numbers mean something."""

from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext as _

from campaigns.schemes import vocabulary as words
from campaigns.schemes.afterwards import ReviewRuleSpec, Rubric
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path, Report

#: With two fellow members each would know what the other said.
LEAST_PEERS = 3
#: From the mildest to the gravest, as marks fall.
GRAVITY = ("pass", "rectify", "adjust", "rotate_out", "revoke")

Faults = Iterator[tuple[str, str]]


def check_reviews(scheme: Scheme, report: Report) -> None:
    """Report what cannot be held, each at its key."""
    rubrics = {rubric.code: rubric for rubric in scheme.rubrics}
    for i, rule in enumerate(scheme.reviews):
        path: Path = ("reviews", i)
        for find in (_time, _survey, _voices, _secret):
            for name, text in find(rule):
                report.error((*path, name), text)
        for name, text in (*_rubric(rule, rubrics), *_marks(rule, scheme)):
            report.error((*path, name), text)


def _time(rule: ReviewRuleSpec) -> Faults:
    if rule.cadence == "every_n_months" and rule.every_months is None:
        yield "every_months", _("Say how many months lie between two reviews.")
    if rule.every_months is not None and rule.cadence != "every_n_months":
        yield "every_months", _('Only used with cadence = "every_n_months".')
    if "holder" in rule.reviewer:
        yield "reviewer", _("Nobody reviews himself.")
    if rule.voice_days is not None and rule.voice_days > rule.due_days:
        yield (
            "voice_days",
            _("The voices must be heard before the review is due: at most %(n)s days.") % {"n": rule.due_days},
        )


def _survey(rule: ReviewRuleSpec) -> Faults:
    if rule.survey:
        return
    if rule.threshold is not None:
        yield "threshold", _("A threshold needs a satisfaction survey: survey = true.")
    if rule.satisfaction != "none":
        yield "satisfaction", _("What is a basis has to be held: survey = true.")
    if "mass" in rule.assessments:
        yield "assessments", _("The masses are heard by the survey: survey = true.")


def _voices(rule: ReviewRuleSpec) -> Faults:
    if rule.weights and sum(rule.weights.values()) != 100:
        text = _("The weights add up to %(sum)s; they must add up to 100.")
        yield "weights", text % {"sum": sum(rule.weights.values())}
    for name in ("weights", "min_voices", "names"):
        if extra := set(getattr(rule, name)) - set(rule.voices):
            yield name, _("“%(code)s” is not among the assessments.") % {"code": min(extra)}
    if rule.min_voices.get("peer", LEAST_PEERS) < LEAST_PEERS:
        text = _("Fewer than %(n)s fellow members would know what each of them said.")
        yield "min_voices", text % {"n": LEAST_PEERS}
    points = [rule.grades[code] for code in words.GRADES if code in rule.grades]
    if points != sorted(points, reverse=True):
        yield "grades", _("A better grade cannot bring fewer points.")


def _secret(rule: ReviewRuleSpec) -> Faults:
    if not rule.unannounced:
        return
    if rule.cadence != "none":
        yield "unannounced", _('An unannounced visit is called, not held by the calendar: cadence = "none".')
    if {"self", "peer"} & set(rule.voices):
        yield "unannounced", _("The post and its fellow members would know of the visit: leave self and peer out.")


def _rubric(rule: ReviewRuleSpec, rubrics: dict[str, Rubric]) -> Faults:
    if rule.rubric and rule.rubric not in rubrics:
        yield "rubric", _("There is no rubric “%(code)s” in this file.") % {"code": rule.rubric}
    if rule.aggregate != "mean" and not rule.rubric:
        yield "aggregate", _("Only used with a rubric.")
    rubric = rubrics.get(rule.rubric)
    if rule.satisfaction == "item" and rule.survey and (not rule.rubric or rubric):
        items = rubric.base_items if rubric else ()
        if not any(item.satisfaction for item in items):
            yield "satisfaction", _("No item of a rubric of this review demands a share of satisfaction.")


def _marks(rule: ReviewRuleSpec, scheme: Scheme) -> Faults:
    if not rule.marks:
        return
    if not rule.weights and not rule.rubric:
        yield "marks", _("Marks need a total to compare with: weights for the assessments, or a rubric.")
    allowed = rule.outcomes or ("pass", *scheme.consequences.fail_effect)
    if extra := set(rule.marks) - set(allowed):
        yield "marks", _("“%(code)s” is not among the possible results.") % {"code": min(extra)}
    if "pass" not in rule.marks:
        yield "marks", _("Say from which total on a post has passed: pass = …")
    marks = [rule.marks[code] for code in GRAVITY if code in rule.marks]
    if any(better <= worse for better, worse in pairwise(marks)):
        yield "marks", _("The graver the result, the lower its mark must be.")
