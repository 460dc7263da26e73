"""The pages of an assessment, as the people who work with them see them."""

from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from assessments.assess_todos import assessments_to_do
from assessments.domain.assessing import conclude_assessment, save_score_sheet
from assessments.domain.rubrics import Entry
from assessments.models import AssessmentRecord, ScoreSheet
from campaigns.domain.appointments import appoint
from campaigns.models import Member, Role
from campaigns.permissions import forget_grants
from posts.domain.nominations import return_nomination
from posts.domain.pipeline import mark_submitted
from posts.domain.worklist import waiting_for_user
from tests.assessments.scoring import BONUS, entries, make_assessors, make_run, raw_rubric
from tests.posts.cases import open_run
from tests.sheets import printed

pytestmark = pytest.mark.django_db

SCORED = {"method": ["rubric"]}


@pytest.fixture
def assessors(committee):
    return make_assessors(committee, 3)


def typed(*points, rate=(9, 10), version=0, **more):
    """What the browser sends for the usual rubric."""
    data = {f"points-{n}": value for n, value in enumerate(points or (30, 30, 25, 15))}
    return data | {"version": version, "satisfied-3": rate[0], "valid-3": rate[1], **more}


def score_url(run):
    return reverse("assessments:score", args=[run.pk])


def todos_of(user):
    forget_grants(user)
    return [(todo.action, todo.url) for todo in assessments_to_do(user)]


def test_an_assessor_scores_and_submits(client, committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    client.force_login(assessors[0])
    page = client.get(score_url(run)).content.decode()
    assert "标题写59分，条目合计60分" in page
    assert "本条要求满意率不低于90%" in page

    assert client.post(score_url(run), typed(save=1)).url == score_url(run)
    draft = ScoreSheet.objects.get()
    answer = client.post(score_url(run), typed("29.5", version=draft.version, submit=1), follow=True)

    assert answer.status_code == 400  # three items are empty now
    assert client.post(score_url(run), typed("29.5", 30, 25, 15, version=draft.version, submit=1)).status_code == 302
    sheet = ScoreSheet.objects.get()
    assert (sheet.is_submitted, sheet.items.get(number="1").points) == (True, Decimal("29.5"))


def test_faults_stand_beside_their_items_and_nothing_is_lost(client, committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    client.force_login(assessors[0])

    answer = client.post(score_url(run), typed(30, "", 25, 15, rate=(1, 10), submit=1, **{"evidence-0": "台账第三册"}))

    page = answer.content.decode()
    assert answer.status_code == 400
    assert page.count('class="problem"') == 2
    assert "合计 70" in page  # what stands in the fields, the faulty one too
    assert "有效票10张中满意1张" in page
    assert "台账第三册" in page
    assert not ScoreSheet.objects.exists()


def test_typing_adds_up_on_the_server_and_saves_nothing(client, committee, branch, assessors):
    run = make_run(committee, branch, rules={"pass_mark": 80}, **SCORED)
    client.force_login(assessors[0])

    part = client.post(score_url(run), typed("20.5", 30, 99, ""), headers={"HX-Request": "true"}).content.decode()

    assert "合计 50.5" in part
    assert "合格线80分" in part
    assert "<form" not in part
    assert not ScoreSheet.objects.exists()


def test_two_windows_show_what_was_typed_and_then_save(client, committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    client.force_login(assessors[0])
    client.post(score_url(run), typed(save=1))

    answer = client.post(score_url(run), typed(7, 30, 25, 15, version=0, save=1))
    assert answer.status_code == 400
    assert 'name="version" value="1"' in answer.content.decode()
    assert client.post(score_url(run), typed(7, 30, 25, 15, version=1, save=1)).status_code == 302


def test_the_earlier_sheet_is_the_beginning_after_a_return(client, committee, branch, assessors):
    run = make_run(committee, branch, **SCORED)
    save_score_sheet(run, actor=assessors[0], entries=entries("12.5"), submit=True)
    return_nomination(run, actor=assessors[0], reason="补充台账。")
    mark_submitted(run.nomination, actor=run.nomination.proposer)
    client.force_login(assessors[0])

    page = client.get(score_url(open_run(run.nomination))).content.decode()

    assert 'value="12.5"' in page
    assert "已填入你上次的评分" in page


def test_a_stranger_finds_nothing_and_the_branch_may_not_score(client, committee, branch, secretary, stranger):
    run = make_run(committee, branch, method=["rubric", "inspection"])
    names = ("score", "record_create", "assessment_conclude")
    for user, status in ((stranger, 404), (secretary, 403)):
        client.force_login(user)
        assert [client.get(reverse(f"assessments:{name}", args=[run.pk])).status_code for name in names] == [status] * 3


def test_his_own_case_stays_closed_to_an_assessor(client, committee, branch, member):
    appoint(member, org_unit=committee, role=Role.ASSESSOR, actor=None)
    run = make_run(committee, branch, members=[Member.objects.get(user=member)], method=["rubric", "inspection"])
    client.force_login(member)

    names = ("score", "record_create", "assessment_conclude")
    assert [client.get(reverse(f"assessments:{name}", args=[run.pk])).status_code for name in names] == [403] * 3
    assert todos_of(member) == []


def test_an_assessor_sees_the_others_only_after_his_own_sheet(client, committee, branch, assessors):
    run = make_run(committee, branch, min_assessors=2, **SCORED)
    save_score_sheet(run, actor=assessors[0], entries=entries("11.5"), submit=True)
    client.force_login(assessors[1])
    detail = reverse("posts:nomination_detail", args=[run.nomination_id])
    assert "81.5" not in client.get(detail).content.decode()
    assert "81.5" not in printed("scores", run.assessment, assessors[1])

    save_score_sheet(run, actor=assessors[1], entries=entries("12"), submit=True)

    assert "81.5" in client.get(detail).content.decode()
    assert "81.5" in printed("scores", run.assessment, assessors[1])


def test_the_branch_sees_the_official_score_after_the_conclusion_and_no_single_sheet(
    client, committee, branch, secretary, assessors
):
    run = make_run(committee, branch, min_assessors=2, method=["rubric", "inspection"])
    for user, points in zip(assessors, ("11.5", "13"), strict=False):
        save_score_sheet(run, actor=user, entries=entries(points), submit=True)
    AssessmentRecord.objects.create(
        assessment=run.assessment,
        method="inspection",
        held_on=timezone.localdate(),
        text="群众反映窗口排队。",
        recorded_by=assessors[0],
    )
    client.force_login(secretary)
    detail = reverse("posts:nomination_detail", args=[run.nomination_id])
    assert "82.25" not in client.get(detail).content.decode()

    conclude_assessment(run, actor=assessors[0], passed=True, conclusion="同意上报。")

    page = client.get(detail).content.decode()
    assert "82.25" in page
    assert "同意上报。" in page
    assert "81.5" not in page
    assert "群众反映窗口排队" not in page


def test_a_visit_is_recorded_with_its_photographs(client, committee, branch, assessors):
    run = make_run(committee, branch, method=["inspection", "report"])
    client.force_login(assessors[0])
    url = reverse("assessments:record_create", args=[run.pk])
    assert 'value="report" ' in client.get(f"{url}?method=report").content.decode()

    photo = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    data = {"method": "inspection", "held_on": timezone.localdate(), "text": "到岗到位。", "upload": [photo]}
    assert client.post(url, data).status_code == 302

    record = AssessmentRecord.objects.get()
    file = record.files.get()
    assert (file.name, file.content_type) == ("现场.png", "image/png")
    answer = client.get(reverse("assessments:record_file", args=[file.pk]))
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    answer.close()


def test_a_wrong_file_leaves_no_record(client, committee, branch, assessors):
    run = make_run(committee, branch)
    client.force_login(assessors[0])
    data = {"method": "inspection", "held_on": timezone.localdate(), "text": "到岗到位。"}
    data["upload"] = [SimpleUploadedFile("x.exe", b"MZ" + b"0" * 40)]

    answer = client.post(reverse("assessments:record_create", args=[run.pk]), data)

    assert answer.status_code == 400
    assert not AssessmentRecord.objects.exists()


def test_the_files_of_a_record_stay_with_those_who_assess(client, committee, branch, secretary, assessors):
    run = make_run(committee, branch)
    client.force_login(assessors[0])
    photo = SimpleUploadedFile("现场.png", b"\x89PNG\r\n\x1a\n" + b"0" * 40)
    data = {"method": "inspection", "held_on": timezone.localdate(), "text": "到岗到位。", "upload": [photo]}
    client.post(reverse("assessments:record_create", args=[run.pk]), data)
    url = reverse("assessments:record_file", args=[AssessmentRecord.objects.get().files.get().pk])

    client.force_login(secretary)
    assert client.get(url).status_code == 403


def test_the_conclusion_is_written_beside_what_it_rests_on(client, committee, branch, assessors):
    run = make_run(committee, branch, rules={"pass_mark": 80}, **SCORED)
    client.force_login(assessors[0])
    url = reverse("assessments:assessment_conclude", args=[run.pk])
    assert "须有1份评分表，已提交0份" in client.get(url).content.decode()
    save_score_sheet(run, actor=assessors[0], entries=entries("9.5"), submit=True)
    assert "得分未达到合格线" in client.get(url).content.decode()

    answer = client.post(url, {"passed": "1", "conclusion": "同意。"})
    assert answer.status_code == 400
    answer = client.post(url, {"passed": "1", "conclusion": "同意。", "reason": "集体研究，见会议纪要。"})

    assert answer.status_code == 302
    run.refresh_from_db()
    assert (run.status, run.reason) == ("passed", "得分79.5")


def test_the_sheet_on_paper_has_bonus_and_remarks(committee, branch, assessors):
    run = make_run(committee, branch, rules={"sections": [*raw_rubric()["sections"], BONUS]}, **SCORED)
    assert "评样甲" not in printed("scores", run.assessment, assessors[0])
    sheet = [Entry("1", not_applicable=True, reason="不涉及"), *entries()[1:], Entry("18", Decimal("4.5"))]
    save_score_sheet(run, actor=assessors[0], entries=sheet, submit=True)

    paper = printed("scores", run.assessment, assessors[0])

    for word in ("评样甲", "不适用", "70+4.5", "第1项，评样甲：不涉及", "第17项，评样甲：有效票10张，满意9张"):
        assert word in paper


# --- Work lists -------------------------------------------------------------------------------------------------------


def test_each_is_asked_for_what_is_missing_from_him(committee, branch, assessors, officer):
    run = make_run(committee, branch, min_assessors=2, method=["rubric", "inspection"])
    score, record = score_url(run), reverse("assessments:record_create", args=[run.pk]) + "?method=inspection"
    assert [todos_of(user) for user in assessors] == [[("评分", score)]] * 3
    assert todos_of(officer) == [("登记", record)]  # the office helps out; it is not asked to score

    assert waiting_for_user(assessors[0]) == {run.nomination_id}

    save_score_sheet(run, actor=assessors[0], entries=entries(), submit=True)
    assert todos_of(assessors[0]) == [("登记", record)]
    AssessmentRecord.objects.create(
        assessment=run.assessment, method="inspection", held_on=timezone.localdate(), text="好", recorded_by=officer
    )
    assert todos_of(assessors[0]) == []
    assert waiting_for_user(assessors[0]) == set()

    save_score_sheet(run, actor=assessors[1], entries=entries(), submit=True)
    conclude = [("下结论", reverse("assessments:assessment_conclude", args=[run.pk]))]
    assert [todos_of(user) for user in (*assessors, officer)] == [conclude] * 4


def test_without_assessors_the_office_scores(committee, branch, officer):
    run = make_run(committee, branch, **SCORED)

    assert todos_of(officer) == [("评分", score_url(run))]


def test_when_nobody_is_left_to_score_somebody_is_told(committee, branch, officer):
    run = make_run(committee, branch, min_assessors=2, **SCORED)
    save_score_sheet(run, actor=officer, entries=entries(), submit=True)

    forget_grants(officer)
    assert [todo.title for todo in assessments_to_do(officer)] == [
        "考核评分：“综合窗口”的考核人不够，须再任命考核组成员"
    ]


def test_the_work_list_costs_the_same_for_one_and_three(committee, branch, assessors, django_assert_num_queries):
    counts = []
    for number in (1, 2):
        for _unused in range(number):
            make_run(committee, branch, min_assessors=2, **SCORED)
        forget_grants(assessors[0])
        with django_assert_num_queries(7):
            counts.append(len(list(assessments_to_do(assessors[0]))))
    assert counts == [1, 3]


def test_those_who_decide_see_the_score(client, committee, branch, assessors, committee_secretary):
    run = make_run(committee, branch, **SCORED)
    save_score_sheet(run, actor=assessors[0], entries=entries("20"), submit=True)
    conclude_assessment(run, actor=assessors[0], passed=True, conclusion="同意上报。")
    client.force_login(committee_secretary)

    assert "考核评分：得分90" in client.get(reverse("posts:decision_waiting")).content.decode()
    assert "考核评分：得分90" in printed("meeting-list", committee_secretary, committee_secretary)


def test_those_who_decide_see_the_conclusion_where_nothing_was_scored(
    client, committee, branch, assessors, committee_secretary
):
    run = make_run(committee, branch, method=["report"])
    AssessmentRecord.objects.create(
        assessment=run.assessment, method="report", held_on=timezone.localdate(), text="好", recorded_by=assessors[0]
    )
    conclude_assessment(run, actor=assessors[0], passed=True, conclusion="条件成熟。")
    client.force_login(committee_secretary)

    assert "考核评分：条件成熟。" in client.get(reverse("posts:decision_waiting")).content.decode()
