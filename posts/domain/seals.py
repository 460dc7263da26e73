"""A signed line on the public page: who printed it out can later show that it said so."""

import base64
from functools import lru_cache

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

CONTEXT = b"shifangang public state v1"


def sign_line(line: str) -> str:
    """The Ed25519 signature of a line, base64url without padding."""
    return base64.urlsafe_b64encode(_key(settings.SECRET_KEY).sign(line.encode())).decode().rstrip("=")


def verify_line(line: str, signature: str) -> bool:
    """Whether this installation signed the line, with its present key or an earlier one."""
    try:
        raw = base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4))
    except ValueError:
        return False
    if base64.urlsafe_b64encode(raw).decode().rstrip("=") != signature:
        return False  # the last character has spare bits: one signature, one text
    return any(_verifies(secret, line, raw) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


def public_key() -> str:
    """The key with which anybody can check the signatures, in hex."""
    return _key(settings.SECRET_KEY).public_key().public_bytes_raw().hex()


def _verifies(secret: str, line: str, signature: bytes) -> bool:
    try:
        _key(secret).public_key().verify(signature, line.encode())
    except InvalidSignature:
        return False
    return True


@lru_cache(maxsize=8)
def _key(secret: str) -> Ed25519PrivateKey:
    seed = HKDF(algorithm=SHA256(), length=32, salt=None, info=CONTEXT).derive(secret.encode())
    return Ed25519PrivateKey.from_private_bytes(seed)
