"""Is this installation in order? One function a question, each with its remedy."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

import asyncpg

from server.installation import embedded
from server.installation.login import too_powerful
from server.installation.migration import MigrationError, sqitch
from server.installation.preparation import OLDEST
from server.settings import Settings

SILENCE = timedelta(seconds=30)


@dataclass
class Finding:
    """The answer to one question."""

    subject: str
    state: Literal["ok", "warning", "fault"]
    message: str
    remedy: str | None = None


async def examine(
    connection: "asyncpg.Connection[asyncpg.Record]", settings: Settings, own: bool
) -> list[Finding]:
    """Everything there is to say; what depends on the migrations is left out while they are missing."""
    migrations = _migrations(settings, own)
    findings = [_version(connection), migrations]
    if migrations.state == "ok":
        questions: list[Question] = [_lints, _drift, _alarms, _event_triggers, _search, _worker]
        findings += [await question(connection) for question in questions]
    findings += [
        await _login(settings, "server_database_url"),
        await _login(settings, "worker_database_url"),
    ]
    if own:
        findings.append(_secrets(settings))
    elif settings.secret_key is None:
        findings.append(
            Finding("secret key", "fault", "QRYVANTA_SECRET_KEY is not set", "openssl rand -hex 32")
        )
    return findings


Question = Callable[["asyncpg.Connection[asyncpg.Record]"], Awaitable[Finding]]


def _version(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    version = connection.get_server_version()
    name = f"{version.major}.{version.micro}"
    if version.major < OLDEST:
        return Finding("PostgreSQL", "fault", f"{name} is too old", f"upgrade to {OLDEST} or later")
    return Finding("PostgreSQL", "ok", name)


def _migrations(settings: Settings, own: bool) -> Finding:
    psql = embedded.cluster(settings).binaries / "psql" if own else None
    try:
        report = sqitch(["status"], settings.required("database_url"), psql)
    except MigrationError:
        return Finding("migrations", "fault", "the database is not deployed", "qryvanta migrate")
    if "Nothing to deploy" in report:
        return Finding("migrations", "ok", "nothing to deploy")
    return Finding("migrations", "fault", "changes of this version are missing", "qryvanta migrate")


async def _lints(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    views = await connection.fetch(
        "select c.relname from pg_catalog.pg_class c"
        " where c.relnamespace = 'lint'::regnamespace and c.relkind = 'v' order by 1"
    )
    full = [
        view["relname"]
        for view in views
        # A name from the catalogue, of a schema that only migrations write to.
        if await connection.fetchval(f'select exists (select from lint."{view["relname"]}")')
    ]
    if full:
        names = ", ".join(f"lint.{name}" for name in full)
        return Finding(
            "lints", "fault", f"not empty: {names}", "qryvanta psql -- -c 'table lint.…' says more"
        )
    return Finding("lints", "ok", f"{len(views)} views are empty")


async def _drift(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    apps = await connection.fetch(
        "select a.name from meta.app a"
        " where a.published_version is not null and exists (select from publish.drift_steps(a.app_id))"
        " order by 1"
    )
    if apps:
        names = ", ".join(app["name"] for app in apps)
        return Finding(
            "drift", "fault", f"the database is not what was published: {names}", "qryvanta drift --repair"
        )
    return Finding("drift", "ok", "the database is what was published")


async def _alarms(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    alarms = await connection.fetch(
        "select a.target, a.what from publish.alarm a where a.repaired_at is null order by a.at"
    )
    if alarms:
        words = "; ".join(f"{alarm['target']}: {alarm['what']}" for alarm in alarms)
        return Finding("row security", "fault", words, "qryvanta drift --repair")
    return Finding("row security", "ok", "no alarm is open")


async def _search(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    installed = await connection.fetchval(
        "select x.installed_version is not null from pg_available_extensions x where x.name = 'pg_trgm'"
    )
    if installed:
        return Finding("search", "ok", "words and parts of words are indexed")
    words = "words are indexed; parts of words (contains) are looked for in every record"
    if installed is None:
        return Finding("search", "ok", f"{words}, because this PostgreSQL has no pg_trgm")
    remedy = "create extension pg_trgm; then qryvanta drift --repair"
    return Finding("search", "warning", words, remedy)


async def _event_triggers(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    if await connection.fetchval("select publish.watches_ddl()"):
        return Finding("event triggers", "ok", "changes by hand are recorded")
    return Finding(
        "event triggers",
        "warning",
        "missing or disabled: nobody sees who changes the structure by hand",
        "as a superuser: select publish.watch_ddl()",
    )


async def _worker(connection: "asyncpg.Connection[asyncpg.Record]") -> Finding:
    state = await connection.fetchrow("select * from api.queue_state()")
    seen_at = state["worker_seen_at"] if state else None
    if seen_at is None:
        return Finding("worker", "warning", "no worker runs", "qryvanta work (or qryvanta up)")
    if datetime.now(UTC) - seen_at > SILENCE:
        return Finding(
            "worker", "fault", f"silent since {seen_at:%Y-%m-%d %H:%M:%S} UTC", "restart qryvanta work"
        )
    if state and state["held_jobs"]:
        return Finding(
            "worker", "warning", f"{state['held_jobs']} jobs failed for good", "see queue.pgqueuer_log"
        )
    return Finding("worker", "ok", "at work")


async def _login(settings: Settings, name: str) -> Finding:
    subject, url = f"QRYVANTA_{name.upper()}", getattr(settings, name)
    if url is None:
        return Finding(subject, "fault", "is not set", f"set {subject}; docs/how-to/install.md shows how")
    try:
        connection = await asyncpg.connect(url)
    except (asyncpg.PostgresError, OSError) as error:
        return Finding(subject, "fault", f"cannot connect: {error}", "qryvanta migrate sets the password")
    try:
        fault = await too_powerful(connection)
    except asyncpg.UndefinedObjectError:
        return Finding(subject, "fault", "the roles are missing", "qryvanta migrate")
    finally:
        await connection.close()
    if fault:
        return Finding(subject, "fault", f"this login {fault}", "use qryvanta_server and qryvanta_worker")
    return Finding(subject, "ok", "bound by row-level security")


def _secrets(settings: Settings) -> Finding:
    directory = settings.home / "secrets"
    # S_IRWXG | S_IRWXO: anything for the group or the world.
    open_files = [file.name for file in directory.iterdir() if file.stat().st_mode & 0o077]
    if open_files:
        return Finding(
            "secrets", "fault", f"others may read {', '.join(open_files)}", f"chmod 600 {directory}/*"
        )
    return Finding("secrets", "ok", "readable by their owner alone")
