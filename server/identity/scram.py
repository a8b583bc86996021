"""Passwords of PostgreSQL logins as PostgreSQL stores them, so that none stands in a statement log."""

import hashlib
import hmac
import secrets
from base64 import b64encode

ITERATIONS = 4096


def new_password() -> str:
    """24 random bytes in characters that need no escaping in a connection string."""
    return secrets.token_urlsafe(24)


def verifier(password: str) -> str:
    """The SCRAM-SHA-256 verifier of an ASCII password (RFC 5803, as in `pg_authid.rolpassword`)."""
    salt = secrets.token_bytes(16)
    salted = hashlib.pbkdf2_hmac("sha256", password.encode("ascii"), salt, ITERATIONS)
    stored = hashlib.sha256(hmac.digest(salted, b"Client Key", "sha256")).digest()
    server = hmac.digest(salted, b"Server Key", "sha256")
    return f"SCRAM-SHA-256${ITERATIONS}:{_text(salt)}${_text(stored)}:{_text(server)}"


def _text(octets: bytes) -> str:
    return b64encode(octets).decode()
