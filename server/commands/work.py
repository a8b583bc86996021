"""`qryvanta work`: run one worker."""

import asyncio

import click

from server.commands.process import supervise, terminable, worker_command
from server.installation.access import installation
from server.installation.login import check_login


@click.command()
def work() -> None:
    """Run jobs until stopped; start one per core."""
    with terminable(), installation() as settings:
        asyncio.run(check_login("QRYVANTA_WORKER_DATABASE_URL", settings.required("worker_database_url")))
        supervise({"worker": worker_command()}, settings)
