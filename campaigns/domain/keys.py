"""Knowing the key that seals ballots again: a restored database with another key would lose every open survey."""

import hashlib

from django.conf import settings

from campaigns.models import KeyMark

BALLOT = "ballot"


def fingerprint(secret: str) -> str:
    """A short mark of a secret, useless for finding the secret itself."""
    return hashlib.sha256(b"shifangang key mark|" + secret.encode()).hexdigest()[:32]


def mark_ballot_key() -> None:
    """Remember the key this database was begun with; the first mark stays."""
    KeyMark.objects.get_or_create(name=BALLOT, defaults={"fingerprint": fingerprint(settings.BALLOT_KEY)})


def adopt_ballot_key() -> None:
    """Take the present key for the right one. Ballots sealed with the old key cannot be opened any more."""
    KeyMark.objects.update_or_create(name=BALLOT, defaults={"fingerprint": fingerprint(settings.BALLOT_KEY)})


def is_ballot_key_right() -> bool:
    """Whether the present key is the one this database was begun with."""
    mark = KeyMark.objects.filter(name=BALLOT).first()
    return mark is None or mark.fingerprint == fingerprint(settings.BALLOT_KEY)
