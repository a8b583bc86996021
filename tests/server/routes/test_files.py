"""Files through the record API: in and out, and to whom."""

import asyncio
import hashlib
import resource
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from tests.acting import Connection, member
from tests.database import Database
from tests.publishing import app, entity, field, publish, tenant
from tests.server.routes.client import Client, running

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
PDF = b"%PDF-1.7\n" + b"x" * 1000
ARCHIVE = app(
    "shop",
    entity(
        "paper",
        field("name"),
        field("scan", "image"),
        field("manual", "file", max_size="600kB", accept=["application/pdf", "text/*"]),
        field("contract", "file", sensitive=True),
        recycle=True,
        ownership="owned",
    ),
    entity("stamp", field("mark", "image", required=True)),
    roles=[
        {
            "name": "clerk",
            "grants": [{"entity": "paper", "read": "own", "create": True, "update": "own", "delete": "own"}],
        },
        {
            "name": "reader",
            "grants": [{"entity": "paper", "read": "tenant"}],
        },
    ],
)


@pytest.fixture
async def archive(database: Database, connection: Connection) -> AsyncIterator[Client]:
    await publish(connection, ARCHIVE)
    tenant_id = await tenant(connection)
    async with running(
        database.server_url, tenant_id, await member(connection, tenant_id, "a@x.org")
    ) as client:
        yield client


async def send(
    client: Client, address: str, content: Any, kind: str = "application/octet-stream", **more: Any
) -> Any:
    return await client.ask(
        "PUT", address, content=content, headers={"Content-Type": kind, **more.pop("headers", {})}, **more
    )


async def paper(client: Client, **values: Any) -> str:
    return str((await client.add("paper", name="a", **values))["id"])


async def test_what_was_sent_comes_back_with_its_name_and_type(archive: Client) -> None:
    record = await paper(archive)

    sent = await send(
        archive, f"paper/{record}/manual", PDF, "application/pdf",
        headers={"Content-Disposition": "attachment; filename*=UTF-8''G%C3%BCnter%2Fplan.pdf"},
    )  # fmt: skip
    got = await archive.ask("GET", f"paper/{record}/manual")

    digest = hashlib.sha256(PDF).hexdigest()
    assert sent.status_code == 200, sent.text
    told = sent.json()
    assert told == {
        "id": told["id"], "name": "plan.pdf", "type": "application/pdf", "size": len(PDF), "sha256": digest
    }  # fmt: skip
    assert (await archive.get(f"paper/{record}"))["manual_id"] == told["id"]
    assert got.content == PDF
    assert got.headers["etag"] == f'"{digest}"'
    assert got.headers["content-type"] == "application/pdf"
    assert got.headers["content-length"] == str(len(PDF))
    assert got.headers["content-disposition"] == "attachment; filename*=UTF-8''plan.pdf"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in got.headers["content-security-policy"]


async def test_only_a_picture_that_holds_no_code_is_shown_in_place(archive: Client) -> None:
    record = await paper(archive)
    await send(archive, f"paper/{record}/scan?name=a.png", PNG, "text/html")
    await send(archive, f"paper/{record}/contract?name=a.html", b"<script>x()</script>", "text/html")

    image = await archive.ask("GET", f"paper/{record}/scan")
    page = await archive.ask("GET", f"paper/{record}/contract")

    assert image.headers["content-type"] == "image/png"
    assert image.headers["content-disposition"].startswith("inline;")
    assert page.headers["content-disposition"].startswith("attachment;")


@pytest.mark.parametrize("length", [0, 1, 262_143, 262_144, 262_145, 524_288, 1_048_577])
async def test_any_length_comes_back_whole_and_in_parts(archive: Client, length: int) -> None:
    record = await paper(archive)
    data = bytes(place % 251 for place in range(length))

    sent = await send(archive, f"paper/{record}/contract", data)
    whole = await archive.ask("GET", f"paper/{record}/contract")

    assert sent.status_code == 200, sent.text
    assert whole.content == data
    for first, last in [(0, 0), (length // 2, length - 1), (262_143, 262_145), (length - 1, length + 10)]:
        if 0 <= first <= min(last, length - 1):
            part = await archive.ask(
                "GET", f"paper/{record}/contract", headers={"Range": f"bytes={first}-{last}"}
            )
            assert part.status_code == 206
            assert part.content == data[first : last + 1]
            assert part.headers["content-range"] == f"bytes {first}-{min(last, length - 1)}/{length}"


async def test_ranges_and_known_content_are_answered_as_http_says(archive: Client) -> None:
    record = await paper(archive)
    await send(archive, f"paper/{record}/manual", PDF, "application/pdf")
    address, tag = f"paper/{record}/manual", f'"{hashlib.sha256(PDF).hexdigest()}"'

    async def ask(method: str = "GET", **headers: str) -> Any:
        return await archive.ask(
            method, address, headers={k.replace("_", "-"): v for k, v in headers.items()}
        )

    assert (await ask(Range="bytes=-5")).content == PDF[-5:]
    assert (await ask(Range="bytes=1000-")).content == PDF[1000:]
    assert (await ask(Range="bytes=5000-")).status_code == 416
    assert (await ask(Range="bytes=5-4")).status_code == 416
    assert (await ask(Range="bytes=0-1,4-5")).content == PDF
    assert (await ask(Range="bytes=0-1", If_Range='"old"')).status_code == 200
    assert (await ask(Range="bytes=0-1", If_Range=tag)).status_code == 206
    assert (await ask(If_None_Match=tag)).status_code == 304
    head = await ask("HEAD")
    assert (head.content, head.headers["content-length"]) == (b"", str(len(PDF)))


async def test_a_file_that_is_too_large_is_refused_before_it_is_read(archive: Client) -> None:
    record = await paper(archive)
    read = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 65_536
            yield b"%PDF-" + bytes(65_531)

    by_word = await send(
        archive, f"paper/{record}/manual", b"", "application/pdf", headers={"Content-Length": "614401"}
    )
    by_weight = await send(archive, f"paper/{record}/manual", endless(), "application/pdf")

    message = "Manual may have at most 600 kB"
    for answer in (by_word, by_weight):
        assert answer.status_code == 413
        assert answer.json()["errors"] == [{"field": "manual_id", "rule": "max_size", "message": message}]
    assert read < 2_000_000
    assert (await archive.ask("GET", f"paper/{record}/manual")).status_code == 404


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("manual", PNG, "application/pdf"),
        ("manual", b"no pdf", "application/pdf"),
        ("scan", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        ("scan", b"GIF is not it", "image/gif"),
        ("scan", b"", "image/png"),
    ],
)
async def test_the_bytes_tell_the_type_and_not_the_sender(
    archive: Client, connection: Connection, name: str, data: bytes, kind: str
) -> None:
    record = await paper(archive)

    answer = await send(archive, f"paper/{record}/{name}", data, kind)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["field"] == f"{name}_id"
    assert answer.json()["errors"][0]["rule"] == "accept"
    assert await connection.fetchval("select count(*) from storage.file") == 0


async def test_a_file_is_there_for_whoever_may_read_the_record_and_the_field(
    archive: Client, connection: Connection
) -> None:
    first = await paper(archive)
    for name in ("scan", "contract"):
        await send(archive, f"paper/{first}/{name}", PNG)
    tenant_id = await tenant(connection)
    other = await member(connection, tenant_id, "b@x.org")

    async def statuses() -> list[int]:
        return [
            (await archive.ask("GET", f"paper/{first}/{name}")).status_code
            for name in ("scan", "contract", "name")
        ]

    assert await statuses() == [200, 200, 404]
    archive.act_as("clerk")
    assert await statuses() == [200, 404, 404]
    archive.act_as("reader", user_id=other)
    assert await statuses() == [200, 404, 404]
    archive.act_as("clerk", user_id=other)
    assert await statuses() == [404, 404, 404]
    archive.act_as("_owner", tenant_id=await tenant(connection, "rival"))
    assert await statuses() == [404, 404, 404]
    archive.principal = None
    assert await statuses() == [401, 401, 401]


async def test_sending_needs_the_right_to_change_the_field(archive: Client, connection: Connection) -> None:
    record = await paper(archive)

    archive.act_as("reader")
    reader = await send(archive, f"paper/{record}/scan", PNG)
    archive.act_as("clerk")
    unseen = await send(archive, f"paper/{record}/contract", PNG)
    archive.act_as("clerk", user_id=await member(connection, await tenant(connection), "b@x.org"))
    foreign = await send(archive, f"paper/{record}/scan", PNG)

    assert [reader.status_code, unseen.status_code, foreign.status_code] == [403, 404, 404]
    assert await connection.fetchval("select count(*) from storage.file") == 0


async def test_a_file_belongs_to_one_record_and_to_its_sender_before(
    archive: Client, connection: Connection
) -> None:
    first, second = await paper(archive), await paper(archive)
    held = (await send(archive, f"paper/{first}/scan", PNG)).json()["id"]
    loose = (await send(archive, "paper/new/scan", PNG)).json()["id"]
    tenant_id = await tenant(connection)
    rival = await tenant(connection, "rival")

    async def give(file_id: str, record: str = second) -> int:
        return (await archive.ask("PATCH", f"paper/{record}", json={"scan_id": file_id})).status_code

    assert await give(held) == 409
    assert await give(str(uuid4())) == 409
    archive.act_as("_owner", user_id=await member(connection, tenant_id, "b@x.org"))
    assert await give(loose) == 409
    archive.act_as("_owner", tenant_id=rival)
    refused = await archive.ask("POST", "stamp", json={"mark_id": held})
    assert refused.status_code == 409
    assert refused.json()["message"] == "Mark must be a file that was sent for this record"


async def test_a_new_record_can_have_a_required_file(archive: Client) -> None:
    file = (await send(archive, "stamp/new/mark", PNG)).json()

    missing = await archive.ask("POST", "stamp", json={"mark_id": None})
    made = await archive.add("stamp", mark_id=file["id"])

    assert missing.status_code == 422
    assert (await archive.ask("GET", f"stamp/{made['id']}/mark")).content == PNG
    assert (await archive.ask("DELETE", f"stamp/{made['id']}/mark")).status_code == 422


async def test_the_version_is_honoured_and_what_was_refused_is_forgotten(
    archive: Client, connection: Connection
) -> None:
    record = await paper(archive)

    stale = await send(archive, f"paper/{record}/scan", PNG, headers={"If-Match": '"7"'})
    kept = await send(archive, f"paper/{record}/scan", PNG, headers={"If-Match": '"1"'})

    assert [stale.status_code, kept.status_code] == [412, 200]
    assert await connection.fetchval("select count(*) from storage.file") == 1


async def test_content_goes_a_day_after_the_reference(archive: Client, connection: Connection) -> None:
    replaced, cleared, deleted, binned = [await paper(archive) for _ in range(4)]
    for record in (replaced, cleared, deleted, binned):
        await send(archive, f"paper/{record}/scan", PNG)
    await send(archive, "paper/new/scan", PNG)
    await send(archive, f"paper/{replaced}/scan", PNG + b"2")
    await archive.ask("DELETE", f"paper/{cleared}/scan")
    for record in (deleted, binned):
        await archive.ask("DELETE", f"paper/{record}")
    await connection.execute("delete from shop.paper where id = $1", UUID(deleted))

    await connection.execute("select storage.purge()")
    at_once = await connection.fetchval("select count(*) from storage.chunk")
    await connection.execute(
        "update storage.file set created_at = created_at - interval '2 days',"
        " released_at = released_at - interval '2 days'"
    )
    await connection.execute("select storage.purge()")

    assert at_once == 6
    left = await connection.fetch(
        "select record_id, removed_at is null as kept from storage.file order by 2, 1"
    )
    assert {str(row["record_id"]) for row in left if row["kept"]} == {replaced, binned}
    assert sorted(str(row["record_id"]) for row in left if not row["kept"]) == sorted(
        [replaced, cleared, deleted]
    )
    assert await connection.fetchval("select count(*) from storage.chunk") == 2
    assert (await archive.ask("GET", f"paper/{replaced}/scan")).content == PNG + b"2"


async def test_the_change_log_has_the_reference_and_the_facts_stay(
    archive: Client, connection: Connection
) -> None:
    record = await paper(archive)
    file = (await send(archive, f"paper/{record}/scan?name=a.png", PNG)).json()

    logged = await connection.fetchval(
        "select new_values ->> 'scan_id' from audit.change where operation = 'U' and row_id = $1",
        UUID(record),
    )

    assert logged == file["id"]
    known = await connection.fetchrow(
        "select name, size, sha256 from storage.file where file_id = $1", UUID(logged)
    )
    assert tuple(known or ()) == ("a.png", len(PNG), hashlib.sha256(PNG).hexdigest())


async def test_the_database_itself_holds_size_and_type(archive: Client, connection: Connection) -> None:
    record = await paper(archive)
    loose = (await send(archive, "paper/new/contract", b"x" * 700_000, "text/plain")).json()["id"]
    wrong = (await send(archive, "paper/new/contract", PNG)).json()["id"]

    large = await archive.ask("PATCH", f"paper/{record}", json={"manual_id": loose})
    other = await archive.ask("PATCH", f"paper/{record}", json={"manual_id": wrong})

    assert large.status_code == 422
    assert large.json()["errors"][0]["message"] == "Manual may have at most 600 kB"
    assert other.json()["errors"][0]["message"] == "Manual must be one of application/pdf, text/*"


async def test_no_role_of_an_app_and_no_direct_login_reads_the_tables(
    archive: Client, connection: Connection
) -> None:
    granted = await connection.fetch(
        "select table_name, grantee from information_schema.role_table_grants"
        " where table_schema = 'storage' and grantee <> 'qryvanta_owner'"
    )

    assert granted == []
    await connection.execute("create role analyst login in role bi_shop_reader, qryvanta_app")
    await connection.execute("set session authorization analyst")
    with pytest.raises(asyncpg.InsufficientPrivilegeError, match="not open to direct SQL logins"):
        await connection.fetch("select * from storage.described(array[$1::uuid])", uuid4())
    await connection.execute("reset session authorization")


async def test_the_description_tells_how_to_send_and_fetch(archive: Client) -> None:
    archive.act_as("reader")
    paths = (await archive.http.get("/api/shop")).json()["paths"]
    archive.act_as("_owner")
    document = (await archive.http.get("/api/shop")).json()

    assert set(paths["/paper/{id}/scan"]) == {"get"}
    assert "/paper/{id}/contract" not in paths
    assert set(document["paths"]["/paper/{id}/contract"]) == {"get", "put", "delete"}
    OpenAPIV31SpecValidator(document).validate()


async def test_fifty_megabytes_pass_both_ways_with_flat_memory(archive: Client) -> None:
    record = await paper(archive)
    block, blocks = bytes(range(256)) * 256, 800  # 50 MiB
    await Wire(archive, "PUT", f"paper/{record}/contract", [block] * 20).run()
    before = resident()

    sent = await Wire(archive, "PUT", f"paper/{record}/contract", [block] * blocks).run()
    after_sending = resident()
    got = await Wire(archive, "GET", f"paper/{record}/contract", []).run()

    assert (sent.status, got.status) == (200, 200)
    assert got.size == len(block) * blocks
    assert got.digest.hexdigest() == hashlib.sha256(block * blocks).hexdigest()
    assert max(after_sending, resident()) - before < 30_000_000


class Wire:
    """A request at the edge of the application, where a body is what it is: pieces that come and go."""

    def __init__(self, client: Client, method: str, address: str, pieces: list[bytes]) -> None:
        self.application = client.application
        self.method, self.path, self.pieces = method, f"/api/shop/{address}", iter(pieces)
        self.ended = False
        self.status, self.size, self.digest = 0, 0, hashlib.sha256()

    async def run(self) -> "Wire":
        scope = {
            "type": "http", "method": self.method, "path": self.path, "raw_path": self.path.encode(),
            "query_string": b"", "headers": [(b"accept-encoding", b"gzip")], "scheme": "http",
            "http_version": "1.1", "server": ("test", 80), "client": ("127.0.0.1", 1),
        }  # fmt: skip
        await self.application(scope, self.receive, self.send)
        return self

    async def receive(self) -> dict[str, Any]:
        if self.ended:
            await asyncio.Event().wait()  # the client stays and says no more
        piece = next(self.pieces, None)
        self.ended = piece is None
        return {"type": "http.request", "body": piece or b"", "more_body": piece is not None}

    async def send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.size += len(message.get("body", b""))
        self.digest.update(message.get("body", b""))


def resident() -> int:
    """The memory of this process in bytes."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize()
