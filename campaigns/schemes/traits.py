"""What makes a scheme special, in a few words each, told from its data: for the library and for comparing."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.actors import describe_actors
from campaigns.schemes import vocabulary as words
from campaigns.schemes.explain_rules import quota_figure
from campaigns.schemes.kinds import StageRule
from campaigns.schemes.model import Scheme


@dataclass(frozen=True)
class Trait:
    """One thing worth knowing: what it is about, what the scheme says, and an icon."""

    subject: str
    text: str
    icon: str


@dataclass(frozen=True)
class Way:
    """The steps that some kinds of posts share."""

    kinds: str
    steps: tuple[str, ...]


def ways_of(scheme: Scheme) -> list[Way]:
    """Each different way once, with the kinds that take it."""
    found: dict[tuple[str, ...], list[str]] = {}
    for kind in scheme.kinds:
        steps = tuple(stage.label for stage in scheme.stages_of(kind))
        found.setdefault(steps, []).append(kind.label)
    return [Way("、".join(kinds), steps) for steps, kinds in found.items()]


def traits_of(scheme: Scheme) -> list[Trait]:
    """In the order of the way: who decides, how it is examined, what follows."""
    found = [
        Trait(_("Decision"), _decider(scheme), "gavel"),
        Trait(_("Survey"), _survey(scheme), "vote"),
        Trait(_("Public notice"), _notice(scheme), "megaphone"),
        Trait(_("Opinions on the way"), _opinions(scheme), "stamp"),
        Trait(_("Consent"), _consent(scheme), "hand"),
        Trait(_("Quotas"), "；".join(dict.fromkeys(quota_figure(quota) for quota in scheme.quotas)), "ruler"),
        Trait(_("Reviews"), "、".join(dict.fromkeys(review.label for review in scheme.reviews)), "clipboard-check"),
        Trait(_("Rubric"), _rubrics(scheme), "list-checks"),
        Trait(_("One-vote veto"), _count_veto(scheme), "octagon-x"),
        Trait(_("Rotation"), _("plaques rotate") if scheme.rotation.enabled else "", "refresh-cw"),
        Trait(_("Course"), _course(scheme), "calendar-range"),
    ]
    return [trait for trait in found if trait.text]


def _stages(scheme: Scheme, code: str) -> Iterator[StageRule]:
    for kind in scheme.kinds:
        yield from (stage for stage in scheme.stages_of(kind) if stage.kind == code)


def _joined(texts: Iterator[str] | list[str]) -> str:
    return "、".join(dict.fromkeys(text for text in texts if text))


def _decider(scheme: Scheme) -> str:
    decisions = list(_stages(scheme, "decide"))
    names = [stage for stage in decisions if stage.params.get("effect", "name") == "name"]
    text = _("named by %(who)s") % {"who": _joined([describe_actors(list(stage.actor)) for stage in names])}
    return _("first admitted, then %(named)s") % {"named": text} if len(names) < len(decisions) else text


def _survey(scheme: Scheme) -> str:
    stages = list(_stages(scheme, "survey"))
    marks = {stage.params.get("threshold") for stage in stages}
    texts = [_("satisfied votes of %(n)s %% and more") % {"n": mark} for mark in sorted(mark for mark in marks if mark)]
    return _joined(texts + ([_("for information only")] if None in marks or 0 in marks else []))


def _notice(scheme: Scheme) -> str:
    most = max((sum(s.kind == "notice" for s in scheme.stages_of(kind)) for kind in scheme.kinds), default=0)
    lengths = []
    for stage in _stages(scheme, "notice"):
        days = words.DAY_KINDS.get(str(stage.params.get("day_kind", "working")), "")
        lengths.append(_("%(n)s %(days)s") % {"n": stage.params.get("days", 5), "days": days})
    if not lengths:
        return _("no public notice")
    return _joined(lengths) + (_(", %(n)s times") % {"n": most} if most > 1 else "")


def _opinions(scheme: Scheme) -> str:
    levels = max((sum(s.kind == "endorse" for s in scheme.stages_of(kind)) for kind in scheme.kinds), default=0)
    votes = any(stage.params.get("forum") == "members_meeting" for stage in _stages(scheme, "deliberate"))
    texts = [_("the general meeting of members votes")] if votes else []
    if levels:
        texts.append(ngettext("endorsed at %(n)s level", "endorsed at %(n)s levels", levels) % {"n": levels})
    return _joined(texts)


def _consent(scheme: Scheme) -> str:
    return _("every member is asked") if any(_stages(scheme, "consent")) else ""


def _rubrics(scheme: Scheme) -> str:
    scored = any(stage.params.get("self_score") for stage in _stages(scheme, "nominate"))
    texts = [_("%(n)s points") % {"n": rubric.base_total} for rubric in scheme.rubrics]
    return _joined(texts + ([_("with a self-score")] if scored else []))


def _count_veto(scheme: Scheme) -> str:
    number = len(scheme.veto)
    return ngettext("%(n)s case", "%(n)s cases", number) % {"n": number} if number else ""


def _course(scheme: Scheme) -> str:
    texts = [_("every year")] if scheme.scheme.yearly else []
    if scheme.phases:
        texts.append(_("%(n)s phases") % {"n": len(scheme.phases)})
    if len(scheme.rounds) > 1:
        texts.append(_("%(n)s rounds of naming") % {"n": len(scheme.rounds)})
    return _joined(texts)
