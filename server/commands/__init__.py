"""The `qryvanta` command: one module per command, registered here."""

import importlib
from importlib.metadata import version

import click

from server.commands.failure import Group

MODULES = ("up", "psql", "migrate", "serve", "work", "doctor", "tenant", "user", "token", "bi", "app", "drift", "data")


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("qryvanta"), prog_name="qryvanta")
def qryvanta() -> None:
    """Business applications whose model PostgreSQL enforces."""


for _module in MODULES:
    try:
        qryvanta.add_command(getattr(importlib.import_module(f"server.commands.{_module}"), _module))
    except ModuleNotFoundError:
        continue
