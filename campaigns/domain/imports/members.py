"""The list of members."""

import hashlib
from collections.abc import Iterator, Sequence

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain import clock
from campaigns.domain.errors import DomainError
from campaigns.domain.imports import base, cells
from campaigns.domain.members import TRANSFERRED, tell_member_changed
from campaigns.models import DueItem, Member, MemberStatus, UnitKind
from campaigns.models.member import Gender

STATUS_WORDS = {
    "正式": MemberStatus.FULL,
    "预备": MemberStatus.PROBATIONARY,
    "正式党员": MemberStatus.FULL,
    "预备党员": MemberStatus.PROBATIONARY,
    "中共党员": MemberStatus.FULL,
    "中共预备党员": MemberStatus.PROBATIONARY,
}
GENDER_WORDS = {"男": Gender.MALE, "女": Gender.FEMALE}
_STATUS_OUT = {MemberStatus.FULL: "正式", MemberStatus.PROBATIONARY: "预备"}
_GENDER_OUT = {Gender.MALE: "男", Gender.FEMALE: "女", "": ""}
# Attribute of the row → field of the model, in the order of the comparison.
_STORED = {
    "name": "name",
    "gender": "gender",
    "branch": "branch_id",
    "work_unit": "work_unit_id",
    "status": "status",
    "joined_on": "joined_on",
    "confirmed_on": "confirmed_on",
    "position": "position",
}


class MemberResource(base.ListResource):
    """Members by number. The columns that a file lacks are left alone."""

    class Meta:
        model = Member
        import_id_fields = ("number",)
        fields = ("number",)
        use_bulk = True
        batch_size = None
        skip_diff = True
        force_init_instance = True
        use_transactions = False  # the chunk has one already

    def __init__(self, attributes: Sequence[str]):
        super().__init__(["number", *(_STORED[name] for name in attributes)])
        self.update_on_conflict = tuple(attributes)


class MemberList(base.ImportList):
    """党员名册: one row a member, told apart by the member number."""

    code = "members"
    sheet = "党员名册"
    label = gettext_lazy("Party members")
    permission = "manage_roster"
    columns = (
        base.ListColumn(
            "党员编号", "number", cells.code(20), gettext_lazy("Your own number of the member; never used twice."),
            "QY03001", needed=True, width=16,
        ),
        base.ListColumn(
            "姓名", "name", cells.person_name(60), gettext_lazy("Name of the member."), "赵样甲", needed=True
        ),
        base.ListColumn(
            "性别", "gender", cells.choice(GENDER_WORDS), gettext_lazy("Choose from the list."), "男",
            choices=tuple(GENDER_WORDS), width=8,
        ),
        base.ListColumn(
            "党支部代码", "branch", cells.plain_text(120), gettext_lazy("Code of the Party branch, or its full name."),
            "QY03", needed=True, aliases=("党支部", "所在党支部"), width=18,
        ),
        base.ListColumn(
            "工作单位代码", "work_unit", cells.plain_text(120),
            gettext_lazy("Code or name of the unit in which the member works, if it is in the tree."), "",
            aliases=("工作单位",), width=18,
        ),
        base.ListColumn(
            "党员类别", "status", cells.choice(STATUS_WORDS), gettext_lazy("Choose from the list."), "正式",
            needed=True, choices=("正式", "预备"), width=10,
        ),
        base.ListColumn(
            "入党时间", "joined_on", cells.past_day, gettext_lazy("A whole date, like 2010-07-01."), "2010-07-01",
            needed=True,
        ),
        base.ListColumn(
            "转正时间", "confirmed_on", cells.past_day,
            gettext_lazy("Blank for probationary members; not before the date joined."), "2011-07-01",
        ),
        base.ListColumn(
            "职务", "position", cells.plain_text(60), gettext_lazy("Position in the branch or at work."), "组织委员"
        ),
    )  # fmt: skip

    def __init__(self, scope, actor):
        super().__init__(scope, actor)
        self.branch_of = {unit.pk: unit for unit in self.units.values()}
        self.existing: dict[str, tuple] = {}
        self.padded: dict[str, str] = {}
        self._digest = hashlib.sha256()
        for row in Member.objects.order_by("pk").values_list("number", *_STORED.values(), "left_on").iterator():
            self._digest.update(repr(row).encode())
            self.existing[row[0]] = row[1:]
            if row[0].startswith("0"):
                self.padded[row[0].lstrip("0")] = row[0]

    def key(self, values):
        return values.get("number")

    def judge(self, values) -> Iterator[base.Problem]:
        for attribute in ("branch", "work_unit"):
            if text := values.get(attribute):
                try:
                    values[attribute] = self.unit(text)
                except DomainError as error:
                    del values[attribute]
                    yield base.Problem(attribute, str(error))
        if branch := values.get("branch"):
            yield from self._judge_branch(branch)
        yield from self._judge_dates(values)
        if number := values.get("number"):
            yield from self._judge_number(number)

    def _judge_branch(self, branch) -> Iterator[base.Problem]:
        if branch.kind != UnitKind.BRANCH:
            yield base.Problem("branch", _("%(unit)s is not a Party branch.") % {"unit": branch.name})
        elif not self.covers(branch):
            yield base.Problem("branch", self.outside(branch))
        elif not branch.is_active:
            yield base.Problem("branch", _("%(unit)s is no longer in use.") % {"unit": branch.name})

    def _judge_dates(self, values) -> Iterator[base.Problem]:
        confirmed, joined = values.get("confirmed_on"), values.get("joined_on")
        if confirmed and values.get("status") == MemberStatus.PROBATIONARY:
            yield base.Problem("confirmed_on", _("A probationary member has no date of confirmation yet."))
        elif confirmed and joined and confirmed < joined:
            yield base.Problem("confirmed_on", _("The date confirmed lies before the date joined."))

    def _judge_number(self, number: str) -> Iterator[base.Problem]:
        old = self.existing.get(number)
        if old is None:
            if padded := self.padded.get(number):
                yield base.Problem(
                    "number", _("The roster has %(number)s: Excel has dropped the zeros in front.") % {"number": padded}
                )
            return
        branch = self.branch_of[old[2]]
        if not self.covers(branch):
            yield base.Problem("number", _("This number belongs to a member of another organisation."))
        if old[-1] is not None:
            yield base.Problem(
                "number", _("This member left on %(day)s. Bring him back on his page first.") % {"day": old[-1]}
            )

    def compare(self, values):
        old = self.existing.get(values["number"])
        if old is None:
            return base.Comparison(base.NEW)
        new = self._stored(values)
        changes = {
            attribute: (self._shown(attribute, was), self._shown(attribute, new[name]))
            for (attribute, name), was in zip(_STORED.items(), old, strict=False)
            if name in new and new[name] != was
        }
        return base.Comparison(base.CHANGED if changes else base.SAME, changes)

    def write(self, rows):
        attributes = [attribute for attribute in _STORED if attribute in rows[0]]
        resource = MemberResource(attributes)
        names = ["number", *(_STORED[attribute] for attribute in attributes)]
        before = _places(rows)
        stored = (self._stored(values) for values in rows)
        data = base.Dataset(*([row[name] for name in names] for row in stored), headers=names)
        resource.import_data(data, raise_errors=True)
        if before:
            _look_at_the_moved(before, _places(rows))

    def fingerprint(self):
        digest = self.tree_digest()
        digest.update(self._digest.digest())
        return digest.hexdigest()

    def export_rows(self):
        members = Member.objects.active().within(self.scope).for_list()
        for member in members.iterator(chunk_size=2000):
            yield (
                member.number, member.name, _GENDER_OUT[member.gender], member.branch.code,
                member.work_unit.code if member.work_unit else "", _STATUS_OUT[member.status],
                member.joined_on, member.confirmed_on, member.position,
            )  # fmt: skip

    def _stored(self, values) -> dict:
        """The row as the model stores it."""
        stored = {"number": values["number"]}
        for attribute, name in _STORED.items():
            if attribute in values:
                value = values[attribute]
                stored[name] = value.pk if hasattr(value, "pk") else value
        for name in ("gender", "position"):
            if name in stored:
                stored[name] = stored[name] or ""
        return stored

    def _shown(self, attribute, value) -> str:
        if value in (None, ""):
            return ""
        if attribute in ("branch", "work_unit"):
            return self.branch_of[value].name
        if attribute == "status":
            return _STATUS_OUT[value]
        if attribute == "gender":
            return _GENDER_OUT[value]
        return str(value)


MOVED = "member_moved"


def _places(rows: Sequence[base.Values]) -> dict[int, tuple]:
    """Branch and work unit of those of the rows that the roster has, by the member's key."""
    known = Member.objects.filter(number__in=[values["number"] for values in rows])
    return {row[0]: row[1:] for row in known.values_list("pk", "branch", "work_unit")}


def _look_at_the_moved(before: dict[int, tuple], after: dict[int, tuple]) -> None:
    """Let the clock ask, one member at a time, whether his posts can stay: the chunk holds no locks for it."""
    now = timezone.now()
    for pk in sorted(pk for pk, place in before.items() if after.get(pk, place) != place):
        clock.schedule(MOVED, pk, due_at=now, period=f"{now:%Y%m%d%H%M%S%f}")


@clock.on_due(MOVED, gettext_lazy("a member moved by an Excel list"))
def look_at_moved_member(item: DueItem) -> None:
    """The transfer's consequences for posts; asking twice changes nothing."""
    member = Member.objects.select_for_update(of=("self",)).get(pk=item.subject_id)
    tell_member_changed(member, what=TRANSFERRED, on=timezone.localdate(), actor=None)
