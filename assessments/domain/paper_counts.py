"""What paper ballots add to the box: read only, for the close and the pages."""

from typing import Any

from assessments.domain.tallies import BLANK
from assessments.models import PaperCount, PaperSheet, Stratum, Survey

SPOILED = "spoiled"


def n_issued(sheet: PaperSheet) -> int:
    """How many paper ballots went out."""
    if sheet.stratum == Stratum.MEMBERS:
        return sheet.survey.roll.filter(on_paper=True).count()
    return sheet.n_handed_out


def uncounted(survey: Survey) -> list[PaperSheet]:
    """The sheets whose ballots are out and not yet counted alike by two people: the survey cannot close before."""
    return list(survey.paper_sheets.filter(is_agreed=False))


def counted(survey: Survey) -> list[tuple[PaperSheet, int, PaperCount]]:
    """For each agreed sheet how many ballots went out, and the count."""
    sheets = survey.paper_sheets.filter(is_agreed=True).prefetch_related("counts")
    return [(sheet, n_issued(sheet), sheet.counts.all()[0]) for sheet in sheets]


def paper_of_line(found: list[tuple[PaperSheet, int, PaperCount]], number: int) -> dict[str, Any]:
    """The paper votes on one line over all sheets; spoiled ones count like blanks, as not valid."""
    total: dict[str, int] = {}
    for _sheet, _issued, count in found:
        for name, n in count.lines[number].items():
            option = BLANK if name == SPOILED else name
            total[option] = total.get(option, 0) + n
    return total
