"""Files that would bring a record below itself."""

from tests.server.exchange.conftest import Shop

PEOPLE = "number,name,boss.number\n1,Ann,\n2,Bob,1\n3,Cy,2\n"


async def test_the_lines_of_a_circle_are_rejected_and_no_others(shop: Shop) -> None:
    outcome = await shop.take_in("person", f"{PEOPLE}4,Dan,5\n5,Eve,4\n6,Fay,6\n")

    assert [(each.line, each.column, each.reason) for each in outcome.rejects] == [
        (5, "boss.number", "Person cannot be below itself"),
        (6, "boss.number", "Person cannot be below itself"),
        (7, "boss.number", "Person cannot be below itself"),
    ]


async def test_a_circle_through_records_that_are_there_is_found(shop: Shop) -> None:
    await shop.take_in("person", PEOPLE)

    outcome = await shop.take_in("person", "number,name,boss.number\n1,Ann,3\n")

    assert [each.reason for each in outcome.rejects] == ["Person cannot be below itself"]


async def test_a_file_that_turns_a_branch_upside_down_goes_in(shop: Shop) -> None:
    await shop.take_in("person", PEOPLE)

    await shop.take_in("person", "number,name,boss.number\n1,Ann,2\n2,Bob,3\n3,Cy,\n")

    assert await shop.rows(
        "select p.number, b.number from shop.person p left join shop.person b on b.id = p.boss_id order by 1"
    ) == [
        (1, 2),
        (2, 3),
        (3, None),
    ]
