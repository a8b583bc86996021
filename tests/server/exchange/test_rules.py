"""Lines whose periods overlap, that lack what their other values ask for, or that are only doubtful."""

import datetime as dt
import random
from pathlib import Path

from server.exchange.rejects import Reject
from server.exchange.write import Counts
from tests.server.exchange.conftest import Shop

HEAD = "number,room,arrives,leaves,reason\n"
TAKEN = "The room is taken"


def line(number: int, arrives: int, leaves: int, room: str = "A") -> str:
    first = dt.date(2024, 1, 1)
    days = [first + dt.timedelta(days=day) for day in (arrives, leaves)]
    return f"{number},{room},{days[0]},{days[1]},\n"


async def test_a_line_that_overlaps_a_record_or_a_line_is_named(shop: Shop) -> None:
    await shop.take_in("stay", HEAD + line(1, 5, 8))

    outcome = await shop.take_in(
        "stay", HEAD + line(2, 1, 6) + line(3, 7, 9) + line(4, 20, 22) + line(5, 21, 23) + line(6, 8, 9, "B")
    )

    assert outcome.rejects == [Reject(number, "arrives, leaves, room", TAKEN) for number in (2, 3, 5)]
    assert not outcome.kept


async def test_the_good_lines_go_in_beside_overlapping_ones(shop: Shop, tmp_path: Path) -> None:
    text = HEAD + line(1, 5, 8) + line(2, 7, 9) + line(3, 8, 9)

    outcome = await shop.take_in("stay", text, rejects=tmp_path / "rejects.csv")

    assert (outcome.counts.inserted, outcome.rejected) == (2, 1)
    assert await shop.rows("select number from shop.stay order by number") == [(1,), (3,)]


async def test_all_stays_may_move_at_once(shop: Shop) -> None:
    await shop.take_in("stay", HEAD + "".join(line(n, n, n + 1) for n in range(9)))

    outcome = await shop.take_in("stay", HEAD + "".join(line(n, n + 1, n + 2) for n in range(9)))

    assert outcome.counts == Counts(inserted=0, updated=9, unchanged=0)


async def test_a_rejected_change_leaves_its_record_in_the_way(shop: Shop, tmp_path: Path) -> None:
    await shop.take_in("stay", HEAD + line(1, 1, 3) + line(2, 5, 7))

    # 1 would make room for 3, but cannot go where 2 is.
    text = HEAD + line(1, 6, 8) + line(3, 1, 2)
    outcome = await shop.take_in("stay", text, rejects=tmp_path / "rejects.csv")

    assert [reject.line for reject in outcome.rejects] == [2, 3]
    assert outcome.counts == Counts(0, 0, 0)


async def test_a_missing_value_that_another_asks_for_is_named(shop: Shop) -> None:
    outcome = await shop.take_in("stay", HEAD + "1,A,2024-01-01,,\n2,A,2024-01-01,2023-01-01,\n")

    assert outcome.rejects == [
        Reject(2, "reason", "Reason is required"),
        Reject(3, "leaves", "Leaves must not be before Arrives"),
    ]


async def test_what_is_doubtful_goes_in_and_is_told(shop: Shop) -> None:
    outcome = await shop.take_in("stay", HEAD + line(1, 1, 90) + line(2, 1, 90, "B") + line(3, 1, 9, "C"))

    assert outcome.counts.inserted == 3
    assert [(each.field, each.rule, each.records) for each in outcome.counts.warned] == [
        ("leaves", "short", 2)
    ]


async def test_random_stays_go_in_as_far_as_they_fit(shop: Shop, tmp_path: Path) -> None:
    chance = random.Random(5)
    for _ in range(6):
        rows = []
        for number in chance.sample(range(40), 25):
            start = chance.randrange(60)
            rows.append(line(number, start, start + chance.randrange(4), chance.choice("AB")))

        outcome = await shop.take_in("stay", HEAD + "".join(rows), rejects=tmp_path / "rejects.csv")

        assert outcome.kept
        assert (
            outcome.rejected
            + sum((outcome.counts.inserted, outcome.counts.updated, outcome.counts.unchanged))
            == 25
        )
