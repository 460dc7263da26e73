from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaigns.models.user import User


class Session(AbstractBaseSession):
    """Django's session, and whose it is: so both are read at once (``campaigns.sessions``)."""

    user = models.ForeignKey(User, models.CASCADE, null=True, related_name="sessions", verbose_name=_("user"))

    class Meta(AbstractBaseSession.Meta):
        pass

    @classmethod
    def get_session_store_class(cls):
        from campaigns.sessions import SessionStore  # noqa: PLC0415  the store needs this model

        return SessionStore
