"""`qryvanta serve`: run the web server."""

import asyncio

import click

from server.commands.process import require_free_port, server_command, supervise, terminable
from server.installation.access import installation
from server.installation.login import check_login


@click.command()
@click.option(
    "--workers", "processes", default=1, type=click.IntRange(1, 256), help="Processes, one per core."
)
def serve(processes: int) -> None:
    """Serve screens and API until stopped."""
    with terminable(), installation() as settings:
        settings.required("secret_key")
        asyncio.run(check_login("QRYVANTA_SERVER_DATABASE_URL", settings.required("server_database_url")))
        require_free_port(settings)
        supervise({"server": server_command(settings, processes)}, settings)
