"""Checks of single settings; a failed one is reported by its name together with all others."""

import os
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from environs import ValidationError

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
