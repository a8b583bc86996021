"""`qryvanta migrate`: bring the system schemas to the state of this version."""

import click

from server.commands.execution import coroutine
from server.installation.access import installation
from server.installation.preparation import prepare
from server.settings import load


@click.command()
@coroutine
async def migrate() -> None:
    """Bring the database to the state of this version; safe to run again."""
    own = load().embedded
    with installation() as settings:
        click.echo((await prepare(settings, own)).strip())
