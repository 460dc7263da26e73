"""The pages of official documents: who sees and who may do what, the list, the editor, the register."""

import hashlib
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.appointments import appoint
from campaigns.domain.todos import todos_for
from campaigns.models import Role
from posts.domain.document_issue import issue_document
from posts.domain.drafting import BLANK, each_maker
from posts.domain.official_documents import discard_document, save_document, start_document
from posts.models import Holder, OfficialDocument
from tests.factories import MemberFactory, UserFactory
from tests.posts.papers import issue, make_named, make_notice, make_revocation, make_running

pytestmark = pytest.mark.django_db
PEOPLE = (
    "officer", "committee_secretary", "committee_member", "discipline", "secretary", "other_secretary", "member",
    "stranger",
)  # fmt: skip


@pytest.fixture
def campaign(committee, branch, other_branch):
    campaign = make_running(committee)
    campaign.units.add(branch, other_branch)
    return campaign


@pytest.fixture
def organiser(branch):
    """A clerk of the branch: drafts, and issues nothing."""
    user = UserFactory(name="孙样甲")
    appoint(user, org_unit=branch, role=Role.ORGANISER, actor=None)
    return user


@pytest.fixture
def draft(campaign, officer):
    draft = start_document(campaign, kind="notification", actor=officer)
    return save_document(draft, actor=officer, version=1, fields={"code": "青示委发"})


@pytest.fixture
def issued(draft, officer):
    return issue_document(draft, actor=officer)


@pytest.fixture
def revocation(campaign, branch, committee_member, officer):
    named = make_named(campaign, branch, decider=committee_member, releaser=officer)
    return issue(make_revocation(named, committee_member), "revocation", officer)


def statuses(client, request, url, *, method="get"):
    found = []
    for name in PEOPLE:
        client.force_login(request.getfixturevalue(name))
        found.append(getattr(client, method)(url).status_code)
    return tuple(found)


# officer, committee secretary, committee member, discipline, secretary, other secretary, member, stranger
SEEN = {
    "document_detail": (200, 200, 404, 404, 404, 404, 404, 404),
    "document_file": (200, 200, 404, 404, 404, 404, 404, 404),
    "document_edit": (200, 200, 404, 404, 404, 404, 404, 404),
    "document_issue": (200, 200, 404, 404, 404, 404, 404, 404),
}


@pytest.mark.parametrize("page", SEEN)
def test_who_sees_a_draft(page, client, request, draft):
    assert statuses(client, request, reverse(f"posts:{page}", args=[draft.pk])) == SEEN[page]


@pytest.mark.parametrize("page", ["document_detail", "document_file"])
def test_who_reads_what_is_addressed_to_all(page, client, request, issued):
    url = reverse(f"posts:{page}", args=[issued.pk])
    assert statuses(client, request, url) == (200, 200, 200, 200, 200, 200, 200, 404)


def test_who_reads_a_paper_about_one_post(client, request, revocation):
    url = reverse("posts:document_detail", args=[revocation.pk])
    assert statuses(client, request, url) == (200, 200, 200, 200, 200, 404, 404, 404)


def test_who_drafts(client, request, campaign):
    url = reverse("posts:document_start", args=["notification", campaign.pk])
    assert statuses(client, request, url, method="post") == (302, 302, 403, 403, 403, 403, 403, 404)
    assert OfficialDocument.objects.count() == 1


def test_who_issues(client, request, draft):
    url = reverse("posts:document_issue", args=[draft.pk])
    for name in PEOPLE[2:]:
        client.force_login(request.getfixturevalue(name))
        assert client.post(url, {"day": timezone.localdate().isoformat()}).status_code == 404
    draft.refresh_from_db()
    assert draft.is_draft


def test_clerk_drafts_and_does_not_issue(client, branch, campaign, organiser):
    notice = make_notice(campaign, branch, organiser)
    client.force_login(organiser)
    answer = client.post(reverse("posts:document_start", args=["public_notice", notice.pk]))
    document = OfficialDocument.objects.get()
    assert answer.url == reverse("posts:document_edit", args=[document.pk])
    assert client.get(reverse("posts:document_issue", args=[document.pk])).status_code == 403


def test_nobody_reads_without_signing_in(client, issued):
    for page in ("document_detail", "document_file", "document_edit", "document_issue"):
        assert client.get(reverse(f"posts:{page}", args=[issued.pk])).status_code == 302
    for page in ("document_list", "document_numbers"):
        assert client.get(reverse(f"posts:{page}")).status_code == 302


def test_unknown_kind_and_foreign_case_are_not_found(client, officer, campaign):
    client.force_login(officer)
    assert client.post(reverse("posts:document_start", args=["nonsense", campaign.pk])).status_code == 404
    assert client.post(reverse("posts:document_start", args=["naming", 999_999])).status_code == 404


def test_file_is_the_frozen_one_each_time(client, officer, issued):
    client.force_login(officer)
    url = reverse("posts:document_file", args=[issued.pk])
    first, second = client.get(url).content, client.get(url).content
    assert first == second
    assert hashlib.sha256(first).hexdigest() == issued.sha256


def test_page_shows_the_pages_as_pictures(client, officer, draft):
    client.force_login(officer)
    page = client.get(reverse("posts:document_detail", args=[draft.pk])).content.decode()
    assert page.count('src="data:image/png;base64,') >= 1
    assert "按今日情况印发的样子" in page


def edited(client, document, **changes):
    data = {
        "version": document.version, "title": document.title, "addressee": document.addressee, "text": document.text,
        "letterhead": document.letterhead, "code": document.code, "copies_to": "", "printed_by": "", "sealed": "on",
    }  # fmt: skip
    return client.post(reverse("posts:document_edit", args=[document.pk]), data | changes)


def test_editor_saves_and_leads_to_the_preview(client, officer, draft):
    client.force_login(officer)
    answer = edited(client, draft, copies_to="县委组织部")
    assert answer.url == reverse("posts:document_detail", args=[draft.pk])
    draft.refresh_from_db()
    assert draft.copies_to == "县委组织部"


def test_editor_keeps_what_was_typed_when_a_fact_is_missing(client, officer, draft):
    client.force_login(officer)
    answer = edited(client, draft, text="没有事实的正文")
    assert answer.status_code == 400
    assert "没有事实的正文" in answer.content.decode()
    assert "正文缺少事实" in answer.content.decode()


def test_editor_shows_what_the_other_window_saved(client, officer, draft):
    client.force_login(officer)
    edited(client, draft, title="先保存的标题")
    answer = edited(client, draft, title="后保存的标题")
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "先保存的标题" in page
    assert "后保存的标题" in page
    draft.refresh_from_db()
    assert edited(client, draft, title="后保存的标题").status_code == 302


def test_editor_of_an_issued_document_leads_back(client, officer, issued):
    client.force_login(officer)
    assert edited(client, issued, title="改").url == reverse("posts:document_detail", args=[issued.pk])
    issued.refresh_from_db()
    assert issued.title != "改"


def test_issue_on_confirmation(client, officer, draft):
    client.force_login(officer)
    url = reverse("posts:document_issue", args=[draft.pk])
    year = timezone.localdate().year
    assert f"青示委发〔{year}〕1号" in client.get(url).content.decode()
    answer = client.post(url, {"day": timezone.localdate().isoformat(), "serial": "7"})
    assert answer.status_code == 302
    draft.refresh_from_db()
    assert draft.number == f"青示委发〔{year}〕7号"


def test_discarded_draft_leaves_the_list(client, officer, draft):
    client.force_login(officer)
    client.post(reverse("posts:document_discard", args=[draft.pk]))
    url = reverse("posts:document_list")
    assert list(client.get(url).context["documents"]) == []
    assert list(client.get(f"{url}?status=discarded").context["documents"]) == [draft]


@pytest.mark.parametrize(
    ("query", "n"),
    [("q=创建活动的通知", 1), ("q=1号", 1), ("q=没有", 0), ("kind=naming", 0), ("kind=notification", 1),
     ("status=issued", 1), ("status=draft", 0)],
)  # fmt: skip
def test_list_is_narrowed(client, officer, issued, query, n):
    client.force_login(officer)
    assert len(client.get(f"{reverse('posts:document_list')}?{query}").context["documents"]) == n


def test_list_asks_the_same_number_of_queries(client, officer, committee, quiet_menu):
    def queries():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            client.get(reverse("posts:document_list"))
        return len(seen)

    client.force_login(officer)
    start_document(make_running(committee), kind="notification", actor=officer)
    client.get(reverse("posts:document_list"))
    one = queries()
    for _n in range(2):
        start_document(make_running(committee), kind="notification", actor=officer)
    assert queries() == one


def test_register_shows_numbers_and_gaps_and_takes_notes(client, officer, draft):
    issue_document(draft, actor=officer, serial=3)
    client.force_login(officer)
    url = reverse("posts:document_numbers")
    page = client.get(url).content.decode()
    assert "1–2" in page
    year = timezone.localdate().year
    data = {"org_unit": draft.org_unit_id, "code": "青示委发", "year": year, "note": "关于值班的通知"}
    assert client.post(url, data | {"serial": 3}).status_code == 400
    assert client.post(url, data | {"serial": 1}).status_code == 302
    page = client.get(url).content.decode()
    assert "关于值班的通知" in page
    assert "1–2" not in page


def test_register_is_for_who_issues(client, request):
    url = reverse("posts:document_numbers")
    assert statuses(client, request, url) == (200, 200, 403, 403, 200, 200, 403, 403)


def test_every_kind_is_offered_on_the_page_of_its_case(client, officer, campaign, branch, committee_member):
    client.force_login(officer)
    named = make_named(campaign, branch, decider=committee_member, releaser=officer)
    kept = make_revocation(named, committee_member)
    pages = {
        "campaigns:campaign_detail": (campaign.pk, ["notification"]),
        "posts:decision_detail": (named.decision_id, ["naming", "reply"]),
        "posts:conferral_detail": (named.pk, ["revocation"]),
    }
    for name, (pk, kinds) in pages.items():
        page = client.get(reverse(name, args=[pk])).content.decode()
        source = kept.pk if "revocation" in kinds else pk
        for kind in kinds:
            assert reverse("posts:document_start", args=[kind, source]) in page, (name, kind)


def test_there_are_the_kinds_that_the_office_needs():
    kinds = {maker.kind for maker in each_maker()}
    assert kinds == {
        "notification", "public_notice", "notice_report", "naming", "commendation", "reply", "rectification",
        "revocation", "set_aside", "withdrawal",
    }  # fmt: skip


def test_the_guide_shows_every_kind():
    guide = Path("docs/guide-officer.md").read_text()
    for maker in each_maker():
        picture = f"img/documents/{maker.kind}.png"
        assert Path("docs", picture).stat().st_size < 60_000
        assert picture in guide


def test_history_of_a_document_is_told(client, officer, issued):
    client.force_login(officer)
    page = client.get(reverse("campaigns:history", args=["document", issued.pk])).content.decode()
    assert "公文已印发" in page
    assert issued.number in page


def test_day_of_the_decision_is_offered_as_the_date(client, officer, campaign, branch, committee_member):
    named = make_named(campaign, branch, decider=committee_member, releaser=officer)
    draft = start_document(named.decision, kind="naming", actor=officer)
    client.force_login(officer)
    form = client.get(reverse("posts:document_issue", args=[draft.pk])).context["form"]
    assert form["day"].value() == named.decision.held_on


def waiting(user):
    return [todo for todo in todos_for(user) if todo.section == "documents"]


def test_draft_waits_for_those_who_issue_it(draft, officer, committee_secretary, committee_member, secretary):
    url = reverse("posts:document_detail", args=[draft.pk])
    for user in (officer, committee_secretary):
        assert [(todo.url, draft.title in todo.title) for todo in waiting(user)] == [(url, True)]
    for user in (committee_member, secretary):
        assert waiting(user) == []


def test_draft_waits_no_longer_when_it_is_issued_or_given_up(campaign, draft, officer):
    issue_document(draft, actor=officer)
    assert waiting(officer) == []
    other = start_document(make_running(campaign.owner), kind="notification", actor=officer)
    assert len(waiting(officer)) == 1
    discard_document(other, actor=officer)
    assert waiting(officer) == []


def test_draft_about_ones_own_post_waits_for_somebody_else(
    campaign, branch, committee_member, committee_secretary, officer
):
    named = make_named(campaign, branch, decider=committee_member, releaser=officer)
    start_document(make_revocation(named, committee_member), kind="revocation", actor=committee_secretary)
    assert len(waiting(officer)) == 1
    member = MemberFactory(branch=branch, user=officer, name=officer.name)
    Holder.objects.create(conferral=named, member=member, name=member.name, from_on=timezone.localdate())
    assert waiting(officer) == []
    assert len(waiting(committee_secretary)) == 1


def test_many_drafts_are_one_line_that_leads_to_their_list(client, committee, officer):
    for _n in range(4):
        start_document(make_running(committee), kind="notification", actor=officer)
    (todo,) = waiting(officer)
    assert todo.title.startswith("4")
    client.force_login(officer)
    assert len(client.get(todo.url).context["documents"]) == 4


def ledger_rows(client, **query):
    return [
        [cell["text"] for cell in row["cells"]]
        for row in client.get(reverse("campaigns:ledger", args=["documents"]), query).context["rows"]
    ]


def test_ledger_lists_what_was_issued_and_by_what_it_was_withdrawn(client, officer, revocation, issued):
    withdrawal = start_document(issued, kind="withdrawal", actor=officer)
    fields = {"code": "青示委发", "text": withdrawal.text.replace(BLANK, "内容有误。")}
    withdrawal = save_document(withdrawal, actor=officer, version=1, fields=fields)
    client.force_login(officer)
    assert {row[1] for row in ledger_rows(client)} == {issued.number, revocation.number}
    withdrawal = issue_document(withdrawal, actor=officer)
    rows = {row[1]: row for row in ledger_rows(client)}
    assert set(rows) == {issued.number, revocation.number, withdrawal.number}
    assert rows[issued.number][9:12] == ["已撤回", "", str(withdrawal)]
    assert rows[withdrawal.number][9:12] == ["已印发", str(issued), ""]
    assert [row[1] for row in ledger_rows(client, state="withdrawn")] == [issued.number]
    assert [row[1] for row in ledger_rows(client, q=revocation.number)] == [revocation.number]


def test_a_rare_character_is_named_on_the_draft_and_before_the_issue(client, officer, draft):
    save_document(draft, actor=officer, version=draft.version, fields={"addressee": "赵喆同志"})
    client.force_login(officer)

    pages = [client.get(reverse(f"posts:{page}", args=[draft.pk])) for page in ("document_detail", "document_issue")]

    assert [["喆" in warning for warning in page.context["warnings"]] for page in pages] == [[True], [True]]
