"""What published tables do, whoever writes: tenants, keys, recycle bin, lookups, numbers, history."""

import json
from contextlib import suppress
from uuid import UUID

import asyncpg
import pytest

from tests.acting import acting, member, row
from tests.publishing import Connection, app, entity, field, publish, tenant

SHOP = app(
    "shop",
    entity("customer", field("name", required=True), field("code", unique=True), recycle=True),
    entity(
        "invoice",
        field("number", "autonumber", format="INV-{yyyy}-{0000}"),
        field("customer", "lookup", entity="customer", required=True),
        field("total", "decimal", min=0),
        field("secret", sensitive=True),
        recycle=True,
    ),
    entity(
        "line",
        field("invoice", "lookup", entity="invoice", required=True, on_delete="cascade"),
        field("text"),
        field("hint", "lookup", entity="hint", on_delete="clear"),
        recycle=True,
    ),
    entity("hint", field("text")),
    relations=[{"name": "tagging", "kind": "many_to_many", "from": "customer", "to": "hint"}],
)
OWNER = "shop__owner"


@pytest.fixture
async def demo(connection: Connection) -> UUID:
    await publish(connection, SHOP)
    return await tenant(connection)


async def customer(connection: Connection, tenant_id: UUID | None, name: str = "A", code: str = "A1") -> UUID:
    async with acting(connection, OWNER, tenant_id):
        found: UUID = await connection.fetchval(
            "insert into shop.customer (name, code) values ($1, $2) returning id", name, code
        )
    return found


async def invoice(connection: Connection, tenant_id: UUID, customer_id: UUID) -> UUID:
    async with acting(connection, OWNER, tenant_id):
        found: UUID = await connection.fetchval(
            "insert into shop.invoice (customer_id) values ($1) returning id", customer_id
        )
    return found


async def count(connection: Connection, tenant_id: UUID | None, table: str, deleted: str = "") -> int:
    async with acting(connection, OWNER, tenant_id, deleted=deleted):
        found: int = await connection.fetchval(f"select count(*) from shop.{table}")
    return found


async def test_without_a_tenant_nothing_is_seen_and_nothing_is_written(
    connection: Connection, demo: UUID
) -> None:
    await customer(connection, demo)

    assert await count(connection, None, "customer") == 0
    with pytest.raises(asyncpg.PostgresError) as refusal:
        await customer(connection, None)
    assert refusal.value.sqlstate == "28000"


async def test_a_tenant_sees_its_own_rows_only(connection: Connection, demo: UUID) -> None:
    other = await tenant(connection, "other")
    await customer(connection, demo)

    assert await count(connection, other, "customer") == 0
    assert await count(connection, demo, "customer") == 1


async def test_a_reference_into_another_tenant_is_refused_like_one_to_nothing(
    connection: Connection, demo: UUID
) -> None:
    other = await tenant(connection, "other")
    theirs = await customer(connection, other)

    with pytest.raises(asyncpg.ForeignKeyViolationError) as foreign:
        await invoice(connection, demo, theirs)
    with pytest.raises(asyncpg.ForeignKeyViolationError) as missing:
        await invoice(connection, demo, UUID(int=1))
    assert str(foreign.value) == str(missing.value)


async def test_the_same_key_may_stand_in_two_tenants_but_not_twice_in_one(
    connection: Connection, demo: UUID
) -> None:
    await customer(connection, demo)
    await customer(connection, await tenant(connection, "other"))

    with pytest.raises(asyncpg.UniqueViolationError):
        await customer(connection, demo, "B")


async def test_a_delete_goes_to_the_bin_and_comes_back_with_its_parts(
    connection: Connection, demo: UUID
) -> None:
    invoice_id = await invoice(connection, demo, await customer(connection, demo))
    async with acting(connection, OWNER, demo):
        await connection.execute("insert into shop.line (invoice_id, text) values ($1, 'x')", invoice_id)

    async with acting(connection, OWNER, demo):
        await connection.execute("delete from shop.invoice")
    assert (await count(connection, demo, "invoice"), await count(connection, demo, "line")) == (0, 0)

    async with acting(connection, OWNER, demo, deleted="visible"):
        await connection.execute("update shop.invoice set deleted_at = null")
    assert (await count(connection, demo, "invoice"), await count(connection, demo, "line")) == (1, 1)


async def test_a_delete_in_the_bin_is_for_good(connection: Connection, demo: UUID) -> None:
    await customer(connection, demo)

    for _ in range(2):
        async with acting(connection, OWNER, demo, deleted="visible"):
            await connection.execute("delete from shop.customer")

    assert await count(connection, demo, "customer", deleted="visible") == 0


async def test_what_a_live_record_refers_to_does_not_go_to_the_bin(
    connection: Connection, demo: UUID
) -> None:
    await invoice(connection, demo, await customer(connection, demo))

    with pytest.raises(asyncpg.ForeignKeyViolationError) as refusal:
        async with acting(connection, OWNER, demo):
            await connection.execute("delete from shop.customer")
    assert refusal.value.constraint_name == "invoice_customer_fkey"


async def test_a_key_in_the_bin_is_free_again_and_the_restore_reports_the_clash(
    connection: Connection, demo: UUID
) -> None:
    await customer(connection, demo)
    async with acting(connection, OWNER, demo):
        await connection.execute("delete from shop.customer")
    await customer(connection, demo)

    with pytest.raises(asyncpg.UniqueViolationError) as refusal:
        async with acting(connection, OWNER, demo, deleted="visible"):
            await connection.execute("update shop.customer set deleted_at = null")
    assert refusal.value.constraint_name == "customer_code_key"


async def test_deleting_a_target_clears_the_lookups_that_say_so(connection: Connection, demo: UUID) -> None:
    invoice_id = await invoice(connection, demo, await customer(connection, demo))
    async with acting(connection, OWNER, demo):
        hint_id = await connection.fetchval("insert into shop.hint (text) values ('h') returning id")
        await connection.execute(
            "insert into shop.line (invoice_id, hint_id) values ($1, $2)", invoice_id, hint_id
        )

        await connection.execute("delete from shop.hint")

        assert await connection.fetchval("select hint_id from shop.line") is None


async def test_a_link_of_many_to_many_is_a_row_that_stands_once(connection: Connection, demo: UUID) -> None:
    customer_id = await customer(connection, demo)
    async with acting(connection, OWNER, demo):
        hint_id = await connection.fetchval("insert into shop.hint (text) values ('h') returning id")
        await connection.execute(
            "insert into shop.tagging (customer_id, hint_id) values ($1, $2)", customer_id, hint_id
        )

    with pytest.raises(asyncpg.UniqueViolationError) as refusal:
        async with acting(connection, OWNER, demo):
            await connection.execute(
                "insert into shop.tagging (customer_id, hint_id) values ($1, $2)", customer_id, hint_id
            )
    assert refusal.value.constraint_name == "tagging_customer_hint_key"


async def test_numbers_count_up_per_tenant(connection: Connection, demo: UUID) -> None:
    other = await tenant(connection, "other")
    for tenant_id in (demo, other):
        customer_id = await customer(connection, tenant_id)
        await invoice(connection, tenant_id, customer_id)
        await invoice(connection, tenant_id, customer_id)

    numbers = await connection.fetch("select number from shop.invoice order by tenant_id, number")

    year = await connection.fetchval("select to_char(current_date, 'YYYY')")
    assert [found["number"] for found in numbers] == [f"INV-{year}-0001", f"INV-{year}-0002"] * 2


async def test_an_update_grows_the_version_and_leaves_one_row_of_history_with_what_changed(
    connection: Connection, demo: UUID
) -> None:
    user_id = await member(connection, demo, "mara@example.com")
    customer_id = await customer(connection, demo)
    async with acting(connection, OWNER, demo, user_id, source="api", request_id="r1"):
        await connection.execute("update shop.customer set name = 'B' where id = $1", customer_id)

    found = row(
        await connection.fetchrow(
            "select operation, actor_id, source, request_id, old_values, new_values "
            "from audit.change where operation = 'U'"
        )
    )
    record = row(await connection.fetchrow("select version, updated_by from shop.customer"))
    assert (record["version"], record["updated_by"]) == (2, user_id)
    assert (found["actor_id"], found["source"], found["request_id"]) == (user_id, "api", "r1")
    assert (json.loads(found["old_values"]), json.loads(found["new_values"])) == (
        {"name": "A"},
        {"name": "B"},
    )


async def test_a_sensitive_value_is_not_in_the_history(connection: Connection, demo: UUID) -> None:
    invoice_id = await invoice(connection, demo, await customer(connection, demo))
    async with acting(connection, OWNER, demo):
        await connection.execute("update shop.invoice set secret = 'hush' where id = $1", invoice_id)

    assert await connection.fetchval("select count(*) from audit.change where new_values::text ~ 'hush'") == 0
    assert (
        await connection.fetchval("select new_values ->> 'secret' from audit.change where operation = 'U'")
        == "***"
    )


@pytest.mark.parametrize("statement", ["update audit.change set source = 'x'", "delete from audit.change"])
@pytest.mark.parametrize("role", ["qryvanta_owner", "postgres", OWNER, "qryvanta_ddl"])
async def test_nobody_changes_what_the_log_has(
    connection: Connection, demo: UUID, role: str, statement: str
) -> None:
    await customer(connection, demo)

    # Row security lets the owner see no row to change, which is no error; all others are refused.
    with suppress(asyncpg.InsufficientPrivilegeError):
        async with acting(connection, role, demo):
            await connection.execute(statement)

    assert await connection.fetchval("select count(*) from audit.change where source = 'sql'") == 1


@pytest.mark.parametrize("table", ["audit.change", "shop.customer", "audit.change_default"])
async def test_logs_and_audited_tables_are_not_truncated(
    connection: Connection, demo: UUID, table: str
) -> None:
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="refused"):
        await connection.execute(f"truncate {table} cascade")


async def test_when_the_log_cannot_be_written_the_record_is_not_either(
    connection: Connection, demo: UUID
) -> None:
    await connection.execute("alter table audit.change add constraint broken check (false) not valid")

    with pytest.raises(asyncpg.CheckViolationError):
        await customer(connection, demo)

    assert await count(connection, demo, "customer") == 0


async def test_history_is_told_to_who_sees_the_record_and_only_of_what_they_may_read(
    connection: Connection, demo: UUID
) -> None:
    invoice_id = await invoice(connection, demo, await customer(connection, demo))
    async with acting(connection, OWNER, demo):
        await connection.execute("update shop.invoice set secret = 'a', total = 5 where id = $1", invoice_id)

    query = "select new_values from audit.history('shop.invoice', $1) where operation = 'U'"
    async with acting(connection, "shop_viewer", demo):
        seen = await connection.fetchval(query, invoice_id)
    async with acting(connection, "shop_viewer", await tenant(connection, "other")):
        elsewhere = await connection.fetch(query, invoice_id)

    assert json.loads(seen) == {"total": 5}
    assert elsewhere == []


async def test_fields_may_be_called_like_the_words_of_the_change_log(connection: Connection) -> None:
    words = ("reason", "source", "actor", "request_id", "operation", "v", "r", "n", "old_values", "tg_argv")
    await publish(connection, app("words", entity("thing", *(field(word) for word in words))))
    demo = await tenant(connection)

    async with acting(connection, "words__owner", demo, reason="a test"):
        await connection.execute("insert into words.thing (reason, v) values ('late', 'w')")
        await connection.execute("update words.thing set reason = 'early', n = 'm'")
        await connection.execute("delete from words.thing")

    rows = await connection.fetch("select * from audit.change order by change_id")
    assert [row["reason"] for row in rows] == ["a test"] * 3
    assert json.loads(rows[0]["new_values"])["v"] == "w"
    assert json.loads(rows[1]["new_values"]) == {"reason": "early", "n": "m"}
    assert json.loads(rows[2]["old_values"])["reason"] == "early"
