"""What forbids a naming, whatever the order of the stages (domain notes 2.2). Asked before and at the decision."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import HolderKind
from posts.models import Consent, ConsentAnswer, NominationMember, NoticeItem, Objection, RunStatus, StageRun

GUARDED_KINDS = ("survey", "notice", "consent")


def naming_blockers(run: StageRun) -> list[str]:
    """Why the nomination of ``run`` may not be named now; empty when it may."""
    return naming_blockers_of([run])[run.pk]


def naming_blockers_of(runs: Iterable[StageRun]) -> dict[int, list[str]]:
    """The blockers of many runs by their id, in a fixed number of queries."""
    runs = list(runs)
    nominations = {run.nomination_id for run in runs}
    last = _last_attempts(nominations)
    objections = _open_objections(nominations)
    passed = {run.pk for positions in last.values() for run in positions.values() if run.status == RunStatus.PASSED}
    running = _unfinished_notices(passed)
    unasked = _missing_consents(last)
    found: dict[int, list[str]] = {}
    for run in runs:
        earlier = [r for position, r in sorted(last[run.nomination_id].items()) if position < run.position]
        problems = [
            _("The step “%(label)s” has not been passed.") % {"label": r.label}
            for r in earlier
            if r.status != RunStatus.PASSED
        ]
        problems += [running[r.pk] for r in earlier if r.pk in running]
        problems += [text for r in earlier if (text := unasked.get(r.pk))]
        if number := objections[run.nomination_id]:
            problems.append(open_objections_text(number))
        found[run.pk] = problems
    return found


def open_objections_text(number: int) -> str:
    """The sentence about objections that are not settled."""
    return _("%(number)s objection(s) are not settled yet: settle them first.") % {"number": number}


def count_open_objections(nomination_pk: int) -> int:
    """How many objections to the nomination are not settled."""
    return _open_objections({nomination_pk})[nomination_pk]


def _last_attempts(nominations: set[int]) -> dict[int, dict[int, StageRun]]:
    found: dict[int, dict[int, StageRun]] = defaultdict(dict)
    rows = StageRun.objects.filter(nomination__in=nominations, kind__in=GUARDED_KINDS)
    for run in rows.order_by("position", "attempt"):
        found[run.nomination_id][run.position] = run
    return found


def _open_objections(nominations: set[int]) -> dict[int, int]:
    numbers: dict[int, int] = defaultdict(int)
    rows = Objection.objects.open().filter(item__run__nomination__in=nominations)
    for nomination in rows.order_by().values_list("item__run__nomination", flat=True):
        numbers[nomination] += 1
    return numbers


def _unfinished_notices(runs: set[int]) -> dict[int, str]:
    today = timezone.localdate()
    condition = Q(notice__ends_on__gte=today) | Q(notice__withdrawn_at__isnull=False)
    items = NoticeItem.objects.live().filter(condition, run__in=runs).select_related("notice")
    return {
        item.run_id: _("The public notice was withdrawn.")
        if item.notice.withdrawn_at
        else _("The public notice runs until %(date)s: its full length has to pass.")
        % {"date": item.notice.ends_on.isoformat()}
        for item in items
    }


def asked_for_consent() -> Q:
    """Whose consent counts: the Party members of a post, or the organisation that holds it as a whole."""
    return Q(member__isnull=False) | Q(nomination__post_kind__holder=HolderKind.ORG)


def _missing_consents(last: dict[int, dict[int, StageRun]]) -> dict[int, str]:
    """For each passed consent run the people who have not (or no longer) agreed."""
    asked = {
        run.pk: run.nomination_id
        for positions in last.values()
        for run in positions.values()
        if run.kind == "consent" and run.status == RunStatus.PASSED
    }
    if not asked:
        return {}
    agreed = set(Consent.objects.filter(run__in=asked, answer=ConsentAnswer.AGREED).values_list("run_id", "person_id"))
    people: dict[int, list[NominationMember]] = defaultdict(list)
    live = NominationMember.objects.filter(asked_for_consent(), nomination__in=asked.values(), dropped_at__isnull=True)
    for person in live:
        people[person.nomination_id].append(person)
    found = {}
    for run_pk, nomination in asked.items():
        if names := [person.name for person in people[nomination] if (run_pk, person.pk) not in agreed]:
            found[run_pk] = _(
                "The consent of %(names)s is missing. Return the nomination with all steps to be walked again."
            ) % {"names": "、".join(names)}
    return found
