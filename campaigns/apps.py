from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate


class CampaignsConfig(AppConfig):
    name = "campaigns"

    def ready(self):
        from campaigns import checks  # noqa: F401, PLC0415  registers the system checks; needs the models

        post_migrate.connect(mark_key, sender=self)


def mark_key(**kwargs):
    """Remember the ballot key with the first migration, before anything can be sealed."""
    from campaigns.domain.keys import mark_ballot_key  # noqa: PLC0415  needs the models
    from campaigns.models import KeyMark  # noqa: PLC0415

    if KeyMark._meta.db_table in connection.introspection.table_names():  # noqa: SLF001  public API by another name
        mark_ballot_key()
