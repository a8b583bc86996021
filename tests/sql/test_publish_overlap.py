"""No overlap: an exclusion constraint that needs no extension, of any key, for whoever writes."""

import datetime as dt
import random
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from server import publication
from server.manifest import Manifest, ManifestError
from tests.acting import acting, member
from tests.publishing import Connection, app, entity, field, publish, tenant

OWNER = "hotel__owner"
MESSAGE = "The room is taken"


def hotel(*key: str, recycle: bool = True, kind: str = "date", **more: Any) -> dict[str, Any]:
    return app(
        "hotel",
        entity("room", field("name")),
        entity(
            "booking",
            field("room", "lookup", entity="room"),
            field("seat", "integer"),
            field("number", "bigint"),
            field("tariff", "choice", choices=["low", "high"]),
            field("guest"),
            field("clerk", "user"),
            field("token", "uuid"),
            field("arrives", kind),
            field("leaves", kind),
            recycle=recycle,
            rules=[
                {
                    "name": "room_free",
                    "no_overlap": {"key": list(key), "from": "arrives", "to": "leaves", **more},
                    "message": MESSAGE,
                }
            ],
        ),
    )


async def book(connection: Connection, tenant_id: UUID, **values: Any) -> UUID:
    names = ", ".join(values)
    places = ", ".join(f"${place}" for place in range(1, len(values) + 1))
    async with acting(connection, OWNER, tenant_id):
        booking: UUID = await connection.fetchval(
            f"insert into hotel.booking ({names}) values ({places}) returning id", *values.values()
        )
    return booking


async def room(connection: Connection, tenant_id: UUID) -> UUID:
    async with acting(connection, OWNER, tenant_id):
        found: UUID = await connection.fetchval("insert into hotel.room (name) values ('A') returning id")
    return found


def day(number: int) -> dt.date:
    return dt.date(2024, 1, 1) + dt.timedelta(days=number)


async def taken(connection: Connection, tenant_id: UUID, **values: Any) -> bool:
    """Whether the booking is refused by the rule."""
    try:
        await book(connection, tenant_id, **values)
    except asyncpg.ExclusionViolationError as error:
        return error.constraint_name == "booking_room_free_rule"
    return False


async def test_the_end_of_a_period_is_free_for_the_next(connection: Connection) -> None:
    await publish(connection, hotel("room"))
    demo = await tenant(connection)
    first, second = await room(connection, demo), await room(connection, demo)
    await book(connection, demo, room_id=first, arrives=day(1), leaves=day(4))

    assert await taken(connection, demo, room_id=first, arrives=day(3), leaves=day(5))
    assert not await taken(connection, demo, room_id=first, arrives=day(4), leaves=day(5))
    assert not await taken(connection, demo, room_id=second, arrives=day(3), leaves=day(5))
    # Whose room it is, or when it begins, nobody knows yet.
    assert not await taken(connection, demo, room_id=None, arrives=day(3), leaves=day(5))
    assert not await taken(connection, demo, room_id=first, arrives=None, leaves=day(5))
    # Without an end it lasts for ever.
    assert not await taken(connection, demo, room_id=first, arrives=day(9), leaves=None)
    assert await taken(connection, demo, room_id=first, arrives=day(900), leaves=day(901))


async def test_both_ends_may_belong_to_the_period(connection: Connection) -> None:
    await publish(connection, hotel("room", bounds="[]"))
    demo = await tenant(connection)
    first = await room(connection, demo)
    await book(connection, demo, room_id=first, arrives=day(1), leaves=day(4))

    assert await taken(connection, demo, room_id=first, arrives=day(4), leaves=day(4))
    assert not await taken(connection, demo, room_id=first, arrives=day(5), leaves=day(5))


LARGEST = 2**63 - 1
HIGH = UUID("7fffffff-ffff-ffff-7fff-ffffffffffff")
KEYS: list[tuple[str, list[Any]]] = [
    ("seat", [0, 1, -1, 2**31 - 1, -(2**31)]),
    ("number", [0, LARGEST, LARGEST - 1, -LARGEST - 1]),
    ("tariff", ["low", "high"]),
    ("guest", ["Ann", "ann", "", "Ann ", "é" * 5000]),
    ("token", [HIGH, UUID(int=HIGH.int - 1), UUID(int=2**128 - 1), UUID(int=0), uuid4()]),
]


@pytest.mark.parametrize(("name", "values"), KEYS, ids=[name for name, _ in KEYS])
async def test_any_type_of_key_is_told_apart(connection: Connection, name: str, values: list[Any]) -> None:
    await publish(connection, hotel(name))
    demo = await tenant(connection)

    for value in values:
        assert not await taken(connection, demo, arrives=day(1), leaves=day(3), **{name: value}), value
    for value in values:
        assert await taken(connection, demo, arrives=day(2), leaves=day(4), **{name: value}), value


async def test_a_key_may_have_several_fields_or_none(connection: Connection) -> None:
    await publish(connection, hotel("clerk", "seat"))
    demo = await tenant(connection)
    ann = await member(connection, demo, "ann@example.org")
    await book(connection, demo, clerk_id=ann, seat=1, arrives=day(1), leaves=day(3))

    assert not await taken(connection, demo, clerk_id=ann, seat=2, arrives=day(1), leaves=day(3))
    assert await taken(connection, demo, clerk_id=ann, seat=2, arrives=day(2), leaves=day(3))

    async with acting(connection, OWNER, demo):
        await connection.execute("delete from hotel.booking")
    await publish(connection, hotel())
    assert not await taken(connection, demo, seat=1, arrives=day(1), leaves=day(3))
    assert await taken(connection, demo, seat=2, arrives=day(2), leaves=day(3))


async def test_what_is_in_the_recycle_bin_takes_no_room(connection: Connection) -> None:
    await publish(connection, hotel("seat"))
    demo = await tenant(connection)
    first = await book(connection, demo, seat=1, arrives=day(1), leaves=day(3))
    async with acting(connection, OWNER, demo):
        await connection.execute("delete from hotel.booking where id = $1", first)

    assert not await taken(connection, demo, seat=1, arrives=day(1), leaves=day(3))
    with pytest.raises(asyncpg.ExclusionViolationError):
        async with acting(connection, OWNER, demo, deleted="visible"):
            await connection.execute("update hotel.booking set deleted_at = null where id = $1", first)


async def test_all_bookings_may_move_by_a_day(connection: Connection) -> None:
    await publish(connection, hotel("seat"))
    demo = await tenant(connection)
    for number in range(10):
        await book(connection, demo, seat=1, arrives=day(number), leaves=day(number + 1))

    async with acting(connection, OWNER, demo):
        await connection.execute("update hotel.booking set arrives = arrives + 1, leaves = leaves + 1")

    assert await taken(connection, demo, seat=1, arrives=day(10), leaves=day(11))


async def test_a_period_that_ends_before_it_begins_breaks_a_rule_with_a_name(connection: Connection) -> None:
    await publish(connection, hotel("seat", kind="timestamp"))
    noon = dt.datetime(2024, 1, 1, 12, tzinfo=dt.UTC)

    with pytest.raises(asyncpg.CheckViolationError) as refusal:
        await book(
            connection, await tenant(connection), seat=1, arrives=noon, leaves=noon - dt.timedelta(seconds=1)
        )

    assert refusal.value.constraint_name == "booking_leaves_period_check"


async def test_a_rule_that_the_rows_break_is_not_published(connection: Connection) -> None:
    manifest = hotel("seat")
    rules = manifest["entities"][1].pop("rules")
    app_id = await publish(connection, manifest)
    demo = await tenant(connection)
    for _ in range(2):
        await book(connection, demo, seat=1, arrives=day(1), leaves=day(3))
    manifest["entities"][1]["rules"] = rules

    await publication.store(connection, Manifest(manifest), demo)
    with pytest.raises(asyncpg.ExclusionViolationError):
        await publication.publish(connection, app_id)

    async with acting(connection, OWNER, demo):
        await connection.execute("update hotel.booking set seat = null")
    await publication.publish(connection, app_id)
    assert await publication.plan(connection, app_id) == []
    assert await publication.drift(connection, app_id) == []
    assert await connection.fetch("select * from lint.finding") == []


async def test_a_rule_that_spans_tenants_is_found(connection: Connection) -> None:
    await publish(connection, hotel("seat"))

    await connection.execute(
        "alter table hotel.booking add constraint planted"
        " exclude using gist (tenancy.key_range(seat) with &&, daterange(arrives, leaves) with &&)"
    )

    found = [row["object"] for row in await connection.fetch("select object from lint.key_tenantless")]
    assert found == ["hotel.booking constraint planted"]


@pytest.mark.parametrize(
    ("rule", "path", "message"),
    [
        ({"no_overlap": {"from": "arives", "to": "leaves"}}, "/no_overlap/from", 'no field "arives"'),
        ({"no_overlap": {"from": "arrives", "to": "guest"}}, "/no_overlap/to", "needs date or timestamp"),
        ({"no_overlap": {"from": "arrives", "to": "arrives"}}, "/no_overlap/to", "from and to are both"),
        (
            {"no_overlap": {"key": ["arrives"], "from": "arrives", "to": "leaves"}},
            "/no_overlap/key",
            "arrives is date",
        ),
        ({"no_overlap": {"key": ["rom"], "from": "arrives", "to": "leaves"}}, "/no_overlap/key", '"rom"'),
        (
            {"no_overlap": {"from": "arrives", "to": "leaves"}, "severity": "warning"},
            "/severity",
            "always an",
        ),
        ({"no_overlap": {"from": "arrives", "to": "leaves"}, "check": "seat > 0"}, "", "either a check or"),
        ({}, "", "either a check or no_overlap"),
        ({"no_overlap": {"to": "leaves"}}, "/no_overlap", '"from" is missing'),
    ],
)
async def test_a_rule_that_cannot_be_kept_is_refused(
    connection: Connection, rule: dict[str, Any], path: str, message: str
) -> None:
    manifest = hotel("room")
    manifest["entities"][1]["rules"] = [{"name": "wrong", **rule}]

    with pytest.raises(ManifestError) as error:
        await publish(connection, manifest)

    said = {problem.path: problem.message for problem in error.value.problems}
    assert message in said[f"entities/booking/rules/wrong{path}"], said


class Bookings:
    """What should be in the table: room and period of each booking; the end of the world is no end."""

    def __init__(self, connection: Connection, rooms: dict[UUID, list[UUID]]) -> None:
        self.connection = connection
        self.rooms = rooms
        self.live: dict[UUID, tuple[UUID, dt.date, dt.date]] = {}
        self.refused = 0

    async def step(self, chance: random.Random) -> None:
        """Add, move or delete a booking, and compare what the database says with what it should."""
        mine = chance.choice(list(self.rooms))
        own = [booking for booking, (place, *_) in self.live.items() if place in self.rooms[mine]]
        start = chance.randrange(40)
        end = dt.date.max if chance.random() < 0.02 else day(start + chance.randrange(5))
        wanted = (chance.choice(self.rooms[mine]), day(start), end)
        act = chance.random() if own else 1
        if act < 0.2:
            await self.delete(mine, chance.choice(own))
        else:
            await self.write(mine, wanted, chance.choice(own) if act < 0.5 else None)

    async def delete(self, tenant_id: UUID, booking: UUID) -> None:
        async with acting(self.connection, OWNER, tenant_id):
            await self.connection.execute("delete from hotel.booking where id = $1", booking)
        del self.live[booking]

    async def write(self, tenant_id: UUID, wanted: tuple[UUID, dt.date, dt.date], moved: UUID | None) -> None:
        """Add a booking, or change the one that is moved."""
        place, start, end = wanted
        values = (moved or uuid4(), place, start, None if end == dt.date.max else end)
        try:
            async with acting(self.connection, OWNER, tenant_id):
                await self.connection.execute(MOVE if moved else ADD, *values)
        except asyncpg.ExclusionViolationError:
            assert self.overlaps(wanted, moved)
            self.refused += 1
        else:
            assert not self.overlaps(wanted, moved)
            self.live[values[0]] = wanted

    def overlaps(self, wanted: tuple[UUID, dt.date, dt.date], moved: UUID | None) -> bool:
        place, start, end = wanted
        return any(
            other == place and start < until and begin < end and start < end and begin < until
            for booking, (other, begin, until) in self.live.items()
            if booking != moved
        )


ADD = "insert into hotel.booking (id, room_id, arrives, leaves) values ($1, $2, $3, $4)"
MOVE = "update hotel.booking set room_id = $2, arrives = $3, leaves = $4 where id = $1"


async def test_random_bookings_are_refused_exactly_when_they_overlap(connection: Connection) -> None:
    await publish(connection, hotel("room"))
    tenants = [await tenant(connection), await tenant(connection, "other")]
    rooms = {each: [await room(connection, each) for _ in range(2)] for each in tenants}
    bookings, chance = Bookings(connection, rooms), random.Random(2)

    for _ in range(500):
        await bookings.step(chance)

    assert bookings.refused > 50
    assert len(bookings.live) > 10
