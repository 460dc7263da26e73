"""Whether the rubrics can be scored with, and whether the steps that score find theirs."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from campaigns.schemes.afterwards import Rubric
from campaigns.schemes.kinds import StageRule
from campaigns.schemes.model import Scheme
from campaigns.schemes.report import Path, Report


def check_rubrics(scheme: Scheme, report: Report) -> None:
    """Marks that nobody can reach or that contradict each other, and items that cannot be told apart."""
    for i, rubric in enumerate(scheme.rubrics):
        path: Path = ("rubrics", i)
        _check_marks(path, rubric, report)
        _check_numbers(path, rubric, report)
        _check_vetoes(path, rubric, report)
        if rubric.bonus_cap is not None and not any(section.bonus for section in rubric.sections):
            report.error((*path, "bonus_cap"), _("A cap needs a section of bonus items: bonus = true."))
        if rubric.sections and not any(item.points for item in rubric.base_items):
            report.error((*path, "sections"), _("No item carries points, so nothing can be scored."))


def _check_marks(path: Path, rubric: Rubric, report: Report) -> None:
    most = rubric.base_total
    for name in ("pass_mark", "excellent_mark"):
        mark = getattr(rubric, name)
        if mark is not None and most and mark > most:
            text = _("%(mark)s points can never be reached: the items add up to %(most)s, and a bonus does not count.")
            report.error((*path, name), text % {"mark": mark, "most": most})
    if rubric.pass_mark is not None and rubric.excellent_mark is not None and rubric.excellent_mark < rubric.pass_mark:
        report.error((*path, "excellent_mark"), _("The mark for excellent lies below the pass mark."))


def _check_vetoes(path: Path, rubric: Rubric, report: Report) -> None:
    """A veto is found or not: it carries no points and no share."""
    for s, section in enumerate(rubric.sections):
        place = (*path, "sections", s)
        if section.veto and section.bonus:
            report.error((*place, "veto"), _("A section of vetoes cannot be one of bonus items too."))
        for i, item in enumerate(section.items if section.veto else ()):
            for name in ("points", "satisfaction"):
                if getattr(item, name) is not None:
                    report.error((*place, "items", i, name), _("A veto is found or not; it carries no points."))


def _check_numbers(path: Path, rubric: Rubric, report: Report) -> None:
    seen: set[str] = set()
    for s, section in enumerate(rubric.sections):
        for i, item in enumerate(section.items):
            if item.number and item.number in seen:
                place = (*path, "sections", s, "items", i, "number")
                report.error(place, _("The number “%(number)s” stands twice in this rubric.") % {"number": item.number})
            seen.add(item.number)


def check_scoring(path: Path, stage: StageRule, scheme: Scheme, report: Report) -> None:
    """A step that scores has a rubric of this file: the one it names, or the only one."""
    code = stage.params.get("rubric")
    codes = [rubric.code for rubric in scheme.rubrics]
    if isinstance(code, str) and code:
        if code not in codes:
            report.error((*path, "params", "rubric"), _("There is no rubric “%(code)s” in this file.") % {"code": code})
        return
    if not _scores(stage.params):
        return
    if not codes:
        report.error((*path, "params"), _("This step scores, but the file has no rubric: add [[rubrics]]."))
    elif len(codes) > 1:
        text = _("Say by which rubric: rubric = … The file has: %(codes)s.")
        report.error((*path, "params"), text % {"codes": "、".join(codes)})


def _scores(params: dict[str, Any]) -> bool:
    method = params.get("method")
    return params.get("self_score") is True or (isinstance(method, Sequence) and "rubric" in method)
