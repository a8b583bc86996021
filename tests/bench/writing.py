"""What import, publishing and the change log cost."""

import asyncio
import csv
import json
import subprocess
import tempfile
import time
from pathlib import Path

import asyncpg

from server import publication
from server.manifest import load
from tests.bench.installation import Installation

LINES = 200_000
CHANGED = 100_000
RUNS = 3


def import_file(made: Installation) -> str:
    """Lines a second of `qryvanta data import` against COPY of the same file into a bare table."""
    with tempfile.TemporaryDirectory() as directory:
        file = Path(directory, "parcel.csv")
        with file.open("w", newline="") as text:
            lines = csv.writer(text)
            lines.writerow(["number", "account_name", "weight", "sent_on", "city", "note"])
            for number in range(LINES):
                city = f"City {number % 500}"
                lines.writerow(
                    [number, f"Account {number % 997}", f"{number % 90}.5", "2026-11-23", city, "as usual"]
                )
        made.psql(
            "create table public.bare (number integer, account_name text, weight numeric, sent_on date,"
            " city text, note text)"
        )
        bare = seconds(
            [
                *[str(made.binaries / "psql"), "-Xq", "-d", made.url],
                *["-c", f"\\copy public.bare from '{file}' (format csv, header)"],
            ],
            made,
        )
        made.psql("drop table public.bare")
        imported = seconds(
            made.command("data", "import", "bench.parcel", str(file), "--tenant", "t1", "--key", "number"),
            made,
        )
        again = seconds(
            made.command("data", "import", "bench.parcel", str(file), "--tenant", "t1", "--key", "number"),
            made,
        )
    return (
        f"import of {LINES:,} lines: bare COPY {LINES / bare:,.0f}/s, import {LINES / imported:,.0f}/s "
        f"({bare / imported:.0%}), the same file again {LINES / again:,.0f}/s ({bare / again:.0%})"
    )


def seconds(command: list[str], made: Installation) -> float:
    """How long a command takes."""
    start = time.perf_counter()
    subprocess.run(command, env=made.environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


async def publish(made: Installation) -> str:
    """How long publishing an entity of 50 fields takes, and publishing it again."""
    fields = [
        {"name": f"field_{n}", "type": kind}
        for n, kind in enumerate(["text", "integer", "decimal", "date", "boolean"] * 10)
    ]
    connection = await asyncpg.connect(made.url)
    tenant_id = await connection.fetchval("select tenant_id from tenancy.tenant order by name limit 1")
    first: list[float] = []
    second: list[float] = []
    for run in range(RUNS + 1):
        manifest = {
            "qryvanta": 1,
            "app": {"name": f"fifty_{run}"},
            "entities": [{"name": "wide", "fields": fields}],
        }
        app_id = await publication.store(connection, load(json.dumps(manifest).encode()), tenant_id)
        for times in (first, second):
            start = time.perf_counter()
            await publication.publish(connection, app_id)
            times.append(time.perf_counter() - start)
    await connection.close()
    # The first run fills the caches of the session.
    return (
        f"publish of an entity with 50 fields: {min(first[1:]) * 1000:.0f} ms, "
        f"nothing to do: {min(second[1:]) * 1000:.0f} ms"
    )


async def audit(made: Installation) -> list[str]:
    """Inserts and updates of many rows with the change log against the same without it."""
    connection = await asyncpg.connect(made.settings.required("worker_database_url"))
    tenant_id = made.psql("select tenant_id from tenancy.tenant where name = 't2'")
    took: dict[tuple[str, str], float] = {}
    for _ in range(RUNS):
        for table in ("plain", "deal"):
            for verb, statement in (
                (
                    "insert",
                    f"insert into bench.{table} (name, code, stage, amount, discount, quantity, opened_on) "
                    f"select 'Deal ' || n, 'X', 'new', n, 0.2, n, date '2026-01-01' "
                    f"from generate_series(1, {CHANGED}) n",
                ),
                ("update", f"update bench.{table} set amount = amount + 1, stage = 'won' where code = 'X'"),
            ):
                elapsed = await transaction(connection, tenant_id, statement)
                took[verb, table] = min(elapsed, took.get((verb, table), elapsed))
            made.psql(f"delete from bench.{table} where code = 'X'")
            made.psql(f"vacuum analyze bench.{table}")
    await connection.close()
    return [
        f"{verb} of {CHANGED:,} rows: {took[verb, 'plain']:.2f} s without the change log, "
        f"{took[verb, 'deal']:.2f} s with it ({took[verb, 'deal'] / took[verb, 'plain']:.1f} times)"
        for verb in ("insert", "update")
    ]


async def transaction(
    connection: "asyncpg.Connection[asyncpg.Record]", tenant_id: str, statement: str
) -> float:
    """Seconds of a statement as the owner role of the app, with its commit."""
    start = time.perf_counter()
    async with connection.transaction():
        await connection.execute(f"set local qryvanta.tenant_id = '{tenant_id}'; set local role bench__owner")
        await connection.execute(statement, timeout=300)
    return time.perf_counter() - start


def write(made: Installation) -> list[str]:
    """Measure all of it."""
    return [import_file(made), asyncio.run(publish(made)), *asyncio.run(audit(made))]
