"""What waits for a decision, for lists: constant queries whatever the number of rows."""

from collections.abc import Callable, Iterable
from datetime import date

from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery

from campaigns.models import Campaign, Quota, User
from campaigns.permissions import paths_for
from posts.domain.guards import naming_blockers_of
from posts.domain.places import Places, places_of
from posts.domain.rights import own_organisations
from posts.domain.rounds import late_text, missed_round, round_of, with_round_day
from posts.models import DecisionEffect, DecisionItem, NominationMember, RunStatus, StageRun
from posts.stages.base import logic_of

RECORDED = ["superior"]
#: What other apps tell those who decide about a nomination, one line each: functions from nominations' ids to lines.
decision_notes: list[Callable[[set[int]], dict[int, str]]] = []


def open_decide_runs(user: User, *, below: bool = False) -> QuerySet[StageRun]:
    """Open decide runs of the bodies the user decides or releases for; with ``below`` those of lower bodies too."""
    paths = {*paths_for(user, "decide"), *paths_for(user, "release_decision")}
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(actor_unit__path__startswith=path) if below else Q(actor_unit__path=path)
    return StageRun.objects.filter(condition, kind="decide", status=RunStatus.OPEN)


def decides_anywhere(user: User) -> bool:
    """Whether the user decides or releases for some body."""
    return bool(paths_for(user, "decide") or paths_for(user, "release_decision"))


def decidable_runs(user: User) -> QuerySet[StageRun]:
    """Those of them that wait for this very user: nothing decided yet, and not his own case."""
    condition = Q(pk__in=[])
    for path in paths_for(user, "decide"):
        condition |= Q(actor_unit__path=path) & ~Q(actor=RECORDED)
    for path in paths_for(user, "release_decision"):
        condition |= Q(actor_unit__path=path, actor=RECORDED)
    own = NominationMember.objects.filter(member__user=user, dropped_at__isnull=True).values("nomination")
    return (
        open_decide_runs(user)
        .filter(condition)
        .exclude(nomination__in=own)
        .exclude(pk__in=own_organisations(user))
        .exclude(decision_items__in=DecisionItem.objects.filter(is_live=True))
    )


def waiting_by_day(user: User) -> dict[date | None, int]:
    """How many nominations wait for this user's decision, by the day by which it should be made."""
    rows = with_round_day(decidable_runs(user)).order_by().values("round_on", "due_on")  # type: ignore[misc]
    found: dict[date | None, int] = {}
    for row in rows.annotate(n=Count("pk")):
        day = min([day for day in (row["round_on"], row["due_on"]) if day], default=None)
        found[day] = found.get(day, 0) + row["n"]
    return found


def for_list(runs: QuerySet[StageRun]) -> QuerySet[StageRun]:
    """What the rows show: the post, its people, its survey, what is proposed."""
    survey = StageRun.objects.filter(nomination=OuterRef("nomination"), kind="survey", status=RunStatus.PASSED)
    people = NominationMember.objects.filter(dropped_at__isnull=True)
    items = DecisionItem.objects.filter(is_live=True).select_related("decision")
    return (
        with_round_day(runs)
        .select_related("nomination__org_unit", "nomination__post_kind", "nomination__campaign__owner", "actor_unit")
        .annotate(
            survey_result=Subquery(survey.order_by("-position", "-attempt").values("reason")[:1]),
            is_decided=Exists(DecisionItem.objects.filter(run=OuterRef("pk"), is_live=True)),
        )
        .prefetch_related(
            Prefetch("nomination__members", people, to_attr="people"),
            Prefetch("decision_items", items, to_attr="live_items"),
        )
        .order_by("is_decided", F("round_on").asc(nulls_last=True), "opened_at", "pk")
    )


def with_blockers(runs: Iterable[StageRun]) -> list[StageRun]:
    """The runs with ``blockers``, why they may not be approved now, ``round``, and ``late`` if they missed one."""
    runs = list(runs)
    naming = [run for run in runs if logic_of(run).params.effect == DecisionEffect.NAME]
    found = naming_blockers_of(naming) if naming else {}
    for run in runs:
        run.blockers = found.get(run.pk, [])  # type: ignore[attr-defined]
        run.round, missed = round_of(run), missed_round(run)  # type: ignore[attr-defined]
        run.late = late_text(missed, run.round) if missed else ""  # type: ignore[attr-defined]
    return with_notes(runs)


def with_notes(runs: Iterable[StageRun]) -> list[StageRun]:
    """The runs with ``notes``: what other steps have brought, for those who decide."""
    runs = list(runs)
    nominations = {run.nomination_id for run in runs}
    told = [provider(nominations) for provider in decision_notes] if runs else []
    for run in runs:
        run.notes = [lines[run.nomination_id] for lines in told if run.nomination_id in lines]  # type: ignore[attr-defined]
    return runs


def bars_for(runs: QuerySet[StageRun]) -> list[Places]:
    """The quota bars over a list, when it is of one campaign."""
    found = Campaign.objects.filter(pk__in=runs.order_by().values("nomination__campaign"))
    campaigns = list(found.annotate(has_quotas=Exists(Quota.objects.filter(campaign=OuterRef("pk"))))[:2])
    if len(campaigns) != 1 or not campaigns[0].has_quotas:
        return []
    rows = runs.order_by().select_related("nomination__org_unit", "nomination__post_kind")
    return places_of(campaigns[0], [run.nomination for run in rows])
