import pytest

from campaigns.domain.imports.jobs import confirm_import
from campaigns.domain.imports.template import export_workbook
from campaigns.domain.imports.units import UnitList
from campaigns.models import OrgUnit, UnitKind
from tests.campaigns.imports.helpers import errors, upload, workbook
from tests.factories import MemberFactory, make_unit

pytestmark = pytest.mark.django_db
HEADINGS = ["单位代码", "单位名称", "单位类型", "上级代码", "电话", "地址", "邮编", "办公时间"]


@pytest.fixture(autouse=True)
def _english(settings):
    settings.LANGUAGE_CODE = "en"


@pytest.fixture
def check(committee, officer):
    def run(*rows, org_unit=committee, actor=officer):
        data = workbook(*rows, sheet="组织名册", headings=HEADINGS[: len(rows[0])])
        return upload(data, kind="units", org_unit=org_unit, actor=actor)

    return run


def test_a_tree_is_built_from_the_list(check, officer, committee):
    job = check(
        ["QY04", "青样社区党总支", "党总支", "QY", "0000-1234567"],
        ["QY041", "第一网格党支部", "党支部", "QY04", "+86 0000"],
        ["BG", "党建办公室", "办公室", "QY", None],
    )

    assert job.errors == []
    confirm_import(job, actor=officer)
    assert [(u.code, u.depth, u.numchild, u.phone) for u in OrgUnit.objects.order_by("path")] == [
        ("QY", 1, 2, "0000-1234567"), ("QY04", 2, 1, "0000-1234567"), ("QY041", 3, 0, "+86 0000"), ("BG", 2, 0, ""),
    ]  # fmt: skip
    assert OrgUnit.objects.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize(
    ("row", "column", "sentence"),
    [
        (["N1", "新支部", "党支部", "XX", ""], "上级代码", "There is no unit with this code, neither in the tree"),
        (["N1", "新支部", "党支部", "", ""], "上级代码", "A new unit needs the code of the unit above it."),
        (["N1", "新小组", "党小组", "QY", ""], "单位类型", "A Party group is part of a Party branch"),
        (["N1", "新支部", "党支部", "QY03", ""], "单位类型", "Party branch cannot lie below Party branch."),
        (["QY03", "便民党支部", "党支部", "QY05", ""], "上级代码", "The unit lies below 中共示例县青样镇委员会."),
        (["QY03", "便民办公室", "办公室", "QY", ""], "单位类型", "Members belong to this unit"),
        (["N1", "新支部", "支部", "QY", ""], "单位类型", "Only these words are known: "),
        (["N1", "新支部", "党支部", "QY", "打电话"], "电话", "This is not a telephone number."),
        (["OTHER", "别处", "党委", "", ""], "单位代码", "别处 does not belong to 中共示例县青样镇委员会."),
    ],
)
def test_a_wrong_unit_is_named(check, branch, other_branch, row, column, sentence):
    MemberFactory(branch=branch)
    make_unit(UnitKind.COMMITTEE, code="OTHER", name="别处")

    [(number, heading, error)] = errors(check(row))

    assert (number, heading) == (2, column)
    assert error.startswith(sentence)


def test_contacts_change_and_the_place_stays(check, branch, officer):
    job = check(["QY03", "青样镇便民服务中心党支部", "党支部", "QY", "0000-7654321"])

    assert (job.n_changed, job.n_new) == (1, 0)
    confirm_import(job, actor=officer)
    branch.refresh_from_db()
    assert (branch.phone, branch.depth) == ("0000-7654321", 2)


def test_the_export_can_be_imported_again(committee, branch, other_branch, officer):
    make_unit(
        UnitKind.OFFICE, parent=branch, code="BG", name="办公室", address="示例县青样镇示范路1号", postcode="000000"
    )
    before = list(OrgUnit.objects.order_by("path").values())

    data = export_workbook(UnitList, org_unit=committee, actor=officer)
    job = upload(data, kind="units", org_unit=committee, actor=officer)

    assert (job.n_same, job.n_changed, job.n_new, job.errors) == (4, 0, 0, [])
    confirm_import(job, actor=officer)
    assert list(OrgUnit.objects.order_by("path").values()) == before


def test_a_list_below_a_branch_of_the_tree_builds_only_there(check, committee, branch, officer):
    assert errors(check(["N1", "科室", "科室", "QY", ""], org_unit=branch)) == [
        (2, "上级代码", "中共示例县青样镇委员会 does not belong to 青样镇便民服务中心党支部.")
    ]
