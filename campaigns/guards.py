"""Triggers that refuse to everybody what no code of ours does: to change or delete what is final.

They are made after every ``migrate`` and taken away before it, instead of by a migration: SQLite drops a table's
triggers whenever a migration rebuilds the table, and fails at those of other tables that name it. ``maintenance()`` is
the one way past those that allow it; the journal's allow nothing. To empty whole tables (a test database between two
tests) takes ``shifangang.emptying`` on PostgreSQL and ``GUARDS_MAY_BE_EMPTIED`` on SQLite.

On SQLite the triggers ask two functions that every connection of this program has. A connection without them, from
another program, is refused.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.signals import connection_created

PREFIX = "sfg_"
_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN RAISE EXCEPTION '{message}'; END IF;
  RETURN COALESCE(NEW, OLD);
END $$
"""
_EMPTYING = """
CREATE OR REPLACE FUNCTION sfg_emptying() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF COALESCE(current_setting('shifangang.emptying', true), '') <> 'on' THEN
    RAISE EXCEPTION 'this table is never emptied';
  END IF;
  RETURN NULL;
END $$
"""


@dataclass(frozen=True)
class Guard:
    """What may not be done to the rows of a table.

    ``when``: an SQL condition on NEW or OLD under which it is refused, made by a function that is given the table of a
    model; always, without. ``bends``: whether maintenance may do it all the same.
    """

    name: str
    model: str
    event: str  # INSERT, UPDATE, UPDATE OF …, DELETE
    message: str
    when: Callable[[Callable[[str], str]], str] | None = None
    bends: bool = True

    @property
    def trigger(self) -> str:
        return f"{PREFIX}{self.name}"


JOURNAL = (
    Guard("journal_update", "campaigns.JournalEntry", "UPDATE", "the journal is never changed", bends=False),
    Guard("journal_delete", "campaigns.JournalEntry", "DELETE", "the journal is never changed", bends=False),
)


def table_of(model: str) -> str:
    """The table of a model given as ``app.Model``."""
    return apps.get_model(model)._meta.db_table  # noqa: SLF001  public API by another name


def install(guards: Iterable[Guard], using: str) -> None:
    """Make the triggers; those that are there are made anew."""
    connection = connections[using]
    make = {"postgresql": _on_postgresql, "sqlite": _on_sqlite}.get(connection.vendor)
    if make:
        with connection.cursor() as cursor:
            for guard in guards:
                make(cursor, guard)


def install_journal_guards(using: str = "default", **_signal: object) -> None:
    """After a migration."""
    install(JOURNAL, using)


def remove_guards(using: str = "default", **_signal: object) -> None:
    """Before a migration on SQLite: rebuilding a table fails at triggers that name it."""
    connection = connections[using]
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'sfg\\_%%' ESCAPE '\\'")
        for (name,) in cursor.fetchall():
            cursor.execute(f'DROP TRIGGER "{name}"')


@contextmanager
def maintenance(using: str = "default") -> Iterator[None]:
    """Do what only maintenance may do, in a transaction: a change of a frozen roll, the end of the openings."""
    connection = connections[using]
    with transaction.atomic(using=using):
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL shifangang.maintenance = 'on'")
        connection.is_maintained = True
        try:
            yield
        finally:
            connection.is_maintained = False
            if connection.vendor == "postgresql" and not connection.needs_rollback:
                with connection.cursor() as cursor:
                    cursor.execute("SET LOCAL shifangang.maintenance = 'off'")


def give_functions(connection, **_signal: object) -> None:
    """What the triggers on SQLite ask."""
    if connection.vendor == "sqlite":
        raw = connection.connection
        raw.create_function("sfg_maintenance", 0, lambda: int(getattr(connection, "is_maintained", False)))
        raw.create_function("sfg_emptying", 0, lambda: int(settings.GUARDS_MAY_BE_EMPTIED))


connection_created.connect(give_functions, dispatch_uid="guards")


def _on_postgresql(cursor, guard: Guard) -> None:
    table = table_of(guard.model)
    conditions = [f"({guard.when(table_of)})"] if guard.when else []
    if guard.bends:
        conditions.append("COALESCE(current_setting('shifangang.maintenance', true), '') <> 'on'")
    condition = " AND ".join(conditions) or "true"
    cursor.execute(_FUNCTION.format(name=guard.trigger, condition=condition, message=guard.message))
    cursor.execute(
        f"CREATE OR REPLACE TRIGGER {guard.trigger} BEFORE {guard.event} ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {guard.trigger}()"
    )
    if guard.event == "DELETE":
        cursor.execute(_EMPTYING)
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER {guard.trigger}_all BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sfg_emptying()"
        )


def _on_sqlite(cursor, guard: Guard) -> None:
    conditions = [f"({guard.when(table_of)})"] if guard.when else []
    if guard.bends:
        conditions.append("NOT sfg_maintenance()")
    if guard.event == "DELETE":
        conditions.append("NOT sfg_emptying()")
    when = f" WHEN {' AND '.join(conditions)}" if conditions else ""
    cursor.execute(f'DROP TRIGGER IF EXISTS "{guard.trigger}"')
    cursor.execute(
        f'CREATE TRIGGER "{guard.trigger}" BEFORE {guard.event} ON {table_of(guard.model)}{when} '
        f"BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
    )
