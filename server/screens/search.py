"""The search of a grid: words in the records and in the titles behind their lookups.

An entity with searchable fields has a function that finds words by an index (see `server.query.search`).
Where it says that there would be too many, going through the rows in order fills a page soon.
"""

from typing import Any

from server.model import Entity
from server.query.search import DOCUMENT, PART, unfinished
from server.screens.access import Access
from server.screens.listing import Listing, escaped


async def search(connection: Any, listing: Listing, text: str) -> None:
    """Keep the records with the words of `text`; of an entity without searchable fields, with the text."""
    access, entity = listing.access, listing.entity
    if not searches(access, entity):
        listing.search(text, access.fields(entity))
        return
    sources = [("id", entity), *lookups(access, entity)]
    calls = ", ".join(f"{function(access, target)}(u.words, null)" for _, target in sources)
    typed = unfinished(text)
    statement = f"select {calls} from (select {words_sql(access)} as words) u"
    found = tuple(await connection.fetchrow(statement, *typed))
    conditions = people_named(listing, text)
    words = words_sql(access, *map(listing.bind, typed)) if None in found else ""
    for (column, target), ids in zip(sources, found, strict=True):
        if ids is not None:
            conditions.append(f"t.{column} = any ({listing.bind(ids)}::uuid[])")
        elif target is entity and column == "id":
            conditions.append(f"t.{DOCUMENT} @@ {words}")
        else:
            conditions.append(
                f"exists (select from {access.table(target)} s"
                f" where s.tenant_id = $1 and s.id = t.{column} and s.{DOCUMENT} @@ {words})"
            )
    listing.where(f"({' or '.join(conditions)})")


async def narrow_parts(connection: Any, listing: Listing) -> None:
    """Where parts of words are indexed, keep to the records that an index finds for the filters."""
    access, entity = listing.access, listing.entity
    if entity.search is None or not searches(access, entity):
        return
    for field, text in listing.parts:
        if field.name in entity.search.fields and PART.search(text):
            ids = await connection.fetchval(
                f"select {function(access, entity)}(null, $1)", f"%{escaped(text)}%"
            )
            if ids is not None:
                listing.where(f"t.id = any ({listing.bind(ids)}::uuid[])")


def searches(access: Access, entity: Entity) -> bool:
    """Whether the reader may search: who may not read all that is searched would learn of it."""
    return entity.search is not None and DOCUMENT in access.rights[entity.name].readable


def function(access: Access, entity: Entity) -> str:
    assert entity.search
    return f"{access.app.name}.{entity.search.function}"


def words_sql(access: Access, whole: str = "$1", beginning: str = "$2") -> str:
    """A tsquery of two placeholders, for what `unfinished` makes of a text."""
    language = f"'{access.app.language or 'english'}'::regconfig"
    return f"(websearch_to_tsquery({language}, {whole}::text) && to_tsquery({language}, {beginning}::text))"


def lookups(access: Access, entity: Entity) -> list[tuple[str, Entity]]:
    """The columns that lead to records which the reader may search."""
    targets = [
        (each.column, access.target(each)) for field in access.fields(entity) for each in field.lookups
    ]
    return [(column, target) for column, target in targets if target and searches(access, target)]


def people_named(listing: Listing, text: str) -> list[str]:
    """Conditions for the people behind the user fields: they are few."""
    fields = [each for each in listing.access.fields(listing.entity) if each.type == "user"]
    if not fields:
        return []
    pattern = listing.bind(f"%{escaped(text)}%")
    return [
        f"t.{each.column} = any (array(select m.user_id from identity.member m"
        f" where m.tenant_id = $1 and m.name ilike {pattern}::text))"
        for each in fields
    ]
