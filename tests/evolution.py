"""The life of a model: published, filled, changed at random many times, and what must hold after each."""

import json
from collections import Counter
from dataclasses import dataclass, field
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from server import publication
from server.manifest import ManifestError, canonical, from_json, load
from tests.acting import member
from tests.changes import CHANGES, WIDER, drawn
from tests.model import Element, models
from tests.publishing import Connection, tenant
from tests.rows import Held, fill, held, losses

CHANGES_OF_A_LIFE = 50
MOST_AT_ONCE = 8

FACTS = """
    select format('column %s.%s %s %s %s %s', table_name, column_name, sql_type, not_null, generated, comment)
    from compile.actual_column
    where schema_name = $1 and table_name !~ '^_dropped_' and column_name !~ '^_dropped_'
    union all
    select format('%s %s.%s %s %s', kind, table_name, name, deparsed, comment)
    from compile.actual_definition($1)
    where table_name !~ '^_dropped_' and name !~ '^_dropped_'
    union all
    select format('grant %s.%s %s %s', table_name, column_name, grantee, privilege)
    from compile.actual_grant($1)
    where table_name !~ '^_dropped_' and column_name !~ '^_dropped_'
    union all
    select format('table %s %s %s %s %s', table_name, owner_name, row_security, force_row_security, comment)
    from compile.actual_table
    where schema_name = $1 and table_name !~ '^_dropped_'
"""


class Refused(Exception):
    """A publish that the database rightly refuses, for what the rows hold."""


@dataclass
class Life:
    """One app in a database of its own."""

    connection: Connection
    chance: Random
    people: dict[UUID, list[UUID]] = field(default_factory=dict)
    app_id: UUID | None = None
    counts: Counter[str] = field(default_factory=Counter)
    told: list[str] = field(default_factory=list)

    async def live(self, changes: int = CHANGES_OF_A_LIFE) -> None:
        """From a first version through at least this many changes, back to the first and forward again."""
        for name in ("demo", "other"):
            owner = await tenant(self.connection, name)
            self.people[owner] = [
                await member(self.connection, owner, f"{person}@{name}.example") for person in ("ann", "bob")
            ]
        await self.publish(load(canonical(drawn(models(), self.chance)).encode()))
        first, first_facts = await self.manifest(), await self.facts()
        await fill(self.connection, await self.model(), self.people, self.chance)
        most = MOST_AT_ONCE
        while self.counts["changes"] < changes:
            most = await self.change(most)
        last, last_facts = await self.manifest(), await self.facts()
        for version, facts in ((first, first_facts), (last, last_facts)):
            try:
                await self.publish(version)
            except Refused:
                # Later rows need not fit an earlier version.
                await self.empty()
                await self.publish(version)
            assert not (differ := set(facts) ^ set(await self.facts())), sorted(differ)[:10]

    async def change(self, most: int) -> int:
        """Publish some changes; a refused publish must leave no trace. How many to try at once next."""
        wanted = (await self.manifest()).data
        told = altered(wanted, self.chance, self.chance.randrange(1, most + 1))
        self.told.append(", ".join(told))
        before = await self.manifest(), await self.facts(), await held(self.connection, await self.model())
        try:
            await self.publish(load(canonical(wanted).encode()))
        except (ManifestError, Refused) as refusal:
            self.told[-1] += f" → refused: {str(refusal)[:200]}"
            self.counts["refused"] += 1
            manifest, facts, rows = before
            await publication.store(self.connection, manifest, next(iter(self.people)))
            assert await self.facts() == facts, "a refused publish changed the catalogue"
            assert await held(self.connection, await self.model()) == rows, "a refused publish changed rows"
            # The catalogue is as it was, so it is as sound as it was.
            assert self.app_id
            assert not (left := await publication.plan(self.connection, self.app_id)), left[:5]
            return max(1, most // 2)
        self.counts["changes"] += len(told)
        self.counts["rows"] += await fill(self.connection, await self.model(), self.people, self.chance)
        return MOST_AT_ONCE

    async def publish(self, manifest: Any) -> None:
        """Publish; then nothing is left to do, nothing wrong, and no value that could survive is lost."""
        known = await self.model() if self.app_id else None
        before: Held = await held(self.connection, known) if known else {}
        self.app_id = await publication.store(self.connection, manifest, next(iter(self.people)))
        try:
            await publication.publish(self.connection, self.app_id, allow_data_loss=True)
        except asyncpg.PostgresError as error:
            if error.sqlstate[:2] in ("22", "23") or error.sqlstate in REFUSALS:
                raise Refused(str(error)) from error
            raise
        await self.sound()
        exported = await self.export()
        await publication.store(self.connection, load(exported.encode()), next(iter(self.people)))
        assert await self.export() == exported, "a second export is another"
        model = await self.model()
        changing = computed(model) | (narrowed(known, model) if known else set())
        lost = losses(before, await held(self.connection, model), changing)
        assert not lost, lost[:5]

    async def empty(self) -> None:
        """Delete all rows for good, also of what was set aside."""
        tables = await self.connection.fetch(
            "select c.oid::regclass::text as name from pg_class c where c.relkind = 'r' and c.relnamespace = "
            "(select a.name::regnamespace from meta.app a where a.app_id = $1)",
            self.app_id,
        )
        async with self.connection.transaction():
            await self.connection.execute("set local session_replication_role = replica")
            for table in tables:
                await self.connection.execute(f"delete from {table['name']}")

    async def sound(self) -> None:
        """Draft, version in force and catalogue agree, also where a plan does not look any more."""
        assert self.app_id
        whole = self.connection.transaction()
        await whole.start()
        await self.connection.execute("delete from publish.settled")
        left = await publication.plan(self.connection, self.app_id)
        await whole.rollback()
        assert not left, left[:5]
        left = await publication.plan(self.connection, self.app_id)
        assert not left, left[:5]
        left = await publication.drift(self.connection, self.app_id)
        assert not left, left[:5]
        findings = await self.connection.fetch("select name, object, detail from lint.finding")
        assert not findings, findings[:5]

    async def manifest(self) -> Any:
        """The draft, as it is exported and read again."""
        return load((await self.export()).encode())

    async def export(self) -> str:
        text = await self.connection.fetchval("select meta.manifest($1)::text", self.app_id)
        return canonical(from_json(text))

    async def model(self) -> Element:
        """The model in force."""
        text = await self.connection.fetchval(
            """
            select v.model::text
            from publish.version v
            join meta.app a on a.app_id = v.app_id and a.published_version = v.number
            where a.app_id = $1
            """,
            self.app_id,
        )
        found: Element = json.loads(text)
        return found

    async def facts(self) -> list[str]:
        """What the catalogue says of the app, the order of columns aside."""
        name = await self.connection.fetchval("select name from meta.app where app_id = $1", self.app_id)
        rows = await self.connection.fetch(FACTS, name)
        return sorted(row[0] for row in rows)


# Refused for what the rows hold, said before anything is done.
REFUSALS = ("QP008",)


def altered(model: Element, chance: Random, wanted: int) -> list[str]:
    """Make this many changes to a manifest; what they were. One that would make it invalid is taken back."""
    told: list[str] = []
    while len(told) < wanted:
        change = chance.choice(CHANGES)
        before = json.dumps(model, default=str)
        if change(model, chance):
            told.append(change.__name__)
        else:
            model.clear()
            model.update(load(before.encode()).data)
    return told


def narrowed(before: Element, after: Element) -> set[str]:
    """The ids of fields that have another type, which not every value fits: the leave to lose was given."""
    types = {item["id"]: item["type"] for entity in before["entities"] for item in entity["fields"]}
    return {
        item["id"]
        for entity in after["entities"]
        for item in entity["fields"]
        if item["id"] in types and item["type"] not in (types[item["id"]], *WIDER.get(types[item["id"]], []))
    }


def computed(model: Element) -> set[str]:
    """The ids of fields whose values follow from others."""
    return {
        item["id"]
        for entity in model["entities"]
        for item in entity["fields"]
        if item["formula"] or item["rollup"]
    }
