"""What of the nominations waits for a person: for his work list and for the first tab of the list."""

from collections.abc import Callable, Iterable

from django.db.models import Prefetch, Q, QuerySet

from campaigns.models import User
from campaigns.permissions import paths_for
from posts.domain.endorsements import same_step
from posts.domain.rights import waiting_runs
from posts.models import (
    Consent,
    ConsentAnswer,
    Nomination,
    NominationMember,
    NominationStatus,
    RunStatus,
    StageRun,
)
from posts.models.nomination import EDITABLE_STATUSES

#: Kinds of steps in which not everybody who may act is asked: their own functions tell the nominations that wait for
#: a user.
asking: dict[str, Callable[[User], Iterable[int]]] = {}

#: The kinds of steps in which an opinion is given.
OPINIONS = ("endorse", "nominate")


def papers_to_write(user: User) -> QuerySet[Nomination]:
    """Drafts of one's own, and papers that came back to one's own unit."""
    own_units = Q(org_unit__path__in=paths_for(user, "nominate"))
    return Nomination.objects.filter(
        Q(proposer=user, status__in=EDITABLE_STATUSES) | Q(own_units, status=NominationStatus.RETURNED)
    ).for_list()


def runs_to_work_on(user: User, *kinds: str) -> QuerySet[StageRun]:
    """Open steps of submitted papers whose main action is this user's."""
    return waiting_runs(user, *kinds, own_units=True).filter(nomination__submitted_at__isnull=False)


def endorsable_runs(user: User) -> QuerySet[StageRun]:
    """Steps that wait for an opinion of the user's own units, with the people of each post; same steps together."""
    people = NominationMember.objects.filter(dropped_at__isnull=True)
    return (
        runs_to_work_on(user, *OPINIONS)
        .prefetch_related(Prefetch("nomination__members", people, to_attr="people"))
        .order_by("nomination__campaign", "actor_unit", "label", "opened_at", "pk")
    )


def in_batches(runs: Iterable[StageRun]) -> list[list[StageRun]]:
    """The runs in groups on which one opinion can be given; other kinds of steps stand alone."""
    groups: dict[tuple, list[StageRun]] = {}
    for run in runs:
        groups.setdefault(same_step(run) if run.kind in OPINIONS else (run.pk,), []).append(run)
    return list(groups.values())


def consents_to_give(user: User) -> QuerySet[Consent]:
    """Questions to the user himself that are still without an answer."""
    return Consent.objects.filter(
        person__member__user=user,
        person__dropped_at__isnull=True,
        answer=ConsentAnswer.WAITING,
        run__status=RunStatus.OPEN,
    ).select_related("run__nomination__campaign", "person")


def consents_to_collect(user: User) -> QuerySet[StageRun]:
    """Open consent steps of one's own unit in which somebody without an account has not answered."""
    return (
        StageRun.objects.filter(
            kind="consent",
            status=RunStatus.OPEN,
            nomination__org_unit__path__in=paths_for(user, "nominate"),
            consents__answer=ConsentAnswer.WAITING,
            consents__person__member__user__isnull=True,
        )
        .select_related("nomination__campaign")
        .distinct()
    )


def waiting_for_user(user: User) -> set[int]:
    """The keys of all nominations in which something waits for the user."""
    return {
        *papers_to_write(user).values_list("pk", flat=True),
        *runs_to_work_on(user).exclude(kind__in=asking).values_list("nomination", flat=True),
        *(pk for waiting in asking.values() for pk in waiting(user)),
        *consents_to_give(user).values_list("run__nomination", flat=True),
        *consents_to_collect(user).values_list("nomination", flat=True),
    }
