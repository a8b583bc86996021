"""A stored file in one line."""

from hashlib import sha256
from uuid import UUID

from server.query.caller import Connection as Pooled
from tests.acting import Connection

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256))


async def stored(connection: "Connection | Pooled", content: bytes = PNG, kind: str = "image/png") -> UUID:
    """The id of a file that whoever acts on the connection has sent, and that no record has yet."""
    file_id: UUID = await connection.fetchval("select storage.receive('a file', $1)", kind)
    await connection.execute("select storage.append($1, 0, array[$2::bytea])", file_id, content)
    await connection.execute("select storage.finish($1, $2, $3)", file_id, kind, sha256(content).hexdigest())
    return file_id
