"""The faces all paper is set in: what they are, what they cost, and what happens when one is missing."""

import importlib.util
import io
import json
import shutil
import sys

import pikepdf
import pytest
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from campaigns.domain.errors import DomainError
from posts.checks import check_fonts
from posts.documents import fonts, truetype
from posts.documents.fonts import BIAOSONG, FANGSONG, HEI, KAI, NUM, SONG
from posts.documents.measure import width_in_ems
from posts.documents.render import html_to_pdf
from tests.processes import ROOT

PAGE = '<!DOCTYPE html><html lang="zh-Hans"><head><title>字样</title></head><body>{}</body></html>'
#: In no face: a private character.
NOWHERE = "\ue123"


def in_family(text, family, weight=400):
    return PAGE.format(f"<p style=\"font-family: '{NUM}', '{family}'; font-weight: {weight}\">{text}</p>")


def faces_of(pdf):
    """The name of each font of the PDF, and the kind of its outlines."""
    found = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for page in document.pages:
            for font in page.Resources.Font.values():
                descriptor = font.DescendantFonts[0].FontDescriptor
                name = str(descriptor.FontName).split("+")[1]
                found[name] = "TrueType" if "/FontFile2" in descriptor else "something else"
    return found


def make_own_face(path, family, text="党员示范岗", *, cff=False, restricted=False):
    """A face in which every character is the same box; ``text`` is what it has."""
    pen = TTGlyphPen(None)
    pen.moveTo((100, 0)), pen.lineTo((100, 700)), pen.lineTo((900, 700)), pen.lineTo((900, 0)), pen.closePath()
    names = [".notdef", *(f"u{ord(char):X}" for char in text)]
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap({ord(char): f"u{ord(char):X}" for char in text})
    builder.setupGlyf(dict.fromkeys(names, pen.glyph()))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (1000, 100)))
    builder.setupHorizontalHeader(ascent=1200, descent=-400)
    builder.setupOS2(fsType=2 if restricted else 0)
    builder.setupPost()
    builder.setupNameTable({"familyName": {"en": "Some Latin Name", "zh-Hans": family}, "styleName": "Regular"})
    builder.save(path)


@pytest.fixture
def own_folder(settings, tmp_path):
    settings.OWN_FONTS_DIR = tmp_path / "own-fonts"
    settings.FONT_CACHE_DIR = tmp_path / "cache"
    settings.OWN_FONTS_DIR.mkdir()
    return settings.OWN_FONTS_DIR


@pytest.mark.parametrize(
    ("family", "weight", "name"),
    [
        (BIAOSONG, 400, "SFG-BiaoSong"),
        (SONG, 400, "SFG-Song"),
        (HEI, 400, "SFG-Hei"),
        (HEI, 700, "SFG-Hei-Bold"),
        (FANGSONG, 400, "SFG-FangSong"),
        (KAI, 400, "SFG-Kai"),
    ],
)
def test_every_role_is_set_in_its_own_embedded_truetype_face(family, weight, name):
    found = faces_of(html_to_pdf(in_family("党员示范岗", family, weight)))

    assert found == {name: "TrueType"}


def test_letters_and_figures_come_from_the_book_face():
    found = faces_of(html_to_pdf(in_family("2026年 A座", FANGSONG)))

    assert sorted(found) == ["SFG-FangSong", "SFG-Num"]


def test_the_faces_share_their_metrics():
    heights = set()
    for face in fonts.library().made.values():
        with face.open() as font:
            scale = font["head"].unitsPerEm / 1000
            heights.add((font["hhea"].ascent / scale, font["hhea"].descent / scale, font["hhea"].lineGap))

    assert heights == {(880, -120, 0)}


@pytest.mark.parametrize("char", "喆堃㛃")
def test_a_rare_character_falls_back_to_song_with_a_warning_that_names_it(char):
    pdf = html_to_pdf(in_family(f"赵{char}", FANGSONG))

    assert sorted(faces_of(pdf)) == ["SFG-FangSong", "SFG-Song"]
    warning = fonts.rare_character_warning(f"赵{char}", family=FANGSONG, role="仿宋")
    assert f"“{char}”（U+{ord(char):04X}）" in warning
    assert "赵" not in warning


def test_nothing_is_warned_of_when_the_face_has_it_all():
    assert fonts.rare_character_warning("赵样甲 2026", family=FANGSONG, role="仿宋") == ""


def test_no_font_of_the_system_can_slip_in():
    with pytest.raises(DomainError, match="U\\+E123"):
        html_to_pdf(PAGE.format(f"<p>示范{NOWHERE}</p>"))
    # The system has it (DejaVu Sans), the site has not.
    assert "\u10d0" not in fonts.printable_characters()


@pytest.mark.parametrize(
    ("text", "name"), [("ᠮᠣᠩᠭᠣᠯ", "SFG-Mongolian"), ("ئۇيغۇر", "SFG-Arabic"), ("བོད་ཡིག", "SFG-Tibetan")]
)
def test_scripts_of_minorities_are_printed_in_their_faces(text, name):
    assert name in faces_of(html_to_pdf(in_family(text, FANGSONG)))


def test_the_same_text_gives_the_same_bytes():
    page = in_family("党员示范岗 2026 喆", KAI)

    assert html_to_pdf(page) == html_to_pdf(page)


def test_a_licensed_face_of_the_site_is_used_first_with_our_metrics(own_folder):
    make_own_face(own_folder / "xbs.ttf", "方正小标宋_GBK")

    found = faces_of(html_to_pdf(in_family("党员示范岗与喆", BIAOSONG)))

    assert found == {"SFG-Own-BiaoSong": "TrueType", "SFG-BiaoSong": "TrueType"}
    with fonts.find_face(BIAOSONG).open() as font:
        assert (font["hhea"].ascent, font["hhea"].descent) == (880, -120)
    assert width_in_ems("党员示范岗", family=BIAOSONG) == 5


def test_an_own_face_without_a_role_only_fills_gaps(own_folder):
    make_own_face(own_folder / "rare.ttf", "单位生僻字", text=f"党{NOWHERE}")

    found = faces_of(html_to_pdf(in_family(f"党员{NOWHERE}", SONG)))

    assert len(found) == 2
    assert sorted(found)[1] == "SFG-Song"


def test_a_face_that_may_not_be_embedded_is_left_out(own_folder, caplog):
    make_own_face(own_folder / "xbs.ttf", "方正小标宋_GBK", restricted=True)
    (own_folder / "broken.ttf").write_bytes(b"no font")

    found = faces_of(html_to_pdf(in_family("党员", BIAOSONG)))

    assert found == {"SFG-BiaoSong": "TrueType"}
    assert sorted(record.getMessage().split()[2] for record in caplog.records) == ["broken.ttf", "xbs.ttf"]


@pytest.mark.parametrize("family", ["仿宋_GB2312", "FangSong_GB2312", "方正仿宋简体", "仿宋"])
def test_a_face_is_recognised_by_its_family_name(own_folder, family):
    make_own_face(own_folder / "any.ttf", family)

    assert fonts.find_face(FANGSONG).family == "SFG Own FangSong"


def test_without_fangsong_documents_are_set_in_song_and_the_check_says_so(settings, tmp_path):
    settings.FONTS_DIR, settings.FONT_CACHE_DIR = tmp_path / "fonts", tmp_path / "cache"
    made = ROOT / "var" / "fonts"
    told = json.loads((made / "made.json").read_text())
    kept = {name: face for name, face in told["files"].items() if face["family"] in {SONG, HEI, NUM, BIAOSONG}}
    settings.FONTS_DIR.mkdir()
    for name in kept:
        shutil.copy(made / name, settings.FONTS_DIR / name)
    (settings.FONTS_DIR / "made.json").write_text(json.dumps({**told, "files": kept}))

    assert faces_of(html_to_pdf(in_family("公示", FANGSONG))) == {"SFG-Song": "TrueType"}
    assert [warning.id for warning in check_fonts(None)] == ["posts.W002"]


def test_without_any_face_the_check_and_the_sentence_name_the_command(settings, tmp_path):
    settings.FONTS_DIR = tmp_path

    assert {warning.id for warning in check_fonts(None)} == {"posts.W001"}
    with pytest.raises(DomainError, match=r"scripts/setup\.py"):
        html_to_pdf(PAGE.format("公示"))


@pytest.fixture
def script(monkeypatch):
    spec = importlib.util.spec_from_file_location("fonts_script", ROOT / "scripts" / "fonts.py")
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, "fonts_script", module)
    spec.loader.exec_module(module)
    return module


def test_a_face_is_made_with_the_same_bytes_every_time(script, tmp_path):
    face = script.Face(SONG, script.noto("Serif", "Regular"), script.SERIF, points=[ord(char) for char in "党员岗1"])
    source = script.find_source(face.source, offline=True, say=print)

    first = script.make_file(face, source, tmp_path)

    assert script.make_file(face, source, tmp_path) == first
    with TTFont(tmp_path / face.file) as font:
        assert font.sfntVersion == "\x00\x01\x00\x00"
        assert font["name"].getDebugName(1) == SONG
        assert "Adobe" in font["name"].getDebugName(0)
        assert list(map(chr, font.getBestCmap())) == ["1", "党", "员", "岗"]


def test_common_characters_come_before_rare_ones():
    assert [chr(point) for point in truetype.common_first(map(ord, "㛃喆党A"))] == ["A", "党", "喆", "㛃"]


def test_what_cannot_be_fetched_is_named_with_what_is_used_instead(script, tmp_path, monkeypatch, capsys):
    gone = [script.Face("SFG Kai", script.Source(script.FANDOL, "nowhere/kai.otf"), points=[65])]
    monkeypatch.setattr(script, "FACES", gone)
    monkeypatch.setattr(sys, "argv", ["fonts.py", "--into", str(tmp_path), "--offline"])

    assert script.main() == 0

    told = capsys.readouterr().out
    assert "texlive-lang-chinese is not installed; until then documents show Song" in told
    assert list(json.loads((tmp_path / "made.json").read_text())["missing"]) == [script.FANDOL]


def test_without_the_main_package_the_set_up_stops(script, tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(script, "FACES", [script.Face("SFG Song", script.Source("fonts-noto-cjk", "nowhere/x.ttc"))])
    monkeypatch.setattr(sys, "argv", ["fonts.py", "--into", str(tmp_path), "--offline"])

    assert script.main() == 1
    assert "fonts-noto-cjk is not installed" in capsys.readouterr().out


def test_made_faces_are_not_made_again(script, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["fonts.py"])
    monkeypatch.setattr(script, "make_all", None)

    assert script.main() == 0
    assert "all here" in capsys.readouterr().out


def test_characters_of_every_face_are_those_that_its_tables_name():
    for face in fonts.library().faces():
        with face.open() as font:
            assert set(fonts._points(face.path)) == set(font["cmap"].getBestCmap()), face.path
