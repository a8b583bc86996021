"""Who is looking at which app, and how the answer is written: what every screen begins with."""

from dataclasses import dataclass, replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.database.actor import Actor
from server.identity.principal import Principal
from server.model import App, Entity, Field
from server.query.caller import Caller
from server.screens import flash
from server.screens.access import Access, access_of
from server.screens.navigation import navigation
from server.screens.render import render
from server.screens.several import resolved
from server.screens.words import noun


@dataclass(frozen=True)
class Visit:
    """One request of one person to one app."""

    request: Request
    person: Principal
    access: Access

    @property
    def app(self) -> App:
        return self.access.app

    @property
    def pool(self) -> Any:
        return self.request.app.state.pool

    @property
    def secret(self) -> str:
        return str(self.request.app.state.settings.secret_key)

    @property
    def partial(self) -> bool:
        """Whether htmx asks for a part of the page."""
        return self.request.headers.get("hx-request") == "true"

    def actor(self, shows_deleted: bool = False) -> Actor:
        return replace(self.access.actor, shows_deleted=shows_deleted)

    def caller(self, entity: Entity) -> Caller:
        """The person at work on an entity, for the statements of the record API."""
        rights, catalogue = self.access.rights[entity.name], self.request.app.state.catalogue
        return Caller(self.pool, catalogue, self.access.actor, self.app, entity, rights)

    def entity(self, name: str) -> Entity:
        """The entity of that name; one that does not exist is a 404, one without read right a 403."""
        found = self.app.entities_by_name.get(name)
        if found is None:
            raise HTTPException(404)
        if not self.access.reads(found):
            raise HTTPException(403, f"You cannot see {noun(found.plural)}.")
        return found

    def address(self, entity: Entity, *parts: object) -> str:
        """The address of an entity's grid, or of what lies below it."""
        return "/".join(["/a", self.app.name, entity.name, *map(str, parts)])

    def record_address(self, field: Field, value: Any) -> str:
        """Where the record is that a lookup points at; empty when there is none, or no page for it."""
        found = resolved(field, value) if field.type == "lookup" and value else None
        target = self.access.target(found[0]) if found else None
        return self.address(target, found[1]) if found and target else ""

    def value_address(self, entity: Entity, key: Any, field: Field, value: Any) -> str:
        """Where a value of the record `key` leads: to the record or the file that it refers to, if to any."""
        if field.is_file and value and key:
            return f"/api/{self.app.name}/{entity.name}/{key}/{field.name}"
        return self.record_address(field, value)

    def page(self, template: str, status: int = 200, **context: Any) -> Response:
        """The page, with everything that the frame around it needs."""
        messages = flash.take(self.request, self.secret)
        response = render(
            self.request,
            template,
            status,
            here=self,
            app=self.app,
            access=self.access,
            noun=noun,
            csrf=self.person.csrf or "",
            navigation=navigation(
                self.person, self.request.app.state.catalogue, self.access, context.get("entity")
            ),
            flash=[] if self.partial else messages,
            **context,
        )
        if messages and not self.partial:
            flash.forget(response)
        return response

    def go(self, address: str, message: flash.Flash | None = None) -> Response:
        """Send the browser on after a change, with a word on what happened."""
        response = RedirectResponse(address, status_code=303)
        if message:
            secure = self.request.app.state.settings.public_url.startswith("https://")
            flash.leave(response, self.secret, message, secure=secure)
        return response


async def visit(request: Request) -> Visit:
    """The visit of this request; an app that is not there or not open to the person is a 404."""
    person: Principal = request.state.principal
    app = request.app.state.catalogue.app(request.path_params["app"])
    actor = app and person.actor_for(app.name, "screen", request.state.request_id)
    if app is None or actor is None:
        raise HTTPException(404)
    return Visit(request, person, await access_of(request.app.state.catalogue, app, actor))
