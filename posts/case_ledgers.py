"""The ledgers of what happens on the way to a naming: notices, objections, meetings."""

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.domain.ledgers import Ledger, LedgerColumn, ledger
from campaigns.navigation import needs
from campaigns.permissions import units_for
from posts.models import Meeting, Notice, Objection, ObjectionStatus

PHASES = {
    "withdrawn": gettext_lazy("withdrawn"),
    "planned": gettext_lazy("planned"),
    "running": gettext_lazy("running"),
    "over": gettext_lazy("over"),
}


def _length(notice: Notice) -> str:
    text = _("%(n)s working days") if notice.day_kind == "working" else _("%(n)s days")
    return text % {"n": notice.days}


def _notices(user):
    live = Count("items", Q(items__dropped_at__isnull=True))
    rows = Notice.objects.visible_to(user).select_related("campaign", "org_unit", "published_by")
    return rows.annotate(posts=live).order_by("-starts_on", "-pk")


ledger(
    Ledger(
        code="notices",
        label=gettext_lazy("Ledger of public notices"),
        hint=gettext_lazy("What was published, by whom, from when until when."),
        icon="megaphone",
        order=30,
        rows=_notices,
        day="starts_on",
        search=("title", "org_unit__name"),
        page_of=lambda notice: reverse("posts:notice_detail", args=[notice.pk]),
        columns=(
            LedgerColumn(gettext_lazy("Title"), lambda notice: notice.title, 36),
            LedgerColumn(gettext_lazy("Publishing unit"), lambda notice: notice.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Campaign"), lambda notice: notice.campaign.title, 30),
            LedgerColumn(gettext_lazy("Posts"), lambda notice: notice.posts, 8),
            LedgerColumn(gettext_lazy("First day"), lambda notice: notice.starts_on, 14),
            LedgerColumn(gettext_lazy("Last day"), lambda notice: notice.ends_on, 14),
            LedgerColumn(gettext_lazy("Length"), _length, 14),
            LedgerColumn(gettext_lazy("Telephone"), lambda notice: (notice.contact or {}).get("phone", ""), 18),
            LedgerColumn(gettext_lazy("Published by"), lambda notice: notice.published_by.name, 14),
            LedgerColumn(gettext_lazy("State"), lambda notice: str(PHASES[notice.phase]), 12),
            LedgerColumn(gettext_lazy("Why it was withdrawn"), lambda notice: notice.withdrawn_reason, 30),
        ),
    )
)


ledger(
    Ledger(
        code="objections",
        label=gettext_lazy("Ledger of objections"),
        hint=gettext_lazy("What was raised during notices and how it was settled; without names."),
        icon="message-square-warning",
        order=40,
        visible=needs("handle_objection"),
        rows=lambda user: (
            Objection.objects.visible_to(user)
            .select_related("item__notice", "item__run__nomination__org_unit", "handler")
            .order_by("-received_at", "-pk")
        ),
        campaign="item__notice__campaign",
        unit="item__run__nomination__org_unit",
        day="received_at__date",
        state="status",
        states=ObjectionStatus.choices,
        search=("text", "item__run__nomination__name", "item__notice__title"),
        page_of=lambda objection: reverse("posts:objection_detail", args=[objection.pk]),
        columns=(
            LedgerColumn(gettext_lazy("Post"), lambda each: str(each.item.run.nomination), 24),
            LedgerColumn(gettext_lazy("Unit"), lambda each: each.item.run.nomination.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Notice"), lambda each: each.item.notice.title, 30),
            LedgerColumn(gettext_lazy("Received at"), lambda each: each.received_at, 16),
            LedgerColumn(gettext_lazy("Received by way of"), lambda each: each.get_channel_display(), 12),
            LedgerColumn(
                gettext_lazy("With a name"), lambda each: _("anonymous") if each.is_anonymous else _("with a name"), 10
            ),
            LedgerColumn(gettext_lazy("What is raised"), lambda each: each.text, 40),
            LedgerColumn(gettext_lazy("Handled by"), lambda each: each.handler.name if each.handler else "", 14),
            LedgerColumn(gettext_lazy("To be verified by"), lambda each: each.due_on, 14),
            LedgerColumn(gettext_lazy("State"), lambda each: each.get_status_display(), 14),
            LedgerColumn(gettext_lazy("Finding"), lambda each: each.finding, 40),
            LedgerColumn(gettext_lazy("Consequence"), lambda each: each.get_effect_display(), 18),
            LedgerColumn(gettext_lazy("Closed at"), lambda each: each.closed_at, 16),
        ),
    )
)

ledger(
    Ledger(
        code="meetings",
        label=gettext_lazy("Ledger of meetings"),
        hint=gettext_lazy("Deliberations with who should attend, who came and what came out."),
        icon="users",
        order=50,
        visible=needs("view_unit"),
        rows=lambda user: (
            Meeting.objects.filter(nomination__org_unit__in=units_for(user, "view_unit"))
            .select_related("nomination__org_unit", "nomination__campaign")
            .order_by("-held_on", "-pk")
        ),
        campaign="nomination__campaign",
        unit="nomination__org_unit",
        day="held_on",
        search=("nomination__name", "nomination__org_unit__name", "chair"),
        page_of=lambda meeting: reverse("posts:nomination_detail", args=[meeting.nomination_id]),
        columns=(
            LedgerColumn(gettext_lazy("Post"), lambda each: str(each.nomination), 24),
            LedgerColumn(gettext_lazy("Unit"), lambda each: each.nomination.org_unit.name, 28),
            LedgerColumn(gettext_lazy("Form"), lambda each: each.get_forum_display(), 16),
            LedgerColumn(gettext_lazy("Held on"), lambda each: each.held_on, 14),
            LedgerColumn(gettext_lazy("Place"), lambda each: each.place, 20),
            LedgerColumn(gettext_lazy("Chair"), lambda each: each.chair, 12),
            LedgerColumn(gettext_lazy("Should attend"), lambda each: each.should_attend, 8),
            LedgerColumn(gettext_lazy("Present"), lambda each: each.present, 8),
            LedgerColumn(gettext_lazy("In favour"), lambda each: each.in_favour, 8),
            LedgerColumn(gettext_lazy("Against"), lambda each: each.against, 8),
            LedgerColumn(gettext_lazy("Abstained"), lambda each: each.abstained, 8),
            LedgerColumn(
                gettext_lazy("Outcome"), lambda each: _("agreed to recommend") if each.agreed else _("not agreed"), 14
            ),
        ),
    )
)
