"""Forged requests: who carries a cookie must come from our own pages and show a token of them."""

import hashlib
import hmac
import secrets
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
FIELD = "csrf"
HEADER = "x-csrf-token"


def key_for(secret: str, seed: str) -> bytes:
    """The key that belongs to a session (or to a visitor's seed); derived, so it needs no storage."""
    key = hashlib.sha256(b"qryvanta.csrf:" + secret.encode()).digest()
    return hmac.digest(key, seed.encode(), "sha256")


def token(key: bytes) -> str:
    """A token for a page, never the same twice.

    Pages are compressed and show what was typed: a constant secret could be found by its length (BREACH).
    """
    mask = secrets.token_bytes(len(key))
    return urlsafe_b64encode(mask + _masked(mask, key)).decode()


def is_token(key: bytes, given: str | None) -> bool:
    """Whether a token was made with this key, compared in constant time."""
    try:
        octets = urlsafe_b64decode((given or "").encode())
    except ValueError:
        return False
    mask, rest = octets[: len(key)], octets[len(key) :]
    return len(rest) == len(key) and hmac.compare_digest(_masked(mask, rest), key)


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


def _masked(mask: bytes, octets: bytes) -> bytes:
    return bytes(a ^ b for a, b in zip(mask, octets, strict=True))


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
