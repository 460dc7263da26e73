"""Who gets what from every address of what comes after the naming, and what the pages cost."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessments.domain.incidents import Reporter, report_incident
from assessments.domain.proposals import propose_end
from assessments.domain.rectifications import open_rectification, submit_rectification
from assessments.domain.statements import ask_statement
from assessments.domain.verification import record_finding, take_up
from assessments.models import Incident, Proposal, Rectification, Review
from campaigns.domain.todos import todos_for
from campaigns.models import Member, UnitKind
from posts.models import Conferral, ConferralStatus
from tests.assessments.titles import make_review, make_title
from tests.factories import MemberFactory, make_unit

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]

TEXT = "同一窗口一月内被投诉五次，核查四次属实。"
PEOPLE = (
    "secretary",
    "other_secretary",
    "officer",
    "committee_member",
    "committee_secretary",
    "discipline",
    "member",
    "stranger",
)


@pytest.fixture
def people(request):
    return {name: request.getfixturevalue(name) for name in PEOPLE}


@pytest.fixture
def review(title, rule):
    return make_review(title, rule)


@pytest.fixture
def rectification(title, secretary):
    return open_rectification(
        title, actor=secretary, finding="f", requirement="r", responsible="p", checking_unit=title.org_unit
    )


@pytest.fixture
def proposal(title, officer):
    return propose_end(title, end="adjust", reasons="人员变动。", actor=officer)


@pytest.fixture
def incident(title):
    return report_incident(title, text=TEXT, reporter=Reporter(name="孙样甲", contact="0000-7654321"))


@pytest.fixture
def statement(incident, title, discipline, member):
    take_up(incident, actor=discipline)
    holder = title.holders.get(member__user=member)
    return ask_statement(incident, actor=discipline, holder=holder, matter="请说明十月份窗口值班情况。")


def statuses(client, people, method, url, data=None):
    found = {}
    for name, user in people.items():
        client.force_login(user)
        found[name] = getattr(client, method)(url, data or {}).status_code
    return found


def expect(default, **others):
    return {name: others.get(name, default) for name in PEOPLE}


PAGES = [
    ("review_list", "", expect(200)),
    ("review_detail", "review", expect(200, other_secretary=404, stranger=404)),
    ("rectification_list", "", expect(200)),
    ("rectification_detail", "rectification", expect(200, other_secretary=404, stranger=404)),
    ("proposal_detail", "proposal", expect(200, other_secretary=404, stranger=404, member=404)),
    ("incident_list", "", expect(200)),
    ("incident_create", "", expect(200, member=403, stranger=403)),
    (
        "incident_detail",
        "incident",
        expect(404, discipline=200, committee_member=200, committee_secretary=200),
    ),
    (
        "incident_finding",
        "incident",
        expect(404, discipline=200, committee_member=403, committee_secretary=403),
    ),
    ("statement_ask", "incident", expect(404, discipline=200, committee_member=403, committee_secretary=403)),
    (
        "statement_detail",
        "statement",
        expect(404, discipline=200, committee_member=200, committee_secretary=200, member=200),
    ),
    (
        "statement_record",
        "statement",
        expect(404, discipline=200, committee_member=403, committee_secretary=403, member=403),
    ),
    ("incident_veto", "incident", expect(404, discipline=403, committee_member=200, committee_secretary=200)),
    ("incident_close", "incident", expect(404, discipline=403, committee_member=200, committee_secretary=200)),
]


@pytest.mark.parametrize(("name", "thing", "expected"), PAGES, ids=[page[0] for page in PAGES])
def test_who_sees_a_page(client, people, request, name, thing, expected):
    args = [request.getfixturevalue(thing).pk] if thing else []

    assert statuses(client, people, "get", reverse(f"assessments:{name}", args=args)) == expected


def test_nobody_sees_a_page_without_signing_in(client, request):
    for name, thing, _expected in PAGES:
        args = [request.getfixturevalue(thing).pk] if thing else []
        assert client.get(reverse(f"assessments:{name}", args=args)).status_code == 302


ACTIONS = [
    ("review_detail", "review", {}, expect(400, other_secretary=404, stranger=404, member=403, committee_member=403,
     committee_secretary=403, discipline=403)),
    ("review_settle", "review", {"action": "waive", "reason": "x"}, expect(403, secretary=400, officer=400,
     other_secretary=404, stranger=404)),
    ("rectification_submit", "rectification", {"proof": "已补齐。"}, expect(403, secretary=302, officer=400, member=400,
     other_secretary=404, stranger=404)),
    ("rectification_check", "rectification", {"passed": "1", "opinion": "x"}, expect(403, secretary=400, officer=400,
     other_secretary=404, stranger=404)),
    ("proposal_detail", "proposal", {"accept": "1", "decision_text": ""}, expect(403, committee_secretary=400,
     other_secretary=404, stranger=404, member=404)),
    ("incident_take_up", "incident", {}, expect(404, committee_member=403, committee_secretary=403, discipline=302)),
    ("incident_suspend", "incident", {}, expect(404, committee_member=403, committee_secretary=403, discipline=409)),
    ("incident_confirm", "incident", {}, expect(404, committee_member=409, committee_secretary=409, discipline=409)),
    ("incident_send_back", "incident", {"reason": "x"}, expect(404, committee_member=409, committee_secretary=409,
     discipline=409)),
    ("statement_ask", "incident", {}, expect(404, committee_member=403, committee_secretary=403, discipline=400)),
    ("rectification_evidence", "rectification", {}, expect(403, secretary=400, officer=400, other_secretary=404,
     stranger=404)),
    ("extension_ask", "rectification", {"until": "2026-12-05", "reason": "等待到货"}, expect(403, secretary=302,
     officer=400, member=400, other_secretary=404, stranger=404)),
    ("incident_dismiss", "incident", {}, expect(404, committee_member=403, committee_secretary=403, discipline=400)),
    ("incident_finding", "incident", {}, expect(404, committee_member=403, committee_secretary=403, discipline=400)),
    ("incident_veto", "incident", {}, expect(404, committee_member=400, committee_secretary=400, discipline=403)),
    ("incident_close", "incident", {}, expect(404, committee_member=400, committee_secretary=400, discipline=403)),
]  # fmt: skip


@pytest.mark.parametrize(("name", "thing", "data", "expected"), ACTIONS, ids=[action[0] for action in ACTIONS])
def test_who_may_do_an_action(client, people, request, name, thing, data, expected):
    obj = request.getfixturevalue(thing)

    assert statuses(client, people, "post", reverse(f"assessments:{name}", args=[obj.pk]), data) == expected
    assert Conferral.objects.get(pk=obj.conferral_id).status != ConferralStatus.REVOKED


def test_the_deciding_member_reads_the_report_but_not_who_wrote_it(client, incident, discipline, committee_member):
    url = reverse("assessments:incident_detail", args=[incident.pk])
    client.force_login(discipline)
    assert "孙样甲" in client.get(url).content.decode()
    client.force_login(committee_member)
    page = client.get(url).content.decode()
    assert TEXT in page
    assert "孙样甲" not in page
    assert "0000-7654321" not in page


def test_no_page_of_the_branch_shows_a_report(client, incident, review, secretary, member, title):
    for user in (secretary, member):
        client.force_login(user)
        for name, args in (("review_list", []), ("review_detail", [review.pk]), ("rectification_list", [])):
            page = client.get(reverse(f"assessments:{name}", args=args)).content.decode()
            assert "孙样甲" not in page
            assert "五次" not in page
            assert "/incidents/" not in page


def test_a_review_is_recorded_on_the_page(client, review, secretary):
    client.force_login(secretary)
    url = reverse("assessments:review_detail", args=[review.pk])
    refused = client.post(url, {"outcome": "rectify", "performance": "三项完成两项。", "reasons": "滞后。"})
    assert refused.status_code == 400
    assert "三项完成两项。" in refused.content.decode()
    data = {
        "outcome": "rectify",
        "performance": "三项完成两项。",
        "problems": "缺巡查记录。",
        "reasons": "滞后。",
        "requirement": "补齐。",
        "responsible": "陈样甲",
        "rectify_by": "2026-12-04",
    }
    assert client.post(url, data).status_code == 302
    assert Rectification.objects.get().due_on == date(2026, 12, 4)
    assert client.post(url, data).status_code == 302  # the second click changes nothing
    assert Rectification.objects.count() == 1


def test_a_missed_review_is_settled_on_the_page(client, review, secretary):
    Review.objects.update(status="missed")
    client.force_login(secretary)
    page = client.get(reverse("assessments:review_detail", args=[review.pk]))
    assert page.context["missed_form"] is not None
    url = reverse("assessments:review_settle", args=[review.pk])
    assert client.post(url, {"action": "make_up", "reason": ""}).status_code == 400
    assert client.post(url, {"action": "make_up", "reason": "停机"}).status_code == 302


def test_missed_reviews_are_settled_together(client, title, rule, secretary, other_secretary):
    periods = ("2026-07", "2026-08", "2026-09")
    missed = [make_review(title, rule, period=period, status="missed").pk for period in periods]
    url, data = reverse("assessments:reviews_settle"), {"review": missed[:2], "action": "waive", "reason": "停机"}
    client.force_login(other_secretary)
    client.post(url, data)
    assert Review.objects.to_settle().count() == 3
    client.force_login(secretary)
    client.post(url, {**data, "reason": ""})
    assert Review.objects.to_settle().count() == 3
    client.post(url, data)
    assert list(Review.objects.to_settle().values_list("pk", flat=True)) == missed[2:]


def test_a_rectification_walks_through_its_pages(client, rectification, member, secretary):
    client.force_login(member)
    client.post(reverse("assessments:rectification_submit", args=[rectification.pk]), {"proof": "已补齐。"})
    client.force_login(secretary)
    url = reverse("assessments:rectification_check", args=[rectification.pk])
    assert client.post(url, {"passed": "0", "opinion": "没有"}).status_code == 400
    assert client.post(url, {"passed": "1", "opinion": "已整改"}).status_code == 302
    assert Rectification.objects.get().status == "passed"


def test_a_veto_is_confirmed_on_one_page(client, incident, discipline, committee_member, ground, title):
    client.force_login(discipline)
    client.post(reverse("assessments:incident_take_up", args=[incident.pk]))
    finding = {"finding": "verified", "finding_text": "四次属实。", "statement": "本人承认。", "ground": ground.pk}
    assert client.post(reverse("assessments:incident_finding", args=[incident.pk]), finding).status_code == 302
    client.force_login(committee_member)
    url = reverse("assessments:incident_veto", args=[incident.pk])
    page = client.get(url).content.decode()
    for shown in (ground.text, *title.holders.values_list("name", flat=True), "2026"):
        assert shown in page
    assert client.post(url, {"decision_text": "撤销称号。"}).status_code == 302
    assert Conferral.objects.get(pk=title.pk).status == ConferralStatus.REVOKED
    assert client.post(url, {"decision_text": "撤销称号。"}).status_code in {400, 409}


def test_the_public_report(client, title):
    url = reverse("assessments:report", args=[title.public_id])
    page = client.get(url)
    token = page.context["form"]["token"].value()
    assert len(page.content) < 50_000
    done = client.post(url, {"text": TEXT, "token": token})
    again = client.post(url, {"text": TEXT, "token": token})

    incident = Incident.objects.get()
    assert (done.status_code, again.status_code) == (200, 200)
    assert (incident.source, incident.reporter.user, incident.reporter.name) == ("public", None, "")
    receipt = f"{incident.receipt[:4]}-{incident.receipt[4:8]}-{incident.receipt[8:]}"
    assert receipt in again.content.decode()
    assert "sfg" not in client.cookies
    state = client.post(reverse("assessments:report_state"), {"receipt": receipt.lower()})
    assert state.context["incident"] == incident
    assert TEXT not in state.content.decode()


@pytest.mark.parametrize(
    ("change", "kept"),
    [({"text": "短"}, "短"), ({"website": "x"}, TEXT), ({"token": "forged"}, TEXT), ({"token": ""}, TEXT)],
)
def test_a_public_report_that_is_refused_keeps_its_text(client, title, change, kept):
    url = reverse("assessments:report", args=[title.public_id])
    token = client.get(url).context["form"]["token"].value()
    page = client.post(url, {"text": TEXT, "token": token, **change})

    assert page.status_code == 400
    assert kept in page.content.decode()
    assert not Incident.objects.exists()


def test_a_report_sent_again_after_an_expired_page_goes_through(client, title):
    url = reverse("assessments:report", args=[title.public_id])
    token = client.post(url, {"text": TEXT, "token": ""}).context["form"]["token"].value()
    assert client.post(url, {"text": TEXT, "token": token}).status_code == 200


def test_a_wrong_receipt_or_address_says_so(client):
    assert client.post(reverse("assessments:report_state"), {"receipt": "ABCD"}).status_code == 400
    assert client.get(reverse("assessments:report", args=["nothing"])).status_code == 404


def test_a_member_may_report_in_his_own_name(client, title, other_secretary, discipline):
    client.force_login(other_secretary)
    url = reverse("assessments:report", args=[title.public_id])
    token = client.get(url).context["form"]["token"].value()
    client.post(url, {"text": TEXT, "token": token, "own": "1"})

    incident = Incident.objects.get()
    assert (incident.reporter.user, incident.source, incident.reporter.name) == (other_secretary, "member", "周样甲")


def test_a_flood_from_one_connection_is_held_back(client, title):
    url = reverse("assessments:report", args=[title.public_id])
    answers = []
    for _n in range(21):
        token = client.get(url).context["form"]["token"].value()
        answers.append(client.post(url, {"text": TEXT, "token": token}).status_code)
    assert answers == [200] * 20 + [400]


def test_an_officer_enters_a_report_from_an_inspection(client, title, officer, discipline):
    client.force_login(officer)
    data = {"conferral": title.pk, "source": "inspection", "text": TEXT, "reporter_name": "孙样甲"}
    page = client.post(reverse("assessments:incident_create"), data)

    incident = Incident.objects.get()
    assert (page.status_code, incident.source, incident.reporter.user) == (200, "inspection", None)
    assert client.get(reverse("assessments:incident_detail", args=[incident.pk])).status_code == 404


def test_todos_and_their_sections(review, rectification, incident, proposal, people):
    found = {name: sorted((t.section, t.action) for t in todos_for(user)) for name, user in people.items()}
    sections = {name: [section for section, _action in todos] for name, todos in found.items()}

    assert sections == {
        "secretary": ["rectifications", "reviews"],
        "other_secretary": [],
        "officer": [],
        "committee_member": [],
        "committee_secretary": ["reviews"],
        "discipline": ["incidents"],
        "member": ["rectifications"],
        "stranger": [],
    }


def test_todos_move_on_with_the_work(rectification, incident, discipline, committee_member, ground, member, secretary):
    submit_rectification(rectification, actor=member, proof="已补齐。")
    assert [t.section for t in todos_for(secretary)] == ["rectifications"]
    assert todos_for(member) == []
    take_up(incident, actor=discipline)
    record_finding(incident, actor=discipline, finding="verified", finding_text="属实", statement="x", ground=ground)
    assert todos_for(discipline) == []
    assert [t.due_on for t in todos_for(committee_member)] == [date(2026, 11, 5)]


QUERIES = {"review_list": 7, "rectification_list": 9, "incident_list": 9}


@pytest.mark.usefixtures("quiet_menu")
@pytest.mark.parametrize("name", QUERIES)
def test_lists_cost_the_same_for_one_row_and_for_three(client, name, rows_of_everything, officer, discipline):
    user = discipline if name == "incident_list" else officer
    client.force_login(user)
    url = reverse(f"assessments:{name}") + ("?tab=done" if name == "review_list" else "")
    costs = []
    for rows in (1, 2):
        rows_of_everything(rows)
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        costs.append(len(queries))

    assert costs == [QUERIES[name]] * 2


@pytest.fixture
def rows_of_everything(campaign, rule, committee, officer):
    def make(rows):
        for _n in range(rows):
            unit = make_unit(UnitKind.BRANCH, parent=committee)
            conferral = make_title(campaign, unit, MemberFactory(branch=unit))
            make_review(conferral, rule, status="done", outcome="pass", done_by=officer)
            open_rectification(
                conferral, actor=officer, finding="f", requirement="r", responsible="p", checking_unit=unit
            )
            report_incident(conferral, text=TEXT)

    return make


def test_a_member_of_the_post_reads_his_results_only(client, review, secretary, member):
    client.force_login(member)
    page = client.get(reverse("assessments:review_detail", args=[review.pk]))
    assert page.context["form"] is None
    assert Member.objects.get(user=member).held.exists()
    assert not Proposal.objects.visible_to(member).exists()


def test_the_page_of_a_post_shows_reviews_and_rectifications_but_no_report(
    client, review, rectification, incident, secretary, member, other_secretary
):
    url = reverse("posts:conferral_detail", args=[review.conferral_id])
    for user in (secretary, member):
        client.force_login(user)
        page = client.get(url).content.decode()
        assert reverse("assessments:review_detail", args=[review.pk]) in page
        assert reverse("assessments:rectification_detail", args=[rectification.pk]) in page
        assert TEXT not in page
        assert f"/incidents/{incident.pk}/" not in page
    client.force_login(other_secretary)
    assert client.get(url).status_code == 404


def test_the_public_page_follows_the_life_of_the_post(client, title, rectification, secretary, member):
    url = reverse("posts:public_post", args=[title.public_id])
    assert client.get(url).context["conferral"].status == ConferralStatus.RECTIFYING
    assert reverse("assessments:report", args=[title.public_id]) in client.get(url).content.decode()
