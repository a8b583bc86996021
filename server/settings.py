"""The environment as a frozen dataclass; every wrong setting is one line that names it."""

import os
import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

PREFIX = "QRYVANTA_"
SHORTEST_KEY = 32  # bytes, as many as the hash that signs
PLACEHOLDER = re.compile("change.?me", re.IGNORECASE)


class SettingsError(Exception):
    """A setting is wrong or missing; the message is one line and begins with its name."""


@dataclass(frozen=True)
class Settings:
    """How this installation is configured; `docs/reference/settings.md` says what each means."""

    home: Path
    database_url: str | None
    server_database_url: str | None
    worker_database_url: str | None
    publisher_database_url: str | None
    postgres_port: int
    secret_key: str | None
    host: str
    port: int
    public_url: str
    smtp_url: str | None
    log: Literal["text", "json"]
    development: bool = False

    @property
    def embedded(self) -> bool:
        """Whether this installation runs its own PostgreSQL: no address of another one is given."""
        # A server or a worker alone knows its own address only, never the administrator's.
        return not (self.database_url or self.server_database_url or self.worker_database_url)

    def required(self, name: str) -> str:
        """The setting `name`, such as `secret_key`; raises SettingsError where it is unset."""
        value = getattr(self, name)
        if value is None:
            raise SettingsError(f"{PREFIX}{name.upper()} is not set")
        return str(value)


def load(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of `environment`; raises SettingsError."""
    host = _read(environment, "HOST") or "127.0.0.1"
    port = _port(environment, "PORT", 8000)
    return Settings(
        home=Path(_read(environment, "HOME") or "./var").absolute(),
        database_url=_database_url(environment, "DATABASE_URL"),
        server_database_url=_database_url(environment, "SERVER_DATABASE_URL"),
        worker_database_url=_database_url(environment, "WORKER_DATABASE_URL"),
        publisher_database_url=_database_url(environment, "PUBLISHER_DATABASE_URL"),
        postgres_port=_port(environment, "POSTGRES_PORT", 54329),
        secret_key=_secret_key(environment),
        host=host,
        port=port,
        public_url=_public_url(environment, host, port),
        smtp_url=_url(environment, "SMTP_URL", ("smtp", "smtps")),
        log=_log(environment),
        development=_switch(environment, "DEVELOPMENT"),
    )


def _read(environment: Mapping[str, str], name: str) -> str | None:
    """The value of a setting, or the content of the file that `<NAME>_FILE` names; empty is unset."""
    value = environment.get(PREFIX + name) or None
    file = environment.get(f"{PREFIX}{name}_FILE") or None
    if file is None:
        return value
    if value is not None:
        raise SettingsError(f"{PREFIX}{name} and {PREFIX}{name}_FILE are both set: keep one")
    try:
        return Path(file).read_text().strip() or None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not text"
        raise SettingsError(f"{PREFIX}{name}_FILE: cannot read {file}: {reason}") from error


def _switch(environment: Mapping[str, str], name: str) -> bool:
    value = _read(environment, name) or "0"
    if value not in ("0", "1"):
        raise SettingsError(f"{PREFIX}{name} is {value!r}: it is 0 or 1")
    return value == "1"


def _port(environment: Mapping[str, str], name: str, default: int) -> int:
    value = _read(environment, name)
    if value is None:
        return default
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SettingsError(f"{PREFIX}{name} is {value!r}: a port is a number from 1 to 65535")
    return int(value)


def _url(environment: Mapping[str, str], name: str, schemes: tuple[str, ...]) -> str | None:
    value = _read(environment, name)
    if value is None:
        return None
    try:
        parts = urlsplit(value)
        valid = parts.scheme in schemes and (parts.port is None or parts.port > 0)
    except ValueError:
        valid = False
    if not valid:
        # The value is not shown: it may hold a password.
        raise SettingsError(f"{PREFIX}{name} must be an address that begins with {schemes[0]}://")
    return value


def _database_url(environment: Mapping[str, str], name: str) -> str | None:
    return _url(environment, name, ("postgresql", "postgres"))


def _secret_key(environment: Mapping[str, str]) -> str | None:
    key = _read(environment, "SECRET_KEY")
    if key is None:
        return None
    if len(key.encode()) < SHORTEST_KEY:
        raise SettingsError(f"{PREFIX}SECRET_KEY is shorter than {SHORTEST_KEY} bytes")
    if PLACEHOLDER.search(key):
        raise SettingsError(f"{PREFIX}SECRET_KEY is a placeholder: make one with openssl rand -hex 32")
    return key


def _public_url(environment: Mapping[str, str], host: str, port: int) -> str:
    given = _url(environment, "PUBLIC_URL", ("https", "http"))
    if given:
        return given.rstrip("/")
    # Nobody can open the address that means "every interface".
    name = "localhost" if host in ("0.0.0.0", "::") else f"[{host}]" if ":" in host else host
    return f"http://{name}:{port}"


def _log(environment: Mapping[str, str]) -> Literal["text", "json"]:
    value = _read(environment, "LOG")
    if value is None:
        return "text" if sys.stderr.isatty() else "json"
    if value == "text":
        return "text"
    if value == "json":
        return "json"
    raise SettingsError(f"{PREFIX}LOG is {value!r}: text or json")
