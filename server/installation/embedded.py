"""The embedded PostgreSQL of `QRYVANTA_HOME`: started by who needs it first, stopped by who leaves last."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import IO

from server.installation.account import account
from server.installation.binaries import embedded
from server.installation.cluster import ADMINISTRATOR, Cluster, ClusterError
from server.installation.secret import secret
from server.settings import Settings

LOGINS = ("qryvanta_server", "qryvanta_worker", "qryvanta_publisher", "qryvanta_backup")


def cluster(settings: Settings) -> Cluster:
    """The cluster of this installation, running or not."""
    directory = settings.home / "postgres"
    return Cluster(embedded(), directory, settings.postgres_port, account(directory))


def derive(settings: Settings) -> Settings:
    """`settings` with the addresses and the key that an embedded installation makes for itself."""
    own = cluster(settings)

    def address(login: str) -> str:
        return own.url(login, password(settings, login))

    return replace(
        settings,
        database_url=address(ADMINISTRATOR),
        server_database_url=address("qryvanta_server"),
        worker_database_url=address("qryvanta_worker"),
        publisher_database_url=address("qryvanta_publisher"),
        secret_key=settings.secret_key or secret(_secrets(settings), "secret_key"),
    )


def password(settings: Settings, login: str) -> str:
    """The generated password of a login of the embedded cluster."""
    return secret(_secrets(settings), f"{login}.password")


@contextmanager
def running(settings: Settings, stops: bool = False) -> Iterator[Cluster]:
    """Keep the cluster running; the last to leave stops it, as does with `stops` the one who started it."""
    _make_home(settings)
    own = cluster(settings)
    with (settings.home / "use.lock").open("w") as use:
        with _exclusive(settings):
            own.initialise(password(settings, ADMINISTRATOR))
            started = own.start()
            fcntl.flock(use, fcntl.LOCK_SH)
        try:
            yield own
        finally:
            with _exclusive(settings):
                if (stops and started) or _is_last(use):
                    own.stop()


def _make_home(settings: Settings) -> None:
    try:
        # The account that runs PostgreSQL passes through, but cannot list.
        settings.home.mkdir(mode=0o711, parents=True, exist_ok=True)
    except OSError as error:
        raise ClusterError(f"QRYVANTA_HOME: cannot make {settings.home}: {error.strerror}") from error
    if not os.access(settings.home, os.W_OK):
        raise ClusterError(f"QRYVANTA_HOME: {settings.home} belongs to another user")


@contextmanager
def _exclusive(settings: Settings) -> Iterator[None]:
    """One process at a time starts or stops."""
    with (settings.home / "start.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _is_last(use: IO[str]) -> bool:
    # The kernel releases the lock of a killed process, so nobody has to count.
    with suppress(BlockingIOError):
        fcntl.flock(use, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False


def _secrets(settings: Settings) -> Path:
    return settings.home / "secrets"
