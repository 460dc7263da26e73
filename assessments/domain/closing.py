"""The close of a survey: open, mix, count, judge, in one transaction (votes-and-trust 2.5)."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assessments.domain import sealing
from assessments.domain.bulletins import publish_bulletin
from assessments.domain.paper_counts import counted, paper_of_line, uncounted
from assessments.domain.recounts import schedule_destruction
from assessments.domain.survey_subjects import lock_subject, require_run
from assessments.domain.tallies import BLANK, Judgement, Turnout, judge_line, judge_survey, told_verdict
from assessments.domain.traces import wipe_boxes
from assessments.models import (
    BallotCode,
    Comment,
    OpenedBallot,
    RollEntry,
    SealedBallot,
    Stratum,
    Survey,
    SurveyResult,
    SurveyState,
    Verdict,
    VotingLink,
)
from campaigns.domain.clock import on_due
from campaigns.domain.errors import DomainError
from campaigns.domain.journal import record
from campaigns.models import DueItem, User
from posts.domain import pipeline
from posts.domain.eligibility import minimum_problem
from posts.domain.members import drop_member

CLOSE = "survey_close"
_CHUNK = 2000


class BallotsDoNotMatchError(Exception):
    """Rights used and ballots found differ: somebody changed the tables. The survey stays open and unread."""


@dataclass
class _Urn:
    """The opened ballots as packed bytes (about 100 B each), the counts of every line, and the words."""

    rows: list[bytes] = field(default_factory=list)
    counts: list[Counter[str]] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)


@on_due(CLOSE, gettext_lazy("closing of a survey"))
def close_when_due(item: DueItem) -> None:
    """The clock's part: the closing time has come."""
    survey = Survey.objects.get(pk=item.subject_id)
    if survey.state == SurveyState.OPEN and survey.closes_at <= timezone.now():
        close_survey(survey)


def turnout_of(survey: Survey) -> Turnout:
    """Rights given and used, as counts."""
    codes = survey.codes.filter(voided=False)
    papers = {sheet.stratum: (issued, count.n_returned) for sheet, issued, count in counted(survey)}
    (members_issued, members), (public_issued, public) = (papers.get(key, (0, 0)) for key in Stratum.values)
    return Turnout(
        roll=survey.roll.count(),
        roll_voted=survey.roll.filter(voted=True).count(),
        codes=codes.count(),
        codes_used=codes.filter(used=True).count(),
        paper_members=members,
        paper_public=public,
        paper_members_issued=members_issued,
        paper_public_issued=public_issued,
    )


@transaction.atomic
def close_survey(survey: Survey, *, actor: User | None = None) -> Survey:
    """Close, count and judge; a second call changes nothing.

    By the clock without an actor; by hand only when the time is over or every right is used. Raises DomainError when
    it is too early, BallotsDoNotMatchError when rights used and ballots differ.
    """
    lock_subject(survey)
    survey = Survey.objects.select_for_update(of=("self",)).select_related("org_unit").get(pk=survey.pk)
    if actor:
        require_run(actor, survey, "close_survey")
    if survey.state != SurveyState.OPEN:
        return survey
    if uncounted(survey):
        if actor:
            raise DomainError(_("Paper ballots are out: the survey closes when two people have counted them alike."))
        return survey
    turnout = turnout_of(survey)
    if actor:
        _require_over(survey, turnout)
    judgement = _count(survey, turnout)
    survey.state = SurveyState.VOID if judgement.verdict == Verdict.VOID else SurveyState.CLOSED
    survey.void_reason = judgement.reason[:200] if judgement.verdict == Verdict.VOID else ""
    survey.closed_at = timezone.now()
    survey.save(update_fields=["state", "void_reason", "closed_at"])
    facts = {"verdict": judgement.verdict, "ballots": turnout.ballots}
    record("survey_closed", survey, actor=actor, **facts, codes_voided=turnout.codes - turnout.codes_used)
    publish_bulletin(survey)
    schedule_destruction(survey)
    wipe_boxes()
    if survey.run_id:
        pipeline.advance(survey.run.nomination_id, actor=actor)
    return survey


def _require_over(survey: Survey, turnout: Turnout) -> None:
    everybody = turnout.by_phone + turnout.paper_members_issued == turnout.roll + turnout.codes
    if survey.closes_at > timezone.now() and not everybody:
        raise DomainError(
            _("Not everybody has voted yet: the survey closes by itself at %s.")
            % timezone.localtime(survey.closes_at).strftime("%Y-%m-%d %H:%M")
        )


def _count(survey: Survey, turnout: Turnout) -> Judgement:
    lines = list(survey.lines.order_by("position"))
    urn = _open_all(survey, len(lines))
    if len(urn.rows) != turnout.by_phone:
        raise BallotsDoNotMatchError(f"survey {survey.pk}: {turnout.by_phone} rights used, {len(urn.rows)} ballots")
    urn.rows.sort()
    _write_opened(survey, urn)
    _unlink(survey)
    papers = counted(survey)
    tally = [
        {
            "line": line.position,
            "label": line.label,
            "person": line.person_id,
            "paper": (paper := paper_of_line(papers, number)),
            **judge_line(counts + Counter(paper), rules=survey.rules),
        }
        for number, (line, counts) in enumerate(zip(lines, urn.counts, strict=True))
    ]
    judgement = judge_survey(tally, turnout, rules=survey.rules)
    if judgement.verdict == Verdict.PASSED:
        judgement = _drop_failed(survey, turnout, tally, judgement)
    _write_result(survey, turnout, tally, judgement, root=sealing.root_of(row[:32] for row in urn.rows))
    return judgement


def _open_all(survey: Survey, n_lines: int) -> _Urn:
    urn = _Urn(counts=[Counter() for _unused in range(n_lines)])
    boxes = SealedBallot.objects.filter(survey=survey).values_list("box", flat=True)
    for box in boxes.iterator(chunk_size=_CHUNK):
        ballot = sealing.unseal(box, seal_salt=survey.seal_salt, context=survey.public_id)
        for counts, choice in zip(urn.counts, ballot.choices, strict=True):
            counts[choice or BLANK] += 1
        urn.rows.append(sealing.leaf_of(survey.public_id, ballot) + sealing.pack_opening(ballot))
        if ballot.comment:
            urn.comments.append(ballot.comment)
    return urn


def _write_opened(survey: Survey, urn: _Urn) -> None:
    """In the order of the hashes, in which nothing of the casting is left; words parted, in random order."""
    batch: list[OpenedBallot] = []
    for row in _opened_rows(survey, urn.rows):
        batch.append(row)
        if len(batch) == _CHUNK:
            OpenedBallot.objects.bulk_create(batch)
            batch.clear()
    OpenedBallot.objects.bulk_create(batch)
    random.SystemRandom().shuffle(urn.comments)
    Comment.objects.bulk_create([Comment(survey=survey, text=text) for text in urn.comments], batch_size=_CHUNK)


def _opened_rows(survey: Survey, rows: list[bytes]) -> Iterator[OpenedBallot]:
    for row in rows:
        opening = sealing.unpack_opening(row[32:])
        yield OpenedBallot(
            leaf=row[:32].hex(),
            survey=survey,
            stratum=opening.stratum,
            choices=list(opening.choices),
            salt=opening.salt,
        )


def _unlink(survey: Survey) -> None:
    """Give every right, used or not, the transaction of the opened ballots, so that none stands out (xmin)."""
    SealedBallot.objects.filter(survey=survey).delete()
    RollEntry.objects.filter(survey=survey).update(voted=F("voted"))
    BallotCode.objects.filter(survey=survey).update(used=F("used"))
    VotingLink.objects.filter(entry__survey=survey).update(device_hash=None)


def _drop_failed(survey: Survey, turnout: Turnout, tally: list[dict], judgement: Judgement) -> Judgement:
    """Members whose line failed leave the post; if its minimum is broken by that, the post has failed (F3)."""
    lines = survey.lines.select_related("person__nomination").order_by("position")
    failed = [(line, row) for line, row in zip(lines, tally, strict=True) if line.person_id and not row["passed"]]
    failed = [(line, row) for line, row in failed if line.person.dropped_at is None]
    if not failed or not survey.run_id:
        return judgement
    for line, row in failed:
        reason = told_verdict(row, n_ballots=turnout.ballots, rules=survey.rules)
        drop_member(line.person, actor=None, reason=_("Survey: %s") % reason)
    broken = minimum_problem(survey.run.nomination)
    if not broken:
        return judgement
    names = ", ".join(line.label for line, _row in failed)
    return Judgement(
        Verdict.FAILED, _("Not passed: %(names)s; so the post fails: %(why)s") % {"names": names, "why": broken}
    )


def _write_result(survey: Survey, turnout: Turnout, tally: list[dict], judgement: Judgement, *, root: str) -> None:
    SurveyResult.objects.create(
        survey=survey,
        n_roll=turnout.roll,
        n_roll_voted=turnout.roll_voted,
        n_codes=turnout.codes,
        n_codes_used=turnout.codes_used,
        n_codes_voided=survey.codes.filter(voided=True).count(),
        n_paper_members=turnout.paper_members,
        n_paper_members_issued=turnout.paper_members_issued,
        n_paper_public=turnout.paper_public,
        n_paper_public_issued=turnout.paper_public_issued,
        n_ballots=turnout.ballots,
        lines=tally,
        verdict=judgement.verdict,
        reason=judgement.reason[:300],
        leaf_root=root,
    )
