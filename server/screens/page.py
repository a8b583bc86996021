"""Paging by key: the next page begins after the last row seen, whatever was inserted meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from itsdangerous import BadSignature, URLSafeSerializer

from server.screens.listing import Listing
from server.screens.view import PAGE_SIZE, View


@dataclass(frozen=True)
class Cursor:
    """A place between two rows: the key values of the row before it, as text, and how many precede."""

    values: tuple[str | None, ...]
    position: int


class Cursors:
    """Writes and reads the cursors of one view; one of another view, or a forged one, is no cursor."""

    def __init__(self, secret: str, view: View) -> None:
        words = [view.path, view.search, str(view.deleted), *map(str, view.order), *map(str, view.filters)]
        self.view = sha256("\0".join(words).encode()).hexdigest()[:16]
        self.serializer = URLSafeSerializer(secret, salt="cursor")

    def write(self, cursor: Cursor) -> str:
        return str(self.serializer.dumps([self.view, cursor.position, *cursor.values]))

    def read(self, text: str, length: int) -> Cursor | None:
        """The cursor in `text` if it is one of this view with `length` key values, else None."""
        try:
            view, position, *values = self.serializer.loads(text)
        except (BadSignature, ValueError, TypeError):
            return None
        return Cursor(tuple(values), position) if view == self.view and len(values) == length else None


Key = tuple[str, str, bool, bool]


def order_by(keys: Sequence[Key], backwards: bool) -> str:
    """The ORDER BY of the keys; empty values come last, first when descending, as an index has them."""
    return "order by " + ", ".join(
        f"{expression} {'desc' if descending != backwards else 'asc'}"
        for expression, _, descending, _ in keys
    )


def beyond(listing: Listing, keys: Sequence[Key], cursor: Cursor, backwards: bool) -> str:
    """The condition for rows after the cursor, or before it when going backwards."""
    bound = [
        None if value is None else listing.bind(value, sql_type)
        for value, (_, sql_type, _, _) in zip(cursor.values, keys, strict=True)
    ]
    directions = {descending for _, _, descending, _ in keys}
    if len(directions) == 1 and not any(nullable for *_, nullable in keys):
        # One row comparison is one range of an index.
        sign = "<" if directions.pop() != backwards else ">"
        left = ", ".join(expression for expression, *_ in keys)
        return f"{leading(keys, bound, backwards)}({left}) {sign} ({', '.join(filter(None, bound))})"
    alternatives = []
    for position, (expression, _, descending, nullable) in enumerate(keys):
        step = past(expression, bound[position], descending != backwards, nullable)
        if step:
            same = [same_as(keys[each][0], bound[each]) for each in range(position)]
            alternatives.append("(" + " and ".join([*same, step]) + ")")
    return leading(keys, bound, backwards) + "(" + " or ".join(alternatives) + ")"


def leading(keys: Sequence[Key], bound: Sequence[str | None], backwards: bool) -> str:
    """What follows for the first key alone: a range of its index, where the whole condition is none."""
    expression, _, descending, nullable = keys[0]
    descends, value = descending != backwards, bound[0]
    # Going up, the empty ones are still to come.
    if value is None or (nullable and not descends):
        return ""
    return f"{expression} {'<=' if descends else '>='} {value} and "


def past(expression: str, value: str | None, descending: bool, nullable: bool) -> str | None:
    """`expression` lies strictly past `value`; None when nothing can. Empty counts as the greatest."""
    if value is None:
        return f"{expression} is not null" if descending else None
    if descending:
        return f"{expression} < {value}"
    return f"({expression} > {value} or {expression} is null)" if nullable else f"{expression} > {value}"


def same_as(expression: str, value: str | None) -> str:
    return f"{expression} is null" if value is None else f"{expression} = {value}"


@dataclass(frozen=True)
class Page:
    """The rows of one page, its place and the cursors beside it."""

    rows: list[dict[str, Any]]
    position: int
    previous: str
    next: str

    @property
    def first(self) -> int:
        return self.position + 1

    @property
    def last(self) -> int:
        return self.position + len(self.rows)


async def fetch_page(
    connection: Any,
    listing: Listing,
    view: View,
    selected: Sequence[str],
    cursors: Cursors,
    size: int = PAGE_SIZE,
) -> Page:
    """Fetch the page that `view` asks for; a cursor that is none of this view gives the first page."""
    keys = listing.sort_keys(view.order)
    backwards = bool(view.before)
    cursor = cursors.read(view.before or view.after, len(keys)) if view.before or view.after else None
    backwards = backwards and cursor is not None
    if cursor:
        listing.where(beyond(listing, keys, cursor, backwards))
    columns = [*selected, *(f"{each[0]}::text as key_{number}" for number, each in enumerate(keys))]
    # One row more than shown tells whether there is a further page.
    tail = f"{order_by(keys, backwards)} limit {size + 1}"
    rows = [dict(row) for row in await connection.fetch(listing.statement(columns, tail), *listing.arguments)]
    more = len(rows) > size
    rows = rows[:size][::-1] if backwards else rows[:size]
    return placed(rows, len(keys), cursor, backwards, more, cursors)


def placed(
    rows: list[dict[str, Any]],
    keys: int,
    cursor: Cursor | None,
    backwards: bool,
    more: bool,
    cursors: Cursors,
) -> Page:
    start = cursor.position if cursor else 0
    position = max(start - 1 - len(rows), 0) if backwards else start

    def at(row: dict[str, Any], place: int) -> str:
        return cursors.write(Cursor(tuple(row[f"key_{number}"] for number in range(keys)), place))

    earlier = more if backwards else cursor is not None
    later = True if backwards else more
    return Page(
        rows,
        position,
        previous=at(rows[0], position + 1) if rows and earlier else "",
        next=at(rows[-1], position + len(rows)) if rows and later else "",
    )
