"""The second fence around rich text: what the database refuses, whoever writes."""

import json

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from server.model.richtext import plain_text, sanitised
from tests.publishing import Connection, app, entity, field, publish, tenant

LIBRARY = app("library", entity("book", field("title"), field("blurb", "richtext", required=True)))
DANGEROUS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js>",
    "</script >",
    "<iframe src='https://evil.example'></iframe>",
    "<object data=x>",
    "<svg/onload=alert(1)>",
    "<math><mi>x</mi></math>",
    "<style>body { display: none }</style>",
    "<meta http-equiv=refresh content=0>",
    "<base href=//evil.example>",
    "<form action=//evil.example><button>go</button></form>",
    "<img src=x onerror=alert(1)>",
    "<p/onclick=alert(1)>x</p>",
    '<a title="a > b" onclick="x()">x</a>',
    '<a title="a"onclick="x()">x</a>',
    '<a title=a"b onclick=x()>x</a>',
    "<a x' onmouseover=x()>x</a>",
    "<body\nonload = x()>",
    '<a href="javascript:alert(1)">x</a>',
    "<a href=JaVaScRiPt:alert(1)>x</a>",
    "<a href='\x01 java\tscript\n:alert(1)'>x</a>",
    '<a href="java&#115;cript:alert(1)">x</a>',
    '<a href="javascript&colon;alert(1)">x</a>',
    '<a href="vbscript:x">x</a>',
    '<a href="data:text/html;base64,PHNjcmlwdD4=">x</a>',
]
HARMLESS = [
    "plain words, once = 1 and on = 2",
    "1 < 2, 3 > 2 & so on = fine",
    "<p>It's \"quoted\", it's on = time; javascript: is a word</p>",
    '<a href="https://example.org/?q=javascript:x&amp;on=1" title="it\'s onclick=x">x</a>',
    '<a href="/a/b#c">here</a> and <a href="mailto:a@example.org">mail</a>',
    "<p class=intro>formal, styled and scripted</p>",
    "<table><tr><td colspan='2'>a</td></tr></table>",
]
WORDS = """
< > " ' = / & ; : a p b href title on click java script <script <p> </p> &#115; &lt; data <!-- svg
"""
PIECES = st.sampled_from([*WORDS.split(), " ", "\n", "<a "])


async def demo(connection: Connection) -> str:
    await publish(connection, LIBRARY)
    return str(await tenant(connection))


@pytest.mark.parametrize("html", DANGEROUS)
async def test_what_a_browser_would_run_is_dangerous(connection: Connection, html: str) -> None:
    assert await connection.fetchval("select $1 ~* compile.markup_check()", html)


@pytest.mark.parametrize("html", HARMLESS)
async def test_words_and_plain_markup_are_not(connection: Connection, html: str) -> None:
    assert not await connection.fetchval("select $1 ~* compile.markup_check()", html)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(html=st.one_of(st.lists(PIECES, max_size=30).map("".join), st.text(max_size=60)))
async def test_the_sanitiser_gives_nothing_that_the_database_refuses(
    connection: Connection, html: str
) -> None:
    clean = sanitised(html.encode(errors="ignore").decode())

    assert sanitised(clean) == clean
    assert not await connection.fetchval("select $1 ~* compile.markup_check()", clean)
    plain_text(clean)


async def test_psql_cannot_store_a_script_and_hears_why(connection: Connection) -> None:
    tenant_id = await demo(connection)
    insert = "insert into library.book (tenant_id, blurb) values ($1::text::uuid, $2)"

    with pytest.raises(asyncpg.CheckViolationError) as caught:
        await connection.execute(insert, tenant_id, "<p onclick='x()'>click</p>")
    await connection.execute(insert, tenant_id, "<p>a <b>good</b> book</p>")

    assert caught.value.constraint_name == "book_blurb_markup_check"
    comment = await connection.fetchval(
        "select obj_description(oid, 'pg_constraint') from pg_constraint where conname = $1",
        caught.value.constraint_name,
    )
    assert comment == "Blurb must not hold scripts, embedded pages, event handlers or script addresses"


@pytest.mark.parametrize("blank", ["", " \n", "<p> </p>", "<p>&nbsp;<br></p>"])
async def test_tags_around_nothing_do_not_fill_a_required_field(connection: Connection, blank: str) -> None:
    tenant_id = await demo(connection)

    with pytest.raises(asyncpg.CheckViolationError, match="book_blurb_required_check"):
        await connection.execute(
            "insert into library.book (tenant_id, blurb) values ($1::text::uuid, $2)", tenant_id, blank
        )


async def test_html_makes_no_key_no_index_and_no_formula(connection: Connection) -> None:
    wrong = app(
        "wrong",
        entity(
            "page",
            field("body", "richtext", unique=True, indexed=True),
            field("computed", "richtext", formula="'<b>'"),
            keys=[{"fields": ["body"]}],
            indexes=[{"fields": ["body"]}],
        ),
    )

    problems = dict(
        tuple(row)
        for row in await connection.fetch(
            "select path, message from meta.problem($1::jsonb)", json.dumps(wrong)
        )
    )

    assert problems == {
        "entities/page/fields/body/unique": "a richtext field cannot be unique: it holds HTML",
        "entities/page/fields/body/indexed": "a richtext field cannot be indexed: it holds HTML",
        "entities/page/fields/computed/formula": "a richtext field cannot be a formula: it holds HTML",
        "entities/page/keys/0/fields": "the richtext field body cannot stand in a key: it holds HTML",
        "entities/page/indexes/0/fields": "the richtext field body cannot stand in an index: it holds HTML",
    }
