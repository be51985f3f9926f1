"""Rates on another map: computed again from parts that were read on it, never carried over."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.correspondence import Correspondence, KeyKind, Part
from nhasan.domain.cube import Cube, CubeRow, dimensions
from nhasan.domain.formulas import parse_number
from nhasan.domain.observations import Status
from nhasan.domain.plan import Operand
from nhasan.domain.recast import Finding, Why
from nhasan.domain.recast_rates import Rate
from nhasan.engines.arrow import STATUS, VALUE, arrow_of
from nhasan.engines.recasting import BY, recast_table
from nhasan.engines.recomputing import AGAIN, recomputed

RATE = Rate("R", parse_number("[a] / [b] * 100"), (Operand("a", "A"), Operand("b", "B")), 1)
OLD, NEW = date(2024, 12, 31), date(2025, 12, 31)
MERGED = {"x": (Part("x"),), "y": (Part("x"),), "z": (Part("z"),)}
HALF = Fraction(1, 2)
SPLIT = {"x": (Part("x", HALF, KeyKind.EQUAL), Part("w", HALF, KeyKind.EQUAL)),
         "y": (Part("x"),), "z": (Part("z"),)}


def read(figures: dict[tuple[str, str], Any], parts: dict[str, tuple[Part, ...]]) -> Any:
    """Return value, status, keys and mark of the rates by area, and the findings."""
    held = Cube.of(dimensions([]), [
        CubeRow((ref, "commune", area, "2024"),
                None if isinstance(value, Status) else Decimal(value),
                value if isinstance(value, Status) else Status.REPORTED, int(ref == "R"))
        for (ref, area), value in figures.items()])
    maps = {("commune", "2024"): Correspondence("commune", OLD, NEW, parts)}
    found = recomputed(recast_table(arrow_of(held), {"A", "B"}, maps), [RATE])
    rows = {
        row["REF_AREA"]: (row[VALUE], row[STATUS], row[BY], row[AGAIN])
        for row in found.figures.to_pylist() if row["INDICATOR"] == "R"}
    return rows, found.findings


FIGURES = {("A", "x"): 1, ("B", "x"): 10, ("R", "x"): "10.0", ("A", "y"): 30, ("B", "y"): 90,
           ("R", "y"): "33.3", ("A", "z"): 1, ("B", "z"): 3, ("R", "z"): "33.0"}


def test_a_rate_of_merged_areas_is_computed_again_from_their_sums() -> None:
    rows, findings = read(FIGURES, MERGED)
    assert rows == {"x": (310, "A", "", True), "z": (330, "A", "", False)}
    assert findings == (), "z keeps what was reported; of x nothing is missing any more"


def test_a_rate_of_estimated_parts_is_an_estimate() -> None:
    rows, _ = read({**FIGURES, ("A", "x"): 3}, SPLIT)
    assert rows["x"] == (326, "A", "equal", True)  # 30 and 1 of 95, shared out whole
    assert rows["w"] == (400, "A", "equal", True)  # 2 of 5


@pytest.mark.parametrize(("part", "status"), [
    (Status.CONFIDENTIAL, "Q"), (Status.NOT_REPORTED, "L")])
@pytest.mark.parametrize("ref", ["A", "B"])
def test_where_a_part_is_not_told_the_rate_is_not(ref: str, part: Status, status: str) -> None:
    rows, findings = read({**FIGURES, (ref, "y"): part}, MERGED)
    assert rows["x"] == (None, status, "", False)
    assert bool(findings) == (status == "L")


def test_a_hidden_rate_stays_hidden_though_its_parts_are_shown() -> None:
    rows, _ = read({**FIGURES, ("R", "y"): Status.CONFIDENTIAL}, MERGED)
    assert rows["x"] == (None, "Q", "", False)


def test_a_division_by_zero_does_not_apply() -> None:
    rows, findings = read({**FIGURES, ("B", "x"): 0, ("B", "y"): 0}, MERGED)
    assert rows["x"] == (None, "M", "", False)
    assert findings == ()


def test_without_its_parts_a_rate_stays_empty_with_its_reason() -> None:
    rows, findings = read({key: value for key, value in FIGURES.items() if key[0] != "B"}, MERGED)
    assert rows["x"] == (None, "L", "", False)
    assert findings == (Finding(Why.RATE, "commune", "x", "2024", 1),)


@given(st.lists(st.integers(0, 1000), min_size=2, max_size=2),
       st.lists(st.integers(1, 1000), min_size=2, max_size=2))
def test_it_lies_between_the_rates_that_it_comes_from(above: list[int], below: list[int]) -> None:
    figures = {(ref, code): value for ref, column in (("A", above), ("B", below))
               for code, value in zip("xy", column, strict=True)}
    figures |= {("R", code): 0 for code in "xy"}
    parts = {"x": (Part("x"),), "y": (Part("x"),)}
    value, *_ = read(figures, parts)[0]["x"]
    rates = [Fraction(1000 * up, down) for up, down in zip(above, below, strict=True)]
    assert min(rates) - 1 <= value <= max(rates) + 1
