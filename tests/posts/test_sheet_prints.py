"""Looking at a sheet before it is printed; long lists by the clock; approval sheet and list for the meeting."""

import io
import re

import pikepdf
import pytest
from django.urls import reverse

from campaigns.domain.clock import tick
from posts.documents.form_grid import Grid, GridColumn, Head
from posts.documents.form_pieces import count_rows, piece_of, plain_rows
from posts.documents.form_sheet import FormSheet, Note, facts
from posts.domain import sheet_prints
from posts.domain.decisions import propose_decisions, release_decision
from posts.domain.print_jobs import cancel_print
from posts.models import Nomination, PrintJob
from tests.factories import MemberFactory, UserFactory, make_kind
from tests.posts import cases
from tests.sheets import assert_inside_margins, pdf_text, printed

DECIDE = {"kind": "decide", "actor": ["committee"], "label": "党委审批", "params": {"effect": "name"}}


def url(name, code, case):
    return reverse(f"posts:{name}", args=[code, case.pk])


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA_DIR = tmp_path


@pytest.fixture
def few(monkeypatch):
    """Long lists already at five rows, so that a test need not print hundreds."""
    monkeypatch.setattr(sheet_prints, "SMALL", 5)
    monkeypatch.setattr(sheet_prints, "PART", 4)
    monkeypatch.setattr(sheet_prints, "PREVIEW", 3)


@pytest.fixture
def kind(campaign):
    return make_kind(campaign, DECIDE)


@pytest.fixture
def papers(kind, branch):
    return lambda n: [
        cases.make_nomination(kind, branch, name=f"窗口{i}岗", members=[MemberFactory(branch=branch, name=f"赵样{i}")])
        for i in range(n)
    ]


def test_a_sheet_is_shown_as_pictures_with_a_way_to_print_it(papers, secretary, client):
    (made,) = papers(1)
    client.force_login(secretary)

    page = client.get(url("sheet", "application", made)).content.decode()

    assert page.count("data:image/png;base64,") == 1
    assert url("sheet_pdf", "application", made) in page
    assert f"{url('sheet', 'application', made)}?blank=1" in page
    assert reverse("posts:nomination_detail", args=[made.pk]) in page


def test_the_empty_form_is_printed_empty(papers, secretary, client):
    (made,) = papers(1)
    client.force_login(secretary)

    assert "赵样0" in pdf_text(client.get(url("sheet_pdf", "application", made)).content)
    assert "赵样0" not in pdf_text(client.get(f"{url('sheet_pdf', 'application', made)}?blank=1").content)


def test_a_kind_without_an_empty_form_has_none_by_its_address_either(papers, officer, client):
    papers(1)
    client.force_login(officer)

    page = client.get(f"{url('sheet', 'meeting-list', officer)}?blank=1").content.decode()
    assert "空白表" not in page


@pytest.mark.parametrize("code", ["summary", "meeting-list"])
def test_a_long_list_is_made_by_the_clock_in_parts_with_all_its_rows(code, few, papers, kind, officer, client):
    papers(9)
    case = kind.campaign if code == "summary" else officer
    client.force_login(officer)

    page = client.get(url("sheet", code, case)).content.decode()
    assert "名单较长" in page
    answer = client.get(url("sheet_pdf", code, case))
    job = PrintJob.objects.get()
    assert answer["Location"] == reverse("posts:print_detail", args=[job.pk])
    tick()

    job.refresh_from_db()
    assert (job.state, job.n_total, job.n_done) == ("done", 3, 3)
    content = job.result.read_bytes()
    assert_inside_margins(content)
    assert re.findall(r"窗口\d岗", pdf_text(content)) == [f"窗口{n}岗" for n in range(9)]
    with pikepdf.open(io.BytesIO(content)) as document:
        assert document.open_metadata()["pdfaid:part"] == "3"
        assert document.Root.MarkInfo.Marked
        pages = len(document.pages)
    assert all(f"{n}/{pages}" in pdf_text(content) for n in range(1, pages + 1))


def test_a_long_list_can_be_called_off(few, papers, kind, officer, client):
    papers(9)
    client.force_login(officer)
    client.get(url("sheet_pdf", "summary", kind.campaign))
    job = PrintJob.objects.get()

    cancel_print(job, actor=officer)
    tick()

    job.refresh_from_db()
    assert job.state == "cancelled"
    assert not job.path.exists()


def test_who_may_not_see_the_case_any_more_gets_no_print_of_it(few, papers, kind, other_secretary, officer, client):
    papers(9)
    client.force_login(officer)
    client.get(url("sheet_pdf", "summary", kind.campaign))
    PrintJob.objects.update(params={"kind": "application", "case": Nomination.objects.first().pk, "blank": False,
                                    "query": ""}, owner=other_secretary)  # fmt: skip
    tick()

    job = PrintJob.objects.get()
    assert (job.state, job.error) == ("failed", "这张表所涉及的事项您已经无权查看。")


def test_a_list_beyond_all_measure_is_refused_in_a_sentence(few, monkeypatch, papers, kind, officer, client):
    monkeypatch.setattr(sheet_prints, "MOST", 6)
    papers(7)
    client.force_login(officer)
    client.get(url("sheet_pdf", "summary", kind.campaign))
    tick()

    assert PrintJob.objects.get().error == "一张表最多打印6行，请缩小范围。"


def test_pieces_hold_every_part_once():
    rows = (Head("甲"), (1, "一"), (2, "二"), Head("乙"), (3, "三"))
    grid = Grid((GridColumn("序号"), GridColumn("事由")), rows, label="清单", spare=2)
    sheet = FormSheet("样表", (facts(("单位", "青样镇")), grid, Note("注")), left="左")
    plain = plain_rows(grid)

    first = piece_of(sheet, plain[:3], first=True, last=False)
    last = piece_of(sheet, plain[3:], first=False, last=True)

    assert [part.kind for part in first.parts] == ["facts", "grid"]
    assert [part.kind for part in last.parts] == ["grid", "note"]
    assert (first.title, last.title) == ("样表", "")
    assert count_rows([first]) + count_rows([last]) == 5
    assert [len(piece.parts[at].lines) for piece, at in ((first, 1), (last, 0))] == [3, 4]


def test_an_approval_sheet_has_every_outcome_the_sum_and_the_place_of_the_seal(
    papers, committee_member, officer, secretary
):
    runs = [made.runs.get(status="open") for made in papers(3)]
    decision = propose_decisions(
        runs[:2],
        outcome="approved",
        actor=committee_member,
        meeting="镇党委会议",
        document_number="青示委发〔2026〕7号",
    )
    propose_decisions(runs[2:], outcome="refused", actor=committee_member, into=decision, reasons="名额已满")

    draft = printed("approval", decision, officer)
    for word in (
        "窗口0岗",
        "赵样0",
        "镇党委会议",
        "批准2个，不予批准1个。",
        "名额已满",
        "中共示例县青样镇委员会（盖章）",
        "草稿",
    ):
        assert word in draft

    release_decision(decision, actor=officer)
    decision.refresh_from_db()
    released = printed("approval", decision, secretary)
    assert "草稿" not in released
    assert f"公布时日志头：{decision.anchor}".replace(" ", "") in released


def test_the_empty_approval_sheet_keeps_the_list_and_leaves_the_outcome_open(papers, committee_member, officer):
    runs = [made.runs.get(status="open") for made in papers(2)]
    decision = propose_decisions(runs, outcome="approved", actor=committee_member, meeting="镇党委会议")

    text = printed("approval", decision, officer, blank=True)
    assert "窗口0岗" in text
    assert "批准2个" not in text
    assert "镇党委会议" not in text


def test_the_list_for_the_meeting_is_narrowed_as_its_page_is(papers, officer, client):
    papers(2)
    client.force_login(officer)

    page = client.get(reverse("posts:decision_waiting") + "?q=窗口1").content.decode()
    target = re.search(r'href="(/sheets/meeting-list/\d+/\?[^"]*)"', page).group(1)
    text = pdf_text(client.get(target.replace("/?", "/pdf/?")).content)

    assert "窗口1岗" in text
    assert "窗口0岗" not in text


def test_nobody_prints_the_list_of_another_or_of_a_body_he_does_not_decide_for(
    papers, officer, committee_member, client
):
    papers(1)
    client.force_login(officer)
    assert client.get(url("sheet", "meeting-list", committee_member)).status_code == 404
    nobody = UserFactory()
    client.force_login(nobody)
    assert client.get(url("sheet", "meeting-list", nobody)).status_code == 404
    assert "meeting-list" not in client.get(reverse("posts:decision_waiting")).content.decode()


@pytest.mark.parametrize("rows", [1, 3])
@pytest.mark.parametrize(("code", "queries"), [("meeting-list", 8), ("approval", 5)])
def test_lists_on_paper_cost_the_same_for_one_and_three_rows(
    code, queries, rows, papers, officer, committee_member, quiet_menu, client, django_assert_num_queries
):
    made = papers(rows)
    case = officer
    if code == "approval":
        runs = [each.runs.get(status="open") for each in made]
        case = propose_decisions(runs, outcome="approved", actor=committee_member)
    client.force_login(officer)
    client.get(reverse("campaigns:home"))
    with django_assert_num_queries(queries):
        assert client.get(url("sheet", code, case)).status_code == 200
