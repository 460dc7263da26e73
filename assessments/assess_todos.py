"""What an assessment asks of people: score, record, conclude."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from assessments.models import Assessment, Method, ScoreSheet
from campaigns.domain.todos import Todo, todo_provider
from campaigns.models import Appointment, Role, User
from campaigns.permissions import holders_of, paths_for
from posts.domain.rights import may
from posts.domain.worklist import asking, runs_to_work_on
from posts.models import Nomination, NominationMember, StageRun
from posts.models.nomination import EDITABLE_STATUSES
from posts.stages.base import logic_of


def steps_to_take(user: User) -> Iterator[tuple[StageRun, tuple[str, str, str]]]:
    """The open assessments that want something of this user, each with the action, its address and its title."""
    if not paths_for(user, "assess"):
        return
    runs = runs_to_work_on(user, "assess").select_related("nomination__campaign__owner", "actor_unit")
    related = ("assessment__sheets", "assessment__records", "nomination__post_kind__stages")
    waiting = list(runs.prefetch_related(*related))
    scorers = _assessors_by_unit() if waiting else {}
    for run in waiting:
        if step := _next_step(run, user, group=scorers.get(run.actor_unit_id, {user.pk})):
            yield run, step


@todo_provider
def assessments_to_do(user: User) -> Iterator[Todo]:
    """The next thing each open assessment wants of this user."""
    for run, (action, address, title) in steps_to_take(user):
        yield Todo(
            title=title % {"step": run.label, "post": run.nomination},
            url=address,
            action=action,
            icon="clipboard-check",
            meta=f"{run.nomination.campaign} · {run.nomination.org_unit}",
            due_on=logic_of(run).due_on(),
            section="nominations",
        )


def _next_step(run: StageRun, user: User, *, group: set[int]) -> tuple[str, str, str] | None:
    """Score while sheets are wanted, then record, then conclude; None while others have to act."""
    assessment, params = run.assessment, logic_of(run).params
    plain = "%(step)s：%(post)s"
    sheets = list(assessment.sheets.all())
    submitted = {sheet.assessor_id for sheet in sheets if sheet.is_submitted}
    if Method.RUBRIC in params.method and len(submitted) < params.min_assessors:
        if user.pk in group - submitted:
            return _("Score"), reverse("assessments:score", args=[run.pk]), plain
        if not _others_may_score(assessment, submitted):
            text = _("%(step)s: another assessor has to be appointed for “%(post)s”")
            return _("Look"), reverse("posts:nomination_detail", args=[run.nomination_id]), text
    have = {record.method for record in assessment.records.all()}
    for method in params.method:
        if method != Method.RUBRIC and method not in have:
            address = reverse("assessments:record_create", args=[run.pk])
            return _("Record"), f"{address}?method={method}", plain
    if Method.RUBRIC in params.method and len(submitted) < params.min_assessors:
        return None
    return _("Conclude"), reverse("assessments:assessment_conclude", args=[run.pk]), plain


def _assessors_by_unit() -> dict[int, set[int]]:
    """The users who are assessors of a unit: where there are some, nobody else is asked to score, though he may."""
    found: dict[int, set[int]] = {}
    for unit, user in Appointment.objects.current().filter(role=Role.ASSESSOR).values_list("org_unit", "user"):
        found.setdefault(unit, set()).add(user)
    return found


def _others_may_score(assessment: Assessment, submitted: set[int]) -> bool:
    run = assessment.run
    return any(may(user, "score", run) for user in holders_of("assess", run.actor_unit).exclude(pk__in=submitted))


def papers_to_score(user: User) -> QuerySet[Nomination]:
    """Papers of which the user is a person and whose self-score is not complete."""
    papers = Nomination.objects.filter(
        members__in=NominationMember.objects.filter(member__user=user, dropped_at__isnull=True),
        status__in=EDITABLE_STATUSES,
        post_kind__stages__kind="nominate",
        post_kind__stages__params__self_score=True,
    )
    complete = ScoreSheet.objects.filter(is_self=True, submitted_at__isnull=False).values("nomination")
    return papers.exclude(pk__in=complete).distinct()


@todo_provider
def self_scores_to_fill(user: User) -> Iterator[Todo]:
    """Self-scores that the user owes as a person of the post; who writes the paper is told by its own list."""
    for paper in papers_to_score(user).select_related("campaign", "org_unit"):
        yield Todo(
            title=_("Score yourself: “%(post)s”") % {"post": paper},
            url=reverse("assessments:self_score", args=[paper.pk]),
            action=_("Score"),
            icon="clipboard-pen",
            meta=f"{paper.campaign} · {paper.org_unit}",
            due_on=paper.campaign.nominations_until,
            section="nominations",
        )


def nominations_that_ask(user: User) -> set[int]:
    """The nominations in which an assessment or a self-score waits for the user: for the first tab of their list."""
    return {run.nomination_id for run, _step in steps_to_take(user)} | set(
        papers_to_score(user).values_list("pk", flat=True)
    )


asking["assess"] = nominations_that_ask
