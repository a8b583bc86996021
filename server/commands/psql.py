"""`qryvanta psql`: psql as the administrator."""

import os
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import click

from server.commands.failure import failure
from server.installation import embedded
from server.installation.access import installation
from server.settings import load


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def psql(arguments: tuple[str, ...]) -> None:
    """psql as the administrator; everything after -- goes to it."""
    own = load().embedded
    with installation() as settings:
        program = str(embedded.cluster(settings).binaries / "psql") if own else shutil.which("psql")
        if program is None:
            raise failure("psql is not installed: apt-get install postgresql-client", 3)
        sys.exit(_run(program, settings.required("database_url"), arguments))


def _run(program: str, url: str, arguments: tuple[str, ...]) -> int:
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]
    address = urlunsplit(parts._replace(netloc=f"{parts.username or ''}@{host}"))
    environment = dict(os.environ)
    if parts.password:
        # Not on the command line, where every user of the machine could read it.
        environment["PGPASSWORD"] = unquote(parts.password)
    process = subprocess.Popen([program, "-d", address, *arguments], env=environment, cwd=Path.cwd())
    while True:
        try:
            return process.wait()
        except KeyboardInterrupt:
            continue  # Ctrl-C in psql cancels a query; it is psql's to answer.
