"""Every mistake, with its path, its line and a sentence."""

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from server.manifest import SCHEMA, Manifest, ManifestError, compiled, load, problems
from server.manifest.__main__ import main
from server.manifest.normal import normal
from tests.model import TREES, models

ROOT = Path(__file__).parents[3]

SHOP = """\
qryvanta: 1
app: {name: shop}
choices:
  state: [open, shipped]
entities:
  - name: sales_order
    fields:
      - {name: number, type: integer, required: true}
      - {name: status, type: choice, choices: state, default: "'open'"}
      - {name: ordered_on, type: date}
      - {name: shipped_on, type: date}
      - {name: freight, type: decimal, precision: 12, scale: 3}
    rules:
      - {name: in_order, check: shipped_on >= ordered_on}
"""


def found(*changes: tuple[str, str], text: str = SHOP) -> list[tuple[str, int | None, str]]:
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return [(problem.path, problem.line, problem.message) for problem in problems(load(text.encode()))]


def test_a_good_manifest_has_no_problem() -> None:
    assert found() == []


def test_every_mistake_has_its_path_and_line() -> None:
    mistakes = found(
        ("app: {name", "app: {nam"),
        ("'open'", "'opne'"),
        ("scale: 3", "scale: -1"),
        ("type: date}\n      - {name: freight", "type: dat}\n      - {name: freight"),
        ("check: shipped_on", "check: shiped_on"),
    )

    assert mistakes == [
        ("app", 2, '"name" is missing'),
        ("app/nam", 2, 'unknown key "nam"; did you mean "name"?'),
        (
            "entities/sales_order/fields/status/default",
            9,
            "'opne' is not one of the choices: 'open', 'shipped' (column 1 of: 'opne')",
        ),
        ("entities/sales_order/fields/shipped_on/type", 11, '"dat" is no type; did you mean "date"?'),
        ("entities/sales_order/fields/freight/scale", 12, "must be at least 0"),
        (
            "entities/sales_order/rules/in_order/check",
            14,
            'unknown field "shiped_on"; did you mean "shipped_on"? (column 1 of: shiped_on >= ordered_on)',
        ),
    ]


@pytest.mark.parametrize(
    ("old", "new", "path", "message"),
    [
        ("required: true", "required: yes", "number/required", "must be true or false, not \"yes\""),
        ("required: true", "length: 3", "number/length", '"length" is no parameter of type integer'),
        ("required: true", "min: 1.5", "number/min", "must be a whole number, not 1.5"),
        ("required: true", "min: 2147483648", "number/min", "outside of what integer can hold"),
        ("required: true", "min: 5, max: 3", "number/max", "must not be less than min"),
        ("required: true", "default: now()", "number/default", "gives timestamp, but integer is needed"),
        ("required: true", "default: number", "number/default", "a default cannot use fields"),
        ("required: true", "default_sql: '1'", "number/default_sql", '"default_sql" is no parameter'),
        ("required: true", "formula: ordered_on", "number/formula", "gives date, but integer is needed"),
        ("required: true", "id: 5", "number/id", "must be text, not 5"),
        ("required: true", "id: A", "number/id", "must be a uuid"),
        ("name: number", "name: Number", "Number/name", "must be 1 to 48 lower-case letters"),
        ("type: integer", "type: rollup", "number", '"of" is missing'),
        ("type: integer", "type: rollup, of: line, function: count", "number/of", "order_line.sales_order"),
        ("type: integer", "type: rollup, of: a.b, function: med", "number/function", "must be one of count"),
        ("type: integer", "type: lookup", "number", "a lookup needs either entity or entities"),
        ("type: integer", "type: lookup, entities: [a]", "number/entities", "at least 2 elements"),
        ("type: integer", "type: lookup, entity: a, entities: [a, b]", "number", "either entity or entities"),
        ("choices: state, ", "", "status", '"choices" is missing'),
        ("choices: state", "choices: []", "status/choices", "must not be empty"),
        ("choices: state", "choices: [{value: open, tone: blu}]", "status/choices/0/tone", '"blue"?'),
        ("scale: 3", "scale: 13", "freight/scale", "must not be greater than precision (12)"),
        ("ordered_on, type: date", "ordered_on, type: date, min: 1.1.2020", "ordered_on/min", "is no date"),
        ("precision: 12", "pattern: a", "freight/pattern", "is no parameter of type decimal"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_field_is_explained(old: str, new: str, path: str, message: str) -> None:
    mistakes = found((old, new))

    assert any(p == f"entities/sales_order/fields/{path}" and message in said for p, _, said in mistakes), (
        mistakes
    )


@pytest.mark.parametrize("section", ["views", "forms", "navigation", "workflows"])
def test_a_section_of_a_later_version_is_refused_unless_empty(section: str) -> None:
    assert found(text=SHOP + f"{section}: []\n") == []
    assert found(text=SHOP + f"{section}:\n") == []
    assert found(text=SHOP + f"{section}: [{{name: x}}]\n") == [
        (section, 15, f"{section} are not supported in this version")
    ]


def test_sql_in_a_manifest_is_never_taken_over() -> None:
    assert found(("number, type", "number, default: 1, default_sql: pg_sleep(9), type"))


def test_a_manifest_with_problems_is_not_compiled() -> None:
    with pytest.raises(ManifestError, match=r"shop.yaml:14: entities/sales_order/rules/in_order/check: "):
        compiled(load(SHOP.replace("check: shipped_on", "check: gone").encode(), "shop.yaml"))


def test_compiling_puts_the_sql_beside_each_expression() -> None:
    entity = compiled(load(SHOP.encode()))["entities"][0]

    assert entity["title_sql"] == "(id)::text"
    assert entity["fields"][1]["default_sql"] == "'open'::text"
    assert entity["rules"][0]["check_sql"] == "(shipped_on >= ordered_on)"


def test_the_title_is_the_first_text_field_unless_told() -> None:
    text = SHOP.replace(
        "- {name: number, type: integer", "- {name: code, type: text}\n      - {name: number, type: integer"
    )
    manifest = compiled(load(text.encode()))
    told = compiled(load(text.replace("    fields:", "    title: code || number\n    fields:").encode()))

    assert manifest["entities"][0]["title_sql"] == "code"
    assert told["entities"][0]["title_sql"] == "(code || (number)::text)"


def test_the_schema_in_the_documents_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    Draft202012Validator.check_schema(SCHEMA)
    main()

    assert (ROOT / "docs/reference/manifest.schema.json").read_text() == capsys.readouterr().out


def test_the_northwind_example_has_no_problem() -> None:
    assert problems(load(ROOT / "docs/examples/northwind/northwind.yaml")) == []


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(model=models(), data=st.data())
def test_a_manifest_damaged_anywhere_is_judged_not_crashed_on(
    model: dict[str, Any], data: st.DataObject
) -> None:
    damaged = deepcopy(model)
    holder: Any = damaged
    while True:
        key = data.draw(st.sampled_from(sorted(holder) if isinstance(holder, dict) else range(len(holder))))
        inner = holder[key]
        if not isinstance(inner, dict | list) or not inner or data.draw(st.integers(0, 3)) == 0:
            break
        holder = inner
    holder[key] = data.draw(TREES)
    manifest = Manifest(normal(damaged))

    mistakes = problems(manifest)

    assert all(mistake.message for mistake in mistakes)
    if not mistakes:
        compiled(manifest)
