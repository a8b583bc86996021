"""Lines that would bring a record of a hierarchy below itself."""

from server.exchange.plan import Plan
from server.exchange.problem import INSERT
from server.exchange.source import EXISTING, STAGED, Source
from server.exchange.sql import literal, name

LEVELS = 100  # of a hierarchy; what is deeper the database refuses


def circles(plan: Plan) -> str:
    """The statement that finds them; empty where the file moves nothing in a hierarchy."""
    parent = plan.entity.parent
    target = plan.by_column.get(parent.column) if parent else None
    if parent is None or target is None:
        return ""
    source = Source(plan, [target, *(plan.by_column[column] for column in plan.key)])
    source.join_existing()
    reason = f"{plan.entity.label} cannot be below itself"
    return (
        f"{INSERT}\nwith recursive moved as materialized (\n"
        f"select {STAGED}.line, coalesce({EXISTING}.id, {plan.new_id(STAGED)}) as id,"
        f" {source.values[target.column]} as parent\nfrom {source.joins}\n"
        "), edge as materialized (\n"
        "select m.id, m.parent from moved m where m.parent is not null\nunion all\n"
        f"select o.id, o.{name(parent.column)} from {plan.table} o"
        f" where o.tenant_id = {plan.tenant} and o.{name(parent.column)} is not null"
        " and not exists (select from moved m where m.id = o.id)\n"
        "), above as (\n"
        "select m.line, m.id as start, m.parent as id, 1 as level from moved m where m.parent is not null\n"
        "union all\n"
        "select a.line, a.start, e.parent, a.level + 1 from above a join edge e on e.id = a.id"
        f" where a.id <> a.start and a.level <= {LEVELS}\n)\n"
        f"select distinct a.line, {target.cells[0].column.place},"
        f" {literal(target.headers)}, {literal(reason)}\nfrom above a where a.id = a.start"
    )
