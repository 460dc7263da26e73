"""The pages of campaigns and schemes: who sees what, and that nothing typed is lost."""

from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from campaigns.domain.campaigns import create_campaign, open_campaign
from campaigns.domain.library import find_entry
from campaigns.models import Campaign, CampaignStatus, Message
from campaigns.models import Scheme as StoredScheme
from campaigns.presenters import campaign_page
from campaigns.views.campaigns import CampaignList
from tests.campaigns.test_campaigns import DETAILS, SCHEMES
from tests.campaigns.test_schemes import SMALL
from tests.factories import make_unit


@pytest.fixture(autouse=True)
def in_april():
    with time_machine.travel(date(2026, 4, 2), tick=False):
        yield


@pytest.fixture
def draft(officer, committee, branch, secretary, committee_member):
    return create_campaign(SCHEMES["default"], owner=committee, actor=officer, year=2026, **DETAILS)


@pytest.fixture
def running(draft, officer):
    return open_campaign(draft, actor=officer)


def page(name, *args):
    return reverse(f"campaigns:{name}", args=args)


WHO = ("officer", "secretary", "member", "stranger", None)
DRAFT = {
    "campaign_detail": (200, 404, 404, 404, 302),
    "campaign_edit": (200, 404, 404, 404, 302),
    "campaign_open": (200, 404, 404, 404, 302),
    "campaign_copy": (200, 404, 404, 404, 302),
}
RUNNING = {
    "campaign_detail": (200, 200, 200, 404, 302),
    "campaign_edit": (302, 403, 403, 404, 302),
    "campaign_open": (302, 403, 403, 404, 302),
    "campaign_close": (200, 403, 403, 404, 302),
    "campaign_copy": (200, 403, 403, 404, 302),
    "campaign_remind": (405, 405, 405, 405, 302),
}
OTHERS = {
    ("campaign_list",): (200, 200, 200, 200, 302),
    ("campaign_create",): (200, 403, 404, 404, 302),
    ("scheme_list",): (200, 200, 404, 404, 302),
    ("scheme_detail", "default"): (200, 200, 404, 404, 302),
    ("scheme_detail", "none"): (404, 404, 404, 404, 302),
    ("scheme_download", "s5"): (200, 200, 404, 404, 302),
    ("scheme_upload",): (200, 403, 404, 404, 302),
    ("scheme_compare",): (200, 200, 404, 404, 302),
    ("scheme_remove", "none"): (404, 403, 404, 404, 302),
}


def check(client, request, url, expected):
    for who, status in zip(WHO, expected, strict=True):
        client.logout()
        if who:
            client.force_login(request.getfixturevalue(who))
        assert client.get(url).status_code == status, (who, url)


@pytest.mark.parametrize("name", DRAFT)
def test_who_sees_a_campaign_in_preparation(client, request, draft, name):
    check(client, request, page(name, draft.pk), DRAFT[name])


@pytest.mark.parametrize("name", RUNNING)
def test_who_sees_a_running_campaign(client, request, running, name):
    check(client, request, page(name, running.pk), RUNNING[name])


@pytest.mark.parametrize("name", OTHERS)
def test_who_sees_the_library_and_the_lists(client, request, branch, name):
    check(client, request, page(*name), OTHERS[name])


@pytest.mark.parametrize("name", ["campaign_open", "campaign_close", "campaign_remind", "campaign_copy"])
@pytest.mark.parametrize(("who", "status"), [("secretary", 403), ("member", 403), ("stranger", 404)])
def test_only_the_office_acts(client, request, running, name, who, status):
    client.force_login(request.getfixturevalue(who))

    assert client.post(page(name, running.pk)).status_code == status
    running.refresh_from_db()
    assert running.status == CampaignStatus.OPEN
    assert Campaign.objects.count() == 1


FORM = {
    "title": "2026年度示范岗",
    "honour": "党员示范岗",
    "year": "2026",
    "basis_document": "示组通〔2026〕3号",
    "approving_body": "县委组织部",
    "scope": "各党支部",
    "internal_only": "on",
    "starts_on": "2026-04-01",
    "nominations_until": "2026-04-20",
    "ends_on": "2026-12-31",
}


def test_a_campaign_is_prepared_and_opened_in_the_browser(client, officer, branch, secretary, committee_member):
    client.force_login(officer)
    url = page("campaign_create") + "?scheme=default"
    assert "参加单位" in client.get(url).content.decode()
    response = client.post(url, FORM | {"units": [branch.pk]})
    campaign = Campaign.objects.get()
    assert response["Location"] == page("campaign_detail", campaign.pk)

    text = client.get(page("campaign_detail", campaign.pk)).content.decode()
    assert "各项齐备，可以启动。" in text
    client.post(page("campaign_open", campaign.pk))

    campaign.refresh_from_db()
    assert (campaign.status, list(campaign.units.all())) == (CampaignStatus.OPEN, [branch])
    assert Message.objects.filter(user=secretary).count() == 1


def test_what_was_typed_survives_a_broken_rule(client, officer, branch):
    client.force_login(officer)
    response = client.post(
        page("campaign_create") + "?scheme=default", FORM | {"ends_on": "2026-01-01", "units": [branch.pk]}
    )

    assert response.status_code == 400
    form = response.context["form"]
    assert list(form.errors) == ["ends_on"]
    assert form["title"].value() == "2026年度示范岗"
    assert [ticked for _unit, _depth, ticked in form.unit_rows()] == [False, True]


def test_units_of_another_organisation_cannot_be_ticked(client, officer, branch):
    foreign = make_unit(name="外单位党支部")
    client.force_login(officer)
    response = client.post(page("campaign_create") + "?scheme=default", FORM | {"units": [foreign.pk]})

    assert response.status_code == 400
    assert not Campaign.objects.exists()


def test_blockers_link_to_where_they_are_mended(client, officer, draft, committee):
    bare = make_unit(parent=committee, name="桥头样村党支部")
    draft.units.add(bare)
    client.force_login(officer)
    text = client.get(page("campaign_detail", draft.pk)).content.decode()

    assert "“桥头样村党支部”名册上没有党员。" in text
    assert page("campaign_edit", draft.pk) in text


def test_opening_shows_what_happens_before_it_does(client, officer, draft):
    client.force_login(officer)
    text = client.get(page("campaign_open", draft.pk)).content.decode()

    assert "支部推荐 → 岗前测评 → 公示" in text
    draft.refresh_from_db()
    assert draft.status == CampaignStatus.DRAFT


def test_opening_twice_is_told(client, officer, running):
    client.force_login(officer)

    assert client.post(page("campaign_open", running.pk)).status_code == 409


def test_reminding_tells_how_many(client, officer, running, secretary):
    client.force_login(officer)
    response = client.post(page("campaign_remind", running.pk), follow=True)

    assert "已催办1个单位" in response.content.decode()


def test_quota_figures_are_filled_in_on_the_page(client, officer, draft, branch):
    quota = draft.quotas.create(code="share", scope="branch", params={"base": "formal_members"})
    client.force_login(officer)
    url = page("campaign_edit", draft.pk)
    assert client.post(url, FORM | {"units": [branch.pk], f"quota_{quota.pk}_percent": "180"}).status_code == 400
    client.post(url, FORM | {"units": [branch.pk], f"quota_{quota.pk}_percent": "10"})

    quota.refresh_from_db()
    assert quota.params["percent"] == 10


def test_a_faulty_scheme_comes_back_with_its_faults(client, officer):
    client.force_login(officer)
    faulty = SMALL.replace('holder = "person"', 'holder = "robot"')
    response = client.post(page("scheme_upload"), {"text": faulty})

    text = response.content.decode()
    assert response.status_code == 400
    assert "kinds[1].holder" in text
    assert "小方案" in text  # the text is still there
    assert not StoredScheme.objects.exists()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"x" * 400_000, "[方案]".encode("gb18030")])
def test_nonsense_files_get_a_sentence(client, officer, content):
    client.force_login(officer)
    response = client.post(page("scheme_upload"), {"file": SimpleUploadedFile("x.toml", content)})

    assert response.status_code == 400
    assert "note-error" in response.content.decode() or "行号" in response.content.decode()


def test_a_good_scheme_is_kept_and_can_be_read(client, officer):
    client.force_login(officer)
    response = client.post(
        page("scheme_upload"), {"file": SimpleUploadedFile("small.toml", SMALL.encode())}, follow=True
    )

    assert find_entry("small").title == "小方案"
    assert "小方案" in response.content.decode()
    assert "没有公示" in response.content.decode()  # a warning, not an error


def test_a_scheme_comes_back_word_for_word(client, officer):
    client.force_login(officer)
    response = client.get(page("scheme_download", "default"))

    assert response.content.decode() == SCHEMES["default"]


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(officer, committee, rows, rf, django_assert_num_queries):
    for i in range(rows):
        campaign = create_campaign(SCHEMES["s5"], owner=committee, actor=officer, year=2026 + i)
        campaign.units.add(make_unit(parent=committee))
    request = rf.get("/campaigns/")
    request.user, request.htmx = officer, False
    page_obj = CampaignList.as_view()(request).context_data["page_obj"].paginator.get_page(1)
    with django_assert_num_queries(1):  # the page's own; the menu's to-dos come on top
        seen = [(str(each.owner), each.unit_count) for each in page_obj]
    assert len(seen) == rows


@pytest.mark.parametrize("rows", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_units(officer, draft, committee, rows, django_assert_num_queries):
    draft.units.set([make_unit(parent=committee) for _unused in range(rows)])
    campaign_page(draft, officer)
    with django_assert_num_queries(36):
        campaign_page(draft, officer)
