"""A campaign from its scheme to its close."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.actors import ACTORS
from campaigns.domain.announcements import announce_opening
from campaigns.domain.blockers import find_blockers
from campaigns.domain.calendar import working_day_from
from campaigns.domain.campaign_advice import note_advice
from campaigns.domain.dates import shifted
from campaigns.domain.day_reminders import schedule_days
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.progress import closing_blockers
from campaigns.domain.quotes import inside_quotes
from campaigns.domain.rule_copies import copy_rules, copy_scheme, further_rules, rules_checksum
from campaigns.domain.schemes import load_scheme
from campaigns.models import Campaign, CampaignStatus, OrgUnit, Quota, UnitKind, User
from campaigns.permissions import require_on_unit, units_for
from campaigns.schemes.model import Scheme

EDITABLE = (
    "title",
    "honour",
    "year",
    "basis_document",
    "approving_body",
    "scope",
    "internal_only",
    "starts_on",
    "nominations_until",
    "ends_on",
)


@transaction.atomic
def create_campaign(
    scheme_text: str,
    *,
    owner: OrgUnit,
    actor: User,
    year: int,
    title: str | None = None,
    units: Iterable[OrgUnit] | None = None,
    **details: Any,
) -> Campaign:
    """Prepare a campaign: a draft that owns a copy of every rule of the scheme.

    ``units``: who takes part, by default every unit of the owner that the scheme lets create posts. ``details``: any of
    ``EDITABLE``. Raises SchemeError for a faulty scheme, PermissionDenied without ``manage_campaign`` on the owner.
    """
    require_on_unit(actor, "manage_campaign", owner)
    scheme = load_scheme(scheme_text)
    head = scheme.scheme
    defaults = {
        "honour": head.honour,
        "approving_body": head.approving_body,
        "scope": head.scope,
        "internal_only": head.internal_only,
    }
    campaign = Campaign(
        title=title or _("%(year)s campaign for “%(honour)s”") % {"year": year, "honour": head.honour},
        scheme_code=head.code,
        scheme_text=scheme_text,
        year=year,
        owner=owner,
        rules=further_rules(scheme),
        created_by=actor,
        **(defaults | _only_editable(details)),
    )
    _check_dates(campaign)
    campaign.save()
    copy_scheme(scheme, campaign)
    campaign.units.set(default_units(owner, scheme) if units is None else units)
    record("campaign_created", campaign, actor=actor, scheme=head.code, owner=owner.pk, units=campaign.units.count())
    return campaign


def owners_for(user: User) -> list[OrgUnit]:
    """The organisations for which the user may prepare a campaign: Party organisations that he manages, top down."""
    return list(units_for(user, "manage_campaign").party().exclude(kind=UnitKind.PARTY_GROUP).order_by("path"))


def default_units(owner: OrgUnit, scheme: Scheme) -> list[OrgUnit]:
    """The units below the owner that may create posts: the branches, what the kinds allow, who takes a first step."""
    first = {code for kind in scheme.kinds for stage in scheme.stages_of(kind)[:1] for code in stage.actor}
    kinds = {UnitKind.BRANCH}.union(*(ACTORS[code].unit_kinds for code in first))
    kinds = kinds.union(*(kind.allowed_units for kind in scheme.kinds))
    return list(OrgUnit.objects.within([owner.path]).filter(kind__in=kinds, is_active=True).order_by("path"))


@transaction.atomic
def update_campaign(
    campaign: Campaign, *, actor: User, units: Iterable[OrgUnit] | None = None, **details: Any
) -> Campaign:
    """Change a campaign in preparation. Raises OutOfOrderError once it is open: its rules are frozen then."""
    campaign = lock_campaign(campaign, actor)
    _require_draft(campaign)
    for name, value in _only_editable(details).items():
        setattr(campaign, name, value)
    _check_dates(campaign)
    campaign.save()
    if units is not None:
        campaign.units.set(units)
    record("campaign_changed", campaign, actor=actor, fields=sorted(details), units=campaign.units.count())
    return campaign


@transaction.atomic
def edit_campaign(
    campaign: Campaign, *, actor: User, quotas: Mapping[Quota, dict[str, int | None]], **details: Any
) -> Campaign:
    """Change details and quota figures together: everything or nothing."""
    for quota, figures in quotas.items():
        set_quota(quota, actor=actor, **figures)
    return update_campaign(campaign, actor=actor, **details)


@transaction.atomic
def set_quota(quota: Quota, *, actor: User, **figures: int | None) -> Quota:
    """Fill in the figures of a quota (``min``, ``max``, ``percent``) of a campaign in preparation."""
    _require_draft(lock_campaign(quota.campaign, actor))
    unknown = set(figures) - {"min", "max", "percent"}
    if unknown or not (figures.get("percent") is None or 1 <= figures["percent"] <= 100):
        raise DomainError(_("A percentage is a whole number from 1 to 100."), field="percent")
    quota.params = {**quota.params, **figures}
    quota.save(update_fields=["params"])
    record("quota_set", quota.campaign, actor=actor, quota=quota.pk, **figures)
    return quota


def campaign_blockers(campaign: Campaign) -> list[str]:
    """Everything that still stands in the way of opening, in sentences; empty when the campaign may open."""
    return [blocker.text for blocker in find_blockers(campaign)]


@transaction.atomic
def open_campaign(campaign: Campaign, *, actor: User, notes: Mapping[str, str] | None = None) -> Campaign:
    """Freeze the rules and tell the branches. ``notes``: on what basis warnings (by key) were accepted.

    Raises OutOfOrderError when the campaign is open already, DomainError with all blockers when something is missing.
    """
    campaign = lock_campaign(campaign, actor)
    _require_draft(campaign)
    if blockers := campaign_blockers(campaign):
        raise DomainError(_("The campaign cannot be opened yet: ") + " ".join(blockers))
    campaign.rules_sha256 = rules_checksum(campaign)
    campaign.status, campaign.opened_at = CampaignStatus.OPEN, timezone.now()
    campaign.save(update_fields=["rules_sha256", "status", "opened_at"])
    record("campaign_opened", campaign, actor=actor, rules_sha256=campaign.rules_sha256)
    note_advice(campaign, notes or {}, actor=actor)
    announce_opening(campaign)
    schedule_days(campaign)
    return campaign


@transaction.atomic
def close_campaign(campaign: Campaign, *, actor: User) -> Campaign:
    """End a running campaign. Raises OutOfOrderError unless it is open, DomainError while nominations are under way."""
    campaign = lock_campaign(campaign, actor)
    if campaign.status != CampaignStatus.OPEN:
        raise OutOfOrderError(_("Only a running campaign can be closed."))
    if blockers := closing_blockers(campaign):
        raise DomainError(_("The campaign cannot be closed yet: ") + " ".join(blockers))
    campaign.status = CampaignStatus.CLOSED
    campaign.save(update_fields=["status"])
    record("campaign_closed", campaign, actor=actor)
    return campaign


@transaction.atomic
def duplicate_campaign(campaign: Campaign, *, actor: User, year: int) -> Campaign:
    """Prepare the campaign of another year: same rules and units, dates moved by the difference in years.

    Days on which something begins or is due move on to the next working day; phases and the campaign's last day keep
    their day of the calendar. Titles, bans and open reviews stay with the old campaign. Raises DomainError when the
    year has its campaign already.
    """
    require_on_unit(actor, "manage_campaign", campaign.owner)
    _require_free_year(campaign, year)
    dates = copied_dates(campaign, year)
    copy = Campaign.objects.create(
        title=campaign.title.replace(str(campaign.year), str(year)),
        year=year,
        owner=campaign.owner,
        created_by=actor,
        **{name: getattr(campaign, name) for name in ("honour", "scheme_code", "scheme_text", "rules", "scope")},
        **{name: getattr(campaign, name) for name in ("approving_body", "internal_only")},
        **dates,
    )
    copy.units.set(campaign.units.filter(is_active=True))
    copy_rules(campaign, to=copy)
    record("campaign_created", copy, actor=actor, copied_from=campaign.pk, year=year)
    return copy


def copied_dates(campaign: Campaign, year: int) -> dict[str, date | None]:
    """The frame of the copy for another year."""
    years = year - campaign.year
    first, until = shifted(campaign.starts_on, years), shifted(campaign.nominations_until, years)
    return {
        "starts_on": first and working_day_from(first),
        "nominations_until": until and working_day_from(until),
        "ends_on": shifted(campaign.ends_on, years),
    }


def _require_free_year(campaign: Campaign, year: int) -> None:
    same = {"owner": campaign.owner, "scheme_code": campaign.scheme_code, "year": year}
    if year == campaign.year or (other := Campaign.objects.filter(**same).first()) is None:
        return
    raise DomainError(
        _("There is a campaign of this scheme for %(year)s already: “%(title)s”.")
        % {"year": year, "title": inside_quotes(other)},
        field="year",
    )


def _only_editable(details: dict[str, Any]) -> dict[str, Any]:
    if unknown := set(details) - set(EDITABLE):
        raise TypeError(f"a campaign has no field {', '.join(sorted(unknown))}")
    return details


def _check_dates(campaign: Campaign) -> None:
    first, until, last = campaign.starts_on, campaign.nominations_until, campaign.ends_on
    if first and last and last < first:
        raise DomainError(_("The campaign ends before it starts."), field="ends_on")
    if first and until and until < first:
        raise DomainError(_("The nominations end before the campaign starts."), field="nominations_until")
    if until and last and last < until:
        raise DomainError(_("The campaign ends before the nominations do."), field="ends_on")


def lock_campaign(campaign: Campaign, actor: User) -> Campaign:
    """The campaign with its row locked; PermissionDenied unless the actor manages campaigns of the owner."""
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("owner").get(pk=campaign.pk)
    require_on_unit(actor, "manage_campaign", campaign.owner)
    return campaign


def _require_draft(campaign: Campaign) -> None:
    if campaign.is_frozen:
        raise OutOfOrderError(
            _("The campaign has been opened; its rules are frozen. Copy it for a new round to change them.")
        )
