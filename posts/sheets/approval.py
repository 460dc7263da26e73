"""审批表: what a body decided on its list of posts, to be signed and sealed."""

from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import User
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import FormSheet, Note, Opinion, Part, facts
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Decision, DecisionItem, DecisionOutcome, DecisionStatus


def approval_sheet(decision: Decision, user: User) -> FormSheet:
    """Meeting, posts with what was decided on each, the sum, the place of the seal; as far as the reader sees them."""
    items = list(decision.items_for_page(user))
    words = {"year": decision.campaign.year, "honour": decision.campaign.honour}
    return FormSheet(
        title=pgettext("form", "Approval sheet for “%(honour)s” of %(year)s") % words,
        left=pgettext("form", "Deciding body: %(unit)s") % {"unit": decision.org_unit},
        right=_numbered(decision),
        parts=(
            facts(
                (pgettext("form", "Meeting"), decision.meeting),
                (pgettext("form", "Decided on"), decision.held_on),
                (pgettext("form", "Matter"), decision.get_effect_display()),
            ),
            Grid(_columns(), tuple(_row(n, item) for n, item in enumerate(items, 1))),
            Opinion(
                label=pgettext("form", "Decision of the body"),
                text="\n".join(filter(None, (_sum(items), decision.note))),
                unit=str(decision.org_unit),
                signer=pgettext("form", "Secretary (signature):"),
                day=None if decision.is_pending else decision.held_on,
                least=8,
            ),
            *_notes(decision),
        ),
        foot=decision.campaign.title,
        landscape=True,
    )


def _numbered(decision: Decision) -> str:
    if not decision.document_number:
        return ""
    return pgettext("form", "Document number: %(number)s") % {"number": decision.document_number}


def _columns() -> tuple[GridColumn, ...]:
    return (
        GridColumn(pgettext("form", "No."), 6, centered=True, kept=True),
        GridColumn(pgettext("form", "Name of the post"), 22, kept=True),
        GridColumn(pgettext("form", "Kind"), 13, centered=True, kept=True),
        GridColumn(pgettext("form", "Nominating unit"), 22, kept=True),
        GridColumn(pgettext("form", "Members"), 22, kept=True),
        GridColumn(pgettext("form", "Decided"), 11, centered=True),
        GridColumn(pgettext("form", "Reason"), 24),
    )


def _row(n: int, item: DecisionItem) -> tuple[object, ...]:
    nomination = item.run.nomination
    people = "、".join(person.name for person in nomination.members.all() if not person.dropped_at)
    outcome = item.get_outcome_display()
    return n, nomination, nomination.post_kind, nomination.org_unit, people, outcome, item.reason


def _sum(items: list[DecisionItem]) -> str:
    approved = sum(item.outcome == DecisionOutcome.APPROVED for item in items)
    words = {"approved": approved, "refused": len(items) - approved}
    return pgettext("form", "Approved: %(approved)s, not approved: %(refused)s.") % words


def _notes(decision: Decision) -> tuple[Part, ...]:
    if decision.is_pending:
        return (Note(pgettext("form", "A draft: the decision has not been released.")),)
    if decision.anchor:
        return (Note(pgettext("form", "Journal head at publication: %(anchor)s") % {"anchor": decision.anchor}),)
    return ()


sheet_kind(
    SheetKind(
        "approval",
        gettext_lazy("Approval sheet"),
        rows=lambda user: (
            Decision.objects.visible_to(user)
            .exclude(status=DecisionStatus.CANCELLED)
            .select_related("campaign__owner", "org_unit")
        ),
        make=approval_sheet,
        order=5,
        has_blank=True,
        page="posts:decision_detail",
    )
)
