"""Counters shared by all processes. Nothing depends on them: while Redis is away each process counts for itself."""

from typing import Any
from urllib.parse import urlsplit

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

TIMEOUT_SECONDS = 0.5


def default_cache_url(broker_url: str) -> str:
    """The broker's Redis, where one is configured; the private broker of a single machine carries no counters."""
    return broker_url if urlsplit(broker_url).scheme in ("redis", "rediss") else ""


def cache_settings(url: str) -> dict[str, object]:
    """Django's settings for an address of a Redis; without one the counters live in each process."""
    if not url:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    options = {"socket_timeout": TIMEOUT_SECONDS, "socket_connect_timeout": TIMEOUT_SECONDS}
    return {"BACKEND": "config.cache.PatientRedisCache", "LOCATION": url, "KEY_PREFIX": "sfg", "OPTIONS": options}


class PatientRedisCache(RedisCache):
    """A Redis cache that goes on in the memory of the process while Redis does not answer."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._own = LocMemCache(f"own:{server}", {})

    def _try(self, name: str, *args: Any, **kwargs: Any) -> Any:
        try:
            return getattr(super(), name)(*args, **kwargs)
        except RedisError:
            return getattr(self._own, name)(*args, **kwargs)

    def add(self, *args: Any, **kwargs: Any) -> bool:
        return self._try("add", *args, **kwargs)

    def get(self, *args: Any, **kwargs: Any) -> Any:
        return self._try("get", *args, **kwargs)

    def set(self, *args: Any, **kwargs: Any) -> None:
        return self._try("set", *args, **kwargs)

    def incr(self, *args: Any, **kwargs: Any) -> int:
        return self._try("incr", *args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        return self._try("delete", *args, **kwargs)

    def get_many(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        return self._try("get_many", *args, **kwargs)

    def clear(self) -> bool:
        self._own.clear()
        return self._try("clear")
