"""The register of plaque numbers: a number is given out once, and every plaque is accounted for."""

from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from campaigns.domain.anchors import anchor_of
from campaigns.domain.calendar import add_working_days
from campaigns.domain.journal import record
from campaigns.domain.rules import recall_days
from campaigns.models import Campaign, HolderKind, OrgUnit, User
from posts.models import Conferral, Plaque, PlaqueSeries, PlaqueStatus

LETTERS = {HolderKind.PERSON: "P", HolderKind.TEAM: "T", HolderKind.ORG: "O", HolderKind.ZONE: "Z"}


@transaction.atomic
def issue_plaque(
    conferral: Conferral, *, kind: str, issuer: str, issuer_unit: OrgUnit, actor: User | None = None, **fields: object
) -> Plaque:
    """Enter a new plaque into the register: it takes the next number of its organisation and year."""
    series, serial = _take_number(conferral.campaign)
    plaque = Plaque.objects.create(
        conferral=conferral,
        kind=kind,
        series=series,
        serial=serial,
        number=number_text(conferral, serial),
        issuer=issuer,
        issuer_unit=issuer_unit,
        shown_name=conferral.name,
        shows_unit=issuer == issuer_unit.name,
        **fields,
    )
    entry = record("plaque_issued", plaque, actor=actor, conferral=conferral.pk, number=plaque.number)
    plaque.anchor = anchor_of(entry)
    plaque.save(update_fields=["anchor"])
    return plaque


def call_back_all(conferral: Conferral, *, reason: str, actor: User | None, due_on: date | None = None) -> list[Plaque]:
    """What the end of a title does: every plaque out is called back, what was not handed over is void.

    Part of a larger act: the caller holds the lock and has asked for the right.
    """
    called = [
        open_recall(plaque, conferral, reason=reason, actor=actor, due_on=due_on)
        for plaque in conferral.plaques.select_for_update().filter(status=PlaqueStatus.DISPLAYED)
    ]
    for plaque in conferral.plaques.select_for_update().filter(status=PlaqueStatus.TO_PRINT):
        void_plaque(plaque, reason=reason, actor=actor)
    return called


def void_plaque(plaque: Plaque, *, reason: str, actor: User | None) -> None:
    """A plaque that was never handed out is not needed any more; its number stays used. The caller holds the lock."""
    plaque.status, plaque.note = PlaqueStatus.VOID, reason[:200]
    plaque.save(update_fields=["status", "note"])
    record("plaque_voided", plaque, actor=actor, conferral=plaque.conferral_id)


def open_recall(
    plaque: Plaque, conferral: Conferral, *, reason: str, actor: User | None, due_on: date | None = None
) -> Plaque:
    """Turn a displayed plaque into one that is expected back. The caller holds the lock and has asked for the right."""
    plaque.status = PlaqueStatus.RECALLED
    plaque.recall_reason = reason.strip()[:200]
    plaque.recall_due_on = due_on or recall_due_on(conferral.campaign)
    plaque.recalled_at = timezone.now()
    plaque.save(update_fields=["status", "recall_reason", "recall_due_on", "recalled_at"])
    record("plaque_recalled", plaque, actor=actor, conferral=conferral.pk, due_on=plaque.recall_due_on)
    return plaque


def undo_recall(plaque: Plaque, *, actor: User) -> Plaque:
    """Let a plaque hang again whose recall was wrong, while it is still out. The caller holds the lock."""
    plaque.status, plaque.recall_reason, plaque.recall_due_on, plaque.recalled_at = (
        PlaqueStatus.DISPLAYED,
        "",
        None,
        None,
    )
    plaque.save(update_fields=["status", "recall_reason", "recall_due_on", "recalled_at"])
    record("plaque_recall_undone", plaque, actor=actor, conferral=plaque.conferral_id)
    return plaque


def recall_due_on(campaign: Campaign) -> date:
    """The day by which a plaque called back today is due: so many working days, by the campaign's rules."""
    return add_working_days(timezone.localdate(), recall_days(campaign))


def number_text(conferral: Conferral, serial: int) -> str:
    """``<code of the owner>-<year>-<P|T|O|Z>-<nnn>``; the running number is shared by the letters."""
    campaign = conferral.campaign
    return f"{campaign.owner.code}-{campaign.year}-{LETTERS[HolderKind(conferral.post_kind.holder)]}-{serial:03}"


def last_serial(campaign: Campaign) -> int:
    """The last number given out, for a preview; another officer may take the next one first."""
    series = PlaqueSeries.objects.filter(prefix=campaign.owner.code, year=campaign.year).first()
    return series.last if series else 0


def register_gaps() -> list[str]:
    """Where the register does not add up: a number missing, doubled or beyond the last; empty when all is well."""
    problems = []
    for series in PlaqueSeries.objects.all():
        serials = list(series.plaques.order_by("serial").values_list("serial", flat=True))
        if serials != list(range(1, series.last + 1)):
            problems.append(f"{series}: {series.last} given out, {len(serials)} in the register")
    return problems


def _take_number(campaign: Campaign) -> tuple[PlaqueSeries, int]:
    key: dict[str, Any] = {"prefix": campaign.owner.code, "year": campaign.year}
    PlaqueSeries.objects.get_or_create(**key)
    series = PlaqueSeries.objects.select_for_update().get(**key)
    series.last += 1
    series.save(update_fields=["last"])
    return series, series.last
