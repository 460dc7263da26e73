"""An organisation that fits any scheme, an open campaign made from it, and people who do every step where they stand.

Everything here is read from the scheme's own data; nothing knows a scheme by name.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import count

from django.utils import timezone

from campaigns.domain.actors import ACTORS
from campaigns.domain.appointments import appoint
from campaigns.domain.campaigns import create_campaign, open_campaign, set_quota
from campaigns.domain.clock import tick
from campaigns.domain.library import SHIPPED_DIR
from campaigns.domain.schemes import load_scheme
from campaigns.models import Campaign, OrgUnit, Role, UnitKind, User
from campaigns.models.org_unit import PARTY_KINDS
from campaigns.schemes.model import Scheme
from posts.domain.eligibility import required_fields, wanted_evidence
from posts.domain.members import Chosen
from posts.domain.nominations import create_nomination, save_draft, submit_nomination
from posts.domain.pipeline import current_run
from posts.domain.proposing import may_propose
from posts.domain.rights import may
from posts.models import Evidence, Nomination, StageRun
from tests.assessments.titles import at
from tests.factories import MemberFactory, UserFactory, make_unit

MEMBERS = 12
OWNER_ROLES = (Role.OFFICER, Role.COMMITTEE_SECRETARY, Role.COMMITTEE_MEMBER, Role.DISCIPLINE, Role.ASSESSOR)
TEXTS = {
    "name": "综合窗口示范岗",
    "place": "一楼大厅",
    "duties": "受理申请，限时办结。",
    "commitment": "当日件当日办。",
    "reasons": "上年度办理三千二百余件，无一超时。",
    "staff_total": 3,
    "area": "第一村民小组42户",
}
_documents = count(1)


@dataclass
class World:
    """Units by kind, people by unit, the campaign, and the calendar."""

    scheme: Scheme
    campaign: Campaign
    units: dict[str, list[OrgUnit]]
    people: dict[int, list[User]]
    clock: object
    names: count = field(default_factory=lambda: count(1))

    @property
    def owner(self) -> OrgUnit:
        return self.campaign.owner

    def unit(self, *kinds: str) -> OrgUnit:
        """The first unit of the first of these kinds that exists."""
        return next(self.units[kind][0] for kind in kinds if self.units.get(kind))

    def members(self, unit: OrgUnit, n: int) -> list:
        """The first members of the unit's own branch who hold no post yet."""
        branch = next(u for u in unit.lineage() if u.kind == UnitKind.BRANCH)
        return list(branch.members.filter(nominated_as__isnull=True).order_by("number")[:n])

    def person(self, unit: OrgUnit, role: str) -> User:
        """Who is appointed to a role in a unit."""
        return next(user for user in self.people[unit.pk] if user.appointments.filter(role=role).exists())

    def who(self, run: StageRun, action: str) -> User:
        """Somebody appointed at the acting unit itself who may do this; StopIteration when there is nobody."""
        unit = run.actor_unit or run.nomination.org_unit
        return next(user for user in self.people[unit.pk] if may(user, action, run))

    def go_to(self, day: date, hour: int = 9, minute: int = 0) -> None:
        """Turn the calendar; the clock ticks on arrival."""
        self.clock.move_to(at(day, hour, minute))
        tick()

    def wait(self, days: int) -> None:
        self.go_to(timezone.localdate() + timedelta(days=days))

    def draft(self, kind: str, unit: OrgUnit | None = None, people=None, *, by: User | None = None, **fields):
        """A paper that is complete unless ``people`` or ``fields`` say otherwise; not handed in."""
        kind = self.campaign.kinds.get(code=kind)
        unit = unit or self.unit(*(kind.rules["allowed_units"] or self._opening_units(kind)), UnitKind.BRANCH)
        by = by or self.opener(kind, unit)
        texts = {"name": f"{TEXTS['name']}{next(self.names)}", "category": (kind.rules["categories"] or [""])[0]}
        wanted = {name: texts.get(name) or TEXTS[name] for name in required_fields(kind) if name in {**TEXTS, **texts}}
        wanted = {**wanted, "name": texts["name"], **fields}
        nomination = create_nomination(self.campaign, post_kind=kind, org_unit=unit, actor=by)
        if people is None:
            people = self.members(unit, {"org": 0, "team": max(2, kind.rules["min_party"] or 0)}.get(kind.holder, 1))
        chosen = [Chosen(name=p) if isinstance(p, str) else Chosen(member=p.pk) for p in people]
        nomination = save_draft(nomination, actor=by, version=nomination.version, fields=wanted, members=chosen)
        for paper in wanted_evidence(kind):
            Evidence.objects.create(
                nomination=nomination,
                purpose=paper.label,
                sealed=paper.sealed,
                name="表.pdf",
                size=1,
                sha256=paper.label,
                uploaded_by=by,
            )
        return nomination

    def nominate(self, kind: str, unit: OrgUnit | None = None, people=None, **fields) -> Nomination:
        """The same handed in, after a first step that stands before the paper."""
        nomination = self.draft(kind, unit, people, **fields)
        return self.submit(nomination)

    def submit(self, nomination: Nomination) -> Nomination:
        return submit_nomination(nomination, actor=nomination.proposer)

    def opener(self, kind, unit: OrgUnit) -> User:
        """Who opens a paper for the unit: somebody of the unit, else of one above it."""

        people = (user for above in unit.lineage() for user in self.people.get(above.pk, []))
        return next(user for user in people if may_propose(user, kind, unit))

    def _opening_units(self, kind) -> list[str]:
        first = next(iter(kind.stages.all()))
        named = [unit_kind for code in first.actor for unit_kind in ACTORS[code].unit_kinds]
        return [unit_kind for unit_kind in named if unit_kind not in PARTY_KINDS]


def run_of(nomination: Nomination) -> StageRun:
    """The open step; fails when there is none."""
    run = current_run(Nomination.objects.get(pk=nomination.pk))
    assert run is not None, Nomination.objects.get(pk=nomination.pk).outcome_reason
    return run


def new_document() -> str:
    return f"示委发〔2026〕{next(_documents)}号"


def scheme_text(code: str) -> str:
    """The text of a shipped scheme."""
    return (SHIPPED_DIR / f"{code}.toml").read_text(encoding="utf-8")


def build_world(text: str, *, clock, year: int, percent: int = 10, **details) -> World:
    """Units, people and an open campaign for a scheme; quotas that the source leaves open get ``percent``."""
    scheme = load_scheme(text)
    units = _make_units(scheme)
    owner = next(iter(units.values()))[0]
    people = {unit.pk: _staff(unit, unit == owner) for row in units.values() for unit in row}
    for branch in units[UnitKind.BRANCH]:
        MemberFactory.create_batch(MEMBERS, branch=branch)
    officer = people[owner.pk][0]
    today = timezone.localdate()
    dates = {
        "starts_on": today,
        "nominations_until": today + timedelta(days=60),
        "ends_on": today + timedelta(days=360),
    }
    texts = {"basis_document": "示委发〔2026〕1号", "approving_body": "上级党委", "scope": "所属各党支部"}
    campaign = create_campaign(text, owner=owner, actor=officer, year=year, **{**texts, **dates, **details})
    for quota in campaign.quotas.all():
        if not any(quota.params.get(name) for name in ("min", "max", "percent", "tiers")):
            set_quota(quota, actor=officer, percent=percent)
    campaign = open_campaign(campaign, actor=officer)
    return World(scheme, campaign, units, people, clock)


def _make_units(scheme: Scheme) -> dict[str, list[OrgUnit]]:
    """The owner, a branch below each kind of Party organisation the scheme names, and one unit of each other kind."""
    named = _named_kinds(scheme)
    owner = make_unit(next(iter(scheme.scheme.owner_kinds), UnitKind.COMMITTEE), name="主办党组织", phone="0000-1")
    units: dict[str, list[OrgUnit]] = {owner.kind: [owner], UnitKind.BRANCH: []}
    uppers = [kind for kind in (UnitKind.GENERAL_BRANCH, UnitKind.SUB_COMMITTEE) if kind in named - {owner.kind}]
    for kind in uppers:
        upper = make_unit(kind, parent=owner, name=f"{UnitKind(kind).label}甲")
        units[kind] = [upper]
        units[UnitKind.BRANCH].append(make_unit(UnitKind.BRANCH, parent=upper, name=f"{upper.name}第一党支部"))
    while len(units[UnitKind.BRANCH]) < 2:
        number = len(units[UnitKind.BRANCH]) + 1
        units[UnitKind.BRANCH].append(make_unit(UnitKind.BRANCH, parent=owner, name=f"第{number}党支部"))
    for kind in sorted(named - PARTY_KINDS - {UnitKind.SUPERIOR}):
        units[kind] = [make_unit(kind, parent=units[UnitKind.BRANCH][0], name=f"{UnitKind(kind).label}甲")]
    return {kind: [OrgUnit.objects.get(pk=unit.pk) for unit in row] for kind, row in units.items()}


def _named_kinds(scheme: Scheme) -> set[str]:
    """Every kind of unit that the scheme gives something to do or to hold."""
    stages = [stage for kind in scheme.kinds for stage in scheme.stages_of(kind)]
    actors = {code for stage in stages for code in stage.actor} | {c for rule in scheme.reviews for c in rule.reviewer}
    named = {kind for code in actors - {"unit"} for kind in ACTORS[code].unit_kinds}
    named |= {code for kind in scheme.kinds for code in kind.allowed_units}
    named |= {quota.scope for quota in scheme.quotas} & set(UnitKind.values)
    if "unit" in actors and not named & set(ACTORS["unit"].unit_kinds):
        named.add(UnitKind.DEPARTMENT)
    return named


def _staff(unit: OrgUnit, is_owner: bool) -> list[User]:
    roles = OWNER_ROLES if is_owner else (Role.SECRETARY if unit.is_party else Role.UNIT_HEAD,)
    people = []
    for role in roles:
        people.append(UserFactory(name=f"{unit.name}{Role(role).label}"))
        appoint(people[-1], org_unit=unit, role=role, actor=None)
    return people
