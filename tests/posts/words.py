"""Word files for the tests of blanks: with merge fields, and with what must be refused."""

import io
import zipfile

from django.core.files.uploadedfile import SimpleUploadedFile
from docx import Document


def word(*paragraphs, header="", footer="", rows=()):
    """A Word file with these paragraphs, and a table of rows of cells."""
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    if rows:
        table = document.add_table(rows=0, cols=len(rows[0]))
        for row in rows:
            for cell, text in zip(table.add_row().cells, row, strict=True):
                cell.text = text
    document.sections[0].header.paragraphs[0].text = header
    document.sections[0].footer.paragraphs[0].text = footer
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def upload(content, name="模板.docx"):
    return SimpleUploadedFile(name, content)


def text_of(content):
    """All text of a Word file: paragraphs and tables in order, then headers and footers."""
    document = Document(io.BytesIO(content))
    lines = [paragraph.text for paragraph in document.paragraphs]
    lines += ["|".join(cell.text for cell in row.cells) for table in document.tables for row in table.rows]
    for section in document.sections:
        lines += [paragraph.text for part in (section.header, section.footer) for paragraph in part.paragraphs]
    return "\n".join(lines)


def rebuilt(content, *, change=None, add=None):
    """The same file with a part changed (old bytes, new bytes) or with further parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            data = old.read(info)
            if change and info.filename == change[0]:
                assert change[1] in data, "nothing to change"
                data = data.replace(change[1], change[2], 1)
            new.writestr(info.filename, data)
        for name, data in (add or {}).items():
            new.writestr(name, data)
    return out.getvalue()


def with_relation(content, kind, target, *, external=True):
    """With one more relationship of the document."""
    mode = ' TargetMode="External"' if external else ""
    base = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    relation = f'<Relationship Id="rId99" Type="{base}/{kind}" Target="{target}"{mode}/></Relationships>'
    return rebuilt(content, change=("word/_rels/document.xml.rels", b"</Relationships>", relation.encode()))
