"""Run the program as an operator does."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import Process
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.database import Database


@dataclass(frozen=True)
class Result:
    """What a command said, and its exit code."""

    code: int
    output: str
    errors: str

    @property
    def rows(self) -> Any:
        """The JSON that was printed."""
        return json.loads(self.output)


async def qryvanta(database: Database, *arguments: str | Path) -> Result:
    """Run `qryvanta` on a database; there is no terminal, so nothing is asked."""
    return await ended(await started(database, *arguments))


async def started(database: Database, *arguments: str | Path) -> Process:
    """The running command."""
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "server",
        *map(str, arguments),
        env={
            **{name: value for name, value in os.environ.items() if not name.startswith("QRYVANTA_")},
            "QRYVANTA_DATABASE_URL": database.administrator_url,
            "QRYVANTA_SERVER_DATABASE_URL": database.server_url,
            "QRYVANTA_WORKER_DATABASE_URL": database.worker_url,
        },
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )


async def ended(process: Process) -> Result:
    """Wait for a command that was started."""
    output, errors = await process.communicate()
    assert process.returncode is not None
    return Result(process.returncode, output.decode(), errors.decode())
