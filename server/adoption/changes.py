"""`drift --adopt`: what somebody changed by hand becomes part of the draft."""

from copy import deepcopy
from dataclasses import dataclass
from uuid import UUID

from server import publication
from server.adoption import catalogue
from server.adoption.change import make
from server.adoption.draft import Draft
from server.adoption.reasons import NotAdoptable
from server.drift import Difference, differences
from server.manifest import canonical, from_json, load, to_json
from server.publication import Connection

# A column is there before what speaks of it.
ORDER = ("column", "reference", "default", "constraint", "index", "comment")


@dataclass(frozen=True)
class Outcome:
    """What became of a difference: `words` say what was adopted, or why it was not."""

    difference: Difference
    adopted: bool
    words: str


async def adopt_drift(connection: Connection, app_id: UUID) -> list[Outcome]:
    """Take the differences between the published model and the database into the draft.

    The database is not changed; publishing the draft finds the objects that are there already.
    """
    app = await connection.fetchrow(
        "select a.name::text, a.tenant_id, meta.manifest(a.app_id)::text as manifest"
        " from meta.app a where a.app_id = $1",
        app_id,
    )
    assert app is not None
    data = load(canonical(from_json(app["manifest"])).encode()).data
    tables = {table.name: table for table in (await catalogue.tables(connection, app["name"])).values()}
    found = sorted(await differences(connection, app_id), key=place)
    outcomes = []
    for difference in found:
        draft = Draft(deepcopy(data), tables)
        outcome = await tried(connection, draft, difference)
        outcomes.append(outcome)
        if outcome.adopted:
            data = draft.data
    if any(outcome.adopted for outcome in outcomes):
        async with connection.transaction():
            await publication.store(connection, load(to_json(data).encode()), app["tenant_id"])
    return outcomes


async def tried(connection: Connection, draft: Draft, difference: Difference) -> Outcome:
    """Make the change in the draft; what the contract refuses is not adopted."""
    try:
        words = make(draft, difference)
    except NotAdoptable as error:
        return Outcome(difference, False, str(error))
    found = await publication.mistakes(connection, load(to_json(draft.data).encode()))
    if found:
        return Outcome(difference, False, str(found[0]))
    return Outcome(difference, True, words)


def place(difference: Difference) -> int:
    return ORDER.index(difference.object) if difference.object in ORDER else len(ORDER)
