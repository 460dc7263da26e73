"""Checks of single settings; a failed one is reported by its name together with all others."""

import os
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from environs import ValidationError

MAIL_SCHEMES = ("smtp", "smtp+tls", "smtp+ssl")
WEB_HOOKS = ("json", "jsons", "xml", "xmls", "form", "forms", "apprise", "apprises")
LOCAL_HOSTS = ("", "localhost", "127.0.0.1", "::1")


def usable_folder(value: str) -> None:
    """Refuse a folder that cannot be made or written."""
    folder = Path(value)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ValidationError(f"cannot make the folder {folder}: {error.strerror}") from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise ValidationError(f"the folder {folder} cannot be written by this user")


def web_address(value: str) -> None:
    """Refuse anything but http(s)://host[:port]."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.netloc or parts.path.strip("/"):
        raise ValidationError("must look like https://posts.example.org, without a path")


def broker_address(value: str) -> None:
    """Refuse transports that lose tasks when a process is killed."""
    if urlsplit(value).scheme not in ("redis", "rediss", "redis+socket"):
        raise ValidationError("must begin with redis://, rediss:// or redis+socket://; other transports lose tasks")


def writable_file(value: str) -> None:
    """Refuse a file in a folder that is not there or cannot be written; an empty value means: none."""
    if value and not os.access(Path(value).resolve().parent, os.W_OK | os.X_OK):
        raise ValidationError(f"the folder of {value} is not there or cannot be written by this user")


def cache_address(value: str) -> None:
    """Refuse anything but a Redis; an empty value means: each process counts for itself."""
    if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise ValidationError("must begin with redis://, rediss:// or unix://")


def long_enough(characters: int) -> Callable[[str], None]:
    """Refuse a secret that is shorter; an empty one means: make one and keep it in DATA_DIR."""

    def check(value: str) -> None:
        if 0 < len(value) < characters:
            raise ValidationError(f"must have at least {characters} characters")

    return check


def harmless_demo(*, https: bool, database_host: str) -> Callable[[bool], None]:
    """Refuse demo mode, where everybody signs in as anybody, beside real data."""

    def check(value: bool) -> None:
        if value and https:
            raise ValidationError("cannot be switched on together with HTTPS: anybody could sign in as anybody")
        if value and database_host not in LOCAL_HOSTS and not database_host.startswith("/"):
            raise ValidationError("cannot be switched on with the database of another machine")

    return check


def mail_server(value: str) -> None:
    """Refuse anything but the address of a mail server; empty: no e-mail is sent."""
    parts = urlsplit(value)
    try:
        is_whole = bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        is_whole = False
    if value and (parts.scheme not in MAIL_SCHEMES or not is_whole):
        raise ValidationError("must look like smtp://host:25, smtp+tls://user:password@host:587 or smtp+ssl://…:465")


def sender_address(value: str) -> None:
    """Refuse what no mail server takes as a sender."""
    if value and not re.fullmatch(r"([^<>\r\n]*<)?[^\s<>@]+@[^\s<>@]+>?", value):
        raise ValidationError("must look like posts@example.org or 示范岗 <posts@example.org>")


def channel_address(value: str) -> None:
    """Refuse an address of a message service that is not one person's, or that lets people choose the machine."""
    parts = urlsplit(value)
    if not value:
        return
    if not re.match(r"[a-z][a-z0-9+.-]*://.", value):
        raise ValidationError("must be an address of apprise, such as wecombot://{address} or json://host/{address}")
    if "{address}" not in value:
        raise ValidationError("must contain {address}, which stands for what each person enters in his settings")
    if "{address}" in parts.netloc and parts.scheme in WEB_HOOKS:
        raise ValidationError("{address} must stand behind the host: people must not choose which machine is asked")


def quiet_hours(value: str) -> None:
    """Refuse anything but two times; empty: there are none."""
    if value and not re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d", value):
        raise ValidationError("must look like 21:00-08:00, or be empty")
