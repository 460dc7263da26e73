"""Score sheets as rows for pages: running totals, and the table on paper."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from assessments.domain.assessment_page import AssessmentPage
from assessments.domain.assessment_results import ScoreState, SheetScore
from assessments.domain.rubrics import Entry, Score, add_up, mark_of, passes, remark_of, shown, shown_score
from assessments.domain.score_sheets import entries_of
from assessments.domain.score_table import signed
from assessments.models import ScoreSheet
from campaigns.schemes.afterwards import Rubric, RubricItem, RubricSection

#: So many assessors have a column of their own on A4; the official score is of all of them.
COLUMNS = 6


@dataclass(frozen=True)
class PaperRow:
    """An item on paper: the applicant's mark, then one of each assessor."""

    item: RubricItem
    own: str
    marks: list[str]


@dataclass(frozen=True)
class PaperTable:
    """The whole sheet on paper; without sheets to show it has one empty column for a pen."""

    names: list[str]
    sections: list[tuple[RubricSection, list[PaperRow]]]
    totals: list[str]
    remarks: list[tuple[str, str, str]]  # number of the item, who, what he wrote beside it
    has_own: bool
    left_out: int

    @property
    def columns(self) -> int:
        return 3 + self.has_own + (len(self.names) or 1)


def running_totals(rubric: Rubric, score: Score, own: ScoreSheet | None) -> dict:
    """What a sheet adds up to just now, section by section, with the self-score beside it."""
    mine = add_up(rubric, entries_of(own)) if own else None
    reached = passes(rubric, score.base, vetoes=score.vetoes)
    return {
        "lines": [
            (line.label, shown(line.points), line.full, line.is_bonus) for line in score.sections if not line.is_veto
        ],
        "base": shown(score.base),
        "full": rubric.base_total,
        "bonus": shown(score.bonus) if rubric.bonus_limit else "",
        "own": shown(mine.base) if mine else "",
        "difference": signed(score.base - mine.base) if mine else "",
        "pass_mark": rubric.pass_mark,
        "reached": reached,
        "vetoes": "、".join(score.vetoes),
    }


def paper_table(page: AssessmentPage) -> PaperTable | None:
    """The table of the printed sheet; None where the assessment does not score."""
    state = page.state
    if state is None:
        return None
    counted = state.submitted if page.shows_sheets else []
    columns = [_by_number(row.sheet) for row in counted[:COLUMNS]]
    own = _by_number(state.own.sheet) if state.own else {}
    sections = [
        (
            section,
            [
                PaperRow(item, mark_of(own.get(item.number)), [mark_of(column.get(item.number)) for column in columns])
                for item in section.items
            ],
        )
        for section in state.rubric.sections
    ]
    return PaperTable(
        names=[str(row.sheet.assessor) for row in counted[:COLUMNS]],
        sections=sections,
        totals=[shown_score(row.score, state.rubric) for row in counted[:COLUMNS]],
        remarks=list(_remarks(state, counted)),
        has_own=bool(state.own),
        left_out=len(counted) - len(columns),
    )


def _remarks(state: ScoreState, counted: list[SheetScore]) -> Iterator[tuple[str, str, str]]:
    """The remarks in the order of the items, the applicant's first."""
    sheets = [(str(_("self-score")), _by_number(state.own.sheet))] if state.own else []
    sheets += [(str(row.sheet.assessor), _by_number(row.sheet)) for row in counted]
    for item in state.rubric.items:
        for who, entries in sheets:
            if item.number in entries and (text := remark_of(entries[item.number])):
                yield item.number, who, text


def _by_number(sheet: ScoreSheet) -> dict[str, Entry]:
    return {entry.number: entry for entry in entries_of(sheet)}
