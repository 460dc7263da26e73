"""What is looked at before the system starts. Texts are for the administrator."""

from django.conf import settings
from django.core.checks import Error, Tags, register
from django.core.checks import Warning as CheckWarning
from django.db import DatabaseError, connection

from campaigns.domain.carriers import knows_channel
from campaigns.domain.keys import is_ballot_key_right


@register(Tags.database)
def check_ballot_key(app_configs, databases=None, **kwargs):
    """A restored database needs the key its ballots were sealed with."""
    if not databases:
        return []
    try:
        if is_ballot_key_right():
            return []
    except DatabaseError:
        return []  # not migrated yet, or away: told elsewhere
    return [
        Error(
            "BALLOT_KEY is not the key this database was begun with; ballots of open surveys cannot be opened.",
            hint="Put the old key back (DATA_DIR/ballot_key or BALLOT_KEY). If no survey is open and the old key is "
            "lost: manage.py adopt_ballot_key",
            id="campaigns.E001",
        )
    ]


@register(Tags.database)
def check_durable_commits(app_configs, databases=None, **kwargs):
    """A vote that was acknowledged must survive a crash of PostgreSQL."""
    if not databases or connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SHOW synchronous_commit")
        value = cursor.fetchone()[0]
    if value != "off":
        return []
    return [
        CheckWarning(
            "PostgreSQL runs with synchronous_commit=off: votes that were acknowledged are lost in a crash.",
            hint="ALTER DATABASE … SET synchronous_commit = on",
            id="campaigns.W002",
        )
    ]


@register(deploy=True)
def check_connections(app_configs, **kwargs):
    """A new connection for every request cuts the throughput of PostgreSQL to a fifth."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3") or database.get("CONN_MAX_AGE") != 0:
        return []
    return [CheckWarning("CONN_MAX_AGE is 0.", hint="Leave it out; the default is 60 seconds.", id="campaigns.W001")]


@register()
def check_message_service(app_configs, **kwargs):
    """A service that apprise does not know would take no message, and nobody would miss it."""
    if not settings.CHANNEL_URL or knows_channel():
        return []
    return [
        Error(
            "CHANNEL_URL is not an address that apprise understands.",
            hint="See docs/operations.md; https://github.com/caronc/apprise lists the services.",
            id="campaigns.E002",
        )
    ]
