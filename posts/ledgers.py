"""The ledgers of posts, plaques, official documents and bans."""

from collections.abc import Iterable

from django.db.models import F, Prefetch, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy

from campaigns.domain.ledgers import Ledger, LedgerColumn, joined, ledger, ledger_output
from campaigns.navigation import needs
from posts.domain.drafting import label_of
from posts.models import (
    Ban,
    Conferral,
    ConferralStatus,
    DocumentStatus,
    Holder,
    OfficialDocument,
    Plaque,
    PlaqueStatus,
)

ledger_output("PDF", icon="file-text", url_name="posts:ledger_pdf")
ledger_output(gettext_lazy("Print preview"), icon="printer", url_name="posts:ledger_preview")


def _post_page(conferral: int) -> str:
    return reverse("posts:conferral_detail", args=[conferral])


def _people(conferral: Conferral) -> Iterable[Holder]:
    return conferral.people


def _joined_the_party(conferral: Conferral) -> str:
    """A date for each holder, in the order of the names; a dash for who is no Party member."""
    people = _people(conferral)
    return joined(f"{each.member.joined_on:%Y-%m-%d}" if each.member else "--" for each in people)


def _posts(user):
    current = Q(until_on__isnull=True) | Q(until_on=F("conferral__ended_on"))
    people = Prefetch("holders", Holder.objects.filter(current).select_related("member"), to_attr="people")
    return Conferral.objects.visible_to(user).for_list().prefetch_related(people, "plaques")


ledger(
    Ledger(
        code="posts",
        label=gettext_lazy("Ledger of demonstration posts"),
        hint=gettext_lazy("Every post with its people, its decision and what became of it."),
        icon="award",
        order=10,
        rows=_posts,
        day="conferred_on",
        state="status",
        states=ConferralStatus.choices,
        search=("name", "org_unit__name", "decision__document_number", "plaques__number"),
        page_of=lambda post: _post_page(post.pk),
        columns=(
            LedgerColumn(gettext_lazy("Post"), lambda post: post.name, 24),
            LedgerColumn(gettext_lazy("Unit"), lambda post: post.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Campaign"), lambda post: post.campaign.title, 30),
            LedgerColumn(gettext_lazy("Kind"), lambda post: post.post_kind.label),
            LedgerColumn(gettext_lazy("Category"), lambda post: post.category),
            LedgerColumn(gettext_lazy("Holders"), lambda post: joined(each.name for each in _people(post)), 28),
            LedgerColumn(gettext_lazy("Joined the Party"), _joined_the_party, 20),
            LedgerColumn(gettext_lazy("Duties"), lambda post: post.duties, 40),
            LedgerColumn(gettext_lazy("Document"), lambda post: post.decision.document_number, 22),
            LedgerColumn(gettext_lazy("Conferred on"), lambda post: post.conferred_on, 14),
            LedgerColumn(
                gettext_lazy("Plaque number"), lambda post: joined(each.number for each in post.plaques.all()), 24
            ),
            LedgerColumn(gettext_lazy("Displayed since"), lambda post: post.displayed_on, 14),
            LedgerColumn(gettext_lazy("Place"), lambda post: post.place, 24),
            LedgerColumn(gettext_lazy("State"), lambda post: post.get_status_display(), 12),
            LedgerColumn(gettext_lazy("Ended on"), lambda post: post.ended_on, 14),
            LedgerColumn(gettext_lazy("Reason"), lambda post: post.end_reason, 30),
        ),
    )
)

ledger(
    Ledger(
        code="plaques",
        label=gettext_lazy("Ledger of plaques"),
        hint=gettext_lazy("Every number, who signed for it, where it hangs, whether it came back."),
        icon="id-card",
        order=20,
        rows=lambda user: (
            Plaque.objects.visible_to(user).for_list().select_related("series", "issued_by", "returned_to", "replaces")
        ),
        campaign="conferral__campaign",
        unit="conferral__org_unit",
        day="issued_on",
        state="status",
        states=PlaqueStatus.choices,
        search=("number", "conferral__name", "conferral__org_unit__name", "received_by"),
        page_of=lambda plaque: _post_page(plaque.conferral_id),
        columns=(
            LedgerColumn(gettext_lazy("Number"), lambda plaque: plaque.number, 22),
            LedgerColumn(gettext_lazy("Post"), lambda plaque: plaque.conferral.name, 24),
            LedgerColumn(gettext_lazy("Unit"), lambda plaque: plaque.conferral.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Kind"), lambda plaque: plaque.get_kind_display(), 10),
            LedgerColumn(gettext_lazy("Holder"), lambda plaque: plaque.for_name, 14),
            LedgerColumn(gettext_lazy("State"), lambda plaque: plaque.get_status_display(), 14),
            LedgerColumn(gettext_lazy("Handed over on"), lambda plaque: plaque.issued_on, 14),
            LedgerColumn(gettext_lazy("Received by"), lambda plaque: plaque.received_by, 14),
            LedgerColumn(gettext_lazy("Placed at"), lambda plaque: plaque.place, 24),
            LedgerColumn(gettext_lazy("To be returned by"), lambda plaque: plaque.recall_due_on, 14),
            LedgerColumn(gettext_lazy("Reason for the recall"), lambda plaque: plaque.recall_reason, 30),
            LedgerColumn(gettext_lazy("Returned on"), lambda plaque: plaque.returned_on, 14),
            LedgerColumn(gettext_lazy("Handed in by"), lambda plaque: plaque.returned_by, 14),
            LedgerColumn(gettext_lazy("Replaces"), lambda plaque: str(plaque.replaces or ""), 22),
            LedgerColumn(gettext_lazy("Note"), lambda plaque: plaque.note, 30),
        ),
    )
)


def _issued(user):
    withdrawing = Prefetch(
        "withdrawals", OfficialDocument.objects.filter(issued_at__isnull=False).order_by("pk"), to_attr="taken_back_by"
    )
    rows = OfficialDocument.objects.visible_to(user).issued().for_list().select_related("withdraws")
    return rows.prefetch_related(withdrawing).order_by("-day", "-pk")


ledger(
    Ledger(
        code="documents",
        label=gettext_lazy("Ledger of issued documents"),
        hint=gettext_lazy("Every document with its number, who issued it when, and by which other it was withdrawn."),
        icon="stamp",
        order=55,
        visible=needs("view_unit"),
        rows=_issued,
        day="day",
        state="status",
        states=(
            (DocumentStatus.ISSUED, DocumentStatus.ISSUED.label),
            (DocumentStatus.WITHDRAWN, DocumentStatus.WITHDRAWN.label),
        ),
        search=("title", "number", "addressee", "org_unit__name"),
        page_of=lambda paper: reverse("posts:document_detail", args=[paper.pk]),
        columns=(
            LedgerColumn(gettext_lazy("Title of the document"), lambda paper: paper.title, 44),
            LedgerColumn(gettext_lazy("Document number"), lambda paper: paper.number, 22),
            LedgerColumn(gettext_lazy("Kind"), label_of, 14),
            LedgerColumn(gettext_lazy("Issuing body"), lambda paper: paper.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Addressee"), lambda paper: paper.addressee.rstrip("：:"), 28),
            LedgerColumn(gettext_lazy("Copies to"), lambda paper: paper.copies_to, 24),
            LedgerColumn(gettext_lazy("Date of the document"), lambda paper: paper.day, 14),
            LedgerColumn(gettext_lazy("Issued by"), lambda paper: paper.issued_by.name, 12),
            LedgerColumn(gettext_lazy("Issued at"), lambda paper: paper.issued_at, 16),
            LedgerColumn(gettext_lazy("State"), lambda paper: paper.get_status_display(), 10),
            LedgerColumn(gettext_lazy("Withdraws"), lambda paper: str(paper.withdraws or ""), 30),
            LedgerColumn(gettext_lazy("Withdrawn by the document"), lambda paper: joined(paper.taken_back_by), 30),
            LedgerColumn(gettext_lazy("Campaign"), lambda paper: paper.campaign.title, 30),
        ),
    )
)


ledger(
    Ledger(
        code="bans",
        label=gettext_lazy("Ledger of bans"),
        hint=gettext_lazy("Who may not be nominated or commended in a year, and on which decision."),
        icon="ban",
        order=95,
        rows=lambda user: Ban.objects.visible_to(user).for_list(),
        campaign="conferral__campaign",
        day="made_at__date",
        search=("member__name", "conferral__name", "org_unit__name", "reason"),
        page_of=lambda ban: _post_page(ban.conferral_id),
        columns=(
            LedgerColumn(gettext_lazy("Name"), lambda ban: ban.member.name if ban.member else ban.conferral.name, 20),
            LedgerColumn(gettext_lazy("Post"), lambda ban: ban.conferral.name, 24),
            LedgerColumn(gettext_lazy("Unit"), lambda ban: ban.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Year"), lambda ban: ban.year, 8),
            LedgerColumn(gettext_lazy("Reason"), lambda ban: ban.reason, 40),
            LedgerColumn(gettext_lazy("Document"), lambda ban: ban.document, 22),
            LedgerColumn(gettext_lazy("Lifted at"), lambda ban: ban.lifted_at, 16),
            LedgerColumn(gettext_lazy("Why it was lifted"), lambda ban: ban.lift_reason, 30),
        ),
    )
)
