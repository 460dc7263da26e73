"""What ballots are wrapped in: sealed boxes, hashes of ballots, ballot codes. No database here."""

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from assessments.models import Option, Stratum

# SQLite's driver gives bytes, PostgreSQL's gives memoryviews.
Bytes = bytes | memoryview

COMMENT_CHARS = 200
COMMENT_BYTES = COMMENT_CHARS * 4  # the longest UTF-8 character takes four
CODE_CHARS = 24  # 120 bits: too many to guess, so a keyed hash without a password's slowness is enough
ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford: no I, L, O, U
_LOOK_ALIKES = str.maketrans({"O": "0", "I": "1", "L": "1"})
_STRATA = (Stratum.MEMBERS.value, Stratum.PUBLIC.value)
_OPTIONS = (
    "",
    Option.SATISFIED.value,
    Option.BASICALLY_SATISFIED.value,
    Option.DISSATISFIED.value,
    Option.UNKNOWN.value,
)
_NONCE = 12
_SALT = 16


@dataclass(frozen=True)
class Ballot:
    """What one voter said: an option or "" for each line, and the salt that hides it in its hash."""

    stratum: str
    choices: tuple[str, ...]
    salt: bytes
    comment: str = ""


class BrokenSealError(Exception):
    """The box was not made with this key for this survey, or was changed."""


def make_salt() -> bytes:
    return secrets.token_bytes(_SALT)


def seal(ballot: Ballot, *, seal_salt: Bytes, context: str) -> bytes:
    """Encrypt a ballot. The length depends on the number of lines only; the same ballot never gives the same box."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher(bytes(seal_salt)).encrypt(nonce, _pack(ballot), context.encode())


def unseal(box: Bytes, *, seal_salt: Bytes, context: str) -> Ballot:
    """The ballot in a box. Raises BrokenSealError when key, survey or content do not fit."""
    box = bytes(box)
    try:
        return _unpack(_cipher(bytes(seal_salt)).decrypt(box[:_NONCE], box[_NONCE:], context.encode()))
    except (InvalidTag, ValueError) as error:
        raise BrokenSealError from error


def leaf_of(public_id: str, ballot: Ballot) -> bytes:
    """The hash that stands for a ballot. The voter never gets the salt, so that his receipt proves no choice."""
    text = "|".join(("ballot-v1", public_id, ballot.stratum, ",".join(ballot.choices), ballot.salt.hex()))
    return hashlib.sha256(text.encode()).digest()


def receipt_of(leaf: bytes) -> str:
    """The first 16 characters of the hash, in groups of four."""
    text = leaf.hex()[:16]
    return " ".join(text[start : start + 4] for start in range(0, 16, 4))


def receipt_line(public_id: str, leaf: str) -> str:
    """What the server signs for a voter: that a ballot beginning with these characters is in the box."""
    return f"receipt-v1|{public_id}|{leaf[:16]}"


def root_of(leaves: Iterable[bytes]) -> str:
    """One hash over all leaves in their order."""
    digest = hashlib.sha256()
    for leaf in leaves:
        digest.update(leaf)
    return digest.hexdigest()


def make_code() -> str:
    return "".join(secrets.choice(ALPHABET) for _unused in range(CODE_CHARS))


def normal_code(typed: str) -> str:
    """What was typed or scanned, as it was printed: case, spaces, hyphens and look-alikes do not matter."""
    return "".join(typed.split()).replace("-", "").upper().translate(_LOOK_ALIKES)


def show_code(code: str) -> str:
    """A code for reading: groups of four."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def hash_code(code: str) -> bytes:
    """What the database keeps of a code; useless without the application's key."""
    return hmac.digest(_key(b"", b"ballot code v1"), normal_code(code).encode(), "sha256")


def hash_token(token: str) -> bytes:
    """What the database keeps of a personal link. Not the hash of a code: the two are never mistaken."""
    return hmac.digest(_key(b"", b"voting link v1"), normal_code(token).encode(), "sha256")


def hash_device(device: str, token_hash: Bytes) -> bytes:
    """What the database keeps of the device on which a link was opened; nothing in common with its other links."""
    return hmac.digest(_key(b"", b"voting device v1"), bytes(token_hash) + device.encode(), "sha256")


def to_text(box: bytes) -> str:
    return base64.urlsafe_b64encode(box).decode()


def from_text(text: str) -> bytes:
    """The bytes of ``to_text``; raises BrokenSealError for anything else."""
    try:
        return base64.b64decode(text.encode(), altchars=b"-_", validate=True)
    except ValueError as error:
        raise BrokenSealError from error


def lock_text(text: str, *, context: str) -> str:
    """A text that only this server reads again, and only where it was meant for: what a voter's browser keeps."""
    nonce = secrets.token_bytes(_NONCE)
    return to_text(nonce + _text_cipher().encrypt(nonce, text.encode(), context.encode()))


def open_text(locked: str, *, context: str) -> str:
    """The text of ``lock_text``; raises BrokenSealError for anything else."""
    box = from_text(locked)
    try:
        return _text_cipher().decrypt(box[:_NONCE], box[_NONCE:], context.encode()).decode()
    except (InvalidTag, ValueError) as error:
        raise BrokenSealError from error


def pack_opening(ballot: Ballot) -> bytes:
    """Stratum, choices and salt in a few bytes; no comment."""
    head = bytes([_STRATA.index(ballot.stratum), len(ballot.choices)])
    return head + bytes(_OPTIONS.index(choice) for choice in ballot.choices) + ballot.salt


def unpack_opening(data: bytes) -> Ballot:
    end = 2 + data[1]
    return Ballot(_STRATA[data[0]], tuple(_OPTIONS[code] for code in data[2:end]), data[end : end + _SALT])


def _pack(ballot: Ballot) -> bytes:
    comment = ballot.comment[:COMMENT_CHARS].encode()
    return pack_opening(ballot) + len(comment).to_bytes(2, "big") + comment.ljust(COMMENT_BYTES, b"\0")


def _unpack(data: bytes) -> Ballot:
    start = 2 + data[1] + _SALT + 2
    length = int.from_bytes(data[start - 2 : start], "big")
    return replace(unpack_opening(data), comment=data[start : start + length].decode())


@lru_cache(maxsize=64)
def _cipher(seal_salt: bytes) -> AESGCM:
    return AESGCM(_key(seal_salt, b"sealed ballot v1"))


@lru_cache(maxsize=1)
def _text_cipher() -> AESGCM:
    return AESGCM(_key(b"", b"voter's browser v1"))


def _key(salt: bytes, purpose: bytes) -> bytes:
    return _derive(settings.BALLOT_KEY, salt, purpose)


@lru_cache(maxsize=64)
def _derive(secret: str, salt: bytes, purpose: bytes) -> bytes:
    hkdf = HKDF(algorithm=SHA256(), length=32, salt=salt or None, info=b"shifangang " + purpose)
    return hkdf.derive(secret.encode())
