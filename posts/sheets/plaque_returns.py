"""标牌收回登记: which plaques were called back, why, until when, and who handed them in."""

from collections.abc import Iterable

from django.db.models import Q
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import Campaign, User
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import FormSheet, Note, Signatures
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Conferral, Plaque, PlaqueStatus

CALLED_BACK = Q(recalled_at__isnull=False) | Q(status__in=(PlaqueStatus.RECALLED, PlaqueStatus.RETURNED))


def returns_of_post(conferral: Conferral, user: User) -> FormSheet:
    """Of one post."""
    return _sheet(_plaques(user).filter(conferral=conferral), conferral.campaign, unit=str(conferral.org_unit))


def returns_of_campaign(campaign: Campaign, user: User) -> FormSheet:
    """Of all posts of a campaign that the user sees."""
    return _sheet(_plaques(user).filter(conferral__campaign=campaign), campaign, unit=str(campaign.owner))


def _plaques(user: User):
    rows = Plaque.objects.visible_to(user).filter(CALLED_BACK)
    return rows.select_related("conferral__org_unit", "returned_to", "issuer_unit").order_by("recalled_at", "pk")


def _sheet(plaques: Iterable[Plaque], campaign: Campaign, *, unit: str) -> FormSheet:
    rows = tuple(_row(n, plaque) for n, plaque in enumerate(plaques, 1))
    columns = (
        GridColumn(pgettext("form", "No."), 6, centered=True),
        GridColumn(pgettext("form", "Plaque number"), 16, centered=True),
        GridColumn(pgettext("form", "Post and unit"), 22),
        GridColumn(pgettext("form", "Handed over"), 15, centered=True),
        GridColumn(pgettext("form", "Reason of the recall"), 20),
        GridColumn(pgettext("form", "To be returned by"), 15, centered=True),
        GridColumn(pgettext("form", "Returned on"), 15, centered=True),
        GridColumn(pgettext("form", "Handed in by (signature)"), 13, centered=True),
        GridColumn(pgettext("form", "Taken in by (signature)"), 13, centered=True),
    )
    places = ((pgettext("form", "Checked by"), ""), (pgettext("form", "Date"), ""))
    return FormSheet(
        title=pgettext("form", "Register of returned plaques “%(honour)s”") % {"honour": campaign.honour},
        left=pgettext("form", "Unit: %(unit)s") % {"unit": unit},
        right=pgettext("form", "Plaques: %(n)s") % {"n": len(rows)},
        parts=(
            Grid(columns, rows, spare=2),
            Signatures(places),
            Note(pgettext("form", "A lost plaque is entered with the word “lost” and who signed for it.")),
        ),
        foot=campaign.title,
        landscape=True,
    )


def _row(n: int, plaque: Plaque) -> tuple[object, ...]:
    lost = plaque.status == PlaqueStatus.LOST
    word = pgettext("form", "lost") if lost else plaque.returned_on
    post = f"{plaque.conferral}\n{plaque.conferral.org_unit}"
    given = plaque.lost_by if lost else plaque.returned_by
    taken = plaque.returned_to or ""
    due = plaque.recall_due_on
    return n, plaque.number, post, plaque.issued_on, plaque.recall_reason, due, word, given, taken


sheet_kind(
    SheetKind(
        "plaque-returns",
        gettext_lazy("Register of returned plaques"),
        rows=lambda user: Conferral.objects.visible_to(user).select_related("campaign", "org_unit"),
        make=returns_of_post,
        fits=lambda conferral, user: conferral.plaques.filter(CALLED_BACK).exists(),
        order=40,
        has_blank=True,
        page="posts:conferral_detail",
    )
)
sheet_kind(
    SheetKind(
        "campaign-plaque-returns",
        gettext_lazy("Register of returned plaques"),
        rows=lambda user: Campaign.objects.visible_to(user).select_related("owner"),
        make=returns_of_campaign,
        fits=lambda campaign, user: _plaques(user).filter(conferral__campaign=campaign).exists(),
        order=40,
        has_blank=True,
        page="campaigns:campaign_detail",
    )
)
