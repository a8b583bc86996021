"""Formulas that use formulas, and defaults, in the published table."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import asyncpg
import pytest

from server import publication
from server.manifest import Manifest, ManifestError
from tests.acting import acting, member, row
from tests.publishing import Connection, app, entity, field, publish, tenant

OWNER = "shop__owner"


def line(net: str = "price * quantity", *more: dict[str, Any]) -> dict[str, Any]:
    return app(
        "shop",
        entity(
            "line",
            field("gross", "decimal", formula="net + tax"),
            field("tax", "decimal", scale=1, formula="net * 0.19"),
            field("net", "decimal", formula=net),
            field("price", "decimal"),
            field("quantity", "integer"),
            *more,
            keys=[{"fields": ["gross"]}],
            indexes=[{"fields": ["tax"]}],
            rules=[{"name": "worth_it", "check": "gross >= net", "message": "Too cheap"}],
        ),
    )


async def added(connection: Connection, **values: Any) -> dict[str, Any]:
    names = ", ".join(values)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    async with acting(connection, OWNER, await tenant(connection)):
        into = f"({names}) values ({places})" if values else "default values"
        return row(await connection.fetchrow(f"insert into shop.line {into} returning *", *values.values()))


async def test_a_formula_uses_formulas_as_their_columns_hold_them(connection: Connection) -> None:
    await publish(connection, line())

    found = await added(connection, price=Decimal("9.99"), quantity=3)

    assert (found["net"], found["tax"]) == (Decimal("29.97"), Decimal("5.7"))
    assert found["gross"] == Decimal("35.67")
    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await added(connection, price=Decimal(-1), quantity=1)
    assert refusal.value.constraint_name == "line_worth_it_rule"
    with pytest.raises(asyncpg.UniqueViolationError):
        await added(connection, price=Decimal("29.97"), quantity=1)


async def test_a_changed_formula_changes_those_that_use_it_and_the_plan_says_so(
    connection: Connection,
) -> None:
    app_id = await publish(connection, line())
    await added(connection, price=Decimal(10), quantity=3)

    await publication.store(connection, Manifest(line("price * quantity * 2")), await tenant(connection))
    plan = await publication.plan(connection, app_id)
    await publication.publish(connection, app_id)

    changed = {step.target for step in plan if step.kind == "replace_formula"}
    assert changed >= {"shop.line.net", "shop.line.tax", "shop.line.gross"}
    found = row(await connection.fetchrow("select net, tax, gross from shop.line"))
    assert found == {"net": Decimal("60.00"), "tax": Decimal("11.4"), "gross": Decimal("71.40")}
    assert await publication.plan(connection, app_id) == []
    await connection.reload_schema_state()
    with pytest.raises(asyncpg.CheckViolationError):
        await added(connection, price=Decimal(-1), quantity=1)
    with pytest.raises(asyncpg.UniqueViolationError):
        await added(connection, price=Decimal(30), quantity=1)


async def test_a_circle_of_formulas_is_refused_with_its_chain(connection: Connection) -> None:
    with pytest.raises(ManifestError) as error:
        await publish(connection, line("gross - tax"))

    said = [(problem.path, problem.message.partition(" (")[0]) for problem in error.value.problems]
    assert ("entities/line/fields/gross/formula", "formulas form a circle: net → gross → net") in said
    assert ("entities/line/fields/net/formula", "formulas form a circle: gross → net → gross") in said


MOMENTS = (
    field("on_day", "date", default="current_date"),
    field("due", "date", default="current_date + 14"),
    field("at_moment", "timestamp", default="now()"),
    field("at_time", "time", default="current_time"),
    field("clerk", "user", default="current_user"),
)


async def test_defaults_know_the_user_the_date_and_the_time(connection: Connection) -> None:
    await publish(connection, line("price", *MOMENTS))
    demo = await tenant(connection)
    ann = await member(connection, demo, "ann@example.org")

    async with acting(connection, OWNER, demo, ann):
        await connection.execute("set local time zone 'Asia/Tokyo'")
        found = row(await connection.fetchrow("insert into shop.line default values returning *"))
        now = row(await connection.fetchrow("select current_date as day, now() as at, localtime as time"))

    assert (found["on_day"], found["at_moment"], found["at_time"]) == (now["day"], now["at"], now["time"])
    assert (found["due"] - found["on_day"]).days == 14
    assert found["clerk_id"] == ann


async def test_a_default_is_never_applied_to_a_record_that_is_there(connection: Connection) -> None:
    await publish(connection, line("price", *MOMENTS))
    demo = await tenant(connection)
    old = {"on_day": date(2020, 1, 31), "at_moment": datetime.fromisoformat("2020-01-31T12:00+00:00")}
    await added(connection, **old, due=None)

    async with acting(connection, OWNER, demo):
        await connection.execute("update shop.line set price = 1, on_day = null")
    await publish(connection, line("price", field("note", default="'new'"), *MOMENTS))

    found = row(await connection.fetchrow("select * from shop.line"))
    assert (found["on_day"], found["due"], found["at_moment"]) == (None, None, old["at_moment"])


async def test_a_default_names_no_field(connection: Connection) -> None:
    with pytest.raises(ManifestError, match='a default cannot use fields, and "price" is one'):
        await publish(connection, line("price", field("note", "decimal", default="price * 2")))
