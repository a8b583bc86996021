"""Plain schemas become apps: types, keys, references and rows, and a word about all that is not as it was."""

from typing import Any

import asyncpg
import pytest

from server import drift, publication
from server.adoption.schema import NothingToAdopt, Result, adopt
from tests.publishing import Connection, tenant
from tests.server.adoption.plain import FILMS, PGBENCH, northwind

FINGERPRINT = """
select md5(string_agg(x, '|' order by x)) from (
    select format('%s %s %s', c.oid, c.relname, c.relacl) as x from pg_class c
    where c.relnamespace = $1::regnamespace
    union all
    select format('%s %s %s', t.tgrelid, t.tgname, t.tgenabled) from pg_trigger t
    join pg_class c on c.oid = t.tgrelid where c.relnamespace = $1::regnamespace
) o
"""


async def adopted(connection: Connection, schema: str, name: str | None = None) -> Result:
    """Adopt; the source must be the same afterwards."""
    before = await connection.fetchval(FINGERPRINT, schema)
    result = await adopt(connection, schema, await tenant(connection), name, only_plan=False)
    assert await connection.fetchval(FINGERPRINT, schema) == before
    for count in result.counts:
        assert (count.table, count.rows, count.lost) == (count.table, count.records, 0)
    app_id = await connection.fetchval("select app_id from meta.app where name = $1", result.app)
    assert await drift.differences(connection, app_id) == []
    assert await publication.plan(connection, app_id) == []
    return result


def notes(result: Result) -> dict[str, str]:
    return {note.object: note.reason for note in result.notes}


def element(result: Result, name: str, section: str = "entities") -> dict[str, Any]:
    found: dict[str, Any] = next(e for e in result.manifest.data[section] if e["name"] == name)
    return found


def field(result: Result, entity: str, name: str) -> dict[str, Any]:
    found: dict[str, Any] = next(f for f in element(result, entity)["fields"] if f["name"] == name)
    return found


async def test_northwind_is_an_app_with_all_its_rows(connection: Connection) -> None:
    await northwind(connection)

    result = await adopted(connection, "trade", "wind")

    assert {count.table: count.records for count in result.counts} == {
        "categories": 8, "customers": 91, "employees": 9, "suppliers": 29, "products": 77, "region": 4,
        "shippers": 6, "orders": 830, "territories": 53, "employee_territories": 49, "order_details": 2155,
        "us_states": 51,
    }  # fmt: skip
    assert {relation["name"] for relation in result.manifest.data["relations"]} == {
        "employee_territories",
        "order_details",
    }
    assert field(result, "customers", "customer_id") | {"required": True} == {
        "name": "customer_id", "type": "text", "length": 5, "required": True,
    }  # fmt: skip
    assert element(result, "customers")["keys"] == [{"fields": ["customer_id"]}]
    assert field(result, "orders", "freight")["description"] == "In US dollars"
    assert field(result, "orders", "customer") == {
        "name": "customer",
        "type": "lookup",
        "entity": "customers",
    }
    assert field(result, "products", "discontinued")["default"] == "0"
    assert [rule["name"] for rule in element(result, "orders")["rules"]] == ["dates"]
    assert notes(result)["open_orders"] == "a view is not carried over"
    assert notes(result)["suppliers.supplier_id"] == "is no longer counted by a sequence"


async def test_every_value_of_northwind_is_where_its_reference_points(connection: Connection) -> None:
    await northwind(connection)
    await adopted(connection, "trade", "wind")

    old = await connection.fetch(
        """
        select o.order_id, c.company_name, e.last_name, b.last_name, p.product_name, d.unit_price, d.quantity,
            d.discount::float8, o.freight, o.shipped_date
        from trade.order_details d
        join trade.orders o using (order_id)
        join trade.products p using (product_id)
        left join trade.customers c using (customer_id)
        left join trade.employees e using (employee_id)
        left join trade.employees b on b.employee_id = e.reports_to
        order by o.order_id, p.product_name
        """
    )
    new = await connection.fetch(
        """
        select o.order_id, c.company_name, e.last_name, b.last_name, p.product_name, d.unit_price, d.quantity,
            d.discount, o.freight, o.shipped_date
        from wind.order_details d
        join wind.orders o on o.id = d.orders_id
        join wind.products p on p.id = d.products_id
        left join wind.customers c on c.id = o.customer_id
        left join wind.employees e on e.id = o.employee_id
        left join wind.employees b on b.id = e.reports_to_id
        order by o.order_id, p.product_name
        """
    )
    assert len(new) == 2155
    assert [tuple(row) for row in new] == [tuple(row) for row in old]


async def test_what_a_film_shop_has_is_carried_over_or_told(connection: Connection) -> None:
    await connection.execute(FILMS)

    result = await adopted(connection, "films", "cinema")
    told = notes(result)

    assert result.manifest.data["choices"] == {"rating": ["G", "PG", "R"]}
    assert field(result, "film", "rating") == {
        "name": "rating", "type": "choice", "choices": "rating", "default": "'G'",
    }  # fmt: skip
    assert field(result, "film", "seen_by")["type"] == "multichoice"
    assert field(result, "film", "language")["entity"] == "language"
    assert field(result, "film", "original_language")["entity"] == "language"
    assert element(result, "line")["keys"] == [{"fields": ["order_record", "position"]}]
    assert told["Order"] == "is called order_record: the contract refuses its name"
    assert told["film.cover"].startswith("is left out: bytes")
    assert told["film.doc"].startswith("is left out: a search document")
    assert told["film_touch on film"] == "a trigger is not carried over"
    assert [rule["name"] for rule in element(result, "film")["rules"]] == ["release_year_1", "length"]
    assert any("odd" in name and "left out" in reason for name, reason in told.items())
    assert field(result, "egg", "note").get("required") is None  # One of its rows is blank.
    assert element(result, "similar_film", "relations")["from"] == "film"


async def test_composite_keys_circles_partitions_and_uuids_keep_their_meaning(connection: Connection) -> None:
    await connection.execute(FILMS)
    await adopted(connection, "films", "cinema")

    lines = await connection.fetch(
        "select o.company, l.position, f.title, p.position as parent, po.company as parent_company"
        " from cinema.line l join cinema.order_record o on o.id = l.order_record_id"
        " left join cinema.film f on f.id = l.film_id left join cinema.line p on p.id = l.line_id"
        " left join cinema.order_record po on po.id = p.order_record_id order by 1, 2"
    )
    assert [tuple(row) for row in lines] == [
        (1, 1, "Alien", None, None), (1, 2, "Heidi", 1, 1), (2, 1, None, 2, 1),
    ]  # fmt: skip
    eggs = await connection.fetch(
        "select e.id::text, h.old_id, h.egg_id, f.note from cinema.egg e join cinema.hen h on h.id = e.hen_id"
        " left join cinema.egg f on f.id = h.first_egg_id order by 1"
    )
    assert [tuple(row) for row in eggs] == [
        ("00000000-0000-7000-8000-000000000001", 1, 5, None),
        ("00000000-0000-7000-8000-000000000002", 2, None, "b"),
    ]
    assert await connection.fetchval("select count(*) from cinema.payment") == 2
    assert await connection.fetchval("select amount from cinema.payment order by paid_at limit 1") == 12.5


async def test_the_tables_of_pgbench_are_an_app(connection: Connection) -> None:
    await connection.execute(PGBENCH)

    result = await adopted(connection, "bench")

    assert result.app == "bench_app"
    assert {count.table: count.records for count in result.counts} == {
        "pgbench_branches": 1, "pgbench_tellers": 10, "pgbench_accounts": 1000, "pgbench_history": 3,
    }  # fmt: skip


@pytest.mark.parametrize("schema", ["identity", "tenancy", "meta", "publish", "queue", "audit"])
async def test_even_our_own_system_schemas_can_be_adopted(connection: Connection, schema: str) -> None:
    await tenant(connection, "acme")

    result = await adopted(connection, schema)

    assert result.counts


async def test_what_is_only_planned_changes_nothing(connection: Connection) -> None:
    await connection.execute(FILMS)

    result = await adopt(connection, "films", await tenant(connection), None, only_plan=True)

    assert result.counts == []
    assert await connection.fetchval("select count(*) from meta.app") == 0


async def test_rows_that_cannot_be_copied_leave_nothing_behind(
    connection: Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await connection.execute(FILMS)
    monkeypatch.setattr("server.adoption.copying.in_order", lambda tables: list(reversed(tables)))

    with pytest.raises(asyncpg.PostgresError):
        await adopt(connection, "films", await tenant(connection), None, only_plan=False)

    assert await connection.fetchval("select count(*) from meta.app") == 0
    assert await connection.fetchval("select to_regnamespace('films_app')") is None


@pytest.mark.parametrize("name", ["films", "tenancy", "cinema"])
async def test_a_name_that_is_taken_is_refused(connection: Connection, name: str) -> None:
    await connection.execute(FILMS)
    await adopt(connection, "films", await tenant(connection), "cinema", only_plan=False)

    with pytest.raises(NothingToAdopt, match="already: choose another name"):
        await adopt(connection, "films", await tenant(connection), name, only_plan=False)


async def test_a_schema_without_tables_is_refused(connection: Connection) -> None:
    with pytest.raises(NothingToAdopt, match="there is no table in a schema nowhere"):
        await adopt(connection, "nowhere", await tenant(connection), None, only_plan=True)
