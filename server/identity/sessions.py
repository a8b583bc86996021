"""Sessions: a row in the database, and a signed reference to it in a cookie or an access token."""

import hashlib
from datetime import timedelta
from typing import Literal
from uuid import UUID

from itsdangerous import BadSignature, Signer
from starlette.responses import Response

Kind = Literal["browser", "bearer"]

COOKIE = "qryvanta_session"
LIFETIME: dict[Kind, timedelta] = {"browser": timedelta(days=14), "bearer": timedelta(hours=1)}
IDLE_LIMIT: dict[Kind, timedelta] = {"browser": timedelta(hours=12), "bearer": timedelta(hours=1)}


def sign(secret: str, kind: Kind, session_id: UUID) -> str:
    """The text that proves the session; a cookie cannot be used as an access token, nor the reverse."""
    return _signer(secret, kind).sign(session_id.hex).decode()


def unsign(secret: str, kind: Kind, text: str) -> UUID | None:
    """The session that a cookie or an access token names; None when we did not write it."""
    try:
        return UUID(hex=_signer(secret, kind).unsign(text).decode())
    except (BadSignature, ValueError):
        return None


def set_cookie(response: Response, secret: str, session_id: UUID, *, secure: bool) -> None:
    """Give the browser its session."""
    response.set_cookie(
        COOKIE,
        sign(secret, "browser", session_id),
        max_age=int(LIFETIME["browser"].total_seconds()),
        path="/",
        secure=secure,
        httponly=True,
        samesite="lax",
    )


def delete_cookie(response: Response, *, secure: bool) -> None:
    """Take the session from the browser."""
    response.delete_cookie(COOKIE, path="/", secure=secure, httponly=True, samesite="lax")


def _signer(secret: str, kind: Kind) -> Signer:
    return Signer(
        secret, salt=f"qryvanta.session.{kind}", key_derivation="hmac", digest_method=hashlib.sha256
    )
