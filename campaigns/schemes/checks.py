"""What no single key can tell: whether the steps can follow each other and the names mean something."""

import math
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from campaigns.domain.actors import ACTORS
from campaigns.domain.stage_specs import stage_specs
from campaigns.schemes.kinds import Kind, StageRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path, Report
from campaigns.schemes.review_checks import check_reviews
from campaigns.schemes.rubric_checks import check_rubrics, check_scoring
from campaigns.schemes.values import shown

Steps = list[tuple[Path, StageRule]]


def check_scheme_as_a_whole(scheme: Scheme, report: Report) -> None:
    """Report everything that does not fit together."""
    for steps in _ways(scheme):
        _check_order(steps, report)
        for path, stage in steps:
            _check_stage(path, stage, scheme, report)
    if not scheme.kinds:
        report.error(("kinds",), _("A scheme needs at least one kind of post: a table [[kinds]]."))
    for i, kind in enumerate(scheme.kinds):
        _check_kind(("kinds", i), kind, scheme, report)
    _check_batches(scheme, report)
    _check_references(scheme, report)
    check_reviews(scheme, report)
    check_rubrics(scheme, report)
    _check_quotas(scheme, report)
    _check_phases(scheme, report)
    _check_milestones(scheme, report)
    _check_afterwards(scheme, report)


def _ways(scheme: Scheme) -> Iterator[Steps]:
    for name, stages in scheme.pipelines.items():
        yield [(("pipelines", name, i), stage) for i, stage in enumerate(stages)]
    for k, kind in enumerate(scheme.kinds):
        if isinstance(kind.stages, tuple):
            yield [(("kinds", k, "stages", i), stage) for i, stage in enumerate(kind.stages)]


def _check_stage(path: Path, stage: StageRule, scheme: Scheme, report: Report) -> None:
    spec = stage_specs().get(stage.kind)
    if spec is None:
        return
    for code in stage.actor:
        if spec.allowed_actors and code not in spec.allowed_actors:
            allowed = "、".join(f"{word}（{ACTORS[word].label}）" for word in spec.allowed_actors)
            report.error(
                (*path, "actor"),
                _("“%(actor)s” cannot act in a step of the kind “%(kind)s”. Allowed: %(allowed)s.")
                % {"actor": code, "kind": spec.label, "allowed": allowed},
            )
    if len(stage.actor) > 1 and any(ACTORS[code].at_owner or ACTORS[code].is_holder for code in stage.actor):
        report.error(
            (*path, "actor"),
            _("A list means the nearest unit of one of these kinds; only units below the owner may stand in it."),
        )
    by_holders = [ACTORS[code].is_holder for code in stage.actor]
    if spec.permission is None and not all(by_holders):
        report.error((*path, "actor"), _('In this step the members of the post act themselves: actor = "holder".'))
    if spec.permission and not spec.allowed_actors and any(by_holders) and stage.kind != "nominate":
        report.error((*path, "actor"), _("The members of the post cannot do this step; name an organisation."))
    try:
        spec.clean_params(stage.params)
    except ValidationError as error:
        for name, messages in error.message_dict.items():
            report.error((*path, "params", name), _param_message(name, messages, stage, spec.param_names))
    check_scoring(path, stage, scheme, report)
    _check_param_references(path, stage, scheme, report)


def _param_message(name: str, messages: list[str], stage: StageRule, known: tuple[str, ...]) -> str:
    """What the step's own check says, with the value that was written, or the parameters that exist."""
    text = " ".join(messages)
    if name not in known:
        return text + (_("Allowed parameters: %(names)s.") % {"names": "、".join(known)} if known else "")
    if name not in stage.params:
        return text
    return _("“%(value)s” is not allowed here. %(allowed)s") % {"value": shown(stage.params[name]), "allowed": text}


def _check_param_references(path: Path, stage: StageRule, scheme: Scheme, report: Report) -> None:
    rounds = stage.params.get("rounds")
    known = {r.code for r in scheme.rounds}
    for code in [rounds] if isinstance(rounds, str) else rounds if isinstance(rounds, list) else []:
        if not isinstance(code, str) or code not in known:
            message = _("There is no round “%(code)s” in this file.") % {"code": shown(code)}
            report.error((*path, "params", "rounds"), message)


def _check_order(steps: Steps, report: Report) -> None:
    """Every way has one naming decision; nothing that could still stop it comes after, no plaque before."""
    admitted = named = surveyed = False
    for path, stage in steps:
        effect = stage.params.get("effect", "name")
        if named and stage.kind != "plaque":
            _too_late(path, stage, report)
        if stage.kind == "decide":
            if effect == "admit" and admitted:
                report.error(path, _("A way admits a post only once."))
            admitted, named = admitted or effect == "admit", named or effect != "admit"
        elif stage.kind == "plaque":
            _check_plaque_order(path, stage, admitted=admitted, named=named, report=report)
        elif stage.kind == "notice" and stage.params.get("object") == "survey_result" and not surveyed:
            report.error(
                (*path, "params", "object"),
                _("The result of a survey is put on notice here, but no survey comes before this step."),
            )
        surveyed = surveyed or stage.kind == "survey"
    if steps and not named:
        report.error(
            steps[0][0][:-1],
            _('This way never names a post: a step kind = "decide" with params = { effect = "name" } is missing.'),
        )


def _too_late(path: Path, stage: StageRule, report: Report) -> None:
    if stage.kind == "decide":
        report.error(path, _("A post is named only once: there is a naming decision before this step."))
    else:
        report.error(
            path,
            _("The step “%(label)s” comes after the naming decision and could stop nothing any more. Put it before.")
            % {"label": stage.label or stage.kind},
        )


def _check_plaque_order(path: Path, stage: StageRule, *, admitted: bool, named: bool, report: Report) -> None:
    creating = stage.params.get("plaque_kind") == "creating"
    if creating and (named or not admitted):
        report.error(
            path,
            _('A plaque “creating” needs a decision with effect = "admit" before it, and comes before the naming.'),
        )
    if not creating and not named:
        report.error(path, _("A plaque cannot be handed over before the post is named: put the decision before it."))


def _check_kind(path: Path, kind: Kind, scheme: Scheme, report: Report) -> None:
    if isinstance(kind.stages, str):
        if kind.stages and kind.stages not in scheme.pipelines:
            names = "、".join(scheme.pipelines) or "–"
            message = _("There is no such pipeline. Pipelines here: %(names)s.") % {"names": names}
            report.error((*path, "stages"), message)
    elif not kind.stages:
        report.error((*path, "stages"), _("This kind of post has no steps."))
    least = kind.rule("min_party") or 0
    if kind.holder == "person" and least > 1:
        report.error((*path, "min_party"), _("An individual post is held by one member; the minimum cannot be larger."))
    if kind.max_members is not None and kind.max_members < least:
        report.error((*path, "max_members"), _("The maximum is smaller than the minimum of Party members."))
    _check_organisation(path, kind, report)
    _check_zone(path, kind, scheme, report)


def _check_batches(scheme: Scheme, report: Report) -> None:
    """``follows`` names another kind, and nobody waits for himself in the end."""
    first = {kind.code: kind.follows for kind in scheme.kinds if kind.follows}
    for i, kind in enumerate(scheme.kinds):
        path: Path = ("kinds", i, "follows")
        if not kind.follows:
            continue
        if kind.follows == kind.code:
            report.error(path, _("A kind of post cannot wait for its own first batch."))
        elif kind.follows not in {other.code for other in scheme.kinds}:
            codes = "、".join(sorted(other.code for other in scheme.kinds))
            text = _("There is no kind of post “%(code)s”. Kinds here: %(codes)s.")
            report.error(path, text % {"code": kind.follows, "codes": codes})
        elif kind.code in _waits_for(kind.follows, first):
            report.error(path, _("These kinds wait for each other: none of them could ever open."))


def _waits_for(code: str, first: dict[str, str]) -> list[str]:
    """The kinds that must have been named before this one, nearest first; stops where a circle closes."""
    found: list[str] = []
    while code in first and first[code] not in found:
        code = first[code]
        found.append(code)
    return found


_PEOPLE_RULES = ("min_party", "max_members", "all_party", "full_members_only", "one_post_per_person")


def _check_organisation(path: Path, kind: Kind, report: Report) -> None:
    """Where a whole organisation holds the post nobody is listed, so no rule about people can be kept."""
    for name in _PEOPLE_RULES if kind.holder == "org" else ():
        if getattr(kind, name):
            report.error(
                (*path, name), _("A whole organisation holds this post; nobody is listed, so this rule says nothing.")
            )


def _check_zone(path: Path, kind: Kind, scheme: Scheme, report: Report) -> None:
    """Tasks and their publication belong to zones; a zone has a plaque just when the scheme wants a card (F30)."""
    if kind.holder != "zone":
        for name in ("tasks", "publish_results"):
            if getattr(kind, name):
                report.error((*path, name), _("Only a responsibility zone has this; the holder here is another."))
        return
    hangs = any(stage.kind == "plaque" for stage in scheme.stages_of(kind))
    if kind.plaque.card and not hangs:
        report.error((*path, "plaque", "card"), _("A card for the zone needs a step “plaque” that hands it over."))
    if hangs and not kind.plaque.card:
        report.error((*path, "stages"), _("A zone has no plaque unless the scheme wants a card: plaque.card = true."))


def _check_references(scheme: Scheme, report: Report) -> None:
    codes = {kind.code for kind in scheme.kinds}
    groups: dict[str, tuple[Any, ...]] = {
        "quotas": scheme.quotas,
        "reviews": scheme.reviews,
        "standards": scheme.standards,
    }
    for name, group in groups.items():
        for i, row in enumerate(group):
            for code in row.kinds:
                if code not in codes:
                    report.error(
                        (name, i, "kinds"),
                        _("There is no kind of post “%(code)s”. Kinds here: %(codes)s.")
                        % {"code": code, "codes": "、".join(sorted(codes)) or "–"},
                    )


def _check_quotas(scheme: Scheme, report: Report) -> None:
    for i, quota in enumerate(scheme.quotas):
        path: Path = ("quotas", i)
        if quota.min is not None and quota.max is not None and quota.min > quota.max:
            report.error((*path, "min"), _("The minimum is larger than the maximum."))
        if quota.tiers and (quota.percent is not None or quota.max is not None):
            report.error((*path, "tiers"), _("Use either tiers, or percent and max."))
        steps = [tier.up_to or math.inf for tier in quota.tiers]
        if steps != sorted(set(steps)):
            report.error((*path, "tiers"), _("The tiers must rise."))


def _check_milestones(scheme: Scheme, report: Report) -> None:
    seen: set[str] = set()
    for i, milestone in enumerate(scheme.milestones):
        path: Path = ("milestones", i)
        if milestone.record and not [code for code in milestone.who if not ACTORS[code].is_holder]:
            report.error((*path, "who"), _('Say which units record it, for instance who = "branch".'))
        if milestone.record and milestone.label in seen:
            report.error((*path, "label"), _("Two days to be kept have the same label; a record could not tell them."))
        seen.add(milestone.label)


def _check_phases(scheme: Scheme, report: Report) -> None:
    for i, phase in enumerate(scheme.phases):
        if phase.starts and phase.ends and _order(phase.ends) < _order(phase.starts):
            report.error(("phases", i, "ends"), _("The phase ends before it starts."))


def _check_afterwards(scheme: Scheme, report: Report) -> None:
    if scheme.rotation.interval_months is not None and not scheme.rotation.enabled:
        report.error(("rotation", "interval_months"), _("The plaques do not rotate yet: write enabled = true."))
    for name in ("fail_effect", "ban_on"):
        if "pass" in getattr(scheme.consequences, name):
            report.error(("consequences", name), _("Nothing follows from a review that was passed: leave “pass” out."))


def _order(month_day: str) -> tuple[int, str]:
    """Sorts ``MM-DD+n`` by year, then day."""
    day, _plus, years = month_day.partition("+")
    return int(years or 0), day
