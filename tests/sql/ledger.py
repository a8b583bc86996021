"""A small app with rollups of every kind, and what they must be by plain SQL."""

from typing import Any, TypeAlias
from uuid import UUID

import asyncpg

from tests.publishing import app, entity, field, publish, tenant

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"

# Rollup of sales_order → the same, written by hand over its lines l.
EXPECTED = {
    "lines": "count(*)",
    "open_lines": "count(*) filter (where l.status = 'open')",
    "total": "coalesce(sum(l.amount), 0)",
    "pieces": "coalesce(sum(l.quantity), 0)",
    "worth": "coalesce(sum(l.quantity * l.amount), 0)",
    "cheapest": "min(l.amount)",
    "latest": "max(l.due_on) filter (where l.status = 'open')",
    "mean": "round(avg(l.amount), 6)",
    "weight": "coalesce(sum(l.weight order by l.weight), 0)",
    "longest": "max(l.effort)",
    "effort": "coalesce(sum(l.effort), '0'::interval)",
}


def rollup(name: str, of: str, function: str, of_field: str | None = None, **more: Any) -> dict[str, Any]:
    given = {"field": of_field} if of_field else {}
    return field(name, "rollup", of=of, function=function, **given, **more)


def ledger(**line: Any) -> dict[str, Any]:
    """Customers have orders, orders have lines; `line` are settings of the lines."""
    to_order = {"entity": "sales_order", "on_delete": line.pop("on_delete", "cascade")}
    return app(
        "ledger",
        entity(
            "customer",
            field("name", required=True),
            rollup("orders", "sales_order.customer", "count"),
            rollup("revenue", "sales_order.customer", "sum", "total"),
            rollup("delivered", "line.consignee", "count"),
        ),
        entity(
            "sales_order",
            field("number", "integer"),
            field("customer", "lookup", entity="customer"),
            rollup("lines", "line.sales_order", "count"),
            rollup("open_lines", "line.sales_order", "count", where="status = 'open'"),
            rollup("total", "line.sales_order", "sum", "amount"),
            rollup("pieces", "line.sales_order", "sum", "quantity"),
            rollup("worth", "line.sales_order", "sum", "price"),
            rollup("cheapest", "line.sales_order", "min", "amount"),
            rollup("latest", "line.sales_order", "max", "due_on", where="status = 'open'"),
            rollup("mean", "line.sales_order", "avg", "amount"),
            rollup("weight", "line.sales_order", "sum", "weight"),
            rollup("longest", "line.sales_order", "max", "effort"),
            rollup("effort", "line.sales_order", "sum", "effort"),
            field("with_tax", "decimal", formula="total * 1.2"),
        ),
        entity(
            "line",
            field("note"),
            field("sales_order", "lookup", **to_order),
            field("consignee", "lookup", entity="customer", on_delete="clear"),
            field("status", "choice", choices=["open", "done"], default="'open'"),
            field("amount", "decimal"),
            field("quantity", "integer"),
            field("price", "decimal", formula="quantity * amount", precision=30),
            field("due_on", "date"),
            field("weight", "float"),
            field("effort", "duration"),
            **line,
        ),
    )


async def open_ledger(connection: Connection, **line: Any) -> UUID:
    """Publish the app; the tenant that has it, in which the connection acts from now on."""
    await publish(connection, ledger(**line))
    tenant_id = await tenant(connection)
    await connection.execute("select set_config('qryvanta.tenant_id', $1, false)", str(tenant_id))
    return tenant_id


async def order(connection: Connection, number: int = 1, customer: UUID | None = None) -> UUID:
    order_id: UUID = await connection.fetchval(
        "insert into ledger.sales_order (number, customer_id) values ($1, $2) returning id", number, customer
    )
    return order_id


async def customer(connection: Connection, name: str = "Ann") -> UUID:
    customer_id: UUID = await connection.fetchval(
        "insert into ledger.customer (name) values ($1) returning id", name
    )
    return customer_id


async def value(connection: Connection, column: str, order_id: UUID) -> Any:
    return await connection.fetchval(f"select {column} from ledger.sales_order where id = $1", order_id)


async def wrong(connection: Connection) -> list[asyncpg.Record]:
    """Every parent whose rollups are not what a fresh evaluation gives."""
    live = await connection.fetchval(
        "select exists (select from pg_attribute where attrelid = 'ledger.line'::regclass "
        "and attname = 'deleted_at')"
    )
    bin_ = "and l.deleted_at is null" if live else ""
    items = ", ".join(f"{sql} as {name}" for name, sql in EXPECTED.items())
    found = await connection.fetch(
        f"""
        select o.number, f.*, o.*
        from ledger.sales_order o
        cross join lateral (
            select {items} from ledger.line l
            where l.tenant_id = o.tenant_id and l.sales_order_id = o.id {bin_}
        ) f
        where ({", ".join(f"o.{name}" for name in EXPECTED)})
            is distinct from ({", ".join(f"f.{name}" for name in EXPECTED)})
        """
    )
    lines = f"ledger.line l where l.tenant_id = c.tenant_id and l.consignee_id = c.id {bin_}"
    orders = "ledger.sales_order o where o.tenant_id = c.tenant_id and o.customer_id = c.id"
    joined = f"""
        ledger.line l join ledger.sales_order o on o.tenant_id = l.tenant_id and o.id = l.sales_order_id
        where o.tenant_id = c.tenant_id and o.customer_id = c.id {bin_}
    """
    found += await connection.fetch(
        f"""
        select c.* from ledger.customer c
        where (c.orders, c.revenue, c.delivered) is distinct from (
            (select count(*) from {orders}),
            (select coalesce(sum(l.amount), 0) from {joined}),
            (select count(*) from {lines})
        )
        """
    )
    return list(found)
