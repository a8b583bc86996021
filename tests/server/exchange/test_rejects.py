"""Lines that do not go in, and what people hear of them."""

import csv
from pathlib import Path

import asyncpg
import pytest

from server.exchange.refusal import FileError, MappingError
from server.exchange.rejects import Reject
from server.exchange.write import Counts
from tests.server.exchange.conftest import OpenShop, Shop


async def test_one_bad_line_keeps_all_lines_out(shop: Shop) -> None:
    outcome = await shop.take_in("customer", "code,name\nANN,Ann's\nbob,Bob's\n")

    assert outcome.rejects == [Reject(3, "code", "Code does not have the expected form")]
    assert (outcome.kept, outcome.counts) == (False, Counts(0, 0, 0))
    assert await shop.rows("select * from shop.customer") == []


async def test_with_a_rejects_file_the_good_lines_go_in(shop: Shop, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"

    outcome = await shop.take_in("customer", 'code,name\nANN,Ann\'s\nbob,""\n', rejects=rejects)

    assert (outcome.counts.inserted, outcome.rejected, outcome.kept) == (1, 1, True)
    assert rejects.read_text() == (
        "code,name,line,column,reason\n"
        'bob,"",3,"code, name",Code does not have the expected form; Name is required\n'
    )


async def test_a_mended_rejects_file_is_imported_as_it_is(shop: Shop, tmp_path: Path) -> None:
    rejects = tmp_path / "rejects.csv"
    await shop.take_in("customer", "code,name\nANN,Ann's\nbob,Bob's\n", rejects=rejects)

    outcome = await shop.take_in("customer", rejects.read_text().replace("bob,", "BOB,"))

    assert outcome.counts.inserted == 1


async def test_lines_are_counted_as_an_editor_counts_them(shop: Shop, tmp_path: Path) -> None:
    text = 'label,"day\n"\n"one\ntwo\nthree",2020-01-01\n"a\nb",x\nc,y\n'

    outcome = await shop.take_in("sample", text, mapping={"day": "day"})

    assert [reject.line for reject in outcome.rejects] == [6, 8]


async def test_a_value_of_another_type_is_named_with_its_column(shop: Shop) -> None:
    outcome = await shop.take_in(
        "sample",
        "whole,exact,flag,day,moment,tags,document,mark\n"
        "1.5,1,true,2020-01-01,2020-01-01,{a},{},01a2080d-eeea-7c39-ad0d-0485c31e32bf\n"
        "1,x,true,2020-01-01,2020-01-01,{a},{},01a2080d-eeea-7c39-ad0d-0485c31e32bf\n"
        "1,1,maybe,31.02.2020,noon,a,{,1\n",
    )

    assert outcome.rejects[:2] == [
        Reject(2, "whole", "not a whole number"),
        Reject(3, "exact", "not a number that fits"),
    ]
    assert outcome.rejects[2].column == "flag, day, moment, tags, document, mark"


async def test_a_reference_that_leads_nowhere_is_no_null(shop: Shop) -> None:
    outcome = await shop.take_in("person", "number,name,boss.number\n1,Ann,9\n")

    assert outcome.rejects == [Reject(2, "boss.number", "there is no Person with this key")]


async def test_a_line_that_refers_to_a_rejected_one_is_rejected_too(shop: Shop, tmp_path: Path) -> None:
    text = "number,name,boss.number\n1,Ann,2\n2,Bob,3\n3,,\n4,Dan,\n"

    outcome = await shop.take_in("person", text, rejects=tmp_path / "rejects.csv")

    assert [reject.line for reject in outcome.rejects] == [2, 3, 4]
    assert await shop.rows("select name from shop.person") == [("Dan",)]


async def test_a_rule_over_several_fields_names_the_columns_it_is_about(shop: Shop) -> None:
    await shop.take_in("customer", "code,name\nANN,Ann's\n")

    outcome = await shop.take_in(
        "sale",
        "number,customer.code,ordered,shipped\n1,ANN,2020-01-02,2020-01-01\n2,ANN,2020-01-01,2021-01-01\n",
        mapping={"ordered": "ordered_on", "shipped": "shipped_on"},
    )

    assert outcome.rejects[0].reason == "Ships after it was ordered"
    assert set(outcome.rejects[0].column.split(", ")) == {"ordered", "shipped"}
    assert outcome.rejects[1].reason == "Ships within 100 days"


async def test_a_rule_sees_what_the_record_has_already(shop: Shop) -> None:
    await shop.take_in("customer", "code,name\nANN,Ann's\n")
    await shop.take_in("sale", "number,customer.code,ordered_on\n1,ANN,2020-05-01\n")

    outcome = await shop.take_in(
        "sale", "number,customer.code,shipped_on\n1,ANN,2020-04-01\n2,ANN,2020-04-01\n"
    )

    # The new sale is ordered on the default day, before it ships.
    assert [(reject.line, reject.reason) for reject in outcome.rejects] == [(2, "Ships after it was ordered")]


async def test_a_required_field_that_the_file_lacks_is_missed_in_new_records_only(shop: Shop) -> None:
    await shop.take_in("customer", "code,name\nANN,Ann's\n")

    outcome = await shop.take_in("customer", "code,mail\nANN,ann@example.com\nBOB,bob@example.com\n")

    assert outcome.rejects == [Reject(3, "name", "Name is required")]


async def test_of_two_lines_with_one_key_the_first_counts(shop: Shop, tmp_path: Path) -> None:
    text = "code,name\nANN,first\nANN,second\n"

    outcome = await shop.take_in("customer", text, rejects=tmp_path / "rejects.csv")

    assert [reject.line for reject in outcome.rejects] == [3]
    assert await shop.rows("select name from shop.customer") == [("first",)]


async def test_a_record_in_the_recycle_bin_is_not_changed(shop: Shop) -> None:
    await shop.take_in("customer", "code,name\nANN,Ann's\n")
    text = await shop.give_out("customer")
    await shop.rows("update shop.customer set deleted_at = now()")

    outcome = await shop.take_in("customer", text)

    assert outcome.rejects == [Reject(2, "id", "the record is in the recycle bin")]


async def test_another_unique_field_is_kept_unique(shop: Shop) -> None:
    await shop.take_in("customer", "code,name,mail\nANN,Ann's,a@example.com\n")

    outcome = await shop.take_in("customer", "code,name,mail\nBOB,Bob's,a@example.com\n")

    assert outcome.rejects == [Reject(2, "mail", "Mail must be unique")]


async def test_good_lines_of_a_thousand_go_in_and_the_bad_one_is_named(shop: Shop, tmp_path: Path) -> None:
    lines = [f"{number},p{number}" for number in range(1, 1001)]
    lines[699] = "x,p700"
    rejects = tmp_path / "rejects.csv"

    outcome = await shop.take_in("person", "number,name\n" + "\n".join(lines) + "\n", rejects=rejects)

    assert (outcome.counts.inserted, outcome.rejected) == (999, 1)
    with rejects.open(newline="") as file:
        assert [row["line"] for row in csv.DictReader(file)] == ["701"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("code,name\nANN\n", "line 2: fewer values than columns"),
        ("code,name\nANN,a\nBOB,b,c\n", "line 3: more values than columns"),
        (b"code,name\nANN,\xe9\n", "line 2: this is not UTF-8"),
        ('code,name\nANN,"a\n', "unterminated CSV quoted field"),
        (b"code,n\xe9\nANN,a\n", "the header is not UTF-8"),
        ("", "no header line"),
    ],
)
async def test_a_file_that_is_no_csv_is_refused_with_the_line(
    shop: Shop, text: str | bytes, message: str
) -> None:
    with pytest.raises(FileError, match=message):
        await shop.take_in("customer", text)


@pytest.mark.parametrize(
    ("entity", "header", "message"),
    [
        ("customer", "code,nmae", "nmae: customer has no field nmae; did you mean name?"),
        ("sale", "number,customer_id", "--map customer_id=customer.KEY"),
        ("sale", "number,customer.name", r"\(name\) is no key of customer; its keys are id or code or mail"),
        ("sale", "number,number", "the header names number twice"),
        ("sale", "number,tenant_id", "sale has no field tenant_id"),
        ("sale", "number,version", "sale has no field version"),
    ],
)
async def test_a_column_that_goes_nowhere_is_named(
    shop: Shop, entity: str, header: str, message: str
) -> None:
    with pytest.raises(MappingError, match=message):
        await shop.take_in(entity, f"{header}\n")


async def test_a_file_of_another_tenant_finds_none_of_our_records(shop: Shop, another_shop: OpenShop) -> None:
    await shop.take_in("customer", "code,name\nANN,Ann's\n")
    other = await another_shop("umbrella")

    outcome = await other.take_in("sale", "number,customer.code\n1,ANN\n")

    assert outcome.rejects == [Reject(2, "customer.code", "there is no Customer with this key")]


async def test_a_refusal_of_the_whole_leaves_nothing(shop: Shop) -> None:
    await shop.rows("revoke insert on shop.sample from shop__owner")

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await shop.take_in("sample", "label\none\n")
