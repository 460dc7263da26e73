"""The list of org units."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.imports import base, cells
from campaigns.domain.units import why_not_below
from campaigns.models import Member, OrgUnit, UnitKind

KIND_WORDS = {
    "党委": UnitKind.COMMITTEE,
    "党工委": UnitKind.WORKING_COMMITTEE,
    "下级党委": UnitKind.SUB_COMMITTEE,
    "党总支": UnitKind.GENERAL_BRANCH,
    "党支部": UnitKind.BRANCH,
    "党小组": UnitKind.PARTY_GROUP,
    "上级机关": UnitKind.SUPERIOR,
    "办公室": UnitKind.OFFICE,
    "部门": UnitKind.DEPARTMENT,
    "科室": UnitKind.SECTION,
    "项目部": UnitKind.PROJECT_TEAM,
    "服务岗位": UnitKind.SERVICE_POST,
    "村(社区)": UnitKind.VILLAGE,
    "村（社区）": UnitKind.VILLAGE,
    "村": UnitKind.VILLAGE,
    "社区": UnitKind.VILLAGE,
}
_KIND_OUT = {kind: next(word for word, behind in KIND_WORDS.items() if behind == kind) for kind in UnitKind.values}
_STORED = ("name", "kind", "phone", "address", "postcode", "office_hours")


class UnitResource(base.ListResource):
    """Units by code. A new one is hung into the tree; treebeard has no bulk way to do that."""

    class Meta:
        model = OrgUnit
        import_id_fields = ("code",)
        fields = ("code", *_STORED)
        use_bulk = False
        skip_diff = True
        use_transactions = False

    def save_instance(self, instance, is_create, row, **kwargs):
        if not is_create:
            instance.save(update_fields=[name for name in self.fields if name != "code"])
            return
        parent = OrgUnit.objects.select_for_update().get(code=row["parent"])
        OrgUnit.objects.add_child(parent, instance=instance)


class UnitList(base.ImportList):
    """组织名册: one row a unit, told apart by its code; a superior stands above what lies below it."""

    code = "units"
    sheet = "组织名册"
    label = gettext_lazy("Org units")
    permission = "manage_organization"
    chunk = 200
    columns = (
        base.ListColumn(
            "单位代码", "code", cells.code(30), gettext_lazy("Your own code of the unit; never used twice."), "QY03",
            needed=True, aliases=("代码",),
        ),
        base.ListColumn(
            "单位名称", "name", cells.plain_text(120), gettext_lazy("Full name, as it is printed on documents."),
            "青样镇便民服务中心党支部", needed=True, aliases=("名称",), width=32,
        ),
        base.ListColumn(
            "单位类型", "kind", cells.choice(KIND_WORDS), gettext_lazy("Choose from the list."), "党支部", needed=True,
            aliases=("类型",), choices=tuple(_KIND_OUT.values()),
        ),
        base.ListColumn(
            "上级代码", "parent", cells.code(30),
            gettext_lazy("Code of the unit above; it is in the tree already or stands higher up in the list."), "QY",
            aliases=("上级单位代码",),
        ),
        base.ListColumn(
            "电话", "phone", cells.phone(40), gettext_lazy("Printed on notices and plaques."), "0000-1234567"
        ),
        base.ListColumn(
            "地址", "address", cells.plain_text(200), gettext_lazy("Where people find the unit."), "", width=28
        ),
        base.ListColumn("邮编", "postcode", cells.code(10), gettext_lazy("Six digits."), "000000", width=10),
        base.ListColumn(
            "办公时间", "office_hours", cells.plain_text(120), gettext_lazy("When somebody is there."),
            "工作日8:30—12:00、14:00—17:30", width=30,
        ),
    )  # fmt: skip

    def __init__(self, scope, actor):
        super().__init__(scope, actor)
        self.by_path = {unit.path: unit for unit in self.units.values()}
        self.with_members = set(Member.objects.values_list("branch_id", flat=True).distinct())
        self.planned: dict[str, str] = {}  # codes of the file so far → kind

    def key(self, values):
        return values.get("code")

    def judge(self, values) -> Iterator[base.Problem]:
        code, kind, parent = values.get("code"), values.get("kind"), values.get("parent")
        if not code or not kind:
            return
        old = self.units.get(code)
        above = self._above(old) if old else None
        if old and not self.covers(old):
            yield base.Problem("code", self.outside(old))
        elif old and "parent" in values and old.pk != self.scope.pk and parent != above.code:
            sentence = _("The unit lies below %(unit)s. A list does not move units; move it on its page.")
            yield base.Problem("parent", sentence % {"unit": above})
        elif not old:
            yield from self._judge_place(code, kind, parent)
        if old and kind != old.kind:
            if old.pk in self.with_members and kind != UnitKind.BRANCH:
                yield base.Problem("kind", _("Members belong to this unit: it stays a Party branch."))
            elif problem := why_not_below(kind, above.kind if above else None):
                yield base.Problem("kind", problem)
        self.planned[code] = kind

    def _judge_place(self, code, kind, parent) -> Iterator[base.Problem]:
        if not parent:
            yield base.Problem("parent", _("A new unit needs the code of the unit above it."))
            return
        above = self.units.get(parent)
        if above is None and parent not in self.planned:
            yield base.Problem(
                "parent", _("There is no unit with this code, neither in the tree nor higher up in this list.")
            )
        elif above is not None and not self.covers(above):
            yield base.Problem("parent", self.outside(above))
        elif above is not None and not above.is_active:
            yield base.Problem("parent", _("%(unit)s is no longer in use.") % {"unit": above.name})
        elif problem := why_not_below(kind, self.planned.get(parent) or above.kind):
            yield base.Problem("kind", problem)

    def compare(self, values):
        old = self.units.get(values["code"])
        if old is None:
            return base.Comparison(base.NEW)
        changes = {
            name: (self._shown(name, getattr(old, name)), self._shown(name, values[name]))
            for name in _STORED
            if name in values and (values[name] or "") != getattr(old, name)
        }
        return base.Comparison(base.CHANGED if changes else base.SAME, changes)

    def write(self, rows):
        attributes = [name for name in _STORED if name in rows[0]]
        resource = UnitResource(["code", *attributes])
        data = base.Dataset(headers=["code", *attributes, "parent"])
        for values in rows:
            data.append([values["code"], *(values[name] or "" for name in attributes), values.get("parent")])
        resource.import_data(data, raise_errors=True)

    def fingerprint(self):
        return self.tree_digest().hexdigest()

    def export_rows(self):
        for unit in OrgUnit.objects.within([self.scope.path]).filter(is_active=True).order_by("path"):
            above = self._above(unit)
            yield (
                unit.code, unit.name, _KIND_OUT[unit.kind], above.code if above and unit.pk != self.scope.pk else "",
                unit.phone, unit.address, unit.postcode, unit.office_hours,
            )  # fmt: skip

    def _above(self, unit):
        return self.by_path.get(unit.path[: -unit.steplen])

    def _shown(self, name, value) -> str:
        return _KIND_OUT.get(value, value) if name == "kind" else str(value or "")
