"""What surrounds every request: its id, headers for safety, and the last word on errors."""

import logging
import secrets

from asyncpg import InterfaceError, InternalClientError, PostgresError
from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from server.database.errors import Refusal, refused

logger = logging.getLogger(__name__)
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
PRIVATE = "private, no-store"


class RequestMiddleware:
    """Gives each request an id (`scope["state"]["request_id"]`) and each answer its headers.

    A page brings its own policy; what brings none gets the strictest.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        # Ours alone: an id of the caller's making would get into the audit log.
        request_id = secrets.token_hex(8)
        scope.setdefault("state", {})["request_id"] = request_id

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers["X-Request-Id"] = request_id
                for name, value in SECURITY_HEADERS.items():
                    headers.setdefault(name, value)
                if scope["path"].startswith("/api/"):
                    headers.setdefault("Cache-Control", PRIVATE)
            await send(message)

        await self.app(scope, receive, send_with_headers)


async def show_refusal(request: Request, error: Exception) -> Response:
    """The JSON of a refusal."""
    assert isinstance(error, Refusal)
    return Response(error.body(), error.status, error.headers, "application/json; charset=utf-8")


async def show_database_error(request: Request, error: Exception) -> Response:
    """The JSON of what the database refused outside of a record."""
    refusal = refused(error)
    if refusal.status >= 500:
        logger.error("request %s: %s", request.scope["state"].get("request_id"), error, exc_info=error)
    return await show_refusal(request, refusal)


async def show_failure(request: Request, error: Exception) -> Response:
    """The JSON of an error of ours; Starlette logs it."""
    return await show_refusal(request, refused(error))


DATABASE_ERRORS = (PostgresError, InterfaceError, InternalClientError, OSError, TimeoutError)
