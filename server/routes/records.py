"""/api/{app}/{entity}: the records of an entity."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from starlette.requests import Request
from starlette.responses import Response

from server.database.errors import Refusal
from server.query import change
from server.query.answer import fetch_page, fetch_record
from server.query.parameters import read_parameters, split
from server.query.payload import Payload, read_payload
from server.query.plan import Plan
from server.query.projection import MOST_ROWS
from server.query.read import list_plan, record_plan
from server.query.shape import Level
from server.query.warning import WARNINGS, header
from server.query.write import Target, delete_plan, insert_plan, recycled_plan, update_plan
from server.routes.representation import answer, content_range, formed, listed, tag
from server.routes.visit import Visit, not_found, versions, visit

METHODS = "OPTIONS,GET,HEAD,POST,PATCH,DELETE"


async def index(request: Request) -> Response:
    """GET, HEAD: a list."""
    here = await visit(request)
    caller, count, form = here.caller, here.preference.count, here.form
    first, last = here.range

    def build() -> Plan:
        level = _within(read_parameters(split(here.query)), first, last)
        return list_plan(caller.reach, caller.entity, level, count, "csv" if form == "csv" else "json")

    asked = ("list", here.query, first, last, count, form == "csv")
    plan = await here.plans.plan(caller, asked, build)
    page = await fetch_page(caller, plan)
    return listed(page, form, plan, here.preference)


async def show(request: Request) -> Response:
    """GET, HEAD: a record."""
    here = await visit(request)
    caller = here.caller
    plan = await _record_plan(here, here.query)
    found = await fetch_record(caller, plan, here.record_id)
    if found is None:
        raise not_found(caller)
    headers = tag(found.version)
    if found.version is not None and headers["ETag"] in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    form = "object" if here.form == "object" else "json"
    return answer(found.body.encode(), form, here.preference, headers=headers)


async def create(request: Request) -> Response:
    """POST: a record, or an array of them; an upsert with `Prefer: resolution=`."""
    here = await visit(request)
    caller, preference = here.caller, here.preference
    payload = read_payload(await request.body(), request.headers.get("content-type", ""))
    parameters = split(here.query)
    columns = _columns(parameters, payload, preference.missing_default)
    conflict = _names(parameters, "on_conflict")
    level = _representation(here, parameters)
    plan = await caller.build(
        lambda: insert_plan(caller.reach, caller.entity, level, payload, columns, preference, conflict)
    )
    changed = await change.insert(caller, plan, payload, columns, keep=preference.keep)
    headers = {"Content-Range": content_range(0, 0, changed.rows if preference.count else None)}
    if changed.rows == 1 and changed.id and payload.single:
        headers |= tag(changed.version)
        headers["Location"] = f"/api/{caller.app.name}/{caller.entity.name}/{changed.id}"
    return _changed_answer(here, changed, plan, 201, headers)


async def update(request: Request) -> Response:
    """PATCH: the records that the filters choose, or the one of the address."""
    here = await visit(request)
    caller, preference = here.caller, here.preference
    payload = read_payload(await request.body(), request.headers.get("content-type", ""))
    if payload.count != 1:
        raise Refusal(400, "PGRST102", "The body must be one JSON object")
    parameters = split(here.query)
    columns = _columns(parameters, payload, False)
    level = _chosen(here, parameters)
    level.opens_bin = "deleted_at" in columns
    if payload.records[0].get("deleted_at") is not None and level.opens_bin:
        raise Refusal(400, "428C9", "deleted_at can only be cleared; to delete a record send DELETE")
    if not columns:
        return await _unchanged(here)
    target, values = _target(here)
    answers = _representation(here, parameters) is not None
    plan = await caller.build(
        lambda: update_plan(caller.reach, caller.entity, level, columns, target, answers=answers)
    )
    changed = await change.update(
        caller,
        plan,
        payload,
        columns,
        values,
        keep=preference.keep,
        most=preference.most_affected,
        chosen=lambda: _chosen_ids(here, level),
    )
    return await _written(here, changed, plan)


async def destroy(request: Request) -> Response:
    """DELETE: the records that the filters choose, or the one of the address."""
    here = await visit(request)
    caller, preference = here.caller, here.preference
    parameters = split(here.query)
    level = _chosen(here, parameters)
    target, values = _target(here)
    answers = _representation(here, parameters) is not None
    reach, entity = caller.reach, caller.entity
    plan = await caller.build(lambda: delete_plan(reach, entity, level, target, answers=answers))
    recycled = None
    if entity.recycle:
        recycled = await caller.build(lambda: recycled_plan(reach, entity, level, answers=answers))
    changed = await change.delete(
        caller, plan, recycled, values, keep=preference.keep, most=preference.most_affected
    )
    return await _written(here, changed, plan)


async def options(request: Request) -> Response:
    """OPTIONS: what can be done with the address."""
    await visit(request)
    return Response(headers={"Allow": METHODS})


# What is refused for want of a name may have been published a moment ago.
STALE = frozenset({"42P01", "42703", "42704", "PGRST125", "PGRST200", "PGRST205"})
Handler = Callable[[Request], Awaitable[Response]]


def fresh(handler: Handler) -> Handler:
    """The handler, tried again with the model of now when a name was not found in that of before."""

    async def handle(request: Request) -> Response:
        catalogue = request.app.state.catalogue
        before = catalogue.apps
        try:
            return await handler(request)
        except Refusal as refusal:
            if refusal.code in STALE:
                await catalogue.refresh()
            # Whoever refreshed it: what this request was built of is out of date.
            if refusal.code in STALE and catalogue.apps is not before:
                return await handler(request)
            raise

    return handle


def _within(level: Level, first: int, last: int | None) -> Level:
    """The level restricted to the rows of the header `Range`."""
    limit = level.limit if level.limit is None else max(level.limit - first, 0)
    if last is not None:
        limit = min(last - first + 1, MOST_ROWS if limit is None else limit)
    return replace(level, offset=level.offset + first, limit=limit)


async def _record_plan(here: Visit, query: bytes) -> Plan:
    caller = here.caller
    return await here.plans.plan(
        caller,
        ("record", query),
        lambda: record_plan(caller.reach, caller.entity, read_parameters(split(query))),
    )


def _columns(parameters: list[tuple[str, str]], payload: Payload, missing_default: bool) -> tuple[str, ...]:
    """The columns to write: those of `columns`, else the keys of the records."""
    named = _names(parameters, "columns")
    if named is not None:
        return tuple(dict.fromkeys(named))
    if not payload.same and not missing_default:
        raise Refusal(400, "PGRST102", "All object keys must match")
    return payload.columns


def _names(parameters: list[tuple[str, str]], name: str) -> list[str] | None:
    for key, value in parameters:
        if key == name:
            return [each.strip().strip('"') for each in value.split(",") if each.strip()]
    return None


def _representation(here: Visit, parameters: list[tuple[str, str]]) -> Level | None:
    """What the answer shall show of the written records; None for nothing."""
    if here.preference.answer != "representation":
        return None
    return read_parameters([pair for pair in parameters if pair[0] in ("select", "order")])


def _chosen(here: Visit, parameters: list[tuple[str, str]]) -> Level:
    """The records to write. A collection as a whole is refused: nobody means it."""
    level = read_parameters(parameters)
    if "id" not in here.request.path_params:
        limited = level.limit is not None or here.preference.most_affected is not None
        inner = any(each.inner for each in level.embeds)
        if not (level.conditions or limited or inner):
            raise Refusal(400, "21000", "Without a filter this would change all records; add one")
        if "if-match" in here.request.headers:
            raise Refusal(400, "PGRST100", "If-Match needs the address of one record")
    return level


def _target(here: Visit) -> tuple[Target, list[UUID | list[int]]]:
    if "id" not in here.request.path_params:
        return Target(), []
    wanted = versions(here.request.headers.get("if-match"))
    if wanted is None:
        return Target(by_id=True), [here.record_id]
    return Target(by_id=True, by_version=True), [here.record_id, wanted]


async def _chosen_ids(here: Visit, level: Level) -> list[str]:
    if "id" in here.request.path_params:
        return [str(here.record_id)]
    caller = here.caller
    ids = replace(level, selected=[*read_parameters([("select", "id")]).selected])
    plan = await caller.build(lambda: list_plan(caller.reach, caller.entity, ids, None, "csv"))
    return (await fetch_page(caller, plan)).body.split()


async def _written(here: Visit, changed: change.Changed, plan: Plan) -> Response:
    """The answer to a change; when none was made to the record of the address, why."""
    single = "id" in here.request.path_params
    if single and not changed.rows:
        await refuse_unchanged(here)
    total = changed.rows if here.preference.count else None
    headers = {"Content-Range": content_range(changed.rows, 0, total)}
    if single:
        headers = tag(changed.version) if here.request.method == "PATCH" else {}
    return _changed_answer(here, changed, plan, 204, headers, single=single)


async def refuse_unchanged(here: Visit) -> None:
    """Raise why a change met no record: it is not there, not as it was, or not the caller's to change."""
    caller = here.caller
    plan = await _record_plan(here, b"")
    found = await fetch_record(caller, plan, here.record_id)
    if found is None:
        raise not_found(caller)
    wanted = versions(here.request.headers.get("if-match"))
    if wanted is not None and found.version is not None and int(found.version) not in wanted:
        raise Stale(found.body, found.version)
    message = f"You are not allowed to change this record of {caller.app.name}.{caller.entity.name}"
    raise Refusal(403, "42501", message)


async def _unchanged(here: Visit) -> Response:
    """The answer to a change of nothing."""
    if "id" not in here.request.path_params:
        body = b"[]" if here.preference.answer == "representation" else b""
        return answer(body, "json", here.preference, 200 if body else 204, {"Content-Range": "*/*"})
    found = await fetch_record(here.caller, await _record_plan(here, b""), here.record_id)
    if found is None:
        raise not_found(here.caller)
    wanted = versions(here.request.headers.get("if-match"))
    if wanted is not None and found.version is not None and int(found.version) not in wanted:
        raise Stale(found.body, found.version)
    body = found.body.encode() if here.preference.answer == "representation" else b""
    return answer(body, "json", here.preference, 200 if body else 204, tag(found.version))


def _changed_answer(
    here: Visit,
    changed: change.Changed,
    plan: Plan,
    status: int,
    headers: dict[str, str],
    *,
    single: bool = False,
) -> Response:
    if changed.warned:
        headers = {**headers, WARNINGS: header(changed.warned)}
    if changed.body is None:
        return answer(b"", "json", here.preference, status, headers)
    form = here.form
    body = formed(changed.body, changed.rows, form, plan.names)
    if single and form == "json":
        # The address names one record, so the answer is one.
        body = body[1:-1]
    return answer(body, form, here.preference, 201 if status == 201 else 200, headers)


class Stale(Refusal):
    """Somebody else saved first; the answer carries the record as it is now."""

    def __init__(self, record: str, version: str) -> None:
        message = "The record was changed by somebody else; here is its current state"
        super().__init__(412, "QA412", message, headers=tag(version))
        self.record = record

    def body(self) -> bytes:
        return super().body()[:-1] + b', "current": ' + self.record.encode() + b"}"
