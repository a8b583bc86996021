"""The web application: the only wiring."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from server.boundary import (
    DATABASE_ERRORS,
    RequestMiddleware,
    show_database_error,
    show_failure,
    show_refusal,
)
from server.database.errors import Refusal
from server.database.listener import Listener
from server.database.pool import open_pool
from server.identity.cache import CHANNEL as IDENTITY_CHANNEL
from server.identity.cache import PrincipalCache
from server.identity.middleware import AuthenticationMiddleware
from server.model import Catalogue
from server.model.catalogue import CHANNEL as MODEL_CHANNEL
from server.query.memory import PlanMemory
from server.routes import files, health, models, openapi, publications, records, token
from server.screens import failure
from server.screens.routes import ROUTES as SCREENS
from server.settings import Settings, load

Handler = Callable[[Request, Exception], Awaitable[Response]]
MODEL = "/api/meta/apps/{app}"
RECORDS = "/api/{app}/{entity}"
RECORD = "/api/{app}/{entity}/{id}"
FILE = "/api/{app}/{entity}/{id}/{field}"
ROUTES = [
    Route("/health/live", health.live),
    Route("/health/ready", health.ready),
    Route("/api/auth/token", token.create, methods=["POST"]),
    Route("/api/meta/apps", models.index),
    Route(f"{MODEL}/manifest", models.show),
    Route(f"{MODEL}/manifest", models.update, methods=["PUT"]),
    Route(f"{MODEL}/plan", models.plan),
    Route(f"{MODEL}/preflight", models.preflight),
    Route(f"{MODEL}/publish", publications.create, methods=["POST"]),
    Route(f"{MODEL}/publications/{{publication}}", publications.show),
    Route(f"{MODEL}/versions", models.versions),
    Route(f"{MODEL}/diff", models.difference),
    Route("/api/{app}", records.fresh(openapi.index)),
    Route(RECORDS, records.fresh(records.index)),
    Route(RECORDS, records.fresh(records.create), methods=["POST"]),
    Route(RECORDS, records.fresh(records.update), methods=["PATCH"]),
    Route(RECORDS, records.fresh(records.destroy), methods=["DELETE"]),
    Route(RECORDS, records.fresh(records.options), methods=["OPTIONS"]),
    Route(RECORD, records.fresh(records.show)),
    Route(RECORD, records.fresh(records.update), methods=["PATCH"]),
    Route(RECORD, records.fresh(records.destroy), methods=["DELETE"]),
    Route(RECORD, records.fresh(records.options), methods=["OPTIONS"]),
    Route(FILE, records.fresh(files.show)),
    Route(FILE, records.fresh(files.replace), methods=["PUT", "POST"]),
    Route(FILE, records.fresh(files.destroy), methods=["DELETE"]),
    Route(FILE, records.fresh(files.options), methods=["OPTIONS"]),
    *SCREENS,
]


def create_application(
    settings: Settings | None = None, middleware: Sequence[Middleware] | None = None
) -> Starlette:
    """The application; `middleware` replaces authentication, for tests that need no login."""
    settings = settings or load()
    principals = PrincipalCache()
    if middleware is None:
        middleware = [
            Middleware(
                AuthenticationMiddleware,
                secret=settings.required("secret_key"),
                public_url=settings.public_url,
                cache=principals,
                page=failure.page,
            )
        ]
    # What fits a packet is not worth compressing; the cheapest level gives most of the gain.
    compression = Middleware(GZipMiddleware, minimum_size=1400, compresslevel=1)
    application = Starlette(
        routes=ROUTES,
        middleware=[Middleware(RequestMiddleware), compression, *middleware],
        exception_handlers={
            Refusal: for_people(show_refusal),
            HTTPException: show_http_exception,
            Exception: for_people(show_failure),
            **dict.fromkeys(DATABASE_ERRORS, for_people(show_database_error)),
        },
        lifespan=lifespan,
    )
    application.state.settings = settings
    application.state.development = settings.development
    application.state.principals = principals
    application.state.plans = PlanMemory()
    return application


@asynccontextmanager
async def lifespan(application: Starlette) -> AsyncIterator[None]:
    """Open the pool, load the model and hear of changes while the application runs."""
    state = application.state
    url = state.settings.required("server_database_url")
    state.pool = await open_pool(url)
    state.catalogue = Catalogue(state.pool)
    await state.catalogue.refresh()
    handlers = {MODEL_CHANNEL: state.catalogue.refresh, IDENTITY_CHANNEL: state.principals.forget}
    try:
        async with Listener(url, handlers):
            yield
    finally:
        await state.pool.close()


def for_people(handler: Handler) -> Handler:
    """`handler` for the API; on a screen a page says the same."""

    async def show(request: Request, error: Exception) -> Response:
        response = await handler(request, error)
        if request.url.path.startswith("/api/"):
            return response
        reason = error.message if isinstance(error, Refusal) else ""
        return failure.page(request, response.status_code, reason)

    return show


async def show_http_exception(request: Request, error: Exception) -> Response:
    """A page for people, JSON for the API."""
    assert isinstance(error, HTTPException)
    if not request.url.path.startswith("/api/"):
        return failure.show(request, error)
    headers = dict(error.headers or {})
    return await show_refusal(request, Refusal(error.status_code, "PGRST000", error.detail, headers=headers))
