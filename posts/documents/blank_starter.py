"""A starter blank: a Word file with every field of a kind of case, to be cut down to what a unit needs."""

import io
from collections.abc import Sequence

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

Fields = Sequence[tuple[str, str]]  # the name, what it is


def starter_blank(title: str, fields: Fields, lists: Sequence[tuple[str, str, Fields]]) -> bytes:
    """A title, a table of all fields, and for each list a table whose middle row is repeated. It passes the check."""
    document = Document()
    _page(document)
    head = document.add_paragraph()
    head.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _write(head, title, face="方正小标宋简体", size=22)
    table = document.add_table(rows=0, cols=2)
    table.style = "Table Grid"
    for name, what in fields:
        cells = table.add_row().cells
        _write(cells[0].paragraphs[0], what, face="黑体", size=12)
        _write(cells[1].paragraphs[0], f"{{{{ {name} }}}}", face="仿宋_GB2312", size=12)
    for name, what, columns in lists:
        _write(document.add_paragraph(), what, face="黑体", size=12)
        _list_table(document, name, columns)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _list_table(document, name: str, columns: Fields) -> None:
    table = document.add_table(rows=4, cols=len(columns))
    table.style = "Table Grid"
    opening, line, closing = table.rows[1], table.rows[2], table.rows[3]
    for cell, (_name, what) in zip(table.rows[0].cells, columns, strict=True):
        _write(cell.paragraphs[0], what, face="黑体", size=10.5)
    _write(opening.cells[0].paragraphs[0], f"{{%tr for 行 in {name} %}}", face="仿宋_GB2312", size=10.5)
    for cell, (column, _what) in zip(line.cells, columns, strict=True):
        _write(cell.paragraphs[0], f"{{{{ 行.{column} }}}}", face="仿宋_GB2312", size=10.5)
    _write(closing.cells[0].paragraphs[0], "{%tr endfor %}", face="仿宋_GB2312", size=10.5)


def _write(paragraph, text: str, *, face: str, size: float) -> None:
    paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Pt(4)
    run = paragraph.add_run(text)
    run.font.size, run.font.name = Pt(size), face
    run._element.rPr.rFonts.set(qn("w:eastAsia"), face)  # noqa: SLF001  python-docx has no public way to say it


def _page(document) -> None:
    """A4 with the margins of official papers, in Chinese."""
    for named in document.styles.element.iter(qn("w:lang")):
        named.set(qn("w:val"), "zh-CN")
        named.set(qn("w:eastAsia"), "zh-CN")
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
