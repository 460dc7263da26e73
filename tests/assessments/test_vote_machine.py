"""The vote as a machine: any order of what people may do, and after every step the numbers add up.

``VOTE_EXAMPLES=5000 VOTE_STEPS=50 make test-sqlite ARGS="tests/assessments/test_vote_machine.py"`` is the long run;
without them the examples are few, and the same in every run.
"""

import json
import os
from collections import Counter
from datetime import timedelta

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from assessments import verify_bulletin
from assessments.domain.ballots import (
    AlreadyVotedError,
    NotOpenError,
    UnknownCodeError,
    cast_ballot,
    is_used,
    make_code_batch,
    right_of_code,
    void_batch,
)
from assessments.domain.bulletins import bulletin_json
from assessments.domain.closing import close_survey
from assessments.domain.paper import enter_count, hand_out_to_members, hand_out_to_public
from assessments.domain.paper_counts import n_issued
from assessments.domain.recounts import ask_recount, confirm_recount, count_again, destroy_openings
from assessments.domain.roll_changes import ask_roll_change, extend_survey, settle_roll_change
from assessments.domain.surveys import open_survey
from assessments.models import (
    BallotCode,
    Comment,
    OpenedBallot,
    Recount,
    RollEntry,
    SealedBallot,
    Survey,
    SurveyResult,
    SurveyState,
)
from campaigns.domain.errors import DomainError, OutOfOrderError
from campaigns.domain.journal import verify_journal
from campaigns.models import DueItem
from tests.assessments.electorate import make_members
from tests.assessments.helpers import make_nomination, survey_of
from tests.factories import MemberFactory

IS_LONG = "VOTE_EXAMPLES" in os.environ
EXAMPLES, STEPS = int(os.environ.get("VOTE_EXAMPLES", "20")), int(os.environ.get("VOTE_STEPS", "30"))
ORDER = [SurveyState.DRAFT, SurveyState.OPEN, SurveyState.CLOSED, SurveyState.VOID]
OPTIONS = ["satisfied", "basically_satisfied", "dissatisfied", "unknown"]

choice = st.sampled_from([*OPTIONS, "", "satisfied", "satisfied", "satisfied"])
paper_choice = st.sampled_from(["satisfied", "unknown", "", "spoiled"])
params = st.fixed_dictionaries(
    {
        "threshold": st.sampled_from([None, 50, 80, 100]),
        "positive": st.sampled_from([["satisfied"], ["satisfied", "basically_satisfied"]]),
        "not_valid": st.sampled_from([["unknown"], []]),
        "min_turnout_percent": st.sampled_from([0, 30, 60]),
        "subjects": st.sampled_from([["post"], ["post", "members"], ["members"]]),
    }
)


def attempt(act):
    """What came of it, or the DomainError that refused it."""
    try:
        return act()
    except DomainError as error:
        return error


class Vote(RuleBasedStateMachine):
    """One survey. ``truth`` is what the voters ticked, line by line; ``paper`` what the papers say.

    The branch and those in office are there already, as ``branch``, ``secretary``, ``officer``, ``auditors``.
    """

    def __init__(self):
        super().__init__()
        # As Django's TestCase does, so that a cast may still ask for the outermost transaction.
        self.outermost = transaction.atomic()
        self.outermost._from_testcase = True
        self.outermost.__enter__()
        self.seen, self.final, self.truth, self.paper = SurveyState.DRAFT, None, [], []
        self.leaves, self.unused_codes = set(), []

    def teardown(self):
        transaction.set_rollback(True)
        self.outermost.__exit__(None, None, None)

    @initialize(
        params=params,
        members=st.integers(0, 12),
        people=st.integers(1, 2),
        codes=st.integers(0, 8),
        opened=st.sampled_from([True, True, True, False]),
    )
    def prepare(self, params, members, people, codes, opened):
        branch = self.branch
        make_members(branch, members)
        holders = [MemberFactory(branch=branch) for _person in range(people)]
        self.survey = survey_of(make_nomination(branch, people=holders, params=params))
        if codes:
            self.print_codes(codes)
        if opened:
            self.open()
            self.seen = self.state

    @property
    def state(self):
        return Survey.objects.get(pk=self.survey.pk).state

    def is_open(self):
        return self.seen == SurveyState.OPEN

    def is_counted(self):
        return self.final is not None

    @rule(n=st.integers(1, 8))
    def print_codes(self, n):
        try:
            codes = make_code_batch(self.survey, n=n, actor=self.officer, witness="孙样甲")
        except OutOfOrderError:
            assert self.is_counted()
            return
        self.unused_codes += [right_of_code(code) for code in codes]

    @rule()
    def open(self):
        try:
            closes_at = timezone.now() + timedelta(days=2)
            self.survey = open_survey(self.survey, actor=self.secretary, closes_at=closes_at, accept_small_group=True)
        except OutOfOrderError:
            assert self.seen != SurveyState.DRAFT
        except DomainError:
            assert not RollEntry.objects.filter(survey=self.survey).exists()

    @precondition(is_open)
    @rule(data=st.data(), voters=st.integers(1, 4))
    def cast_on_the_roll(self, data, voters):
        rights = list(RollEntry.objects.filter(survey=self.survey).order_by("pk"))
        for _voter in range(voters if rights else 0):
            self._cast(data.draw(st.sampled_from(rights)), data)

    @precondition(lambda self: self.unused_codes)
    @rule(data=st.data(), voters=st.integers(1, 4))
    def cast_by_code(self, data, voters):
        for _voter in range(voters):
            self._cast(data.draw(st.sampled_from(self.unused_codes)), data)

    def _cast(self, right, data):
        """For the first time or not, before or after the end, with a voided code: what is refused adds nothing."""
        comment = data.draw(st.sampled_from(["", "好", "排队时间长"]))
        now = type(right).objects.filter(pk=right.pk).first()  # codes are destroyed with the openings
        voided = bool(now and isinstance(now, BallotCode) and now.voided)
        choices = [data.draw(choice) for _line in range(self.survey.lines.count())]
        found = attempt(lambda: cast_ballot(self.survey, right=right, choices=choices, comment=comment))
        if not self.is_open():
            assert isinstance(found, NotOpenError)
        elif voided:
            assert isinstance(found, UnknownCodeError)
        elif is_used(now):
            assert isinstance(found, AlreadyVotedError)
        else:
            self.truth.append((choices, comment))
            self.leaves.add(found.leaf)

    @rule()
    def void_codes(self):
        for batch in self.survey.batches.all()[:1]:
            found = attempt(lambda batch=batch: void_batch(batch, actor=self.officer))
            assert isinstance(found, OutOfOrderError) == self.is_counted()
            assert self.is_counted() or not batch.codes.filter(used=False, voided=False).exists()

    def _has_no_sheet(self, stratum):
        return self.is_open() and not self.survey.paper_sheets.filter(stratum=stratum).exists()

    @precondition(lambda self: self._has_no_sheet("members"))
    @rule(data=st.data())
    def hand_out_to_members(self, data):
        rights = list(RollEntry.objects.filter(survey=self.survey).select_related("member").order_by("pk"))
        if rights:
            some = data.draw(st.lists(st.sampled_from(rights), min_size=1, max_size=3, unique_by=lambda one: one.pk))
            issue = hand_out_to_members(self.survey, actor=self.secretary, members=[one.member for one in some])
            assert len(issue.given) == sum(not is_used(one) for one in some)

    @precondition(lambda self: self._has_no_sheet("public"))
    @rule(n=st.integers(1, 4))
    def hand_out_to_public(self, n):
        hand_out_to_public(self.survey, actor=self.secretary, n=n, witness="孙样甲")

    @precondition(lambda self: self.is_open() and self.survey.paper_sheets.filter(is_agreed=False).exists())
    @rule(data=st.data())
    def count_paper(self, data):
        for sheet in self.survey.paper_sheets.filter(is_agreed=False)[:1]:
            papers = [
                [
                    data.draw(st.sampled_from(["satisfied", "unknown", "", "spoiled"]))
                    for _line in range(self.survey.lines.count())
                ]
                for _paper in range(data.draw(st.integers(0, n_issued(sheet))))
            ]
            lines = [Counter(paper[line] for paper in papers) for line in range(self.survey.lines.count())]
            for teller in (self.secretary, self.auditors[0]):
                enter_count(sheet, actor=teller, n_returned=len(papers), lines=[dict(line) for line in lines])
            self.paper += [["" if tick == "spoiled" else tick for tick in paper] for paper in papers]

    @precondition(is_open)
    @rule()
    def extend(self):
        before = Survey.objects.get(pk=self.survey.pk)
        try:
            end = before.closes_at + timedelta(hours=5)
            self.survey = extend_survey(self.survey, actor=self.secretary, closes_at=end, reason="农忙")
        except DomainError:
            assert Survey.objects.get(pk=self.survey.pk).rules_sha256 == before.rules_sha256

    @precondition(is_open)
    @rule(data=st.data(), confirm=st.booleans())
    def change_the_roll(self, data, confirm):
        entries = list(RollEntry.objects.filter(survey=self.survey).select_related("member").order_by("pk"))
        adds = not entries or data.draw(st.booleans())
        member = MemberFactory(branch=self.branch) if adds else data.draw(st.sampled_from(entries)).member
        change = ask_roll_change(self.survey, actor=self.secretary, member=member, adds=adds, reason="核对")
        try:
            settle_roll_change(change, actor=self.officer, confirm=confirm)
        except DomainError:
            assert not RollEntry.objects.unused().filter(survey=self.survey, member=member).exists()
            settle_roll_change(change, actor=self.officer, confirm=False)

    @rule(patience=st.integers(0, 5))
    def close(self, patience):
        """Less often than the rest, seldom without a ballot: after it little is left to happen."""
        if self.is_open() and (patience > 3 if self.truth else patience < 5):
            return
        before = self.seen
        close_survey(Survey.objects.get(pk=self.survey.pk))
        waits = self.survey.paper_sheets.filter(is_agreed=False).exists()
        if before != SurveyState.OPEN or waits:
            assert self.state == before
            return
        assert self.state in (SurveyState.CLOSED, SurveyState.VOID)
        self.final, self.seen = self.published(), self.state
        self._compare_with_the_truth()

    def _compare_with_the_truth(self):
        """The tally by brute force, from what was ticked."""
        result = SurveyResult.objects.get(survey=self.survey)
        rules, everything = Survey.objects.get(pk=self.survey.pk).rules, [choices for choices, _words in self.truth]
        everything += self.paper
        assert result.n_ballots == len(everything)
        for number, line in enumerate(result.lines):
            ticks = [choices[number] for choices in everything]
            valid = [tick for tick in ticks if tick and tick not in rules["not_valid"]]
            good = [tick for tick in valid if tick in rules["positive"]]
            assert Counter(line["counts"]) == Counter(ticks)
            assert (line["valid"], line["positive"]) == (len(valid), len(good))
            if rules["threshold"] is not None and valid:
                assert line["passed"] == (len(good) * 100 >= rules["threshold"] * len(valid))
        assert set(OpenedBallot.objects.values_list("leaf", flat=True)) == self.leaves
        words = Counter(words for _choices, words in self.truth if words)
        assert Counter(Comment.objects.values_list("text", flat=True)) == words

    @precondition(is_counted)
    @rule()
    def recount(self):
        try:
            recount = ask_recount(self.survey, actor=self.auditors[0], reason="复核")
        except OutOfOrderError:
            assert not OpenedBallot.objects.exclude(salt=b"").exists()
            return
        confirm_recount(recount, actor=self.auditors[1])
        count_again(DueItem.objects.get(kind="survey_recount", subject_id=recount.pk))
        recount = Recount.objects.get(pk=recount.pk)
        assert (recount.agrees, recount.n_opened) == (True, len(self.leaves))

    @precondition(is_counted)
    @rule()
    def destroy(self):
        assert destroy_openings(self.survey) == len(self.leaves)

    def published(self):
        """Everything that is final when a survey is counted."""
        result = SurveyResult.objects.filter(survey=self.survey).values().get()
        bulletin = self.survey.bulletins.get()
        return repr(result), bulletin.sha256, bulletin.signature, "".join(bulletin_json(bulletin))

    @invariant()
    def numbers_add_up(self):
        if self.seen == SurveyState.DRAFT and self.state == SurveyState.DRAFT:
            return
        roll, codes = RollEntry.objects.filter(survey=self.survey), BallotCode.objects.filter(survey=self.survey)
        boxes = SealedBallot.objects.count() + OpenedBallot.objects.count()
        assert boxes == len(self.truth) <= roll.count() + len(self.unused_codes)
        assert roll.filter(voted=True, on_paper=True).count() == codes.filter(used=True, voided=True).count() == 0
        if codes.exists() or not self.unused_codes:  # destroyed with the openings
            assert roll.filter(voted=True).count() + codes.filter(used=True).count() == boxes
            assert codes.count() == len(self.unused_codes)

    @invariant()
    def no_state_goes_back_and_nothing_final_changes(self):
        state = self.state
        assert ORDER.index(state) >= ORDER.index(self.seen)
        assert self.final is None or state == self.seen
        self.seen = state
        assert self.final is None or self.published() == self.final

    @invariant()
    def bulletin_and_journal_verify(self):
        assert list(verify_journal()) == []
        if self.final:
            check = verify_bulletin.verify(json.loads(self.final[-1]))
            assert not check.failed, check.lines


def test_votes_in_any_order_add_up(branch, secretary, officer, committee_member, discipline):
    office = {"branch": branch, "secretary": secretary, "officer": officer, "auditors": (committee_member, discipline)}
    run_state_machine_as_test(
        type("VoteHere", (Vote,), office),
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=STEPS,
            derandomize=not IS_LONG,
            phases=[Phase.generate, Phase.shrink] if IS_LONG else [Phase.generate],
            database=None,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
