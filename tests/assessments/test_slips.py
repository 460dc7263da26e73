"""Ballot slips as they come from the printer: nothing is cut, every code can be read, the same again."""

import io
from types import SimpleNamespace

import pdfplumber
import pypdfium2
import pytest
import zxingcpp

from assessments.documents import ballot_slips, link_slips
from assessments.domain.sealing import make_code
from assessments.models import Survey
from campaigns.models import OrgUnit
from tests.assessments.helpers import make_open_survey
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db
MM = 72 / 25.4


@pytest.fixture
def survey(branch, secretary):
    return make_open_survey(branch, secretary)


def letters_of(pdf):
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        return document.pages[0].chars


def inside(chars, *, left, top, width, height):
    """The text whose ink lies wholly in a box in millimetres."""
    return "".join(
        char["text"]
        for char in chars
        if char["x0"] >= left * MM - 0.5
        and char["x1"] <= (left + width) * MM + 0.5
        and (char["top"] + char["bottom"]) / 2 >= top * MM
        and (char["top"] + char["bottom"]) / 2 <= (top + height) * MM
        and char["text"].strip()
    )


def test_ten_slips_of_a_page_are_scanned_each_with_four_modules_around(survey, settings):
    settings.SITE_URL = "https://sfg.example.cn"
    codes = [make_code() for _unused in range(10)]

    image = pypdfium2.PdfDocument(ballot_slips(survey, codes))[0].render(scale=4).to_pil().convert("L")

    found = zxingcpp.read_barcodes(image)
    assert {code.text for code in found} == {f"https://sfg.example.cn/v/#{code}" for code in codes}
    for code in found:
        left, top, right = code.position.top_left.x, code.position.top_left.y, code.position.top_right.x
        bottom = code.position.bottom_left.y
        quiet = round(3.7 * (right - left) / 33)  # modules of a version 4 code
        ring = [(x, y) for x in range(left, right, 9) for y in (top - quiet, bottom + quiet)]
        ring += [(x, y) for y in range(top, bottom, 9) for x in (left - quiet, right + quiet)]
        assert {image.getpixel(place) for place in ring} == {255}


def test_the_longest_title_unit_and_name_stand_whole_on_a_slip(survey, branch):
    title, unit, name = "满意度测评" * 24, "青样镇便民服务" * 17, "阿卜杜热合曼·买买提" * 6
    Survey.objects.filter(pk=survey.pk).update(title=title)
    OrgUnit.objects.filter(pk=branch.pk).update(name=unit)
    survey = Survey.objects.get(pk=survey.pk)
    owner = MemberFactory(name=name, branch=OrgUnit.objects.get(pk=branch.pk))

    secret = letters_of(ballot_slips(survey, [make_code()]))
    personal = letters_of(link_slips(survey, [SimpleNamespace(member=owner, token=make_code())]))

    for chars in (secret, personal):
        assert inside(chars, left=11, top=9, width=89, height=7.5) == title
        assert unit in inside(chars, left=11, top=54.5, width=89, height=8.2)
    assert inside(personal, left=11, top=19, width=53, height=5.6) == name + unit


def test_the_same_codes_give_the_same_slips(survey):
    codes = [make_code() for _unused in range(12)]

    assert ballot_slips(survey, codes) == ballot_slips(survey, codes)
