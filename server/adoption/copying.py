"""The rows of a schema into published tables: set-based, old keys rewritten to new ids."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from server.adoption.kinds import kind
from server.adoption.parts import Adopted, Link
from server.publication import Connection


@dataclass(frozen=True)
class Count:
    """How many rows a table had and how many records there are; `lost` references point to nothing."""

    table: str
    entity: str
    rows: int
    records: int
    lost: int


async def copy(connection: Connection, app: str, tables: Sequence[Adopted], tenant_id: UUID) -> list[Count]:
    """Copy what was staged for one tenant, within the caller's transaction; the counts of each table."""
    for setting, value in (("qryvanta.tenant_id", str(tenant_id)), ("qryvanta.source", "command")):
        await connection.execute("select set_config($1, $2, true)", setting, value)
    # The executor writes the rows of a tenant in spite of forced row security; it sees what was staged only.
    await connection.execute("set local role qryvanta_ddl")
    later: list[tuple[Adopted, Link]] = []
    done: set[int] = set()
    for adopted in in_order(tables):
        done.add(adopted.table.id)
        pending = [link for link in adopted.links if link.target.id not in done]
        later += [(adopted, link) for link in pending]
        known = [link for link in adopted.links if link not in pending]
        await connection.execute(insertion(app, adopted, known), tenant_id)
    for adopted, link in later:
        await connection.execute(update(app, adopted, link), tenant_id)
    counts = [await counted(connection, app, adopted, tenant_id) for adopted in tables]
    await connection.execute("reset role")
    return counts


async def stage(connection: Connection, schema: str, adopted: Adopted) -> None:
    """The rows of a table, each with its new id, where the executor may read them."""
    identity = quoted(adopted.id_column) if adopted.id_column else "tenancy.new_id()"
    name = staged(adopted.table.id)
    await connection.execute(
        f"create temporary table {name} on commit drop as "
        f"select {identity} as _new_id, t.* from {source(schema, adopted)} t"
    )
    columns = ", ".join(quoted(column) for column in adopted.table.key)
    if columns:
        await connection.execute(f"create index on {name} ({columns})")
    await connection.execute(f"grant select on {name} to qryvanta_ddl")
    await connection.execute(f"analyze {name}")


def source(schema: str, adopted: Adopted) -> str:
    """Where the rows of a table are, as SQL."""
    # A child table is an entity of its own; partitions are none.
    only = "only " if adopted.table.kind == "r" else ""
    return f"{only}{quoted(schema)}.{quoted(adopted.table.name)}"


def in_order(tables: Sequence[Adopted]) -> list[Adopted]:
    """Targets before what refers to them; where references go in a circle, the required ones count."""
    rest, ordered = list(tables), []
    while rest:
        waiting = {adopted.table.id for adopted in rest}
        chosen = next(
            (a for a in rest if not (targets(a, False) & waiting)),
            None,
        ) or next((a for a in rest if not (targets(a, True) & waiting)), rest[0])
        ordered.append(chosen)
        rest.remove(chosen)
    return ordered


def targets(adopted: Adopted, required: bool) -> set[int]:
    """The tables that a table refers to, beside itself; with `required` only those it cannot do without."""
    needed = {f["name"] for f in adopted.element.get("fields", []) if f.get("required")}
    needed |= {link.field for link in adopted.ends or ()}
    return {
        link.target.id
        for link in adopted.links
        if link.target.id != adopted.table.id and (not required or link.field in needed)
    }


def insertion(app: str, adopted: Adopted, links: Sequence[Link]) -> str:
    """The statement that makes a record of each row; $1 is the tenant."""
    columns, values = ["tenant_id", "id"], ["$1", "s._new_id"]
    formulas = {f["name"] for f in adopted.element.get("fields", []) if "formula" in f}
    types = {f["name"]: f["type"] for f in adopted.element.get("fields", [])}
    for column, name in adopted.fields.items():
        if name in formulas:
            continue
        found = kind(adopted.table.columns[column])
        # The rows may have said that only text holds every value.
        as_text = types[name] == "text" and found.parameters["type"] != "text"
        columns.append(quoted(name))
        values.append(("%s::text" if as_text else found.value) % f"s.{quoted(column)}")
    joins = ""
    for number, link in enumerate(links):
        columns.append(quoted(f"{link.field}_id"))
        values.append(f"l{number}._new_id")
        joins += f" left join {staged(link.target.id)} l{number} on {matched(link, f'l{number}')}"
    return (
        f"insert into {quoted(app)}.{quoted(adopted.name)} ({', '.join(columns)}) "
        f"select {', '.join(values)} from {staged(adopted.table.id)} s{joins}"
    )


def update(app: str, adopted: Adopted, link: Link) -> str:
    """The statement that fills a lookup whose target came later; $1 is the tenant."""
    return (
        f"update {quoted(app)}.{quoted(adopted.name)} r set {quoted(f'{link.field}_id')} = l._new_id "
        f"from {staged(adopted.table.id)} s join {staged(link.target.id)} l on {matched(link, 'l')} "
        f"where r.tenant_id = $1 and r.id = s._new_id"
    )


def matched(link: Link, target: str) -> str:
    """The condition that joins a row to the row it refers to."""
    pairs = zip(link.constraint.target_columns, link.constraint.columns, strict=True)
    return " and ".join(f"{target}.{quoted(theirs)} = s.{quoted(ours)}" for theirs, ours in pairs)


async def counted(connection: Connection, app: str, adopted: Adopted, tenant_id: UUID) -> Count:
    lost = " + ".join(
        f"count(*) filter (where r.{quoted(f'{link.field}_id')} is null and "
        + " and ".join(f"s.{quoted(column)} is not null" for column in link.constraint.columns)
        + ")"
        for link in adopted.links
    )
    row = await connection.fetchrow(
        f"select count(*) as rows, count(r.id) as records, {lost or '0'} as lost "
        f"from {staged(adopted.table.id)} s "
        f"left join {quoted(app)}.{quoted(adopted.name)} r on r.tenant_id = $1 and r.id = s._new_id",
        tenant_id,
    )
    assert row is not None
    return Count(adopted.table.name, adopted.name, row["rows"], row["records"], row["lost"])


def staged(table_id: int) -> str:
    return f"pg_temp.adopted_{table_id}"


def quoted(name: str) -> str:
    """A name as an SQL identifier."""
    return '"' + name.replace('"', '""') + '"'
