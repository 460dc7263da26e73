"""The pages of notices and objections: who sees what, what a page costs, and that nothing typed is lost."""

import io
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pdfplumber
import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse

from campaigns.domain.appointments import appoint
from campaigns.domain.todos import todos_for
from campaigns.models import Role
from posts.domain.notices import publish_notice
from posts.domain.objections import accept_objection, file_objection
from posts.domain.pipeline import current_run, return_for_correction
from posts.models import Notice, Objection, ObjectionStatus
from tests.factories import MemberFactory, UserFactory, make_nomination, make_unit

TEXT = "反映该岗位上月两次中午无人值班。"


def shanghai(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture(autouse=True)
def monday(time_machine):
    time_machine.move_to(shanghai("2026-05-11T09:00"))


@pytest.fixture
def notice(publishable, secretary):
    return publish_notice([current_run(publishable())], actor=secretary)


@pytest.fixture
def objection(notice):
    return file_objection(notice.items.get(), text=TEXT, is_anonymous=False, name="样居民", contact="0000-7654321")


PEOPLE = ("secretary", "officer", "discipline", "committee_member", "other_secretary", "member", "stranger")
STATUSES = {
    # secretary, officer, discipline, committee_member, other_secretary, member, stranger
    "notice_list": (200, 200, 200, 200, 200, 200, 200),
    "notice_detail": (200, 200, 200, 200, 404, 404, 404),
    "notice_sheet": (200, 200, 200, 200, 404, 404, 404),
    "notice_withdraw": (200, 200, 403, 403, 404, 404, 404),
    "objection_list": (403, 200, 200, 403, 403, 403, 403),
    "objection_detail": (404, 200, 200, 404, 404, 404, 404),
    "objection_register": (403, 200, 200, 403, 404, 404, 404),
}


@pytest.mark.parametrize("page", STATUSES)
def test_who_sees_what(page, request, client, notice, objection):
    pk = {"objection_detail": objection.pk}.get(page, notice.pk)
    url = reverse(f"posts:{page}", args=[] if page.endswith("list") else [pk])
    found = []
    for name in PEOPLE:
        client.force_login(request.getfixturevalue(name))
        found.append(client.get(url).status_code)
    assert tuple(found) == STATUSES[page]
    client.logout()
    assert client.get(url).status_code == 302


@pytest.mark.parametrize("page", ["objection_accept", "objection_decline", "objection_settle", "objection_postpone"])
def test_who_may_act(page, request, client, objection):
    url = reverse(f"posts:{page}", args=[objection.pk])
    for name in ("secretary", "committee_member", "other_secretary", "member", "stranger"):
        client.force_login(request.getfixturevalue(name))
        assert client.post(url).status_code == 404, name
    client.force_login(request.getfixturevalue("discipline"))
    assert client.get(url).status_code == 405
    assert client.post(url).status_code in (302, 400)


def test_only_waiting_nominations_of_ones_own_are_prepared(client, publishable, secretary, other_secretary, notice):
    waiting = current_run(publishable("热线岗"))
    url = reverse("posts:notice_create")
    client.force_login(secretary)
    assert client.get(url, {"run": waiting.pk}).status_code == 200
    assert client.get(url, {"run": notice.items.get().run_id}).status_code == 404
    assert client.get(url, {"run": "x"}).status_code == 404
    client.force_login(other_secretary)
    assert client.get(url, {"run": waiting.pk}).status_code == 404


def form_of(response):
    form = response.context["form"]
    return {name: form.initial.get(name, "") for name in form.fields}


def test_a_notice_is_previewed_and_published_in_the_browser(client, publishable, secretary):
    runs = [current_run(publishable(name)) for name in ("窗口岗", "热线岗")]
    url = reverse("posts:notice_create")
    client.force_login(secretary)
    page = client.get(url, {"run": [run.pk for run in runs]})
    data = form_of(page) | {"run": [run.pk for run in runs], "title": "公示样张"}

    preview = client.post(url, data | {"action": "preview"})
    assert preview.status_code == 200
    assert "公示样张" in preview.content.decode()
    assert Notice.objects.count() == 0

    published = client.post(url, data | {"action": "publish"})
    notice = Notice.objects.get()
    assert published.url == reverse("posts:notice_detail", args=[notice.pk])
    assert notice.items.count() == 2


def test_a_text_that_nobody_edited_follows_the_dates(client, publishable, secretary):
    run = current_run(publishable())
    url = reverse("posts:notice_create")
    client.force_login(secretary)
    data = form_of(client.get(url, {"run": run.pk})) | {"run": run.pk, "action": "preview"}

    followed = client.post(url, data | {"days": 8, "text": data["text"].replace("\n", "\r\n")})
    assert "2026年5月20日" in followed.context["draft"].text
    assert followed.context["draft"].warnings == []

    edited = client.post(url, data | {"days": 8, "text": data["text"] + "请广泛转告。"})
    assert "2026年5月15日" in edited.context["draft"].text
    assert "2026年5月20日" in edited.context["draft"].warnings[0]


def test_a_refused_notice_keeps_what_was_typed(client, publishable, secretary):
    run = current_run(publishable())
    url = reverse("posts:notice_create")
    client.force_login(secretary)
    data = form_of(client.get(url, {"run": run.pk})) | {"run": run.pk, "action": "publish"}
    for field, value in {"text": "请联系13800138000，谢谢。", "starts_on": "2020-01-01", "days": 2}.items():
        response = client.post(url, data | {field: value})
        assert response.status_code == 400
        assert field in response.context["form"].errors
        assert str(value) in response.content.decode()
    assert Notice.objects.count() == 0


@pytest.mark.parametrize("rows", [1, 3])
def test_the_list_costs_the_same_for_any_number_of_rows(
    rows, client, notice_kind, secretary, officer, quiet_menu, django_assert_num_queries, committee
):
    for i in range(rows):
        branch = make_unit(parent=committee, code=f"B{i}", name=f"样村{i}党支部")
        notice_kind.campaign.units.add(branch)
        for waits in (True, False):
            person = MemberFactory(branch=branch)
            nomination = make_nomination(
                notice_kind, branch, officer_of(branch), person, submit=True, name=f"岗{i}{waits}"
            )
            if not waits:
                publish_notice([current_run(nomination)], actor=officer)
    client.force_login(officer)
    with django_assert_num_queries(5):
        page = client.get(reverse("posts:notice_list"))
    assert len(page.context["page_obj"].object_list) == rows
    assert len(page.context["waiting"]) == rows


def officer_of(branch):
    user = UserFactory()
    appoint(user, org_unit=branch, role=Role.SECRETARY, actor=None)
    return user


@pytest.mark.parametrize("rows", [1, 3])
def test_the_desk_costs_the_same_for_any_number_of_rows(
    rows, client, notice, officer, discipline, quiet_menu, django_assert_num_queries
):
    for i in range(rows):
        found = file_objection(notice.items.get(), text=f"{TEXT}{i}")
        if i:
            accept_objection(found, actor=discipline)
    client.force_login(officer)
    with django_assert_num_queries(4):
        client.get(reverse("posts:objection_list"))


def test_the_public_page_shows_names_only_while_the_notice_runs(client, notice, time_machine):
    url = reverse("posts:public_notice", args=[notice.public_id])
    page = client.get(url)
    assert page.status_code == 200
    assert "赵样甲" in page.content.decode()
    assert len(page.content) < 50_000
    assert "no-store" in page["Cache-Control"]

    time_machine.move_to(shanghai("2026-05-15T23:59:59"))
    assert client.get(url).status_code == 200
    time_machine.move_to(shanghai("2026-05-16T00:00:00"))
    over = client.get(url)
    assert over.status_code == 410
    assert "公示已结束" in over.content.decode()
    assert "赵样甲" not in over.content.decode()
    assert client.get(reverse("posts:public_notice", args=["nothing"])).status_code == 404


def test_the_public_list_shows_running_notices_only(client, notice, time_machine):
    assert notice.title in client.get(reverse("posts:public_notice_list")).content.decode()
    time_machine.move_to(shanghai("2026-05-16T00:00:00"))
    assert notice.title not in client.get(reverse("posts:public_notice_list")).content.decode()


def test_a_list_sent_back_for_correction_is_taken_down(client, notice, secretary):
    return_for_correction(notice.items.get().run, actor=secretary, reason="年度写错")

    page = client.get(reverse("posts:public_notice", args=[notice.public_id]))

    assert page.status_code == 410
    assert "赵样甲" not in page.content.decode()
    assert notice.title not in client.get(reverse("posts:public_notice_list")).content.decode()


def test_an_expired_page_keeps_the_text(notice):
    url = reverse("posts:public_notice", args=[notice.public_id])

    page = Client(enforce_csrf_checks=True).post(url, fields(notice))

    assert page.status_code == 403
    assert TEXT in page.content.decode()


def test_a_planned_notice_shows_no_names(client, publishable, secretary):
    notice = publish_notice([current_run(publishable())], actor=secretary, starts_on=date(2026, 5, 13))

    page = client.get(reverse("posts:public_notice", args=[notice.public_id]))

    assert page.status_code == 200
    assert "赵样甲" not in page.content.decode()


def fields(notice, **changes):
    data = {"item": notice.items.get().pk, "text": TEXT, "who": "real", "name": "样居民", "contact": "0000-7654321"}
    return data | {"website": ""} | changes


def test_somebody_objects_and_looks_up_what_became_of_it(client, notice):
    url = reverse("posts:public_notice", args=[notice.public_id])
    answer = client.post(url, fields(notice))
    objection = Objection.objects.get()
    assert answer.url == reverse("posts:public_objection", args=[objection.public_id])
    page = client.get(answer.url).content.decode()
    assert objection.public_id in page
    assert "2026-05-25" in page
    for secret in (TEXT, "样居民", "0000-7654321"):
        assert secret not in page

    found = client.get(reverse("posts:public_objection_search"), {"number": f" {objection.public_id} "})
    assert found.url == answer.url
    assert client.get(reverse("posts:public_objection_search"), {"number": "abc"}).status_code == 404


def test_bad_input_keeps_the_text(client, notice):
    url = reverse("posts:public_notice", args=[notice.public_id])
    page = client.post(url, fields(notice, name=""))
    assert page.status_code == 400
    assert TEXT in page.content.decode()
    assert client.post(url, fields(notice, text="长" * 2001)).status_code == 400
    assert client.post(url, fields(notice, item=999)).status_code == 400
    assert Objection.objects.count() == 0


def test_a_program_is_not_heard(client, notice):
    answer = client.post(reverse("posts:public_notice", args=[notice.public_id]), fields(notice, website="http://x"))

    assert answer.status_code == 302
    assert Objection.objects.count() == 0


def test_the_sixth_objection_of_an_hour_waits_with_its_text(client, notice, time_machine):
    url = reverse("posts:public_notice", args=[notice.public_id])
    for _i in range(5):
        assert client.post(url, fields(notice)).status_code == 302
    page = client.post(url, fields(notice, text="第六件的文字"))
    assert page.status_code == 429
    assert "第六件的文字" in page.content.decode()
    time_machine.shift(3601)
    assert client.post(url, fields(notice)).status_code == 302


def test_a_form_sent_after_midnight_becomes_a_report(client, notice, time_machine):
    time_machine.move_to(shanghai("2026-05-16T00:00:05"))

    answer = client.post(reverse("posts:public_notice", args=[notice.public_id]), fields(notice), follow=True)

    assert Objection.objects.get().status == ObjectionStatus.LATE
    assert "逾期" in answer.content.decode()


def test_the_desk_accepts_and_settles_in_the_browser(client, objection, officer):
    client.force_login(officer)
    client.post(reverse("posts:objection_accept", args=[objection.pk]))
    url = reverse("posts:objection_settle", args=[objection.pk])
    bad = client.post(url, {"outcome": "not_upheld", "finding": "已核查。", "reply": "不属实。", "effect": "drop"})
    assert bad.status_code == 400
    assert "已核查。" in bad.content.decode()

    client.post(url, {"outcome": "not_upheld", "finding": "已核查。", "reply": "不属实。", "effect": "continue"})

    objection.refresh_from_db()
    assert objection.status == ObjectionStatus.NOT_UPHELD
    assert "不属实。" in client.get(reverse("posts:public_objection", args=[objection.public_id])).content.decode()


def test_a_call_is_registered_by_the_office(client, notice, officer):
    client.force_login(officer)
    data = fields(notice, channel="phone", received_on="2026-05-11", who="anonymous", name="", contact="")

    client.post(reverse("posts:objection_register", args=[notice.pk]), data)

    objection = Objection.objects.get()
    assert (objection.channel, objection.registered_by) == ("phone", officer)


def test_the_work_list_names_notices_and_objections(publishable, secretary, officer, objection):
    publishable("热线岗")
    publishable("巡查岗")

    assert [todo.title for todo in todos_for(secretary)] == ["为2个岗位发布公示"]
    titles = [todo.title for todo in todos_for(officer) if todo.section == "notices"]
    assert titles == ["对“综合窗口示范岗”的反映：决定是否受理"]


def test_the_sheet_is_formal_frozen_and_leads_to_the_page(client, notice, officer, settings):
    settings.SITE_URL = "https://sfg.example.cn"
    client.force_login(officer)
    url = reverse("posts:notice_sheet", args=[notice.pk])
    pdf = client.get(url).content
    with pdfplumber.open(io.BytesIO(pdf)) as document:
        texts = [page.extract_text() for page in document.pages]
        assert {(round(page.width), round(page.height)) for page in document.pages} == {(595, 842)}
    whole = "".join(texts).replace("\n", "")
    for word in ("拟命名“党员示范岗”的公示", "2026年5月11日至2026年5月15日", "0000-1234567", "赵样甲", notice.anchor):
        assert word in whole, word
    image = pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil()
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [f"https://sfg.example.cn/n/{notice.public_id}/"]
    assert client.get(url).content == pdf
