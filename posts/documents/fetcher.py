"""What a document may load: nothing but what was handed to it.

WeasyPrint's own fetcher reads local files and asks any server that the HTML or CSS names: a post's name with a bit of
markup that slipped through escaping could put a file of the server into a PDF.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from urllib.parse import unquote_to_bytes

from weasyprint.urls import URLFetcher, URLFetcherResponse

MAX_IMAGE_BYTES = 500_000
_DATA = re.compile(r"data:(image/(?:png|svg\+xml))(;charset=[\w-]+)?(;base64)?,(.*)", re.DOTALL | re.IGNORECASE)


class LockedFetcher(URLFetcher):
    """Answers ``data:`` images (PNG, SVG) up to 500 kB and ``asset:`` names from a dictionary; refuses the rest."""

    def __init__(self, assets: Mapping[str, bytes] | None = None) -> None:
        super().__init__(allowed_protocols=("data", "asset"), allow_redirects=False)
        self._assets = dict(assets or {})
        self.refused: list[str] = []

    def fetch(self, url, headers=None):
        if url.startswith("asset:"):
            return self._asset(url)
        if match := _DATA.fullmatch(url):
            return self._data(url, match)
        return self._refuse(url)

    def _asset(self, url):
        body = self._assets.get(url.removeprefix("asset:"))
        if body is None:
            return self._refuse(url)
        kind = "image/png" if body.startswith(b"\x89PNG") else "image/svg+xml"
        return URLFetcherResponse(url, body, {"Content-Type": kind})

    def _data(self, url, match):
        kind, _charset, coded, payload = match.groups()
        try:
            body = base64.b64decode(unquote_to_bytes(payload), validate=True) if coded else unquote_to_bytes(payload)
        except (binascii.Error, ValueError):
            return self._refuse(url)
        if len(body) > MAX_IMAGE_BYTES:
            return self._refuse(url)
        return URLFetcherResponse(url, body, {"Content-Type": kind.lower()})

    def _refuse(self, url):
        self.refused.append(url[:80])
        raise ValueError(f"refused to load {url[:80]}")
