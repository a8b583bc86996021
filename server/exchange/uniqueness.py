"""Keys that stand twice: in the file, or in the file and in another record."""

from server.exchange.path import Reference
from server.exchange.plan import Plan
from server.exchange.problem import INSERT
from server.exchange.source import EXISTING, STAGED, Source, given
from server.exchange.sql import literal, name

Columns = tuple[str, ...]


def doubtful(plan: Plan) -> str:
    """Whether an upsert of the lines as they are would hide a mistake.

    Of two lines with one key the last would win, a reference that leads nowhere would be null, and a
    line with an empty key would be a new record each time.
    """
    source = Source(plan)
    lost = [
        f"({given(target)}) and {source.values[target.column]} is null"
        for target in plan.targets
        if isinstance(target.value, Reference)
    ]
    lost += [f"{source.values[column]} is null" for column in plan.key if column != "id"]
    questions = [f"exists (select from {source.joins}\nwhere {' or '.join(lost)})"] if lost else []
    if plan.key:
        keyed, values = _keyed(plan, plan.key)
        complete = " and ".join(f"{value} is not null" for value in values)
        questions.append(
            f"exists (select from {keyed.joins}\nwhere {complete}\n"
            f"group by {', '.join(values)} having count(*) > 1)"
        )
    # What was found before: records in the recycle bin.
    questions.append("exists (select from pg_temp.import_problem p join pg_temp.import_line using (line))")
    return f"select {' or '.join(questions)}"


def doubled_keys(plan: Plan) -> str:
    """The statement that finds lines with a key that an earlier line has: the first one counts."""
    return _union([_doubled(plan, columns, reason) for columns, reason in _unique(plan)])


def taken_keys(plan: Plan) -> str:
    """The statement that finds lines with a key that another record has."""
    return _union([_taken(plan, columns, reason) for columns, reason in _unique(plan) if columns != plan.key])


def recycled_ids(plan: Plan) -> str:
    """The statements that find lines with the id of a record in the recycle bin."""
    own = plan.by_column.get("id")
    if own is None or not plan.entity.recycle:
        return ""
    source = Source(plan, [own])
    return (
        "set local qryvanta.deleted = 'visible';"
        f"{INSERT}\nselect {STAGED}.line, {_columns(plan, ('id',))}, 'the record is in the recycle bin'\n"
        f"from {source.joins}\njoin {plan.table} o on o.tenant_id = {plan.tenant}"
        f" and o.id = {source.values['id']}\nwhere o.deleted_at is not null;"
        "set local qryvanta.deleted = ''"
    )


def _unique(plan: Plan) -> list[tuple[Columns, str]]:
    """Columns and message of the unique keys of which the file has every column."""
    columns = {target.name: target.column for target in plan.targets}
    return [
        (tuple(columns[field] for field in constraint.fields), constraint.message)
        for constraint in plan.entity.constraints
        if constraint.kind in ("primary", "unique") and all(field in columns for field in constraint.fields)
    ]


def _doubled(plan: Plan, columns: Columns, reason: str) -> str:
    source, values = _keyed(plan, columns)
    repeated = f"row_number() over (partition by {', '.join(values)} order by {STAGED}.line) > 1"
    complete = " and ".join(f"{value} is not null" for value in values)
    text = literal(f"{reason}; an earlier line has it already")
    return (
        f"select d.line, {_columns(plan, columns)}, {text} from (\n"
        f"select {STAGED}.line, {repeated} as repeated\nfrom {source.joins}\nwhere {complete}\n"
        ") d where d.repeated"
    )


def _taken(plan: Plan, columns: Columns, reason: str) -> str:
    source, values = _keyed(plan, columns)
    source.join_existing()
    same = " and ".join(f"o.{name(column)} = {value}" for column, value in zip(columns, values, strict=True))
    live = " and o.deleted_at is null" if plan.entity.recycle and columns != ("id",) else ""
    return (
        f"select {STAGED}.line, {_columns(plan, columns)}, {literal(reason)}\nfrom {source.joins}\n"
        f"join {plan.table} o on o.tenant_id = {plan.tenant} and {same}{live}\n"
        f"where o.id is distinct from {EXISTING}.id"
    )


def _keyed(plan: Plan, columns: Columns) -> tuple[Source, list[str]]:
    needed = [target for target in plan.targets if target.column in (*columns, *plan.key)]
    source = Source(plan, needed)
    return source, [source.values[column] for column in columns]


def _columns(plan: Plan, columns: Columns) -> str:
    """Place and names of the columns of the file, as they stand in a problem."""
    cells = [cell.column for column in columns for cell in plan.by_column[column].cells]
    return f"{cells[0].place}, {literal(', '.join(cell.header for cell in cells))}"


def _union(parts: list[str]) -> str:
    return f"{INSERT}\n" + ("\nunion all\n".join(parts) or "select null::bigint, 0, '', '' where false")
