"""A scheme as a secretary reads it: who does what, when, with what threshold, and where that is written."""

from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.domain.actors import describe_actors
from campaigns.domain.rules import DEFAULT_ROTATION_MONTHS
from campaigns.domain.stage_specs import stage_specs
from campaigns.schemes import vocabulary as words
from campaigns.schemes.afterwards import RectifyRule, Rotation, Rubric, RubricItem
from campaigns.schemes.explain_reviews import explain_review
from campaigns.schemes.explain_rules import explain_kind_rules, explain_quota
from campaigns.schemes.kinds import Kind, StageRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Line


@dataclass
class Section:
    """A heading with sentences; ``steps`` says that they follow each other."""

    title: str
    lines: list[Line] = field(default_factory=list)
    steps: bool = False
    anchor: str = ""
    rubric: Rubric | None = None


def explain_scheme(scheme: Scheme) -> list[Section]:
    """The whole scheme in sentences, in the order in which somebody wants to know it. Empty sections are left out."""
    first, rest = [_about(scheme), _standards(scheme)], _after_kinds(scheme)
    kinds = [section for kind in scheme.kinds for section in (explain_kind(kind, scheme), explain_way(kind, scheme))]
    return [section for section in [*first, *kinds, *rest] if section.lines]


def explain_rest(scheme: Scheme) -> list[Section]:
    """What a scheme says apart from its kinds of posts and their ways."""
    return [section for section in [_about(scheme), _standards(scheme), *_after_kinds(scheme)] if section.lines]


def _after_kinds(scheme: Scheme) -> list[Section]:
    return [
        Section(_("Quotas"), [explain_quota(quota, scheme) for quota in scheme.quotas], anchor="quotas"),
        Section(_("Reviews after the naming"), [explain_review(rule, scheme) for rule in scheme.reviews]),
        _consequences(scheme),
        Section(_("One-vote veto"), _veto(scheme), anchor="veto"),
        *[_rubric(rubric) for rubric in scheme.rubrics],
        _calendar(scheme),
        Section(_("Rewards"), [Line(r.text, r.clause, (str(words.REWARD_KINDS[r.kind]),)) for r in scheme.rewards]),
        _publicity(scheme),
        Section(_("Further requirements"), [Line(remark.text, remark.clause) for remark in scheme.remarks]),
        Section(_("How unclear points are read here"), _readings(scheme)),
    ]


def _about(scheme: Scheme) -> Section:
    head = scheme.scheme
    listed = {
        _("Title conferred: %s"): head.honour,
        _("Source: %s"): "，".join(filter(None, (head.source, head.source_number))),
        _("Basis: %s"): head.basis,
        _("Carried out by: %s"): _("、").join(str(words.UNIT_KINDS[kind]) for kind in head.owner_kinds),
        _("Organised by: %s"): head.organised_by,
        _("Approved by: %s"): head.approving_body,
        _("Scope: %s"): head.scope,
        _("Slogans: %s"): "；".join(head.slogans),
    }
    lines = [Line(head.summary, head.clause)] if head.summary else []
    lines += [Line(text % value) for text, value in listed.items() if value]
    if head.yearly:
        lines.append(Line(_("The campaign is repeated every year.")))
    return Section(_("About the scheme"), lines)


def _standards(scheme: Scheme) -> Section:
    labels = {kind.code: kind.label for kind in scheme.kinds}
    lines = []
    for standard in scheme.standards:
        text = f"{standard.label}：{standard.text}" if standard.label else standard.text
        kinds = _("、").join(labels[code] for code in standard.kinds)
        lines.append(Line(text, standard.clause, (_("For: %(kinds)s") % {"kinds": kinds},) if kinds else ()))
    return Section(_("Standards"), lines)


def explain_kind(kind: Kind, scheme: Scheme) -> Section:
    """Who may hold a post of this kind."""
    title = _("%(kind)s: who may hold it") % {"kind": kind.label}
    return Section(title, explain_kind_rules(kind, scheme), anchor=f"kind-{kind.code}")


def explain_way(kind: Kind, scheme: Scheme) -> Section:
    """The steps that a post of this kind goes through."""
    rounds = {round_.code: round_.label for round_ in scheme.rounds}
    stages = scheme.stages_of(kind)
    title = _("%(kind)s: the way to the plaque") % {"kind": kind.label}
    rubrics = {rubric.code: rubric.title for rubric in scheme.rubrics}
    lines = [explain_stage(stage, rounds, rubrics) for stage in stages]
    return Section(title, lines, steps=True, anchor=f"way-{kind.code}")


def _spoken_params(stage: StageRule, rounds: dict[str, str], rubrics: dict[str, str]) -> dict[str, Any]:
    """The parameters with the names of rounds and rubrics instead of their codes."""
    spoken, codes = dict(stage.params), stage.params.get("rounds")
    if isinstance(codes, list):
        spoken["rounds"] = [rounds.get(str(code), code) for code in codes]
    if spoken.get("rubric"):
        # As long as the parameter may be: the explanation goes through the parameter's own check.
        spoken["rubric"] = rubrics.get(str(spoken["rubric"]), spoken["rubric"])[:40]
    return spoken


def explain_stage(
    stage: StageRule, rounds: dict[str, str] | None = None, rubrics: dict[str, str] | None = None
) -> Line:
    """Who does the step, how long it takes, and what its parameters mean. The names of rounds, rubrics by code."""
    spec = stage_specs().get(stage.kind)
    who, times = describe_actors(list(stage.actor)), []
    says = [str(text) for text in spec.explain(_spoken_params(stage, rounds or {}, rubrics or {}))] if spec else []
    if stage.days:
        text = ngettext("Planned: %(n)s working day.", "Planned: %(n)s working days.", stage.days)
        times.append(text % {"n": stage.days})
    if stage.due:
        times.append(_("Due on %(day)s.") % {"day": spoken_day(stage.due)})
    rest = [stage.note] if stage.note else []
    if stage.assumed:
        rest.append(_("The source does not say this expressly; it is this scheme's reading."))
    return Line(
        f"{stage.label}（{spec.label}）" if spec and str(spec.label) != stage.label else stage.label,
        stage.clause,
        (_("Done by: %(who)s.") % {"who": who}, *says, *times, *rest),
        who=who,
        when=" ".join(times),
        says=(*says, *rest),
        kind=stage.kind,
    )


def _consequences(scheme: Scheme) -> Section:
    rules, rectify, rotation = scheme.consequences, scheme.rectify, scheme.rotation
    effects = _("、").join(str(words.OUTCOMES[code]) for code in rules.fail_effect)
    lines = [
        _rectify(rectify),
        *_repair(scheme),
        Line(_("A post that is not up to standard: %(effects)s.") % {"effects": effects}, rules.clause),
    ]
    if rules.ban_same_year:
        causes = _("、").join(str(words.OUTCOMES[code]) for code in rules.ban_on)
        lines.append(
            Line(
                _("After %(causes)s: no nomination and no commendation in the same year.") % {"causes": causes},
                rules.clause,
            )
        )
    lines.append(Line(_("A recalled plaque is handed back within %(n)s working days.") % {"n": rules.recall_days}))
    if rotation.enabled:
        lines.append(_rotation(rotation))
    return Section(_("When a post is not up to standard"), lines)


def _rectify(rule: RectifyRule) -> Line:
    details = [_("No extension is granted.")]
    if rule.extensions:
        text = _("On a request with reasons it may be extended %(times)s time(s), each by at most %(n)s days.")
        details = [text % {"times": rule.extensions, "n": rule.extension_days}]
    details += [
        _("%(n)s days after the deadline, when nothing was handed in, the body that named the post decides.")
        % {"n": rule.escalate_days},
        _("The public page says that the post is under rectification.")
        if rule.public
        else _("The public page does not say that the post is under rectification."),
    ]
    return Line(_("Problems are mended within %(n)s days.") % {"n": rule.days}, rule.clause, tuple(details))


def _rotation(rotation: Rotation) -> Line:
    months = rotation.interval_months or DEFAULT_ROTATION_MONTHS
    text = _("The plaques rotate every %(n)s months: the body that named a post decides who keeps one.") % {"n": months}
    again = _("A post may keep its plaque again and again (re-election).")
    never = _("No re-election: after a whole interval the plaque is handed on.")
    details = [again if rotation.re_election else never]
    if rotation.interval_months is None:
        details.append(_("The source names no interval; this length is a reading."))
    return Line(text, rotation.clause, tuple(details))


def _repair(scheme: Scheme) -> list[Line]:
    """Only where a post may lose one of several people."""
    if not any(kind.holder in ("team", "zone") for kind in scheme.kinds):
        return []
    text = _(
        "A collective post or zone that no longer meets its conditions because somebody left is completed within "
        "%(n)s days, or the title lapses."
    )
    return [Line(text % {"n": scheme.rectify.repair_days}, scheme.rectify.clause)]


def _veto(scheme: Scheme) -> list[Line]:
    lines = []
    for ground in scheme.veto:
        details = [_("Has to be verified.")] if ground.requires_verification else []
        if ground.evidence_needed:
            details.append(_("Evidence needed: %(evidence)s.") % {"evidence": ground.evidence_needed})
        lines.append(Line(ground.text, ground.clause, tuple(details)))
    if lines:
        lines.append(Line(_("A report alone never revokes: it is verified, judged and decided first.")))
    return lines


def _rubric(rubric: Rubric) -> Section:
    lines = []
    for section in rubric.sections:
        stated = "" if section.stated is None else _("stated %(n)s points, ") % {"n": section.stated}
        title = _("%(label)s: %(stated)ssum of the items %(total)s points")
        items = tuple(_item(item) for item in section.items)
        if section.veto:
            text = _("%(label)s: found or not, without points; what is found is verified, judged and decided first")
            lines.append(Line(text % {"label": section.label}, "", tuple(item.text for item in section.items)))
            continue
        lines.append(Line(title % {"label": section.label, "stated": stated, "total": section.total}, "", items))
    lines += [Line(sentence) for sentence in _marks(rubric)]
    return Section(rubric.title, lines, anchor=f"rubric-{rubric.code}", rubric=rubric)


def _marks(rubric: Rubric) -> list[str]:
    """The lines that are drawn, and how what lies beside them is treated."""
    marks = {
        _("Pass mark: %(n)s points."): rubric.pass_mark,
        _("Excellent from %(n)s points."): rubric.excellent_mark,
        _("The bonus brings %(n)s points at most; it is shown beside the score and does not count for the marks."): (
            rubric.bonus_limit or None
        ),
    }
    sentences = [text % {"n": value} for text, value in marks.items() if value is not None]
    if rubric.pro_rata:
        return [*sentences, _("Items that do not apply are left out, and the rest is raised to the whole.")]
    return [*sentences, _("Items that do not apply count 0 points, with a reason.")]


def _item(item: RubricItem) -> str:
    text = _item_text(item.number, item.text, item.points)
    if item.satisfaction is None:
        return text
    return text + _(" Satisfaction of at least %(n)s %% is wanted.") % {"n": item.satisfaction}


def _item_text(number: str, text: str, points: int | None) -> str:
    if points is None:
        return _("%(number)s. %(text)s (no points given)") % {"number": number, "text": text}
    return _("%(number)s. %(text)s (%(points)s points)") % {"number": number, "text": text, "points": points}


def _calendar(scheme: Scheme) -> Section:
    lines = []
    for phase in scheme.phases:
        days = _("%(first)s to %(last)s") % {"first": spoken_day(phase.starts), "last": spoken_day(phase.ends)}
        lines.append(Line(f"{phase.label}：{days}", phase.clause, (phase.text,) if phase.text else ()))
    for round_ in scheme.rounds:
        by = _("naming by %(day)s") % {"day": spoken_day(round_.by)} if round_.by else _("no fixed day")
        lines.append(Line(f"{round_.label}：{by}", round_.clause))
    for milestone in scheme.milestones:
        who = (_("Who: %(who)s") % {"who": describe_actors(list(milestone.who))},) if milestone.who else ()
        if milestone.record:
            who += (_("Each unit records what it has done; who still owes it stands on the campaign's page."),)
        lines.append(Line(f"{spoken_day(milestone.on)}：{milestone.label}", milestone.clause, who))
    return Section(_("Phases, rounds and days to be kept"), lines)


def _publicity(scheme: Scheme) -> Section:
    lines = []
    if scheme.publicity.channels:
        text = _("Publicity through: %(channels)s.") % {"channels": "、".join(scheme.publicity.channels)}
        lines.append(Line(text, scheme.publicity.clause))
    objections = scheme.objections
    lines.append(
        Line(_("Objections are verified within %(n)s working days.") % {"n": objections.verify_days}, objections.clause)
    )
    return Section(_("Publicity and objections"), lines)


def _readings(scheme: Scheme) -> list[Line]:
    return [Line(reading.point, reading.clause, (reading.reading,)) for reading in scheme.readings]


def spoken_day(month_day: str) -> str:
    """``06-15`` as people say it."""
    day, _plus, years = month_day.partition("+")
    month, number = (int(part) for part in day.split("-"))
    text = _("%(month)s/%(day)s") % {"month": month, "day": number}
    if years == "1":
        return _("%(day)s of the following year") % {"day": text}
    return text if not years else _("%(day)s, %(n)s years later") % {"day": text, "n": years}
