"""The Northwind example: its app and its records in one tenant, as `docs/examples/northwind/load` does it."""

from pathlib import Path
from uuid import UUID

import asyncpg
import click

from server import publication
from server.commands.data import import_file
from server.commands.exchange import worker
from server.database.actor import Actor
from server.exchange.become import become
from server.identity.administration.tenant import create_tenant
from server.manifest import load
from server.settings import Settings

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples" / "northwind"

# Entity, file, and where its columns go; what is not listed goes to the field of its name.
FILES: tuple[tuple[str, str, dict[str, str]], ...] = (
    ("category", "categories", {"category_id": "number", "category_name": "name"}),
    ("supplier", "suppliers", {"supplier_id": "number", "company_name": "name", "homepage": "web_link"}),
    (
        "product",
        "products",
        {
            "product_id": "number",
            "product_name": "name",
            "quantity_per_unit": "package_size",
            "supplier_id": "supplier.number",
            "category_id": "category.number",
        },
    ),
    ("customer", "customers", {"customer_id": "code", "company_name": "name"}),
    ("region", "region", {"region_id": "number", "region_description": "name"}),
    (
        "territory",
        "territories",
        {"territory_id": "code", "territory_description": "name", "region_id": "region.number"},
    ),
    (
        "us_state",
        "us_states",
        {"state_id": "", "state_abbr": "code", "state_name": "name", "state_region": "region"},
    ),
    (
        "employee",
        "employees",
        {
            "employee_id": "number",
            "title": "job_title",
            "birth_date": "birth_on",
            "hire_date": "hired_on",
            "reports_to": "reports_to.number",
        },
    ),
    (
        "employee_territory",
        "employee_territories",
        {"employee_id": "employee.number", "territory_id": "territory.code"},
    ),
    ("shipper", "shippers", {"shipper_id": "number", "company_name": "name"}),
    (
        "sales_order",
        "orders",
        {
            "order_id": "number",
            "customer_id": "customer.code",
            "employee_id": "employee.number",
            "order_date": "ordered_on",
            "required_date": "required_on",
            "shipped_date": "shipped_on",
            "ship_via": "shipper.number",
        },
    ),
    ("order_line", "order_details", {"order_id": "sales_order.number", "product_id": "product.number"}),
)


async def load_northwind(
    connection: "asyncpg.Connection[asyncpg.Record]", settings: Settings, tenant: str = "demo"
) -> bool:
    """Load Northwind into `tenant` unless that was done before; whether it was done now.

    `connection` is the administrator's. A load that was interrupted goes on where it stopped: every
    file is imported whole or not at all, and the last one tells that all are there.
    """
    tenant_id = await _tenant(connection, tenant)
    if await _is_published(connection) and await _is_complete(settings, tenant_id):
        return False
    click.echo("Loading the Northwind example …")
    app_id = await publication.store(connection, load(FOLDER / "northwind.yaml"), tenant_id)
    await publication.publish(connection, app_id, "the Northwind example")
    for entity, file, mapping in FILES:
        path = FOLDER / "data" / f"{file}.csv"
        await import_file(settings, f"northwind.{entity}", path, tenant, mapping)
    return True


async def _tenant(connection: "asyncpg.Connection[asyncpg.Record]", name: str) -> UUID:
    known: UUID | None = await connection.fetchval(
        "select t.tenant_id from tenancy.tenant t where t.name = $1", name
    )
    return known or await create_tenant(connection, name)


async def _is_published(connection: "asyncpg.Connection[asyncpg.Record]") -> bool:
    query = "select exists (select from api.published_version() v where v.app = 'northwind')"
    return bool(await connection.fetchval(query))


async def _is_complete(settings: Settings, tenant_id: UUID) -> bool:
    """Whether the last file is there; what people deleted since lies in the recycle bin and counts."""
    actor = Actor(tenant_id, None, "northwind__owner", "command", "demo", shows_deleted=True)
    async with worker(settings) as connection, connection.transaction(readonly=True):
        await become(connection, actor)
        found = await connection.fetchval("select exists (select from northwind.order_line)")
    return bool(found)
