"""A brake on guessing ballot codes and on flooding public forms. Counts per network and in total, nothing else is kept.

The codes have 120 bits and cannot be guessed; the brake spares the database. The counters live in Django's cache:
shared by all processes where Redis is configured, else one for each process, so that the real limits are these times
the number of processes.
"""

import hashlib
import hmac

from django.conf import settings
from django.core.cache import cache

from campaigns.network import network_of

WINDOW = 600  # seconds
PER_NETWORK = 30
IN_TOTAL = 5000
_TOTAL = "vote-wrong:all"


def too_many_wrong_codes(request) -> bool:
    """Whether this network, or everybody together, has typed too many wrong codes of late."""
    key = _key(request)
    counted = cache.get_many([key, _TOTAL])
    return counted.get(key, 0) >= PER_NETWORK or counted.get(_TOTAL, 0) >= IN_TOTAL


def count_wrong_code(request) -> None:
    """Note one wrong code."""
    for key in (_key(request), _TOTAL):
        cache.add(key, 0, WINDOW)
        try:
            cache.incr(key)
        except ValueError:  # it ran out between the two calls
            cache.set(key, 1, WINDOW)


def allow(request, action: str, *, per_hour: int) -> bool:
    """Count one use of a public form; False when this network has used up its number for the hour."""
    key = _key(request, action)
    cache.add(key, 0, 3600)
    try:
        return cache.incr(key) <= per_hour
    except ValueError:  # it ran out between the two calls
        return True


def _key(request, action: str = "vote-wrong") -> str:
    digest = hmac.new(settings.SECRET_KEY.encode(), network_of(request).encode(), hashlib.sha256)
    return f"{action}:{digest.hexdigest()[:32]}"
