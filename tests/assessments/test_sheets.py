"""Forms and sheets over the demonstration's year: of surveys, vetoes, plaques and all others."""

import pytest
from django.urls import reverse

from assessments.models import Incident, IncidentReporter, Survey
from campaigns.models import User
from posts.documents.form_sheet import form_pdf
from posts.domain.sheet_kinds import each_sheet_kind, find_sheet_kind
from posts.models import Conferral, Nomination
from tests.factories import UserFactory
from tests.sheets import assert_inside_margins, printed

pytestmark = [pytest.mark.django_db, pytest.mark.sqlite]

#: What the demonstration has no case of: its schemes score by no rubric.
UNSEEN = {"scores", "score-form", "review-scores", "review-score-form"}
CODES = [kind.code for kind in each_sheet_kind() if kind.code not in UNSEEN]
STAFF = ("demo-secretary", "demo-officer", "demo-discipline", "demo-leader", "demo-qy11")


def first_case(kind):
    """A case of the demonstration, with somebody who sees it."""
    for user in User.objects.filter(username__in=STAFF).order_by("-pk"):
        for case in kind.rows(user).order_by("-pk"):
            if kind.fits(case, user):
                return case, user
    raise AssertionError(f"no case of {kind.code} in the demonstration")


@pytest.mark.parametrize("code", CODES)
def test_every_sheet_of_the_demonstration_keeps_its_margins(code, story):
    kind = find_sheet_kind(code)
    case, user = first_case(kind)

    assert_inside_margins(form_pdf(kind.make_sheets(case, user)))
    if kind.has_blank:
        assert_inside_margins(form_pdf(kind.make_sheets(case, user, blank=True)))


def test_the_report_of_a_survey_has_its_figures_its_rules_and_who_signs(story):
    officer = User.objects.get(username="demo-officer")
    survey = Survey.objects.visible_to(officer).filter(result__verdict="passed").order_by("pk")[0]
    result = survey.result

    text = printed("survey-result", survey, officer)
    for word in (
        f"应参加{result.n_issued}", f"收回票数{result.n_ballots}", "达标", "监票人（签字）", "计票人（签字）",
        survey.rules_sha256[:16], f"满意{result.lines[0]['counts']['satisfied']}",
    ):  # fmt: skip
        assert word in text


def test_the_branch_reads_no_figures_of_a_small_group_on_the_report(story):
    officer = User.objects.get(username="demo-officer")
    for survey in Survey.objects.visible_to(officer).filter(result__isnull=False):
        secretary = User.objects.filter(appointments__org_unit=survey.org_unit, appointments__role="secretary").first()
        line = survey.result.lines[0]
        if secretary and 0 < line["valid"] - line["positive"] < 3:
            assert f"满意{line['counts']['satisfied']}" not in printed("survey-result", survey, secretary)
            return
    raise AssertionError("no small group in the demonstration")


def test_a_veto_sheet_names_the_ground_and_never_who_reported(story):
    discipline = User.objects.get(username="demo-discipline")
    incident = Incident.objects.visible_to(discipline).exclude(ground=None).order_by("pk")[0]
    IncidentReporter.objects.update_or_create(incident=incident, defaults={"name": "举样人", "contact": "13900000000"})

    made = str(find_sheet_kind("veto").make_sheets(incident, discipline))
    assert incident.ground.text in made
    assert incident.finding_text in made
    for secret in ("举样人", "13900000000", incident.text):
        assert secret not in made


def test_a_register_of_returns_has_every_plaque_that_was_called_back(story):
    officer = User.objects.get(username="demo-officer")
    conferral = Conferral.objects.filter(plaques__recalled_at__isnull=False).order_by("pk")[0]

    text = printed("plaque-returns", conferral, officer)
    for plaque in conferral.plaques.filter(recalled_at__isnull=False):
        assert plaque.number in text


def test_pages_of_cases_offer_their_sheets(client, story):
    client.force_login(User.objects.get(username="demo-officer"))
    nomination = Nomination.objects.exclude(status="draft").order_by("pk")[0]

    page = client.get(reverse("posts:nomination_detail", args=[nomination.pk])).content.decode()
    assert reverse("posts:sheet", args=["application", nomination.pk]) in page
    campaign = client.get(reverse("campaigns:campaign_detail", args=[nomination.campaign_id])).content.decode()
    assert reverse("posts:sheet", args=["summary", nomination.campaign_id]) in campaign


def test_no_sheet_of_any_case_is_shown_to_a_stranger(client, story):
    client.force_login(UserFactory())
    found = {}
    for code in CODES:
        case, _user = first_case(find_sheet_kind(code))
        found[code] = client.get(reverse("posts:sheet", args=[code, case.pk])).status_code

    assert found == dict.fromkeys(CODES, 404)


@pytest.mark.parametrize(
    ("who", "status"),
    [("discipline", 200), ("leader", 200), ("officer", 404), ("secretary", 404), ("member", 404)],
)
def test_a_veto_sheet_is_for_who_verifies_and_who_decides(who, status, client, story):
    incident = Incident.objects.exclude(ground=None).order_by("pk")[0]
    client.force_login(User.objects.get(username=f"demo-{who}"))

    assert client.get(reverse("posts:sheet", args=["veto", incident.pk])).status_code == status
