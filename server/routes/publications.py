"""POST /api/meta/apps/{app}/publish: a builder publishes the draft; a worker does it, we wait and tell."""

import asyncio
import json
from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import Fault, Refusal, refusal
from server.routes.models import JSON, answer, app, ask

LONGEST_WAIT = 25.0  # seconds until the answer is that it goes on
LOOK_SECONDS = 0.25
DONE = ("live", "failed", "superseded")

# What refuses a publication: the draft, other things in the way, or records.
STATUS = {"QP002": 409, "QP004": 422, "QP005": 409, "QP007": 409, "QP008": 422}


async def create(request: Request) -> Response:
    """Publish the draft, whole or not at all: 200 when it is live, 202 while it goes on.

    The body may say `reason` and `allow_data_loss`; `Prefer: respond-async` does not wait.
    """
    reason, allow_data_loss = await wishes(request)
    publication_id = await ask(
        request,
        "select api.request_publication($1, $2, $3, $4, $5)",
        app(request),
        reason,
        allow_data_loss,
        mode="read write",
    )
    waits = "respond-async" not in request.headers.get("prefer", "")
    found = await outcome(request, publication_id, LONGEST_WAIT if waits else 0)
    if found["state"] == "live":
        # Who asked may use it at once, before the notification comes.
        await request.app.state.catalogue.refresh()
        request.app.state.principals.clear()
    location = f"/api/meta/apps/{app(request)}/publications/{publication_id}"
    return Response(
        json.dumps(found),
        200 if found["state"] == "live" else 202,
        headers={"Location": location},
        media_type=JSON,
    )


async def show(request: Request) -> Response:
    """GET …/publications/{id}: how far it is, or what became of it."""
    return await answer(
        request, "select api.publication($1, $2, $3, $4)::text", app(request), identity(request)
    )


async def wishes(request: Request) -> tuple[str | None, bool]:
    """The reason, and whether data may be lost."""
    body = await request.body()
    try:
        given = json.loads(body) if body else {}
    except ValueError:
        raise Refusal(400, "22P02", "The body is not JSON") from None
    if not isinstance(given, dict) or given.keys() - {"reason", "allow_data_loss"}:
        raise Refusal(400, "22023", "The body may say reason and allow_data_loss, nothing else")
    reason, allow = given.get("reason"), given.get("allow_data_loss", False)
    if not isinstance(reason, str | None) or not isinstance(allow, bool):
        raise Refusal(400, "22023", "reason must be text, allow_data_loss true or false")
    return reason, allow


async def outcome(request: Request, publication_id: UUID, seconds: float) -> dict[str, Any]:
    """The publication when it has ended, or after so many seconds; raises Refusal with what refused it."""
    for _ in range(max(1, round(seconds / LOOK_SECONDS))):
        text = await ask(
            request, "select api.publication($1, $2, $3, $4)::text", app(request), publication_id
        )
        found: dict[str, Any] = json.loads(text)
        if found["state"] in DONE or not seconds:
            break
        await asyncio.sleep(LOOK_SECONDS)
    if found["state"] in ("failed", "superseded"):
        raise refused(found["fault"] or {"code": "QP007", "message": "Another draft took its place"})
    return found


def refused(fault: dict[str, Any]) -> Refusal:
    """The refusal that the worker met."""
    code = fault["code"] or "QP007"
    faults = []
    if code == "QP008":
        faults = [
            Fault(item["path"], item["rule"], f"{item['message']}: {item['broken']} records break this")
            for item in json.loads(fault["detail"])
        ]
    return Refusal(STATUS.get(code) or refusal(code)[0], code, fault["message"], faults)


def identity(request: Request) -> UUID:
    """The publication in the path; raises Refusal for what is none."""
    try:
        return UUID(request.path_params["publication"])
    except ValueError:
        raise Refusal(404, "P0002", "There is no such publication") from None
