"""The product's own functions on the same content: what its pages and its print jobs call."""

import os
import tempfile
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

    from campaigns.models import UnitKind
    from posts.models import Conferral, Decision, Holder, Nomination, Plaque, PlaqueSeries
    from tests.factories import CampaignFactory, MemberFactory, PostKindFactory, UserFactory, make_unit

    call_command("migrate", verbosity=0)
    committee = make_unit(UnitKind.COMMITTEE, name=content.COMMITTEE)
    branch, officer = make_unit(UnitKind.BRANCH, parent=committee, name=content.UNIT), UserFactory()
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
    series = PlaqueSeries.objects.create(prefix="B", year=2026, last=n)
    given = {"kind": "named", "issuer_unit": committee, "series": series}
    Plaque.objects.bulk_create(
        Plaque(conferral=title, number=one.number, issuer=one.issuer, serial=serial, **given)
        for serial, (one, title) in enumerate(zip(facts, titles, strict=True), 1)
    )


def _plaques(n):
    from posts.models import Plaque

    return list(Plaque.objects.select_related("conferral", "issuer_unit").order_by("pk")[:n])


def plaques(n, fonts):
    from posts.documents.plaque import plaque_pdf

    return [plaque_pdf(_plaques(n))]


def plaque_files(n, fonts):
    from posts.documents.page_tags import split_pages
    from posts.documents.plaque import plaque_pdf
    from posts.domain.plaque_prints import PART

    files, chosen = [], _plaques(n)
    for start in range(0, n, PART):
        part = chosen[start : start + PART]
        files += split_pages(plaque_pdf(part), [plaque.number for plaque in part])
    return files


def slips(n, fonts):
    from assessments.documents import ballot_slips

    closes_at = datetime(2026, 11, 25, 18, tzinfo=ZoneInfo("Asia/Shanghai"))
    survey = SimpleNamespace(title=content.SLIP["title"], closes_at=closes_at, org_unit=content.UNIT)
    return [ballot_slips(survey, content.codes(n))]


def ledger(n, fonts):
    """As the print job makes it: planned, drawn in parts, joined."""
    from posts.domain.table_prints import TableMaker

    class Maker(TableMaker):
        def title(self):
            return "岗位台账"

        def headings(self):
            return content.HEADINGS

        def rows(self):
            return content.ledger(n)

    with tempfile.TemporaryDirectory(dir=os.environ["DATA_DIR"]) as folder:
        maker = Maker(None, {}, Path(folder))
        parts = []
        for number in range(maker.plan()):
            parts.append(Path(folder) / f"part-{number}.pdf")
            parts[-1].write_bytes(maker.make(number))
        whole = Path(folder) / "whole.pdf"
        maker.join(parts, whole)
        return [whole.read_bytes()]


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
