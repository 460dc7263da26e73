"""The tables of an app's first migration, made in one go: a fresh site is there in a fifth of the time.

Django draws all models that hang together anew after each ``CreateModel``, so that a function between two of them
could work with the models of that moment. Where a first migration holds nothing but tables, nobody ever asks for
those moments: the models are drawn once, as they stand at its end.
"""

from django.db.migrations import operations
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.migration import Migration

#: Operations that only say what the tables are like.
OF_TABLES = (
    operations.CreateModel,
    operations.AddField,
    operations.AddIndex,
    operations.AddConstraint,
    operations.AlterUniqueTogether,
)


class CreateTables(operations.base.Operation):
    """Operations of ``OF_TABLES`` as one: each table is made once, with all that they say of it."""

    def __init__(self, parts: list[operations.base.Operation]) -> None:
        self.parts = parts

    def state_forwards(self, app_label, state):
        state.__dict__.pop("apps", None)  # the models drawn so far: with them, each part would draw its own anew
        for part in self.parts:
            part.state_forwards(app_label, state)

    def database_forwards(self, app_label, schema_editor, from_state, to_state):
        for part in self._tables():
            part.database_forwards(app_label, schema_editor, from_state, to_state)

    def database_backwards(self, app_label, schema_editor, from_state, to_state):
        for part in reversed(self._tables()):
            part.database_backwards(app_label, schema_editor, from_state, to_state)

    def describe(self):
        return ", ".join(part.describe() for part in self._tables())

    def _tables(self):
        return [part for part in self.parts if isinstance(part, operations.CreateModel)]


def in_one_go(migration: Migration) -> None:
    """Let a first migration that makes nothing but tables of its own make them at once; leave every other as it is."""
    if not migration.initial or not all(isinstance(part, OF_TABLES) for part in migration.operations):
        return
    made = {part.name_lower for part in migration.operations if isinstance(part, operations.CreateModel)}
    if {getattr(part, "model_name_lower", None) or part.name_lower for part in migration.operations} == made:
        migration.operations = [CreateTables(migration.operations)]


class Executor(MigrationExecutor):
    """Django's, with first migrations in one go."""

    def apply_migration(self, state, migration, fake=False, fake_initial=False):
        if not fake_initial:  # Django then looks at the single operations for tables that are there already
            in_one_go(migration)
        return super().apply_migration(state, migration, fake=fake, fake_initial=fake_initial)
