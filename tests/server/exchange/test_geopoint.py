"""Places in files: `latitude,longitude` in one column."""

from pathlib import Path

from tests.server.exchange.conftest import Shop


async def test_a_place_is_one_column_of_the_file_and_two_of_the_table(shop: Shop) -> None:
    outcome = await shop.take_in(
        "notice", 'number,spot\n1,"47.3769,8.5417"\n2," -33.8688 , 151.2093"\n3,\n', mapping={"spot": "place"}
    )

    assert outcome.counts.inserted == 3
    assert await shop.rows("select place_latitude, place_longitude from shop.notice order by number") == [
        (47.3769, 8.5417),
        (-33.8688, 151.2093),
        (None, None),
    ]


async def test_an_export_comes_back_without_a_change(shop: Shop) -> None:
    await shop.take_in("notice", 'number,place\n1,"0.1,-180"\n2,\n')

    file = await shop.give_out("notice")
    outcome = await shop.take_in("notice", file, key=("number",))

    assert '"0.1,-180"' in file
    assert outcome.counts.unchanged == 2


async def test_what_is_no_place_is_rejected_with_the_reason(shop: Shop, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"

    outcome = await shop.take_in(
        "notice", 'number,place\n1,here\n2,"1,2,3"\n3,47.5\n4,"95,10"\n5,"1,2"\n', rejects=rejects
    )

    assert outcome.counts.inserted == 1
    assert [(each.line, each.column, each.reason) for each in outcome.rejects] == [
        (2, "place", "not a place such as 47.3769,8.5417"),
        (3, "place", "not a place such as 47.3769,8.5417"),
        (4, "place", "Place needs both latitude and longitude, or neither"),
        (5, "place", "Place must have a latitude from -90 to 90 and a longitude from -180 to 180"),
    ]
