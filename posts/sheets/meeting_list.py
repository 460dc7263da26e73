"""上会名单: what waits for the decision of a body, for those who sit in the meeting; narrowed as the page is."""

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import User
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import FormSheet, Signatures
from posts.domain.deciding import decides_anywhere, for_list, open_decide_runs, with_notes
from posts.domain.notice_texts import formal_date
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.forms.decisions import WaitingFilter
from posts.models import StageRun


def meeting_list(_reader: User, user: User, query: str = "") -> FormSheet:
    """Post, people, what survey and assessment have brought, and an empty column for the opinion."""
    wanted = QueryDict(query)
    runs = open_decide_runs(user, below="below" in wanted)
    found = with_notes(for_list(WaitingFilter(wanted, queryset=runs).qs))
    bodies = {str(run.actor_unit): None for run in found if run.actor_unit}
    return FormSheet(
        title=pgettext("form", "Posts submitted for decision"),
        left=pgettext("form", "Deciding body: %(unit)s") % {"unit": "、".join(bodies)} if bodies else "",
        right=pgettext("form", "Posts: %(n)s") % {"n": len(found)},
        parts=(
            Grid(_columns(), tuple(_row(n, run) for n, run in enumerate(found, 1))),
            Signatures(((pgettext("form", "Chair (signature)"), ""), (pgettext("form", "Recorder (signature)"), ""))),
        ),
        foot=pgettext("form", "As of %(day)s") % {"day": formal_date(timezone.localdate())},
        landscape=True,
    )


def _columns() -> tuple[GridColumn, ...]:
    return (
        GridColumn(pgettext("form", "No."), 6, centered=True),
        GridColumn(pgettext("form", "Name of the post"), 20),
        GridColumn(pgettext("form", "Kind"), 13, centered=True),
        GridColumn(pgettext("form", "Nominating unit"), 20),
        GridColumn(pgettext("form", "Members"), 20),
        GridColumn(pgettext("form", "Survey and assessment"), 29),
        GridColumn(pgettext("form", "Opinion of the meeting"), 16),
    )


def _row(n: int, run: StageRun) -> tuple[object, ...]:
    nomination = run.nomination
    people = "、".join(person.name for person in nomination.people)
    told = "\n".join(filter(None, (run.survey_result, *run.notes)))
    return n, nomination, nomination.post_kind, nomination.org_unit, people, told, ""


sheet_kind(
    SheetKind(
        "meeting-list",
        gettext_lazy("List for the meeting"),
        rows=lambda user: User.objects.filter(pk=user.pk),
        make=meeting_list,
        narrowed=meeting_list,
        fits=lambda _reader, user: decides_anywhere(user),
        order=5,
    )
)
