"""What every handler of the record API begins with: who asks, for which entity, in which form."""

import re
from dataclasses import dataclass
from uuid import UUID

from starlette.requests import Request

from server.database.actor import Actor
from server.database.errors import Refusal
from server.model import App
from server.query.caller import Caller
from server.query.memory import PlanMemory
from server.query.preference import Preference, read_preference

OBJECT = "application/vnd.pgrst.object+json"
MEDIA = {
    "*/*": "json",
    "application/*": "json",
    "application/json": "json",
    "application/vnd.pgrst.array+json": "json",
    OBJECT: "object",
    "text/csv": "csv",
    "text/html": "json",
    "text/*": "csv",
}
RANGE = re.compile(r"(?:items=)?(\d{1,18})-(\d{1,18})?")
TAG = re.compile(r'(?:W/)?"(\d{1,18})"')


@dataclass(frozen=True, slots=True)
class Visit:
    """A request of a caller."""

    request: Request
    caller: Caller
    preference: Preference
    plans: PlanMemory

    @property
    def query(self) -> bytes:
        return bytes(self.request.scope["query_string"])

    @property
    def record_id(self) -> UUID:
        """The id in the address; what is no id belongs to no record."""
        try:
            return UUID(self.request.path_params["id"])
        except ValueError:
            raise not_found(self.caller) from None

    @property
    def form(self) -> str:
        """The form of the answer: json, object or csv; the first acceptable one that we have."""
        header = self.request.headers.get("accept") or "*/*"
        for part in header.split(","):
            form = MEDIA.get(part.partition(";")[0].strip().lower())
            if form:
                return form
        raise Refusal(406, "PGRST107", "None of these media types are available: " + header)

    @property
    def range(self) -> tuple[int, int | None]:
        """The first row asked for by `Range`, and the last; other units than items are passed over."""
        if self.request.method not in ("GET", "HEAD"):
            return 0, None
        match = RANGE.fullmatch(self.request.headers.get("range", ""))
        if not match:
            return 0, None
        first, last = int(match[1]), int(match[2]) if match[2] else None
        if last is not None and last < first:
            raise Refusal(416, "PGRST103", "Requested range not satisfiable")
        return first, last


async def visit(request: Request) -> Visit:
    """The caller of a request; refused when there is no such app or entity, or no right on it."""
    state, names = request.app.state, request.path_params
    app, actor = enter(request)
    entity = app.entities_by_name.get(names["entity"])
    if entity is None:
        raise Refusal(404, "PGRST205", f"There is no {app.name}.{names['entity']}")
    rights = state.catalogue.known_rights(app, entity, actor.role)
    if rights is None:
        rights = await state.catalogue.load_rights(app, entity, actor.role)
    if rights.none:
        raise Refusal(403, "42501", f"You are not allowed to use {app.name}.{entity.name}")
    preference = read_preference(",".join(request.headers.getlist("prefer")))
    caller = Caller(state.pool, state.catalogue, actor, app, entity, rights, preference.time_zone)
    return Visit(request, caller, preference, state.plans)


def enter(request: Request) -> tuple[App, Actor]:
    """The app in the address and who asks; refused when there is none that the caller can use."""
    principal = request.scope["state"].get("principal")
    if principal is None:
        headers = {"WWW-Authenticate": 'Bearer realm="qryvanta"'}
        raise Refusal(401, "28000", "Sign in first: send a valid token", headers=headers)
    name = request.path_params["app"]
    app = request.app.state.catalogue.app(name)
    actor = principal.actor_for(name, "api", request.scope["state"]["request_id"]) if app else None
    if app is None or actor is None:
        raise Refusal(404, "PGRST125", f"There is no app {name}")
    return app, actor


def not_found(caller: Caller) -> Refusal:
    """No such record, or none that the caller can see."""
    message = f"There is no such record of {caller.app.name}.{caller.entity.name}"
    return Refusal(404, "P0002", message)


def versions(header: str | None) -> list[int] | None:
    """The versions that `If-Match` names; None when any will do."""
    if header is None or header.strip() == "*":
        return None
    return [int(tag) for tag in TAG.findall(header)]
