"""How the gate says no: JSON to programs, a page to people."""

import logging
from collections.abc import Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response

from server.database.errors import Refusal, refused

PageOf = Callable[[Request, int, str], Response]

CHALLENGE = {"WWW-Authenticate": 'Bearer realm="qryvanta"'}

logger = logging.getLogger(__name__)


def plain_page(request: Request, status: int, reason: str) -> Response:
    """The page of an application that has no better one."""
    return PlainTextResponse(reason, status)


def unauthenticated(request: Request) -> Response:
    """401, or for people the way to the sign-in page."""
    if is_api(request):
        message = "Sign in first: send a valid token (Authorization: Bearer …)."
        return as_json(Refusal(401, "28000", message, headers=CHALLENGE))
    if request.headers.get("hx-request") == "true":
        # htmx would put the sign-in page into a corner of the page.
        return Response(status_code=401, headers={"HX-Redirect": "/login"})
    if request.method not in ("GET", "HEAD"):
        # What was posted is lost, and its address may know no GET.
        return RedirectResponse("/login", status_code=303)
    target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return RedirectResponse(f"/login?next={quote(target)}", status_code=303)


def forged(request: Request, page: PageOf) -> Response:
    """403: the change does not come from a page of ours that belongs to this session."""
    message = "This page is out of date. Go back, reload it and try again."
    return as_json(Refusal(403, "42501", message)) if is_api(request) else page(request, 403, message)


def unreachable(request: Request, error: Exception, page: PageOf) -> Response:
    """503 or what else it means when the database cannot say who is asking."""
    refusal = refused(error)
    logger.error("cannot look up who is asking: %s", error, exc_info=error)
    return as_json(refusal) if is_api(request) else page(request, refusal.status, "")


def as_json(refusal: Refusal) -> Response:
    """The answer of the API."""
    return Response(
        refusal.body(), refusal.status, refusal.headers, media_type="application/json; charset=utf-8"
    )


def is_api(request: Request) -> bool:
    """Whether the caller expects JSON: the API, or a proof that no browser page sends."""
    return request.url.path.startswith("/api/") or "authorization" in request.headers
