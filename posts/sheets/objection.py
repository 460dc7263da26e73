"""异议登记表: for those who handle objections, and nobody else; the branch never learns who raised one."""

from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import User
from campaigns.permissions import may_on_unit
from posts.documents.form_sheet import Fact, FormSheet, Long, Note, Signatures, facts
from posts.domain.notice_texts import formal_time
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Notice, Objection


def objection_sheet(objection: Objection, _user: User) -> FormSheet:
    """What was raised, by whom as far as he said so, what was found and what followed."""
    item = objection.item
    raised_by = pgettext("form", "anonymous") if objection.is_anonymous else objection.name
    return _sheet(
        item.notice,
        number=objection.public_id,
        facts_of={
            "received": formal_time(objection.received_at),
            "channel": objection.get_channel_display(),
            "name": raised_by,
            "contact": "" if objection.is_anonymous else objection.contact,
            "post": str(item),
            "unit": str(item.run.nomination.org_unit),
            "text": objection.text,
            "state": objection.get_status_display(),
            "due": objection.due_on,
            "handler": objection.handler or "",
            "finding": objection.finding,
            "effect": objection.get_effect_display(),
            "reply": objection.reply,
            "closed": timezone.localdate(objection.closed_at) if objection.closed_at else None,
        },
    )


def empty_sheet(notice: Notice, _user: User) -> FormSheet:
    """For a call or a visit: to be written at the desk."""
    return _sheet(notice, number="", facts_of={})


def _sheet(notice: Notice, *, number: str, facts_of: dict) -> FormSheet:
    def fact(label: str, key: str) -> Fact:
        return Fact(label, facts_of.get(key, ""))

    places = [
        pgettext("form", "Registered by"),
        pgettext("form", "Verified by"),
        pgettext("form", "Head"),
        pgettext("form", "Date"),
    ]
    return FormSheet(
        title=pgettext("form", "Register sheet of an objection"),
        left=pgettext("form", "Receiving body: %(unit)s") % {"unit": notice.org_unit},
        right=pgettext("form", "No.: %(number)s") % {"number": number} if number else "",
        parts=(
            facts(Fact(pgettext("form", "Notice"), notice.title, kept=True)),
            facts(fact(pgettext("form", "Received at"), "received"), fact(pgettext("form", "By way of"), "channel")),
            facts(fact(pgettext("form", "Raised by"), "name"), fact(pgettext("form", "Contact"), "contact")),
            facts(fact(pgettext("form", "Concerns"), "post"), fact(pgettext("form", "Unit"), "unit")),
            Long(pgettext("form", "What is raised"), facts_of.get("text", ""), least=48),
            facts(
                fact(pgettext("form", "State"), "state"),
                fact(pgettext("form", "To be verified by"), "due"),
                fact(pgettext("form", "Handled by"), "handler"),
            ),
            Long(pgettext("form", "Finding"), facts_of.get("finding", ""), least=40),
            facts(fact(pgettext("form", "Consequence"), "effect"), fact(pgettext("form", "Closed on"), "closed")),
            Long(pgettext("form", "Reply"), facts_of.get("reply", ""), least=22),
            Signatures(tuple((place, "") for place in places)),
            Note(pgettext("form", "For those who handle it only. Who raised an objection is not passed on.")),
        ),
        foot=notice.campaign.title,
    )


sheet_kind(
    SheetKind(
        "objection",
        gettext_lazy("Register sheet of the objection"),
        rows=lambda user: Objection.objects.visible_to(user).select_related(
            "item__notice__campaign", "item__notice__org_unit", "item__run__nomination__org_unit", "handler"
        ),
        make=objection_sheet,
        order=10,
        page="posts:objection_detail",
    )
)
sheet_kind(
    SheetKind(
        "objection-form",
        gettext_lazy("Register sheet of an objection, empty"),
        rows=lambda user: Notice.objects.visible_to(user).select_related("campaign", "org_unit"),
        make=empty_sheet,
        fits=lambda notice, user: may_on_unit(user, "handle_objection", notice.org_unit),
        order=30,
        page="posts:notice_detail",
    )
)
