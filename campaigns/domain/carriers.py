"""How a message leaves: a mail, or whatever service ``CHANNEL_URL`` names. Title and link only, never the text."""

import smtplib
import time
import warnings
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.models import Channel, Message, User

PAUSE_SECONDS = 60
#: While a server does not answer, the other messages do not wait for it one by one: one memory per process.
_paused_until: dict[str, float] = {}


class UndeliveredError(Exception):
    """It did not go out; it is tried again later."""


class RefusedError(Exception):
    """The address is refused for good."""


def is_on(channel: str) -> bool:
    """Whether the site has this way out at all."""
    return bool(settings.EMAIL_URL if channel == Channel.EMAIL else settings.CHANNEL_URL)


def paused_for(channel: str) -> float:
    """For how many seconds nothing is tried on this way, because its server did not answer."""
    return max(0.0, _paused_until.get(channel, 0.0) - time.monotonic())


def carry(channel: str, user: User, messages: Sequence[Message], *, batch: UUID) -> None:
    """Send these messages together. Raises UndeliveredError or RefusedError."""
    subject, text = _subject(messages), _text(messages)
    try:
        if channel == Channel.EMAIL:
            _mail(user.email, subject, text, batch)
        else:
            _push(user.message_choice.channel_address, subject, text)
    except UndeliveredError:
        _paused_until[channel] = time.monotonic() + PAUSE_SECONDS
        raise


def _mail(address: str, subject: str, text: str, batch: UUID) -> None:
    host = urlsplit(settings.SITE_URL).hostname
    headers = {"Message-ID": f"<{batch}@{host}>", "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject, text, to=[address], headers=headers).send()
    except smtplib.SMTPRecipientsRefused as error:
        code = next(iter(error.recipients.values()))[0]
        if code >= 500:
            raise RefusedError(_("The mail server refuses the address (%(code)s).") % {"code": code}) from error
        raise UndeliveredError(_("The mail server puts us off (%(code)s).") % {"code": code}) from error
    except smtplib.SMTPResponseException as error:
        raise UndeliveredError(
            _("The mail server answered with error %(code)s.") % {"code": error.smtp_code}
        ) from error
    except (OSError, smtplib.SMTPException) as error:
        raise UndeliveredError(
            _("The mail server %(host)s does not answer (%(error)s).")
            % {"host": settings.EMAIL_HOST, "error": type(error).__name__}
        ) from error


def _push(address: str, subject: str, text: str) -> None:
    service = _service(address)
    if service is None:
        raise UndeliveredError(_("apprise does not understand CHANNEL_URL."))
    if not service.notify(body=text, title=subject):
        raise UndeliveredError(_("The message service did not take the message."))


def knows_channel() -> bool:
    """Whether apprise understands ``CHANNEL_URL``."""
    return _service("0123456789abcdef") is not None


def _service(address: str) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the modules that apprise loads
        import apprise  # noqa: PLC0415  slow, and only a site with such a service needs it

        return apprise.Apprise.instantiate(channel_url_for(address))


def channel_url_for(address: str) -> str:
    """The address of the message service for one person."""
    return settings.CHANNEL_URL.replace("{address}", quote(address, safe=""))


def _subject(messages: Sequence[Message]) -> str:
    if len(messages) == 1:
        return f"{settings.SITE_NAME}：{_one_line(messages[0].title)}"
    text = ngettext("%(site)s: %(n)s new message", "%(site)s: %(n)s new messages", len(messages))
    return text % {"site": settings.SITE_NAME, "n": len(messages)}


def _text(messages: Sequence[Message]) -> str:
    entries = [
        f"{_one_line(each.title)}\n{settings.SITE_URL}{each.url or reverse('campaigns:message_list')}"
        for each in messages
    ]
    choose = settings.SITE_URL + reverse("campaigns:message_choice")
    return "\n\n".join([*entries, _("How you are told, and when not: %(address)s") % {"address": choose}]) + "\n"


def _one_line(title: str) -> str:
    return " ".join(title.split())
