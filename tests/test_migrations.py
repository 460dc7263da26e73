"""A fresh site's tables are made in one go, and are the same tables."""

import pytest
from django.db import ConnectionHandler, models
from django.db.migrations import CreateModel, Migration, RunPython, operations
from django.db.migrations.state import ProjectState

from config.migrations import CreateTables, in_one_go


def number():
    return ("id", models.BigAutoField(primary_key=True))


def two_tables(*more):
    """Two tables that name each other, with everything that a first migration says after the tables."""
    migration = Migration("0001_initial", "shop")
    migration.initial = True
    many = models.ManyToManyField("shop.card")
    migration.operations = [
        CreateModel("Card", [number(), ("code", models.TextField()), ("name", models.TextField())]),
        CreateModel("Box", [number(), ("card", models.ForeignKey("shop.card", models.CASCADE)), ("cards", many)]),
        operations.AddField("card", "box", models.ForeignKey("shop.box", models.PROTECT, null=True)),
        operations.AddIndex("card", models.Index(fields=["name"], name="card_name")),
        operations.AddConstraint("card", models.CheckConstraint(condition=~models.Q(code=""), name="card_code")),
        operations.AlterUniqueTogether("card", {("code", "box")}),
        *more,
    ]
    return migration


def shape(connection):
    """Each table with its columns and constraints, by the names that people read, and whatever order they are in."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        return {
            table: (
                {
                    (column.name, column.null_ok)
                    for column in connection.introspection.get_table_description(cursor, table)
                },
                {
                    (tuple(found["columns"]), found["unique"], found["foreign_key"], found["check"], found["index"])
                    for found in connection.introspection.get_constraints(cursor, table).values()
                },
            )
            for table in tables
        }


@pytest.fixture
def fresh(django_db_blocker):
    """Empty databases in memory."""
    made = []

    def make():
        database = {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}
        made.append(ConnectionHandler({"default": database})["default"])
        return made[-1]

    with django_db_blocker.unblock():
        yield make
        for connection in made:
            connection.close()


def apply(migration, connection):
    with connection.schema_editor() as editor:
        return migration.apply(ProjectState(), editor)


def test_tables_made_in_one_go_are_those_of_the_single_steps(fresh):
    single, together = two_tables(), two_tables()
    in_one_go(together)
    assert [type(part) for part in together.operations] == [CreateTables]
    stepwise, at_once = fresh(), fresh()
    states = apply(single, stepwise), apply(together, at_once)
    assert shape(at_once) == shape(stepwise)
    assert set(shape(at_once)) == {"shop_card", "shop_box", "shop_box_cards"}
    assert states[0] == states[1]


def test_tables_made_in_one_go_are_taken_away_again(fresh):
    migration, connection = two_tables(), fresh()
    in_one_go(migration)
    apply(migration, connection)
    with connection.schema_editor() as editor:
        migration.unapply(ProjectState(), editor)
    assert shape(connection) == {}


def test_a_migration_that_looks_at_what_is_there_runs_step_by_step():
    data, later = two_tables(RunPython(RunPython.noop)), two_tables()
    later.initial = False
    elsewhere = two_tables(operations.AddField("shelf", "box", models.ForeignKey("shop.box", models.CASCADE)))
    for migration in (data, later, elsewhere):
        before = list(migration.operations)
        in_one_go(migration)
        assert migration.operations == before
