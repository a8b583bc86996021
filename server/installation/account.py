"""The unprivileged system user that runs PostgreSQL, which refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

NAME = "qryvanta"


class AccountMissing(Exception):
    """PostgreSQL cannot run here, because nobody but root could run it."""


@dataclass(frozen=True)
class Account:
    """Who runs PostgreSQL; without `name` it is whoever we are."""

    name: str | None = None

    def run(self, command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
        """Run `command` as this account; never raises for its exit status."""
        # pg_ctl hands its output to the server it starts: a pipe would stay open with it.
        return subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            cwd="/",
            start_new_session=True,  # Ctrl-C is for us to answer, in order
            user=self.name,
            group=self._entry.pw_gid if self.name else None,
            extra_groups=[] if self.name else None,
        )

    def give(self, path: Path, mode: int) -> None:
        """Hand `path` to this account with permission bits `mode`."""
        os.chmod(path, mode)
        if self.name:
            os.chown(path, self._entry.pw_uid, self._entry.pw_gid)

    def reach(self, path: Path) -> None:
        """Let this account pass through the directories above `path`; changes only those that bar it."""
        if not self.name:
            return
        for directory in reversed(path.absolute().parents):
            mode = directory.stat().st_mode
            if not mode & 0o001 and directory.stat().st_uid == 0:
                print(f"chmod o+x {directory}  (so that user {self.name} reaches {path})")
                directory.chmod(mode | 0o001)

    @property
    def _entry(self) -> pwd.struct_passwd:
        return pwd.getpwnam(self.name or "")


def account(directory: Path | None = None) -> Account:
    """Who runs a cluster in `directory`: ourselves, but for root its owner or the system user `qryvanta`."""
    if os.geteuid() != 0:
        return Account()
    # A cluster that an ordinary user made stays theirs when root starts it.
    owner = directory.stat().st_uid if directory and directory.exists() else 0
    if owner != 0:
        return Account(pwd.getpwuid(owner).pw_name)
    try:
        pwd.getpwnam(NAME)
    except KeyError:
        _create()
    return Account(NAME)


def _create() -> None:
    program = shutil.which("useradd")
    if program is None:
        raise AccountMissing(f"PostgreSQL does not run as root and there is no useradd: add a user '{NAME}'")
    subprocess.run(
        [program, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", NAME],
        check=True,
        capture_output=True,
    )
