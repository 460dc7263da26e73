"""The plaque: what it says, that it fits, that its code can be read, and what a batch costs."""

import io
import re
import subprocess
from datetime import date

import pdfplumber
import pikepdf
import pypdfium2
import pytest
import time_machine
import zxingcpp

from campaigns.domain.errors import DomainError
from posts.documents.badge import badge_pdf
from posts.documents.cutting import MARGIN, POINTS_PER_MM
from posts.documents.measure import width_in_ems
from posts.documents.page_tags import split_pages
from posts.documents.plaque import Look, places_on, plaque_pdf
from posts.documents.plaque_ground import BLEED
from posts.documents.plaque_sizes import parse_size
from posts.documents.proofs import proof_pdf
from posts.domain.plaque_prints import print_problems
from tests.posts.documents.plaque_samples import LONG, SIZES, words_of

MM = 72 / 25.4
TOP = 90  # where the rows begin on A4
TEXT_ROOM = places_on(parse_size("A4"), has_qr=True).text_room


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
        drawn = [re.search(rb"/SfgArt\d+", page.Contents.read_bytes()).group() for page in pdf.pages]
        arts = [page.Resources.XObject[name.decode()].read_bytes() for page, name in zip(pdf.pages, drawn, strict=True)]

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

    assert max(char["bottom"] for char in rows) <= (TOP + TEXT_ROOM + 2) * MM
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
    assert width_in_ems("ئۇيغۇر") < 4  # from the face that stands in, not full width


def pages_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return [(page.chars, float(page.width), float(page.height)) for page in document.pages]


def codes_on(pdf, page=0, scale=4):
    image = pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil()
    return [code.text for code in zxingcpp.read_barcodes(image)]


SCRIPTS = {
    "han": "认真落实岗位责任制，带头攻坚克难、精益求精；",
    "rare": "㛃喆堃𠮷䶮，",
    "quoted": "开展“亮身份、亮职责、亮承诺”（含“双报到”）活动／",
    "latin": "Responsibility-centred counselling for internationally-oriented enterprises ",
    "uyghur": "خەلق ئۈچۈن خىزمەت قىلىش، ئەستايىدىللىق بىلەن ",
    "mongolian": "ᠠᠷᠠᠳ ᠲᠦᠮᠡᠨ ᠦ ᠲᠥᠯᠥᠭᠡ ᠦᠢᠯᠡᠴᠢᠯᠡᠬᠦ ",
}


@pytest.mark.parametrize("size", ["A4", "20x10", "210x297mm"])
@pytest.mark.parametrize("script", SCRIPTS)
def test_a_text_of_any_script_and_length_stays_in_its_room_or_is_refused(make_plaque, size, script):
    """The longest that the forms allow (a name of 60 characters, an area of 300, duties of 1,000) and all below."""
    sheet = parse_size(size)
    at, unit = places_on(sheet, has_qr=True), sheet.unit * MM
    fitted, plaques = [], []
    for length in (3, 17, 41, 90, 201, 420, 1000):
        text = (SCRIPTS[script] * 50)[:length].strip()
        people = [(SCRIPTS[script] * 4)[n : n + min(60, length)].strip() for n in range(3)]
        plaque = make_plaque(name=text[:60], duties=text, names=people, area=text[:300], honour=SCRIPTS[script][:40])
        plaque.conferral.post_kind.holder = "zone" if length % 2 else "person"
        if not print_problems([plaque], "plaque", Look(size)):
            fitted.append(text)
            plaques.append(plaque)
    assert [len(text) for text in fitted][:2] == [3, 17]
    for text, (chars, width, height) in zip(fitted, pages_of(plaque_pdf(plaques, Look(size))), strict=True):
        inked = [char for char in chars if char["text"].strip(" \u3000")]
        assert min(char["x0"] for char in inked) >= 10 * unit, text
        assert max(char["x1"] for char in inked) <= width - 10 * unit, text
        assert max(char["bottom"] for char in inked) <= height - 9 * unit, text
        rows = [
            char
            for char in inked
            if char["top"] > (at.rows_top - 1) * unit and char["text"] in {*text, *"电话"} - {"-"}
        ]
        assert max(char["bottom"] for char in rows) <= (at.rows_top + at.text_room + 2) * unit, text


@pytest.mark.parametrize("size", SIZES)
def test_the_longest_texts_stay_on_a_plaque_of_any_size(make_plaque, settings, size):
    settings.SITE_URL = "https://sfg.example.cn"
    plaque = make_plaque(**LONG)

    pdf = plaque_pdf([plaque], Look(size))

    chars, width, height = pages_of(pdf)[0]
    sheet, unit = parse_size(size), parse_size(size).unit * MM
    assert (round(width / MM), round(height / MM)) == (sheet.width, sheet.height)
    printed = "".join(char["text"] for char in chars)
    assert LONG["name"] in printed
    assert LONG["duties"] in printed
    assert [name for name in LONG["names"] if name not in printed] == []
    # Ten units of frame on every side; the rows end above what stands at the foot.
    assert min(char["x0"] for char in chars) >= 10 * unit
    assert max(char["x1"] for char in chars) <= width - 10 * unit
    assert max(char["bottom"] for char in chars) <= height - 9 * unit
    rows = [char for char in chars if char["top"] > 89 * unit and char["size"] < 40 * unit]
    at = places_on(sheet, has_qr=True)
    duties = [char for char in rows if char["text"] in "认真落实岗位责任制精益求"]
    assert max(char["bottom"] for char in duties) <= (at.rows_top + at.text_room + 2) * unit
    assert min(char["size"] for char in chars if char["x0"] > 27 * unit) >= 5.5
    scale = 4 if min(sheet.width, sheet.height) < 250 else 2
    assert codes_on(pdf, scale=scale) == [f"https://sfg.example.cn/p/{plaque.conferral.public_id}/"]


def test_no_text_of_a_plaque_lies_under_its_code(make_plaque):
    plaque = make_plaque(**LONG)

    for size in SIZES:
        sheet = parse_size(size)
        at, unit = places_on(sheet, has_qr=True), sheet.unit * MM
        chars, _width, _height = pages_of(plaque_pdf([plaque], Look(size)))[0]
        left, right = (at.code_left - 0.5) * unit, (at.code_left + 45) * unit
        inside = [
            char["text"]
            for char in chars
            if char["x1"] > left
            and char["x0"] < right
            and char["bottom"] > at.code_top * unit
            and char["top"] < (at.code_top + 44.6) * unit
        ]
        assert inside == [], size


def quiet_zones(pdf, *, page=0, scale=6.0):
    """Of each code on a page: what stands 3.7 modules around it, in steps of 16 from black to white."""
    image = pypdfium2.PdfDocument(pdf)[page].render(scale=scale).to_pil().convert("L")
    for code in zxingcpp.read_barcodes(image):
        corners = code.position
        left, right, top, bottom = corners.top_left.x, corners.top_right.x, corners.top_left.y, corners.bottom_left.y
        quiet = 3.7 * (right - left) / 37  # version 5 at this length of address
        around = [image.getpixel((x, y)) for x in range(left, right, 5) for y in (top - quiet, bottom + quiet)]
        around += [image.getpixel((x, y)) for y in range(top, bottom, 5) for x in (left - quiet, right + quiet)]
        yield {value // 16 for value in around}


@pytest.mark.parametrize("size", [*SIZES, "badge"])
@pytest.mark.parametrize("design", ["gold", "red"])
def test_the_code_has_four_modules_of_quiet_zone(make_plaque, settings, size, design):
    settings.SITE_URL = "https://sfg.example.cn"
    plaque = make_plaque(names=["赵样甲"])
    is_badge = size == "badge"

    pdf = badge_pdf([plaque], Look(design=design)) if is_badge else plaque_pdf([plaque], Look(size, design))

    scale = 1800 / max(map(float, pages_of(pdf)[0][1:]))
    assert list(quiet_zones(pdf, scale=scale)) == [{15}]


MAKERS = {
    "plaque": plaque_pdf,
    "badge": lambda plaques: badge_pdf(plaques, Look()),
    "proof": lambda plaques: proof_pdf(plaques, Look("30x20")),
    "marks": lambda plaques: plaque_pdf(plaques, Look("20x10", "red", marks=True)),
}


@pytest.mark.parametrize("kind", MAKERS)
@time_machine.travel("2026-07-01 09:00", tick=False)
def test_the_same_plaques_give_the_same_file_titled_tagged_and_copied_out(make_plaque, kind):
    plaques = [make_plaque(names=("赵喆", "钱样乙")), make_plaque(name="ᠮᠣᠩᠭᠣᠯ", names=("孙样丙",))]

    pdf = MAKERS[kind](plaques)

    assert MAKERS[kind](plaques) == pdf
    with pikepdf.open(io.BytesIO(pdf)) as document:
        assert (str(document.Root.Lang), bool(str(document.docinfo["/Title"]))) == ("zh-Hans", True)
        assert "/StructTreeRoot" in document.Root
        assert document.Root.MarkInfo.Marked is True
    copied = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    wanted = ["综合窗口示范岗"] if kind == "proof" else ["赵喆", "钱样乙", "孙样丙"]
    assert [name for name in wanted if name not in copied] == []
    fonts = subprocess.run(["pdffonts", "-"], input=pdf, capture_output=True, check=True).stdout.decode()
    assert [row for row in fonts.splitlines()[2:] if "CID TrueType" not in row or " yes yes yes" not in row] == []


def test_a_text_too_long_for_a_small_sign_is_refused_and_fits_a_larger_one(make_plaque):
    plaque = make_plaque(duties="职责，" * 190)

    with pytest.raises(DomainError, match="工作职责"):
        plaque_pdf([plaque], Look("90x54mm"))
    assert plaque_pdf([plaque], Look("60x40")).startswith(b"%PDF")


@pytest.mark.parametrize("size", ["10x10mm", "2000x1000mm", "900x100mm", "A3", "297 x 210", ""])
def test_an_impossible_size_is_refused(size):
    with pytest.raises(DomainError):
        parse_size(size)


def test_the_scheme_gives_the_size_unless_another_is_asked_for(make_plaque):
    plaque = make_plaque()
    plaque.conferral.post_kind.plaque["size"] = "20x10"

    sizes = [pages_of(plaque_pdf([plaque], look))[0][1:] for look in (Look(), Look("A5"))]

    assert [(round(width / MM), round(height / MM)) for width, height in sizes] == [(200, 100), (210, 148)]


def test_a_plaque_for_the_print_shop_has_boxes_bleed_and_marks(make_plaque):
    pdf = plaque_pdf([make_plaque()], Look("60x40", marks=True))

    with pikepdf.open(io.BytesIO(pdf)) as document:
        page = document.pages[0]
        boxes = [
            [float(edge) / POINTS_PER_MM for edge in box] for box in (page.mediabox, page.trimbox, page.obj.BleedBox)
        ]
    whole, far = MARGIN, 2 * MARGIN
    assert boxes[0] == pytest.approx([0, 0, 600 + far, 400 + far], abs=0.01)
    assert boxes[1] == pytest.approx([whole, whole, 600 + whole, 400 + whole], abs=0.01)
    assert boxes[2] == pytest.approx([9, 9, 615, 415], abs=0.01)
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=1).to_pil()
    gold, paper = image.getpixel((round((MARGIN - BLEED + 1) * MM), 300)), image.getpixel((round(4 * MM), 300))
    assert paper[:3] == (255, 255, 255)
    assert gold[2] < 200
    # A hairline in line with the left edge, outside the bleed.
    assert min(image.getpixel((x, round(5 * MM)))[0] for x in range(round(12 * MM) - 2, round(12 * MM) + 3)) < 200


@pytest.mark.parametrize("design", ["gold", "red", "plain"])
def test_the_code_can_be_read_on_every_design(make_plaque, design):
    assert len(codes_on(plaque_pdf([make_plaque()], Look(design=design)), scale=2)) == 1


def test_a_site_adds_a_design_as_a_folder(make_plaque, settings, tmp_path):
    settings.PLAQUE_DESIGNS_DIR = tmp_path
    (tmp_path / "blue").mkdir()
    colours = 'label = "蓝"\ntext = "#000011"\naccent = "#000022"\nfaint = "#000033"\n'
    (tmp_path / "blue" / "design.toml").write_text(colours + 'title = ["#0000aa", "#0000aa", "#0000aa"]\n')
    (tmp_path / "blue" / "art.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="{{ left }} {{ top }} {{ full_width }} {{ full_height }}">'
        '<rect x="-99" y="-99" width="9999" height="9999" fill="#3366ff"/>'
        '{% include "documents/designs/_title.svg" %}</svg>'
    )

    image = pypdfium2.PdfDocument(plaque_pdf([make_plaque()], Look(design="blue")))[0].render(scale=1).to_pil()

    assert image.getpixel((5, 5))[:3] == (0x33, 0x66, 0xFF)


@pytest.mark.parametrize(
    ("toml", "svg"),
    [
        ("label = 1", "<svg/>"),
        ('label = "x"\ntext = "red"', "<svg/>"),
        (None, "{% load nowhere %}"),
        (None, "{% ssi %}"),
    ],
)
def test_a_broken_design_is_said_plainly(make_plaque, settings, tmp_path, toml, svg):
    settings.PLAQUE_DESIGNS_DIR = tmp_path
    (tmp_path / "own").mkdir()
    whole = (
        'label = "x"\ntext = "#000000"\naccent = "#000000"\nfaint = "#000000"\ntitle = ["#000000","#000000","#000000"]'
    )
    (tmp_path / "own" / "design.toml").write_text(whole if toml is None else toml)
    (tmp_path / "own" / "art.svg").write_text(svg)

    with pytest.raises(DomainError, match="图样"):
        plaque_pdf([make_plaque()], Look(design="own"))


def test_a_design_that_is_gone_is_named(make_plaque):
    with pytest.raises(DomainError, match="silver"):
        plaque_pdf([make_plaque()], Look(design="silver"))


def test_a_zone_card_says_who_answers_for_what(make_plaque):
    plaque = make_plaque(honour="党员责任区", name="东街第三责任区", area="东街15号至47号")
    plaque.conferral.post_kind.holder = "zone"

    text = words_of(plaque_pdf([plaque]))

    expected = ["责任区", "责任范围", "东街15号至47号", "责任内容", "责任党员", "党支部", "便民服务中心党支部"]
    assert [word for word in expected if word not in text] == []


def test_a_village_names_its_unit(make_plaque):
    plaque = make_plaque(name="红旗示范村", names=())
    plaque.conferral.post_kind.holder = "org"

    words = words_of(plaque_pdf([plaque]))

    assert plaque.conferral.org_unit.name in words
    assert "岗位名称" not in words  # a village is no post


def sizes_of_letters(plaque, size, wanted):
    return {
        round(char["size"], 1) for char in pages_of(plaque_pdf([plaque], Look(size)))[0][0] if char["text"] in wanted
    }


def test_few_words_stand_large_and_many_as_usual(make_plaque):
    few = make_plaque(name="红旗示范村", names=(), content=["post_name", "issuer", "qr"])
    many = make_plaque(name="红旗示范村", duties="受理、办结、回访，" * 9)

    (large,), (usual,) = sizes_of_letters(few, "A4", "旗"), sizes_of_letters(many, "A4", "旗")

    assert large == 32
    assert usual <= 22


def test_no_text_ends_in_a_line_of_one_character(make_plaque):
    for length in range(20, 34):
        duties = "负责社会救助政策宣传与入户核查工作，一户一卡" + "服务群众接待来访解答政策咨询"[: length - 22] + "。"
        printed = words_of(plaque_pdf([make_plaque(duties=duties)])).splitlines()
        assert [line for line in printed if len(line.strip("。")) == 1] == [], length


def test_a_badge_for_each_member_and_nobody_else(make_plaque):
    plaque = make_plaque(**LONG)
    plaque.conferral.holders.filter(name="孙样甲").update(member=None)

    pdf = badge_pdf([plaque], Look())

    texts = ["".join(char["text"] for char in chars) for chars, _width, _height in pages_of(pdf)]
    assert [[name for name in LONG["names"] if name in text] for text in texts] == [
        [name] for name in LONG["names"][:4]
    ]
    assert all(LONG["name"] in text for text in texts)
    assert len(codes_on(pdf, scale=6)) == 1
    unit = parse_size("90x54mm").unit * MM
    for chars, width, height in pages_of(pdf):
        assert max(char["x1"] for char in chars) <= width - 10 * unit
        assert max(char["bottom"] for char in chars) <= height - 9 * unit


def test_a_proof_shows_eight_plaques_on_a_page_with_their_numbers(make_plaque):
    plaques = [make_plaque(number=f"QY-2026-P-{i:03}") for i in range(9)]

    pdf = proof_pdf(plaques, Look("60x40"))

    texts = [words_of(pdf, page) for page in range(2)]
    assert [sum(text.count(plaque.number) for plaque in plaques) for text in texts] == [
        16,
        2,
    ]  # on the plaque, and under it
    assert "墙牌" in texts[0]
    # The pictures are real: their codes can be read when they are enlarged.
    assert len(codes_on(pdf, scale=8)) == 8


def test_one_file_for_each_plaque_keeps_title_language_tags_and_text(make_plaque):
    plaques = [make_plaque(number=f"QY-2026-P-{i:03}", names=[f"李样{'甲乙丙'[i]}"]) for i in range(3)]

    files = split_pages(plaque_pdf(plaques), [plaque.number for plaque in plaques])

    assert ["李样乙" in words_of(file) for file in files] == [False, True, False]
    with pikepdf.open(io.BytesIO(files[1])) as document:
        assert str(document.docinfo["/Title"]) == "QY-2026-P-001"
        assert str(document.Root.Lang) == "zh-Hans"
        tree = document.Root.StructTreeRoot
        sections = list(tree.K[0].K)
        assert [str(section.S) for section in sections] == ["/Sect"]
        assert [int(number) for number in list(tree.ParentTree.Nums)[::2]] == [int(document.pages[0].obj.StructParents)]
    assert files == split_pages(plaque_pdf(plaques), [plaque.number for plaque in plaques])


def test_every_face_on_a_plaque_is_embedded_truetype(make_plaque):
    with pikepdf.open(io.BytesIO(plaque_pdf([make_plaque(names=("赵喆", "钱㛃"))]))) as document:
        faces = document.pages[0].Resources.Font.values()
        assert {"/FontFile2" in face.DescendantFonts[0].FontDescriptor for face in faces} == {True}
