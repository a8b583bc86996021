"""POST /api/auth/token: an access token for a script that knows e-mail address and password."""

from json import JSONDecodeError

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from server.database.errors import Refusal
from server.identity import sessions
from server.identity.login import LoginDelayed, LoginRefused, login
from server.identity.refusal import CHALLENGE


async def create(request: Request) -> Response:
    """Sign in for an hour; `otp` is accepted for the day when accounts have a second factor."""
    try:
        given = await request.json()
    except (JSONDecodeError, UnicodeDecodeError):
        given = None
    fault = _fault(given)
    if fault:
        raise Refusal(400, "22023", fault)
    try:
        session_id = await login(
            request.app.state.pool,
            request,
            email=given["email"],
            password=given["password"],
            tenant=given.get("tenant"),
            kind="bearer",
        )
    except LoginDelayed as delayed:
        message = f"Too many failed attempts. Try again in {delayed.seconds} s."
        raise Refusal(429, "28P01", message, headers={"Retry-After": str(delayed.seconds)}) from None
    except LoginRefused:
        message = "The e-mail address or the password is wrong."
        raise Refusal(401, "28P01", message, headers=CHALLENGE) from None
    return JSONResponse(
        {
            "access_token": sessions.sign(request.app.state.settings.secret_key, "bearer", session_id),
            "token_type": "bearer",
            "expires_in": int(sessions.LIFETIME["bearer"].total_seconds()),
        },
        headers={"Cache-Control": "no-store"},
    )


def _fault(given: object) -> str | None:
    if not isinstance(given, dict):
        return "Send a JSON object with email and password."
    for name in ("email", "password"):
        if not isinstance(given.get(name), str):
            return f"{name} must be a text."
    for name in ("tenant", "otp"):
        if not isinstance(given.get(name), str | None):
            return f"{name} must be a text or absent."
    if "\0" in given["email"] or "\0" in (given.get("tenant") or ""):
        return "A text must not contain the character U+0000."
    return None
