"""Records that come out."""

import json

import pytest

from server.expressions import ExpressionError
from tests.server.exchange.conftest import OpenShop, Shop

AWKWARD = (
    "id,label,exact,moment,span,tags,document\n"
    "01a2080d-eeea-7c39-ad0d-0485c31e32b1,,1.0000000001,2026-03-31 15:30:00.5+00,P1Y2M3DT4H5M6.5S,{},\n"
    '01a2080d-eeea-7c39-ad0d-0485c31e32b2,"",-0.5,,,"{a,""c d""}","{""a"": ""b\\\\c""}"\n'
    '01a2080d-eeea-7c39-ad0d-0485c31e32b3,"two\nlines, ""quoted""",,,,,\n'
    "01a2080d-eeea-7c39-ad0d-0485c31e32b4,\\.,,,,,\n"
)


async def test_what_comes_out_goes_in_again(shop: Shop) -> None:
    await shop.take_in("sample", AWKWARD)
    text = await shop.give_out("sample")

    outcome = await shop.take_in("sample", text)

    assert (outcome.counts.unchanged, outcome.rejected) == (4, 0)


async def test_a_lookup_comes_out_as_the_key_of_its_record(shop: Shop) -> None:
    await shop.take_in("customer", "code,name\nANN,Ann's\n")
    await shop.take_in("sale", "number,customer.code,shipped_on\n1,ANN,2020-01-03\n")
    await shop.take_in("line", "sale.number,position,note\n1,1,a\n")
    await shop.take_in("claim", "number,line.sale.number,line.position\n7,1,1\n")

    sale = await shop.give_out("sale")
    claim = await shop.give_out("claim")

    assert sale.splitlines()[0] == "id,number,customer.code,ordered_on,shipped_on,days"
    assert sale.splitlines()[1].endswith(",1,ANN,2020-01-01,2020-01-03,2")
    assert claim.splitlines()[0] == "id,number,line.sale.number,line.position"
    # A formula comes out and is no obstacle on the way in.
    assert (await shop.take_in("sale", sale)).counts.unchanged == 1


@pytest.mark.parametrize("value", ["=1+1", "+41 44 1", "-x", "@x", "\tx", "\rx", "'=x", "'", "''=x"])
async def test_a_text_that_a_spreadsheet_would_run_stays_a_text(shop: Shop, value: str) -> None:
    await shop.rows(
        "insert into shop.sample (tenant_id, label)"
        f" values ('{shop.tenant_id}', '{value.replace(chr(39), chr(39) * 2)}')"
    )

    text = await shop.give_out("sample")

    cell = text.split("\n", 1)[1].split(",")[1].strip('"')
    assert cell[0] not in "=+-@\t\r"
    assert (await shop.take_in("sample", text)).counts.unchanged == 1


async def test_ndjson_keeps_every_digit_and_every_text_as_it_is(shop: Shop) -> None:
    await shop.take_in(
        "sample",
        "label,whole,exact,flag,tags,document\n"
        '"=a\\b ""c""\nd",9007199254740993,12345678901234567890.0123456789,true,"{a,""c d""}","{""x"": 1}"\n',
    )

    text = await shop.give_out("sample", form="ndjson")

    assert '"exact":12345678901234567890.0123456789' in text
    (record,) = [json.loads(line) for line in text.splitlines()]
    assert record["label"] == '=a\\b "c"\nd'
    assert record["whole"] == 9007199254740993
    assert (record["flag"], record["tags"], record["document"]) == (True, ["a", "c d"], {"x": 1})
    assert record["day"] is None


async def test_a_condition_chooses_the_records(shop: Shop) -> None:
    await shop.take_in("person", "number,name\n1,Ann\n2,Bob\n")

    text = await shop.give_out("person", where="number > 1 and name like 'B%'")

    assert [line.split(",")[2] for line in text.splitlines()] == ["name", "Bob"]


@pytest.mark.parametrize("where", ["nmae = 'x'", "name", "exists (select 1)", "true) or (true"])
async def test_a_condition_that_is_none_is_refused(shop: Shop, where: str) -> None:
    with pytest.raises(ExpressionError):
        await shop.give_out("person", where=where)


async def test_nothing_of_another_tenant_comes_out(shop: Shop, another_shop: OpenShop) -> None:
    await shop.take_in("person", "number,name\n1,Ann\n")
    other = await another_shop("umbrella")

    assert len((await other.give_out("person")).splitlines()) == 1
