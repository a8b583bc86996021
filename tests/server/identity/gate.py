"""A small application behind the gate."""

from types import SimpleNamespace

import asyncpg
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from server.boundary import show_refusal
from server.database.errors import Refusal
from server.identity.cache import PrincipalCache
from server.identity.middleware import AuthenticationMiddleware
from server.routes import token
from server.screens import session

SECRET = "a secret key of the tests, long enough"


async def whoami(request: Request) -> JSONResponse:
    principal = request.user
    return JSONResponse(
        {
            "email": principal.email,
            "tenant": principal.tenant_name,
            "roles": sorted(principal.roles),
            "actors": dict(principal.actors),
            "csrf": principal.csrf,
        }
    )


async def form(request: Request) -> JSONResponse:
    return JSONResponse(dict((await request.form()).items()))


def application(pool: "asyncpg.Pool[asyncpg.Record]", public_url: str, seconds: float = 0) -> Starlette:
    """The pages of this folder's tests; by default every request asks the database."""
    cache = PrincipalCache(seconds=seconds)
    gate = Middleware(AuthenticationMiddleware, secret=SECRET, public_url=public_url, cache=cache)
    routes = [
        Route("/login", session.new, methods=["GET"]),
        Route("/login", session.create, methods=["POST"]),
        Route("/logout", session.destroy, methods=["POST"]),
        Route("/api/auth/token", token.create, methods=["POST"]),
        Route("/", whoami),
        Route("/api/whoami", whoami, methods=["GET", "POST"]),
        Route("/form", form, methods=["POST"]),
    ]
    app = Starlette(routes=routes, middleware=[gate], exception_handlers={Refusal: show_refusal})
    app.state.pool = pool
    app.state.principals = cache
    app.state.settings = SimpleNamespace(secret_key=SECRET, public_url=public_url)
    return app
