"""/api/{app}/{entity}/{id}/{field}: the content of a file or image field."""

import json
import re
from email.message import Message
from urllib.parse import quote
from uuid import UUID

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse

from server.database.errors import Refusal
from server.model import Field
from server.model.media import SAFE_IMAGES
from server.query import change
from server.query.answer import fetch_record
from server.query.content import Stored, content, described, discard, receive
from server.query.parameters import read_parameters
from server.query.payload import read_payload
from server.query.read import record_plan
from server.query.scope import Scope
from server.query.shape import Level
from server.query.write import Target, update_plan, writable
from server.routes.records import refuse_unchanged
from server.routes.visit import Visit, not_found, versions, visit

NEW = "new"
METHODS = "OPTIONS,GET,HEAD,PUT,POST,DELETE"
RANGE = re.compile(r"bytes=(\d{0,18})-(\d{0,18})")
# Whatever it is, it is no page of ours: no script runs in it and nothing guesses what it might be.
HEADERS = {
    "Accept-Ranges": "bytes",
    "Cache-Control": "private, no-cache",
    # Compressed on the way, neither length nor ranges would be those of the file.
    "Content-Encoding": "identity",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
}


async def show(request: Request) -> Response:
    """GET, HEAD: the content to whoever may read the record and the field; else there is none."""
    here = await visit(request)
    field = _field(here)
    file = await _file_of(here, field)
    tag = f'"{file.sha256}"'
    headers = {**HEADERS, "ETag": tag, "Content-Disposition": _disposition(file)}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    first, last, status = _part(request, file, tag)
    if status == 206:
        headers["Content-Range"] = f"bytes {first}-{last}/{file.size}"
    headers["Content-Length"] = str(last + 1 - first)
    if request.method == "HEAD" or not file.size:
        return Response(status_code=status, headers=headers, media_type=file.type)
    return StreamingResponse(content(here.caller, file, first, last), status, headers, file.type)


async def replace(request: Request) -> Response:
    """PUT, POST: store the body and let the record refer to it.

    With the id `new` no record does yet: its id goes into the column of a record to be created.
    """
    here = await visit(request)
    field = _field(here)
    creates = request.path_params["id"] == NEW
    rights = here.caller.rights
    writable(_scope(here), field.column, rights.insertable if creates else rights.updatable)
    if not creates:
        await _reference(here, field)
    file = await receive(
        here.caller,
        field,
        _name(request),
        request.headers.get("content-type", ""),
        request.stream(),
        _length(request),
    )
    if not creates:
        try:
            await _refer(here, field, file.id)
        except Refusal:
            await discard(here.caller, file.id)
            raise
    told = {
        "id": str(file.id),
        "name": file.name,
        "type": file.type,
        "size": file.size,
        "sha256": file.sha256,
    }
    return JSONResponse(told, 201 if creates else 200, {"ETag": f'"{file.sha256}"'})


async def destroy(request: Request) -> Response:
    """DELETE: the record refers to no file any more; the content follows after a while."""
    here = await visit(request)
    field = _field(here)
    await _refer(here, field, None)
    return Response(status_code=204)


async def options(request: Request) -> Response:
    """OPTIONS: what can be done with the address."""
    _field(await visit(request))
    return Response(headers={"Allow": METHODS})


def _field(here: Visit) -> Field:
    """The file field of the address; one that the caller may not see is none."""
    caller, name = here.caller, here.request.path_params["field"]
    field = caller.entity.fields_by_name.get(name)
    rights = caller.rights
    if field is None or not field.is_file:
        raise Refusal(404, "42703", f"There is no file {caller.app.name}.{caller.entity.name}.{name}")
    if field.column not in rights.readable | rights.insertable | rights.updatable:
        raise Refusal(404, "42703", f"There is no file {caller.app.name}.{caller.entity.name}.{name}")
    return field


def _scope(here: Visit) -> Scope:
    return Scope(here.caller.reach, here.caller.entity, "t")


async def _reference(here: Visit, field: Field) -> UUID | None:
    """The id that the record holds; a 404 when the caller cannot see the record."""
    caller = here.caller
    shown = field.column if field.column in caller.rights.readable else "id"
    level = read_parameters([("select", shown)])
    plan = await caller.build(lambda: record_plan(caller.reach, caller.entity, level))
    found = await fetch_record(caller, plan, here.record_id)
    if found is None:
        raise not_found(caller)
    held = json.loads(found.body).get(field.column)
    return UUID(held) if held else None


async def _file_of(here: Visit, field: Field) -> Stored:
    held = await _reference(here, field)
    file = (await described(here.caller, [held])).get(held) if held else None
    if file is None or file.removed:
        raise Refusal(404, "P0002", f"{field.label} holds no file")
    return file


async def _refer(here: Visit, field: Field, file_id: UUID | None) -> None:
    """Write the reference as any other change of the record, with its version if one is named."""
    caller = here.caller
    payload = read_payload(json.dumps({field.column: file_id and str(file_id)}).encode(), "application/json")
    wanted = versions(here.request.headers.get("if-match"))
    target = Target(by_id=True, by_version=wanted is not None)
    values: list[UUID | list[int]] = [here.record_id, *([wanted] if wanted is not None else [])]
    plan = await caller.build(
        lambda: update_plan(caller.reach, caller.entity, Level(), payload.columns, target, answers=False)
    )

    async def chosen() -> list[str]:
        return [str(here.record_id)]

    changed = await change.update(
        caller, plan, payload, payload.columns, values, keep=True, most=None, chosen=chosen
    )
    if not changed.rows:
        await refuse_unchanged(here)


def _name(request: Request) -> str:
    """What the sender calls the file: `name` in the address, else the header `Content-Disposition`."""
    header = Message()
    # Headers are read as Latin-1; browsers and curl write UTF-8.
    stated = request.headers.get("content-disposition", "").encode("latin-1").decode("utf-8", "replace")
    header["Content-Disposition"] = stated
    return request.query_params.get("name") or header.get_filename() or ""


def _length(request: Request) -> int | None:
    stated = request.headers.get("content-length", "")
    return int(stated) if stated.isdecimal() and len(stated) < 19 else None


def _disposition(file: Stored) -> str:
    shown = "inline" if file.type in SAFE_IMAGES else "attachment"
    return f"{shown}; filename*=UTF-8''{quote(file.name, safe='')}"


def _part(request: Request, file: Stored, tag: str) -> tuple[int, int, int]:
    """First and last byte to send, and the status; one range is served, of several the whole file."""
    match = RANGE.fullmatch(request.headers.get("range", ""))
    if not match or match[0] == "bytes=-" or request.headers.get("if-range", tag) != tag:
        return 0, file.size - 1, 200
    if match[1]:
        first, last = int(match[1]), min(int(match[2] or file.size), file.size - 1)
    else:
        first, last = max(file.size - int(match[2]), 0), file.size - 1
    if first > last:
        headers = {"Content-Range": f"bytes */{file.size}"}
        raise Refusal(416, "PGRST103", "Requested range not satisfiable", headers=headers)
    return first, last, 206
