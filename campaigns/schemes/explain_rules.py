"""Sentences for the rules of a kind of post and the quotas."""

from django.utils.translation import gettext as _

from campaigns.schemes import vocabulary as words
from campaigns.schemes.kinds import Kind, QuotaRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Line


def explain_kind_rules(kind: Kind, scheme: Scheme) -> list[Line]:
    """Who may hold a post of this kind, with the clause of each rule."""
    least = kind.rule("min_party") or 0
    sentences = {
        "holder": _holder(kind),
        "follows": _batches(kind, scheme),
        "min_party": _("At least %(n)s Party members.") % {"n": least} if least > 1 else "",
        "max_members": _("At most %(n)s people.") % {"n": kind.max_members} if kind.max_members else "",
        "all_party": _("Everybody in the post is a Party member.") if kind.rule("all_party") else "",
        "full_members_only": _("Full members only.") if kind.rule("full_members_only") else "",
        "one_post_per_person": _("Nobody holds two posts.") if kind.one_post_per_person else "",
        "not_under_sanction": _sanction(kind),
        "categories": _("Categories: %s.") % "、".join(kind.categories) if kind.categories else "",
        "allowed_units": _listed(_("Created by: %s."), kind.allowed_units, words.UNIT_KINDS),
        "evidence": _evidence(kind),
        "tasks": _("Tasks: %s.") % "；".join(_task(kind)) if kind.tasks else "",
        "publish_results": _("What was done in the zone and how it is judged is published.")
        if kind.publish_results
        else "",
        "plaque": _plaque(kind),
    }
    lines = [Line(text, _clause(kind, rule), kind=rule) for rule, text in sentences.items() if text]
    return lines + [Line(condition, kind.clause) for condition in kind.conditions]


def _clause(kind: Kind, rule: str) -> str:
    own = {"plaque": kind.plaque.clause, "holder": kind.clause}
    return kind.clauses.get(rule) or own.get(rule, "")


def _holder(kind: Kind) -> str:
    text = _("%(kind)s: %(holder)s.") % {"kind": kind.label, "holder": words.HOLDERS[kind.holder]}
    return text + (_("Title: %(honour)s.") % {"honour": kind.honour} if kind.honour else "")


def _batches(kind: Kind, scheme: Scheme) -> str:
    """Whether it waits for a first batch, or is one itself."""
    labels = {other.code: other.label for other in scheme.kinds}
    sentences = []
    if kind.follows:
        text = _("Opens only when the first batch, “%(first)s”, has been named.")
        sentences.append(text % {"first": labels[kind.follows]})
    if later := [other.label for other in scheme.kinds if other.follows == kind.code]:
        text = _("This is the first batch: after its naming further posts come as “%(later)s”.")
        sentences.append(text % {"later": "、".join(later)})
    return "".join(sentences)


def _sanction(kind: Kind) -> str:
    listed = kind.not_under_sanction and kind.holder != "org"
    return _("Nobody under a Party sanction takes part.") if listed else ""


def _listed(text: str, codes: tuple[str, ...], labels: words.Labels) -> str:
    return text % "、".join(str(labels[code]) for code in codes) if codes else ""


def _evidence(kind: Kind) -> str:
    papers = []
    for paper in kind.evidence:
        marks = [_("required")] if paper.required else []
        marks += [_("with seal")] if paper.sealed else []
        papers.append(paper.label + (f"（{'，'.join(marks)}）" if marks else ""))
    return _("Papers: %s.") % "、".join(papers) if papers else ""


def _task(kind: Kind) -> list[str]:
    return [f"{task.text} {task.target}{task.unit}" if task.target is not None else task.text for task in kind.tasks]


def _plaque(kind: Kind) -> str:
    if kind.holder == "zone" and not kind.plaque.card:
        return ""
    content = "、".join(str(words.PLAQUE_CONTENT[code]) for code in kind.plaque.content)
    text = _("On the plaque: %(content)s.") % {"content": content}
    if kind.plaque.size != "A4":
        text += _("Size: %(size)s.") % {"size": words.SIZES[kind.plaque.size]}
    if kind.plaque.place:
        text += _("Place: %(place)s.") % {"place": kind.plaque.place}
    return text + (_("The members wear the Party badge.") if kind.plaque.badge else "")


def explain_quota(quota: QuotaRule, scheme: Scheme) -> Line:
    """How many posts, counted how."""
    labels = {kind.code: kind.label for kind in scheme.kinds}
    kinds = "、".join(labels[code] for code in quota.kinds) or _("all kinds together")
    text = _("%(kinds)s, counted for %(scope)s: %(figure)s.") % {
        "kinds": kinds,
        "scope": words.SCOPES[quota.scope],
        "figure": quota_figure(quota),
    }
    details = [
        _("Nominations beyond it are refused.") if quota.enforce else _("Going beyond it only brings a warning.")
    ]
    if quota.spare:
        details.append(_("%(n)s more candidates than places may be nominated.") % {"n": quota.spare})
    return Line(text, quota.clause, tuple(details))


def quota_figure(quota: QuotaRule) -> str:
    """The figure itself in words."""
    parts = []
    if quota.percent is not None:
        text = _("not more than %(n)s %% of the %(base)s, %(rounding)s")
        labels = {"base": words.BASES[quota.base], "rounding": words.ROUNDINGS[quota.rounding]}
        parts.append(text % {"n": quota.percent, **labels})
    if quota.min is not None and quota.max is not None:
        parts.append(_("%(low)s to %(high)s") % {"low": quota.min, "high": quota.max})
    elif quota.max is not None:
        parts.append(_("at most %(n)s") % {"n": quota.max})
    elif quota.min is not None:
        parts.append(_("at least %(n)s") % {"n": quota.min})
    for tier in quota.tiers:
        text = _("up to %(size)s %(base)s: %(places)s") if tier.up_to else _("beyond: %(places)s")
        parts.append(text % {"size": tier.up_to, "base": words.BASES[quota.base], "places": tier.max})
    return "；".join(parts) or _("not fixed yet")
