"""What the pages of campaigns show, put together from the domain."""

from dataclasses import dataclass
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.blockers import find_blockers
from campaigns.domain.campaign_advice import advise_campaign
from campaigns.domain.campaign_rules import scheme_of
from campaigns.domain.page_parts import parts_of_campaign
from campaigns.domain.progress import nominations_by_unit
from campaigns.models import Campaign, CampaignStatus, OrgUnit, User
from campaigns.permissions import may_on_unit
from campaigns.schemes.explain import explain_scheme
from campaigns.schemes.model import Scheme
from campaigns.timeline_page import upcoming


@dataclass(frozen=True)
class Step:
    """A step of the campaign's bar: state is done, current or later."""

    label: str
    meta: str
    state: str


@dataclass(frozen=True)
class UnitRow:
    """A participating unit and how many nominations it has handed in."""

    unit: OrgUnit
    nominations: int


def campaign_page(campaign: Campaign, user: User) -> dict:
    """Everything that the page of a campaign shows to this user."""
    may_manage = may_on_unit(user, "manage_campaign", campaign.owner)
    counts = nominations_by_unit(campaign)
    rows = [UnitRow(unit, counts[unit.pk]) for unit in campaign.units.order_by("path")]
    scheme = scheme_of(campaign)
    until = campaign.nominations_until
    today = timezone.localdate()
    return {
        "may_manage": may_manage,
        "blockers": find_blockers(campaign) if may_manage else [],
        "advice": advise_campaign(campaign) if may_manage and not campaign.is_frozen else [],
        "advice_notes": campaign.advice_notes.select_related("noted_by"),
        "steps": campaign_steps(campaign),
        "phases": phase_rows(campaign, scheme),
        "parts": parts_of_campaign(campaign, user),
        **upcoming(campaign),
        "rows": rows,
        "with_nominations": sum(row.nominations > 0 for row in rows),
        "nominations": sum(row.nominations for row in rows),
        "days_left": (until - today).days if until and until >= today else None,
        "may_remind": may_manage and campaign.status == CampaignStatus.OPEN and any(not r.nominations for r in rows),
        "sections": explain_scheme(scheme) if scheme else [],
    }


@dataclass(frozen=True)
class PhaseRow:
    """A phase of the campaign's calendar: state is past, current or later."""

    label: str
    starts_on: date
    ends_on: date
    state: str
    text: str = ""
    clause: str = ""


def phase_rows(campaign: Campaign, scheme: Scheme | None) -> list[PhaseRow]:
    """The dated phases in order, with what the scheme says about each."""
    today, rows = timezone.localdate(), []
    said = dict(enumerate(scheme.phases)) if scheme else {}
    for phase in campaign.phases.all():
        if phase.starts_on is None or phase.ends_on is None:
            continue
        state = "later" if today < phase.starts_on else "past" if phase.ends_on < today else "current"
        rule = said.get(phase.position)
        texts = {"text": rule.text, "clause": rule.clause} if rule else {}
        rows.append(PhaseRow(phase.label, phase.starts_on, phase.ends_on, state, **texts))
    return rows


def campaign_steps(campaign: Campaign) -> list[Step]:
    """Where the campaign stands: prepared, nominations, examination and naming, closed."""
    labels = [_("Preparation"), _("Nominations"), _("Examination, naming and reviews"), _("End")]
    opened = campaign.opened_at and timezone.localdate(campaign.opened_at)
    metas = [opened, campaign.nominations_until, "", campaign.ends_on]
    position = _position(campaign)
    states = ["done" if i < position else "current" if i == position else "later" for i in range(len(labels))]
    return [Step(label, str(meta or ""), state) for label, meta, state in zip(labels, metas, states, strict=True)]


def _position(campaign: Campaign) -> int:
    if campaign.status == CampaignStatus.DRAFT:
        return 0
    if campaign.status == CampaignStatus.CLOSED:
        return 4
    until = campaign.nominations_until
    return 1 if until and until >= timezone.localdate() else 2
