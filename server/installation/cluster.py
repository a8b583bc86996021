"""A PostgreSQL cluster of our own: initdb and pg_ctl on a data directory."""

import secrets
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from server.installation.account import Account
from server.installation.binaries import major_version

ACCESS = """\
# Only this machine, always with a password.
host all all 127.0.0.1/32 scram-sha-256
host all all ::1/128 scram-sha-256
"""


ADMINISTRATOR = "postgres"
PATIENCE = 10  # seconds


class ClusterError(Exception):
    """The cluster could not be made, started or stopped; the message is for people."""


@dataclass(frozen=True)
class Cluster:
    """A data directory, the programs that run it and the loopback port it listens on."""

    binaries: Path
    directory: Path
    port: int
    account: Account
    options: Mapping[str, str] = field(default_factory=dict)

    def initialise(self, password: str) -> None:
        """Make the data directory with superuser `postgres`; does nothing where one is complete."""
        if (self.directory / "PG_VERSION").exists():
            return
        self.directory.parent.mkdir(parents=True, exist_ok=True)
        self.account.reach(self.directory)
        self.account.reach(self.binaries / "postgres")
        # Made beside and renamed at the end: a killed initdb leaves nothing that looks complete.
        draft = self.directory.with_name(f"{self.directory.name}.{secrets.token_hex(4)}")
        draft.mkdir()
        self.account.give(draft, 0o700)
        self._create(draft, password)
        self.directory.parent.joinpath(draft.name).rename(self.directory)

    def start(self) -> bool:
        """Start the server and wait until it answers; False when it ran already."""
        if self.running():
            self._require_same_port()
            return False
        self._forget_dead_server()
        if not _free(self.port):
            raise ClusterError(
                f"port {self.port} is in use by another program: set QRYVANTA_POSTGRES_PORT to a free one"
            )
        log = self.directory / "server.log"
        settings = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            **self.options,
        }
        flags = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
        program = str(self.binaries / "pg_ctl")
        command = [program, "start", "-w", "-t", "120", "-D", str(self.directory), "-l", str(log)]
        for _ in range(PATIENCE):
            if self.account.run([*command, "-o", flags]).returncode == 0:
                return True
            if "shared memory block" not in _last_line(log):
                break
            time.sleep(1)  # The processes of a server that was killed are still on their way out.
        raise ClusterError(f"PostgreSQL did not start: {_last_line(log)} (more in {log})")

    def stop(self, mode: str = "fast") -> None:
        """Stop the server, which disconnects everybody (`fast`) or simulates a crash (`immediate`)."""
        if self.running():
            self.account.run([self.binaries / "pg_ctl", "stop", "-w", "-m", mode, "-D", self.directory])

    def running(self) -> bool:
        """Whether a server of this data directory runs."""
        # pg_ctl believes the number in the pid file. After a crash it may be that of another cluster,
        # which it would then stop in place of ours.
        self._forget_dead_server()
        result = self.account.run([self.binaries / "pg_ctl", "status", "-D", self.directory])
        return result.returncode == 0

    def url(self, login: str, password: str, database: str = "qryvanta") -> str:
        """The address of `database` for `login`."""
        return f"postgresql://{login}:{quote(password)}@127.0.0.1:{self.port}/{database}"

    def _create(self, draft: Path, password: str) -> None:
        secret = draft.with_name(f"{draft.name}.password")
        secret.touch(mode=0o600)
        secret.write_text(password)
        self.account.give(secret, 0o600)
        try:
            result = self.account.run(
                [
                    *(self.binaries / "initdb", "-D", draft, "-U", ADMINISTRATOR, "-E", "UTF8"),
                    *("--auth=scram-sha-256", f"--pwfile={secret}", *self._locale()),
                ]
            )
        finally:
            secret.unlink()
        if result.returncode:
            raise ClusterError(f"initdb failed: {result.stdout.strip().splitlines()[-1]}")
        (draft / "pg_hba.conf").write_text(ACCESS)

    def _locale(self) -> list[str]:
        # The same order of text on every machine and after every upgrade of its libraries.
        if major_version(self.binaries) >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C.UTF-8"]

    def _require_same_port(self) -> None:
        """Raise ClusterError when the running server was started with another port than ours."""
        found = (self.directory / "postmaster.pid").read_text().splitlines()[3:4]
        if found and found[0].strip() != str(self.port):
            raise ClusterError(
                f"the database in {self.directory} listens on port {found[0].strip()}, not {self.port}: "
                f"set QRYVANTA_POSTGRES_PORT to {found[0].strip()}"
            )

    def _forget_dead_server(self) -> None:
        """Remove the pid file of a server that was killed: its number may be another program's now."""
        file = self.directory / "postmaster.pid"
        with suppress(FileNotFoundError, ValueError, IndexError):
            pid = int(file.read_text().splitlines()[0])
            if not _serves(pid, self.directory):
                file.unlink()


def free_port() -> int:
    """A loopback port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _serves(pid: int, directory: Path) -> bool:
    """Whether a process is the server of a data directory, in which it works."""
    try:
        return Path(f"/proc/{pid}/cwd").resolve(strict=True) == directory.resolve()
    except OSError:
        # Gone, or of another user, who has no business in our directory. Without /proc nobody can tell.
        return not Path("/proc/self").exists()


def _last_line(log: Path) -> str:
    lines = log.read_text(errors="replace").strip().splitlines() if log.exists() else []
    fatal = [line for line in lines if "FATAL" in line]
    return (fatal or lines or ["no log"])[-1]
