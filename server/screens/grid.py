"""The grid of an entity: one page of records, filtered, searched and ordered by the server."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from asyncpg.exceptions import QueryCanceledError
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from server.database.session import transaction
from server.model import Entity, Field
from server.screens import editor
from server.screens.access import Access
from server.screens.chips import Chip, chips
from server.screens.listing import Listing
from server.screens.page import Cursors, Page, fetch_page
from server.screens.search import narrow_parts, search
from server.screens.values import Unreadable
from server.screens.view import View
from server.screens.visit import Visit, visit
from server.screens.words import title_field, title_fields

COUNT_LIMIT = 1000
COUNT_MILLISECONDS = 300
SHOWN_AT_FIRST = 7
WIDTHS = {
    "lookup": 200,
    "user": 180,
    "text": 190,
    "choice": 140,
    "multichoice": 200,
    "boolean": 120,
    "date": 130,
    "timestamp": 170,
}
SHORT = {"integer", "bigint", "autonumber", "date"}
SHORT_LENGTH = 10
CARD_STATUS = ("choice", "lookup", "user", "text")
CARD_SIDE = ("date", "timestamp", "choice", "text")
CARD_OWNER = ("money", "decimal", "integer", "user", "boolean")
# Long or structured values say little in a cell; they can be chosen as columns.
NOT_AT_FIRST = {"json", "richtext", "uuid"}


async def index(request: Request) -> Response:
    """Show the grid; an added filter is first written into the address."""
    here = await visit(request)
    entity = here.entity(request.path_params["entity"])
    view = View.parse(request.url.path, request.query_params)
    added = editor.added(request.query_params)
    if added:
        return RedirectResponse(view.address(filters=(*view.filters, added)), status_code=303)
    grid = await load(here, entity, view)
    return here.page("grid/index.html", grid.status, entity=entity, view=view, grid=grid)


@dataclass(frozen=True)
class Grid:
    """All that the page of a grid shows."""

    columns: list[Field]
    hidden: list[Field]
    page: Page
    count: str
    chips: list[Chip]
    problem: str
    editor: editor.Editor | None
    filterable: list[Field]
    title_field: Field
    title_is_short: bool
    selectable: bool

    def width(self, field: Field) -> int:
        """The width of a column in pixels."""
        return WIDTHS.get(field.type, 160)

    @property
    def title_width(self) -> int:
        """The width of the column of titles: numbers and codes are short."""
        return 130 if self.title_is_short else 240

    def place(self, position: int) -> str:
        """Where a column stands in the card that a row becomes on a narrow screen."""
        return self.places.get(self.columns[position].name, "")

    @cached_property
    def places(self) -> dict[str, str]:
        """The three columns of such a card: a lookup or choice, a day, an amount."""
        wanted = {"status": CARD_STATUS, "side": CARD_SIDE, "owner": CARD_OWNER}
        found: dict[str, str] = {}
        for place, types in wanted.items():
            for field in self.columns:
                if field.type in types and field.name not in found:
                    found[field.name] = place
                    break
        return found

    @property
    def row_count(self) -> int:
        """The number of rows for a screen reader, the head included; -1 when it is not known."""
        return -1 if self.count.endswith("+") else int(self.count.replace(",", "")) + 1

    @property
    def status(self) -> int:
        return 422 if self.problem else 200


async def load(here: Visit, entity: Entity, view: View) -> Grid:
    columns = shown(here.access, entity, view)
    listing = Listing(here.access, entity)
    async with transaction(
        here.pool, here.actor(view.deleted), "read only", custom_plans=bool(view.filters or view.search)
    ) as connection:
        problem = await narrow(connection, listing, view)
        selected = ["t.id", "t.version", f"{listing.own_title()} as title", *listing.selected(columns)]
        narrowed = len(listing.conditions), len(listing.arguments)
        page = await fetch_page(connection, listing, view, selected, Cursors(here.secret, view))
        form = await editor.offered(connection, here.access, entity, here.request.query_params)
        shown_chips = await chips(connection, here.access, entity, view)
        del listing.conditions[narrowed[0] :], listing.arguments[narrowed[1] :]
        count = await counted(connection, listing, page)
    fields = here.access.fields(entity)
    return Grid(
        columns,
        [each for each in fields if each not in columns],
        page,
        count,
        shown_chips,
        problem,
        form,
        [each for each in fields if each.type not in editor.STRUCTURED],
        title_field(entity),
        has_short_title(entity),
        here.access.deletes(entity),
    )


def shown(access: Access, entity: Entity, view: View) -> list[Field]:
    """The columns beside the record's title: those of the view, else the first useful ones."""
    fields = [each for each in access.fields(entity) if each.name != entity.title]
    if view.columns:
        chosen = {each.name: each for each in fields}
        return [chosen[name] for name in view.columns if name in chosen]
    naming = title_fields(entity)
    useful = [
        each for each in fields if each.type not in NOT_AT_FIRST and not each.multiline and each not in naming
    ]
    return useful[:SHOWN_AT_FIRST]


def has_short_title(entity: Entity) -> bool:
    """Whether records are called by a number or a code."""
    field = entity.fields_by_name.get(entity.title or "")
    return field is not None and (field.type in SHORT or bool(field.length and field.length <= SHORT_LENGTH))


async def narrow(connection: Any, listing: Listing, view: View) -> str:
    """Add the conditions of the view; returns what was wrong with them, for the person."""
    if view.deleted:
        listing.where("t.deleted_at is not null")
    if view.search:
        await search(connection, listing, view.search)
    problems = []
    for chosen in view.filters:
        try:
            listing.filter(chosen)
        except Unreadable as error:
            problems.append(str(error))
    if problems:
        # A filter that cannot be understood must not show more than was asked for.
        listing.where("false")
    await narrow_parts(connection, listing)
    return " ".join(problems)


async def counted(connection: Any, listing: Listing, page: Page) -> str:
    """How many records match: exact up to a limit, and never longer than people wait."""
    if not page.next and (page.rows or not page.position):
        return f"{page.last if page.rows else 0:,}"
    await connection.execute(f"set local statement_timeout = {COUNT_MILLISECONDS}")
    rows = listing.statement(["1"], f"limit {COUNT_LIMIT + 1}")
    try:
        count = await connection.fetchval(f"select count(*) from ({rows}) r", *listing.arguments)
    except QueryCanceledError:
        return f"{page.last:,}+"
    return f"{COUNT_LIMIT:,}+" if count > COUNT_LIMIT else f"{count:,}"
