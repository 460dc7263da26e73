"""Pages of the organisation: who gets which answer, query counts, and what the forms do."""

from datetime import date
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from campaigns.domain import todos
from campaigns.domain.imports import jobs
from campaigns.models import Appointment, Holiday, ImportJob, ImportState, Member, OrgUnit, Role, SignInLink, User
from campaigns.permissions import may_on_unit
from tests.campaigns.imports.helpers import good, upload, workbook
from tests.factories import MemberFactory, UserFactory, make_unit

PEOPLE = ["stranger", "member", "secretary", "other_secretary", "officer", "committee_member"]
# Page → answers for PEOPLE, in that order. Objects: the branch of the secretary, a member of it, the officer's import.
TABLE = {
    "unit_list": (403, 403, 200, 200, 200, 200),
    "unit_detail branch": (404, 404, 200, 404, 200, 200),
    "unit_detail committee": (404, 404, 404, 404, 200, 200),
    "unit_create branch": (404, 404, 403, 404, 200, 403),
    "unit_edit branch": (404, 404, 403, 404, 200, 403),
    "unit_move branch": (404, 404, 403, 404, 200, 403),
    "unit_close branch": (404, 404, 403, 404, 200, 403),
    "appointment_create branch": (404, 404, 403, 404, 200, 403),
    "appointment_end appointment": (404, 404, 403, 404, 200, 403),
    "member_list": (403, 403, 200, 200, 200, 200),
    "member_create branch": (404, 404, 200, 404, 200, 403),
    "member_detail person": (404, 404, 200, 404, 200, 200),
    "member_edit person": (404, 404, 200, 404, 200, 403),
    "member_transfer person": (404, 404, 200, 404, 200, 403),
    "member_leave person": (404, 404, 200, 404, 200, 403),
    "member_slips": (403, 403, 403, 403, 200, 403),
    "import_list": (403, 403, 200, 200, 200, 403),
    "import_create:units": (403, 403, 403, 403, 200, 403),
    "import_create:members": (403, 403, 200, 200, 200, 403),
    "import_create:appointments": (403, 403, 403, 403, 200, 403),
    "import_create:nothing": (404, 404, 404, 404, 404, 404),
    "import_template:members": (403, 403, 200, 200, 200, 403),
    "import_export:members": (403, 403, 200, 200, 200, 403),
    "import_detail job": (404, 404, 404, 404, 200, 404),
    "import_errors job": (404, 404, 404, 404, 200, 404),
    "holiday_list": (403, 403, 403, 403, 200, 403),
    "holiday_create": (403, 403, 403, 403, 200, 403),
    "holiday_edit holiday": (403, 403, 403, 403, 200, 403),
    "sign_in_link": (200, 200, 200, 200, 200, 200),
}
ACTIONS = {
    "unit_reopen branch": (404, 404, 403, 404, 302, 403),
    "member_return person": (404, 404, 302, 404, 302, 403),
    "member_account person": (404, 404, 403, 404, 302, 403),
    "member_password official": (404, 404, 403, 404, 200, 403),
    "member_slips": (403, 403, 403, 403, 200, 403),
    "import_confirm job": (404, 404, 404, 404, 302, 404),
    "import_discard job": (404, 404, 404, 404, 302, 404),
    "holiday_fill": (403, 403, 403, 403, 302, 403),
    "holiday_delete holiday": (403, 403, 403, 403, 302, 403),
}


@pytest.fixture
def own_queries(monkeypatch, django_assert_num_queries):
    """Counts what the page itself asks: without the work list, which grows with every app that adds to it."""
    monkeypatch.setattr(todos, "_providers", [])
    return django_assert_num_queries


@pytest.fixture
def things(committee, branch, officer, secretary):
    person = MemberFactory(branch=branch, number="P1", name="沈样甲")
    job = upload(workbook(good()), org_unit=committee, actor=officer)
    return {
        "committee": committee.pk, "branch": branch.pk, "person": person.pk, "official": secretary.member.pk,
        "job": job.pk, "appointment": secretary.appointments.get().pk, "holiday": Holiday.objects.first().pk,
    }  # fmt: skip


def address(page, things):
    name, _space, thing = page.partition(" ")
    name, _colon, word = name.partition(":")
    return reverse(f"campaigns:{name}", args=[things[thing]] if thing else [word] if word else [])


@pytest.mark.parametrize("who", PEOPLE)
def test_every_page_answers_each_person_as_the_table_says(client, things, request, who):
    client.force_login(request.getfixturevalue(who))
    column = PEOPLE.index(who)

    answers = {page: client.get(address(page, things)).status_code for page in TABLE}

    assert answers == {page: row[column] for page, row in TABLE.items()}


@pytest.mark.parametrize("page", ACTIONS)
@pytest.mark.parametrize("who", PEOPLE)
def test_every_action_answers_each_person_as_the_table_says(client, things, request, who, page):
    client.force_login(request.getfixturevalue(who))

    assert client.post(address(page, things), {"year": 2026}).status_code == ACTIONS[page][PEOPLE.index(who)]


def test_nobody_gets_in_without_signing_in(client, things):
    answers = {page: client.get(address(page, things)).status_code for page in TABLE if "nothing" not in page}

    assert answers == {page: 200 if page == "sign_in_link" else 302 for page in answers}


@pytest.mark.parametrize("n", [1, 3])
def test_the_tree_costs_the_same_for_any_number_of_units(client, committee, officer, own_queries, n):
    for number in range(n):
        unit = make_unit(parent=committee, code=f"N{number}")
        MemberFactory(branch=unit)
        make_unit("party_group", parent=unit, code=f"G{number}")
    client.force_login(officer)
    client.get("/organization/")
    with own_queries(3):
        client.get("/organization/")


@pytest.mark.parametrize("n", [1, 3])
def test_the_roster_costs_the_same_for_any_number_of_members(client, committee, officer, own_queries, n):
    for number in range(n):
        branch = make_unit(parent=committee, code=f"N{number}")
        MemberFactory(
            branch=branch, work_unit=make_unit("office", parent=branch, code=f"O{number}"), user=UserFactory()
        )
    client.force_login(officer)
    client.get("/organization/members/")
    with own_queries(5):
        client.get("/organization/members/")


@pytest.mark.parametrize("n", [1, 3])
def test_a_unit_costs_the_same_for_any_number_of_members(client, committee, branch, officer, own_queries, n):
    for number in range(n):
        member = MemberFactory(branch=branch, user=UserFactory())
        Appointment.objects.create(user=member.user, org_unit=branch, role=Role.ORGANISER)
        make_unit("party_group", parent=branch, code=f"G{number}")
    client.force_login(officer)
    client.get(reverse("campaigns:unit_detail", args=[branch.pk]))
    with own_queries(8):
        client.get(reverse("campaigns:unit_detail", args=[branch.pk]))


@pytest.mark.parametrize("n", [1, 3])
def test_the_list_of_imports_costs_the_same_for_any_number(client, committee, branch, officer, own_queries, n):
    for number in range(n):
        upload(workbook(good(党员编号=f"X{number}")), org_unit=committee, actor=officer)
    client.force_login(officer)
    client.get("/imports/")
    with own_queries(4):
        client.get("/imports/")


@pytest.mark.parametrize("n", [1, 3])
def test_the_page_before_the_slips_costs_the_same_for_any_number(client, branch, officer, own_queries, n):
    for _unused in range(n):
        MemberFactory(branch=branch, user=UserFactory())
        MemberFactory(branch=branch)
    client.force_login(officer)
    client.get("/organization/members/slips/")
    with own_queries(4):
        client.get("/organization/members/slips/")


@pytest.mark.parametrize("n", [1, 3])
def test_the_holidays_cost_the_same_for_any_number(client, officer, own_queries, n):
    Holiday.objects.all().delete()
    for day in range(n):
        Holiday.objects.create(date=date(2026, 5, 1 + day), name=f"第{day}天")
    client.force_login(officer)
    client.get("/holidays/?year=2026")
    with own_queries(3):
        client.get("/holidays/?year=2026")


def test_a_unit_is_added_changed_moved_and_closed(client, committee, branch, officer):
    client.force_login(officer)
    fields = {"name": "新样村党支部", "code": "QY20", "kind": "branch", "phone": "0000-1"}
    client.post(reverse("campaigns:unit_create", args=[committee.pk]), fields)
    unit = OrgUnit.objects.get(code="QY20")
    assert (OrgUnit.objects.get_parent(unit), unit.phone) == (committee, "0000-1")

    client.post(reverse("campaigns:unit_edit", args=[unit.pk]), fields | {"name": "新样社区党支部"})
    general = make_unit("general_branch", parent=committee, code="QY04")
    client.post(reverse("campaigns:unit_move", args=[unit.pk]), {"target": general.pk})
    client.post(reverse("campaigns:unit_close", args=[unit.pk]))

    unit.refresh_from_db()
    assert (unit.name, OrgUnit.objects.get_parent(unit, update=True), unit.is_active) == (
        "新样社区党支部",
        general,
        False,
    )


def test_what_was_typed_survives_a_taken_code(client, committee, branch, officer):
    client.force_login(officer)
    fields = {"name": "新样村党支部", "code": "QY03", "kind": "branch"}

    response = client.post(reverse("campaigns:unit_create", args=[committee.pk]), fields)

    assert response.status_code == 400
    assert response.context["form"].errors["code"] == ["已有单位使用这个代码。"]
    assert 'value="新样村党支部"' in response.content.decode()


def test_a_member_is_added_changed_transferred_and_leaves(client, branch, other_branch, officer):
    client.force_login(officer)
    fields = {
        "name": "沈样甲",
        "number": "N1",
        "status": "full",
        "joined_on": "2010-07-01",
        "confirmed_on": "2011-07-01",
    }
    client.post(reverse("campaigns:member_create", args=[branch.pk]), fields)
    member = Member.objects.get(number="N1")

    client.post(reverse("campaigns:member_edit", args=[member.pk]), fields | {"position": "宣传委员"})
    client.post(reverse("campaigns:member_transfer", args=[member.pk]), {"to": other_branch.pk})
    client.post(reverse("campaigns:member_leave", args=[member.pk]), {"on": "2026-01-01", "reason": "died"})

    member.refresh_from_db()
    assert (member.position, member.branch) == ("宣传委员", other_branch)
    assert (member.left_on, member.left_reason) == (date(2026, 1, 1), "died")


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"number": "P1"}, "number", "已有党员使用这个编号。"),
        ({"joined_on": "2099-01-01"}, "joined_on", "日期2099-01-01在将来。"),
        ({"confirmed_on": "2009-01-01"}, "confirmed_on", "转正时间早于入党时间。"),
        ({"status": "probationary"}, "confirmed_on", "预备党员还没有转正时间。"),
    ],
)
def test_a_wrong_member_comes_back_with_the_sentence_at_the_field(client, branch, officer, fields, field, sentence):
    MemberFactory(branch=branch, number="P1")
    client.force_login(officer)
    right = {
        "name": "沈样乙",
        "number": "N1",
        "status": "full",
        "joined_on": "2010-07-01",
        "confirmed_on": "2011-07-01",
    }

    response = client.post(reverse("campaigns:member_create", args=[branch.pk]), right | fields)

    assert response.status_code == 400
    assert dict(response.context["form"].errors) == {field: [sentence]}
    assert Member.objects.filter(name="沈样乙").count() == 0


def test_a_secretary_cannot_send_a_member_to_a_branch_that_is_not_his(client, branch, other_branch, secretary):
    person = MemberFactory(branch=branch)
    client.force_login(secretary)

    client.post(reverse("campaigns:member_transfer", args=[person.pk]), {"to": other_branch.pk})

    person.refresh_from_db()
    assert person.branch == branch


def test_the_roster_is_filtered(client, branch, other_branch, officer):
    MemberFactory(branch=branch, name="沈样甲", number="A1")
    MemberFactory(branch=other_branch, name="韩样甲", number="A2", status="probationary", confirmed_on=None)
    MemberFactory(branch=branch, name="杨样甲", number="A3", left_on=date(2026, 1, 1))
    client.force_login(officer)

    def names(**query):
        return [member.name for member in client.get("/organization/members/", query).context["members"]]

    assert names() == ["沈样甲", "韩样甲"]
    assert names(branch=other_branch.pk) == ["韩样甲"]
    assert names(status="full") == ["沈样甲"]
    assert names(q="a2") == ["韩样甲"]
    assert names(left="1") == ["杨样甲"]
    assert names(branch="nonsense", status="?") == ["沈样甲", "韩样甲"]


def test_somebody_is_appointed_by_number_and_the_role_ends(client, branch, officer):
    MemberFactory(branch=branch, number="QY03009", name="沈样甲")
    client.force_login(officer)
    fields = {"person": "QY03009", "role": "deputy_secretary", "starts_on": "2026-01-10"}
    client.post(reverse("campaigns:appointment_create", args=[branch.pk]), fields)
    user = User.objects.get(username="qy03009")
    assert may_on_unit(user, "nominate", branch)

    appointment = user.appointments.get()
    client.post(reverse("campaigns:appointment_end", args=[appointment.pk]), {"on": date.today().isoformat()})  # noqa: DTZ011, TID251

    assert not may_on_unit(User.objects.get(pk=user.pk), "nominate", branch)


def test_an_initial_password_is_shown_once_and_must_be_changed(client, branch, officer, secretary):
    client.force_login(officer)

    response = client.post(reverse("campaigns:member_password", args=[secretary.member.pk]))

    secretary.refresh_from_db()
    assert secretary.check_password(response.context["password"])
    assert secretary.must_change_password
    assert response.headers["Cache-Control"].startswith("no-cache, no-store")


def test_slips_are_printed_ten_on_a_page(client, branch, officer):
    for number in range(12):
        MemberFactory(branch=branch, number=f"S{number:02}")
    client.force_login(officer)

    response = client.post("/organization/members/slips/?branch=" + str(branch.pk))

    assert [len(page) for page in response.context["pages"]] == [10, 2]
    assert SignInLink.objects.count() == 12
    assert response.content.decode().count('class="slip"') == 12


def test_a_slip_signs_in_once(client, branch, officer):
    MemberFactory(branch=branch, name="沈样甲")
    client.force_login(officer)
    slip = client.post("/organization/members/slips/").context["pages"][0][0]["slip"]
    client.logout()

    first = client.post("/in/", {"token": slip.spelled.lower()})
    assert (first.status_code, first.url) == (302, "/")
    assert client.get("/").context["user"].name == "沈样甲"
    client.logout()
    second = client.post("/in/", {"token": slip.token})
    assert second.status_code == 400
    assert second.context["form"].errors["token"] == ["这个登录码已经用过。请向党务部门领取新的。"]


def test_an_upload_is_previewed_and_confirmed_in_the_browser(client, committee, branch, officer):
    client.force_login(officer)
    data = {"file": SimpleUploadedFile("名册.xlsx", workbook(good())), "org_unit": committee.pk}

    response = client.post("/imports/new/members/", data, follow=True)
    job = ImportJob.objects.get()
    assert "写入1行" in response.content.decode()
    response = client.post(f"/imports/{job.pk}/confirm/", follow=True)

    assert "名册已写入" in response.content.decode()
    assert Member.objects.filter(number="DY900001").exists()


def test_a_wrong_file_comes_back_with_its_sentence(client, committee, officer):
    client.force_login(officer)
    data = {"file": SimpleUploadedFile("名册.xlsx", b"%PDF-1.7 x"), "org_unit": committee.pk}

    response = client.post("/imports/new/members/", data)

    assert response.status_code == 400
    assert response.context["form"].errors["file"] == ["这是PDF文件，与文件名无关。请上传Excel工作簿（.xlsx）。"]


def test_wrong_cells_are_listed_and_can_be_taken_along(client, committee, branch, officer):
    client.force_login(officer)
    job = upload(workbook(good(), good(党员编号="DY2", 入党时间="201007")), org_unit=committee, actor=officer)

    page = client.get(f"/imports/{job.pk}/").content.decode()
    assert "201007" in page
    sheet = load_workbook(BytesIO(client.get(f"/imports/{job.pk}/errors/").content)).active
    assert [cell.value for cell in sheet[2]] == [
        3,
        "入党时间",
        "201007",
        "日期不完整或不是日期。请写成2010-07-01的样子。",
    ]


def test_the_page_of_a_job_at_work_looks_again_by_itself(client, committee, branch, officer, monkeypatch):
    monkeypatch.setattr(jobs, "SMALL", 0)
    job = upload(workbook(good()), org_unit=committee, actor=officer)
    client.force_login(officer)

    page = client.get(f"/imports/{job.pk}/").content.decode()

    assert job.state == ImportState.UPLOADED
    assert 'hx-trigger="every 2s"' in page
    assert '<meta http-equiv="refresh"' in page


def test_holidays_are_entered_changed_and_deleted(client, officer):
    client.force_login(officer)
    client.post("/holidays/add/", {"date": "2027-05-03", "name": "劳动节"})
    day = Holiday.objects.get(date=date(2027, 5, 3))
    client.post(f"/holidays/{day.pk}/", {"date": "2027-05-08", "name": "劳动节调休", "is_workday": "1"})
    day.refresh_from_db()
    assert (day.date, day.is_workday) == (date(2027, 5, 8), True)

    again = client.post("/holidays/add/", {"date": "2027-05-08"})
    assert again.context["form"].errors["date"] == ["这一天已经在表里。"]
    client.post(f"/holidays/{day.pk}/delete/")
    assert not Holiday.objects.filter(date__year=2027).exists()


def test_an_unknown_year_is_said_clearly(client, officer):
    client.force_login(officer)

    response = client.post("/holidays/fill/", {"year": 2031}, follow=True)

    assert "本版本还没有2031年的国家放假安排" in response.content.decode()
