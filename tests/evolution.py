"""The life of a model: published, filled, changed at random many times, and what must hold after each."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import asyncpg

from server import publication, quarantine
from server.manifest import Manifest, ManifestError, canonical, from_json, load
from server.publication import Step
from tests.acting import member
from tests.changes import altered
from tests.changes.element import drawn
from tests.memory import Memory
from tests.model import Element, models
from tests.publishing import Connection, tenant
from tests.remedying import decide
from tests.rows import fill
from tests.survival import Held, Remedied, held, losses
from tests.whole import facts

CHANGES_OF_A_LIFE = 50
MOST_AT_ONCE = 20
ONLINE = 0.15  # how many lives change every table with rows as a large one
UNDROPPED = 0.2  # how often something that was dropped comes back
PURGED = 0.03  # how often what was dropped is deleted for good
REMEDIED = 0.8  # how often something is decided about rows that break a draft
BROKEN = "QP008"


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
    memory: Memory = field(default_factory=Memory)

    @property
    def retyping(self) -> bool:
        """Whether what is told last may give a column another type; a new field may take a known name."""
        return bool(self.told) and bool(
            {"widen", "narrow", "undrop", "back", "forward", "drop_field"} & set(self.told[-1].split(", "))
        )

    async def live(self, changes: int = CHANGES_OF_A_LIFE) -> None:
        """From a first version through at least this many changes, back to the first and forward again."""
        for name in ("demo", "other"):
            owner = await tenant(self.connection, name)
            self.people[owner] = [
                await member(self.connection, owner, f"{person}@{name}.example") for person in ("ann", "bob")
            ]
        if self.chance.random() < ONLINE:
            self.told.append("online")
            await self.connection.execute("set qryvanta.online_size = 0")
        await self.publish(load(canonical(drawn(models(), self.chance)).encode()))
        first, first_facts = await self.manifest(), await self.facts()
        await self.fill()
        most = MOST_AT_ONCE
        while self.counts["changes"] < changes:
            most = await self.change(most)
        last, last_facts = await self.manifest(), await self.facts()
        for version, seen in ((first, first_facts), (last, last_facts)):
            self.told.append("back" if version is first else "forward")
            try:
                await self.publish(version)
            except Refused:
                # Later rows need not fit an earlier version.
                await self.empty()
                await self.publish(version)
            # That a rule holds for new rows only was decided about rows, and is no part of a version.
            differ = {fact.replace(" NOT VALID", "") for fact in seen} ^ {
                fact.replace(" NOT VALID", "") for fact in await self.facts()
            }
            assert not differ, sorted(differ)[:10]

    async def change(self, most: int) -> int:
        """Publish some changes; a refused publish must leave no trace. How many to try at once next."""
        wanted, told = await self.draft(most)
        self.told.append(", ".join(told))
        before = await self.manifest(), await self.facts(), await held(self.connection, await self.model())
        try:
            await self.publish(load(canonical(wanted).encode()), remedied=True)
        except (ManifestError, Refused) as refusal:
            self.told[-1] += f" → refused: {str(refusal)[:300]}"
            self.counts["refused"] += 1
            await self.connection.execute("delete from publish.remedy")
            manifest, seen, rows = before
            await publication.store(self.connection, manifest, next(iter(self.people)))
            assert await self.facts() == seen, "a refused publish changed the catalogue"
            assert await held(self.connection, await self.model()) == rows, "a refused publish changed rows"
            # The catalogue is as it was, so it is as sound as it was.
            assert self.app_id
            assert not (left := await publication.plan(self.connection, self.app_id)), left[:5]
            return max(1, most // 2)
        self.counts["changes"] += len(told)
        await self.fill()
        return MOST_AT_ONCE

    async def draft(self, most: int) -> tuple[Element, list[str]]:
        """What to publish next, and what is changed by it."""
        assert self.app_id
        if self.chance.random() < PURGED:
            await quarantine.purge(self.connection, self.app_id, timedelta())
            self.memory.forget_dropped(await self.model())
        wanted = (await self.manifest()).data
        told = []
        dropped = await quarantine.dropped(self.connection, self.app_id)
        known = sorted({item.element for item in dropped if item.element}, key=str)
        if known and self.chance.random() < UNDROPPED:
            text = await self.connection.fetchval(
                "select publish.recovered($1, $2)::text", self.app_id, self.chance.choice(known)
            )
            wanted = load(canonical(from_json(text)).encode()).data
            told.append("undrop")
        if not told or self.chance.random() < 0.5:
            told += altered(wanted, self.chance, self.chance.randrange(1, most + 1))
        return wanted, told

    async def publish(self, manifest: Manifest, *, remedied: bool = False) -> None:
        """Publish; then nothing is left to do, nothing wrong, and no value that could survive is lost."""
        known = await self.model() if self.app_id else None
        before: Held = await held(self.connection, known) if known else {}
        self.app_id = await publication.store(self.connection, manifest, next(iter(self.people)))
        decided: dict[str, Remedied] = {}
        steps = await self.pushed(decided, remedied)
        await self.sound()
        exported = await self.export()
        await publication.store(self.connection, load(exported.encode()), next(iter(self.people)))
        assert await self.export() == exported, "a second export is another"
        model = await self.model()
        after = await held(self.connection, model)
        if known:
            lost = losses(before, after, (known, model), steps, decided)
            assert not lost, lost[:5]
        lost = self.memory.unlike(before, after, model, steps, decided)
        assert not lost, lost[:5]
        self.memory.remember(after)

    async def pushed(self, decided: dict[str, Remedied], remedied: bool) -> list[Step]:
        """Publish the draft, at times with remedies for the rows that break it; its plan."""
        assert self.app_id
        given: set[tuple[str, str]] = set()
        while True:
            # A plan says what is lost where a type changes.
            planned = await publication.plan(self.connection, self.app_id) if self.retyping else []
            try:
                await publication.publish(self.connection, self.app_id, allow_data_loss=True)
                return planned
            except asyncpg.PostgresError as error:
                if error.sqlstate == BROKEN and remedied and self.chance.random() < REMEDIED:
                    broken = await publication.preflight(self.connection, self.app_id)
                    again = {(item.path, item.rule) for item in broken} & given
                    assert not again, f"remedied, and broken again: {again}"
                    if tried := await decide(self.connection, self.app_id, broken, self.chance, decided):
                        given |= tried
                        self.counts["remedies"] += len(tried)
                        continue
                if error.sqlstate[:2] in ("22", "23"):
                    self.told.append(f"unforeseen: {error.sqlstate} {error}")
                    self.counts["unforeseen"] += 1
                elif error.sqlstate != BROKEN:
                    raise
                raise Refused(str(error)) from error

    async def fill(self) -> None:
        model = await self.model()
        self.counts["rows"] += await fill(self.connection, model, self.people, self.chance)
        self.memory.remember(await held(self.connection, model))

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
        self.memory.last.clear()

    async def sound(self) -> None:
        """Draft, version in force and catalogue agree, also where a plan does not look any more."""
        assert self.app_id
        whole = self.connection.transaction()
        await whole.start()
        await self.connection.execute("delete from publish.settled")
        left = await publication.drift(self.connection, self.app_id)
        await whole.rollback()
        assert not left, left[:5]
        left = await publication.plan(self.connection, self.app_id)
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
        """What the catalogue says of the app."""
        name = await self.connection.fetchval("select name from meta.app where app_id = $1", self.app_id)
        return await facts(self.connection, name)
