"""The same papers in typst. Its compiler runs in this process; the QR codes are handed to it as small images."""

import io
import json
import os
from pathlib import Path

import segno
import typst

from benchmarks.documents import content

HERE = Path(__file__).resolve().parent


def _image(address):
    out = io.BytesIO()
    segno.make(address, error="m", micro=False, mask=3).save(out, kind="png", border=4, scale=1)
    return list(out.getvalue())


def _compile(name, data, fonts):
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    if name == "plaque":
        inputs["art"] = (Path(os.environ["DATA_DIR"]) / "art.svg").read_text()
    return typst.compile(
        str(HERE / f"{name}.typ"), sys_inputs=inputs, font_paths=[fonts], ignore_system_fonts=True, format="pdf"
    )


def _plaque(facts):
    return {
        "rows": facts.rows,
        "issuer": facts.issuer,
        "day": facts.day,
        "number": facts.number,
        "qr": _image(facts.address),
    }


def plaques(n, fonts):
    return [_compile("plaque", [_plaque(facts) for facts in content.plaques(n)], fonts)]


def plaque_files(n, fonts):
    return [_compile("plaque", [_plaque(facts)], fonts) for facts in content.plaques(n)]


def slips(n, fonts):
    found = []
    for code in content.codes(n):
        groups = [code[start : start + 4] for start in range(0, 24, 4)]
        lines = " ".join(groups[:3]), " ".join(groups[3:])
        found.append({"lines": lines, "qr": _image(f"{content.SITE}/v/#{code}")})
    return [_compile("slips", {"words": content.SLIP, "slips": found}, fonts)]


def ledger(n, fonts):
    rows = [[str(number), *row] for number, row in enumerate(content.ledger(n), 1)]
    return [_compile("ledger", {"headings": ["序号", *content.HEADINGS], "rows": rows}, fonts)]
