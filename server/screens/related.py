"""What belongs to a record: its children, and the other ends of many-to-many relations."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import quote
from uuid import UUID

from starlette.exceptions import HTTPException

from server.model import Entity, Field
from server.screens import references
from server.screens.form import Input
from server.screens.listing import Listing
from server.screens.page import Cursors, Page, fetch_page
from server.screens.view import View
from server.screens.visit import Visit
from server.screens.words import noun, title_field, title_fields

ROWS = 10
COLUMNS = 6
COUNTED = 1000


@dataclass(frozen=True)
class Section:
    """One sub-grid on the page of a record.

    `far` is set for a many-to-many relation: the lookup to its other end.
    """

    name: str
    label: str
    entity: Entity
    field: Field
    far: Field | None
    columns: list[Field]
    page: Page
    path: str
    link: Input | None
    title_field: Field
    removable: bool
    grid: str
    new: str

    @property
    def identifier(self) -> str:
        """The id of the section in the page."""
        return f"related-{self.name.replace('.', '-')}"

    def address(self, word: str, cursor: str) -> str:
        """The address of the record with this section at another page; empty without a cursor."""
        if not cursor:
            return ""
        return f"{self.path}?section={self.name}&{word}={quote(cursor)}#{self.identifier}"

    @property
    def count(self) -> str:
        return f"{self.page.last}+" if self.page.next else str(self.page.last)


async def sections(connection: Any, here: Visit, entity: Entity, record: dict[str, Any]) -> list[Section]:
    """All sub-grids of the record; the page of one of them may be in the address."""
    return [await load(connection, here, entity, record, *pair) for pair in children(here, entity)]


async def section(connection: Any, here: Visit, entity: Entity, record: dict[str, Any], name: str) -> Section:
    """One sub-grid by name."""
    for child, field in children(here, entity):
        if name == f"{child.name}.{field.name}":
            return await load(connection, here, entity, record, child, field)
    raise HTTPException(404)


def children(here: Visit, entity: Entity) -> list[tuple[Entity, Field]]:
    """The readable lookups that lead to this entity, with the entity they belong to."""
    return [
        (child, lookup)
        for child in here.app.entities
        for field in here.access.fields(child)
        for lookup in field.lookups
        if lookup.entity == entity.name
    ]


async def load(
    connection: Any, here: Visit, entity: Entity, record: dict[str, Any], child: Entity, field: Field
) -> Section:
    far = far_end(child, field)
    columns = shown(here, child, field, far)
    listing = Listing(here.access, child)
    listing.where(f"t.{field.column} = {listing.bind(record['id'])}")
    if child.recycle:
        listing.where("t.deleted_at is null")
    name = f"{child.name}.{field.name}"
    path = here.address(entity, record["id"])
    query = here.request.query_params if here.request.query_params.get("section") == name else {}
    view = View(f"{path}#{name}", after=query.get("after", ""), before=query.get("before", ""))
    selected = ["t.id", "t.version", f"{listing.own_title(field)} as title", *listing.selected(columns)]
    page = await fetch_page(connection, listing, view, selected, Cursors(here.secret, view), ROWS)
    whole = next(each for each in child.fields if field in each.lookups)
    value = f"{entity.name}:{record['id']}" if whole.entities else record["id"]
    link = None
    if far and here.access.creates(child) and here.access.target(far):
        link = Input(far, None, True)
        await references.offer(connection, here.access, [link])
    return Section(
        name,
        label(here, child, field, far),
        child,
        field,
        far,
        columns,
        page,
        path,
        link,
        title_field(child, field),
        far is not None and here.access.deletes(child),
        f"{here.address(child)}?filter={whole.name}.is.{value}",
        f"{here.address(child, 'new')}?{whole.name}={value}",
    )


async def dependants(connection: Any, here: Visit, entity: Entity, keys: list[UUID]) -> list[tuple[str, str]]:
    """What a delete for good takes with it: (how many, of what), counted up to a limit."""
    found = []
    for child, field in children(here, entity):
        if field.on_delete == "cascade":
            where = f"where t.tenant_id = $1 and t.{field.column} = any ($2)"
            rows = f"select from {here.access.table(child)} t {where}"
            count = await connection.fetchval(
                f"select count(*) from ({rows} limit {COUNTED + 1}) r", here.access.tenant_id, keys
            )
            if count:
                number = f"{COUNTED}+" if count > COUNTED else str(count)
                found.append((number, noun(child.label if count == 1 else child.plural)))
    return found


def far_end(child: Entity, field: Field) -> Field | None:
    """The other lookup of a many-to-many relation."""
    if not child.relation:
        return None
    return next((each for each in child.fields if each.type == "lookup" and each is not field), None)


def shown(here: Visit, child: Entity, field: Field, far: Field | None) -> list[Field]:
    """The columns of a sub-grid: not the lookup that leads back, nor what names the record already."""
    hidden = [] if far else title_fields(child, field)
    return [
        each
        for each in here.access.fields(child)
        if each not in hidden
        and field not in each.lookups
        and each.name != child.title
        and not each.multiline
        and each.type != "richtext"
    ][:COLUMNS]


def label(here: Visit, child: Entity, field: Field, far: Field | None) -> str:
    """What the section is called: the other ends of a relation, or the children."""
    if far:
        target = here.app.entities_by_name[far.entity or ""]
        return target.plural if target.name != field.entity else f"{target.plural} · {far.label}"
    several = [each for lookup in child.fields for each in lookup.lookups if each.entity == field.entity]
    return (
        f"{child.plural} · {field.label}" if len(several) > 1 or child.name == field.entity else child.plural
    )
