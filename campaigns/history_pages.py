"""Which objects of campaigns and the organisation have a history, and what belongs to each."""

from django.db import models
from django.urls import reverse

from campaigns.domain.clock_desk import may_tend_clock
from campaigns.domain.history import Part, belongs, guard, history_page
from campaigns.models import (
    Appointment,
    Campaign,
    DueItem,
    Holiday,
    ImportJob,
    Member,
    OrgUnit,
    ReviewRule,
    Scheme,
    SignInLink,
    User,
)
from campaigns.permissions import may_anywhere, may_on_unit


def _schemes_for(user: User) -> models.QuerySet[Scheme]:
    """Schemes hold nothing personal; they are read by everybody with a role."""
    return Scheme.objects.all() if may_anywhere(user, "view_unit") else Scheme.objects.none()


def _holidays_for(user: User) -> models.QuerySet[Holiday]:
    return Holiday.objects.all() if may_anywhere(user, "manage_campaign") else Holiday.objects.none()


def _scheme_key(kwargs) -> int | None:
    """Schemes are addressed by code; one that comes with the program has no row and no history."""
    return Scheme.objects.filter(code=kwargs.get("code", "")).values_list("pk", flat=True).first()


history_page(
    "campaign",
    Campaign,
    addresses=("campaigns:campaign_detail", "campaigns:campaign_timeline", "campaigns:milestone_list"),
)
history_page(
    "scheme",
    Scheme,
    addresses=("campaigns:scheme_detail",),
    visible=_schemes_for,
    key=_scheme_key,
    back=lambda scheme: reverse("campaigns:scheme_detail", args=[scheme.code]),
)
history_page(
    "unit",
    OrgUnit,
    addresses=("campaigns:unit_detail",),
)
history_page(
    "clock",
    DueItem,
    addresses=("campaigns:clock_item",),
    visible=lambda user: DueItem.objects.all() if may_tend_clock(user) else DueItem.objects.none(),
)
history_page(
    "member",
    Member,
    addresses=("campaigns:member_detail",),
)
history_page(
    "import",
    ImportJob,
    addresses=("campaigns:import_detail",),
)
history_page(
    "holiday",
    Holiday,
    addresses=("campaigns:holiday_edit",),
    visible=_holidays_for,
)


def _appointments(unit: OrgUnit, user: User) -> Part:
    rows = Appointment.objects.filter(org_unit=unit).select_related("user")
    return Part(Appointment, {row.pk: row.user.name for row in rows})


def _links(member: Member, user: User) -> Part:
    links = SignInLink.objects.filter(user=member.user_id)
    return Part(SignInLink, dict.fromkeys(links.values_list("pk", flat=True), ""))


def _account(member: Member, user: User) -> Part:
    return Part(User, {member.user_id: ""} if member.user_id else {})


def _review_rules(campaign: Campaign, user: User) -> Part:
    rules = ReviewRule.objects.filter(campaign=campaign)
    return Part(ReviewRule, dict(rules.values_list("pk", "label")))


belongs("unit", _appointments)
belongs("member", _links)
belongs("member", _account)
belongs("campaign", _review_rules)
# When somebody signed in is near to when he voted: for those who keep the accounts, not for his secretary.
guard("member", ("sign_in_link_used",), lambda member, user: may_on_unit(user, "manage_accounts", member.branch))
