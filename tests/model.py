"""Valid manifests at random, over every type of field: what must hold for any model is tested on them."""

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

Element = dict[str, Any]

WORDS = ("amount", "town", "colour", "due", "note", "part", "rate", "size")
# Any text that a label can have: no control characters, and no half characters.
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("\n\t:#'\"{}[],&*-?|>%@`\\ "), min_size=1
)
# What YAML readers like to take for something else.
TRAPS = st.sampled_from(
    ["no", "on", "~", "null", "007", "1e3", "1_000", "0x1F", "2020-01-31", "12:30", "=", "<<", "5"]
)
VALUES = st.one_of(TRAPS, TEXTS.map(lambda value: value[:100]))
IDS = st.uuids().map(str)
DECIMALS = st.decimals(-99, 99, places=2)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers() | DECIMALS | VALUES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(VALUES, inner, max_size=3),
    max_leaves=6,
)

# Type → (its parameters, a default), one of each kind that the contract allows.
PARAMETERS: dict[str, list[Element]] = {
    "text": [{}, {"length": 40}, {"format": "email"}, {"pattern": "^[A-Z]+$"}, {"multiline": True}],
    "integer": [{}, {"min": 0}, {"min": -5, "max": 2147483647}],
    "bigint": [{}, {"max": 9007199254740993}],
    "decimal": [{}, {"precision": 12, "scale": 0}, {"min": Decimal("0.10"), "max": Decimal("99.5")}],
    "money": [{}, {"currency": "EUR"}, {"min": Decimal("0.0001")}],
    "float": [{}, {"min": Decimal("0.5")}],
    "percent": [{}, {"min": 0, "max": 1}],
    "boolean": [{}],
    "date": [{}, {"min": "2020-01-31", "max": "2030-12-31"}],
    "time": [{}, {"min": "08:30"}],
    "timestamp": [{}, {"min": "2020-01-31T12:00:00Z"}],
    "duration": [{}, {"min": "PT1H", "max": "3 days"}],
    "user": [{}],
    "autonumber": [{}, {"format": "INV-{yyyy}-{00000}"}],
    "uuid": [{}],
    "richtext": [{}],
    "geopoint": [{}],
    "file": [{}, {"max_size": "5MB"}, {"accept": ["application/pdf", "image/*"]}],
    "image": [{}, {"max_size": 100000, "accept": ["image/png"]}],
}
# Types without keys and indexes, and the flags that ask for one.
WHOLE = ("richtext", "geopoint", "file", "image")
COMPARED = ("unique", "indexed")
DEFAULTS = {
    "text": ["'x'", "'it''s'", "'no'"],
    "integer": ["0", "7", "-1"],
    "bigint": ["0"],
    "decimal": ["0.10", "1"],
    "money": ["0"],
    "float": ["1.5"],
    "percent": ["0.15"],
    "boolean": ["true", "false"],
    "date": ["current_date", "current_date + 14"],
    "time": ["'08:30'"],
    "timestamp": ["now()"],
    "duration": ["interval '2 hours'"],
    "user": ["current_user"],
    "json": ["'{}'"],
}
SEARCHED = ("text", "richtext", "autonumber", "choice", "integer", "bigint")
FORMULAS = {"text": "upper('x' || id::text)", "boolean": "version > 1", "decimal": "version * 0.5"}
A_RULE = {"name": "a_rule", "check": "version > 0", "message": "Versions count from 1"}
A_WARNING = {"name": "a_warning", "check": "version < 100", "severity": "warning"}
SUMMED = ("integer", "bigint", "decimal", "money", "float", "percent", "duration")
CHAINED = {"text": "{0} || lower({0})", "boolean": "not {0}", "decimal": "{0} + {0} / 2"}


@st.composite
def models(draw: st.DrawFn) -> Element:
    """A manifest that the gate and the database accept."""
    shared = draw(st.dictionaries(st.sampled_from(["first_list", "second_list"]), choices()))
    names = [f"{draw(st.sampled_from(WORDS))}_e{number}" for number in range(draw(st.integers(1, 3)))]
    entities = [draw(entity(name, names[:place], list(shared))) for place, name in enumerate(names)]
    draw(gathered(entities))
    model: Element = {"qryvanta": 1, "app": {"name": "sample", **draw(labels())}, "entities": entities}
    if shared:
        model["choices"] = shared
    if draw(st.booleans()):
        ends = {"from": names[0], "to": names[-1]}
        model["relations"] = [{"name": "link", "kind": "many_to_many", **ends, **draw(labels())}]
    if draw(st.booleans()):
        model["roles"] = [draw(role(entities))]
    return model


@st.composite
def entity(draw: st.DrawFn, name: str, targets: list[str], lists: list[str]) -> Element:
    """An entity that looks up the ones before it, so that no cycle is made."""
    count = draw(st.integers(1, 4))
    # A record may point at its own kind, only not of necessity.
    reach = [*targets, name]
    fields = [draw(field(f"{draw(st.sampled_from(WORDS))}_f{n}", reach, lists)) for n in range(count)]
    for item in fields:
        if item.get("entity") == name:
            item.pop("required", None)
    fields = draw(chained(draw(dependent(fields))))
    found: Element = {"name": name, "fields": fields, **draw(labels())}
    found |= draw(st.fixed_dictionaries({}, optional={
        "plural": TEXTS,
        "ownership": st.sampled_from(["tenant", "owned"]),
        "audit": st.booleans(),
        "recycle": st.booleans(),
        "title": st.sampled_from(["id", "'No. ' || version"]),
        "rules": st.just([A_RULE]) | st.just([A_RULE, A_WARNING]),
    }))  # fmt: skip
    own = [item["name"] for item in fields if item.get("entity") == name]
    is_hierarchy = draw(st.booleans())
    if own and is_hierarchy:
        found["hierarchy"] = own[0]
    plain = [
        item["name"]
        for item in fields
        if item["type"] in ("text", "integer", "date", "lookup") and "entities" not in item
    ]
    has_key, has_index = draw(st.booleans()), draw(st.booleans())
    if plain and has_key:
        found["keys"] = [{"fields": plain[:2]}]
    dates = [item["name"] for item in fields if item["type"] == "date" and "formula" not in item]
    if len(dates) > 1:
        found["rules"] = [{"name": "in_order", "check": " <= ".join(dates[:2])}, draw(overlap(fields, dates))]
    if plain and has_index:
        found["indexes"] = [{"fields": plain[-1:]}]
    return found


@st.composite
def gathered(draw: st.DrawFn, entities: list[Element]) -> None:
    """Gives some of the entities at which lookups point a rollup over the children."""
    by_name = {item["name"]: item for item in entities}
    pointers = [(item, each) for item in entities for each in item["fields"] if each["type"] == "lookup"]
    for number, (child, pointer) in enumerate(pointers):
        if draw(st.booleans()):
            continue
        summed = [item["name"] for item in child["fields"] if item["type"] in SUMMED]
        function = draw(st.sampled_from(["count", "sum", "min", "max", "avg"] if summed else ["count"]))
        rollup: Element = {
            "name": f"gathered_r{number}",
            "type": "rollup",
            "of": f"{child['name']}.{pointer['name']}",
            "function": function,
            **draw(st.fixed_dictionaries({}, optional={"label": TEXTS, "indexed": st.booleans()})),
        }
        if function != "count":
            rollup["field"] = draw(st.sampled_from(summed))
        if draw(st.booleans()):
            rollup["where"] = "version > 0"
        parent = draw(st.sampled_from(pointer.get("entities") or [pointer["entity"]]))
        by_name[parent]["fields"].append(rollup)


@st.composite
def field(draw: st.DrawFn, name: str, targets: list[str], lists: list[str]) -> Element:
    """A field of any type with some of what its type may have."""
    kinds = [*PARAMETERS, "choice", "multichoice", "json", "lookup"]
    kind = draw(st.sampled_from(kinds))
    found: Element = {"name": name, "type": kind, **draw(labels())}
    if kind in ("choice", "multichoice"):
        found["choices"] = draw(st.sampled_from(lists) if lists else choices())
        if kind == "choice" and isinstance(found["choices"], list) and draw(st.booleans()):
            first, last = value(found["choices"][0]), value(found["choices"][-1])
            found |= {"transitions": {first: [last], last: []}}
    elif kind == "lookup":
        found |= {"on_delete": draw(st.sampled_from(["restrict", "cascade"]))}
        if len(targets) > 1 and draw(st.booleans()):
            # A reference to one of several stands alone: in no key, no index, never unique.
            found |= {"entities": draw(st.permutations(targets))}
            return found | {
                name: value for name, value in fitting(kind, draw(flags())).items() if name != "unique"
            }
        found["entity"] = draw(st.sampled_from(targets))
    elif kind == "json":
        schema = st.dictionaries(VALUES, TREES, max_size=3)
        found |= draw(st.fixed_dictionaries({}, optional={"schema": schema}))
    else:
        found |= draw(st.sampled_from(PARAMETERS[kind]))
    if kind in FORMULAS and len(found) == 2 and draw(st.booleans()):
        return {**found, "formula": FORMULAS[kind]}
    if kind in DEFAULTS and draw(st.booleans()):
        found["default"] = draw(st.sampled_from(DEFAULTS[kind]))
    found |= fitting(kind, draw(flags()))
    if kind != "autonumber" and not found.get("required") and draw(st.booleans()):
        found["required_when"] = "version > 1"
    return found


def fitting(kind: str, given: Element) -> Element:
    """The flags without those that the type does not know."""
    unknown = set(COMPARED) if kind in WHOLE else set()
    if kind not in SEARCHED or given.get("sensitive"):
        unknown.add("searchable")
    return {name: value for name, value in given.items() if name not in unknown}


def flags() -> st.SearchStrategy[Element]:
    names = ("required", "unique", "readonly", "searchable", "indexed", "sensitive")
    return st.fixed_dictionaries({}, optional={name: st.booleans() for name in names} | {"help": TEXTS})


def labels() -> st.SearchStrategy[Element]:
    return st.fixed_dictionaries({}, optional={"id": IDS, "label": TEXTS, "description": TEXTS})


def choices() -> st.SearchStrategy[Any]:
    """A choice list in its short and its long form."""
    long = st.fixed_dictionaries(
        {"value": VALUES}, optional={"label": TEXTS, "tone": st.sampled_from(["blue", "green"])}
    )
    return st.lists(VALUES | long, min_size=1, max_size=4, unique_by=value)


def value(choice: Any) -> Any:
    return choice["value"] if isinstance(choice, dict) else choice


@st.composite
def dependent(draw: st.DrawFn, fields: list[Element]) -> list[Element]:
    """The same fields, the last choice at times bound to the one before it."""
    chosen = [item for item in fields if item["type"] == "choice" and isinstance(item["choices"], list)]
    if len(chosen) > 1 and draw(st.booleans()):
        first, second = chosen[-2:]
        when = {first["name"]: [value(first["choices"][0])]}
        second["choices"] = [{"value": value(item), "when": when} for item in second["choices"]]
    return fields


@st.composite
def overlap(draw: st.DrawFn, fields: list[Element], dates: list[str]) -> Element:
    """That no two records have the same key at the same time."""
    kinds = ("text", "choice", "autonumber", "integer", "bigint", "lookup", "user", "uuid")
    keys = [item["name"] for item in fields if item["type"] in kinds]
    rule: Element = {"from": dates[0], "to": dates[1], **draw(st.fixed_dictionaries({}, optional={
        "bounds": st.sampled_from(["[)", "[]"]),
    }))}  # fmt: skip
    if keys:
        rule["key"] = draw(st.lists(st.sampled_from(keys), unique=True, min_size=1))
    return {"name": "one_at_a_time", "no_overlap": rule}


@st.composite
def chained(draw: st.DrawFn, fields: list[Element]) -> list[Element]:
    """The same fields, at times with formulas before them that use the formula before."""
    for number in range(draw(st.integers(0, 2))):
        inner = next((item for item in fields if "formula" in item), None)
        if inner is not None:
            formula = CHAINED[inner["type"]].format(inner["name"])
            fields = [{"name": f"chained_c{number}", "type": inner["type"], "formula": formula}, *fields]
    return fields


@st.composite
def role(draw: st.DrawFn, entities: list[Element]) -> Element:
    scope = st.sampled_from(["none", "tenant"])
    grants = []
    for item in entities:
        grant = {"entity": item["name"], "read": draw(scope), "create": draw(st.booleans())}
        if draw(st.booleans()):
            grant["fields"] = {item["fields"][0]["name"]: "read"}
        grants.append(grant)
    return {"name": "clerk", "grants": grants, **draw(labels())}
