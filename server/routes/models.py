"""/api/meta/apps: the models of a tenant, for its builders. The database looks up who they are."""

import json
from typing import Any

from asyncpg import PostgresError
from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import Fault, Refusal
from server.database.session import Mode, gateway
from server.identity.principal import Principal
from server.manifest import Manifest, ManifestError, Problem, load, problems, to_json, with_sql
from server.manifest.canonical import canonical

JSON = "application/json; charset=utf-8"
DRAFT = "draft"


async def index(request: Request) -> Response:
    """GET: the apps that the tenant owns."""
    return await answer(request, "select api.draft_apps($1, $2)::text")


async def show(request: Request) -> Response:
    """GET …/manifest: the draft in its canonical form, or the version of `?version=`."""
    text = await ask(
        request, "select api.draft_manifest($1, $2, $3, $4)::text", app(request), number(request, "version")
    )
    return Response(to_json(load(canonical(load(text.encode()).data).encode()).data), media_type=JSON)


async def plan(request: Request) -> Response:
    """GET …/plan: the steps that publishing the draft would run, and what it would break."""
    return await answer(request, "select api.draft_plan($1, $2, $3)::text", app(request))


async def preflight(request: Request) -> Response:
    """GET …/preflight: the caller's records that break the draft, and what can be done about them."""
    return await answer(request, "select api.draft_preflight($1, $2, $3)::text", app(request))


async def versions(request: Request) -> Response:
    """GET …/versions: what was published, the newest first."""
    return await answer(request, "select api.draft_versions($1, $2, $3)::text", app(request))


async def difference(request: Request) -> Response:
    """GET …/diff: from `?from=` (the version in force) to `?to=` (the draft)."""
    old, new = number(request, "from"), number(request, "to")
    statement = "select api.draft_difference($1, $2, $3, $4, $5)::text"
    return await answer(request, statement, app(request), old, new)


async def update(request: Request) -> Response:
    """PUT …/manifest: replaces the draft (204) or starts an app (201); every mistake with its path (422)."""
    try:
        manifest = load(await request.body())
        found = problems(manifest)
        if not found:
            found = await meant(request, manifest)
        if found:
            raise ManifestError(found)
    except ManifestError as error:
        raise refused(error.problems) from None
    statement = "select api.replace_draft($1, $2, $3, $4::jsonb)"
    is_new = await ask(request, statement, app(request), to_json(with_sql(manifest)), mode="read write")
    return Response(status_code=201 if is_new else 204)


async def meant(request: Request, manifest: Manifest) -> list[Problem]:
    """What is wrong with a manifest of the right shape."""
    text = await ask(request, "select api.draft_problems($1, $2, $3::jsonb)::text", to_json(manifest.data))
    return [Problem(row["path"], row["message"]) for row in json.loads(text)]


def refused(found: tuple[Problem, ...]) -> Refusal:
    faults = [Fault(problem.path or None, "manifest", problem.message) for problem in found]
    return Refusal(422, "QP004", "The manifest has mistakes", faults)


def app(request: Request) -> str:
    return str(request.path_params["app"])


def number(request: Request, name: str) -> int | None:
    """A version in the query; None when it is left out or `draft`."""
    given = request.query_params.get(name, DRAFT)
    if given == DRAFT:
        return None
    if not given.isdecimal() or len(given) > 9:
        raise Refusal(400, "22023", f"{name} must be the number of a version, or {DRAFT}")
    return int(given)


async def answer(request: Request, statement: str, *arguments: Any) -> Response:
    return Response(await ask(request, statement, *arguments), media_type=JSON)


async def ask(request: Request, statement: str, *arguments: Any, mode: Mode = "read only") -> Any:
    """What a function of schema api says to the caller; raises Refusal with its own words."""
    principal: Principal | None = request.state.principal
    if principal is None or not principal.has("builder"):
        raise Refusal(403, "42501", "Only an owner or builder of the tenant sees its models")
    try:
        async with gateway(request.app.state.pool, mode) as connection:
            return await connection.fetchval(statement, principal.tenant_id, principal.user_id, *arguments)
    except PostgresError as error:
        status = {"P0002": 404, "42501": 403, "22023": 400}.get(error.sqlstate or "")
        if status is None:
            raise
        raise Refusal(status, error.sqlstate or "", str(error)) from error
