"""Sentences for the reviews: how often, by whom, who is heard, how it adds up, what may come of it."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from campaigns.domain.actors import describe_actors
from campaigns.schemes import vocabulary as words
from campaigns.schemes.afterwards import ReviewRuleSpec
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Line


def explain_review(rule: ReviewRuleSpec, scheme: Scheme) -> Line:
    """How often, by whom, on what basis."""
    often = words.CADENCES[rule.cadence]
    if rule.cadence == "every_n_months":
        often = _("every %(n)s months") % {"n": rule.every_months}
    text = _("%(label)s: %(often)s, by %(who)s; done within %(n)s %(days)s.")
    facts = {"label": rule.label, "often": often, "who": describe_actors(list(rule.reviewer)), "n": rule.due_days}
    facts["days"] = words.DAY_KINDS[rule.due_day_kind]
    details = (*_occasion(rule, scheme), *_voices(rule), *_numbers(rule, scheme), *_results(rule, scheme))
    return Line(text % facts, rule.clause, details)


def _occasion(rule: ReviewRuleSpec, scheme: Scheme) -> Iterator[str]:
    labels = {kind.code: kind.label for kind in scheme.kinds}
    if rule.kinds:
        yield _("For: %(kinds)s") % {"kinds": "、".join(labels.get(code, code) for code in rule.kinds)}
    if rule.cadence == "none":
        yield _("The reviewer or the office opens it for chosen posts, with a reason.")
    if rule.unannounced:
        yield _("It is unannounced: the post and its unit learn of it by the result.")
    if rule.plaque_photo:
        yield _("A photograph shows the plaque where it hangs.")


def _voices(rule: ReviewRuleSpec) -> Iterator[str]:
    if rule.survey:
        voters = "、".join(str(words.ELECTORATES[code]) for code in rule.electorate)
        yield _("Satisfaction survey, secret; who votes: %(voters)s.") % {"voters": voters}
    if rule.survey and rule.satisfaction != "none":
        text = _("The satisfaction survey is: %(weight)s.")
        yield text % {"weight": words.WEIGHTS[rule.satisfaction]}
    if rule.threshold:
        yield _("Satisfaction of at least %(n)s %%.") % {"n": rule.threshold}
    if rule.assessments or rule.weights:
        yield _("Assessments: %(list)s.") % {"list": "、".join(_voice(rule, code) for code in rule.voices)}
    if rule.aspects:
        yield _("What is compared: %(aspects)s.") % {"aspects": "、".join(rule.aspects)}
    if rule.voices:
        days = rule.voice_days or max(1, rule.due_days // 2)
        text = _("They are heard within %(n)s %(days)s; who is absent then is not waited for, and that is said.")
        yield text % {"n": days, "days": words.DAY_KINDS[rule.due_day_kind]}
    if least := {code: n for code, n in rule.min_voices.items() if code in rule.voices}:
        parts = [_("%(voice)s %(n)s") % {"voice": _name(rule, code), "n": n} for code, n in least.items()]
        yield _("So many must have spoken: %(list)s.") % {"list": "、".join(parts)}


def _numbers(rule: ReviewRuleSpec, scheme: Scheme) -> Iterator[str]:
    if rule.grades:
        parts = [f"{words.GRADES[code]} {rule.grades[code]}" for code in words.GRADES if code in rule.grades]
        yield _("Points of the grades: %(list)s.") % {"list": "、".join(parts)}
    if rule.rubric:
        titles = {rubric.code: rubric.title for rubric in scheme.rubrics}
        yield _("Scored with the rubric “%(code)s”.") % {"code": titles.get(rule.rubric, rule.rubric)}
    if rule.aggregate != "mean":
        yield _("The official score is %(how)s.") % {"how": words.AGGREGATES[rule.aggregate]}
    if rule.marks:
        parts = [f"{words.OUTCOMES[code]} {mark}" for code, mark in rule.marks.items()]
        yield _("Proposed from a total of: %(list)s; below them the gravest result. People decide.") % {
            "list": "、".join(parts)
        }


def _results(rule: ReviewRuleSpec, scheme: Scheme) -> Iterator[str]:
    codes = rule.outcomes or ("pass", *scheme.consequences.fail_effect)
    yield _("Possible results: %(outcomes)s.") % {"outcomes": "、".join(str(words.OUTCOMES[code]) for code in codes)}
    if rule.publish:
        yield _("The results are published.")
    if rule.assumed:
        yield _("The source does not say this expressly; it is this scheme's reading.")


def _name(rule: ReviewRuleSpec, code: str) -> str:
    return rule.names.get(code) or str(words.ASSESSMENTS[code])


def _voice(rule: ReviewRuleSpec, code: str) -> str:
    weight = rule.weights.get(code)
    return _name(rule, code) if weight is None else f"{_name(rule, code)} {weight}%"
