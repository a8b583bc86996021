"""Pages for what cannot be shown: not there, not allowed, out of order."""

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import RETRY_AFTER_SECONDS
from server.screens.navigation import navigation
from server.screens.render import render


def page(request: Request, status: int, reason: str = "") -> Response:
    """The page for a status, with `reason` instead of its usual text."""
    person = getattr(request.state, "principal", None)
    catalogue = getattr(request.app.state, "catalogue", None)
    response = render(
        request,
        "error.html",
        status,
        detail=reason,
        trace=getattr(request.state, "request_id", "") if status >= 500 else "",
        csrf=(person.csrf or "") if person else "",
        navigation=navigation(person, catalogue) if person and catalogue else None,
    )
    if status in (503, 504):
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def show(request: Request, error: HTTPException) -> Response:
    """The page for an error that a screen raised."""
    # Starlette fills in the status' own name where a screen gave no reason.
    stated = error.detail if " " in error.detail and error.detail.endswith(".") else ""
    return page(request, error.status_code, stated)
