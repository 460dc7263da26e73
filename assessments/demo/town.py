"""An invented town: committee, thirteen branches, some three hundred members, a handful of offices.

Nobody can take it for a real place: 样 stands in every name, telephone numbers begin with 0000.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from assessments.rehearsal.names import person_name
from campaigns.domain.appointments import appoint
from campaigns.models import Member, MemberStatus, OrgUnit, Role, UnitKind, User

DEMO_PASSWORD = "qingyang-demo"  # noqa: S105  printed by the command; the demonstration only

# code, name, kind, parent, full members, probationary members
UNITS = [
    ("QY", "中共示例县青样镇委员会", UnitKind.COMMITTEE, "", 0, 0),
    ("QYDJ", "党建办公室", UnitKind.OFFICE, "QY", 0, 0),
    ("QYZH", "党政综合办公室", UnitKind.OFFICE, "QY", 0, 0),
    ("QY01", "青样镇机关第一党支部", UnitKind.BRANCH, "QY", 21, 1),
    ("QY02", "青样镇机关第二党支部", UnitKind.BRANCH, "QY", 18, 0),
    ("QY03", "青样镇便民服务中心党支部", UnitKind.BRANCH, "QY", 16, 2),
    ("QY04", "青样社区党总支", UnitKind.GENERAL_BRANCH, "QY", 0, 0),
    ("QY041", "青样社区第一网格党支部", UnitKind.BRANCH, "QY04", 27, 1),
    ("QY042", "青样社区第二网格党支部", UnitKind.BRANCH, "QY04", 24, 0),
    ("QY05", "上样村党支部", UnitKind.BRANCH, "QY", 33, 2),
    ("QY06", "下样村党支部", UnitKind.BRANCH, "QY", 29, 0),
    ("QY07", "桥头样村党支部", UnitKind.BRANCH, "QY", 41, 1),
    ("QY08", "石坪样村党支部", UnitKind.BRANCH, "QY", 19, 1),
    ("QY09", "柳湾样村党支部", UnitKind.BRANCH, "QY", 36, 0),
    ("QY10", "青样镇中心小学党支部", UnitKind.BRANCH, "QY", 22, 3),
    ("QY11", "青样镇卫生院党支部", UnitKind.BRANCH, "QY", 14, 1),
    ("QY12", "青样农机合作社联合党支部", UnitKind.BRANCH, "QY", 5, 0),
]


@dataclass
class Town:
    """The town's units by code, its people by login."""

    units: dict[str, OrgUnit] = field(default_factory=dict)
    people: dict[str, User] = field(default_factory=dict)

    def branch(self, code: str) -> OrgUnit:
        return self.units[code]

    def secretary(self, code: str) -> User:
        """The secretary of a branch."""
        return self.people[f"secretary-{code}"]

    def members(self, code: str) -> list[Member]:
        """The active members of a branch, the secretary first."""
        return list(Member.objects.active().filter(branch=self.units[code]).order_by("number"))


def build_town() -> Town:
    """Make units, members, accounts and appointments."""
    town = Town()
    _build_units(town)
    _build_members(town)
    _build_people(town)
    return town


def _build_units(town: Town) -> None:
    for code, name, kind, parent, _full, _probationary in UNITS:
        unit = OrgUnit(
            code=code,
            name=name,
            kind=kind,
            phone=f"0000-12345{len(town.units):02}",
            address=f"示例县青样镇示范路{len(town.units) + 1}号",
            postcode="000000",
            office_hours="工作日8:30—12:00、14:00—17:30",
        )
        if parent:
            town.units[code] = OrgUnit.objects.add_child(OrgUnit.objects.get(code=parent), instance=unit)
        else:
            town.units[code] = OrgUnit.objects.add_root(instance=unit)
    town.units = {unit.code: unit for unit in OrgUnit.objects.all()}


def _build_members(town: Town) -> None:
    rows, number = [], 0
    for code, _name, _kind, _parent, full, probationary in UNITS:
        for i in range(full + probationary):
            joined = date(1986, 7, 1) + timedelta(days=(number * 137) % 12500)
            is_full = i < full
            rows.append(
                Member(
                    number=f"{code}{i + 1:03}",
                    name=person_name(number),
                    gender="female" if number % 3 == 1 else "male",
                    branch=town.units[code],
                    status=MemberStatus.FULL if is_full else MemberStatus.PROBATIONARY,
                    joined_on=joined if is_full else timezone.localdate() - timedelta(days=200),
                    confirmed_on=joined + timedelta(days=365) if is_full else None,
                )
            )
            number += 1
    Member.objects.bulk_create(rows)


def _build_people(town: Town) -> None:
    committee = town.units["QY"]
    for code, _name, kind, *_rest in UNITS:
        if kind == UnitKind.BRANCH:
            login = "demo-secretary" if code == "QY03" else f"demo-{code.lower()}"
            member = town.members(code)[0]
            town.people[f"secretary-{code}"] = _account(login, member)
            appoint(town.secretary(code), org_unit=town.units[code], role=Role.SECRETARY, actor=None)
    for login, code, index, role in [
        ("demo-officer", "QY01", 1, Role.OFFICER),
        ("demo-leader", "QY01", 2, Role.COMMITTEE_SECRETARY),
        ("demo-committee", "QY01", 3, Role.COMMITTEE_MEMBER),
        ("demo-discipline", "QY02", 1, Role.DISCIPLINE),
    ]:
        town.people[login] = _account(login, town.members(code)[index])
        appoint(town.people[login], org_unit=committee, role=role, actor=None)
    for code, count in [("QY03", 8), ("QY01", 5), ("QY11", 4), ("QY05", 3), ("QY10", 6)]:
        for member in [m for m in town.members(code) if m.user_id is None][:count]:
            login = "demo-member" if "demo-member" not in town.people else f"demo-{member.number.lower()}"
            town.people[login] = _account(login, member)


def _account(login: str, member: Member) -> User:
    user = User.objects.create(username=login, password=_password_hash(), name=member.name)
    member.user = user
    member.save(update_fields=["user"])
    return user


@cache
def _password_hash() -> str:
    """One hash for all: fifty slow hashes would be most of the set-up's time."""
    return make_password(DEMO_PASSWORD)
