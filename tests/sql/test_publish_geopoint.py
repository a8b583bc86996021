"""A place on the earth: two numbers that belong together."""

import json
from uuid import UUID

import asyncpg
import pytest

from tests.acting import acting
from tests.publishing import Connection, app, entity, field, publish, tenant

SITES = app(
    "sites",
    entity(
        "site",
        field("name"),
        field("entrance", "geopoint"),
        field("place", "geopoint", required=True, description="Where it is"),
        rules=[{"name": "northern", "check": "place_latitude > 0", "message": "Only the north"}],
    ),
)
INSERT = (
    "insert into sites.site (place_latitude, place_longitude, entrance_latitude, entrance_longitude) values "
)


@pytest.fixture
async def demo(connection: Connection) -> UUID:
    await publish(connection, SITES)
    return await tenant(connection)


async def test_it_is_two_numbers_with_names_and_meanings(connection: Connection, demo: UUID) -> None:
    columns = await connection.fetch(
        "select column_name, data_type, col_description('sites.site'::regclass, ordinal_position) as meaning"
        " from information_schema.columns where table_name = 'site' and column_name like 'place%' order by 1"
    )

    assert [tuple(column) for column in columns] == [
        ("place_latitude", "double precision", "Place (latitude): Where it is"),
        ("place_longitude", "double precision", "Place (longitude): Where it is"),
    ]


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ("(1, null, null, null)", "site_place_required_check"),
        ("(null, null, null, null)", "site_place_required_check"),
        ("(1, 1, 5, null)", "site_entrance_pair_check"),
        ("(90.1, 1, null, null)", "site_place_range_check"),
        ("(1, -180.1, null, null)", "site_place_range_check"),
        ("(1, 'NaN', null, null)", "site_place_range_check"),
        ("(1, 1, 'Infinity', 1)", "site_entrance_range_check"),
        ("(-1, 1, null, null)", "site_northern_rule"),
    ],
)
async def test_both_or_neither_and_on_the_earth(
    connection: Connection, demo: UUID, values: str, constraint: str
) -> None:
    with pytest.raises(asyncpg.CheckViolationError) as caught:
        async with acting(connection, "sites__owner", demo):
            await connection.execute(INSERT + values)

    assert caught.value.constraint_name == constraint


async def test_the_poles_and_the_date_line_are_places(connection: Connection, demo: UUID) -> None:
    async with acting(connection, "sites__owner", demo):
        await connection.execute(f"{INSERT} (90, 180, -90, -180), (0.5, 0, null, null)")

    assert await connection.fetchval("select count(*) from sites.site") == 2


async def test_a_new_name_keeps_the_places(connection: Connection, demo: UUID) -> None:
    async with acting(connection, "sites__owner", demo):
        await connection.execute(f"{INSERT} (47.25, 8.5, null, null)")
    draft = json.loads(
        await connection.fetchval("select meta.manifest(app_id) from meta.app where name = 'sites'")
    )
    fields = draft["entities"][0]["fields"]
    next(each for each in fields if each["name"] == "place")["name"] = "spot"
    draft["entities"][0]["rules"][0] |= {"check": "spot_latitude > 0"}
    for holder in (draft["entities"][0], *draft["entities"][0]["rules"]):
        for key in ("title_sql", "check_sql"):
            holder.pop(key, None)

    await publish(connection, draft)

    assert tuple(await connection.fetchrow("select spot_latitude, spot_longitude from sites.site") or ()) == (
        47.25,
        8.5,
    )


async def test_it_makes_no_key_and_has_no_default(connection: Connection) -> None:
    wrong = app(
        "wrong",
        entity("site", field("place", "geopoint", unique=True, default="1"), keys=[{"fields": ["place"]}]),
    )

    problems = await connection.fetch("select path, message from meta.problem($1::jsonb)", json.dumps(wrong))

    assert {tuple(row) for row in problems} == {
        ("entities/site/fields/place/unique", "a geopoint field cannot be unique: it has two columns"),
        ("entities/site/fields/place/default", "a geopoint field has no default"),
        ("entities/site/keys/0/fields", "the geopoint field place cannot stand in a key: it has two columns"),
    }
