import pytest

from campaigns.domain.imports.appointments import AppointmentList
from campaigns.domain.imports.jobs import confirm_import
from campaigns.domain.imports.template import export_workbook
from campaigns.models import Appointment, Member, Role, User
from campaigns.permissions import may_on_unit
from tests.campaigns.imports.helpers import errors, upload, workbook
from tests.factories import MemberFactory, UserFactory

pytestmark = pytest.mark.django_db
HEADINGS = ["党员编号", "姓名", "单位代码", "职务", "任职时间"]


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def check(committee, branch, officer):
    def run(*rows):
        data = workbook(*rows, sheet="任职名册", headings=HEADINGS)
        return upload(data, kind="appointments", org_unit=committee, actor=officer)

    return run


def test_a_member_without_an_account_gets_one_with_his_role(check, branch, officer):
    MemberFactory(number="QY03001", name="赵样甲", branch=branch)

    confirm_import(check(["QY03001", "赵样甲", "QY03", "党支部书记", "2026-01-10"]), actor=officer)

    user = User.objects.get(username="qy03001")
    assert (user.name, user.has_usable_password(), Member.objects.get(user=user).number) == ("赵样甲", False, "QY03001")
    assert may_on_unit(user, "nominate", branch)


def test_an_account_name_will_do(check, committee, officer):
    user = UserFactory(username="wu")

    confirm_import(check(["wu", "", "QY", "党委委员", ""]), actor=officer)

    assert [(a.org_unit, a.role) for a in user.appointments.all()] == [(committee, Role.COMMITTEE_MEMBER)]


def test_two_roles_of_a_new_account_in_one_list(check, branch, officer):
    MemberFactory(number="QY03001", branch=branch)

    confirm_import(
        check(["QY03001", "", "QY03", "组织委员", ""], ["QY03001", "", "QY", "考核组成员", ""]), actor=officer
    )

    assert Appointment.objects.filter(user__username="qy03001").count() == 2


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (["NOBODY", "", "QY03", "组织委员", ""], "党员编号", "There is no member with this number and no account"),
        (["QY03001", "别人", "QY03", "组织委员", ""], "姓名", "The name does not go with the number."),
        (["QY03001", "", "QY99", "组织委员", ""], "单位代码", "There is no unit with this code or name."),
        (["QY03001", "", "QY03", "主席", ""], "职务", "Only these words are known: 党支部书记、"),
    ],
)
def test_a_wrong_appointment_is_named(check, branch, row, column, sentence):
    MemberFactory(number="QY03001", name="赵样甲", branch=branch)

    [(number, heading, error)] = errors(check(row))

    assert (number, heading) == (2, column)
    assert error.startswith(sentence)


def test_the_same_role_twice_names_both_rows(check, branch):
    MemberFactory(number="QY03001", branch=branch)
    row = ["QY03001", "", "QY03", "组织委员", ""]

    assert errors(check(row, row))[0][2] == "Row 2 and row 3 are about the same one. Take one of them out."


def test_the_export_can_be_imported_again(committee, branch, secretary, officer):
    before = list(Appointment.objects.order_by("pk").values())

    data = export_workbook(AppointmentList, org_unit=committee, actor=officer)
    job = upload(data, kind="appointments", org_unit=committee, actor=officer)

    assert (job.n_same, job.n_new, job.errors) == (2, 0, [])
    confirm_import(job, actor=officer)
    assert list(Appointment.objects.order_by("pk").values()) == before
