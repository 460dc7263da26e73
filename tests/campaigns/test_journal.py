import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from campaigns.domain.journal import history_of, record, verify_anchors, verify_journal
from campaigns.models import JournalEntry, JournalHead


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


def test_a_forged_chain_is_found_by_a_remembered_head(chain):
    remembered = f"5 {chain[4].hash[:16]}\n"
    assert verify_anchors(remembered) == []

    JournalEntry.objects.filter(seq=5).update(hash="0" * 64)
    assert [found.seq for found in verify_anchors(remembered)] == [5]
    assert [found.seq for found in verify_anchors("nonsense\n")] == [0]


@pytest.mark.django_db(transaction=True)
def test_an_event_outside_a_transaction_is_a_mistake(django_user_model):
    with pytest.raises(RuntimeError):
        record("event", django_user_model(pk=1))


def test_the_command_prints_the_head_and_fails_on_a_break(chain, capsys):
    call_command("verify_journal")
    assert capsys.readouterr().out.splitlines()[-1] == f"5 {chain[4].hash[:16]}"

    JournalEntry.objects.filter(seq=3).update(body="{}")
    with pytest.raises(CommandError):
        call_command("verify_journal")


def test_the_history_of_an_object_is_its_own(chain, secretary, officer):
    assert [entry.kind for entry in history_of(secretary)] == [f"event_{n}" for n in range(1, 6)]
    assert list(history_of(officer)) == []
