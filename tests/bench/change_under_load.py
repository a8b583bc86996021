"""A table of millions of rows changes while eight connections read and write it through the server."""

import asyncio
import json
import os
import random
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from tests.bench.installation import Installation

ROWS = int(os.environ.get("QRYVANTA_BENCH_ROWS", 5_000_000))
CONNECTIONS = 8
QUIET = 20.0  # seconds measured before anything changes
PAUSE = 0.05  # seconds between two requests of a connection
LOCK_TIMEOUT = 0.5  # of a publish
KNOWN = 2_000  # ids that are asked for

BEFORE: list[dict[str, Any]] = [
    {"name": "number", "type": "integer", "required": True},
    {"name": "amount", "type": "integer"},
    {"name": "kind", "type": "text"},
    {"name": "note", "type": "text"},
    {"name": "old", "type": "text"},
]
AFTER: list[dict[str, Any]] = [
    {"name": "number", "type": "integer", "required": True},
    {"name": "amount", "type": "bigint"},
    {"name": "kind", "type": "choice", "choices": ["letter", "box", "crate"]},
    {"name": "remark", "type": "text"},
    {"name": "due_on", "type": "date", "required": True, "default": "current_date + 14"},
    {"name": "depot", "type": "lookup", "entity": "depot"},
]
DEPOT = {"name": "depot", "fields": [{"name": "name", "type": "text", "required": True}]}

FILL = f"""
set session_replication_role = replica;
set synchronous_commit = off;
insert into load.depot (tenant_id, name)
    select tenant_id, 'Depot' from tenancy.tenant where name = 'first';
insert into load.parcel (tenant_id, number, amount, kind, note, old)
    select t.tenant_id, n, n % 1000, (array['letter', 'box', 'crate'])[n % 3 + 1], 'as usual', 'x'
    from tenancy.tenant t cross join generate_series(1, {ROWS}) n
    where t.name = 'first';
vacuum analyze load.parcel;
"""


@dataclass
class Measured:
    """How long requests took, in seconds, and which failed."""

    reads: list[float] = field(default_factory=list)
    writes: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)

    def show(self, name: str) -> str:
        """A line of the report."""
        return (
            f"{name}: {len(self.reads):,} reads, p50 {at(self.reads, 0.5):.1f} ms,"
            f" p99 {at(self.reads, 0.99):.1f} ms, longest {at(self.reads, 1):.0f} ms;"
            f" {len(self.writes):,} writes, p99"
            f" {at(self.writes, 0.99):.1f} ms, longest {at(self.writes, 1):.0f} ms;"
            f" failed: {dict(self.failures) or 'none'}"
        )


def at(times: list[float], share: float) -> float:
    """A percentile in milliseconds."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))] * 1000


class Load:
    """Connections that read and write until they are stopped; `measured` is where they note it."""

    def __init__(self, client: httpx.AsyncClient, ids: list[str]) -> None:
        self.client = client
        self.ids = ids
        self.measured = Measured()
        self.number = ROWS
        self.stopped = False

    async def run(self) -> None:
        await asyncio.gather(*(self.connection(random.Random(seed)) for seed in range(CONNECTIONS)))

    async def connection(self, chance: random.Random) -> None:
        while not self.stopped:
            await asyncio.sleep(PAUSE * chance.uniform(0.5, 1.5))
            record = f"/api/load/parcel/{chance.choice(self.ids)}"
            dice = chance.random()
            if dice < 0.6:
                await self.request("GET", record)
            elif dice < 0.8:
                await self.request("GET", f"/api/load/parcel?limit=25&offset={chance.randrange(500)}")
            elif dice < 0.95:
                await self.request("PATCH", record, {"amount": chance.randrange(1000)})
            else:
                self.number += 1
                await self.request("POST", "/api/load/parcel", {"number": self.number, "kind": "box"})

    async def request(self, method: str, path: str, content: dict[str, Any] | None = None) -> None:
        """One request, noted under the stage in which it began."""
        noted, start = self.measured, time.perf_counter()
        try:
            answer = await self.client.request(method, path, json=content)
            if answer.status_code >= 400:
                noted.failures[f"{method} {answer.status_code} {answer.text[:200]}"] += 1
        except httpx.HTTPError as error:
            noted.failures[f"{method} {error!r}"] += 1
        (noted.reads if method == "GET" else noted.writes).append(time.perf_counter() - start)


def manifest(fields: list[dict[str, Any]], **settings: Any) -> dict[str, Any]:
    """The app, its parcels with these fields."""
    parcel = {"name": "parcel", "fields": fields, **settings}
    return {"qryvanta": 1, "app": {"name": "load"}, "entities": [DEPOT, parcel]}


def changed(made: Installation) -> dict[str, Any]:
    """The app after the change, with the ids that it has, so that a rename is one."""
    known = json.loads(made.qryvanta("app", "export", "load", "--json"))
    parcel = next(entity for entity in known["entities"] if entity["name"] == "parcel")
    ids = {item["name"]: item["id"] for item in parcel["fields"]}
    ids["remark"] = ids.pop("note")
    fields = [{**item, "id": ids[item["name"]]} if item["name"] in ids else item for item in AFTER]
    return manifest(
        fields,
        id=parcel["id"],
        keys=[{"fields": ["number"]}],
        indexes=[{"fields": ["kind", "amount"]}, {"fields": ["due_on"]}],
    )


async def measure(made: Installation, file: Path) -> list[str]:
    """Load, a quiet stage, the change, and what is left to do after it."""
    token = made.token("first")
    tenant = made.psql("select tenant_id from tenancy.tenant where name = 'first'")
    ids = made.psql(
        f"select id from load.parcel tablesample system (1) where tenant_id = '{tenant}' limit {KNOWN}"
    ).split()
    limits = httpx.Limits(max_connections=CONNECTIONS, max_keepalive_connections=CONNECTIONS)
    async with httpx.AsyncClient(
        base_url=made.address, headers={"Authorization": f"Bearer {token}"}, timeout=60, limits=limits
    ) as client:
        load = Load(client, ids)
        running = asyncio.create_task(load.run())
        await asyncio.sleep(3)
        quiet = load.measured = Measured()
        await asyncio.sleep(QUIET)
        changing = load.measured = Measured()
        start = time.perf_counter()
        command = made.command("app", "apply", str(file), "--tenant", "first", "--yes", "--allow-data-loss")
        process = await asyncio.create_subprocess_exec(
            *command, env=made.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        output, _ = await process.communicate()
        seconds = time.perf_counter() - start
        await asyncio.sleep(2)
        load.stopped = True
        await running
    assert process.returncode == 0, output.decode()
    left = made.qryvanta("app", "plan", "load", "--json")
    return [
        quiet.show("quiet"),
        changing.show(f"during the change ({seconds:.0f} s)"),
        *verdict(quiet, changing, left),
    ]


def verdict(quiet: Measured, changing: Measured, left: str) -> list[str]:
    """What was promised, and whether it held."""
    longest = max(changing.reads + changing.writes)
    slower = at(changing.reads, 0.99) / at(quiet.reads, 0.99)
    return [
        f"failed requests: {changing.failures.total()} (promised: 0)",
        f"longest wait: {longest * 1000:.0f} ms (promised: at most {LOCK_TIMEOUT * 1000 + 200:.0f})",
        f"read p99: {slower:.1f} times the quiet one (promised: less than 2)",
        f"left to do: {left.strip() or 'nothing'}",
    ]


def change_under_load(made: Installation) -> list[str]:
    """Fill the table, change it under load; the lines of the report."""
    home = made.settings.home
    first, second = Path(home, "load.json"), Path(home, "changed.json")
    first.write_text(json.dumps(manifest(BEFORE)))
    made.qryvanta("app", "apply", str(first), "--tenant", "first", "--yes")
    subprocess.run(
        [made.binaries / "psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-d", made.url],
        input=FILL,
        text=True,
        check=True,
    )
    second.write_text(json.dumps(changed(made)))
    with made.serving(1):
        return asyncio.run(measure(made, second))
