"""`qryvanta doctor`: what is wrong with this installation, and the remedy."""

import sys

import asyncpg
import click

from server.commands.execution import coroutine
from server.commands.failure import NO
from server.commands.output import as_json, show
from server.installation.access import installation
from server.installation.examination import Finding, examine
from server.settings import load

MARKS = {"ok": "ok", "warning": "look", "fault": "FAULT"}


@click.command()
@as_json
@coroutine
async def doctor(as_json: bool) -> None:
    """Say what is wrong with this installation and the remedy; exit 1 when something is."""
    own = load().embedded
    with installation() as settings:
        connection = await asyncpg.connect(settings.required("database_url"))
        try:
            findings = await examine(connection, settings, own)
        finally:
            await connection.close()
    if as_json:
        show([vars(finding) for finding in findings], as_json=True)
    else:
        for finding in findings:
            _print(finding)
    if any(finding.state == "fault" for finding in findings):
        sys.exit(NO)


def _print(finding: Finding) -> None:
    click.echo(f"{MARKS[finding.state]:6}{finding.subject}: {finding.message}")
    if finding.remedy:
        click.echo(f"      → {finding.remedy}")
