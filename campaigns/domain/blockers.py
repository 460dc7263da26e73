"""What still stands in the way of opening a campaign, each with the page where it is mended."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.actors import actor_unit_among
from campaigns.domain.calendar import has_holidays_for
from campaigns.domain.stage_specs import stage_specs
from campaigns.domain.trees import lineages
from campaigns.models import Campaign, Member, OrgUnit, Stage, UnitKind
from campaigns.permissions import granted_paths, holders_of


@dataclass(frozen=True)
class Blocker:
    """A sentence, and the name of the page that mends it (with the primary key it takes, if any)."""

    text: str
    page: str = "campaigns:campaign_edit"
    pk: int | None = None


def find_blockers(campaign: Campaign) -> list[Blocker]:
    """All blockers at once, those of the campaign itself first."""
    if campaign.is_frozen:
        return []
    units = list(campaign.units.order_by("path"))
    return [
        *_missing_details(campaign),
        *_date_problems(campaign),
        *_unit_problems(campaign, units),
        *_quota_problems(campaign),
        *_people_missing(campaign, units),
        *_too_few_people(campaign, units),
        *_holidays_missing(campaign),
    ]


def _missing_details(campaign: Campaign) -> Iterator[Blocker]:
    sentences = {
        "basis_document": _("The basis document is missing: on which document does the campaign rest?"),
        "approving_body": _("The approving body is missing: who has approved the campaign?"),
        "scope": _("The scope is missing: among whom is the campaign carried out?"),
        "starts_on": _("The first day of the campaign is missing."),
        "nominations_until": _("The last day for nominations is missing."),
        "ends_on": _("The last day of the campaign is missing."),
    }
    for name, sentence in sentences.items():
        if not getattr(campaign, name):
            yield Blocker(sentence, pk=campaign.pk)


def _date_problems(campaign: Campaign) -> Iterator[Blocker]:
    today = timezone.localdate()
    if campaign.nominations_until and campaign.nominations_until < today:
        yield Blocker(
            _("The last day for nominations (%(day)s) is over.") % {"day": campaign.nominations_until}, pk=campaign.pk
        )
    if campaign.ends_on and campaign.ends_on < today:
        yield Blocker(_("The last day of the campaign (%(day)s) is over.") % {"day": campaign.ends_on}, pk=campaign.pk)


def _unit_problems(campaign: Campaign, units: list[OrgUnit]) -> Iterator[Blocker]:
    if not units:
        yield Blocker(_("No unit takes part yet: tick the branches and units."), pk=campaign.pk)
    if not campaign.kinds.exists():
        yield Blocker(_("The campaign has no kind of post."), pk=campaign.pk)
    with_members = set(Member.objects.active().filter(branch__in=units).values_list("branch", flat=True))
    for unit in units:
        if campaign.internal_only and not unit.path.startswith(campaign.owner.path):
            yield Blocker(_("“%(unit)s” does not belong to the owning organisation.") % {"unit": unit}, pk=campaign.pk)
        if not unit.is_active:
            yield Blocker(_("“%(unit)s” is no longer in use.") % {"unit": unit}, pk=campaign.pk)
        if unit.kind == UnitKind.BRANCH and unit.pk not in with_members:
            text = _("“%(unit)s” has no members on the roster.") % {"unit": unit}
            yield Blocker(text, "campaigns:unit_detail", unit.pk)


def _quota_problems(campaign: Campaign) -> Iterator[Blocker]:
    for quota in campaign.quotas.all():
        if not any(quota.params.get(name) for name in ("min", "max", "percent", "tiers")):
            yield Blocker(_("The quota “%(code)s” has no figure yet.") % {"code": quota.code}, pk=campaign.pk)


def _people_missing(campaign: Campaign, units: list[OrgUnit]) -> Iterator[Blocker]:
    """Units where nobody may do the main action of a step that will fall to them."""
    missing: dict[OrgUnit, list[str]] = defaultdict(list)
    chains = lineages(units)
    granted: dict[str, set[str]] = {}
    for stage in Stage.objects.filter(post_kind__campaign=campaign).order_by("post_kind__position", "position"):
        spec = stage_specs().get(stage.kind)
        if spec is None or spec.permission is None:
            continue
        paths = granted.setdefault(spec.permission, granted_paths(spec.permission))
        for unit in units:
            acting = actor_unit_among(stage.actor, chain=chains[unit.pk], owner=campaign.owner)
            if acting is None or _somebody_at(acting, paths, campaign.owner):
                continue
            if stage.label not in missing[acting]:
                missing[acting].append(stage.label)
    for unit, labels in missing.items():
        text = _("Nobody in “%(unit)s” may do: %(steps)s. Appoint somebody.")
        yield Blocker(text % {"unit": unit, "steps": "、".join(labels)}, "campaigns:unit_detail", unit.pk)


def _too_few_people(campaign: Campaign, units: list[OrgUnit]) -> Iterator[Blocker]:
    """Steps that want several people, where fewer may act: their nominations would wait for ever."""
    chains = lineages(units)
    for stage in Stage.objects.filter(post_kind__campaign=campaign).order_by("post_kind__position", "position"):
        spec = stage_specs().get(stage.kind)
        wanted = spec.people_needed(stage.params) if spec and spec.permission else 1
        if wanted == 1:
            continue
        found = {actor_unit_among(stage.actor, chain=chains[unit.pk], owner=campaign.owner) for unit in units}
        for acting in sorted(found - {None}, key=lambda unit: unit.path):
            have = holders_of(spec.permission, acting).count()
            if 0 < have < wanted:
                text = _("“%(step)s” wants %(wanted)s people of “%(unit)s”, but only %(have)s may do it. Appoint more.")
                values = {"step": stage.label, "wanted": wanted, "unit": acting, "have": have}
                yield Blocker(text % values, "campaigns:unit_detail", acting.pk)


def _somebody_at(unit: OrgUnit, paths: set[str], owner: OrgUnit) -> bool:
    """Whether the permission is held at the unit or above it; for a unit below the owner only below the owner.

    The office can help out everywhere, but a branch without a secretary shall be seen before the campaign opens.
    """
    above = {unit.path[:end] for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)}
    if unit != owner and unit.path.startswith(owner.path):
        above = {path for path in above if len(path) > len(owner.path)}
    return bool(above & paths)


def _holidays_missing(campaign: Campaign) -> Iterator[Blocker]:
    first, last = campaign.starts_on, campaign.nominations_until
    if not first or not last or last < first:
        return
    for year in range(first.year, min(last.year, first.year + 2) + 1):
        if not has_holidays_for(year):
            text = _("The holidays of %(year)s are not in the table; working days cannot be counted.")
            yield Blocker(text % {"year": year}, "campaigns:holiday_list")
