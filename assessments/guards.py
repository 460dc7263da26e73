"""What of the ballots the database itself keeps as it is, whoever asks: see ``campaigns.guards``."""

from collections.abc import Callable

from django.db import connections

from campaigns.guards import Guard, install, table_of


def _survey_is(row: str, *states: str) -> Callable[[Callable[[str], str]], str]:
    """Whether the survey of the row is in none of these states."""
    listed = ", ".join(f"'{state}'" for state in states)

    def condition(table: Callable[[str], str]) -> str:
        survey = table("assessments.Survey")
        where = f"s.id = {row}.survey_id AND s.state IN ({listed})"
        return f"NOT EXISTS (SELECT 1 FROM {survey} s WHERE {where})"  # noqa: S608

    return condition


def _moves_right(table: Callable[[str], str]) -> str:
    """A right that passes to another person or another survey, once the survey is no longer in preparation."""
    moved = "(NEW.survey_id <> OLD.survey_id OR NEW.member_id <> OLD.member_id)"
    return f"{moved} AND {_survey_is('OLD', 'draft')(table)}"


FINAL = "a counted ballot is final"
GUARDS = (
    Guard("sealed", "assessments.SealedBallot", "INSERT", "the survey is not open", _survey_is("NEW", "open"), False),
    Guard("sealed_update", "assessments.SealedBallot", "UPDATE", "a sealed ballot is final", bends=False),
    *(
        Guard(f"{name.lower()}_{event.lower()}", f"assessments.{name}", event, FINAL)
        for name in ("OpenedBallot", "SurveyResult", "Bulletin")
        for event in ("UPDATE", "DELETE")
    ),
    # A frozen roll: whether somebody has voted or holds a paper is all that changes; the rest takes two people.
    Guard("roll_insert", "assessments.RollEntry", "INSERT", "the roll is frozen", _survey_is("NEW", "draft")),
    Guard("roll_delete", "assessments.RollEntry", "DELETE", "the roll is frozen", _survey_is("OLD", "draft")),
    Guard("roll_update", "assessments.RollEntry", "UPDATE OF survey_id, member_id", "the roll is frozen", _moves_right),
)

# What is destroyed one day. PostgreSQL's ANALYZE keeps samples of the values of each column in a table of its own, by
# itself and at any time; they outlive the rows.
NEVER_SAMPLED = (
    ("assessments.SealedBallot", "box"),
    ("assessments.OpenedBallot", "choices"),
    ("assessments.OpenedBallot", "salt"),
    ("assessments.BallotCode", "code_hash"),
    ("assessments.VotingLink", "token_hash"),
    ("assessments.VotingLink", "device_hash"),
)


def install_guards(using: str = "default", **_signal: object) -> None:
    """After a migration; safe to call at any time."""
    install(GUARDS, using)
    _keep_out_of_samples(using)


def _keep_out_of_samples(using: str) -> None:
    """Only where it is not so yet: an ALTER TABLE locks, and fails in a transaction that has written to the table."""
    connection = connections[using]
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model, column in NEVER_SAMPLED:
            cursor.execute(
                "SELECT attstattarget = 0 FROM pg_attribute WHERE attrelid = %s::regclass AND attname = %s",
                [table_of(model), column],
            )
            if not cursor.fetchone()[0]:
                cursor.execute(f"ALTER TABLE {table_of(model)} ALTER COLUMN {column} SET STATISTICS 0")
