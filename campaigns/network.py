"""Where a request comes from. Never kept: it only counts, under a key that nobody can turn back."""

import ipaddress

from django.conf import settings


def client_address(request) -> str:
    """The address of the client; behind the declared proxy the last one that was forwarded, which the proxy wrote."""
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR")
    if settings.SECURE_PROXY_SSL_HEADER and forwarded:
        return forwarded.rsplit(",", 1)[-1].strip()
    return request.META.get("REMOTE_ADDR", "")


def network_of(request) -> str:
    """The /24 or /64 of the client; one word for everything that is no address."""
    try:
        ip = ipaddress.ip_address(client_address(request))
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network(f"{ip}/{24 if ip.version == 4 else 64}", strict=False))
