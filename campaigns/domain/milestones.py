"""Milestones that each unit records: its own plan, its summary, its meeting. Who still owes one is seen by all."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.actors import ACTORS
from campaigns.domain.dates import day_of
from campaigns.domain.errors import DomainError, NotAllowedError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.models import Campaign, CampaignStatus, MilestoneRecord, OrgUnit, User
from campaigns.permissions import may_on_unit

SOON_DAYS = 14


@dataclass(frozen=True)
class Owed:
    """A milestone for one unit; ``record`` is what the unit has written, None as long as it owes it."""

    number: int
    label: str
    on: date
    unit: OrgUnit
    clause: str = ""
    record: MilestoneRecord | None = None

    @property
    def is_overdue(self) -> bool:
        return self.record is None and self.on < timezone.localdate()

    @property
    def is_soon(self) -> bool:
        """Whether it belongs on the work list by now."""
        return self.record is None and (self.on - timezone.localdate()).days <= SOON_DAYS


def owed_records(campaign: Campaign) -> list[Owed]:
    """Every milestone that is recorded, once for each unit that the scheme names, by day and unit."""
    rows = [(n, row) for n, row in enumerate(campaign.rules.get("milestones", [])) if row.get("record")]
    if not rows:
        return []
    written = {(r.label, r.org_unit_id): r for r in campaign.milestone_records.select_related("recorded_by")}
    joined = list(campaign.units.filter(is_active=True))
    found = []
    for number, row in rows:
        for unit in _units(row.get("who") or [], campaign, joined):
            mark = written.get((row["label"], unit.pk))
            on = day_of(row["on"], campaign.year)
            found.append(Owed(number, row["label"], on, unit, row.get("clause") or "", mark))
    return sorted(found, key=lambda owed: (owed.on, owed.number, owed.unit.path))


def may_record(user: User, unit: OrgUnit) -> bool:
    """Whoever writes papers for the unit records its milestones."""
    return may_on_unit(user, "nominate", unit)


@transaction.atomic
def record_milestone(
    campaign: Campaign, *, number: int, unit: OrgUnit, actor: User, text: str, document_number: str = ""
) -> MilestoneRecord:
    """Write down what a unit did for a milestone; written again, the new words replace the old ones.

    ``number``: the milestone's place in the scheme. Raises NotAllowedError, OutOfOrderError while the campaign is in
    preparation, DomainError without a text or for a unit that the milestone does not name.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("owner").get(pk=campaign.pk)
    if not may_record(actor, unit):
        raise NotAllowedError(_("Your role does not allow this in %(unit)s.") % {"unit": unit})
    if campaign.status == CampaignStatus.DRAFT:
        raise OutOfOrderError(_("The campaign has not been opened yet; there is nothing to record."))
    owed = next((o for o in owed_records(campaign) if o.number == number and o.unit.pk == unit.pk), None)
    if owed is None:
        raise DomainError(_("%(unit)s has nothing to record here.") % {"unit": unit})
    if not text.strip():
        raise DomainError(_("Write in a sentence what was done."), field="text")
    written = {"text": text.strip()[:1000], "document_number": document_number.strip()[:60], "recorded_by": actor}
    mark, _new = MilestoneRecord.objects.update_or_create(
        campaign=campaign, label=owed.label, org_unit=unit, defaults=written
    )
    record("milestone_recorded", campaign, actor=actor, milestone=owed.label, unit=unit.pk)
    return mark


def _units(codes: list[str], campaign: Campaign, joined: list[OrgUnit]) -> list[OrgUnit]:
    """The units that act under these words: the owner, units that take part, and Party organisations above them."""
    ends = {unit.path[:end] for unit in joined for end in range(unit.steplen, len(unit.path) + 1, unit.steplen)}
    kinds = {kind for code in codes for kind in ACTORS[code].unit_kinds}
    units = OrgUnit.objects.within([campaign.owner.path]).filter(path__in=ends, kind__in=kinds, is_active=True)
    found = {unit.pk: unit for unit in units}
    if any(ACTORS[code].at_owner for code in codes):
        found[campaign.owner_id] = campaign.owner
    return list(found.values())
