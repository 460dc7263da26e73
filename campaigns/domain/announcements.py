"""Whom a campaign tells what."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.domain.errors import OutOfOrderError
from campaigns.domain.journal import record
from campaigns.domain.messages import tell
from campaigns.domain.outbox import still_open
from campaigns.domain.progress import nominations_by_unit
from campaigns.domain.quotes import inside_quotes
from campaigns.models import Campaign, CampaignStatus, DateMove, Message, OrgUnit, User
from campaigns.permissions import holders_at, require_on_unit


@transaction.atomic
def remind_units(campaign: Campaign, *, actor: User, units: Iterable[OrgUnit] | None = None) -> int:
    """Tell the secretaries of units that have not nominated yet; return how many units that were.

    At most once a day for each person. Raises OutOfOrderError unless the campaign is open.
    """
    campaign = Campaign.objects.select_related("owner").get(pk=campaign.pk)
    require_on_unit(actor, "manage_campaign", campaign.owner)
    if campaign.status != CampaignStatus.OPEN:
        raise OutOfOrderError(_("Reminders can be sent while the campaign is open."))
    counts = nominations_by_unit(campaign)
    wanted = [unit for unit in campaign.units.all() if not counts[unit.pk]]
    if units is not None:
        chosen = {unit.pk for unit in units}
        wanted = [unit for unit in wanted if unit.pk in chosen]
    tell(
        holders_at("nominate", wanted),
        key=f"campaign:{campaign.pk}:remind:{timezone.localdate()}",
        title=_("Please nominate for “%(campaign)s”") % {"campaign": inside_quotes(campaign.title)},
        body=_deadline_sentence(campaign),
        url=reverse("campaigns:campaign_detail", args=[campaign.pk]),
    )
    record("campaign_reminded", campaign, actor=actor, units=len(wanted))
    return len(wanted)


@still_open("campaign")
def _awaits_nomination(message: Message) -> bool:
    """Of a reminder: as long as one of his units has not nominated. What only tells something stays true."""
    number, event, *_rest = message.key.split(":")[1:]
    if event != "remind":
        return True
    campaign = Campaign.objects.get(pk=number)
    counts = nominations_by_unit(campaign)
    wanted = [unit for unit in campaign.units.all() if not counts[unit.pk]]
    return campaign.status == CampaignStatus.OPEN and message.user in holders_at("nominate", wanted)


def people_to_tell(campaign: Campaign) -> QuerySet[User]:
    """Who hears of the opening: the secretaries of the units that take part, and the members with an account."""
    units = list(campaign.units.all())
    members = Q(member__branch__in=units, member__left_on__isnull=True)
    return User.objects.filter(Q(pk__in=holders_at("nominate", units).values("pk")) | members, is_active=True)


def announce_opening(campaign: Campaign) -> int:
    """Tell them, once; return how many people that are."""
    people = list(people_to_tell(campaign))
    tell(
        people,
        key=f"campaign:{campaign.pk}:open",
        title=_("“%(campaign)s” has started") % {"campaign": inside_quotes(campaign.title)},
        body=_deadline_sentence(campaign),
        url=reverse("campaigns:campaign_detail", args=[campaign.pk]),
    )
    return len(people)


def announce_move(campaign: Campaign, move: DateMove) -> None:
    """Tell of a moved date: everybody where it is a last day, the units' secretaries where it is only planned."""
    is_last_day = move.target in ("nominations", "end")
    people = people_to_tell(campaign) if is_last_day else holders_at("nominate", list(campaign.units.all()))
    tell(
        people,
        key=f"campaign:{campaign.pk}:move:{move.pk}",
        title=_("A date of “%(campaign)s” was moved") % {"campaign": inside_quotes(campaign.title)},
        body=_("%(what)s: %(before)s → %(after)s. %(reason)s") % (vars(move) | {"what": move.label}),
        url=reverse("campaigns:campaign_timeline", args=[campaign.pk]),
    )


def _deadline_sentence(campaign: Campaign) -> str:
    until = campaign.nominations_until
    return _("Nominations until %(day)s.") % {"day": until} if until else ""
