"""The mover of nominations under any order of actions, and under eight callers at once."""

import contextlib
import threading
from datetime import date

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from campaigns.domain.errors import DomainError
from posts.domain.consents import answer_consent, record_paper_consent
from posts.domain.endorsements import endorse
from posts.domain.meetings import record_meeting
from posts.domain.nominations import return_nomination, submit_nomination, withdraw_nomination
from posts.domain.pipeline import advance, current_run
from posts.models import NominationStatus, RunStatus, Transition
from posts.models.nomination import LIVE_STATUSES
from posts.models.stage_run import FINAL_STATUSES
from tests.factories import MemberFactory, make_kind, make_nomination

STAGES = [
    {"kind": "deliberate", "actor": ["branch"], "params": {"forum": "members_meeting"}},
    {"kind": "consent", "actor": ["holder"]},
    {"kind": "endorse", "actor": ["committee"]},
]
ACTIONS = (
    "submit",
    "meet",
    "meet_badly",
    "agree",
    "decline",
    "endorse",
    "refuse",
    "return",
    "redo",
    "advance",
    "withdraw",
)


class People:
    def __init__(self, secretary, officer, member):
        self.secretary, self.officer, self.member = secretary, officer, member


@pytest.fixture
def people(secretary, officer, member):
    return People(secretary, officer, member)


@pytest.fixture
def nomination(campaign, branch, people):
    kind = make_kind(campaign, *STAGES, holder="team", rules={"min_party": 2})
    others = [MemberFactory(branch=branch) for _unused in range(2)]
    return make_nomination(kind, branch, people.secretary, people.member.member, *others)


def act(nomination, action, people):
    """Try an action on whatever step is open; what may not be done now is refused with a sentence."""
    run = current_run(nomination)
    numbers = {"should_attend": 15, "excused": 0, "present": 8, "against": 0, "abstained": 0}
    votes = {"meet": {"in_favour": 8}, "meet_badly": {"in_favour": 7, "against": 1}}
    minutes = {"held_on": date(2026, 1, 5), "minutes": "x", **numbers, **votes.get(action, {})}
    calls = {
        "submit": lambda: submit_nomination(nomination, actor=people.secretary),
        "meet": lambda: record_meeting(run, actor=people.secretary, **minutes),
        "meet_badly": lambda: record_meeting(run, actor=people.secretary, **minutes),
        "agree": lambda: answer_all(run, people, "agreed"),
        "decline": lambda: answer_all(run, people, "refused", only_first=True),
        "endorse": lambda: endorse(run, actor=people.officer, result="agreed", opinion="同意。"),
        "refuse": lambda: endorse(run, actor=people.officer, result="refused", opinion="不予推荐。"),
        "return": lambda: return_nomination(run, actor=people.officer, reason="x"),
        "redo": lambda: return_nomination(run, actor=people.officer, reason="x", redo=True),
        "advance": lambda: advance(nomination.pk),
        "withdraw": lambda: withdraw_nomination(nomination, actor=people.secretary, reason="x"),
    }
    if run is None and action not in ("submit", "advance", "withdraw"):
        return
    calls[action]()


def attempt(nomination, action, people):
    """Act, or be refused with a sentence."""
    with contextlib.suppress(DomainError):
        act(nomination, action, people)
    nomination.refresh_from_db()


def answer_all(run, people, answer, *, only_first=False):
    for consent in run.consents.filter(answer="waiting").select_related("person__member__user"):
        if consent.person.member.user == people.member:
            answer_consent(consent, actor=people.member, answer=answer)
        else:
            record_paper_consent(consent, actor=people.secretary, answer=answer)
        if only_first:
            return


def check_invariants(nomination):
    """At most one open run, every move told, statuses in line, and always a word about what is waited for."""
    nomination.refresh_from_db()
    runs = list(nomination.runs.all())
    is_open = [run for run in runs if run.status == RunStatus.OPEN]
    assert len(is_open) == (1 if nomination.status in LIVE_STATUSES else 0)
    for run in runs:
        moves = list(Transition.objects.filter(run=run).values_list("from_status", "to_status"))
        assert [a for a, _b in moves[1:]] == [b for _a, b in moves[:-1]]
        assert (moves[-1][1] if moves else RunStatus.PENDING) == run.status
        assert (run.closed_at is not None) == (run.status in FINAL_STATUSES)
    told = Transition.objects.filter(nomination=nomination, run=None).last()
    assert nomination.status == (told.to_status if told else NominationStatus.DRAFT)
    assert (nomination.finished_at is None) == (nomination.status in LIVE_STATUSES)
    assert (nomination.submitted_at is None) <= (nomination.status != NominationStatus.IN_PROGRESS)
    assert_idle(nomination)


def assert_idle(nomination):
    """Asking again moves nothing, and a live nomination says what it waits for."""
    before = Transition.objects.count()
    waiting = advance(nomination.pk)
    assert Transition.objects.count() == before
    assert bool(waiting and waiting[0]) == (nomination.status in LIVE_STATUSES)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(actions=st.lists(st.sampled_from(ACTIONS), min_size=1, max_size=10))
def test_any_order_of_actions_leaves_the_way_in_order(campaign, branch, people, actions):
    number = campaign.kinds.count()
    kind = make_kind(campaign, *STAGES, code=f"k{number}", holder="team", rules={"min_party": 2})
    others = [MemberFactory(branch=branch) for _unused in range(2)]
    nomination = make_nomination(kind, branch, people.secretary, people.member.member, *others)
    for action in actions:
        attempt(nomination, action, people)
    check_invariants(nomination)


@pytest.mark.parametrize("action", ACTIONS)
def test_each_action_at_each_step_keeps_the_order(nomination, people, action):
    for step in ("", "submit", "meet", "agree"):
        if step:
            attempt(nomination, step, people)
        attempt(nomination, action, people)
        check_invariants(nomination)
        if nomination.status not in LIVE_STATUSES:
            return


def test_every_move_tells_who_what_and_when(nomination, people):
    for action in ("submit", "meet", "agree", "endorse"):
        act(nomination, action, people)
    nomination.refresh_from_db()
    moves = nomination.transitions.filter(run__isnull=False).values_list("run__kind", "to_status", "actor__name")

    assert list(moves) == [
        ("deliberate", "open", "李样甲"),
        ("deliberate", "passed", "李样甲"),
        ("consent", "open", "李样甲"),
        ("consent", "passed", "李样甲"),
        ("endorse", "open", "李样甲"),
        ("endorse", "passed", "吴样甲"),
    ]
    assert nomination.status == NominationStatus.COMPLETED


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_eight_callers_move_it_once(nomination, people):
    act(nomination, "submit", people)
    run = current_run(nomination)
    record_quietly(run, people)
    together(8, lambda: advance(nomination.pk))
    check_invariants(nomination)

    assert current_run(nomination).kind == "consent"
    assert Transition.objects.filter(run=run).count() == 2
    assert current_run(nomination).consents.count() == 3


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_papers_submitted_at_once_get_different_numbers(campaign, branch, secretary):
    campaign.quotas.create(code="q", scope="branch", params={"max": 5})
    kind = make_kind(campaign, {"kind": "nominate"}, {"kind": "endorse", "actor": ["committee"]})
    papers = [make_nomination(kind, branch, secretary, MemberFactory(branch=branch)) for _unused in range(8)]
    work = iter(papers)
    refused = together(8, lambda: submit_nomination(next(work), actor=secretary))
    numbers = sorted(kind.nominations.exclude(number="").values_list("number", flat=True))

    assert numbers == [f"QY-2026-{n:04}" for n in range(1, 6)]
    assert len(refused) == 3


def record_quietly(run, people):
    """A meeting that has decided, before anybody has looked."""
    run.meetings.create(
        nomination=run.nomination,
        forum="members_meeting",
        held_on=date(2026, 1, 5),
        should_attend=15,
        present=8,
        in_favour=8,
        against=0,
        abstained=0,
        minutes="x",
        agreed=True,
        recorded_by=people.secretary,
    )


def together(n, call):
    """Call it in n threads at the same moment; return the refusals."""
    barrier, refused = threading.Barrier(n), []

    def work():
        try:
            barrier.wait()
            call()
        except DomainError as error:
            refused.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _unused in range(n)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return refused
