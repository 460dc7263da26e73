"""The list of appointments: who holds which role in which unit."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.appointments import appoint
from campaigns.domain.errors import DomainError
from campaigns.domain.imports import base, cells
from campaigns.domain.sign_in_links import make_account
from campaigns.models import Appointment, Member, Role, User

ROLE_WORDS = {
    "党支部书记": Role.SECRETARY,
    "书记": Role.SECRETARY,
    "党支部副书记": Role.DEPUTY_SECRETARY,
    "副书记": Role.DEPUTY_SECRETARY,
    "组织委员": Role.ORGANISER,
    "党务干事": Role.OFFICER,
    "党委书记": Role.COMMITTEE_SECRETARY,
    "党委委员": Role.COMMITTEE_MEMBER,
    "纪检委员": Role.DISCIPLINE,
    "单位负责人": Role.UNIT_HEAD,
    "考核组成员": Role.ASSESSOR,
    "系统管理员": Role.ADMINISTRATOR,
}
_ROLE_OUT = {role: next(word for word, behind in ROLE_WORDS.items() if behind == role) for role in Role.values}


class AppointmentResource(base.ListResource):
    """Appointments by person, unit and role; each goes through the same door as on the page."""

    class Meta:
        model = Appointment
        import_id_fields = ("user", "org_unit", "role")
        fields = ("user", "org_unit", "role")
        use_bulk = False
        skip_diff = True
        force_init_instance = True
        use_transactions = False

    def __init__(self, actor):
        super().__init__(self.Meta.fields)
        self.actor = actor

    def save_instance(self, instance, is_create, row, **kwargs):
        appoint(
            instance.user, org_unit=instance.org_unit, role=instance.role, actor=self.actor, starts_on=row["starts_on"]
        )


class AppointmentList(base.ImportList):
    """任职名册: the person by member number or account name; a member without an account gets one."""

    code = "appointments"
    sheet = "任职名册"
    label = gettext_lazy("Appointments")
    permission = "manage_accounts"
    chunk = 100
    columns = (
        base.ListColumn(
            "党员编号", "person", cells.code(150), gettext_lazy("Member number, or the name of the account."),
            "QY03001", needed=True, aliases=("用户名", "党员编号或用户名"), width=18,
        ),
        base.ListColumn(
            "姓名", "name", cells.person_name(60), gettext_lazy("Only compared: it guards against a wrong number."),
            "赵样甲",
        ),
        base.ListColumn(
            "单位代码", "org_unit", cells.plain_text(120), gettext_lazy("Code of the unit, or its full name."), "QY03",
            needed=True, aliases=("单位",), width=18,
        ),
        base.ListColumn(
            "职务", "role", cells.choice(ROLE_WORDS), gettext_lazy("Choose from the list."), "党支部书记", needed=True,
            aliases=("任职职务",), choices=tuple(_ROLE_OUT.values()), width=16,
        ),
        base.ListColumn(
            "任职时间", "starts_on", cells.past_day, gettext_lazy("Since when; blank means today."), "2026-01-10",
        ),
    )  # fmt: skip

    def __init__(self, scope, actor):
        super().__init__(scope, actor)
        members = Member.objects.active().select_related("branch", "user")
        self.members = {member.number: member for member in members}
        self.users = {user.username: user for user in User.objects.filter(is_active=True)}
        self.held = {
            (appointment.user_id, appointment.org_unit_id, appointment.role)
            for appointment in Appointment.objects.current()
        }

    def key(self, values):
        found = (values.get("person"), values.get("org_unit"), values.get("role"))
        return found if all(found) else None

    def judge(self, values) -> Iterator[base.Problem]:
        if text := values.get("org_unit"):
            try:
                values["org_unit"] = self.unit(text)
            except DomainError as error:
                del values["org_unit"]
                yield base.Problem("org_unit", str(error))
        if unit := values.get("org_unit"):
            yield from self._judge_unit(unit)
        if values.get("person"):
            yield from self._judge_person(values)

    def _judge_unit(self, unit) -> Iterator[base.Problem]:
        if not self.covers(unit):
            yield base.Problem("org_unit", self.outside(unit))
        elif not unit.is_active:
            yield base.Problem("org_unit", _("%(unit)s is no longer in use.") % {"unit": unit.name})

    def _judge_person(self, values) -> Iterator[base.Problem]:
        person = self.members.get(values["person"]) or self.users.get(values["person"])
        if person is None:
            yield base.Problem("person", _("There is no member with this number and no account of this name."))
            return
        if values.get("name") and values["name"] != person.name:
            yield base.Problem("name", _("The name does not go with the number."))
        if isinstance(person, Member) and not person.user_id:
            if not self.covers(person.branch):
                yield base.Problem("person", self.outside(person.branch))
            elif person.number.lower() in self.users:
                yield base.Problem(
                    "person", _("The account name “%(name)s” is taken.") % {"name": person.number.lower()}
                )
        values["person"] = person

    def compare(self, values):
        user = values["person"].user if isinstance(values["person"], Member) else values["person"]
        held = user is not None and (user.pk, values["org_unit"].pk, values["role"]) in self.held
        return base.Comparison(base.SAME if held else base.NEW)

    def write(self, rows):
        data = base.Dataset(headers=["user", "org_unit", "role", "starts_on"])
        for values in rows:
            user = self._user(values["person"])
            held = Appointment.objects.current().filter(user=user, org_unit=values["org_unit"], role=values["role"])
            if not held.exists():
                data.append([user, values["org_unit"], values["role"], values.get("starts_on") or timezone.localdate()])
        if data.height:
            AppointmentResource(self.actor).import_data(data, raise_errors=True)

    def fingerprint(self):
        digest = self.tree_digest()
        people = sorted((m.number, m.name, m.user_id, m.branch_id) for m in self.members.values())
        users = sorted((user.username, user.name) for user in self.users.values())
        digest.update(repr((people, users, sorted(self.held))).encode())
        return digest.hexdigest()

    def export_rows(self):
        held = Appointment.objects.current().filter(org_unit__path__startswith=self.scope.path)
        for appointment in held.select_related("user__member", "org_unit").order_by("org_unit__path", "role", "pk"):
            member = getattr(appointment.user, "member", None)
            yield (
                member.number if member else appointment.user.username, appointment.user.name,
                appointment.org_unit.code, _ROLE_OUT[appointment.role], appointment.starts_on,
            )  # fmt: skip

    def _user(self, person) -> User:
        if isinstance(person, User):
            return person
        member = Member.objects.select_related("user", "branch").get(pk=person.pk)
        return member.user or make_account(member, actor=self.actor)
