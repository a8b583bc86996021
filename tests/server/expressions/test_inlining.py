"""Formulas that use formulas: written into each other in any order, never in a circle."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.expressions import ExpressionError, FieldType, check, row, with_formulas
from server.expressions.inlining import Names


def names(**formulas: str) -> Names:
    fields = [{"name": name, "type": "decimal", "formula": text} for name, text in formulas.items()]
    return with_formulas(row({"fields": [{"name": "price", "type": "integer"}, *fields]}), formulas)


def formula(fields: Names, text: str) -> str:
    return check(text, fields, context="formula").sql


def test_the_order_of_the_fields_does_not_matter() -> None:
    fields = names(gross="net * 1.19", net="price - 1")

    assert formula(fields, "gross") == "((((price - 1))::numeric(18,2) * 1.19))::numeric(18,2)"


@pytest.mark.parametrize(
    ("formulas", "used", "chain"),
    [
        ({"a": "a + 1"}, "a", "a → a"),
        ({"a": "b + 1", "b": "a + 1"}, "a", "a → b → a"),
        ({"a": "b + 1", "b": "a + 1"}, "b", "b → a → b"),
        ({"a": "b", "b": "c", "c": "price + a"}, "b", "b → c → a → b"),
        ({"a": "b + 1", "b": "b - 1"}, "a", "b → b"),
    ],
)
def test_a_circle_is_refused_with_its_chain(formulas: dict[str, str], used: str, chain: str) -> None:
    with pytest.raises(ExpressionError) as error:
        formula(names(**formulas), f"{used} * 2")

    assert error.value.message == f"formulas form a circle: {chain}"


def test_a_formula_over_a_wrong_one_says_which_is_wrong() -> None:
    with pytest.raises(ExpressionError, match='formula "a" is refused itself'):
        formula(names(a="price || true"), "a + 1")


def test_what_is_the_same_for_every_record_stays_so_behind_a_formula() -> None:
    fields = with_formulas(
        row({"fields": [{"name": "prefix", "type": "text", "formula": "'x'"}]}), {"prefix": "'x'"}
    )

    with pytest.raises(ExpressionError, match="the same for every record"):
        check("upper(prefix)", fields, context="formula")


def test_formulas_that_double_each_other_end_before_the_table_does() -> None:
    doubled = {f"f{n}": f"f{n - 1} + f{n - 1}" for n in range(1, 30)}

    fields = names(f0="price + 1", **doubled)

    with pytest.raises(ExpressionError, match="refused itself"):
        formula(fields, "f29")


@given(st.permutations(range(12)), st.data())
def test_any_formulas_without_a_circle_are_accepted(order: list[int], data: st.DataObject) -> None:
    formulas = {}
    for place, number in enumerate(order):
        inner = data.draw(st.lists(st.sampled_from(order[:place]), max_size=2)) if place else []
        formulas[f"f{number}"] = " + ".join(["price", *(f"f{each}" for each in inner)])
    shuffled = dict(sorted(formulas.items()))

    fields = names(**shuffled)

    for text in formulas.values():
        assert not any(word in formula(fields, text) for word in formulas)


def test_only_formulas_are_written_out() -> None:
    fields = {"price": FieldType("integer", "price")}

    assert with_formulas(fields, {}) == fields
