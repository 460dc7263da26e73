import sqlite3
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from campaigns.domain.anchors import verify_anchors
from campaigns.domain.appointments import appoint
from campaigns.domain.clock import tick
from campaigns.domain.journal import chain_hash, history_of, record, verify_journal
from campaigns.domain.journal_check import CHECK, all_breaks, check_journal, schedule_check
from campaigns.guards import maintenance
from campaigns.models import DueItem, JournalCheck, JournalEntry, JournalHead, Message, Role
from posts.models import Notice
from tests.factories import CampaignFactory, UserFactory


@pytest.fixture
def guards_off(db):
    """Somebody with the rights of the database's owner: that is whom the chain is for."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name LIKE '%journal%'")
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
        else:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # a table with deferred checks waiting cannot be altered
            cursor.execute("ALTER TABLE campaigns_journalentry DISABLE TRIGGER USER")


@pytest.fixture
def chain(secretary, guards_off):
    JournalEntry.objects.all().delete()
    JournalHead.objects.all().delete()
    with transaction.atomic():
        return [record(f"event_{n}", secretary, actor=secretary, n=n) for n in range(1, 6)]


def test_an_untouched_chain_holds(chain):
    assert list(verify_journal()) == []
    assert [entry.seq for entry in chain] == [1, 2, 3, 4, 5]


def test_a_changed_body_is_found_at_its_number(chain):
    JournalEntry.objects.filter(seq=3).update(body=chain[2].body.replace('"n":3', '"n":4'))

    assert [found.seq for found in verify_journal()] == [3]


def test_a_changed_column_is_found(chain):
    JournalEntry.objects.filter(seq=2).update(kind="event_9")

    assert [(found.seq, found.problem) for found in verify_journal()] == [(2, "columns")]


def test_a_missing_entry_is_found(chain):
    JournalEntry.objects.filter(seq=2).delete()

    assert (3, "missing") in [(found.seq, found.problem) for found in verify_journal()]


def test_a_cut_tail_is_found_by_the_head(chain):
    JournalEntry.objects.filter(seq=5).delete()

    assert [found.problem for found in verify_journal()] == ["head"]


def test_an_entry_slipped_in_after_the_head_is_found(chain):
    JournalHead.objects.update(seq=4, hash=chain[3].hash)

    assert [(found.seq, found.problem) for found in verify_journal()] == [(5, "beyond")]


def test_an_entry_written_while_the_chain_is_read_is_no_break(chain, secretary):
    def write_once(execute, sql, params, many, context):
        if "ORDER BY" in sql and "ASC" in sql and 'FROM "campaigns_journalentry"' in sql and len(written) == 0:
            written.append(True)
            record("event_6", secretary)
        return execute(sql, params, many, context)

    written = []
    with connection.execute_wrapper(write_once):
        assert list(verify_journal()) == []
    assert (written, JournalHead.objects.get().seq) == ([True], 6)


def reforge(from_seq, **changes):
    """Change an entry and write all hashes after it anew, the head too: what a superuser of the database can do."""
    prev = JournalEntry.objects.filter(seq=from_seq - 1).values_list("hash", flat=True).first() or ""
    for entry in JournalEntry.objects.filter(seq__gte=from_seq).order_by("seq"):
        if entry.seq == from_seq:
            for name, value in changes.items():
                setattr(entry, name, value)
        entry.prev = prev
        entry.hash = prev = chain_hash(entry)
        entry.save()
    JournalHead.objects.update(hash=prev)


def test_one_flipped_byte_is_found_at_its_number(chain):
    for entry in chain:
        body = bytearray(entry.body.encode())
        body[len(body) // 2] ^= 1
        JournalEntry.objects.filter(seq=entry.seq).update(body=body.decode(errors="replace"))
        assert [found.seq for found in verify_journal()] == [entry.seq]
        JournalEntry.objects.filter(seq=entry.seq).update(body=entry.body)
    assert list(verify_journal()) == []


def test_a_reforged_tail_agrees_with_itself_and_is_found_by_the_remembered_heads(chain):
    remembered = "".join(f"{entry.seq} {entry.hash[:16]}\n" for entry in chain)
    assert verify_anchors(remembered) == []

    reforge(3, body=chain[2].body.replace('"n":3', '"n":4'))

    assert list(verify_journal()) == []
    assert [(found.seq, found.problem) for found in verify_anchors(remembered)] == [
        (3, "anchor"), (4, "anchor"), (5, "anchor"),
    ]  # fmt: skip


def test_a_backup_without_its_tail_agrees_with_itself_and_is_found_by_a_remembered_head(chain):
    remembered = f"5 {chain[4].hash[:16]} 2026-11-21T02:10:00+08:00\n"
    JournalEntry.objects.filter(seq__gt=3).delete()
    JournalHead.objects.update(seq=3, hash=chain[2].hash)

    assert list(verify_journal()) == []
    assert [(found.seq, found.problem) for found in verify_anchors(remembered)] == [(5, "tail")]


@pytest.mark.parametrize(
    "line", ["nonsense", "5", "five 0123456789abcdef", "5 0123", "5 0123456789ABCDEF", "-5 0123456789abcdef"]
)
def test_a_line_that_is_no_anchor_is_told(chain, line):
    assert [(found.seq, found.problem, found.where) for found in verify_anchors(line)] == [(0, "unreadable", line)]


def test_empty_lines_and_remarks_in_a_file_of_anchors_are_skipped(chain):
    assert verify_anchors("# 2026\n\n  \n" + f"2 {chain[1].hash[:16]}\n") == []


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_mistake(django_user_model):
    with pytest.raises(RuntimeError):
        record("event", django_user_model(pk=1))


def verify(*args):
    """Exit status and output of the command."""
    out, err = StringIO(), StringIO()
    try:
        call_command("verify_journal", *args, stdout=out, stderr=err)
    except CommandError as error:
        return error.returncode, f"{err.getvalue()}{error}"
    return 0, out.getvalue()


def test_the_command_says_that_the_chain_holds_and_prints_the_head(chain):
    head = f"5 {chain[4].hash[:16]}"

    assert verify() == (0, f"历史记录完整：5 条。\n{head}\n")
    assert verify("--head") == (0, f"{head}\n")
    assert verify("--anchor", head)[0] == 0


def test_the_command_fails_with_a_line_for_each_break(chain):
    JournalEntry.objects.filter(seq=3).update(body="{}")

    assert verify() == (1, "第 3 条：该条记录被改动\n历史记录不完整：1 处不符。")


def test_the_command_names_the_file_whose_anchor_does_not_hold(chain, tmp_path):
    reforge(4, body=chain[3].body.replace('"n":4', '"n":9'))
    file = tmp_path / "anchors.txt"
    file.write_text(f"2 {chain[1].hash[:16]}\n4 {chain[3].hash[:16]}\n")

    status, text = verify("--anchors", str(file))

    assert (status, text.splitlines()[0]) == (1, "第 4 条：该条记录与当时记下的不同，哈希链被重写过（anchors.txt）")


def test_the_command_tells_unreadable_anchors_from_a_break(chain, tmp_path):
    assert verify("--anchors", str(tmp_path / "none.txt"))[0] == 2
    assert verify("--anchor", "nonsense")[0] == 2


def test_the_history_of_an_object_is_its_own(chain, secretary, officer):
    assert [entry.kind for entry in history_of(secretary)] == [f"event_{n}" for n in range(1, 6)]
    assert list(history_of(officer)) == []


# --- What the database refuses ----------------------------------------------------------------------------------------


def refused(act):
    with pytest.raises(DatabaseError), transaction.atomic():
        act()
    return True


def never_emptied(settings):
    """The database as it is outside the tests."""
    settings.GUARDS_MAY_BE_EMPTIED = False
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL shifangang.emptying = 'off'")


def test_the_database_refuses_to_change_or_delete_an_entry(secretary, settings):
    never_emptied(settings)
    with transaction.atomic():
        record("founded", secretary)

    with maintenance():  # not even then
        assert refused(lambda: JournalEntry.objects.update(kind="submitted"))
        assert refused(lambda: JournalEntry.objects.all().delete())
    assert JournalEntry.objects.filter(kind="founded").exists()


@pytest.mark.postgres
def test_the_database_refuses_to_empty_the_journal(secretary, settings):
    never_emptied(settings)

    with connection.cursor() as cursor:
        assert refused(lambda: cursor.execute("TRUNCATE campaigns_journalentry CASCADE"))


@pytest.mark.sqlite
def test_another_program_cannot_change_the_journal_of_an_sqlite_file(secretary, tmp_path):
    """It meets the same triggers, and lacks the functions that some of them ask."""
    with transaction.atomic():
        record("founded", secretary)
    with connection.cursor() as cursor:
        tables = "name = 'campaigns_journalentry' OR name LIKE 'sfg_journal%'"
        cursor.execute(f"SELECT sql FROM sqlite_master WHERE {tables}")  # noqa: S608
        schema = [sql for (sql,) in cursor.fetchall()]
    other = sqlite3.connect(tmp_path / "copy.sqlite3")
    for sql in schema:
        other.execute(sql)
    columns = "seq, at, kind, subject_type, subject_id, body, prev, hash, alg"
    values = "1, '', 'founded', '', '', '', '', 'x', ''"
    other.execute(f"INSERT INTO campaigns_journalentry ({columns}) VALUES ({values})")  # noqa: S608

    for sql in ("UPDATE campaigns_journalentry SET kind = 'x'", "DELETE FROM campaigns_journalentry"):
        with pytest.raises(sqlite3.Error):
            other.execute(sql)
    other.close()


# --- The nightly check ------------------------------------------------------------------------------------------------


@pytest.fixture
def administrator(committee):
    user = UserFactory(name="孙样乙")
    appoint(user, org_unit=committee, role=Role.ADMINISTRATOR, actor=None)
    return user


@pytest.fixture
def anchor_file(settings, tmp_path):
    settings.JOURNAL_ANCHOR_FILE = str(tmp_path / "anchors.txt")
    return tmp_path / "anchors.txt"


def test_each_night_appends_the_head_to_the_file_and_schedules_the_next(chain, anchor_file):
    schedule_check()
    due = DueItem.objects.get(kind=CHECK)
    assert timezone.localtime(due.due_at).strftime("%H:%M") == "02:10"

    with time_machine.travel(due.due_at):
        tick()
    with time_machine.travel(due.due_at + timedelta(days=1)):
        tick()

    lines = anchor_file.read_text().splitlines()
    assert [line.split()[:2] for line in lines] == [["5", chain[4].hash[:16]]] * 2
    assert [check.n_breaks for check in JournalCheck.objects.all()] == [0, 0]
    assert DueItem.objects.filter(kind=CHECK, state="pending").count() == 1
    assert verify("--anchors", str(anchor_file))[0] == 0


def test_a_broken_night_tells_the_administrators_and_remembers_nothing(chain, anchor_file, administrator, secretary):
    check_journal()
    kept = anchor_file.read_text()
    seq = chain[3].seq
    reforge(seq, body=chain[3].body.replace('"n":4', '"n":9'))

    check = check_journal()

    assert (check.n_breaks, check.problems) == (1, [check.problems[0]])
    assert check.problems[0].endswith("（锚点文件）")
    assert anchor_file.read_text() == kept
    assert [message.title for message in Message.objects.filter(user=administrator)] == ["历史记录不完整"]
    assert not Message.objects.filter(user=secretary).exists()


@pytest.mark.django_db(transaction=True)
def test_the_head_is_mailed_to_the_supervising_body(secretary, settings, mailoutbox):
    settings.JOURNAL_ANCHOR_MAIL, settings.EMAIL_URL = "jiandu@example.org", "smtp://mail.example.org"
    with transaction.atomic():
        record("founded", secretary)

    check = check_journal()

    assert [(mail.to, mail.body) for mail in mailoutbox] == [(["jiandu@example.org"], f"{check.anchor}\n")]


def test_an_anchor_printed_on_a_notice_finds_the_rewritten_chain(chain, committee, officer):
    campaign = CampaignFactory(owner=committee)
    today = timezone.localdate()
    Notice.objects.create(
        campaign=campaign, org_unit=committee, title="公示", text="公示", object="posts", days=5, day_kind="working",
        starts_on=today, ends_on=today, published_by=officer, anchor=f"3 {chain[2].hash[:16]}",
    )  # fmt: skip
    assert all_breaks() == []

    reforge(3, body=chain[2].body.replace('"n":3', '"n":4'))

    assert [(found.seq, found.problem, str(found.where)) for found in all_breaks()] == [(3, "anchor", "公示")]


def test_the_clock_page_tells_how_the_history_stands_and_checks_it_at_once(client, administrator, secretary):
    client.force_login(administrator)
    assert "尚未核对" in client.get(reverse("campaigns:clock")).text

    client.post(reverse("campaigns:journal_check"))

    assert JournalCheck.objects.get().anchor in client.get(reverse("campaigns:clock")).text
    client.force_login(secretary)
    assert client.post(reverse("campaigns:journal_check")).status_code == 403


# --- Many writers -----------------------------------------------------------------------------------------------------


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_sixteen_writers_at_once_leave_no_gap(secretary):
    """Each in a transaction of its own, every third rolled back: numbers without a gap, a chain that holds."""
    first = JournalHead.objects.values_list("seq", flat=True).first() or 0

    def write(number):
        try:
            for turn in range(30):
                try:
                    with transaction.atomic():
                        record("founded", secretary, writer=number, turn=turn)
                        assert turn % 3 != 2
                except AssertionError:
                    pass
        finally:
            connection.close()

    with ThreadPoolExecutor(16) as pool:
        list(pool.map(write, range(16)))

    assert JournalHead.objects.get().seq == first + 16 * 20
    assert list(verify_journal()) == []
