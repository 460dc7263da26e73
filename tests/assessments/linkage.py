"""An attacker with the whole database in his hands: every table, every column, and what the database hides.

He looks for rows that lead to a voter and for rows that show a ballot, and tries to bring the two together: by equal
values, by the order of any column or of the rows in the file, by the nearest number or time. Nothing here knows the
tables of the vote by name; a table that is added tomorrow is read too.
"""

import contextlib
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import product

from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

# What the database keeps of every row without being asked: who wrote it, and where in the file it stands.
_HIDDEN = {"postgresql": 'xmin::text::bigint AS "<xmin>", ctid::text AS "<place>"', "sqlite": 'rowid AS "<place>"'}


@dataclass(frozen=True)
class Voter:
    """What is true of one voter: the rows he is known by, as (table, key), his names, and what is to stay secret."""

    rows: frozenset[tuple[str, object]]
    names: frozenset[str]
    secrets: frozenset[str]


@dataclass(frozen=True)
class Attack:
    """The best of everything that was tried, with the way it was done.

    ``linked``: how many voters were brought together with their own ballot. ``likeness``: how far the order of some
    voters is the order of their ballots, in standard deviations of what chance does; that counts where the two cannot
    be laid side by side, because others voted in between.
    """

    linked: tuple[int, str]
    likeness: tuple[float, str]


def read_everything():
    """All rows of all tables: ``{table: [{column: value}]}``, the hidden columns in angle brackets."""
    with connection.cursor() as cursor:
        return {table: _read(cursor, table) for table in sorted(connection.introspection.table_names(cursor))}


def _read(cursor, table):
    cursor.execute(f"SELECT {_HIDDEN[connection.vendor]}, t.* FROM {connection.ops.quote_name(table)} t")  # noqa: S608
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, map(_plain, row), strict=True)) for row in cursor.fetchall()]


def _plain(value):
    if isinstance(value, memoryview):
        return bytes(value)
    if isinstance(value, datetime) and value.tzinfo is None:
        return value.replace(tzinfo=UTC)  # as SQLite gives them
    if isinstance(value, str) and value.startswith("(") and value.endswith(")") and value[1:-1].count(",") == 1:
        with contextlib.suppress(ValueError):
            return tuple(int(number) for number in value[1:-1].split(","))  # a ctid: page, place in the page
    return value


def attack(voters):
    """Try everything."""
    tables = read_everything()
    people, ballots = _views_of_people(tables, voters), _views_of_ballots(tables, voters)
    assert people, "the attacker finds no voter: the test is wrong"
    assert ballots, "the attacker finds no ballot: the test is wrong"
    linked, likeness = [], []
    for (who, persons), (what, papers) in product(people.items(), ballots.items()):
        likeness.append((_likeness(persons, papers), f"{who} ~ {what}"))
        for way, pairs in _attempts(persons, papers):
            linked.append((sum(pair[0] == pair[1] for pair in pairs), f"{who} ~ {what}: {way}"))
    return Attack(max(linked), max(likeness))


# --- Which rows speak of whom -----------------------------------------------------------------------------------------


def _views_of_people(tables, voters):
    """``{"table.column": [(number of the voter, value)]}`` for every table with rows that lead to voters."""
    known = {row: number for number, voter in enumerate(voters) for row in voter.rows}
    names = {name: number for number, voter in enumerate(voters) for name in voter.names}
    references = _references(tables)
    found = {}
    for _round in range(3):  # a row that points to a voter is known itself, and others may point to it
        found = {table: _rows_of_people(table, rows, references[table], known, names) for table, rows in tables.items()}
        for table, rows in found.items():
            for number, row in rows:
                if row.get("id") is not None and len([one for one, other in rows if other is row]) == 1:
                    known.setdefault((table, row["id"]), number)
    return _columns(found)


def _references(tables):
    """``{table: {column: (column, table) it points to}}``."""
    with connection.cursor() as cursor:
        return {table: connection.introspection.get_relations(cursor, table) for table in tables}


def _rows_of_people(table, rows, references, known, names):
    found = []
    for row in rows:
        numbers = {known.get((table, row.get("id")))}
        for column, (_there, other) in references.items():
            numbers.add(known.get((other, row[column])))
        for value in row.values():
            numbers.add(names.get(value) if isinstance(value, str) else None)
        if "session_data" in row:
            user = SessionStore().decode(row["session_data"]).get("_auth_user_id")
            numbers.add(known.get(("campaigns_user", int(user))) if user else None)
        numbers.discard(None)
        if len(numbers) == 1:
            found.append((numbers.pop(), row))
    return found


def _views_of_ballots(tables, voters):
    """The same for rows that hold the hash of one ballot, or the words that came with it."""
    owners = {secret: number for number, voter in enumerate(voters) for secret in voter.secrets}
    return _columns({table: _rows_of_ballots(rows, owners) for table, rows in tables.items()})


def _rows_of_ballots(rows, owners):
    found = []
    for row in rows:
        numbers = {owners[value] for value in row.values() if isinstance(value, str) and value in owners}
        if len(numbers) == 1:
            found.append((numbers.pop(), row))
    return found


def _columns(found):
    """The columns that tell rows apart, of all rows of a table and of those alike in another column."""
    views = {}
    for table, rows in found.items():
        for part, some in _parts(rows):
            for column in some[0][1]:
                views |= {f"{name} {table}{part}.{column}": view for name, view in _view(some, column)}
    return views


def _parts(rows):
    """All rows, and those that have the same in a column of few values: members or public, voted or not."""
    if rows:
        yield "", rows
    for column in rows[0][1] if rows else ():
        values = {row[column] for _number, row in rows if isinstance(row[column], (bool, int, str))}
        if 1 < len(values) <= 4:
            for value in values:
                yield f"[{column}={value}]", [pair for pair in rows if pair[1][column] == value]


def _view(rows, column):
    """The values of a column, one for each person; of several rows of one person the first and the last."""
    kind = next((_kind(row[column]) for _number, row in rows if row[column] is not None), None)
    values = defaultdict(list)
    for number, row in rows:
        if kind is not None and _kind(row[column]) == kind:
            values[number].append(row[column])
    different = {value for several in values.values() for value in several}
    if len(values) > 1 and len(different) * 2 >= len(values):  # else it says the same of most
        yield "first", [(number, min(several)) for number, several in values.items()]
        if any(len(several) > 1 for several in values.values()):
            yield "last", [(number, max(several)) for number, several in values.items()]


def _kind(value):
    """Values of one kind can be put in order, or None."""
    if isinstance(value, (bool, dict, list)) or value is None:
        return None
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, (datetime, date)):
        return type(value).__name__
    return type(value).__name__


# --- Bringing the two together ----------------------------------------------------------------------------------------


def _attempts(persons, papers):
    """Every way to pair the two views, as pairs of (voter, ballot)."""
    yield "same value", _equal(persons, papers)
    order = [number for number, _value in sorted(persons, key=lambda pair: pair[1])]
    other = [number for number, _value in sorted(papers, key=lambda pair: pair[1])]
    yield "same order", _side_by_side(order, other)
    yield "opposite order", _side_by_side(order, other[::-1])
    if _kind(persons[0][1]) == _kind(papers[0][1]) in ("number", "datetime"):
        yield "nearest value", _nearest(persons, papers)


def _equal(persons, papers):
    owners = defaultdict(list)
    for number, value in papers:
        owners[value].append(number)
    found = defaultdict(list)
    for number, value in persons:
        found[value].append(number)
    return [(found[value][0], owners[value][0]) for value in found if len(found[value]) == len(owners[value]) == 1]


def _side_by_side(persons, papers):
    return [(number, papers[place * len(papers) // len(persons)]) for place, number in enumerate(persons)]


def _nearest(persons, papers):
    return [(number, min(papers, key=lambda paper: abs(paper[1] - value))[0]) for number, value in persons]


def _likeness(persons, papers):
    """Spearman's rank correlation over those who are in both, times the root of their number."""
    both = {number for number, _value in persons} & {number for number, _value in papers}
    if len(both) < 3:
        return 0.0
    first, second = (
        {number: rank for rank, (number, _value) in enumerate(sorted(view, key=lambda pair: pair[1]))}
        for view in ([pair for pair in persons if pair[0] in both], [pair for pair in papers if pair[0] in both])
    )
    n = len(both)
    rho = 1 - 6 * sum((first[number] - second[number]) ** 2 for number in both) / (n * (n * n - 1))
    return abs(rho) * (n - 1) ** 0.5
