"""An attacker with the whole database links nobody with his ballot; with ballots kept the naive way he links most."""

import secrets
import time
import uuid
from dataclasses import dataclass
from datetime import timedelta
from random import sample

import pytest
import time_machine
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessments.domain import sealing
from assessments.domain.ballots import cast_ballot, make_code_batch, prepare_ballot, right_of_code
from assessments.domain.closing import close_survey
from assessments.domain.paper import enter_count, hand_out_to_members
from assessments.domain.recounts import ask_recount, confirm_recount, count_again, destroy_openings
from assessments.domain.roll_changes import ask_roll_change, settle_roll_change
from assessments.domain.traces import wipe_boxes, wipe_openings
from assessments.domain.voting_links import make_links
from assessments.models import Comment, OpenedBallot, PaperSheet, RollEntry, SealedBallot, Stratum
from campaigns.models import DueItem
from tests.assessments.electorate import make_members, make_rights
from tests.assessments.helpers import make_open_survey
from tests.assessments.linkage import Voter, attack, read_everything
from tests.factories import MemberFactory

pytestmark = pytest.mark.django_db(transaction=True)

MEMBERS, LINKS, CODES = 60, 15, 30
VOTERS = MEMBERS + LINKS + CODES
# By chance one pair of so many is right. Of ten thousand attempts the luckiest finds nine or ten, never more than 12.
CHANCE = 12
SIX_SIGMA = 6


@dataclass
class Elector:
    """A right, the browser it is used from, and what the voter is about to say."""

    right: object
    client: Client
    address: str
    fields: dict[str, str]
    words: str

    @property
    def member(self):
        return self.right.member if isinstance(self.right, RollEntry) else None

    def sign_in(self):
        """With name and password, or by opening the personal link on this device."""
        if self.member and self.fields:
            self.client.post(self.address, self.fields)
            self.client.post(self.address, {**self.fields, "step": "open"})
        elif self.member:
            self.client.post(reverse("campaigns:login"), {"username": self.member.user.username, "password": "x" * 12})
            assert "_auth_user_id" in self.client.session

    def known_by(self, leaf):
        """What an attacker may know of him beforehand, and what he would like to know."""
        rows, names = {(self.right._meta.db_table, self.right.pk)}, set()
        if self.member:
            rows |= {("campaigns_member", self.member.pk), ("campaigns_user", self.member.user_id or 0)}
            names.add(self.member.number)
        if self.member and self.member.user:
            names.add(self.member.user.username)
        return Voter(frozenset(rows), frozenset(names), frozenset({leaf, self.words}))


@pytest.fixture
def survey(branch, secretary, settings):
    settings.AXES_ENABLED = True  # its tables belong to what the attacker reads
    for member in make_members(branch, MEMBERS + 3, accounts=True):
        member.user.set_password("x" * 12)
        member.user.save()
    make_members(branch, LINKS)
    return make_open_survey(branch, secretary, voters=0)


@pytest.fixture
def electors(survey, officer):
    """Members with an account, members with a link, holders of codes, in the order in which they come to vote."""
    roll = survey.roll.select_related("member__user").exclude(member__user__name="李样甲").order_by("pk")
    address, entry = reverse("assessments:vote", args=[survey.public_id]), reverse("assessments:vote_entry")
    found = [Elector(right, Client(), address, {}, secrets.token_hex(8)) for right in roll[:MEMBERS]]
    without = {right.member_id: right for right in roll if right.member.user is None}
    members = [right.member for right in without.values()]
    for link in make_links(survey, members=members, actor=officer, witness="孙样甲"):
        right = without[link.member.pk]
        found.append(Elector(right, Client(), entry, {"code": link.token}, secrets.token_hex(8)))
    codes = make_code_batch(survey, n=CODES + 5, actor=officer, witness="孙样甲")[:CODES]
    found += [Elector(right_of_code(code), Client(), entry, {"code": code}, secrets.token_hex(8)) for code in codes]
    return sample(found, len(found))


def vote_in_turn(electors, cast):
    """Everybody signs in and votes, one after the other; the truth that the attacker would like to know."""
    voters = []
    for elector in electors:
        elector.sign_in()
        voters.append(elector.known_by(cast(elector)))
    return voters


def cast_by_browser(survey):
    """The product's way: the ticket of the page, handed in."""

    def cast(elector):
        ticket, receipt = prepare_ballot(survey, right=elector.right, choices=["satisfied"], comment=elector.words)
        answer = elector.client.post(elector.address, {**elector.fields, "step": "cast", "ticket": ticket})
        assert "选票已投入票箱" in answer.content.decode()
        return receipt.leaf

    return cast


def everything_else_happens(survey, secretary, officer, committee_member):
    """A changed roll and paper ballots: rows in all the tables around the vote."""
    late = MemberFactory(branch=survey.org_unit)
    change = ask_roll_change(survey, actor=secretary, member=late, adds=True, reason="漏列")
    settle_roll_change(change, actor=officer, confirm=True)
    on_paper = [entry.member for entry in survey.roll.unused().exclude(member__user=None)[:3]]
    hand_out_to_members(survey, actor=secretary, members=on_paper)
    for teller in (secretary, committee_member):
        row = {"satisfied": 3, "basically_satisfied": 0, "dissatisfied": 0, "unknown": 0, "": 0, "spoiled": 0}
        enter_count(PaperSheet.objects.get(), actor=teller, n_returned=3, lines=[row])


def assert_only_chance(found):
    assert found.linked[0] <= CHANCE, found
    assert found.likeness[0] <= SIX_SIGMA, found


def test_whole_database_links_no_voter_with_a_ballot_or_a_comment_after_the_close(
    survey, electors, secretary, officer, committee_member, discipline
):
    voters = vote_in_turn(electors, cast_by_browser(survey))
    everything_else_happens(survey, secretary, officer, committee_member)
    with time_machine.travel(survey.closes_at + timedelta(seconds=1), tick=False):
        close_survey(survey)
    assert (OpenedBallot.objects.count(), Comment.objects.count()) == (VOTERS, VOTERS)

    assert_only_chance(attack(voters))

    recount = ask_recount(survey, actor=committee_member, reason="复核")
    confirm_recount(recount, actor=discipline)
    with transaction.atomic():
        count_again(DueItem.objects.get(kind="survey_recount"))
        destroy_openings(survey)
    assert_only_chance(attack(voters))


# --- The same attack on ballots that are kept as one would at first ---------------------------------------------------


@pytest.fixture
def naive_table():
    """Ballots without a name: a random key, no foreign key to the voter."""
    time = "timestamp with time zone" if connection.vendor == "postgresql" else "datetime"
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE TABLE naive_ballot (id char(32) PRIMARY KEY, stratum varchar(10), leaf char(64), "
            f"words varchar(200), cast_at {time})"
        )
    yield
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE naive_ballot")


def insert_naively(stratum, leaf, words, cast_at=None):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO naive_ballot VALUES (%s, %s, %s, %s, %s)",
            [uuid.uuid4().hex, stratum, leaf, words, cast_at],
        )


def stratum_of(elector):
    return Stratum.MEMBERS if elector.member else Stratum.PUBLIC


def use_up(elector):
    field = "voted" if elector.member else "used"
    type(elector.right).objects.filter(pk=elector.right.pk).update(**{field: True})


def keep_plainly(survey, electors):
    """The right and the ballot in one transaction, the ballot as it is."""

    def cast(elector):
        leaf = secrets.token_hex(32)
        with transaction.atomic():
            use_up(elector)
            insert_naively(stratum_of(elector), leaf, elector.words)
        return leaf

    return vote_in_turn(electors, cast)


def keep_with_a_time(survey, electors):
    """Written later and shuffled, but with the time of the vote."""
    kept = []

    def cast(elector):
        kept.append((stratum_of(elector), secrets.token_hex(32), elector.words, timezone.now()))
        use_up(elector)
        return kept[-1][1]

    voters = vote_in_turn(electors, cast)
    with transaction.atomic():
        for row in sample(kept, len(kept)):
            insert_naively(*row)
    return voters


def copy_in_the_order_of_the_table(survey, electors):
    """Sealed while it is open, as ours; opened one after the other at the close, and not mixed."""

    def cast(elector):
        return cast_ballot(survey, right=elector.right, choices=["satisfied"], comment=elector.words).leaf

    voters = vote_in_turn(electors, cast)
    with transaction.atomic():
        for box in SealedBallot.objects.values_list("box", flat=True):
            ballot = sealing.unseal(box, seal_salt=survey.seal_salt, context=survey.public_id)
            leaf = sealing.leaf_of(survey.public_id, ballot).hex()
            insert_naively(ballot.stratum, leaf, ballot.comment)
        SealedBallot.objects.all().delete()
    return voters


@pytest.mark.parametrize("keep", [keep_plainly, keep_with_a_time, copy_in_the_order_of_the_table])
def test_the_same_attack_succeeds_when_ballots_are_kept_naively(survey, electors, naive_table, keep):
    """Members are found by their sessions or by the transaction; this shows that the test above can fail."""
    seen_to_come = [elector for elector in electors if not (elector.member and elector.fields)]

    found = attack(keep(survey, seen_to_come))

    assert found.linked[0] >= MEMBERS * 9 // 10
    assert found.likeness[0] > SIX_SIGMA


# --- What one vote writes ---------------------------------------------------------------------------------------------


def rows_of(tables):
    """Every row without what the database adds by itself, as something that can be counted."""
    return {
        (table, tuple(sorted((column, repr(value)) for column, value in row.items() if not column.startswith("<"))))
        for table, rows in tables.items()
        for row in rows
    }


def changed_by(act):
    """The rows that went and the rows that came, as ``[(table, {column: value})]``."""
    before = rows_of(read_everything())
    act()
    after = rows_of(read_everything())
    return [[(table, dict(row)) for table, row in sorted(rows)] for rows in (before - after, after - before)]


@pytest.mark.parametrize(("by_code", "is_member"), [(False, True), (True, True), (True, False)])
def test_one_vote_writes_the_right_and_a_sealed_box_and_nothing_else(survey, electors, by_code, is_member):
    kind = (by_code, is_member)
    elector = next(elector for elector in electors if (bool(elector.fields), bool(elector.member)) == kind)
    elector.sign_in()
    ticket, _receipt = prepare_ballot(survey, right=elector.right, choices=["satisfied"], comment=elector.words)
    post = lambda **fields: elector.client.post(elector.address, {**elector.fields, **fields})  # noqa: E731

    assert changed_by(lambda: post() if by_code else elector.client.get(elector.address)) == [[], []]
    assert changed_by(lambda: post(line0="satisfied", comment=elector.words, step="confirm")) == [[], []]
    gone, come = changed_by(lambda: post(step="cast", ticket=ticket))
    assert changed_by(lambda: post(step="cast", ticket=ticket)) == [[], []]

    table, mark = (elector.right._meta.db_table, "voted" if is_member else "used")
    assert [place for place, _row in gone] == [table]
    assert [place for place, _row in come] == [table, "assessments_sealedballot"]
    changed = {column for column, value in come[0][1].items() if gone[0][1][column] != value}
    assert changed == {mark}
    assert set(come[1][1]) == {"id", "survey_id", "box"}


# --- The bytes in the files of the database ---------------------------------------------------------------------------


def bytes_of_the_database(*, with_log=False):
    """The files of this database as PostgreSQL has them on its disk; its log keeps what was written, by design."""
    with connection.cursor() as cursor:
        cursor.execute("CHECKPOINT")
        cursor.execute("SELECT pg_relation_filepath('assessments_sealedballot')")
        folders = [cursor.fetchone()[0].rpartition("/")[0]] + ["pg_wal"] * with_log
        data = []
        for folder in folders:
            cursor.execute(
                "SELECT pg_read_binary_file(%s || '/' || name, 0, 1 << 29, true) FROM pg_ls_dir(%s) name "
                "WHERE NOT (pg_stat_file(%s || '/' || name)).isdir",
                [folder] * 3,
            )
            data += [bytes(row[0]) for row in cursor.fetchall() if row[0] is not None]
    return b"".join(data)


def sample_all():
    """What the server does by itself from time to time: keep samples of every table's values for its planner."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def number_in(data, secrets):
    return sum((secret if isinstance(secret, bytes) else secret.encode()) in data for secret in secrets)


def bytes_when_wiped(secrets_of_the_past, wipe_again):
    """The server's own housekeeping may hold a snapshot just then: the rows stay until the next time."""
    for _turn in range(5):
        data = bytes_of_the_database()
        if not number_in(data, secrets_of_the_past):
            break
        time.sleep(1)
        wipe_again()
    return data


@pytest.mark.postgres
def test_files_hold_no_choice_while_it_is_open_and_neither_boxes_nor_salts_of_the_past(branch, secretary):
    other, other_rights = make_rights(branch, secretary, 30)
    survey, rights = make_rights(branch, secretary, 30)
    said = [secrets.token_hex(8) for _right in rights]
    leaves = [
        cast_ballot(survey, right=right, choices=["satisfied"], comment=words).leaf
        for right, words in zip(rights, said, strict=True)
    ]
    for right in other_rights:  # a table that others still use keeps its pages
        cast_ballot(other, right=right, choices=["satisfied"])
    boxes = [bytes(ballot.box) for ballot in SealedBallot.objects.filter(survey=survey)]
    data = bytes_of_the_database(with_log=True)
    assert (number_in(data, said + leaves), number_in(data, boxes)) == (0, 30)

    sample_all()
    close_survey(survey)
    data = bytes_when_wiped(boxes, wipe_boxes)
    assert (number_in(data, said + leaves), number_in(data, boxes)) == (60, 0)

    salts = [bytes(salt) for salt in OpenedBallot.objects.values_list("salt", flat=True)]
    assert number_in(data, salts) == 30
    sample_all()
    destroy_openings(survey)
    data = bytes_when_wiped(salts, wipe_openings)
    assert (number_in(data, leaves), number_in(data, salts)) == (30, 0)
