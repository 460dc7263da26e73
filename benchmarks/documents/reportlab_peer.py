"""The same papers in reportlab; art that is alike on all pages is a form, as its manual advises."""

import io
from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import LongTable, Paragraph, SimpleDocTemplate, TableStyle

from benchmarks.documents import content

ROLES = {"song": "SFG Song", "hei": "SFG Hei", "bold": "SFG Hei", "title": "SFG BiaoSong"}
GOLD = [colors.HexColor(word) for word in ("#b07f26", "#e8c877", "#fdf3c4", "#d9b358", "#f3dc93", "#f7e6ab", "#a8761f")]
RED, INK = colors.HexColor("#a30d14"), colors.HexColor("#3a0508")


def _register(fonts):
    import json

    made = json.loads((Path(fonts) / "made.json").read_text())["files"]
    for name, family in ROLES.items():
        bold = name == "bold"
        file = next(file for file, told in made.items() if told["family"] == family and told["bold"] == bold)
        pdfmetrics.registerFont(TTFont(name, str(Path(fonts) / file)))


def _square(canvas, address, x, y, width):
    """A QR code as one path of runs, with its quiet zone."""
    rows = content.matrix(address)
    module = width / (len(rows) + 8)
    path = canvas.beginPath()
    for number, row in enumerate(rows):
        start = None
        for at, dark in enumerate([*row, 0]):
            if dark and start is None:
                start = at
            elif not dark and start is not None:
                top = y + width - (number + 5) * module
                path.rect(x + (4 + start) * module, top, (at - start) * module, module)
                start = None
    canvas.drawPath(path, stroke=0, fill=1)


def _plaque_art(canvas):
    width, height = landscape(A4)
    canvas.linearGradient(0, 0, width, height, GOLD)
    canvas.setStrokeColor(RED)
    canvas.setLineWidth(3.2 * mm)
    canvas.rect(8 * mm, 8 * mm, width - 16 * mm, height - 16 * mm)
    canvas.setLineWidth(0.4 * mm)
    canvas.rect(12 * mm, 12 * mm, width - 24 * mm, height - 24 * mm)
    canvas.setFillColor(RED)
    canvas.setFont("title", 100)
    canvas.drawCentredString(width / 2, height - 65 * mm, content.HONOUR)


def _plaque(canvas, facts, style):
    height = A4[0]
    canvas.doForm("art")
    canvas.setFillColor(INK)
    y = height - 95 * mm
    for label, words in facts.rows:
        canvas.setFont("bold", 18)
        canvas.drawString(32 * mm, y, label)
        text = Paragraph(words, style)
        _width, used = text.wrap(146 * mm, 90 * mm)
        text.drawOn(canvas, 62 * mm, y + 18 - used)
        y -= used + 5 * mm
    canvas.setFillColor(INK)
    _square(canvas, facts.address, 222 * mm, height - 134 * mm, 42 * mm)
    canvas.setFont("song", 11)
    canvas.drawCentredString(243 * mm, height - 140 * mm, facts.number)
    canvas.setFont("title", 19)
    canvas.drawRightString(270 * mm, height - 172 * mm, facts.issuer)
    canvas.setFont("song", 17)
    canvas.drawRightString(270 * mm, height - 183 * mm, facts.day)
    canvas.showPage()


def _plaque_pdf(pages):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=landscape(A4), pageCompression=1)
    canvas.beginForm("art")
    _plaque_art(canvas)
    canvas.endForm()
    style = ParagraphStyle("row", fontName="song", fontSize=18, leading=25, wordWrap="CJK", textColor=INK)
    for facts in pages:
        _plaque(canvas, facts, style)
    canvas.save()
    return out.getvalue()


def plaques(n, fonts):
    _register(fonts)
    return [_plaque_pdf(content.plaques(n))]


def plaque_files(n, fonts):
    _register(fonts)
    return [_plaque_pdf([facts]) for facts in content.plaques(n)]


def _slip_art(canvas):
    words, small = content.SLIP, ParagraphStyle("how", fontName="hei", fontSize=8, leading=10.8, wordWrap="CJK")
    foot = ParagraphStyle("foot", fontName="hei", fontSize=7, leading=9.6, wordWrap="CJK")
    canvas.setDash(2, 2)
    canvas.setLineWidth(0.2 * mm)
    canvas.rect(0, 0, 99 * mm, 57 * mm)
    canvas.setDash()
    canvas.setFillColor(colors.HexColor("#b3121f"))
    canvas.setFont("title", 12)
    canvas.drawString(5 * mm, 48.5 * mm, words["title"])
    canvas.line(5 * mm, 46.5 * mm, 94 * mm, 46.5 * mm)
    canvas.setFillColor(colors.black)
    canvas.setFont("hei", 8)
    canvas.drawString(5 * mm, 40 * mm, words["kind"])
    canvas.drawString(5 * mm, 12 * mm, words["site"])
    for text, style, y in ((words["how"], small, 16), (words["foot"], foot, 1)):
        paragraph = Paragraph(text, style)
        paragraph.wrap((53 if style is small else 89) * mm, 20 * mm)
        paragraph.drawOn(canvas, 5 * mm, y * mm)
    canvas.line(5 * mm, 8.2 * mm, 94 * mm, 8.2 * mm)


def slips(n, fonts):
    _register(fonts)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, pageCompression=1)
    canvas.beginForm("slip")
    _slip_art(canvas)
    canvas.endForm()
    for number, code in enumerate(content.codes(n)):
        place = number % 10
        if number and not place:
            canvas.showPage()
        x, y = (6 + 99 * (place % 2)) * mm, A4[1] - (6 + 57 * (place // 2 + 1)) * mm
        canvas.saveState()
        canvas.translate(x, y)
        canvas.doForm("slip")
        canvas.setFont("bold", 13.5)
        groups = [code[start : start + 4] for start in range(0, 24, 4)]
        canvas.drawString(5 * mm, 32.8 * mm, " ".join(groups[:3]))
        canvas.drawString(5 * mm, 26.8 * mm, " ".join(groups[3:]))
        _square(canvas, f"{content.SITE}/v/#{code}", 60.5 * mm, 9 * mm, 37 * mm)
        canvas.restoreState()
    canvas.save()
    return [out.getvalue()]


def ledger(n, fonts):
    _register(fonts)
    out = io.BytesIO()
    cell = ParagraphStyle("cell", fontName="song", fontSize=9, leading=12, wordWrap="CJK")
    head = ParagraphStyle("head", parent=cell, fontName="bold")
    rows = [[Paragraph(word, head) for word in ("序号", *content.HEADINGS)]]
    for number, row in enumerate(content.ledger(n), 1):
        rows.append([Paragraph(word, cell) for word in (str(number), *row)])
    shares = (2, 6, 6, 2.4, 5, 8, 4.2, 5, 4.4, 3)
    widths = [267 * mm * share / sum(shares) for share in shares]
    table = LongTable(rows, colWidths=widths, repeatRows=1)
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, colors.grey), ("VALIGN", (0, 0), (-1, -1), "TOP")]))
    SimpleDocTemplate(out, pagesize=landscape(A4), margin=15 * mm).build([table])
    return [out.getvalue()]
