"""Search: words are found by an index, in the own tenant, by who may read all that is searched."""

from typing import Any
from uuid import UUID

import asyncpg
import pytest

from server.manifest import ManifestError
from tests.acting import acting
from tests.publishing import Connection, app, entity, field, publish, tenant

LIBRARY = app(
    "library",
    entity(
        "book",
        field("number", "integer"),
        field("name", required=True),
        field("summary", searchable=True, multiline=True),
        field("shelf", searchable=True),
        field("price", "decimal"),
        field("note", sensitive=True),
        title="name",
    ),
    entity("room", field("name")),
    roles=[
        {"name": "librarian", "grants": [{"entity": "book", "read": "tenant", "create": True}]},
        {"name": "visitor", "grants": [{"entity": "book", "read": "tenant", "fields": {"shelf": "none"}}]},
        {"name": "stranger", "grants": [{"entity": "room", "read": "tenant"}]},
    ],
)
OWNER = "library__owner"


@pytest.fixture
async def demo(connection: Connection) -> UUID:
    await publish(connection, LIBRARY)
    return await tenant(connection)


async def add(connection: Connection, tenant_id: UUID, **book: Any) -> UUID:
    values = {"name": "A book", "summary": None, "shelf": None, **book}
    async with acting(connection, OWNER, tenant_id):
        found: UUID = await connection.fetchval(
            "insert into library.book (name, summary, shelf) values ($1, $2, $3) returning id",
            values["name"],
            values["summary"],
            values["shelf"],
        )
    return found


async def search(connection: Connection, tenant_id: UUID, words: str, role: str = OWNER) -> list[UUID] | None:
    async with acting(connection, role, tenant_id):
        found: list[UUID] | None = await connection.fetchval(
            "select library.book_search(to_tsquery('english', $1), null)", words
        )
    return found


async def test_words_are_found_in_title_and_searchable_fields_whatever_their_form(
    connection: Connection, demo: UUID
) -> None:
    whale = await add(connection, demo, name="The whales", summary="Hunting a white one", shelf="B7")
    await add(connection, demo, name="Nothing")

    for words in ("whale", "hunted & white", "b7", "hun:*"):
        assert await search(connection, demo, words) == [whale], words
    assert await search(connection, demo, "whale & nothing") == []


async def test_a_tenant_finds_its_own_records_only(connection: Connection, demo: UUID) -> None:
    other = await tenant(connection, "other")
    await add(connection, demo, name="Whales")

    assert await search(connection, other, "whale") == []
    assert await search(connection, other, f"'tenant:{demo}':* | whale") == []
    async with acting(connection, OWNER, None):
        assert not await connection.fetchval(
            "select library.book_search(to_tsquery('english', 'whale'), null)"
        )


async def test_the_index_is_read_although_rows_are_guarded(connection: Connection, demo: UUID) -> None:
    async with acting(connection, OWNER, demo):
        await connection.execute(
            "insert into library.book (name) select 'Book ' || n from generate_series(1, 20000) n"
        )
    await connection.execute("vacuum analyze library.book")

    async def scans() -> int:
        await connection.execute("select pg_stat_force_next_flush()")
        found: int = await connection.fetchval(
            "select idx_scan from pg_stat_user_indexes where indexrelname = 'book_search_document_idx'"
        )
        return found

    before = await scans()
    found = await search(connection, demo, "19999")

    assert found is not None
    assert len(found) == 1
    assert await scans() == before + 1


async def test_of_a_frequent_word_the_function_says_so(connection: Connection, demo: UUID) -> None:
    for number in range(20):
        await add(connection, demo, name=f"Book {number}")

    assert await search(connection, demo, "book") is None
    assert await search(connection, demo, "the") is None
    assert len(await search(connection, demo, "7") or []) == 1


async def test_who_may_not_read_all_that_is_searched_may_not_search(
    connection: Connection, demo: UUID
) -> None:
    await add(connection, demo, shelf="B7")

    assert await search(connection, demo, "b7", "library_librarian") != []
    for role in ("library_visitor", "library_stranger", "bi_library_librarian", "bi_library__owner"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await search(connection, demo, "b7", role)
    async with acting(connection, "library_visitor", demo):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.fetch("select search_document from library.book")


async def test_an_analyst_may_still_ask_for_every_column(connection: Connection) -> None:
    await publish(connection, app("library", entity("book", field("name", searchable=True))))

    async with acting(connection, "bi_library_viewer", await tenant(connection)):
        assert await connection.fetch("select * from library.book") == []


async def test_the_platform_finds_nothing_wrong_with_search(connection: Connection, demo: UUID) -> None:
    assert await connection.fetch("select * from lint.finding") == []


async def test_what_a_dba_changes_is_put_right(connection: Connection, demo: UUID) -> None:
    await connection.execute("grant execute on function library.book_search(tsquery, text) to public")
    await connection.execute(
        "revoke execute on function library.book_search(tsquery, text) from library__owner"
    )
    await connection.execute("drop policy _search on library.book")
    await connection.execute("drop index library.book_search_document_idx")
    app_id = await connection.fetchval("select app_id from meta.app")

    assert await connection.fetchval("select count(*) from publish.drift($1)", app_id) >= 4
    await connection.execute("select publish.repair($1)", app_id)

    assert await connection.fetch("select * from publish.drift($1)", app_id) == []
    assert await connection.fetch("select * from lint.finding") == []


async def test_search_goes_with_its_last_field(connection: Connection, demo: UUID) -> None:
    book = {**LIBRARY["entities"][0], "fields": [field("name", required=True)]}
    await publish(connection, {**LIBRARY, "entities": [book], "roles": []}, allow_data_loss=True)

    left = await connection.fetchval(
        "select count(*) from pg_proc where pronamespace = 'library'::regnamespace and proname ~ 'search'"
    )
    columns = await connection.fetch(
        "select column_name from information_schema.columns"
        " where table_schema = 'library' and column_name = 'search_document'"
    )

    assert left == 0
    assert columns == []


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (field("day", "date", searchable=True), "a date field cannot be searched"),
        (field("note", searchable=True, sensitive=True), "a sensitive field is kept out of search"),
    ],
)
async def test_what_cannot_be_searched_is_said(
    connection: Connection, given: dict[str, Any], words: str
) -> None:
    with pytest.raises((ManifestError, asyncpg.PostgresError), match=words):
        await publish(connection, app("library", entity("book", field("name"), given)))


async def test_the_language_must_be_one_of_postgres(connection: Connection) -> None:
    german = app("library", entity("book", field("name", searchable=True)))

    with pytest.raises((ManifestError, asyncpg.PostgresError), match="no text search configuration"):
        await publish(connection, {**german, "app": {"name": "library", "language": "klingon"}})

    await publish(connection, {**german, "app": {"name": "library", "language": "german"}})
    tenant_id = await tenant(connection)
    async with acting(connection, OWNER, tenant_id):
        await connection.execute("insert into library.book (name) values ('Die Häuser')")
        found = await connection.fetchval("select library.book_search(to_tsquery('german', 'haus'), null)")
    assert len(found) == 1


async def test_a_long_text_is_searched_by_its_beginning(connection: Connection, demo: UUID) -> None:
    words = " ".join(f"w{number}" for number in range(400_000))

    book = await add(connection, demo, summary=words)

    assert await search(connection, demo, "w17") == [book]


async def test_parts_of_words_are_indexed_where_pg_trgm_is_installed(connection: Connection) -> None:
    if not await connection.fetchval("select true from pg_available_extensions where name = 'pg_trgm'"):
        pytest.skip("this PostgreSQL has no pg_trgm")
    await publish(connection, LIBRARY)
    tenant_id = await tenant(connection)
    whale = await add(connection, tenant_id, name="Narwhale", summary="50%_off")

    async def parts(pattern: str) -> list[UUID] | None:
        async with acting(connection, OWNER, tenant_id):
            found: list[UUID] | None = await connection.fetchval(
                "select library.book_search(null, $1)", pattern
            )
        return found

    assert await parts("%rwha%") is None
    await connection.execute("create extension pg_trgm schema public")
    app_id = await connection.fetchval("select app_id from meta.app")
    await connection.execute("select publish.repair($1)", app_id)

    assert await parts("%rwha%") == [whale]
    assert await parts(r"%50\%\_o%") == [whale]
    assert await parts("%shark%") == []
    assert await connection.fetch("select * from publish.drift($1)", app_id) == []
    assert await connection.fetch("select * from lint.finding") == []
