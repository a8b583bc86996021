"""API tokens: shown once, stored as a hash."""

import secrets
from hashlib import sha256

PREFIX = "qry_"


def new_token() -> str:
    """A token of 32 random bytes; the prefix lets secret scanners find a leaked one."""
    return PREFIX + secrets.token_urlsafe(32)


def digest(token: str) -> bytes:
    """What is stored. A fast hash is enough, because nobody can guess 32 random bytes."""
    return sha256(token.encode()).digest()
