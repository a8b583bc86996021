"""An installation of its own for the measurements: the embedded PostgreSQL with its usual settings."""

import json
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from server.installation import embedded
from server.installation.cluster import free_port
from server.settings import Settings, load

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Installation:
    """Where it lives and how its parts are reached."""

    environment: dict[str, str]
    settings: Settings
    binaries: Path

    @property
    def url(self) -> str:
        """The administrator's connection."""
        return self.settings.required("database_url")

    @property
    def address(self) -> str:
        """Where its server listens."""
        return f"http://127.0.0.1:{self.settings.port}"

    def command(self, *arguments: str) -> list[str]:
        """A qryvanta command."""
        return [sys.executable, "-m", "server", *arguments]

    def qryvanta(self, *arguments: str) -> str:
        """Run a qryvanta command; what it prints."""
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout

    def psql(self, statement: str) -> str:
        """Run SQL as the administrator; what psql prints, bare."""
        return subprocess.run(
            [self.binaries / "psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-d", self.url, "-c", statement],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout.strip()

    def token(self, tenant: str) -> str:
        """An API token of a new owner of the tenant."""
        email = f"bench@{tenant}.example"
        self.qryvanta("user", "create", email, "--tenant", tenant, "--role", "owner", "--json")
        made = json.loads(self.qryvanta("token", "create", "--user", email, "--tenant", tenant, "--json"))
        return str((made[0] if isinstance(made, list) else made)["token"])

    @contextmanager
    def serving(self, processes: int) -> Iterator[None]:
        """Its server, with this many processes."""
        command = self.command("serve", "--workers", str(processes))
        with subprocess.Popen(command, env=self.environment) as server:
            try:
                _await(f"{self.address}/health/ready")
                yield
            finally:
                server.terminate()
                server.wait()


@contextmanager
def installation() -> Iterator[Installation]:
    """A migrated installation in a temporary directory, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="qryvanta-bench-") as home:
        Path(home).chmod(0o711)
        environment = {name: value for name, value in os.environ.items() if not name.startswith("QRYVANTA_")}
        environment |= {
            "QRYVANTA_HOME": f"{home}/var",
            "QRYVANTA_POSTGRES_PORT": str(free_port()),
            "QRYVANTA_PORT": str(free_port()),
            "QRYVANTA_LOG": "text",
        }
        settings = load(environment)
        with embedded.running(settings, stops=True) as cluster:
            made = Installation(environment, embedded.derive(settings), cluster.binaries)
            made.qryvanta("migrate")
            yield made


def _await(address: str) -> None:
    for _ in range(300):
        try:
            with urllib.request.urlopen(address):
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(address)
