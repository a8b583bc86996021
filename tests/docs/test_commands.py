"""What the pages tell people to type does what the pages say."""

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from server.commands.demo import FOLDER, load_northwind
from server.installation.cluster import Cluster
from server.settings import load
from tests.database import Database

DOCS = Path(__file__).resolve().parents[2] / "docs"

# Commands of the pages that a test cannot run, and those whose answer is no.
ELSEWHERE = ("make ", "export PATH", "git ")
ASSETS = "qryvanta data import assets.asset assets.csv --tenant acme --map room_code=room.code"
REFUSED = {ASSETS, f"{ASSETS} --rejects rejects.csv"}


class Terminal:
    """A shell in an empty directory, as the reader of a page has it."""

    def __init__(self, database: Database, binaries: Path, folder: Path) -> None:
        programs = f"{Path(sys.executable).parent}:{binaries}"
        self.folder = folder
        self._environment = {
            **os.environ,
            "PATH": f"{programs}:{os.environ['PATH']}",
            "QRYVANTA_DATABASE_URL": database.administrator_url,
            "QRYVANTA_SERVER_DATABASE_URL": database.server_url,
            "QRYVANTA_WORKER_DATABASE_URL": database.worker_url,
        }

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command,
            shell=True,
            cwd=self.folder,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def terminal(database: Database, cluster: Cluster, tmp_path: Path) -> Terminal:
    return Terminal(database, cluster.binaries, tmp_path)


async def test_first_steps_lead_where_they_say(
    terminal: Terminal, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    page = (DOCS / "tutorial" / "first-steps.md").read_text()
    for name, text in files(page):
        (terminal.folder / name).write_text(text)

    await run_all(terminal, page)

    assert await connection.fetchval("select count(*) from assets.asset") == 2
    rejects = (terminal.folder / "rejects.csv").read_text()
    assert rejects.splitlines()[1].startswith("1003,Laptop,B999,2026-01-10,1200.00,2025-01-10,4,")
    assert "there is no Room with this key" in rejects
    assert "The warranty ends before it began" in rejects


async def test_the_pages_on_files_can_be_typed_in(
    terminal: Terminal, database: Database, connection: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    settings = load(
        {
            "QRYVANTA_DATABASE_URL": database.administrator_url,
            "QRYVANTA_WORKER_DATABASE_URL": database.worker_url,
        }
    )
    await load_northwind(connection, settings, "demo")
    for file in (FOLDER / "data").glob("*.csv"):
        (terminal.folder / file.name).write_bytes(file.read_bytes())

    for page in ("import.md", "export.md"):
        await run_all(terminal, (DOCS / "how-to" / page).read_text())

    assert len((terminal.folder / "orders.csv").read_text().splitlines()) == 831


@pytest.mark.parametrize("page", [*DOCS.rglob("*.md"), DOCS.parent / "README.md"], ids=lambda page: page.name)
def test_links_lead_to_files(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text())

    assert [target for target in targets if not (page.parent / target).exists()] == []


async def run_all(terminal: Terminal, page: str) -> None:
    for command in commands(page):
        done = await asyncio.to_thread(terminal.run, command)
        assert (command in REFUSED) == (done.returncode == 1), f"{command}\n{done.stdout}{done.stderr}"
        assert done.returncode in (0, 1), f"{command}\n{done.stdout}{done.stderr}"


def commands(page: str) -> Iterator[str]:
    for block in re.findall(r"```console\n(.*?)```", page, re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ ") and not line[2:].startswith(ELSEWHERE):
                yield line[2:]


def files(page: str) -> list[tuple[str, str]]:
    """The files that the page says to write: the last name in backquotes before each block."""
    pattern = r"`([a-z]+\.(?:yaml|csv))`[^`]*```(?:yaml|csv)\n(.*?)```"
    return re.findall(pattern, page, re.DOTALL)
