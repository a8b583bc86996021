"""Answers of the record API."""

from collections.abc import Mapping

from starlette.responses import Response

from server.database.errors import Refusal
from server.query.answer import Page
from server.query.plan import Plan
from server.query.preference import Preference
from server.query.read import header
from server.routes.visit import OBJECT

CONTENT_TYPES = {
    "json": "application/json; charset=utf-8",
    "object": OBJECT + "; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
}


def answer(
    body: bytes,
    form: str,
    preference: Preference,
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """A response with its type and the preferences that were kept."""
    response = Response(body, status, headers=headers)
    if body or status == 200:
        response.headers["Content-Type"] = CONTENT_TYPES[form]
    if preference.applied:
        response.headers["Preference-Applied"] = ", ".join(preference.applied)
    return response


def listed(page: Page, form: str, plan: Plan, preference: Preference) -> Response:
    """A list, or its only record when the caller wants an object."""
    if page.total is not None and plan.offset > page.total:
        headers = {"Content-Range": f"*/{page.total}"}
        message = f"The offset {plan.offset} is beyond the {page.total} records"
        raise Refusal(416, "PGRST103", message, headers=headers)
    partial = page.total is not None and page.rows < page.total
    headers = {"Content-Range": content_range(page.rows, plan.offset, page.total)}
    return answer(
        formed(page.body, page.rows, form, plan.names), form, preference, 206 if partial else 200, headers
    )


def formed(body: str, rows: int, form: str, names: tuple[str, ...]) -> bytes:
    """The body in its form; as an object there must be exactly one record."""
    if form == "csv":
        return (header(list(names)) + body).encode()
    if form == "object":
        if rows != 1:
            raise Refusal(406, "PGRST116", f"Not one record but {rows} would be the answer")
        return body[1:-1].encode()
    return body.encode()


def content_range(rows: int, offset: int, total: int | None) -> str:
    """The header `Content-Range`."""
    of = "*" if total is None else str(total)
    return f"{offset}-{offset + rows - 1}/{of}" if rows else f"*/{of}"


def tag(version: str | None) -> dict[str, str]:
    """The header `ETag` of a version."""
    return {"ETag": f'"{version}"'} if version is not None else {}
