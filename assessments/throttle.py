"""A brake on guessing ballot codes and on flooding public forms. Counts per network and in total, nothing else is kept.

The codes have 120 bits and cannot be guessed; the brake spares the database. The counters live in Django's cache, by
default one per process, so the real limits are these times the number of processes.
"""

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.core.cache import cache

WINDOW = 600  # seconds
PER_NETWORK = 30
IN_TOTAL = 5000
_TOTAL = "vote-wrong:all"


def too_many_wrong_codes(request) -> bool:
    """Whether this network, or everybody together, has typed too many wrong codes of late."""
    return cache.get(_key(request), 0) >= PER_NETWORK or cache.get(_TOTAL, 0) >= IN_TOTAL


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
    digest = hmac.new(settings.SECRET_KEY.encode(), _network(request).encode(), hashlib.sha256)
    return f"{action}:{digest.hexdigest()[:32]}"


def _network(request) -> str:
    """The /24 or /64 the request comes from; behind the declared proxy, of its last forwarded address."""
    address = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER and "HTTP_X_FORWARDED_FOR" in request.META:
        address = request.META["HTTP_X_FORWARDED_FOR"].rsplit(",", 1)[-1].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))
