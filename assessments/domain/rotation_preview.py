"""Exactly what the release of a rotation will do, and what forbids it."""

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from assessments.models import Review, ReviewStatus, Rotation, RotationChoice, RotationItem
from campaigns.domain.errors import DomainError
from campaigns.domain.rules import bans_same_year
from posts.domain.guards import naming_blockers_of
from posts.domain.plaque_register import recall_due_on
from posts.models import PlaqueStatus, RunStatus, StageRun


@dataclass
class Line:
    """What the release does about one post; ``results`` are the reviews of the interval."""

    item: RotationItem
    results: list[Review] = field(default_factory=list)
    effects: list[str] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)


@dataclass
class Preview:
    """The lines in the order of the units, and what is wrong."""

    rotation: Rotation
    lines: list[Line]

    @property
    def all_problems(self) -> list[str]:
        return [f"{line.item.conferral}：{problem}" for line in self.lines for problem in line.problems]

    @property
    def is_blocked(self) -> bool:
        return bool(self.all_problems)

    @property
    def undecided(self) -> int:
        return sum(1 for line in self.lines if line.item.conferral.is_live and not line.item.choice)


def preview_rotation(rotation: Rotation) -> Preview:
    """What a release would do now, for each post: kept or handed on, plaques called back, who takes over."""
    related = ("conferral__org_unit", "conferral__campaign", "successor__org_unit", "decided_by")
    items = rotation.items.select_related(*related).prefetch_related("conferral__plaques", "conferral__holders")
    lines = [Line(item) for item in items.order_by("conferral__org_unit__path", "pk")]
    _add_results(rotation, lines)
    runs = _runs_of_successors(lines)
    blockers = naming_blockers_of(runs.values()) if runs else {}
    for line in lines:
        line.item.rotation = rotation
        _tell_effects(line)
        _find_problems(line, runs, blockers)
    return Preview(rotation, lines)


def _add_results(rotation: Rotation, lines: list[Line]) -> None:
    by_post = {line.item.conferral_id: line.results for line in lines}
    done = Review.objects.filter(
        conferral__in=by_post,
        status=ReviewStatus.DONE,
        period_ends_on__range=(rotation.period_starts_on, rotation.period_ends_on),
    )
    for review in done.select_related("rule").order_by("period_ends_on", "pk"):
        by_post[review.conferral_id].append(review)


def _runs_of_successors(lines: list[Line]) -> dict[int, StageRun]:
    wanted = [line.item.successor_id for line in lines if line.item.successor_id]
    if not wanted:
        return {}
    runs = StageRun.objects.filter(nomination__in=wanted, kind="decide", status=RunStatus.OPEN)
    return {run.nomination_id: run for run in runs.exclude(decision_items__is_live=True).select_related("nomination")}


def _tell_effects(line: Line) -> None:
    item, conferral = line.item, line.item.conferral
    if not conferral.is_live:
        line.effects.append(_("The title has ended already; nothing happens."))
        if item.successor_id:
            line.effects.append(_("Name “%(post)s” by an ordinary decision.") % {"post": item.successor})
    elif item.choice == RotationChoice.HOLD:
        line.effects.append(_("Keeps the title and the plaque."))
    elif item.choice == RotationChoice.ROTATE_OUT:
        line.effects.append(_("The title ends as “rotated out”."))
        out = [plaque.number for plaque in conferral.plaques.all() if plaque.status == PlaqueStatus.DISPLAYED]
        if out:
            text = _("Plaque %(numbers)s is called back until %(day)s.")
            line.effects.append(text % {"numbers": "、".join(out), "day": recall_due_on(conferral.campaign)})
        if bans_same_year(conferral.campaign, "rotate_out"):
            line.effects.append(_("The people of the post are barred for this year, as the scheme says."))
        text = _("“%(post)s” is named and gets a plaque of its own.") % {"post": item.successor}
        line.effects.append(text if item.successor else _("Nobody takes over now; the place stays free."))


def _find_problems(line: Line, runs: dict[int, StageRun], blockers: dict[int, list[str]]) -> None:
    item = line.item
    if not item.conferral.is_live:
        return
    if not item.choice:
        line.problems.append(_("nothing is decided yet"))
    if item.successor_id is None:
        return
    run = runs.get(item.successor_id)
    if run is None:
        line.problems.append(_("the successor does not stand at the naming decision any more"))
    else:
        line.problems += blockers.get(run.pk, [])


def require_unblocked(preview: Preview) -> None:
    """Raise DomainError with every problem at once."""
    if preview.is_blocked:
        raise DomainError(_("The rotation cannot be released: %s") % " ".join(preview.all_problems))
