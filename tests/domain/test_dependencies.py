"""Dependencies: order, circles, and what a change touches."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.dependencies import (
    MOST_STEPS,
    CircularFormula,
    FormulasTooDeep,
    in_order,
    sources,
    touched,
)

READS = {"ty_le": ("ngheo", "ho"), "giam": ("ty_le",), "khac": ("tho",)}


def test_each_is_computed_after_what_it_reads() -> None:
    assert in_order(READS).index("ty_le") < in_order(READS).index("giam")


def test_only_what_depends_on_a_change_is_touched() -> None:
    assert touched(READS, {"ho"}) == ("ty_le", "giam")
    assert touched(READS, {"tho"}) == ("khac",)
    assert touched(READS, {"ty_le"}) == ("ty_le", "giam")
    assert touched(READS, {"nothing"}) == ()


def test_sources_are_what_was_reported() -> None:
    assert sources(READS, {"giam"}) == {"ngheo", "ho"}
    assert sources(READS, {"ho"}) == {"ho"}


def test_a_circle_is_named() -> None:
    with pytest.raises(CircularFormula, match="a → b → a"):
        in_order({"a": ("b",), "b": ("a",), "c": ("a",)})
    with pytest.raises(CircularFormula, match="a → a"):
        in_order({"a": ("a",)})


def test_formulas_upon_formulas_have_an_end() -> None:
    tower = {f"c{step:02}": (f"c{step - 1:02}",) for step in range(1, MOST_STEPS + 1)}
    assert in_order(tower)[-1] == f"c{MOST_STEPS}"
    with pytest.raises(FormulasTooDeep, match="đến chỉ tiêu x"):
        in_order(tower | {"x": (f"c{MOST_STEPS}",)})


KEYS = st.sampled_from("abcdef")
GRAPHS = st.dictionaries(KEYS, st.frozensets(st.sampled_from("abcdefxyz"), max_size=3))


@given(GRAPHS, st.frozensets(st.sampled_from("abcdefxyz"), max_size=2))
def test_touched_is_whoever_rests_on_a_change(
    reads: dict[str, frozenset[str]], changed: frozenset[str],
) -> None:
    try:
        in_order(reads)
    except CircularFormula:
        return
    found = set(touched(reads, changed))

    def rests(key: str) -> bool:
        return key in changed or any(rests(name) for name in reads.get(key, ()))

    assert found == {key for key in reads if rests(key)}
