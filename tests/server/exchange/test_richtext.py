"""Rich text in files."""

from tests.server.exchange.conftest import Shop


async def test_html_in_a_file_is_sanitised_before_it_is_stored(shop: Shop) -> None:
    lines = [f'{n},"<p onclick=x>Nr. {n} & more</p>"' for n in range(1, 1201)]

    outcome = await shop.take_in("notice", "\n".join(["number,body", "0,plain words", *lines]) + "\n")

    assert outcome.counts.inserted == 1201
    assert await shop.rows("select body from shop.notice where number in (0, 7, 1200) order by number") == [
        ("plain words",),
        ("<p>Nr. 7 &amp; more</p>",),
        ("<p>Nr. 1200 &amp; more</p>",),
    ]


async def test_an_exported_file_comes_back_as_it_was(shop: Shop) -> None:
    await shop.take_in("notice", 'number,body\n1,"<p>a</p>\n<p>""b"" &amp; c</p>"\n2,=1+1\n3,\n')
    before = await shop.rows("select number, body from shop.notice order by number")
    file = await shop.give_out("notice")

    outcome = await shop.take_in("notice", file, key=("number",))

    assert outcome.counts.unchanged == 3
    assert "'=1+1" in file
    assert await shop.rows("select number, body from shop.notice order by number") == before
