"""The first page: the apps that are open to the person."""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.screens import flash
from server.screens.navigation import app_link, entity_link, navigation, open_apps
from server.screens.render import render
from server.screens.visit import visit


async def index(request: Request) -> Response:
    """Greet the person and offer the apps."""
    person = request.state.principal
    catalogue = request.app.state.catalogue
    messages = flash.take(request, request.app.state.settings.secret_key)
    response = render(
        request,
        "home/index.html",
        greeting=greeting(datetime.now(UTC).hour),
        person=person,
        apps=[app_link(app) for app in open_apps(person, catalogue)],
        csrf=person.csrf or "",
        navigation=navigation(person, catalogue),
        flash=messages,
    )
    if messages:
        flash.forget(response)
    return response


async def show(request: Request) -> Response:
    """Open an app at its first entity."""
    here = await visit(request)
    first = next(iter(here.access.entities), None)
    if first is None:
        raise HTTPException(403, f"There is nothing in {here.app.label} that you can see.")
    return RedirectResponse(entity_link(here.app, first, False)["href"], status_code=303)


def greeting(hour: int) -> str:
    """Good morning, afternoon or evening."""
    if 4 <= hour < 12:
        return "Good morning"
    return "Good afternoon" if 12 <= hour < 18 else "Good evening"
