"""Every ledger over the demonstration's year: the page, the file, who sees what, and what it costs."""

from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook
from python_calamine import CalamineWorkbook

from assessments.models import IncidentReporter
from campaigns.domain.ledgers import Wanted, find_ledger, ledgers_for, rows_of
from campaigns.models import Campaign, UnitKind, User
from campaigns.views import ledgers as views
from posts.models import Conferral
from tests.factories import UserFactory, make_unit

pytestmark = pytest.mark.django_db

ALL = {
    "posts",
    "plaques",
    "surveys",
    "notices",
    "objections",
    "meetings",
    "documents",
    "reviews",
    "rectifications",
    "incidents",
    "opinions",
    "rewards",
    "bans",
}
KEPT = {
    "demo-officer": ALL - {"incidents", "opinions"},
    "demo-secretary": ALL - {"incidents", "opinions", "objections"},
    "demo-discipline": ALL,
    "demo-member": ALL - {"incidents", "opinions", "objections", "meetings", "documents"},
}


@pytest.fixture
def page(client, story):
    def ask(username, code, **query):
        client.force_login(User.objects.get(username=username))
        return client.get(reverse("campaigns:ledger", args=[code]), query)

    return ask


@pytest.fixture
def file(client, story):
    def ask(username, code, **query):
        client.force_login(User.objects.get(username=username))
        answer = client.get(reverse("campaigns:ledger_export", args=[code]), query)
        data = b"".join(answer.streaming_content)
        return data, CalamineWorkbook.from_filelike(BytesIO(data)).get_sheet_by_index(0).to_python()

    return ask


@pytest.mark.parametrize("username", KEPT)
def test_who_keeps_which_ledger(client, story, username):
    user = User.objects.get(username=username)
    assert {entry.code for entry in ledgers_for(user)} == KEPT[username]
    client.force_login(user)
    for code in ALL:
        expected = 200 if code in KEPT[username] else 404
        assert client.get(reverse("campaigns:ledger", args=[code])).status_code == expected, code
        answer = client.get(reverse("campaigns:ledger_export", args=[code]))
        # Read to its end, and not closed by hand: that would close the connection inside the shared transaction.
        b"".join(answer)
        assert answer.status_code == expected, code


def test_a_ledger_that_does_not_exist_is_not_found(page):
    assert page("demo-officer", "nonsense").status_code == 404


def test_a_stranger_finds_every_ledger_empty(story):
    stranger = UserFactory()
    assert {entry.code: rows_of(entry, stranger, Wanted()).count() for entry in ledgers_for(stranger)} == dict.fromkeys(
        ALL - {"incidents", "opinions", "objections", "meetings", "documents"}, 0
    )


@pytest.mark.parametrize("code", sorted(ALL))
def test_the_page_and_the_file_have_the_same_rows_and_columns(page, file, monkeypatch, code):
    monkeypatch.setattr(views, "PAGE", 1000)
    shown = page("demo-discipline", code)
    _data, (headings, *rows) = file("demo-discipline", code)

    assert headings == [str(column.heading) for column in shown.context["ledger"].columns]
    assert len(rows) == len(shown.context["rows"]) == shown.context["page_obj"].paginator.count
    assert [row[0] for row in rows] == [row["cells"][0]["text"] for row in shown.context["rows"]]


def test_the_year_has_filled_the_ledgers(story):
    discipline = User.objects.get(username="demo-discipline")
    filled = {e.code for e in ledgers_for(discipline) if rows_of(e, discipline, Wanted()).exists()}
    assert filled >= {
        "posts", "plaques", "surveys", "notices", "meetings", "documents", "reviews", "rectifications", "bans",
    }  # fmt: skip


@pytest.mark.parametrize("code", sorted(ALL))
def test_a_ledger_costs_the_same_for_one_row_and_for_many(page, monkeypatch, quiet_menu, code):
    costs = []
    for size in (1, 30):
        monkeypatch.setattr(views, "PAGE", size)
        page("demo-discipline", code)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            page("demo-discipline", code)
        costs.append(len(queries))
    assert costs[0] == costs[1] <= 16


def test_a_ledger_is_narrowed_by_campaign_unit_state_and_word(page):
    post = Conferral.objects.filter(status="active").first()
    for query in (
        {"campaign": post.campaign_id},
        {"unit": post.org_unit_id},
        {"state": "active"},
        {"q": post.name[:4]},
        {"first": str(post.conferred_on), "last": str(post.conferred_on)},
    ):
        shown = page("demo-officer", "posts", **query)
        rows = [row["cells"][0]["text"] for row in shown.context["rows"]]
        assert post.name in rows
        assert shown.context["told"]
    nothing = page("demo-officer", "posts", q="没有这样的岗位")
    assert nothing.context["rows"] == []
    assert "没有符合筛选条件的事项" in nothing.content.decode()


def test_a_unit_of_another_organisation_cannot_be_asked_for(page):
    other = make_unit(UnitKind.COMMITTEE, name="别处的党委")
    everything = page("demo-officer", "posts").context["page_obj"].paginator.count
    assert page("demo-officer", "posts", unit=other.pk).context["page_obj"].paginator.count == everything


def test_a_post_with_several_plaques_stands_there_once(story):
    officer = User.objects.get(username="demo-officer")
    entry = find_ledger("posts", officer)
    code = Campaign.objects.first().owner.code
    found = list(rows_of(entry, officer, Wanted(text=code)).values_list("pk", flat=True))
    assert len(found) == len(set(found))


def test_a_ledger_names_no_reporter(file, page):
    IncidentReporter.objects.update(name="钱样举", contact="0000-7654321")
    assert IncidentReporter.objects.exists()
    for code in ("incidents", "opinions"):
        _data, rows = file("demo-discipline", code)
        text = page("demo-discipline", code).content.decode() + str(rows)
        assert "钱样举" not in text
        assert "7654321" not in text


def test_the_file_is_ready_for_paper(file):
    data, _rows = file("demo-officer", "posts", state="active")
    sheet = load_workbook(BytesIO(data)).active
    assert (sheet.print_title_rows, sheet.page_setup.orientation) == ("$1:$1", "landscape")
    assert "示范岗花名册" in sheet.oddHeader.center.text


def test_the_list_keeps_the_campaign_of_the_address(client, story):
    client.force_login(User.objects.get(username="demo-officer"))
    text = client.get(reverse("campaigns:ledger_list"), {"campaign": 1}).content.decode()
    assert f"{reverse('campaigns:ledger', args=['posts'])}?campaign=1" in text
