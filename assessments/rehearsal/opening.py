"""The beginning of a rehearsal: organisation, places for the cases, the campaign, and its opening."""

from datetime import date

from django.utils.translation import gettext as _

from assessments.rehearsal.case import Case
from assessments.rehearsal.days import at
from assessments.rehearsal.report import Report, StageReport
from assessments.rehearsal.routes import Route, missing_actors, permissions_needed, routes_of
from assessments.rehearsal.script import CasePlan, Script
from assessments.rehearsal.world import World, build_world
from campaigns.domain.actors import describe_actors
from campaigns.domain.calendar import has_holidays_for
from campaigns.domain.campaigns import create_campaign, open_campaign, set_quota
from campaigns.domain.holidays import fill_known_years
from campaigns.models import Campaign, Holiday, UnitKind, User
from campaigns.schemes.kinds import Kind
from campaigns.schemes.model import Scheme
from posts.domain.quotas import quota_status

ASSUMED_PERCENT = 100  # so that every case finds a place
MOST_MEMBERS = 1000
SPARE_MEMBERS = 7


def set_up(
    scheme: Scheme, text: str, script: Script, *, owner: str, report: Report
) -> tuple[World, Campaign, list[Case]]:
    """Build the organisation, make and open the campaign. Raises DomainError when it cannot be opened."""
    with at(script.starts_on, 8):
        fill_known_years()
        world = build_world(owner, needed=permissions_needed(scheme, owner), assessors=_assessors(scheme))
        places = [
            (plan, world.site(route, members=_members(scheme, plan)))
            for plan, route in _placed(scheme, script, owner, report)
        ]
        officer = officer_of(world)
        campaign = create_campaign(
            text,
            owner=world.owner,
            actor=officer,
            year=script.year,
            **_details(scheme, script, report),
        )
        _fill_quotas(campaign, officer, report)
        _fill_holidays(campaign, report)
        kinds = {kind.code: kind for kind in campaign.kinds.all()}
        cases = [Case(plan, kinds[plan.kind], site, plan.starts_on or script.starts_on) for plan, site in places]
        _make_room(world, campaign, cases, report)
        campaign = open_campaign(campaign, actor=officer)
    _list_stages(scheme, report)
    return world, campaign, cases


def _assessors(scheme: Scheme) -> int:
    """As many as the step that wants the most score sheets."""
    stages = [stage for kind in scheme.kinds for stage in scheme.stages_of(kind)]
    return max([int(stage.params.get("min_assessors", 1)) for stage in stages if stage.kind == "assess"], default=1)


def officer_of(world: World) -> User:
    """The person of the owner's office."""
    return User.objects.get(appointments__org_unit=world.owner, appointments__role="officer")


def _placed(scheme: Scheme, script: Script, owner: str, report: Report) -> list[tuple[CasePlan, Route]]:
    kinds = {kind.code: kind for kind in scheme.kinds}
    routes = {code: routes_of(scheme, kind, owner) for code, kind in kinds.items()}
    report.assumptions.append(_("The campaign is owned by: %(kind)s.") % {"kind": UnitKind(owner).label})
    for code, kind in kinds.items():
        _tell_missing(scheme, kind, owner, routes[code], report)
    found = []
    for plan in script.cases:
        fitting = [r for r in routes[plan.kind] if not plan.unit or r.nominating == plan.unit]
        if fitting:
            found.append((plan, fitting[plan.route % len(fitting)]))
    return found


def _tell_missing(scheme: Scheme, kind: Kind, owner: str, routes: list[Route], report: Report) -> None:
    if not routes:
        text = _("No unit below %(owner)s can create “%(kind)s”: none of the allowed kinds of unit can lie there.")
        report.find("no_unit", text % {"owner": UnitKind(owner).label, "kind": kind.label}, kind=kind.code)
    for actor in missing_actors(scheme, kind, owner) if routes else []:
        text = _("“%(kind)s”: %(actor)s does not exist in any organisation that may own this campaign.")
        report.find("actor_missing", text % {"kind": kind.label, "actor": describe_actors(list(actor))}, kind=kind.code)


def _members(scheme: Scheme, plan: CasePlan) -> int:
    kind = next(kind for kind in scheme.kinds if kind.code == plan.kind)
    return people_wanted(kind) + SPARE_MEMBERS


def people_wanted(kind: Kind) -> int:
    """How many Party members the rehearsed posts of a kind have."""
    if kind.holder == "org":
        return 0  # the whole organisation holds the post; nobody is named
    least = max(1, kind.rule("min_party") or 0)
    return least if kind.holder == "person" or kind.max_members == least else max(2, least)


def _details(scheme: Scheme, script: Script, report: Report) -> dict:
    """What a campaign needs and the scheme leaves open."""
    last = date(script.year, 12, 31)
    for phase in scheme.phases:
        day, _plus, years = phase.ends.partition("+")
        month, day_of_month = (int(part) for part in day.split("-"))
        last = max(last, date(script.year + int(years or 0), month, min(day_of_month, 28)))
    head = scheme.scheme
    details = {
        "basis_document": "示委发〔2026〕1号",
        "approving_body": head.approving_body or "主办党组织",
        "scope": head.scope or "所属各单位",
        "starts_on": script.starts_on,
        "nominations_until": min(last, date(script.starts_on.year, 12, 31)),
        "ends_on": last,
    }
    until = details["nominations_until"]
    report.assumptions.append(
        _("The campaign begins on %(first)s and ends on %(last)s; nominations are taken until %(until)s.")
        % {"first": script.starts_on, "last": last, "until": until}
    )
    return details


def _fill_quotas(campaign: Campaign, officer: User, report: Report) -> None:
    for quota in campaign.quotas.all():
        if not any(quota.params.get(name) for name in ("min", "max", "percent", "tiers")):
            set_quota(quota, actor=officer, percent=ASSUMED_PERCENT)
            text = _("The quota “%(code)s” has no figure in the scheme; %(percent)s %% are assumed.")
            report.assumptions.append(text % {"code": quota.code, "percent": ASSUMED_PERCENT})


def _fill_holidays(campaign: Campaign, report: Report) -> None:
    last = campaign.ends_on
    for year in range(campaign.starts_on.year, last.year + 1):
        if not has_holidays_for(year):
            Holiday.objects.create(date=date(year, 1, 1), is_workday=False, name="元旦")
            report.assumptions.append(_("The holidays of %(year)s are not known yet; weekdays count.") % {"year": year})


def _make_room(world: World, campaign: Campaign, cases: list[Case], report: Report) -> None:
    """Enlarge the roster until every enforced quota has a place where a case is played."""
    for case in cases:
        for status in quota_status(campaign, case.site.nominating, case.kind):
            if not (status.enforced and status.limit == 0):
                continue
            members = SPARE_MEMBERS
            while status.limit == 0 and members < MOST_MEMBERS:
                world.add_members(case.site.branch, members)
                members *= 2
                again = quota_status(campaign, case.site.nominating, case.kind)
                status = next(one for one in again if one.code == status.code)  # noqa: PLW2901
            if status.limit == 0:
                text = _("The quota “%(code)s” never has a place: %(why)s")
                report.find(
                    "gate_never_passes", text % {"code": status.code, "why": status.explanation}, kind=case.kind.code
                )


def _list_stages(scheme: Scheme, report: Report) -> None:
    for kind in scheme.kinds:
        for position, stage in enumerate(scheme.stages_of(kind), start=1):
            report.stages.append(StageReport(kind.code, kind.label, position, stage.kind, stage.label))
