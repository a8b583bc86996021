"""The server and the worker as child processes: started, watched and stopped together."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from types import FrameType

from server.commands.failure import UNUSABLE, failure
from server.settings import Settings

STOP_SECONDS = 25.0
LOOK_SECONDS = 0.2


def server_command(settings: Settings, processes: int = 1) -> list[str]:
    """The web server: uvicorn with `processes` processes."""
    return [
        *[sys.executable, "-m", "uvicorn", "server.application:create_application", "--factory"],
        *["--host", settings.host, "--port", str(settings.port), "--workers", str(processes)],
        *["--loop", "uvloop", "--http", "httptools", "--lifespan", "on", "--no-server-header"],
        *["--no-access-log", "--log-level", "warning", "--timeout-graceful-shutdown", "10"],
        # uvicorn would believe anybody on this machine who says to be a proxy, and failed sign-ins
        # are counted by address.
        *([] if os.environ.get("FORWARDED_ALLOW_IPS") else ["--no-proxy-headers"]),
    ]


def worker_command() -> list[str]:
    """One worker."""
    return [sys.executable, "-m", "workers"]


def require_free_port(settings: Settings) -> None:
    """Refuse with one line when somebody else listens where the server should."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            where = f"QRYVANTA_HOST {settings.host}, QRYVANTA_PORT {settings.port}"
            raise failure(f"{where}: {error.strerror}", UNUSABLE) from error


@contextmanager
def terminable() -> Iterator[None]:
    """Let SIGTERM and SIGHUP end the command as Ctrl-C does, with everything cleaned up.

    SIGINT as well where a shell that started us in the background told us to ignore it.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # nohup means it
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, interrupt) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def supervise(
    commands: Mapping[str, list[str]], settings: Settings, ready: Callable[[], bool] = lambda: True
) -> None:
    """Run `commands` until Ctrl-C; when one ends by itself, end all and say which.

    `ready` is asked again and again until it says yes.
    """
    children = {name: _start(name, command, settings) for name, command in commands.items()}
    ended, is_ready = None, False
    try:
        while ended is None:
            is_ready = is_ready or ready()
            time.sleep(LOOK_SECONDS)
            ended = next((name for name, child in children.items() if child.poll() is not None), None)
    except KeyboardInterrupt:
        pass
    finally:
        _stop(list(children.values()))
    if ended:
        code = children[ended].returncode
        raise failure(f"the {ended} ended by itself (exit code {code})", UNUSABLE if code == UNUSABLE else 1)


def _start(name: str, command: list[str], settings: Settings) -> "subprocess.Popen[bytes]":
    # When we are killed, nobody else could stop our children: the kernel does.
    guard = ["setpriv", "--pdeathsig", "TERM", "--"] if shutil.which("setpriv") else []
    # A group of its own: Ctrl-C reaches only us, and we stop them in order.
    return subprocess.Popen([*guard, *command], env=_environment(name, settings), process_group=0)


def _environment(name: str, settings: Settings) -> dict[str, str]:
    """Ours, with the addresses written out and without the administrator's, which no child may have."""
    secrets = {
        "QRYVANTA_DATABASE_URL": None,
        "QRYVANTA_SERVER_DATABASE_URL": settings.server_database_url,
        "QRYVANTA_WORKER_DATABASE_URL": settings.worker_database_url,
        # Who serves requests may not change tables.
        "QRYVANTA_PUBLISHER_DATABASE_URL": settings.publisher_database_url if name == "worker" else None,
        "QRYVANTA_SECRET_KEY": settings.secret_key,
    }
    hidden = {*secrets, *(f"{name}_FILE" for name in secrets)}
    inherited = {name: value for name, value in os.environ.items() if name not in hidden}
    return (
        inherited | {name: value for name, value in secrets.items() if value} | {"QRYVANTA_LOG": settings.log}
    )


def _stop(children: list["subprocess.Popen[bytes]"]) -> None:
    # From here on impatience does not help: stopping is already under way.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for child in children:
        if child.poll() is None:
            child.terminate()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        try:
            child.wait(max(0.1, deadline - time.monotonic()))
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
