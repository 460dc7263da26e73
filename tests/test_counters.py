"""Counters against guessing: shared by all processes through Redis, and never in the way when it is gone."""

import subprocess
import sys

import pytest
from django.conf import settings as site
from django.test import RequestFactory

from assessments import throttle
from campaigns.network import client_address, network_of
from config.cache import PatientRedisCache, cache_settings, default_cache_url


def cache_at(url):
    settings = cache_settings(url)
    return PatientRedisCache(url, {"KEY_PREFIX": settings["KEY_PREFIX"], "OPTIONS": settings["OPTIONS"]})


@pytest.mark.services
def test_processes_share_their_counters_through_redis(redis_server, monkeypatch):
    monkeypatch.setattr(throttle, "cache", cache_at(redis_server))
    request = RequestFactory().post("/v/", REMOTE_ADDR="10.1.2.3")
    for _wrong in range(throttle.PER_NETWORK - 1):
        throttle.count_wrong_code(request)
    assert not throttle.too_many_wrong_codes(request)

    other = f"""
from tests.test_counters import *
throttle.cache = cache_at({redis_server!r})
throttle.count_wrong_code(RequestFactory().post("/v/", REMOTE_ADDR="10.1.2.99"))
"""
    env = "import os; os.environ['DJANGO_SETTINGS_MODULE'] = 'tests.settings'; import django; django.setup()\n"
    key = f"from django.conf import settings; settings.SECRET_KEY = {site.SECRET_KEY!r}\n"
    subprocess.run([sys.executable, "-c", env + key + other], check=True)

    assert throttle.too_many_wrong_codes(request)
    assert not throttle.too_many_wrong_codes(RequestFactory().post("/v/", REMOTE_ADDR="10.1.3.3"))


def test_a_redis_that_is_away_stops_nobody(monkeypatch):
    monkeypatch.setattr(throttle, "cache", cache_at("redis://127.0.0.1:1/0"))
    request = RequestFactory().post("/v/", REMOTE_ADDR="10.1.2.3")

    for _wrong in range(throttle.PER_NETWORK):
        assert not throttle.too_many_wrong_codes(request)
        throttle.count_wrong_code(request)

    assert throttle.too_many_wrong_codes(request)


@pytest.mark.parametrize(
    ("broker", "cache"),
    [
        ("redis://redis:6379/0", "redis://redis:6379/0"),
        ("rediss://redis:6379/0", "rediss://redis:6379/0"),
        ("redis+socket:///var/lib/sfg/broker.sock", ""),
    ],
)
def test_the_broker_carries_the_counters_where_one_is_configured(broker, cache):
    assert default_cache_url(broker) == cache


@pytest.mark.parametrize(
    ("proxy", "forwarded", "address"),
    [
        (None, "203.0.113.9", "10.0.0.2"),
        (("HTTP_X_FORWARDED_PROTO", "https"), "203.0.113.9", "203.0.113.9"),
        (("HTTP_X_FORWARDED_PROTO", "https"), "1.2.3.4, 203.0.113.9", "203.0.113.9"),
        (("HTTP_X_FORWARDED_PROTO", "https"), None, "10.0.0.2"),
    ],
)
def test_behind_the_proxy_the_client_counts_and_not_what_he_claims(settings, proxy, forwarded, address):
    settings.SECURE_PROXY_SSL_HEADER = proxy
    headers = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}

    assert client_address(RequestFactory().get("/", REMOTE_ADDR="10.0.0.2", **headers)) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [("10.1.2.3", "10.1.2.0/24"), ("2001:db8::1:2:3", "2001:db8::/64"), ("unix:", "unknown"), ("", "unknown")],
)
def test_neighbours_count_as_one_network(address, network):
    assert network_of(RequestFactory().get("/", REMOTE_ADDR=address)) == network
