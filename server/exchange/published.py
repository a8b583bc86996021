"""The app as it is in force."""

import json

from asyncpg import Connection, Record

from server.model import App
from server.model.reading import read_app

MODEL = "select version, model::text from api.published_model() where app = $1"


async def published_app(connection: "Connection[Record]", name: str) -> App | None:
    """The published version of an app; None when there is none."""
    row = await connection.fetchrow(MODEL, name)
    return read_app(row["version"], json.loads(row["model"])) if row else None
