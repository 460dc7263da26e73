"""The rubric in a review: self-score beside the official one, several assessors, vetoes, figures of the survey."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from assessments.domain.review_photos import wants_photo
from assessments.domain.review_sheets import save_review_sheet
from assessments.domain.review_state import review_state
from assessments.domain.reviews import record_review
from assessments.domain.rubrics import Entry, add_up
from assessments.domain.score_sheets import SheetFaultsError, entries_of, self_sheet_of
from assessments.models import Incident, Review, ReviewPhoto, ScoreSheet
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError, StaleError
from posts.models import Plaque, PlaqueSeries, PlaqueStatus
from tests.assessments.hearing import make_heard_review
from tests.assessments.scoring import BONUS, entries, item, make_assessors, raw_rubric, rubric, section
from tests.assessments.test_voices import hold_survey
from tests.assessments.titles import at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

GOOD = {"outcome": "pass", "performance": "履职践诺情况良好。"}
VETO = section("一票否决", item("21", None)) | {"veto": True}
PLAIN = {"weights": {}, "marks": {}, "threshold": None, "survey": False, "satisfaction": "none", "assessments": []}
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89"


def rubric_with(**fields):
    plain = raw_rubric()["sections"]
    return raw_rubric(*plain, BONUS, VETO, **{"bonus_cap": 6, **fields})


@pytest.fixture
def scored(title, committee):
    """A review by the committee with the rubric; two sheets wanted."""
    title.campaign.rules = {"rubrics": [rubric_with(pass_mark=80)]}
    title.campaign.save()
    return make_heard_review(
        title,
        reviewer="committee",
        reviewer_unit=committee,
        **PLAIN | {"assessments": ["self"]},
        rubric="points",
        min_voices={"organisation": 2},
    )


def submit(review, actor, sheet, **more):
    return save_review_sheet(review, actor=actor, entries=sheet, submit=True, version=None, **more)


def test_self_score_and_group_score_stand_side_by_side(scored, committee, secretary, officer):
    first, second = make_assessors(committee, 2)
    submit(scored, secretary, entries(), is_self=True)
    submit(scored, first, entries("20"))
    assert not review_state(scored).voices[1].is_heard
    submit(scored, second, entries("25"))

    state = review_state(scored)

    assert (state.scoring.own.score.base, state.scoring.official.base) == (100, Fraction(185, 2))
    assert state.scoring.difference == Fraction(-15, 2)
    assert (state.total, state.proposed) == (Fraction(185, 2), "pass")
    done = record_review(scored, actor=officer, **GOOD)
    assert (Fraction(done.score["total"]), done.score["passes"]) == (Fraction(185, 2), True)


def test_an_absent_assessor_does_not_block(scored, committee, officer, today):
    submit(scored, make_assessors(committee, 1)[0], entries("10"))
    today.move_to(at(date(2026, 11, 12), 9))

    done = record_review(scored, actor=officer, **GOOD)

    assert done.score["proposed"] == ""
    assert [(v["code"], v["heard"], v["least"], v["score"]) for v in done.score["voices"]][1] == (
        "organisation",
        1,
        2,
        None,
    )


def test_the_trimmed_mean_leaves_out_the_highest_and_the_lowest(title, committee):
    title.campaign.rules = {"rubrics": [raw_rubric()]}
    title.campaign.save()
    review = make_heard_review(
        title, reviewer="committee", reviewer_unit=committee, **PLAIN, rubric="points", aggregate="trimmed_mean"
    )
    for user, first in zip(make_assessors(committee, 4), ("0", "20", "25", "30"), strict=True):
        submit(review, user, entries(first))

    assert review_state(review).total == Fraction(90 + 95, 2)


def test_the_bonus_is_capped_and_stays_beside_the_base(scored, committee):
    bonus = [Entry("18", Decimal(5)), Entry("19", Decimal(5))]
    for user in make_assessors(committee, 2):
        submit(scored, user, [*entries("25"), *bonus])

    official = review_state(scored).scoring.official

    assert (official.base, official.bonus) == (95, 6)


def test_an_item_that_does_not_apply_says_why(scored, committee):
    user = make_assessors(committee, 1)[0]
    sheet = [Entry("1", not_applicable=True), *entries()[1:]]

    with pytest.raises(SheetFaultsError) as error:
        submit(scored, user, sheet)
    assert [fault.number for fault in error.value.faults] == ["1"]
    submit(scored, user, [Entry("1", not_applicable=True, reason="无此项业务。"), *entries()[1:]])

    assert not ScoreSheet.objects.exclude(review=scored).exists()


def test_a_veto_is_never_passed_and_is_verified_first(scored, committee, officer, secretary, title):
    first, second = make_assessors(committee, 2)
    submit(scored, secretary, entries(), is_self=True)
    with pytest.raises(SheetFaultsError):
        submit(scored, first, [*entries(), Entry("21", found=True)])
    submit(scored, first, [*entries(), Entry("21", found=True, evidence="11月3日暗访记录")])
    submit(scored, second, entries())

    state = review_state(scored)

    assert (state.scoring.official.base, state.scoring.official.vetoes) == (100, ("21",))
    assert state.proposed == "adjust"
    record_review(scored, actor=officer, reasons="暂按整改处理，待核查。", **GOOD)
    title.refresh_from_db()
    incident = Incident.objects.get()
    assert (incident.source, incident.status, incident.reporter.user) == ("inspection", "reported", officer)
    assert "11月3日暗访记录" in incident.text
    assert title.is_live


@pytest.mark.parametrize(
    "entry", [Entry("21", points=Decimal(1)), Entry("21", not_applicable=True, reason="无"), Entry("1", found=True)]
)
def test_vetoes_and_points_are_not_mixed(scored, committee, entry):
    with pytest.raises(SheetFaultsError):
        save_review_sheet(scored, actor=make_assessors(committee, 1)[0], entries=[entry], submit=False, version=None)


def test_the_figures_of_the_survey_fill_the_item_that_wants_them(title, committee, officer, committee_secretary):
    title.campaign.rules = {"rubrics": [raw_rubric()]}
    title.campaign.save()
    plain = PLAIN | {"survey": True, "satisfaction": "item"}
    review = make_heard_review(title, reviewer="committee", reviewer_unit=committee, **plain, rubric="points")
    hold_survey(review, officer, officer, satisfied=45, basically_satisfied=5, unknown=3)

    sheet = submit(review, make_assessors(committee, 1)[0], entries(last="15", rate=(1, 99)))

    item_17 = next(entry for entry in entries_of(sheet) if entry.number == "17")
    assert (item_17.satisfied, item_17.valid) == (45, 50)


def test_a_sheet_of_a_review_is_no_self_score_of_the_nomination(scored, secretary, title):
    submit(scored, secretary, entries(), is_self=True)

    assert self_sheet_of(title.nomination) is None


def test_who_may_score(scored, committee, secretary, member, stranger):
    for user in (secretary, member, stranger):
        with pytest.raises(NotAllowedError):
            submit(scored, user, entries())
    submit(scored, member, entries(), is_self=True)
    with pytest.raises(NotAllowedError):
        submit(scored, stranger, entries(), is_self=True)


def test_another_window_and_a_recorded_result_are_told(scored, committee, officer, today):
    user = make_assessors(committee, 1)[0]
    save_review_sheet(scored, actor=user, entries=entries(), submit=False, version=0)
    with pytest.raises(StaleError):
        save_review_sheet(scored, actor=user, entries=entries("1"), submit=False, version=0)
    today.move_to(at(date(2026, 11, 12), 9))
    record_review(scored, actor=officer, **GOOD)
    with pytest.raises(OutOfOrderError):
        submit(scored, user, entries())


def test_a_veto_adds_nothing_to_the_sum_of_a_sheet():
    whole = rubric(*raw_rubric()["sections"], VETO)

    score = add_up(whole, [*entries(), Entry("21", found=True, evidence="记录")])

    assert (whole.base_total, score.base, score.vetoes) == (100, 100, ("21",))


def test_a_photograph_is_wanted_where_the_scheme_says_and_a_plaque_hangs(title, secretary, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    review = make_heard_review(title, **PLAIN, plaque_photo=True)
    assert not wants_photo(review)
    series = PlaqueSeries.objects.create(prefix="QY", year=2026)
    issued = {"issuer": "党委", "issuer_unit": title.campaign.owner, "status": PlaqueStatus.DISPLAYED}
    issued |= {"issued_on": title.displayed_on, "received_by": "李样甲"}
    Plaque.objects.create(conferral=title, series=series, serial=1, number="QY-1", **issued)

    with pytest.raises(DomainError) as error:
        record_review(review, actor=secretary, **GOOD)
    assert error.value.field == "photos"
    with pytest.raises(DomainError):
        record_review(review, actor=secretary, photos=[SimpleUploadedFile("a.pdf", b"%PDF-1.4 x")], **GOOD)
    record_review(review, actor=secretary, photos=[SimpleUploadedFile("门口.png", PNG)], **GOOD)

    assert ReviewPhoto.objects.get().name == "门口.png"
    assert Review.objects.get().status == "done"
