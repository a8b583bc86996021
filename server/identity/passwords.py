"""Passwords: argon2id, a minimum of sense, and the same work for unknown people."""

import unicodedata
from functools import cache

from anyio import CapacityLimiter, to_thread
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 10
MAXIMUM_LENGTH = 1000

# What people type when asked for ten characters.
_TRIED_FIRST = (
    "1234567890 12345678910 0123456789 9876543210 0987654321 1q2w3e4r5t 1qaz2wsx3edc qwertyuiop qwertzuiop "
    "qwerty1234 qwerty12345 asdfghjkl1 abcdefghij abcd123456 password12 password123 password1234 passwort123 "
    "passwordpassword letmein123 letmeinplease welcome123 welcome1234 changeme123 changemenow administrator "
    "admin12345 adminadmin iloveyou12 iloveyou123 sunshine123 trustno1trustno1 correcthorsebatterystaple "
    "qryvanta123 qryvanta1234 qryvantaqryvanta northwind123"
)
COMMON = frozenset(_TRIED_FIRST.split())

_hasher = PasswordHasher()


async def matches(password: str, stored: str | None) -> bool:
    """Whether the password belongs to the stored hash.

    A hash is verified even when there is none: an unknown account must take the time of a known one.
    """
    return await to_thread.run_sync(_matches, password, stored, limiter=_threads())


async def digest(password: str) -> str:
    """The argon2id hash to store."""
    return await to_thread.run_sync(_hasher.hash, _normal(password), limiter=_threads())


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def fault(password: str, *, email: str, name: str) -> str | None:
    """Why a new password is refused, as a sentence; None when it is not."""
    plain = _normal(password).casefold()
    if len(plain) < MINIMUM_LENGTH:
        return f"The password must have at least {MINIMUM_LENGTH} characters."
    if len(plain) > MAXIMUM_LENGTH:
        return f"The password must have at most {MAXIMUM_LENGTH} characters."
    if plain in COMMON or len(set(plain)) < 4:
        return "This password is one of the first that anybody would try."
    personal = {email.casefold(), email.casefold().partition("@")[0], name.casefold()}
    if any(len(part) >= 4 and part in plain and len(plain) - len(part) < 6 for part in personal):
        return "The password must be more than the name or the e-mail address."
    return None


def _matches(password: str, stored: str | None) -> bool:
    decoy = _decoy()
    try:
        _hasher.verify(stored or decoy, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


@cache
def _decoy() -> str:
    return _hasher.hash("nobody's password")


@cache
def _threads() -> CapacityLimiter:
    # Each hash takes 64 MiB: a flood of sign-ins must queue, not fill the memory.
    return CapacityLimiter(4)


def _normal(password: str) -> str:
    # The same letters typed on another keyboard may be other code points. Cut: hashing is work.
    return unicodedata.normalize("NFKC", password[: MAXIMUM_LENGTH + 1])
