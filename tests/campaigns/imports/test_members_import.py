from datetime import date, datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone

from campaigns.domain.errors import OutOfOrderError, StaleError
from campaigns.domain.imports.jobs import confirm_import, discard_import
from campaigns.domain.imports.members import MemberList
from campaigns.domain.imports.template import export_workbook
from campaigns.domain.members import update_member
from campaigns.models import ImportState, JournalEntry, Member, MemberStatus, UnitKind
from tests.campaigns.imports.helpers import errors, good, upload, workbook
from tests.factories import MemberFactory, make_unit

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def check(committee, branch, officer):
    return lambda *rows, **kw: upload(workbook(*rows, **kw), org_unit=committee, actor=officer)


def test_a_right_list_is_previewed_and_then_written(check, officer, branch):
    job = check(good(), good(党员编号="DY900002", 姓名="赵样乙", 党员类别="预备", 转正时间=""))

    assert (job.state, job.n_new, job.n_errors, Member.objects.count()) == (ImportState.CHECKED, 2, 0, 0)
    job = confirm_import(job, actor=officer)
    assert job.state == ImportState.WRITTEN
    first, second = Member.objects.order_by("number")
    assert (first.name, first.branch, first.status, first.joined_on, first.confirmed_on, first.position) == (
        "赵样甲", branch, MemberStatus.FULL, date(2010, 7, 1), date(2011, 7, 1), "组织委员",
    )  # fmt: skip
    assert (second.status, second.confirmed_on) == (MemberStatus.PROBATIONARY, None)
    kinds = list(JournalEntry.objects.filter(subject_type="campaigns.importjob").values_list("kind", flat=True))
    assert kinds == ["import_uploaded", "import_confirmed", "import_written"]


def test_the_file_goes_when_the_list_is_written(check, officer, django_capture_on_commit_callbacks):
    job = check(good())
    storage, name = job.file.storage, job.file.name
    assert storage.exists(name)
    with django_capture_on_commit_callbacks(execute=True):
        job = confirm_import(job, actor=officer)

    assert not storage.exists(name)
    assert (job.preview, job.errors) == ({}, [])


def test_the_file_goes_when_the_list_is_given_up(check, officer, django_capture_on_commit_callbacks):
    job = check(good())
    with django_capture_on_commit_callbacks(execute=True):
        discard_import(job, actor=officer)

    job.refresh_from_db()
    assert job.state == ImportState.DISCARDED
    assert not job.file.storage.exists(job.file.name)
    with pytest.raises(OutOfOrderError):
        confirm_import(job, actor=officer)


@pytest.mark.parametrize(
    ("heading", "value", "sentence"),
    [
        ("党员编号", "", "The cell is blank."),
        ("党员编号", 110101199001011234, "Excel keeps this as a number and has lost all digits after the 15th."),
        ("党员编号", "A 1", "There is a blank inside the code."),
        ("党员编号", "A" * 21, "The text has 21 characters; at most 20 fit."),
        ("党员编号", "DY\u200b1", "There is a line break or an invisible character (U+200B)"),
        ("姓名", "+赵样甲", "The text begins with “+”, as a formula does."),
        ("姓名", "＝赵样甲", "The text begins with “＝”, as a formula does."),
        ("姓名", "-赵样甲", "The text begins with “-”, as a formula does."),
        ("姓名", "@赵样甲", "The text begins with “@”, as a formula does."),
        ("姓名", "赵样\n甲", "There is a line break or an invisible character (U+000A)"),
        ("姓名", "赵" * 61, "The text has 61 characters; at most 60 fit."),
        ("姓名", True, "TRUE or FALSE is not expected here."),
        ("姓名", date(2020, 1, 1), "Excel keeps this cell as a date or time."),
        ("性别", "M", "Only these words are known: 男、女."),
        ("党支部代码", "QY99", "There is no unit with this code or name."),
        ("党支部代码", "QY", "中共示例县青样镇委员会 is not a Party branch."),
        ("党支部代码", "", "The cell is blank."),
        ("工作单位代码", "没有", "There is no unit with this code or name."),
        ("党员类别", "积极分子", "Only these words are known: 正式、预备."),
        ("入党时间", "201007", "This is not a whole date."),
        ("入党时间", 201007, "This is not a whole date."),
        ("入党时间", 2010, "This is not a whole date."),
        ("入党时间", "2010年7月", "This is not a whole date."),
        ("入党时间", "01/07/2010", "This is not a whole date."),
        ("入党时间", "2010-02-30", "There is no such day in the calendar."),
        ("入党时间", 20100230, "There is no such day in the calendar."),
        ("入党时间", "1910-07-01", "The date 1910-07-01 lies before July 1921."),
        ("转正时间", "2010-06-30", "The date confirmed lies before the date joined."),
    ],
)
def test_every_wrong_cell_is_named_by_row_and_heading(check, heading, value, sentence):
    job = check(good(), good(党员编号="DY900002"), good(**{"党员编号": "DY900003", heading: value}))

    assert job.state == ImportState.REFUSED
    [(row, column, error)] = errors(job)
    assert (row, column) == (4, heading)
    assert error.startswith(sentence)
    assert Member.objects.count() == 0


def test_every_wrong_cell_of_a_row_is_named(check):
    row = good(党员编号="A 1", 姓名="", 党支部代码="QY99", 党员类别="预备", 入党时间="201007")

    assert [column for _row, column, _error in errors(check(row))] == [
        "党员编号", "姓名", "入党时间", "党支部代码", "转正时间",
    ]  # fmt: skip


def test_the_preview_shows_changes_behind_many_new_rows(check, branch):
    MemberFactory(number="OLD", branch=branch)
    job = check(*(good(党员编号=f"DY{i}") for i in range(30)), good(党员编号="OLD"))

    assert [row["row"] for row in job.preview["rows"]] == [*range(2, 12), 32]


def test_a_future_day_is_refused(check):
    tomorrow = timezone.localdate() + timedelta(days=1)

    assert errors(check(good(入党时间=tomorrow, 转正时间=""))) == [
        (2, "入党时间", f"The date {tomorrow} lies in the future.")
    ]


def test_a_probationary_member_has_no_date_of_confirmation(check):
    assert errors(check(good(党员类别="预备"))) == [
        (2, "转正时间", "A probationary member has no date of confirmation yet.")
    ]


@pytest.mark.parametrize(
    "written",
    [
        "2010-07-01", "2010/7/1", "2010.7.1", "2010年7月1日", "2010年07月01日", "20100701", 20100701, 40360, 40360.5,
        date(2010, 7, 1), datetime(2010, 7, 1, 9, 30), " ２０１０-07-01 ", "2010-07-01 00:00:00",  # noqa: DTZ001  Excel knows no zones
    ],
)  # fmt: skip
def test_days_are_read_as_people_write_them(check, officer, written):
    confirm_import(check(good(入党时间=written)), actor=officer)

    assert Member.objects.get().joined_on == date(2010, 7, 1)


def test_the_branch_may_be_written_by_name(check, officer, branch):
    confirm_import(check(good(党支部代码=branch.name)), actor=officer)

    assert Member.objects.get().branch == branch


def test_a_name_that_two_units_have_needs_the_code(check, committee):
    make_unit(UnitKind.BRANCH, parent=committee, code="A1", name="同名党支部")
    make_unit(UnitKind.BRANCH, parent=committee, code="A2", name="同名党支部")

    assert errors(check(good(党支部代码="同名党支部"))) == [
        (2, "党支部代码", "Several units have this name (codes A1、A2). Write the code.")
    ]


def test_blanks_that_tables_put_into_names_are_taken_out(check, officer):
    confirm_import(check(good(姓名="赵　甲", 党员编号=" DY1 ")), actor=officer)

    member = Member.objects.get()
    assert (member.name, member.number) == ("赵甲", "DY1")


def test_a_short_number_kept_by_excel_as_a_number_is_taken(check, officer):
    confirm_import(check(good(党员编号=2023001)), actor=officer)

    assert Member.objects.get().number == "2023001"


def test_zeros_dropped_by_excel_are_noticed(check, branch):
    MemberFactory(number="000123", branch=branch)

    assert errors(check(good(党员编号=123))) == [
        (2, "党员编号", "The roster has 000123: Excel has dropped the zeros in front.")
    ]


def test_a_number_that_stands_twice_names_both_rows(check):
    assert errors(check(good(), good(党员编号="DY2"), good(姓名="赵样丙"))) == [
        (4, "党员编号", "Row 2 and row 4 are about the same one. Take one of them out.")
    ]


def test_blank_rows_are_skipped_and_row_numbers_stay_those_of_excel(check):
    job = check(good(), [None] * 9, ["", "  "], good(党员编号="DY2", 党员类别="?"))

    assert [(row, column) for row, column, _error in errors(job)] == [(5, "党员类别")]


def test_one_wrong_row_stops_the_whole_list(check, officer):
    job = check(*(good(党员编号=f"DY{i:05}") for i in range(1500)), good(党员类别="?"))

    assert (job.state, job.n_errors, job.errors[0]["row"]) == (ImportState.REFUSED, 1, 1502)
    with pytest.raises(OutOfOrderError):
        confirm_import(job, actor=officer)
    assert Member.objects.count() == 0


def test_all_errors_are_counted_and_the_first_500_kept(check):
    job = check(*(good(党员编号=f"DY{i:05}", 性别="?") for i in range(600)))

    assert (job.n_errors, len(job.errors)) == (600, 500)


def test_new_changed_and_unchanged_are_told_apart(check, officer, branch, other_branch):
    for number, name in (("DY1", "赵样甲"), ("DY2", "赵样乙")):
        MemberFactory(number=number, name=name, branch=branch, gender="male", position="组织委员")
    user_id = Member.objects.get(number="DY1").user_id

    job = check(good(党员编号="DY1"), good(党员编号="DY2", 姓名="赵样乙", 党支部代码="QY05"), good(党员编号="DY3"))

    assert (job.n_same, job.n_changed, job.n_new) == (1, 1, 1)
    changed = next(row for row in job.preview["rows"] if not row["new"])
    cell = next(cell for cell in changed["cells"] if cell["changed"])
    assert (changed["row"], cell["text"], cell["old"]) == (3, "QY05", branch.name)
    confirm_import(job, actor=officer)
    moved = Member.objects.get(number="DY2")
    assert (moved.branch, moved.user_id) == (other_branch, user_id)


def test_a_column_that_is_left_out_leaves_the_values_alone(officer, committee, branch):
    MemberFactory(number="DY1", branch=branch, position="组织委员", gender="female")
    headings = ["党员编号", "姓名", "党支部代码", "党员类别", "入党时间"]
    data = workbook(["DY1", "赵样新", "QY03", "正式", "2010-07-01"], headings=headings)

    confirm_import(upload(data, org_unit=committee, actor=officer), actor=officer)

    member = Member.objects.get()
    assert (member.name, member.position, member.gender, member.confirmed_on) == (
        "赵样新", "组织委员", "female", date(2011, 7, 1),
    )  # fmt: skip


def test_a_blank_cell_clears_a_value(check, officer, branch):
    MemberFactory(number="DY900001", branch=branch, position="组织委员")

    confirm_import(check(good(职务="", 转正时间="")), actor=officer)

    member = Member.objects.get()
    assert (member.position, member.confirmed_on) == ("", None)


def test_members_of_others_cannot_be_taken_over(branch, other_branch, secretary):
    MemberFactory(number="DY1", branch=other_branch)
    job = upload(workbook(good(党员编号="DY1"), good(党支部代码="QY05")), org_unit=branch, actor=secretary)

    assert errors(job) == [
        (2, "党员编号", "This number belongs to a member of another organisation."),
        (3, "党支部代码", "上样村党支部 does not belong to 青样镇便民服务中心党支部."),
    ]


def test_somebody_who_has_left_is_not_written_over(check, branch):
    MemberFactory(number="DY900001", branch=branch, left_on=date(2025, 1, 1))

    assert errors(check(good()))[0][2] == "This member left on 2025-01-01. Bring him back on his page first."


def test_a_change_that_matters_between_check_and_confirmation_is_shown_first(check, officer, branch):
    member = MemberFactory(number="DY900001", name="赵样旧", branch=branch)
    job = check(good())
    update_member(member, actor=officer, name="赵样新")

    with pytest.raises(StaleError):
        confirm_import(job, actor=officer)

    job.refresh_from_db()
    assert (job.state, job.is_stale) == (ImportState.CHECKED, True)
    assert job.preview["rows"][0]["cells"][1]["old"] == "赵样新"
    assert Member.objects.get().name == "赵样新"
    assert confirm_import(job, actor=officer).state == ImportState.WRITTEN
    assert Member.objects.get().name == "赵样甲"


def test_a_change_that_does_not_matter_holds_nothing_up(check, officer, other_branch):
    job = check(good())
    MemberFactory(number="DY1", branch=other_branch)

    assert confirm_import(job, actor=officer).state == ImportState.WRITTEN


def test_a_change_that_makes_a_row_wrong_refuses_the_list(check, officer, branch):
    job = check(good())
    branch.is_active = False
    branch.save()

    with pytest.raises(StaleError):
        confirm_import(job, actor=officer)

    job.refresh_from_db()
    assert (job.state, errors(job)[0][1]) == (ImportState.REFUSED, "党支部代码")


def test_a_second_confirmation_is_out_of_order(check, officer):
    job = check(good())
    confirm_import(job, actor=officer)

    with pytest.raises(OutOfOrderError):
        confirm_import(job, actor=officer)


def test_without_the_right_nothing_begins(committee, branch, member, secretary):
    for actor in (member, secretary):
        with pytest.raises(PermissionDenied):
            upload(workbook(good()), org_unit=committee, actor=actor)


def test_the_export_can_be_imported_again(committee, branch, other_branch, officer):
    office = make_unit(UnitKind.OFFICE, parent=committee, code="BG", name="党建办公室")
    MemberFactory(number="00012", branch=branch, gender="male", work_unit=office, position="书记")
    MemberFactory(number="DY2", branch=other_branch, status="probationary", confirmed_on=None)
    MemberFactory(number="110101199001011234", branch=other_branch, gender="female")
    before = list(Member.objects.order_by("pk").values())

    job = upload(export_workbook(MemberList, org_unit=committee, actor=officer), org_unit=committee, actor=officer)

    assert (job.n_same, job.n_changed, job.n_new, job.errors) == (3, 0, 0, [])
    confirm_import(job, actor=officer)
    assert list(Member.objects.order_by("pk").values()) == before


def test_the_export_covers_only_what_the_person_keeps(branch, other_branch, secretary, committee):
    MemberFactory(branch=other_branch)

    with pytest.raises(PermissionDenied):
        export_workbook(MemberList, org_unit=committee, actor=secretary)
