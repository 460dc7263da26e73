from django.core.management.commands import migrate

from config.migrations import Executor

migrate.MigrationExecutor = Executor  # Django's command has no other place to name one


class Command(migrate.Command):
    """Django's ``migrate``, which makes the tables of a fresh site in one go."""
