"""An invented organisation, just large enough for the cases of a script."""

from dataclasses import dataclass, field
from datetime import date

from django.utils import timezone

from assessments.rehearsal.names import person_name
from assessments.rehearsal.routes import Route
from campaigns.domain.appointments import appoint
from campaigns.domain.roles import ROLE_PERMISSIONS
from campaigns.domain.units import create_unit
from campaigns.models import Member, MemberStatus, OrgUnit, Role, UnitKind, User
from posts.domain.members import roster_of

AT_OWNER = (Role.OFFICER, Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER, Role.DISCIPLINE)
EXTRA_ROLES = (Role.ASSESSOR, Role.SECRETARY, Role.OFFICER)
UNIT_NAMES = {
    UnitKind.COMMITTEE: "中共示例县青样镇委员会",
    UnitKind.WORKING_COMMITTEE: "中共示例县青样街道工作委员会",
    UnitKind.SUB_COMMITTEE: "青样社区党委",
    UnitKind.GENERAL_BRANCH: "青样党总支",
    UnitKind.BRANCH: "青样党支部",
    UnitKind.PARTY_GROUP: "青样党小组",
    UnitKind.OFFICE: "青样办公室",
    UnitKind.DEPARTMENT: "青样部",
    UnitKind.SECTION: "青样科",
    UnitKind.PROJECT_TEAM: "青样项目部",
    UnitKind.SERVICE_POST: "青样服务岗",
    UnitKind.VILLAGE: "青样村",
}
JOINED = date(2008, 7, 1)


@dataclass
class Site:
    """A place of the organisation in which one case is played: the units of its route, the last one nominates."""

    units: list[OrgUnit]
    nominating: OrgUnit
    branch: OrgUnit


@dataclass
class World:
    """The organisation and its people."""

    owner: OrgUnit
    sites: list[Site] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    taken: set[int] = field(default_factory=set)
    shared: OrgUnit | None = None
    needed: dict[str, set[str]] = field(default_factory=dict)  # permissions that somebody must hold, by kind of unit

    def site(self, route: Route, *, members: int) -> Site:
        """A fresh place with so many members who hold no office."""
        parent, units = self.owner, []
        for kind in route.kinds:
            parent = self.unit(kind, parent)
            units.append(parent)
        branch = next((unit for unit in units if unit.kind == UnitKind.BRANCH), None)
        nominating = units[-1] if units else self.owner
        branch = branch or self._branch_below(nominating)
        office = nominating if nominating != branch and not nominating.is_party else None
        self.add_members(branch, members, work_unit=office)
        site = Site(units, nominating, branch)
        self.sites.append(site)
        return site

    def unit(self, kind: str, parent: OrgUnit | None) -> OrgUnit:
        """A unit with somebody who acts for it."""
        number = self.count("unit")
        name = f"{UNIT_NAMES[UnitKind(kind)]}{self.count(kind) if parent else ''}"
        unit = create_unit(
            parent, actor=None, kind=kind, code=f"YY{number:03}", name=name, phone=f"0000-{1000000 + number}"
        )
        if parent is not None:
            member = self.add_members(unit, 1)[0] if unit.kind == UnitKind.BRANCH else None
            for role in self._roles(unit):
                appoint(self.account(member), org_unit=unit, role=role, actor=None)
                member = None
        return unit

    def _roles(self, unit: OrgUnit) -> list[str]:
        """The usual head of such a unit, and whoever else must be appointed because the scheme lets the unit act."""
        roles = [Role.SECRETARY if unit.is_party else Role.UNIT_HEAD]
        for permission in sorted(self.needed.get(unit.kind, ())):
            if not any(permission in ROLE_PERMISSIONS[role] for role in roles):
                roles += [role for role in EXTRA_ROLES if permission in ROLE_PERMISSIONS[role]][:1]
        return roles

    def add_members(self, branch: OrgUnit, number: int, *, work_unit: OrgUnit | None = None) -> list[Member]:
        """Enter full members on a branch's roster."""
        return Member.objects.bulk_create(
            Member(
                number=f"YYDY{self.count('member'):06}",
                name=person_name(self.count("person")),
                branch=branch,
                work_unit=work_unit,
                status=MemberStatus.FULL,
                joined_on=JOINED,
                confirmed_on=JOINED.replace(year=JOINED.year + 1),
            )
            for _unused in range(number)
        )

    def account(self, member: Member | None = None) -> User:
        """The account of a member, made when he needs one; without a member that of somebody outside the roster."""
        if member is not None and member.user is not None:
            return member.user
        name = member.name if member else person_name(self.count("person"))
        user = User(username=f"yuyan-{self.count('user')}", name=name)
        user.set_unusable_password()
        user.save()
        if member is not None:
            member.user = user
            member.save(update_fields=["user"])
        return user

    def free_members(self, unit: OrgUnit, number: int) -> list[Member]:
        """Members of a unit's roster without an office, who are in no other case."""
        roster = roster_of(unit).filter(user__isnull=True).exclude(pk__in=self.taken).order_by("pk")
        nearest = roster.filter(branch__path__startswith=unit.path) | roster.filter(work_unit=unit)
        found = list(nearest[:number]) or list(roster[:number])
        self.taken.update(member.pk for member in found)
        return found

    def count(self, what: str) -> int:
        self.counters[what] = self.counters.get(what, 0) + 1
        return self.counters[what]

    def _branch_below(self, unit: OrgUnit) -> OrgUnit:
        """The branch whose members a larger organisation nominates itself; a branch that owns is its own."""
        if unit.kind == UnitKind.BRANCH or (unit == self.owner and self.owner.kind == UnitKind.BRANCH):
            return unit
        if not unit.is_party and self.owner.kind == UnitKind.BRANCH:
            return self.owner
        if unit == self.owner:
            self.shared = self.shared or self.unit(UnitKind.BRANCH, self.owner)
            return self.shared
        return self.unit(UnitKind.BRANCH, unit)


def build_world(kind: str, *, needed: dict[str, set[str]], assessors: int) -> World:
    """The owning organisation with its offices; places for cases come with ``World.site``."""
    world = World(owner=None, needed=needed)  # type: ignore[arg-type]
    world.owner = world.unit(kind, None)
    for role in (*AT_OWNER, *[Role.ASSESSOR] * assessors):
        appoint(world.account(), org_unit=world.owner, role=role, actor=None)
    if world.owner.kind == UnitKind.BRANCH:
        appoint(
            world.account(world.add_members(world.owner, 1)[0]), org_unit=world.owner, role=Role.SECRETARY, actor=None
        )
    return world


def role_of(user: User, today: date | None = None) -> tuple[str, str]:
    """The role of a user and the name of its unit, for reading; a member without one is a member of his branch."""
    appointment = user.appointments.current(today or timezone.localdate()).select_related("org_unit").first()
    if appointment is not None:
        return appointment.get_role_display(), appointment.org_unit.name
    member = Member.objects.filter(user=user).select_related("branch").first()
    return "", member.branch.name if member else ""
