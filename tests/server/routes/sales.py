"""Some records of the shop."""

from dataclasses import dataclass

from tests.server.routes.client import Client


@dataclass(frozen=True)
class Sales:
    """Ids of what `fill` made."""

    alfki: str
    zorba: str
    ann: str


async def fill(shop: Client) -> Sales:
    """Two customers, three orders (1 and 2 of Alfreds, 3 of Zorbas), one line, employees with territories."""
    alfki = await shop.add("customer", code="ALFKI", name="Alfreds", country="Germany", tags=["vip"])
    zorba = await shop.add("customer", code="ZORBA", name="Zorbas", country="Greece")
    await shop.add("sales_order", number=1, customer_id=alfki["id"], freight=10, ordered_on="2026-01-05")
    second = await shop.add(
        "sales_order",
        number=2,
        customer_id=alfki["id"],
        freight=7.25,
        status="shipped",
        ordered_on="2026-02-01",
        shipped_on="2026-02-20",
    )
    await shop.add("sales_order", number=3, customer_id=zorba["id"], freight=2.5)
    chai = await shop.add("product", name="Chai", price=18)
    await shop.add("order_line", sales_order_id=second["id"], product_id=chai["id"], quantity=5)
    ann = await shop.add("employee", name="Ann")
    bob = await shop.add("employee", name="Bob", reports_to_id=ann["id"])
    boston = await shop.add("territory", name="Boston")
    salem = await shop.add("territory", name="Salem")
    for employee, territory in ((ann, boston), (ann, salem), (bob, boston)):
        await shop.add("employee_territory", employee_id=employee["id"], territory_id=territory["id"])
    return Sales(alfki["id"], zorba["id"], ann["id"])
