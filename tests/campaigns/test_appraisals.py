"""Grades of the yearly appraisal 民主评议党员: entered on the member's page, or as an Excel list."""

from datetime import date

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from campaigns.domain.appraisals import latest_appraisals, record_appraisal
from campaigns.domain.errors import DomainError
from campaigns.domain.imports.appraisals import AppraisalList
from campaigns.domain.imports.jobs import confirm_import
from campaigns.domain.imports.template import export_workbook
from campaigns.models import Appraisal
from tests.campaigns.imports.helpers import errors, upload, workbook
from tests.factories import MemberFactory

HEADINGS = ["党员编号", "姓名", "年度", "等次"]


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(date(2026, 3, 1), tick=False):
        yield


@pytest.fixture
def person(branch):
    return MemberFactory(number="QY03001", name="赵样甲", branch=branch)


@pytest.fixture
def take_in(committee, officer):
    return lambda data: upload(data, kind="appraisals", org_unit=committee, actor=officer)


def as_(user):
    client = Client()
    client.force_login(user)
    return client


def test_a_grade_of_the_same_year_is_corrected(person, officer):
    record_appraisal(person, actor=officer, year=2025, grade="qualified")
    record_appraisal(person, actor=officer, year=2025, grade="excellent")
    record_appraisal(person, actor=officer, year=2024, grade="unqualified")

    assert list(person.appraisals.values_list("year", "grade")) == [(2025, "excellent"), (2024, "unqualified")]
    newest = latest_appraisals([person.pk])[person.pk]
    assert (newest.year, newest.is_doubtful) == (2025, False)


@pytest.mark.parametrize(
    ("fields", "year", "grade", "field"),
    [
        ({}, 2027, "qualified", "year"),
        ({}, 1989, "qualified", "year"),
        ({"joined_on": date(2024, 7, 1), "confirmed_on": date(2025, 7, 1)}, 2023, "qualified", "year"),
        ({"status": "probationary", "confirmed_on": None}, 2025, "qualified", "year"),
        ({}, 2025, "good", "grade"),
    ],
)
def test_what_cannot_be_is_refused(branch, officer, fields, year, grade, field):
    with pytest.raises(DomainError) as error:
        record_appraisal(MemberFactory(branch=branch, **fields), actor=officer, year=year, grade=grade)
    assert error.value.field == field


@pytest.mark.parametrize(
    ("who", "status"), [("officer", 302), ("secretary", 302), ("committee_member", 403), ("stranger", 404)]
)
def test_who_keeps_the_roster_enters_grades(request, person, who, status):
    client = as_(request.getfixturevalue(who))
    url = reverse("campaigns:appraisal_create", args=[person.pk])

    assert client.post(url, {"year": 2025, "grade": "qualified"}).status_code == status
    assert Appraisal.objects.exists() is (status == 302)


def test_the_page_shows_and_removes_a_grade(person, officer, stranger):
    appraisal = record_appraisal(person, actor=officer, year=2025, grade="basically_qualified")
    client, page = as_(officer), reverse("campaigns:member_detail", args=[person.pk])
    assert "基本合格" in client.get(page).content.decode()
    remove = reverse("campaigns:appraisal_remove", args=[appraisal.pk])
    assert as_(stranger).post(remove).status_code == 404
    client.post(remove)
    assert not Appraisal.objects.exists()
    assert "撤下民主评议等次" in client.get(f"/history/member/{person.pk}/").content.decode()


def test_a_list_is_taken_in_and_given_out_again(take_in, committee, branch, officer, person):
    MemberFactory(number="QY03002", name="钱样甲", branch=branch)
    record_appraisal(person, actor=officer, year=2025, grade="qualified")
    rows = [["QY03001", "赵样甲", 2025, "优秀"], ["QY03002", "钱样甲", "2025年", "合格"]]
    job = take_in(workbook(*rows, sheet="民主评议结果", headings=HEADINGS))
    assert (job.n_new, job.n_changed) == (1, 1)
    confirm_import(job, actor=officer)

    given = Appraisal.objects.order_by("member__number").values_list("member__number", "year", "grade")
    assert list(given) == [("QY03001", 2025, "excellent"), ("QY03002", 2025, "qualified")]
    again = take_in(export_workbook(AppraisalList, org_unit=committee, actor=officer))
    assert (again.n_new, again.n_changed, again.n_same) == (0, 0, 2)


def test_each_wrong_cell_is_named(take_in, person, branch):
    MemberFactory(number="QY03009", name="孙样甲", branch=branch, status="probationary", confirmed_on=None)
    rows = [
        ["QY09999", "某某", 2025, "优秀"],
        ["QY03001", "李某", 2025, "良好"],
        ["QY03001", "", "去年", "合格"],
        ["QY03009", "", 2025, "合格"],
    ]
    job = take_in(workbook(*rows, sheet="民主评议结果", headings=HEADINGS))

    assert [(row, column) for row, column, *_rest in errors(job)] == [
        (2, "党员编号"),
        (3, "等次"),
        (3, "姓名"),
        (4, "年度"),
        (5, "年度"),
    ]
