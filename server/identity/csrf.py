"""Forged requests: who carries a cookie must come from our own pages and show a token of them."""

import hashlib
import hmac
from base64 import urlsafe_b64encode
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FIELD = "csrf"
HEADER = "x-csrf-token"


def token_for(secret: str, seed: str) -> str:
    """The token that belongs to a session (or to a visitor's seed); derived, so it needs no storage."""
    key = hashlib.sha256(b"qryvanta.csrf:" + secret.encode()).digest()
    return urlsafe_b64encode(hmac.digest(key, seed.encode(), "sha256")).rstrip(b"=").decode()


def is_token(expected: str, given: str | None) -> bool:
    """Compare in constant time."""
    return given is not None and hmac.compare_digest(expected.encode(), given.encode())


def is_own_origin(connection: HTTPConnection, public_url: str) -> bool:
    """Whether a page of ours sent this request, as far as the browser says.

    A client that says nothing passes: it is no browser of today, and the token is asked for all the same.
    """
    headers = connection.headers
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    stated = headers.get("origin") or headers.get("referer")
    if stated is None:
        return True
    own = {_origin(public_url), _origin(f"{connection.url.scheme}://{headers.get('host', '')}")}
    return _origin(stated) in own - {None}


def _origin(url: str) -> tuple[str, str, int] | None:
    # Scheme, host and port as a whole: a comparison by prefix takes app.example.com.evil.test for ours.
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    default = {"http": 80, "https": 443}.get(parts.scheme)
    if default is None or not parts.hostname:
        return None
    return parts.scheme, parts.hostname, port or default
