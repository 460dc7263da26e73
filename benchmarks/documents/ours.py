"""The product's own functions on the same content: what its pages and its print jobs call."""

import io
import os
import tempfile
import zipfile
from datetime import date, datetime
from pathlib import Path
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from benchmarks.documents import content


def start():
    """Django, as in a process of the site that is up."""
    import django
    from django.utils import translation

    django.setup()
    translation.activate("zh-hans")


def prepare(n):
    """A database with ``n`` named posts and their plaques."""
    start()
    from django.core.management import call_command

    from campaigns.domain.appointments import appoint
    from campaigns.models import Role, UnitKind
    from posts.models import Conferral, Decision, Holder, Nomination, Plaque, PlaqueSeries
    from tests.factories import CampaignFactory, MemberFactory, PostKindFactory, UserFactory, make_unit

    call_command("migrate", verbosity=0)
    keep_drawing()
    committee = make_unit(UnitKind.COMMITTEE, name=content.COMMITTEE)
    branch, officer = make_unit(UnitKind.BRANCH, parent=committee, name=content.UNIT), UserFactory(username="officer")
    appoint(officer, org_unit=committee, role=Role.OFFICER, actor=None)
    campaign = CampaignFactory(owner=committee, honour=content.HONOUR)
    kind = PostKindFactory(campaign=campaign, plaque={})
    decision = Decision.objects.create(
        campaign=campaign, org_unit=committee, effect="name", held_on=date(2026, 6, 25), created_by=officer
    )
    members = [MemberFactory(branch=branch) for _unused in range(3)]
    about = {"campaign": campaign, "post_kind": kind, "org_unit": branch}
    facts = content.plaques(n)
    cases = Nomination.objects.bulk_create(Nomination(**about, proposer=officer) for _unused in facts)
    titles = Conferral.objects.bulk_create(
        Conferral(
            **about, nomination=case, decision=decision, honour=content.HONOUR, status="active", name=one.name,
            duties=one.duties, contact_phone=one.phone, conferred_on=date(2026, 6, 30),
        )
        for one, case in zip(facts, cases, strict=True)
    )  # fmt: skip
    Holder.objects.bulk_create(
        Holder(conferral=title, member=member, name=name, from_on=date(2026, 6, 30))
        for one, title in zip(facts, titles, strict=True)
        for member, name in zip(members, one.people, strict=True)
    )
    series = PlaqueSeries.objects.create(prefix="QY-T", year=2026)
    Plaque.objects.bulk_create(
        Plaque(
            conferral=title,
            number=one.number,
            issuer=one.issuer,
            issuer_unit=committee,
            series=series,
            serial=serial,
        )
        for serial, (one, title) in enumerate(zip(facts, titles, strict=True), 1)
    )


def keep_drawing():
    """The drawing under a plaque as SVG, so that typst can lay the same one under its pages."""
    from posts.documents.designs import find_design
    from posts.documents.plaque_art import plaque_art
    from posts.documents.plaque_sizes import parse_size

    class Copied:
        def draw(self, drawing):
            svg = find_design("").draw(drawing)
            (Path(os.environ["DATA_DIR"]) / "art.svg").write_bytes(svg)
            return svg

    plaque_art(content.HONOUR, parse_size("A4"), design=Copied(), bleed=0, emblem=b"")


def _job(maker_class, actor, params):
    """The file of a print job, made as the clock makes it: planned, printed in parts, joined."""
    with tempfile.TemporaryDirectory(dir=os.environ["DATA_DIR"]) as folder:
        maker = maker_class(actor, params, Path(folder))
        parts = []
        for number in range(maker.plan()):
            parts.append(Path(folder) / f"part-{number}")
            parts[-1].write_bytes(maker.make(number))
        whole = Path(folder) / "whole"
        maker.join(parts, whole)
        return whole.read_bytes()


def plaques(n, fonts, *, each=False):
    from campaigns.models import User
    from posts.domain.plaque_prints import PlaquePrint
    from posts.models import Plaque

    wanted = list(Plaque.objects.order_by("pk").values_list("pk", flat=True)[:n])
    officer = User.objects.get(username="officer")
    return [_job(PlaquePrint, officer, {"plaques": wanted, "form": "plaque", "each": each})]


def plaque_files(n, fonts):
    with zipfile.ZipFile(io.BytesIO(plaques(n, fonts, each=True)[0])) as archive:
        return [archive.read(name) for name in archive.namelist()]


def slips(n, fonts):
    from assessments.documents import ballot_slips

    closes_at = datetime(2026, 11, 25, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    survey = SimpleNamespace(title=content.SLIP["title"], closes_at=closes_at, org_unit=content.UNIT)
    return [ballot_slips(survey, content.codes(n))]


def ledger(n, fonts):
    from posts.domain.table_prints import TableMaker

    class Maker(TableMaker):
        def title(self):
            return "岗位台账"

        def headings(self):
            return content.HEADINGS

        def rows(self):
            return content.ledger(n)

    return [_job(Maker, None, {})]


def plain_ledger(n, fonts):
    """The plain way: one HTML table, laid out by WeasyPrint as wide as its cells ask for."""
    from django.utils.html import format_html_join
    from weasyprint import HTML

    from posts.documents.fontconfig import config_file

    os.environ["FONTCONFIG_FILE"] = str(config_file())
    rows = ([str(number), *row] for number, row in enumerate(content.ledger(n), 1))
    head = format_html_join("", "<th>{}</th>", ((word,) for word in ("序号", *content.HEADINGS)))
    body = "".join(f"<tr>{format_html_join('', '<td>{}</td>', ((word,) for word in row))}</tr>" for row in rows)
    style = (
        "@page { size: A4 landscape; margin: 15mm } html { font: 9pt 'SFG Num', 'SFG Song' } "
        "h1 { font: 20pt 'SFG BiaoSong'; text-align: center } th { font: bold 9pt 'SFG Hei' } "
        "table { width: 100%; border-collapse: collapse } td, th { border: .2mm solid #666; padding: 1mm }"
    )
    html = f"<style>{style}</style><h1>岗位台账</h1><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    return [HTML(string=html).write_pdf()]
