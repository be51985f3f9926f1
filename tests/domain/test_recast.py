"""Figures of one map read on another: what adds up, what is estimated, what cannot be."""

from __future__ import annotations

from collections import Counter
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.correspondence import Correspondence, Key, KeyKind, Part, correspondence
from nhasan.domain.cube import Cube, CubeRow, dimensions
from nhasan.domain.observations import Status
from nhasan.domain.plan import Measure
from nhasan.domain.recast import Finding, Recast, Why, recast, shared_out
from tests.domain.test_correspondence import real

DIMS = dimensions(["SEX"])
OLD, NEW = date(2024, 12, 31), date(2025, 12, 31)
COUNT, RATE = Measure("N"), Measure("R", 1, adds_over_area=False)
HALF = Fraction(1, 2)
CODES = "ABCD"


def cube(figures: dict[tuple[str, str], object], decimals: int = 0) -> Cube:
    """Return a cube of figures by indicator and area; a status stands for a missing value."""
    return Cube.of(DIMS, [
        CubeRow((ref, "commune", area, "2024", "_T"), None, value, decimals)
        if isinstance(value, Status)
        else CubeRow((ref, "commune", area, "2024", "_T"), Decimal(str(value)),
                     Status.REPORTED, decimals)
        for (ref, area), value in figures.items()
    ])


def on(parts: dict[str, tuple[Part, ...]],
       unsure: str = "") -> dict[tuple[str, str], Correspondence]:
    return {("commune", "2024"): Correspondence("commune", OLD, NEW, parts, frozenset(unsure))}


def told(found: Recast) -> dict[tuple[str, str], tuple[object, Status, str]]:
    return {(row.key[0], row.key[2]): (row.value, row.status, row.coverage)
            for row in found.cube.rows()}


MERGED = {"A": (Part("A"),), "B": (Part("A"),), "C": (Part("C"),)}
SPLIT = {"A": (Part("A", HALF, KeyKind.EQUAL), Part("D", HALF, KeyKind.EQUAL)),
         "B": (Part("A"),), "C": (Part("C"),)}
BLIND = {"A": (Part("A", None), Part("D", None)), "B": (Part("A"),)}


def test_what_went_whole_is_added_exactly() -> None:
    found = recast(cube({("N", "A"): 3, ("N", "B"): 4, ("N", "C"): 5}), [COUNT], on(MERGED))
    assert told(found) == {
        ("N", "A"): (7, Status.REPORTED, "2/2"), ("N", "C"): (5, Status.REPORTED, "")}
    assert not found.estimates
    assert not found.cannot
    assert not found.findings


def test_what_is_split_is_an_estimate_with_its_key() -> None:
    found = recast(cube({("N", "A"): 3, ("N", "B"): 4}), [COUNT], on(SPLIT))
    assert told(found) == {
        ("N", "A"): (6, Status.REPORTED, "2/2"), ("N", "D"): (1, Status.REPORTED, "1/1")}
    assert set(found.estimates.values()) == {frozenset({KeyKind.EQUAL})}
    assert {key[2] for key in found.estimates} == {"A", "D"}


def test_a_split_without_a_key_says_so() -> None:
    found = recast(cube({("N", "A"): 3, ("N", "B"): 4}), [COUNT], on(BLIND))
    assert {value for value, *_ in told(found).values()} == {None}
    assert set(found.cannot.values()) == {Why.SPLIT}
    assert Finding(Why.SPLIT, "commune", "A", "2024", 1) in found.findings


@pytest.mark.parametrize(("one", "other", "status", "coverage"), [
    (3, Status.NOT_REPORTED, Status.NOT_REPORTED, "1/2"),
    (3, Status.CONFIDENTIAL, Status.CONFIDENTIAL, "1/2"),
    (Status.NOT_REPORTED, Status.CONFIDENTIAL, Status.NOT_REPORTED, "0/2"),
    (Status.NOT_APPLICABLE, Status.NOT_APPLICABLE, Status.NOT_APPLICABLE, "0/0"),
    (3, Status.NOT_APPLICABLE, Status.REPORTED, "1/1"),
    (3, None, Status.NOT_REPORTED, "1/2"),
])
def test_a_partial_sum_is_never_passed_as_the_whole(
    one: object, other: object, status: Status, coverage: str,
) -> None:
    figures = {("N", "A"): one} | ({} if other is None else {("N", "B"): other})
    found = told(recast(cube(figures), [COUNT], on(MERGED)))["N", "A"]
    assert found[1:] == (status, coverage)
    assert (found[0] is None) == (status is not Status.REPORTED)


def test_a_hidden_figure_hides_every_part_of_it() -> None:
    found = told(recast(
        cube({("N", "A"): Status.CONFIDENTIAL, ("N", "B"): 4}), [COUNT], on(SPLIT)))
    assert {status for _, status, _ in found.values()} == {Status.CONFIDENTIAL}


def test_a_rate_is_carried_over_only_where_the_area_is_the_same() -> None:
    found = recast(
        cube({("R", "A"): "12.5", ("R", "B"): "7.5", ("R", "C"): "3.1"}, 1), [RATE], on(MERGED))
    assert told(found) == {("R", "A"): (None, Status.NOT_REPORTED, ""),
                           ("R", "C"): (Decimal("3.1"), Status.REPORTED, "")}
    assert set(found.cannot.values()) == {Why.RATE}
    split = recast(cube({("R", "A"): "12.5"}, 1), [RATE], on(SPLIT))
    assert {value for value, *_ in told(split).values()} == {None}, "a rate is never apportioned"


def test_an_indicator_nobody_knows_is_no_count() -> None:
    found = recast(cube({("X", "A"): 1, ("X", "B"): 2}), [COUNT], on(MERGED))
    assert set(found.cannot.values()) == {Why.RATE}


def test_a_figure_of_no_area_and_of_no_heir_is_a_finding() -> None:
    found = recast(
        cube({("N", "A"): 1, ("N", "Q"): 2}), [COUNT], on({"A": (), "B": (Part("B"),)}, "B"))
    assert not len(found.cube)
    assert found.findings == (
        Finding(Why.LOST, "commune", "A", "2024", 1),
        Finding(Why.STRAY, "commune", "Q", "2024", 1))
    nowhere = recast(cube({("N", "A"): 1}), [COUNT], {})
    assert nowhere.findings == (Finding(Why.NO_MAP, "commune", "A", "2024", 1),)


def test_who_may_have_taken_in_a_lost_area_tells_nothing() -> None:
    found = recast(cube({("N", "B"): 1}), [COUNT], on({"A": (), "B": (Part("B"),)}, "B"))
    assert told(found) == {("N", "B"): (None, Status.NOT_REPORTED, "")}
    assert set(found.cannot.values()) == {Why.UNSURE}


def test_the_largest_remainders_get_what_is_left() -> None:
    thirds = [Part(code, Fraction(1, 3)) for code in "ABC"]
    assert shared_out(10, thirds) == [4, 3, 3]
    assert shared_out(-10, thirds) == [-3, -3, -4]
    assert shared_out(0, thirds) == [0, 0, 0]
    assert shared_out(1, [Part("A", Fraction(1, 10)), Part("B", Fraction(9, 10))]) == [0, 1]


@given(st.integers(-10**12, 10**12), st.lists(st.integers(1, 50), min_size=1, max_size=6))
def test_what_is_shared_out_sums_to_the_whole(value: int, weights: list[int]) -> None:
    parts = [Part(str(at), Fraction(weight, sum(weights))) for at, weight in enumerate(weights)]
    found = shared_out(value, parts)
    assert sum(found) == value
    assert all(abs(got - value * (part.share or 0)) < 1
               for got, part in zip(found, parts, strict=True))


@st.composite
def _maps(draw: st.DrawFn, *, whole: bool = False) -> dict[str, tuple[Part, ...]]:
    """Draw a map of four old areas on up to four new ones."""
    found = {}
    for code in CODES:
        count = 1 if whole else draw(st.integers(1, 3))
        heirs = draw(st.lists(
            st.sampled_from(CODES), min_size=count, max_size=count, unique=True))
        weights = [draw(st.integers(1, 5)) for _ in heirs]
        by = KeyKind.NONE if count == 1 else KeyKind.TABLE
        found[code] = tuple(
            Part(heir, Fraction(weight, sum(weights)), by)
            for heir, weight in sorted(zip(heirs, weights, strict=True)))
    return found


_FIGURES = st.lists(st.integers(0, 10**6), min_size=4, max_size=4)


@given(_maps(), _FIGURES)
def test_recast_then_sum_is_sum_then_recast(
    parts: dict[str, tuple[Part, ...]], figures: list[int],
) -> None:
    held = cube({("N", code): figure for code, figure in zip(CODES, figures, strict=True)})
    found = recast(held, [COUNT], on(parts))
    assert sum(row.value or 0 for row in found.cube.rows()) == sum(figures)


@given(_maps(whole=True), _FIGURES, _FIGURES)
def test_of_whole_areas_groups_add_up_before_and_after(
    parts: dict[str, tuple[Part, ...]], men: list[int], women: list[int],
) -> None:
    def told_of(figures: list[int]) -> Counter[str]:
        held = cube({("N", code): figure for code, figure in zip(CODES, figures, strict=True)})
        found = recast(held, [COUNT], on(parts))
        return Counter({row.key[2]: int(row.value or 0) for row in found.cube.rows()})

    both = [one + other for one, other in zip(men, women, strict=True)]
    assert told_of(men) + told_of(women) == +told_of(both)


@given(_FIGURES)
def test_to_its_own_map_a_cube_is_itself(figures: list[int]) -> None:
    held = cube({("N", code): figure for code, figure in zip(CODES, figures, strict=True)})
    same = recast(held, [COUNT], on({code: (Part(code),) for code in CODES}))
    assert same.cube.digest() == held.digest()
    assert not same.estimates


@given(_maps(whole=True), _FIGURES)
def test_there_and_back_over_whole_areas_keeps_the_total(
    parts: dict[str, tuple[Part, ...]], figures: list[int],
) -> None:
    held = cube({("N", code): figure for code, figure in zip(CODES, figures, strict=True)})
    there = recast(held, [COUNT], on(parts))
    back: dict[str, tuple[Part, ...]] = {}
    for heir in sorted({part.code for held_parts in parts.values() for part in held_parts}):
        old = [code for code in CODES if parts[code][0].code == heir]
        by = KeyKind.NONE if len(old) == 1 else KeyKind.EQUAL
        back[heir] = tuple(Part(code, Fraction(1, len(old)), by) for code in old)
    again = recast(there.cube, [COUNT], on(back))
    assert sum(row.value or 0 for row in again.cube.rows()) == sum(figures)
    for heir, origins in back.items():
        total = sum(figures[CODES.index(part.code)] for part in origins)
        assert sum(row.value or 0 for row in again.cube.rows()
                   if parts[row.key[2]][0].code == heir) == total


def test_bac_kan_and_thai_nguyen_are_one_province() -> None:
    """Population of the census of 2019: 313,905 and 1,286,751."""
    dims = dimensions([])
    held = Cube.of(dims, [
        CubeRow(("N", "province", "06", "2019"), Decimal(313905), Status.REPORTED),
        CubeRow(("N", "province", "19", "2019"), Decimal(1286751), Status.REPORTED),
    ])
    units, steps = real("province")
    there = correspondence("province", units, steps, date(2019, 4, 1), NEW)
    found = recast(held, [COUNT], {("province", "2019"): there})
    assert [(row.key, row.value) for row in found.cube.rows()] == [
        (("N", "province", "19", "2019"), Decimal(1600656))]
    back = correspondence("province", units, steps, NEW, date(2019, 4, 1), Key(KeyKind.NONE))
    again = recast(found.cube, [COUNT], {("province", "2019"): back})
    assert {row.value for row in again.cube.rows()} == {None}
    assert set(again.cannot.values()) == {Why.SPLIT}


def test_codes_used_again_in_bac_kan_never_join_wrongly() -> None:
    """A new commune is made of what its resolution names, never of its code's old bearer alone."""
    units, steps = real("commune")
    found = correspondence("commune", units, steps, OLD, NEW)
    bearers = {unit.code for unit in units if unit.holds(OLD)}
    communes = _communes_of_bac_kan()
    of_bac_kan = {step.new for step in steps if step.old in communes
                  and step.on == date(2025, 7, 1)}
    assert len(of_bac_kan) == 37
    assert of_bac_kan <= bearers
    named = {(step.old, step.new) for step in steps if step.on == date(2025, 7, 1)}
    for target in of_bac_kan:
        assert {(part.code, target) for part in found.sources[target]} <= named
    held = Cube.of(dimensions([]), [
        CubeRow(("N", "commune", code, "2024"), Decimal(1), Status.REPORTED)
        for code in sorted(communes)])
    again = recast(held, [COUNT], {("commune", "2024"): found})
    assert sum(row.value or 0 for row in again.cube.rows()) == 108
    assert len(again.cube) == 37
    assert not again.estimates


def _communes_of_bac_kan() -> set[str]:
    districts, _ = real("district")
    own = {unit.code for unit in districts if unit.holds(OLD) and unit.parent == "06"}
    return {unit.code for unit in real("commune")[0] if unit.holds(OLD) and unit.parent in own}
