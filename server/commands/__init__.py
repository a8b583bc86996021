"""The `qryvanta` command: one module per command, registered here."""

from importlib.metadata import version

import click

from server.commands.adopt import adopt_schema
from server.commands.app import app
from server.commands.app_change import dropped, preflight, purge, remedy, undrop
from server.commands.app_version import diff, rollback
from server.commands.bi import bi
from server.commands.data import data
from server.commands.doctor import doctor
from server.commands.drift import drift
from server.commands.failure import Group
from server.commands.migrate import migrate
from server.commands.psql import psql
from server.commands.serve import serve
from server.commands.tenant import tenant
from server.commands.token import token
from server.commands.up import up
from server.commands.user import user
from server.commands.work import work


@click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(version("qryvanta"), prog_name="qryvanta")
def qryvanta() -> None:
    """Business applications whose model PostgreSQL enforces."""


for command in (up, psql, migrate, serve, work, doctor, tenant, user, token, app, data, drift, bi):
    qryvanta.add_command(command)
for command in (diff, rollback, adopt_schema, preflight, remedy, dropped, undrop, purge):
    app.add_command(command)
