"""会议记录: the minutes of a deliberation, filled in, or for the room with what is known before."""

from django.utils.translation import gettext_lazy, pgettext

from campaigns.models import User
from posts.documents.form_grid import Grid, GridColumn
from posts.documents.form_sheet import Fact, FormSheet, Long, Part, Signatures, facts
from posts.domain.meetings import judge, voting_members
from posts.domain.sheet_kinds import SheetKind, sheet_kind
from posts.models import Meeting, Nomination, RunStatus, StageRun
from posts.stages.base import logic_of


def minutes_sheet(meeting: Meeting, _user: User) -> FormSheet:
    """What was recorded: who should attend, who came, what was said, the votes, what was resolved."""
    run = meeting.run
    run.nomination = meeting.nomination
    params = logic_of(run).params
    verdict = judge(meeting, quorum=params.quorum, pass_rule=params.pass_rule)
    left_out = [(row.member, row.get_reason_display()) for row in meeting.left_out.select_related("member")]
    resolved = (
        pgettext("form", "Agreed to recommend.") if verdict.agreed else pgettext("form", "Not agreed to recommend.")
    )
    if not verdict.counts:
        resolved = pgettext("form", "The meeting had no quorum and decided nothing.")
    return _sheet(
        run,
        forum=meeting.get_forum_display(),
        parts=(
            facts((pgettext("form", "Held on"), meeting.held_on), (pgettext("form", "Place"), meeting.place)),
            facts((pgettext("form", "Chair"), meeting.chair), (pgettext("form", "Recorder"), meeting.recorder)),
            facts(
                (pgettext("form", "Should attend"), meeting.should_attend),
                (pgettext("form", "Not counted"), meeting.excused),
                (pgettext("form", "Present"), meeting.present),
            ),
            *_left_out(left_out),
            _subject(run),
            Long(pgettext("form", "Minutes"), meeting.minutes, least=70),
            _votes(meeting.in_favour, meeting.against, meeting.abstained),
            Long(pgettext("form", "Resolution"), "\n".join(filter(None, (verdict.arithmetic, resolved))), least=18),
        ),
        signatures=(meeting.chair, meeting.recorder),
    )


def room_sheet(nomination: Nomination, _user: User) -> FormSheet:
    """The minutes still to be written: with the post, the unit and the number who should attend."""
    run = _run_to_hold(nomination)
    run.nomination = nomination
    params = logic_of(run).params
    parts: tuple[Part, ...] = (
        facts((pgettext("form", "Held on"), ""), (pgettext("form", "Place"), "")),
        facts((pgettext("form", "Chair"), ""), (pgettext("form", "Recorder"), "")),
        facts(
            (
                pgettext("form", "Should attend"),
                voting_members(run).count() if params.forum == "members_meeting" else "",
            ),
            (pgettext("form", "Not counted"), ""),
            (pgettext("form", "Present"), ""),
        ),
        Long(pgettext("form", "Those present"), "", least=16),
        Long(pgettext("form", "Absent, and why"), "", least=10),
        _subject(run),
        Long(pgettext("form", "Minutes"), "", least=82),
        _votes(None, None, None),
        Long(pgettext("form", "Resolution"), "", least=26),
    )
    return _sheet(run, forum=dict(Meeting._meta.get_field("forum").choices)[params.forum], parts=parts)  # noqa: SLF001


def _sheet(run: StageRun, *, forum: str, parts: tuple[Part, ...], signatures: tuple[str, str] = ("", "")) -> FormSheet:
    nomination = run.nomination
    words = {"unit": run.actor_unit or nomination.org_unit, "forum": forum}
    chair, recorder = signatures
    places = ((pgettext("form", "Chair (signature)"), chair), (pgettext("form", "Recorder (signature)"), recorder))
    return FormSheet(
        title=pgettext("form", "Minutes of the %(forum)s") % words,
        left=pgettext("form", "Unit: %(unit)s") % words,
        parts=(*parts, Signatures(places)),
        foot=f"{nomination.campaign} · {nomination.number or nomination}",
    )


def _subject(run: StageRun) -> Part:
    nomination = run.nomination
    people = "、".join(person.name for person in nomination.members.filter(dropped_at__isnull=True))
    text = pgettext("form", "%(step)s: whether “%(post)s” (%(people)s) is recommended as “%(honour)s”") % {
        "step": run.label,
        "post": nomination,
        "people": people or "—",
        "honour": nomination.campaign.honour,
    }
    return Long(pgettext("form", "Subject"), text, least=10, kept=True)


def _votes(in_favour: int | None, against: int | None, abstained: int | None) -> Part:
    return facts(
        Fact(pgettext("form", "In favour"), in_favour),
        Fact(pgettext("form", "Against"), against),
        Fact(pgettext("form", "Abstained"), abstained),
    )


def _left_out(rows: list[tuple[object, str]]) -> tuple[Part, ...]:
    if not rows:
        return ()
    columns = (GridColumn(pgettext("form", "Name"), 20, centered=True), GridColumn(pgettext("form", "Reason"), 60))
    return (Grid(columns, tuple(rows), label=pgettext("form", "Not counted among those who should attend")),)


def _run_to_hold(nomination: Nomination) -> StageRun | None:
    waiting = nomination.runs.filter(kind="deliberate", status__in=(RunStatus.OPEN, RunStatus.PENDING))
    return waiting.select_related("actor_unit").order_by("position", "-attempt").first()


def _meetings_of(nomination: Nomination, _user: User) -> list[Meeting]:
    return list(nomination.meetings.order_by("held_on", "pk"))


sheet_kind(
    SheetKind(
        "minutes",
        gettext_lazy("Minutes of the meeting"),
        rows=lambda user: Meeting.objects.filter(nomination__in=Nomination.objects.visible_to(user)).select_related(
            "run__actor_unit", "nomination__campaign", "nomination__org_unit"
        ),
        make=minutes_sheet,
        order=20,
        page="posts:nomination_detail",
        page_pk=lambda meeting: meeting.nomination_id,
        on=((Nomination, _meetings_of),),
    )
)
sheet_kind(
    SheetKind(
        "minutes-form",
        gettext_lazy("Minutes, to be written in the room"),
        rows=lambda user: Nomination.objects.visible_to(user).select_related("campaign__owner", "org_unit"),
        make=room_sheet,
        fits=lambda nomination, user: _run_to_hold(nomination) is not None,
        order=21,
        page="posts:nomination_detail",
    )
)
