"""Draws the pictures of plaques and slips for the guides, from the data of a running demonstration.

Called by ``make screenshots``. Kinds that the demonstration does not have are its plaques under other rules; nothing is
stored.
"""

import io
import os
import subprocess
import sys
from pathlib import Path

import django
from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from assessments.documents import ballot_slips, paper_ballots  # noqa: E402
from assessments.models import Survey  # noqa: E402
from posts.documents.badge import badge_pdf  # noqa: E402
from posts.documents.pickup import pickup_pdf  # noqa: E402
from posts.documents.plaque import Look, plaque_pdf  # noqa: E402
from posts.documents.proofs import proof_pdf  # noqa: E402
from posts.models import Plaque  # noqa: E402

TARGET = ROOT / "docs" / "img" / "plaques"
S6 = ("post_name", "duties", "party_member_count", "names", "commitment", "phone", "issuer", "month", "number", "qr")
VILLAGE = ("post_name", "issuer", "month", "number", "qr")
ZONE = {
    "honour": "党员责任区",
    "name": "东街第三责任区",
    "area": "东街15号至47号，沿街商户32家，住户118户",
    "duties": "政策宣传、矛盾调解、环境卫生、帮扶困难群众",
    "commitment": "",
}


def draw() -> None:
    """Every kind once, as small as it can still be read."""
    rows = list(Plaque.objects.for_list().prefetch_related("conferral__holders").order_by("pk"))
    person = next(plaque for plaque in rows if plaque.conferral.post_kind.holder == "person")
    team = [plaque for plaque in rows if plaque.conferral.post_kind.holder == "team"][-1]
    survey = Survey.objects.filter(state="open").first()
    codes = ["".join(chr(65 + (n * 7 + k * 5) % 8) for k in range(24)) for n in range(10)]

    def other(plaque, *, content=None, holder=None, kind="named", **fields):
        found = Plaque.objects.for_list().prefetch_related("conferral__holders").get(pk=plaque.pk)
        rules = found.conferral.post_kind
        rules.plaque = {**rules.plaque, **({"content": content} if content else {})}
        rules.holder, found.kind = holder or rules.holder, kind
        for name, value in fields.items():
            setattr(found.conferral, name, value)
        return found

    village = {"honour": "党员示范村", "name": "红旗示范村", "holder": "org", "content": VILLAGE}
    picture("a4", plaque_pdf([person]), 50)
    picture("20x10", plaque_pdf([team], Look("20x10")), 55)
    picture("30x20-red-marks", plaque_pdf([team], Look("30x20", "red", marks=True)), 40)
    picture("upright", plaque_pdf([team], Look("210x297mm")), 40)
    picture("creating", plaque_pdf([other(team, content=S6, honour="共产党员示范岗", kind="creating")]), 40)
    picture("village", plaque_pdf([other(person, **village)], Look("60x40", "red")), 20)
    picture("zone", plaque_pdf([other(person, **ZONE, holder="zone")], Look("A5", "plain")), 55)
    picture("badge", badge_pdf([team], Look()), 110)
    picture("proof", proof_pdf([*rows, *rows][:8], Look()), 50)
    picture("pickup", pickup_pdf(rows), 45)
    picture("slips", ballot_slips(survey, codes), 50)
    picture("ballot", paper_ballots(survey), 45)


def picture(name: str, pdf: bytes, dots: int) -> None:
    """The first page as PNG of few colours."""
    words = ["pdftoppm", "-png", "-r", str(dots), "-l", "1", "-singlefile", "-"]
    drawn = subprocess.run(words, input=pdf, capture_output=True, check=True).stdout
    image = Image.open(io.BytesIO(drawn)).convert("RGB")
    image.quantize(palette=image.quantize(160)).save(TARGET / f"{name}.png", optimize=True)


if __name__ == "__main__":
    TARGET.mkdir(parents=True, exist_ok=True)
    draw()
