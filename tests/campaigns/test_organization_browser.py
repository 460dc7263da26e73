"""The organisation in a real browser: every page fits and is accessible; a list is taken in; a slip signs in."""

import pytest

from campaigns.domain.sign_in_links import make_slips
from campaigns.models import Member
from tests.browser import assert_accessible, assert_fits, sign_in
from tests.campaigns.imports.helpers import good, upload, workbook
from tests.factories import MemberFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_every_page_fits_and_is_accessible(size, request, live_server, committee, branch, officer, secretary):
    page = request.getfixturevalue(size)
    job = upload(workbook(good(), good(党员编号="D2", 党员类别="?")), org_unit=committee, actor=officer)
    sign_in(page, officer, live_server)
    member, appointment = secretary.member.pk, secretary.appointments.get().pk
    for address in (
        "organization/", f"organization/units/{committee.pk}/", f"organization/units/{branch.pk}/",
        f"organization/units/{branch.pk}/add/", f"organization/units/{branch.pk}/move/",
        f"organization/units/{branch.pk}/close/", f"organization/units/{branch.pk}/appoint/",
        f"organization/appointments/{appointment}/end/", "organization/members/", f"organization/members/{member}/",
        f"organization/members/{member}/edit/", f"organization/members/{member}/transfer/",
        f"organization/members/{member}/leave/", "organization/members/slips/", "imports/", "imports/new/members/",
        f"imports/{job.pk}/", "holidays/", "holidays/?year=2031", "holidays/add/", "in/",
    ):  # fmt: skip
        page.goto(f"{live_server.url}/{address}")
        assert_accessible(page)
        assert_fits(page)


def test_a_list_is_uploaded_looked_at_and_written(desktop, live_server, tmp_path, committee, branch, officer):
    file = tmp_path / "名册.xlsx"
    file.write_bytes(workbook(good()))
    sign_in(desktop, officer, live_server)
    desktop.goto(f"{live_server.url}/imports/new/members/")
    desktop.get_by_label("Excel工作簿（.xlsx）").set_input_files(file)
    desktop.get_by_role("button", name="上传并检查").click()
    assert_accessible(desktop)
    desktop.get_by_role("button", name="写入1行").click()
    desktop.get_by_text("名册已写入").wait_for()

    assert Member.objects.filter(number="DY900001").exists()


def test_a_scanned_slip_fills_the_code_in_and_signs_in(phone, live_server, branch, officer):
    [slip], _passed_over = make_slips([MemberFactory(branch=branch, name="沈样甲")], actor=officer)
    phone.goto(f"{live_server.url}/in/#{slip.token}")
    phone.get_by_role("button", name="登录", exact=True).click()
    phone.wait_for_url(f"{live_server.url}/")

    assert "沈样甲" in phone.content()
    assert slip.token not in phone.url
