"""A small shop for the tests of the record API: every type, lookups, children, many-to-many."""

from typing import Any

from tests.publishing import app, entity, field

CUSTOMER = entity(
    "customer",
    field("code", required=True, length=5),
    field("name", required=True),
    field("country"),
    field("tags", "multichoice", choices=["vip", "new"]),
    title="name",
    keys=[{"fields": ["code"]}],
)
SALES_ORDER = entity(
    "sales_order",
    field("number", "integer", required=True),
    field("customer", "lookup", entity="customer", on_delete="restrict", required=True),
    field("bill_to", "lookup", entity="customer"),
    field("status", "choice", choices=["open", "shipped"], default="'open'"),
    field("ordered_on", "date"),
    field("shipped_on", "date"),
    field("freight", "decimal", precision=12, scale=2, min=0),
    field("weight", "float"),
    field("serial", "bigint"),
    field("placed_at", "timestamp"),
    field("details", "json"),
    field("rush", "boolean"),
    field("is_late", "boolean", formula="shipped_on > ordered_on + 7"),
    field("margin", "decimal", sensitive=True),
    title="number",
    recycle=True,
    ownership="owned",
    keys=[{"fields": ["number"]}],
    rules=[
        {
            "name": "shipped_after_ordered",
            "check": "shipped_on >= ordered_on",
            "message": "An order cannot ship before it was placed",
        }
    ],
)
ORDER_LINE = entity(
    "order_line",
    field("sales_order", "lookup", entity="sales_order", on_delete="cascade", required=True),
    field("product", "lookup", entity="product", required=True),
    field("quantity", "integer", required=True, min=1),
    keys=[{"fields": ["sales_order", "product"]}],
)
PRODUCT = entity("product", field("name", required=True), field("price", "decimal"))
EMPLOYEE = entity("employee", field("name", required=True), field("reports_to", "lookup", entity="employee"))
TERRITORY = entity("territory", field("name", required=True, unique=True))
PASSPORT = entity(
    "passport", field("number"), field("employee", "lookup", entity="employee", unique=True, required=True)
)


def everything(name: str, **fields: str) -> dict[str, Any]:
    grant: dict[str, Any] = {
        "entity": name,
        "read": "tenant",
        "create": True,
        "update": "tenant",
        "delete": "tenant",
    }
    return {**grant, "fields": fields} if fields else grant


SHOP = app(
    "shop",
    CUSTOMER,
    PRODUCT,
    SALES_ORDER,
    ORDER_LINE,
    EMPLOYEE,
    TERRITORY,
    PASSPORT,
    relations=[{"name": "employee_territory", "kind": "many_to_many", "from": "employee", "to": "territory"}],
    roles=[
        {
            "name": "clerk",
            "grants": [
                *map(everything, ("customer", "product", "order_line", "employee", "territory")),
                everything("employee_territory"),
                everything("sales_order", margin="none", freight="read"),
            ],
        },
        {"name": "reader", "grants": [{"entity": "customer", "read": "tenant"}]},
        {
            "name": "seller",
            "grants": [
                {
                    "entity": "sales_order",
                    "read": "tenant",
                    "create": True,
                    "update": "own",
                    "delete": "none",
                },
                {"entity": "customer", "read": "tenant"},
            ],
        },
    ],
)
