"""Long tables as a print job: read once, laid out once, drawn fifty pages at a time."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import DomainError
from posts.documents.fonts import BIAOSONG, HEI, NUM, SONG
from posts.documents.joining import join_pdfs
from posts.documents.spelling import Speller
from posts.documents.table_pages import Furniture, TablePages
from posts.documents.table_plan import Grid, Row, Weights, break_row, centered_columns, fill_pages, plan_grid
from posts.documents.table_sheet import SheetColumn, table_pdf
from posts.documents.type_case import TypeCase, cast_letters, missing, needs_engine, read_case
from posts.domain.print_makers import Maker, write_whole

PART_PAGES = 50
MOST_BY_ENGINE = 1500  # rows; only the layout engine can set scripts whose letters join, and it is thirty times slower

CASES = {"body": (f"'{NUM}', '{SONG}'", 400), "bold": (f"'{HEI}'", 700), "display": (f"'{BIAOSONG}'", 400)}


class TableMaker(Maker):
    """A table of any length on A4 landscape. A subclass says what stands in it; each row gets its number in front."""

    def title(self) -> str:
        raise NotImplementedError

    def subtitle(self) -> str:
        return ""

    def foot(self) -> str:
        return ""

    def headings(self) -> Sequence[str]:
        raise NotImplementedError

    def rows(self) -> Iterable[Sequence[str]]:
        raise NotImplementedError

    def plan(self) -> int:
        speller = Speller()
        headings = [_("No."), *speller.spell(list(self.headings()))]
        weights, letters = Weights(headings), set("".join(headings))
        with (self.folder / "kept-rows").open("w") as file:
            for number, row in enumerate(self.rows(), 1):
                cells = [str(number), *speller.spell(list(row))]
                weights.see(cells)
                letters.update(*cells)
                file.write(json.dumps(cells, ensure_ascii=False) + "\n")
        if not weights.count:
            raise DomainError(_("Nothing to print: no entry fits the filter."))
        grid, numbered = plan_grid(weights), _("Page {n} of {m}")
        title, subtitle, foot = speller.spell((self.title(), self.subtitle(), self.foot()))
        told = "　".join(filter(None, (subtitle, speller.note())))
        around = Furniture(title, told, headings, foot, numbered, centered_columns(weights, grid))
        self.keep("around", {"furniture": asdict(around), "day": timezone.now().isoformat()})
        if needs_engine("".join(letters)):
            return self._leave_to_engine(weights.count)
        return self._lay_out(grid, weights.count, letters, around)

    def make(self, number: int) -> bytes:
        around, facts = self.kept("around"), self.kept("plan")
        if facts["engine"]:
            return self._by_engine(Furniture(**around["furniture"]))
        pages = self.kept(f"pages-{number}")
        sheet = self._sheet(Furniture(**around["furniture"]), Grid(facts["size"], tuple(facts["widths"])))
        return sheet.draw(pages, first=1 + number * PART_PAGES, total=facts["pages"])

    def join(self, parts: Sequence[Path], out: Path) -> None:
        join_pdfs(parts, out, share=True)

    def file_name(self) -> str:
        return f"{self.title()}-{timezone.localdate():%Y%m%d}.pdf"

    def _lay_out(self, grid: Grid, count: int, letters: set[str], furniture: Furniture) -> int:
        around = {*furniture.subtitle, *furniture.foot, *furniture.numbered, *"0123456789"}
        texts = {"body": letters, "bold": {*"".join(furniture.headings), *furniture.title, *around}}
        for name, (families, weight) in CASES.items():
            chars = texts.get(name, set(furniture.title))
            case = cast_letters(chars, families=families, weight=weight, title=furniture.title, created=self._day())
            if missing(case, chars):
                return self._leave_to_engine(count)
            write_whole(self.folder / f"kept-{name}", case.pdf)
        sheet = self._sheet(furniture, grid)
        broken = (break_row(row, grid, sheet.body.width) for row in self._kept_rows())
        total = self._keep_pages(fill_pages(broken, grid, head=sheet.head_height))
        self.keep("plan", {"engine": False, "size": grid.size, "widths": grid.widths, "pages": total})
        return -(-total // PART_PAGES)

    def _keep_pages(self, pages: Iterator[list[Row]]) -> int:
        total, part = 0, []
        for page in pages:
            part.append(page)
            total += 1
            if len(part) == PART_PAGES:
                self.keep(f"pages-{total // PART_PAGES - 1}", part)
                part = []
        if part:
            self.keep(f"pages-{total // PART_PAGES}", part)
        return total

    def _sheet(self, furniture: Furniture, grid: Grid) -> TablePages:
        cases: dict[str, TypeCase] = {name: read_case((self.folder / f"kept-{name}").read_bytes()) for name in CASES}
        return TablePages(furniture, grid, **cases)

    def _kept_rows(self) -> Iterator[list[str]]:
        with (self.folder / "kept-rows").open() as file:
            for line in file:
                yield json.loads(line)

    def _day(self) -> datetime:
        return datetime.fromisoformat(self.kept("around")["day"])

    def _leave_to_engine(self, count: int) -> int:
        if count > MOST_BY_ENGINE:
            text = _(
                "With the scripts in this table at most %(n)s entries fit into one PDF. "
                "Narrow it down, or take the Excel file."
            )
            raise DomainError(text % {"n": MOST_BY_ENGINE})
        self.keep("plan", {"engine": True})
        return 1

    def _by_engine(self, furniture: Furniture) -> bytes:
        rows = list(self._kept_rows())
        longest = [min(40, max(4, *(len(row[at]) for row in rows))) for at in range(len(furniture.headings))]
        columns = [
            SheetColumn(heading, longest[at], centered=at in furniture.centered)
            for at, heading in enumerate(furniture.headings)
        ]
        return table_pdf(
            furniture.title, columns, rows, subtitle=furniture.subtitle, foot=furniture.foot, landscape=True
        )
