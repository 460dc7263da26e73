"""Triggers beneath the ballots: what no code of ours does, the database refuses to everybody.

They are made after every ``migrate`` instead of by a migration: SQLite drops a table's triggers whenever a migration
rebuilds the table. On SQLite a trigger must not name a second table either, because rebuilding that one would then
fail, and deletion stays free there, because emptying a test database deletes; so SQLite gets the guard against
changed rows only. Destroying the openings when the objections are over needs ``SET LOCAL shifangang.maintenance``.
"""

from django.apps import apps
from django.db import connections

_FUNCTION = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF {condition} THEN RAISE EXCEPTION '{message}'; END IF;
  RETURN COALESCE(NEW, OLD);
END $$
"""
_MAINTENANCE = "COALESCE(current_setting('shifangang.maintenance', true), '') <> 'on'"
_FROZEN = ("OpenedBallot", "SurveyResult", "Bulletin")


def install_guards(using: str = "default", **_signal: object) -> None:
    """Make the triggers that are not there yet; safe to call at any time."""
    connection = connections[using]
    if connection.vendor == "postgresql":
        _install_on_postgresql(connection)
    elif connection.vendor == "sqlite":
        _install_on_sqlite(connection)


def _table(name: str) -> str:
    return apps.get_model("assessments", name)._meta.db_table  # noqa: SLF001  public API by another name


def _install_on_postgresql(connection) -> None:
    survey, sealed = _table("Survey"), _table("SealedBallot")
    closed = f"NOT EXISTS (SELECT 1 FROM {survey} s WHERE s.id = NEW.survey_id AND s.state = 'open')"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgname FROM pg_trigger WHERE tgname LIKE 'sfg_%%'")
        if cursor.rowcount == 1 + len(_FROZEN):
            return
        cursor.execute(_FUNCTION.format(name="sfg_open_only", condition=closed, message="the survey is not open"))
        cursor.execute(_FUNCTION.format(name="sfg_frozen", condition=_MAINTENANCE, message="a counted ballot is final"))
        cursor.execute(
            f"CREATE OR REPLACE TRIGGER sfg_sealed BEFORE INSERT ON {sealed} "
            "FOR EACH ROW EXECUTE FUNCTION sfg_open_only()"
        )
        for name in _FROZEN:
            cursor.execute(
                f"CREATE OR REPLACE TRIGGER sfg_{name.lower()} BEFORE UPDATE OR DELETE ON {_table(name)} "
                "FOR EACH ROW EXECUTE FUNCTION sfg_frozen()"
            )


def _install_on_sqlite(connection) -> None:
    with connection.cursor() as cursor:
        for name in _FROZEN:
            cursor.execute(
                f"CREATE TRIGGER IF NOT EXISTS sfg_{name.lower()} BEFORE UPDATE ON {_table(name)} "
                "BEGIN SELECT RAISE(ABORT, 'a counted ballot is final'); END"
            )
