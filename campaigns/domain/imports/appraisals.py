"""The list of appraisal grades: one row a member and year."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.appraisals import appraisal_problem
from campaigns.domain.imports import base, cells
from campaigns.models import Appraisal, Grade, Member

GRADE_WORDS = {
    "优秀": Grade.EXCELLENT,
    "合格": Grade.QUALIFIED,
    "基本合格": Grade.BASIC,
    "不合格": Grade.UNQUALIFIED,
}
_GRADE_OUT = {grade: word for word, grade in GRADE_WORDS.items()}


class AppraisalList(base.ImportList):
    """民主评议结果: the member by his number; a grade of the same year is corrected."""

    code = "appraisals"
    sheet = "民主评议结果"
    label = gettext_lazy("Annual appraisals of members")
    permission = "manage_roster"
    columns = (
        base.ListColumn(
            "党员编号", "number", cells.code(20), gettext_lazy("Number of the member on the roster."), "QY03001",
            needed=True, width=16,
        ),
        base.ListColumn(
            "姓名", "name", cells.person_name(60), gettext_lazy("Only compared: it guards against a wrong number."),
            "赵样甲",
        ),
        base.ListColumn(
            "年度", "year", cells.year, gettext_lazy("The year of the appraisal, like 2025."), "2025", needed=True,
            width=10,
        ),
        base.ListColumn(
            "等次", "grade", cells.choice(GRADE_WORDS), gettext_lazy("Choose from the list."), "合格", needed=True,
            choices=tuple(GRADE_WORDS), width=12,
        ),
    )  # fmt: skip

    def __init__(self, scope, actor):
        super().__init__(scope, actor)
        members = Member.objects.active().within(scope)
        self.members = {member.number: member for member in members}
        rows = Appraisal.objects.filter(member__branch__path__startswith=scope.path)
        self.known = {(member, year): grade for member, year, grade in rows.values_list("member", "year", "grade")}

    def key(self, values):
        found = values.get("number"), values.get("year")
        return found if all(found) else None

    def judge(self, values) -> Iterator[base.Problem]:
        number = values.get("number")
        member = self.members.get(number)
        if number and member is None:
            yield base.Problem("number", _("There is no member with this number on the roster here."))
        if member is None:
            return
        if values.get("name") and values["name"] != member.name:
            yield base.Problem("name", _("The name does not go with the number."))
        if values.get("year") and (problem := appraisal_problem(member, values["year"])):
            yield base.Problem("year", problem)

    def compare(self, values):
        old = self.known.get((self.members[values["number"]].pk, values["year"]))
        if old is None:
            return base.Comparison(base.NEW)
        if old == values["grade"]:
            return base.Comparison(base.SAME)
        return base.Comparison(base.CHANGED, {"grade": (_GRADE_OUT[old], _GRADE_OUT[values["grade"]])})

    def write(self, rows):
        # Somebody may have left the roster since the check: the confirmed file is written to its end all the same.
        numbers = {values["number"] for values in rows}
        members = dict(Member.objects.filter(number__in=numbers).values_list("number", "pk"))
        Appraisal.objects.bulk_create(
            [
                Appraisal(member_id=members[values["number"]], year=values["year"], grade=values["grade"])
                for values in rows
            ],
            update_conflicts=True,
            unique_fields=["member", "year"],
            update_fields=["grade"],
        )

    def fingerprint(self):
        digest = self.tree_digest()
        people = sorted((m.number, m.name, m.status, m.joined_on.year) for m in self.members.values())
        digest.update(repr((people, sorted(self.known.items()))).encode())
        return digest.hexdigest()

    def export_rows(self):
        rows = Appraisal.objects.filter(member__branch__path__startswith=self.scope.path, member__left_on__isnull=True)
        for appraisal in rows.select_related("member").order_by("member__number", "year").iterator(chunk_size=2000):
            yield appraisal.member.number, appraisal.member.name, appraisal.year, _GRADE_OUT[appraisal.grade]
