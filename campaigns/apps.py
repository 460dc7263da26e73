from importlib import import_module

from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate, pre_migrate


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self):
        from campaigns import (  # noqa: PLC0415  fill registers; need the models
            campaign_navigation,  # noqa: F401
            checks,  # noqa: F401
            event_words,  # noqa: F401
            history_pages,  # noqa: F401
            milestone_work,  # noqa: F401
            panels,  # noqa: F401
        )
        from campaigns.domain import journal_check  # noqa: F401, PLC0415  its clock handler; needs the models
        from campaigns.domain.imports import jobs  # noqa: F401, PLC0415  its clock handlers; needs the models

        pre_migrate.connect(import_module("campaigns.guards").remove_guards, sender=self)
        post_migrate.connect(import_module("campaigns.guards").install_journal_guards, sender=self)
        post_migrate.connect(mark_key, sender=self)
        post_migrate.connect(fill_holidays, sender=self)


def mark_key(**kwargs):
    """Remember the ballot key with the first migration, before anything can be sealed."""
    from campaigns.domain.keys import mark_ballot_key  # noqa: PLC0415  needs the models
    from campaigns.models import KeyMark  # noqa: PLC0415

    if KeyMark._meta.db_table in connection.introspection.table_names():  # noqa: SLF001  public API by another name
        mark_ballot_key()


def fill_holidays(**kwargs):
    """Enter the national arrangement of the years this version knows and the table does not.

    After every migration instead of in a data migration, so that an upgrade brings the next year by itself.
    """
    from campaigns.domain.holidays import fill_known_years  # noqa: PLC0415  needs the models
    from campaigns.models import Holiday  # noqa: PLC0415

    if Holiday._meta.db_table in connection.introspection.table_names():  # noqa: SLF001  public API by another name
        fill_known_years()
