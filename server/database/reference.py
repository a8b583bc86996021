"""Print `docs/reference/errors.md`: python -m server.database.reference > docs/reference/errors.md"""

from server.database.errors import REFUSALS, UNKNOWN

HEAD = """# Errors of the API

Made from the table in `server/database/errors.py`; a test compares the two.

Every error is
`{"code", "message", "details": null, "hint": null, "errors": [{"field", "rule", "message"}]}`.
`code` is PostgreSQL's SQLSTATE, or `PGRST…` as in PostgREST where the request cannot be understood.
`field` is a column of the record, or null; `rule` is `required`, `type`, `unique`, `reference`, the
kind of a check (`min`, `max`, `length`, `pattern`, `choice`, `required_when`, `period`, `transition`, …)
or the name of a rule of the entity.
With several records `record` is the place of the faulty one, from 0. A 412 carries the record as it
is now in `current`; its code is `QA412`. PostgreSQL's DETAIL and HINT never leave the server.

The longest code that begins like the SQLSTATE counts. 503 carries `Retry-After`; serialization failures and
deadlocks are tried again by the server first.

| SQLSTATE | status | message |
|---|---|---|
"""


def page() -> str:
    """The page as Markdown."""
    rows = [f"| `{code}` | {status} | {message} |" for code, (status, message) in sorted(REFUSALS.items())]
    status, message = UNKNOWN
    return HEAD + "\n".join([*rows, f"| other | {status} | {message} |"]) + "\n"


if __name__ == "__main__":
    print(page(), end="")
