"""Sessions in the database, read together with their user: one statement where Django composes and sends two.

Every page of a signed-in person begins with it, the three of a vote too (``benchmarks/cast_ballots.py``). Nothing is
kept between two requests: who was signed out, locked or deleted a moment ago is out.
"""

from typing import Any

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends import db
from django.db import connection
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from campaigns.models import Session, User

# What pages ask of the user; the moments of his account are read when somebody looks at them.
_FIELDS = [f.attname for f in User._meta.concrete_fields if f.attname not in ("last_login", "date_joined")]  # noqa: SLF001
_BY_KEY = """
SELECT s.session_data, {fields}
FROM {sessions} s LEFT JOIN {users} u ON u.id = s.user_id
WHERE s.session_key = %s AND s.expire_date > %s
""".format(
    fields=", ".join(f"u.{name}" for name in _FIELDS),
    sessions=Session._meta.db_table,  # noqa: SLF001
    users=User._meta.db_table,  # noqa: SLF001
)


class SessionStore(db.SessionStore):
    """``owner`` is whom the session was kept for when it was read in this request."""

    owner: User | None = None

    @classmethod
    def get_model_class(cls) -> type[Session]:
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        session = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        return session

    def load(self) -> dict[str, Any]:
        with connection.cursor() as cursor:
            now = connection.ops.adapt_datetimefield_value(timezone.now())
            cursor.execute(_BY_KEY, [self.session_key, now])
            row = cursor.fetchone()
        if row is None:
            self._session_key = None
            return {}
        if row[1] is not None:
            self.owner = User.from_db(connection.alias, _FIELDS, row[1:])
        return self.decode(row[0])


def owner_of(session: SessionStore) -> User | None:
    """The user who came with the session, if it is his beyond doubt.

    None for anything out of the ordinary (nobody, locked, another password, another backend, a changed secret): Django
    itself then says who it is.
    """
    signed_in_as = session.get(SESSION_KEY)  # reads the session, and with it its owner
    user = session.owner
    if user is None or not user.is_active or str(user.pk) != signed_in_as:
        return None
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    known = constant_time_compare(session.get(HASH_SESSION_KEY, ""), user.get_session_auth_hash())
    return user if known else None
