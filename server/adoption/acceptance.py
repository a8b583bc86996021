"""What a manifest cannot say is left out of it and noted, until the rest is a valid model."""

from typing import Any

from server import publication
from server.adoption.parts import Adoption, Note
from server.manifest import Manifest, ManifestError, Problem, load, to_json
from server.publication import Connection

ROUNDS = 5


async def accepted(connection: Connection, adoption: Adoption) -> Manifest:
    """The manifest without what is refused in it; raises ManifestError for what cannot be left out."""
    for _ in range(ROUNDS):
        manifest = load(to_json(adoption.manifest).encode())
        found = await publication.mistakes(connection, manifest)
        if not found:
            return manifest
        # The last first: so a number in a path still counts what it counted.
        if not all([left_out(adoption, problem) for problem in reversed(found)]):
            break
    raise ManifestError(found, "the adopted model")


def left_out(adoption: Adoption, problem: Problem) -> bool:
    """Whether the element that a problem speaks of could be taken out of the manifest."""
    section, _, rest = problem.path.partition("/")
    name, _, rest = rest.partition("/")
    part, _, rest = rest.partition("/")
    item, _, key = rest.partition("/")
    owner = next((e for e in adoption.manifest.get(section, []) if e["name"] == name), None)
    if owner is None or not removed(owner, part, item, key):
        return False
    adoption.notes.append(Note(f"{name}.{item or part}", f"{key or part} is left out: {problem.message}"))
    return True


def removed(owner: dict[str, Any], part: str, item: str, key: str) -> bool:
    if part == "fields" and key in ("default", "formula"):
        # Gone already where two problems speak of it.
        next(f for f in owner["fields"] if f["name"] == item).pop(key, None)
        return True
    if part in ("rules", "keys", "indexes"):
        for number, element in enumerate(owner.get(part, [])):
            if item in (element.get("name"), str(number)):
                del owner[part][number]
                return True
    # Told already in another problem of the same element.
    return part == "rules"
