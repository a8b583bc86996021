"""What goes wrong becomes one line and an exit code: 1 the answer is no, 2 usage, 3 no usable database."""

import socket
from typing import Any

import asyncpg
import click

from server.installation.account import AccountMissing
from server.installation.binaries import BinariesMissing
from server.installation.cluster import ClusterError
from server.installation.login import LoginTooPowerful
from server.installation.migration import MigrationError
from server.settings import SettingsError

NO = 1
USAGE = 2
UNUSABLE = 3

OUR_OWN = (AccountMissing, BinariesMissing, ClusterError, LoginTooPowerful, MigrationError, SettingsError)

# Classes of SQLSTATE that say: the database is not there, not ours, or not migrated.
UNUSABLE_CLASSES = ("08", "28", "3D", "53", "57")
NOT_MIGRATED = ("3F000", "42P01", "42883", "42704")


class Group(click.Group):
    """A group whose commands end in one line instead of a traceback."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; translate what it raises."""
        try:
            return super().invoke(ctx)
        except OUR_OWN as error:
            raise failure(str(error), UNUSABLE) from error
        except asyncpg.PostgresError as error:
            raise failure(*_database_failure(error)) from error
        except (ConnectionError, TimeoutError, socket.gaierror, asyncpg.InterfaceError) as error:
            raise failure(f"cannot reach the database: {_first_line(error)}", UNUSABLE) from error
        except OSError as error:
            raise failure(f"{error.filename}: {error.strerror}", UNUSABLE) from error


def failure(message: str, exit_code: int = NO) -> click.ClickException:
    """An exception that prints `message` and ends the command with `exit_code` (1, 2 or 3)."""
    return FAILURES[exit_code](message)


class No(click.ClickException):
    """The answer is no."""

    exit_code = NO


class Usage(click.ClickException):
    """What was asked for makes no sense."""

    exit_code = USAGE


class Unusable(click.ClickException):
    """There is no database that could be used."""

    exit_code = UNUSABLE


FAILURES: dict[int, type[click.ClickException]] = {NO: No, USAGE: Usage, UNUSABLE: Unusable}


def _database_failure(error: asyncpg.PostgresError) -> tuple[str, int]:
    state = error.sqlstate or ""
    if state in NOT_MIGRATED:
        return f"the database is not migrated ({_first_line(error)}): run qryvanta migrate", UNUSABLE
    if state.startswith(UNUSABLE_CLASSES):
        # A login without password or a missing database is mostly an installation not migrated yet.
        hint = "; did qryvanta migrate run?" if state in ("28P01", "3D000") else ""
        return f"cannot use the database: {_first_line(error)}{hint}", UNUSABLE
    return _first_line(error), NO


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
