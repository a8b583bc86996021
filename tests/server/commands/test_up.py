"""`qryvanta up` as a person runs it: an address, a password, Ctrl-C; then again, and after a crash."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from server.installation import embedded
from server.installation.cluster import free_port
from server.settings import load

SECONDS = 90


@pytest.fixture
def settings() -> Iterator[dict[str, str]]:
    """An empty home, and ports that nobody uses."""
    home = Path(tempfile.mkdtemp(prefix="qryvanta-up-"))
    home.chmod(0o711)
    given = {
        "QRYVANTA_HOME": str(home / "var"),
        "QRYVANTA_PORT": str(free_port()),
        "QRYVANTA_POSTGRES_PORT": str(free_port()),
    }
    yield given
    if (home / "var").exists():
        embedded.cluster(load(given)).stop("immediate")
    shutil.rmtree(home)


@pytest.mark.skipif("QRYVANTA_TEST_POSTGRES_BIN" in os.environ, reason="about the embedded PostgreSQL")
def test_it_starts_stops_and_goes_on_with_the_same_data(settings: dict[str, str], tmp_path: Path) -> None:
    with up(settings, tmp_path / "first") as first:
        said = wait_for_address(first, tmp_path / "first")
        assert answers(settings)
        second = subprocess.run(
            command(), env=environment(settings), capture_output=True, text=True, check=False
        )
        first.send_signal(signal.SIGINT)
        assert first.wait(SECONDS) == 0

    assert re.search(r"^Password +\S{16}", said, re.MULTILINE)
    assert second.returncode == 3
    assert "QRYVANTA_PORT" in second.stderr
    assert not embedded.cluster(load(settings)).running()

    with up(settings, tmp_path / "again") as again:
        said = wait_for_address(again, tmp_path / "again")
        # A crash: nobody tidies up.
        again.kill()
        again.wait()
    assert "Password" not in said

    with up(settings, tmp_path / "after") as after:
        wait_for_address(after, tmp_path / "after")
        assert answers(settings)
        after.terminate()
        assert after.wait(SECONDS) == 0
    assert not embedded.cluster(load(settings)).running()


@contextmanager
def up(settings: dict[str, str], log: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with log.open("wb") as output:
        process = subprocess.Popen(command(), env=environment(settings), stdout=output, stderr=output)
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(SECONDS)


def wait_for_address(process: "subprocess.Popen[bytes]", log: Path) -> str:
    """What was said until the address was there."""
    deadline = time.monotonic() + SECONDS
    while "Ctrl-C stops everything" not in log.read_text():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.1)
    return log.read_text()


def answers(settings: dict[str, str]) -> bool:
    address = f"http://127.0.0.1:{settings['QRYVANTA_PORT']}/health/ready"
    with urllib.request.urlopen(address, timeout=10) as response:
        return bool(response.status == 200)


def command() -> list[str]:
    return [sys.executable, "-m", "server", "up", "--no-demo"]


def environment(settings: dict[str, str]) -> dict[str, str]:
    names = {name: value for name, value in os.environ.items() if not name.startswith("QRYVANTA_")}
    return names | settings
