"""The boxes of a form in which the bodies on a nomination's way say what they think, as the scheme names them."""

from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import pgettext

from campaigns.domain.actors import resolve_actor_unit
from campaigns.models import User
from posts.documents.form_sheet import Opinion
from posts.domain.meetings import judge
from posts.domain.notice_texts import formal_date
from posts.models import Decision, DecisionItem, Endorsement, Meeting, Nomination, StageRun
from posts.stages.base import logic_of

#: The kinds of step in which a body judges; where the holder applies himself it is no body's opinion.
JUDGING = ("nominate", "deliberate", "endorse", "decide")
OUTSIDE = "superior"


def opinion_boxes(nomination: Nomination, user: User) -> Iterator[Opinion]:
    """One box for each step of judgement, in the order of the way; empty where nothing has been said yet."""
    said_by_units = _endorsements(nomination)
    words = {
        "nominate": _submission(nomination) | said_by_units,
        "deliberate": _meetings(nomination),
        "endorse": said_by_units,
        "decide": _decisions(nomination, user),
    }
    for run in judging_runs(nomination):
        said = words.get(run.kind, {}).get(run.position)
        yield Opinion(
            label=box_label(run),
            text=said[0] if said else "",
            day=said[1] if said else None,
            unit=_unit_of(run, nomination),
            signer=pgettext("form", "Head (signature):"),
            least=16,
        )


def judging_runs(nomination: Nomination) -> list[StageRun]:
    """The steps of judgement, of each the last attempt."""
    latest = {
        run.position: run
        for run in nomination.runs.filter(kind__in=JUDGING).select_related("actor_unit").order_by("position", "attempt")
        if run.actor != ["holder"]
    }
    return list(latest.values())


def box_label(run: StageRun) -> str:
    """The step in the scheme's words, with 意见 where they do not say so themselves."""
    opinion = pgettext("form", "opinion")
    if run.label.endswith(opinion):
        return run.label
    return pgettext("form", "%(step)s: opinion") % {"step": run.label}


def _unit_of(run: StageRun, nomination: Nomination) -> str:
    """Whose seal; nobody's name for a body outside the tree."""
    if OUTSIDE in run.actor:
        return ""
    unit = run.actor_unit or resolve_actor_unit(run.actor, org_unit=nomination.org_unit, campaign=nomination.campaign)
    return str(unit or "")


def meeting_words(meeting: Meeting) -> str:
    """What a meeting came to, with its figures."""
    text = pgettext("form", "%(forum)s of %(day)s: should attend %(should)s, present %(present)s.") % {
        "forum": meeting.get_forum_display(),
        "day": formal_date(meeting.held_on),
        "should": meeting.should_attend - meeting.excused,
        "present": meeting.present,
    }
    if meeting.in_favour is not None:
        text += pgettext("form", "In favour %(yes)s, against %(no)s, abstained %(abstained)s.") % {
            "yes": meeting.in_favour,
            "no": meeting.against or 0,
            "abstained": meeting.abstained or 0,
        }
    params = logic_of(meeting.run).params
    verdict = judge(meeting, quorum=params.quorum, pass_rule=params.pass_rule)
    agreed = (
        pgettext("form", "Agreed to recommend.") if verdict.agreed else pgettext("form", "Not agreed to recommend.")
    )
    return text + agreed


def _submission(nomination: Nomination) -> dict:
    """Where the way begins with a recommendation, handing the paper in is that recommendation."""
    first = nomination.runs.order_by("position").first()
    if first is None or nomination.submitted_at is None:
        return {}
    return {first.position: (pgettext("form", "Recommended."), timezone.localdate(nomination.submitted_at))}


def _meetings(nomination: Nomination) -> dict:
    rows = nomination.meetings.select_related("run").order_by("pk")
    for row in rows:
        row.run.nomination = nomination
    return {row.run.position: (meeting_words(row), row.held_on) for row in rows}


def _endorsements(nomination: Nomination) -> dict:
    rows = Endorsement.objects.filter(run__nomination=nomination).select_related("run").order_by("pk")
    return {
        row.run.position: (f"{row.opinion}（{row.get_result_display()}）", timezone.localdate(row.at)) for row in rows
    }


def _decisions(nomination: Nomination, user: User) -> dict:
    """Released decisions only: a pending one is known to the deciding body alone, and paper goes from hand to hand."""
    items = DecisionItem.objects.filter(
        run__nomination=nomination,
        is_live=True,
        decision__status="released",
        decision__in=Decision.objects.visible_to(user),
    )
    return {
        item.run.position: ("\n".join(filter(None, _decided(item))), item.decision.held_on)
        for item in items.select_related("run", "decision").order_by("pk")
    }


def _decided(item: DecisionItem) -> tuple[str, ...]:
    decision = item.decision
    head = "，".join(filter(None, (decision.meeting, item.get_outcome_display())))
    return head + (f"（{decision.document_number}）" if decision.document_number else ""), item.reason
