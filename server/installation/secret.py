"""Secrets that the installation makes for itself, one file each."""

import os
import secrets
from pathlib import Path


def secret(directory: Path, name: str) -> str:
    """The secret `name` in `directory`; made on first use (256 bits), readable by us alone."""
    file = directory / name
    if not file.exists():
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        _write(file, secrets.token_hex(32))
    return file.read_text().strip()


def _write(file: Path, content: str) -> None:
    # Complete or absent: a crash in between leaves no empty key.
    draft = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(content + "\n")
        stream.flush()
        os.fsync(descriptor)
    draft.rename(file)
