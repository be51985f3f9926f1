"""Formulas: the tables of examples, and that no tree ever raises."""

import json
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.formulas import (
    BadFormula,
    Tree,
    columns,
    evaluate,
    gives_condition,
    parse,
    parse_condition,
    parse_number,
)
from nhasan.domain.problems import Invalid

SPEC = json.loads((Path(__file__).parents[1] / "spec" / "formulas.json").read_text("utf-8"))
VALUES = {
    name: None if value is None else Decimal(value) for name, value in SPEC["values"].items()
}


@pytest.mark.parametrize("row", SPEC["evaluate"], ids=lambda row: row["formula"][:60])
def test_formula_gives_what_the_table_says(row: dict) -> None:
    tree = parse(row["formula"])
    assert list(columns(tree)) == row["columns"]
    assert gives_condition(tree) is row["condition"]
    result = evaluate(tree, VALUES)
    if isinstance(row["result"], str):
        assert not isinstance(result, bool)
        assert result == Decimal(row["result"])
    else:
        assert result is row["result"]


@pytest.mark.parametrize("row", SPEC["refuse"], ids=lambda row: row["formula"][:60])
def test_wrong_formula_is_refused_at_its_place(row: dict) -> None:
    with pytest.raises(BadFormula) as refused:
        parse(row["formula"])
    assert refused.value.facts["position"] == row["position"]
    assert refused.value.facts["reason"] == row["reason"]
    assert isinstance(refused.value, Invalid)


def test_column_needs_a_number_and_check_needs_a_condition() -> None:
    assert parse_number("[a] + 1")
    assert parse_condition("[a] < 1")
    with pytest.raises(BadFormula):
        parse_number("[a] < 1")
    with pytest.raises(BadFormula):
        parse_condition("[a] + 1")


def test_very_long_formula_is_refused_without_being_read() -> None:
    with pytest.raises(BadFormula) as refused:
        parse("(" * 100_000)
    assert len(str(refused.value)) < 300


NAMES = st.sampled_from("abcd")
NUMBERS = st.recursive(
    st.integers(0, 999).map(str) | st.sampled_from(["0.1", "12.75"]) | NAMES.map("[{}]".format),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map("({0[0]} {0[1]} {0[2]})".format),
        inner.map("-{}".format),
        inner.map("abs({})".format),
        st.tuples(inner, st.integers(0, 10)).map("round({0[0]}, {0[1]})".format),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"sum({', '.join(parts)})"),
        st.lists(inner, min_size=1, max_size=4).map(lambda parts: f"min({', '.join(parts)})"),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"coalesce({', '.join(parts)})"),
        st.tuples(inner, inner, inner, inner).map(
            "if({0[0]} >= {0[1]} and not {0[0]} = 3, {0[2]}, {0[3]})".format),
    ),
    max_leaves=12,
)
CELLS = st.none() | st.decimals(
    allow_nan=False, allow_infinity=False, min_value=-(10**17), max_value=10**17, places=3)


def attempt(formula: str) -> tuple[Tree | None, BadFormula | None]:
    try:
        return parse(formula), None
    except BadFormula as refused:
        return None, refused


@given(NUMBERS, st.fixed_dictionaries(dict.fromkeys("abcd", CELLS)))
def test_evaluation_never_raises_and_gives_a_number_or_nothing(
    formula: str, values: dict[str, Decimal | None],
) -> None:
    tree, refused = attempt(formula)
    if tree is None:
        assert refused is not None
        assert refused.facts["reason"] in ("công thức lồng nhau sâu quá", "công thức dài quá")
        return
    result = evaluate(tree, values)
    assert result is None or (isinstance(result, Decimal) and result.is_finite())


@given(st.text(alphabet="0123456789.[]()abc,<>=+-*/ andorti", max_size=40))
def test_any_text_is_a_formula_or_is_refused(text: str) -> None:
    tree, refused = attempt(text)
    if tree is None:
        assert refused is not None
        assert 1 <= int(str(refused.facts["position"])) <= len(text) + 1
        return
    evaluate(tree, {"a": Decimal(1), "b": None})


@given(st.lists(st.integers(-1000, 1000), min_size=1, max_size=30))
def test_plus_and_sum_agree_when_all_is_there(numbers: list[int]) -> None:
    values = {f"c{at}": Decimal(number) for at, number in enumerate(numbers)}
    names = [f"[{name}]" for name in values]
    assert evaluate(parse(" + ".join(names)), values) == sum(numbers)
    assert evaluate(parse(f"sum({', '.join(names)})"), values) == sum(numbers)


@given(st.integers(-(10**6), 10**6), st.integers(1, 10**6))
def test_a_rate_is_as_exact_as_its_decimals(part: int, whole: int) -> None:
    rate = evaluate(parse("round([p] / [w] * 100, 4)"), {"p": Decimal(part), "w": Decimal(whole)})
    assert isinstance(rate, Decimal)
    assert abs(Fraction(rate) - Fraction(part * 100, whole)) <= Fraction(1, 20_000)


@given(st.sampled_from(["+", "-", "*", "/", "<", "<=", "=", "<>", ">", ">="]), NAMES)
def test_missing_operand_makes_the_result_missing(sign: str, name: str) -> None:
    assert evaluate(parse(f"[{name}] {sign} 1"), {}) is None
    assert evaluate(parse(f"1 {sign} [{name}]"), {name: None}) is None
