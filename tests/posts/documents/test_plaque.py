"""The plaque: what it says, that it fits, that its code can be read, and what a batch costs."""

import io
import re
from datetime import date

import pdfplumber
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from campaigns.domain.errors import DomainError
from posts.documents.measure import count_lines, width_in_ems
from posts.documents.plaque import TEXT_HEIGHT, plaque_pdf
from posts.models import Conferral, Decision, Holder, Nomination, Plaque
from tests.factories import CampaignFactory, MemberFactory, PostKindFactory

MM = 72 / 25.4
TOP = 90  # where the rows begin


@pytest.fixture
def make_plaque(committee, branch, officer):
    campaign = CampaignFactory(owner=committee, honour="党员示范岗")
    decision = Decision.objects.create(
        campaign=campaign, org_unit=committee, effect="name", held_on=date(2026, 6, 25), created_by=officer
    )

    def make(*, names=("赵样甲", "钱样乙"), content=(), kind="named", number="QY-2026-T-001", **fields):
        post_kind = PostKindFactory(
            campaign=campaign, code=f"k{Conferral.objects.count()}", plaque={"content": list(content)}
        )
        nomination = Nomination.objects.create(
            campaign=campaign, post_kind=post_kind, org_unit=branch, proposer=officer
        )
        values = {
            "honour": "党员示范岗",
            "name": "综合窗口示范岗",
            "duties": "受理、办结、回访",
            "contact_phone": "0000-1234567",
            "status": "active",
            "conferred_on": date(2026, 6, 30),
        }
        conferral = Conferral.objects.create(
            campaign=campaign,
            post_kind=post_kind,
            org_unit=branch,
            nomination=nomination,
            decision=decision,
            **{**values, **fields},
        )
        for name in names:
            member = MemberFactory(name=name, branch=branch)
            Holder.objects.create(conferral=conferral, member=member, name=name, from_on=date(2026, 6, 30))
        return Plaque(conferral=conferral, number=number, issuer="中共示例县青样镇委员会", kind=kind)

    return make


def words_of(pdf, page=0):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return document.pages[page].extract_text()


def test_a_plaque_says_what_the_case_holds(make_plaque):
    text = words_of(plaque_pdf([make_plaque()]))

    expected = ["党员示范岗", "综合窗口示范岗", "受理、办结、回访", "2 名", "赵样甲", "钱样乙", "0000-1234567"]
    expected += ["中共示例县青样镇委员会", "2026年6月30日", "QY-2026-T-001"]
    assert [word for word in expected if word not in text] == []


def test_the_content_is_the_schemes_choice(make_plaque):
    plaque = make_plaque(content=["post_name", "party_member_count"], commitment="随叫随到")

    text = words_of(plaque_pdf([plaque]))

    assert "2 名" in text
    for absent in ("赵样甲", "受理、办结、回访", "随叫随到", "0000-1234567", "2026年", "QY-2026", "委员会", "扫码"):
        assert absent not in text


def test_a_creating_plaque_says_so(make_plaque):
    assert "创建党员示范岗" in words_of(plaque_pdf([make_plaque(kind="creating")]))


def test_every_page_of_a_batch_has_its_own_title(make_plaque):
    plaques = [make_plaque(), make_plaque(honour="党员先锋岗"), make_plaque(kind="creating"), make_plaque()]

    with pikepdf.open(io.BytesIO(plaque_pdf(plaques))) as pdf:
        drawn = [re.search(rb"/SfgArt\d+", page.Contents[0].read_bytes()).group() for page in pdf.pages]
        arts = [pdf.pages[0].Resources.XObject[name.decode()].read_bytes() for name in drawn]

    assert arts[0] == arts[3]
    assert len(set(arts)) == 3


def test_people_who_left_and_non_members_do_not_stand_under_the_members(make_plaque):
    plaque = make_plaque(names=("赵样甲", "钱样乙", "孙样丙"))
    plaque.conferral.holders.filter(name="钱样乙").update(until_on=date(2026, 7, 1))
    plaque.conferral.holders.filter(name="孙样丙").update(member=None)

    text = words_of(plaque_pdf([plaque]))

    assert "1 名" in text
    assert "赵样甲" in text
    assert "孙样丙" not in text
    assert "钱样乙" not in text


def test_the_code_leads_to_the_public_page(make_plaque, settings):
    settings.SITE_URL = "https://sfg.example.cn"
    plaque = make_plaque()

    page = pypdfium2.PdfDocument(plaque_pdf([plaque]))[0]
    found = zxingcpp.read_barcodes(page.render(scale=2).to_pil())

    assert [code.text for code in found] == [f"https://sfg.example.cn/p/{plaque.conferral.public_id}/"]


@pytest.mark.parametrize("length", [1, 40, 150, 300, 450, 580])
@pytest.mark.parametrize("people", [1, 9, 24])
def test_text_of_any_length_is_fitted_and_never_cut(make_plaque, length, people):
    duties = ("负责城乡居民医疗保险登记、受理与办结，" * 40)[:length]
    names = [] if length > 500 else [f"欧阳样{i:02}" for i in range(people)]

    plaque = make_plaque(duties=duties, names=names, content=["post_name", "duties", "names", "phone", "qr"])

    with pdfplumber.open(io.BytesIO(plaque_pdf([plaque]))) as document:
        chars = [char for char in document.pages[0].chars if char["x0"] > 60 * MM and char["x1"] < 216 * MM]
    rows = [char for char in chars if char["top"] > TOP * MM - 2]
    printed = "".join(char["text"] for char in rows)

    assert max(char["bottom"] for char in rows) <= (TOP + TEXT_HEIGHT + 2) * MM
    assert duties in printed
    assert all(name in printed for name in names)


def test_too_much_text_is_refused_with_the_row_to_shorten(make_plaque):
    with pytest.raises(DomainError, match=r"工作职责.*1000"):
        plaque_pdf([make_plaque(duties="职" * 1000)])


def test_a_long_honour_takes_two_lines(make_plaque):
    honour = "新时代基层党组织建设“双百双千”行动共产党员先锋模范示范岗"

    assert honour in words_of(plaque_pdf([make_plaque(honour=honour)]))


def test_the_emblem_is_printed_only_when_the_site_has_one(make_plaque, settings, tmp_path):
    plaque = make_plaque()
    without = plaque_pdf([plaque])
    star = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><rect width="9" height="9" fill="red"/></svg>'
    (tmp_path / "emblem.svg").write_text(star)
    settings.PLAQUE_EMBLEM = str(tmp_path / "emblem.svg")

    assert plaque_pdf([plaque]) != without


def test_a_batch_is_one_document_in_order_and_stays_small(make_plaque):
    plaques = [make_plaque(number=f"QY-2026-P-{i:03}", names=[f"李样{i}"]) for i in range(12)]

    pdf = plaque_pdf(plaques)

    with pdfplumber.open(io.BytesIO(pdf)) as document:
        texts = [page.extract_text() for page in document.pages]
    assert [f"QY-2026-P-{i:03}" in text for i, text in enumerate(texts)] == [True] * 12
    assert len(pdf) < 12 * 50_000
    assert plaque_pdf(plaques) == pdf


def test_widths_come_from_the_font():
    assert width_in_ems("党员") == 2
    assert 0.4 < width_in_ems("1") < 0.7
    assert count_lines("字" * 20, width=50, size=10, bold=False) == 2
    assert count_lines("", width=50, size=10) == 1
