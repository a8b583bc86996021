"""The system schemas: sqitch deploys them, and privileges of the database itself are granted again."""

import os
import shutil
import subprocess
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg

ROOT = Path(__file__).resolve().parents[2]

# Privileges of the database itself belong to no sqitch change: a clone and a restore lose them.
DATABASE_PRIVILEGES = """
do $$
begin
    execute format('revoke create, temporary on database %1$I from public', current_database());
    execute format('grant create on database %1$I to qryvanta_owner', current_database());
    execute format('grant temporary on database %1$I to qryvanta_worker', current_database());
end
$$
"""


class MigrationError(Exception):
    """Sqitch could not bring the database to the state of the plan."""


def deploy(url: str, psql: Path | None = None, verify: bool = True) -> str:
    """Deploy what is missing in the database at `url` and return sqitch's account of it."""
    return sqitch(["deploy", *(["--verify"] if verify else [])], url, psql)


def sqitch(command: list[str], url: str, psql: Path | None = None) -> str:
    """Run a sqitch command on the database at `url`; raises MigrationError with its last words."""
    program = shutil.which("sqitch")
    if program is None:
        raise MigrationError("sqitch is not installed: apt-get install sqitch libdbd-pg-perl")
    client = [f"--client={psql}"] if psql else []
    target, environment = _target(url)
    result = subprocess.run(
        [program, command[0], *client, *command[1:], target],
        cwd=ROOT,
        env=environment,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if result.returncode:
        raise MigrationError(f"sqitch {command[0]} failed:\n{result.stdout}{result.stderr}")
    return result.stdout


async def grant_database(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Grant again what belongs to the database itself and so is in no dump, clone or change."""
    await connection.execute(DATABASE_PRIVILEGES)


def _target(url: str) -> tuple[str, dict[str, str]]:
    """Sqitch's form of `url` and an environment that holds its password, which no process list shows."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    address = urlunsplit(("", f"{parts.username or ''}@{host}", parts.path, parts.query, ""))
    environment = {
        **os.environ,
        # Its own name and no configuration of this machine: the same run everywhere, no question asked.
        "SQITCH_FULLNAME": "Qryvanta",
        "SQITCH_EMAIL": "qryvanta@localhost",
        "SQITCH_USER_CONFIG": os.devnull,
        "SQITCH_SYSTEM_CONFIG": os.devnull,
        "LC_ALL": "C.UTF-8",
        # A migration is no change by a stranger.
        "PGOPTIONS": f"{os.environ.get('PGOPTIONS', '')} -c qryvanta.publish=on".strip(),
    }
    if parts.password:
        environment["SQITCH_PASSWORD"] = environment["PGPASSWORD"] = unquote(parts.password)
    return f"db:pg:{address}", environment
