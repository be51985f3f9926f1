"""Many figures on another map at once: the same as the pure reading, figure for figure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhasan.domain.correspondence import Correspondence, KeyKind, Part
from nhasan.domain.cube import Cube, CubeRow, dimensions
from nhasan.domain.observations import Status
from nhasan.domain.plan import Measure
from nhasan.domain.recast import Recast, recast
from nhasan.engines.arrow import arrow_of
from nhasan.engines.engine import TooLarge
from nhasan.engines.recasting import recast_table

OLD, NEW = date(2024, 12, 31), date(2025, 12, 31)
CODES, REFS = "ABCDE", ("N", "M", "R")
MEASURES = (Measure("N"), Measure("M", 1), Measure("R", 1, adds_over_area=False))
DECIMALS = {"N": 0, "M": 1, "R": 1}
HALF = Fraction(1, 2)


def both(held: Cube, maps: Mapping[tuple[str, str], Correspondence]) -> tuple[Recast, Recast]:
    """Return what the judge and what the engine make of figures."""
    adding = {one.indicator for one in MEASURES if one.adds_over_area}
    return recast(held, MEASURES, maps), recast_table(arrow_of(held), adding, maps).recast()


def agree(held: Cube, maps: Mapping[tuple[str, str], Correspondence]) -> Recast:
    judged, found = both(held, maps)
    assert list(found.cube.rows()) == list(judged.cube.rows())
    assert found.estimates == judged.estimates
    assert found.cannot == judged.cannot
    assert found.findings == judged.findings
    return found


_KINDS = st.sampled_from([KeyKind.EQUAL, KeyKind.AREA, KeyKind.POPULATION, KeyKind.TABLE])


@st.composite
def _correspondences(draw: st.DrawFn) -> Correspondence:
    parts: dict[str, tuple[Part, ...]] = {}
    for code in draw(st.sets(st.sampled_from(CODES), min_size=1)):
        heirs = sorted(draw(st.sets(st.sampled_from(CODES), max_size=3)))
        weights = [draw(st.integers(1, 7)) for _ in heirs]
        kind = draw(_KINDS) if len(heirs) > 1 else KeyKind.NONE
        blind = draw(st.booleans()) and draw(st.booleans())
        parts[code] = tuple(
            Part(heir, None if blind else Fraction(weight, sum(weights)), kind)
            for heir, weight in zip(heirs, weights, strict=True))
    unsure = draw(st.sets(st.sampled_from(CODES), max_size=1))
    return Correspondence("commune", OLD, NEW, parts, frozenset(unsure))


@st.composite
def _cubes(draw: st.DrawFn) -> Cube:
    keys = draw(st.sets(st.tuples(
        st.sampled_from(REFS), st.sampled_from(["commune", "province"]),
        st.sampled_from(CODES), st.sampled_from(["2023", "2024"]), st.sampled_from(["F", "_T"]),
    ), max_size=30))
    rows = []
    for key in sorted(keys):
        status = draw(st.sampled_from([Status.REPORTED] * 6 + list(Status)))
        number = draw(st.integers(-10**6, 10**6))
        at = DECIMALS[key[0]]
        value = Decimal(number).scaleb(-at) if status is Status.REPORTED else None
        rows.append(CubeRow(key, value, status, at))
    return Cube.of(dimensions(["SEX"]), rows)


@settings(max_examples=60)
@given(_cubes(), _correspondences(), _correspondences())
def test_the_engine_agrees_with_the_judge(
    held: Cube, one: Correspondence, other: Correspondence,
) -> None:
    agree(held, {("commune", "2023"): one, ("commune", "2024"): one,
                 ("province", "2024"): other})


def _held(figures: Mapping[str, Any]) -> Cube:
    return Cube.of(dimensions([]), [
        CubeRow(("N", "commune", code, "2024"), Decimal(value), Status.REPORTED)
        for code, value in figures.items()])


def _on(parts: dict[str, tuple[Part, ...]]) -> dict[tuple[str, str], Correspondence]:
    return {("commune", "2024"): Correspondence("commune", OLD, NEW, parts)}


def test_large_figures_in_fine_shares_stay_exact() -> None:
    fine = Fraction(333_333_333_333, 10**12)
    found = agree(_held({"A": 9 * 10**17 + 7, "B": -(9 * 10**17) - 1}), _on({
        "A": (Part("A", fine, KeyKind.AREA), Part("B", 1 - fine, KeyKind.AREA)),
        "B": (Part("C", HALF, KeyKind.EQUAL), Part("D", HALF, KeyKind.EQUAL))}))
    assert sum(found.cube.value(at) or 0 for at in range(4)) == 6


def test_what_cannot_be_held_exactly_is_refused() -> None:
    merged = _on({"A": (Part("A"),), "B": (Part("A"),)})
    with pytest.raises(TooLarge):
        recast_table(arrow_of(_held({"A": 2**62, "B": 2**62})), {"N"}, merged)
    finest = Fraction(1, 10**38)
    with pytest.raises(TooLarge):
        recast_table(arrow_of(_held({"A": 1})), {"N"}, _on({
            "A": (Part("A", finest, KeyKind.AREA), Part("B", 1 - finest, KeyKind.AREA))}))
