"""The pages of a survey: who sees what, and what each button does."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from assessments.domain.surveys import close_survey
from assessments.models import Survey
from posts.domain.sheet_kinds import find_sheet_kind
from tests.assessments.helpers import (
    make_code_rights,
    make_nomination,
    make_open_survey,
    make_voters,
    survey_of,
    vote_counts,
)
from tests.factories import MemberFactory

ROLES = ["secretary", "other_secretary", "officer", "committee_member", "member", "stranger", None]


@pytest.fixture
def people(secretary, other_secretary, officer, committee_member, member, stranger):
    users = [secretary, other_secretary, officer, committee_member, member, stranger, None]
    return dict(zip(ROLES, users, strict=True))


def sign_in(client, user):
    if user:
        client.force_login(user)
    return client


def closed_survey(branch, secretary, officer, **counts):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, **counts)
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        return close_survey(survey)


# A stranger is told 404, somebody who sees but may not 403; who is not signed in goes to 302.
TABLE = {
    ("get", "survey_list"): [200, 200, 200, 200, 200, 200, 302],
    ("get", "survey_detail"): [200, 404, 200, 200, 404, 404, 302],
    ("get", "survey_poster"): [200, 404, 200, 200, 404, 404, 302],
    ("post", "survey_open"): [400, 404, 400, 403, 404, 404, 302],
    ("post", "survey_close"): [302, 404, 302, 403, 404, 404, 302],
    ("post", "survey_repeat"): [409, 404, 409, 403, 404, 404, 302],
    ("get", "code_batch_create"): [403, 404, 200, 403, 404, 404, 302],
    ("get", "code_batch_void"): [403, 404, 200, 403, 404, 404, 302],
}


@pytest.mark.parametrize("method_and_page", TABLE, ids=lambda key: key[1])
def test_pages_answer_each_role_as_the_table_says(client, people, branch, method_and_page):
    method, page = method_and_page
    secretary, officer = people["secretary"], people["officer"]
    make_voters(branch, 10)
    survey = survey_of(make_nomination(branch))
    make_code_rights(survey, officer, 3)
    args = [] if page == "survey_list" else [survey.pk]
    args += [survey.batches.get().pk] if page == "code_batch_void" else []
    assert secretary
    found = []
    for role in ROLES:
        client.logout()
        found.append(
            getattr(sign_in(client, people[role]), method)(reverse(f"assessments:{page}", args=args)).status_code
        )

    assert found == TABLE[method_and_page]


def test_secretary_opens_the_survey_from_its_preview(client, branch, secretary):
    make_voters(branch, 12)
    survey = survey_of(make_nomination(branch, people=[MemberFactory(branch=branch, name="蒋样甲")]))
    client.force_login(secretary)

    page = client.get(reverse("assessments:survey_detail", args=[survey.pk])).content.decode()
    assert "蒋样甲" in page
    assert "名册上共 13 名党员" in page
    closes_at = timezone.localtime() + timedelta(days=2)
    response = client.post(
        reverse("assessments:survey_open", args=[survey.pk]), {"closes_at": closes_at.strftime("%Y-%m-%dT%H:%M")}
    )

    assert response.status_code == 302
    assert Survey.objects.get().state == "open"


@pytest.mark.parametrize("text", ["", "gestern", "2020-01-01T10:00"])
def test_bad_closing_time_comes_back_at_its_field(client, branch, secretary, text):
    make_voters(branch, 12)
    survey = survey_of(make_nomination(branch))
    client.force_login(secretary)

    response = client.post(reverse("assessments:survey_open", args=[survey.pk]), {"closes_at": text})

    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {"closes_at"}


def test_small_group_is_asked_about_at_its_own_box(client, branch, secretary):
    survey = survey_of(make_nomination(branch))
    client.force_login(secretary)
    closes_at = timezone.localtime() + timedelta(days=2)

    response = client.post(
        reverse("assessments:survey_open", args=[survey.pk]), {"closes_at": closes_at.strftime("%Y-%m-%dT%H:%M")}
    )

    assert response.status_code == 400
    assert response.context["form"].errors.keys() == {"accept_small_group"}


def test_open_survey_shows_counts_of_rights_and_no_result(client, branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    vote_counts(survey, officer, satisfied=8, dissatisfied=4)
    client.force_login(secretary)

    page = client.get(reverse("assessments:survey_detail", args=[survey.pk])).content.decode()

    assert "<strong>12 / 12</strong>" in page
    assert "不满意" not in page


def test_officer_gets_the_slips_once_as_a_pdf(client, branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    client.force_login(officer)

    response = client.post(reverse("assessments:code_batch_create", args=[survey.pk]), {"n": 21, "witness": "孙样甲"})

    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "no-store" in response["Cache-Control"]
    assert survey.codes.count() == 21


def test_no_code_is_made_for_slips_that_cannot_be_printed(client, branch, secretary, officer):
    """The slips are shown once: what no face has is said before, and a rare character is named."""
    survey = make_open_survey(branch, secretary)
    sign_in(client, officer)
    page = reverse("assessments:code_batch_create", args=[survey.pk])
    Survey.objects.filter(pk=survey.pk).update(title="满意度测评\ue123")

    answer = client.post(page, {"n": 21, "witness": "孙样甲"})

    assert "U+E123" in answer.content.decode()
    assert survey.codes.count() == 0
    Survey.objects.filter(pk=survey.pk).update(title="赵\U00020bb7的满意度测评")
    assert "U+20BB7" in client.get(page).context["warnings"][0]


def test_slips_are_ten_a_page_with_a_code_that_can_be_scanned_and_typed(branch, secretary):
    import io

    import pdfplumber
    import zxingcpp

    from assessments.documents import ballot_slips
    from assessments.domain.sealing import make_code, show_code

    survey = make_open_survey(branch, secretary)
    codes = [make_code() for _unused in range(11)]

    with pdfplumber.open(io.BytesIO(ballot_slips(survey, codes))) as pdf:
        assert len(pdf.pages) == 2
        text = pdf.pages[0].extract_text()
        image = pdf.pages[0].to_image(resolution=200).original

    assert all(show_code(half) in text for code in codes[:10] for half in (code[:12], code[12:]))
    found = {result.text for result in zxingcpp.read_barcodes(image)}
    assert found == {f"http://localhost:8000/v/#{code}" for code in codes[:10]}


def test_slips_differ_in_their_codes_only(branch, secretary):
    """No number beside a code: whoever hands the slips out could note it with the name of who drew it."""
    import io

    import pdfplumber

    from assessments.documents import ballot_slips
    from assessments.domain.sealing import make_code, show_code

    codes = [make_code() for _unused in range(23)]
    with pdfplumber.open(io.BytesIO(ballot_slips(make_open_survey(branch, secretary), codes))) as pdf:
        texts = [page.extract_text() for page in pdf.pages]
        slips = [
            page.crop((17 + 281 * (n % 2), 17 + 161.5 * (n // 2), 297 + 281 * (n % 2), 178 + 161.5 * (n // 2)))
            for page in pdf.pages[:2]
            for n in range(10)
        ]
        words = [slip.extract_text() for slip in slips]

    for word, code in zip(words, codes[:20], strict=True):
        assert show_code(code[:12]) in word
    assert (
        len(
            {
                word.replace(show_code(c[:12]), "").replace(show_code(c[12:]), "")
                for word, c in zip(words, codes, strict=False)
            }
        )
        == 1
    )
    assert [[show_code(code[:12]) in text for code in codes] for text in texts] == [
        [10 * page <= n < 10 * page + 10 for n in range(23)] for page in range(3)
    ]


def test_codes_on_slips_keep_a_quiet_zone_of_four_modules(branch, secretary):
    import io

    import pdfplumber
    import segno
    import zxingcpp

    from assessments.documents import ballot_slips
    from assessments.domain.sealing import make_code

    with pdfplumber.open(io.BytesIO(ballot_slips(make_open_survey(branch, secretary), [make_code()]))) as pdf:
        image = pdf.pages[0].to_image(resolution=300).original.convert("L")
    (code,) = zxingcpp.read_barcodes(image)
    n_modules = segno.make(code.text, error="m", micro=False).symbol_size(border=0)[0]
    left, right = code.position.top_left.x, code.position.bottom_right.x
    top, bottom = code.position.top_left.y, code.position.bottom_right.y
    module = (right - left) / n_modules
    gap = int(4 * module) - 2  # two pixels for where a scanner puts a corner

    assert module * 25.4 / 300 > 0.8  # mm: an old phone at arm's length
    for strip in ((left - gap, top - gap, left - 2, bottom + gap), (right + 2, top - gap, right + gap, bottom + gap),
                  (left, top - gap, right, top - 2), (left, bottom + 2, right, bottom + gap)):  # fmt: skip
        assert image.crop(strip).getextrema()[0] > 200


def test_officer_voids_a_batch_after_a_question(client, branch, secretary, officer):
    survey = make_open_survey(branch, secretary)
    make_code_rights(survey, officer, 3)
    address = reverse("assessments:code_batch_void", args=[survey.pk, survey.batches.get().pk])
    client.force_login(officer)

    assert client.get(address).status_code == 200
    assert client.post(address).status_code == 302
    assert survey.codes.filter(voided=True).count() == 3


def test_branch_sees_the_sum_and_merged_counts_and_the_officer_all(client, branch, secretary, officer):
    survey = closed_survey(branch, secretary, officer, satisfied=21, basically_satisfied=4, dissatisfied=1)
    address = reverse("assessments:survey_detail", args=[survey.pk])

    client.force_login(secretary)
    page = client.get(address).content.decode()
    assert "满意 21 ÷ 有效 26，达到 80 %" in page
    assert "其他选项合计" in page
    client.force_login(officer)
    page = client.get(address).content.decode()
    assert "其他选项合计" not in page
    assert "基本满意" in page


def test_the_report_has_the_figures_the_clause_and_room_to_sign(branch, secretary, officer):
    survey = closed_survey(branch, secretary, officer, satisfied=40, dissatisfied=8, unknown=2)

    made = str(find_sheet_kind("survey-result").make_sheets(survey, officer))

    for text in (
        "满意 40 ÷ 有效 48，达到 80 %",
        "第七条",
        "监票人（签字）",
        "计票人（签字）",
        "应参加",
        "发出票数",
        "收回票数",
    ):
        assert text in made


def test_void_survey_offers_to_be_held_again(client, branch, secretary, officer):
    survey = closed_survey(branch, secretary, officer, unknown=12)
    client.force_login(secretary)

    response = client.post(reverse("assessments:survey_repeat", args=[survey.pk]), follow=True)

    assert response.status_code == 200
    assert Survey.objects.count() == 2
    assert client.post(reverse("assessments:survey_repeat", args=[survey.pk])).status_code == 409


@pytest.mark.parametrize("rows", [1, 3])
def test_survey_list_costs_the_same_for_any_number_of_rows(
    client, branch, secretary, quiet_menu, django_assert_num_queries, rows
):
    for _unused in range(rows):
        make_open_survey(branch, secretary, voters=1)
    client.force_login(secretary)
    client.get(reverse("assessments:survey_list"))

    with django_assert_num_queries(5):
        client.get(reverse("assessments:survey_list"))


def test_todos_tell_members_to_vote_and_secretaries_to_open(client, branch, secretary, member):
    from campaigns.domain.todos import todos_for

    make_open_survey(branch, secretary)
    draft = survey_of(make_nomination(branch))

    mine = [todo for todo in todos_for(secretary) if todo.section == "surveys"]
    assert [todo.action for todo in mine] == ["投票", "开始测评"]
    assert mine[1].url == reverse("assessments:survey_detail", args=[draft.pk])
    assert [todo.action for todo in todos_for(member) if todo.section == "surveys"] == ["投票"]


def test_nomination_page_tells_of_its_surveys_and_links_only_for_those_who_may_see(
    client, branch, secretary, officer, member
):
    survey = make_open_survey(branch, secretary, people=[member.member])
    vote_counts(survey, officer, unknown=12)
    with time_machine.travel(timezone.now() + timedelta(hours=49)):
        close_survey(survey)
    address = reverse("posts:nomination_detail", args=[survey.run.nomination_id])
    link = f'href="{reverse("assessments:survey_detail", args=[survey.pk])}"'

    client.force_login(secretary)
    page = client.get(address).content.decode()
    assert "已组织的测评" in page
    assert page.count(link) == 2  # in the open step, where it is to be repeated, and in the list
    client.force_login(member)
    page = client.get(address).content.decode()
    assert "已组织的测评" in page
    assert link not in page
