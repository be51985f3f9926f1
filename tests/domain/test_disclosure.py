"""Disclosure: what is hidden, what can be worked out, and what the log gives away."""

from __future__ import annotations

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.cube import TOTAL, Cube, CubeKey, CubeRow, dimensions
from nhasan.domain.disclosure import (
    LIMITS,
    LIMITS_BY_LINE,
    DisclosurePolicy,
    Line,
    limits_of,
    protect,
    sum_lines,
)
from nhasan.domain.links import Link
from nhasan.domain.observations import Status
from nhasan.domain.plan import Operand
from nhasan.domain.problems import Invalid

DIMS = dimensions(["ETHNIC_GROUP"])
POLICY = DisclosurePolicy(threshold=5, indicators=frozenset({"S:1"}))
AREAS = ("01", "02", "03")
GROUPS = ("01", "02", "03")


def key(area: str, group: str, indicator: str = "S:1") -> CubeKey:
    level = "country" if area == "VN" else "province"
    return (indicator, level, area, "2019", group)


def table(values: dict[tuple[str, str], int]) -> Cube:
    return Cube.of(DIMS, [
        CubeRow(key(*place), Decimal(value), Status.REPORTED) for place, value in values.items()
    ])


def with_totals(cells: dict[tuple[str, str], int]) -> Cube:
    """Return a table of areas by groups with every total of it."""
    everything = dict(cells)
    for area in AREAS:
        everything[area, TOTAL] = sum(cells[area, group] for group in GROUPS)
    for group in (*GROUPS, TOTAL):
        everything["VN", group] = sum(everything[area, group] for area in AREAS)
    return table(everything)


LINKS = [Link("province", area, "country", "VN") for area in AREAS]


def all_lines(cube: Cube) -> list[Line]:
    return sum_lines(cube, {"S:1"}, LINKS)


def hidden(cube: Cube) -> set[tuple[str, str]]:
    return {(row.key[2], row.key[4]) for row in cube.rows() if row.status is Status.CONFIDENTIAL}


TABLES = st.fixed_dictionaries({
    (area, group): st.one_of(st.integers(0, 8), st.integers(0, 10_000))
    for area in AREAS for group in GROUPS
}).map(with_totals)


EXAMPLES = json.loads(
    (Path(__file__).parents[1] / "spec" / "disclosure.json").read_text(encoding="utf-8"),
)


@pytest.mark.parametrize("example", EXAMPLES, ids=[example["name"] for example in EXAMPLES])
def test_the_examples_hold(example: dict[str, Any]) -> None:
    cells = {tuple(place.split(":")): value for place, value in example["cells"].items()}
    cube = table(cells)
    links = [Link("province", area, "country", "VN") for area in ("x", "y")]
    policy = DisclosurePolicy(threshold=example["threshold"], indicators=frozenset({"S:1"}))
    protected, _ = protect(cube, policy, sum_lines(cube, {"S:1"}, links))
    assert {
        f"{row.key[2]}:{row.key[4]}": row.value for row in protected.rows()
    } == example["shows"]


def test_a_small_count_is_hidden_and_zero_and_larger_ones_are_not() -> None:
    cube = table({("01", "01"): 4, ("01", "02"): 5, ("01", "03"): 0})
    protected, log = protect(cube, POLICY)
    assert hidden(protected) == {("01", "01")}
    assert protected.value(0) is None
    assert log.counts() == {"primary": 1, "secondary": 0, "derived": 0, "earlier": 0}


def test_a_zero_is_hidden_where_the_policy_says_so() -> None:
    policy = DisclosurePolicy(
        threshold=5, indicators=frozenset({"S:1"}), zero_allowed=False,
    )
    assert hidden(protect(table({("01", "01"): 0}), policy)[0]) == {("01", "01")}


def test_only_the_breakdowns_of_the_policy_are_looked_at() -> None:
    policy = DisclosurePolicy(
        threshold=5, indicators=frozenset({"S:1"}), dimensions=frozenset({"ETHNIC_GROUP", "SEX"}),
    )
    cube = table({("01", "01"): 1, ("02", TOTAL): 1})
    assert hidden(protect(cube, policy)[0]) == {("01", "01")}


def test_a_second_cell_is_hidden_so_that_subtraction_fails() -> None:
    cube = with_totals({
        (area, group): {"01": 100, "02": 50, "03": 20}[group] for area in AREAS for group in GROUPS
    } | {("02", "03"): 3})
    protected, log = protect(cube, POLICY, all_lines(cube))
    # The least remaining part of the row, then of each column and row touched by it.
    assert ("02", "03") in hidden(protected)
    assert log.counts()["primary"] == 1
    assert log.counts()["secondary"] >= 3


def test_public_figures_are_left_as_they_are_and_the_source_is_said() -> None:
    cube = table({("01", "01"): 1})
    policy = DisclosurePolicy(public="Tổng cục Thống kê, Tổng điều tra 2019")
    protected, log = protect(cube, policy)
    assert protected == cube
    assert log.to_json()["policy"]["public"] == "Tổng cục Thống kê, Tổng điều tra 2019"


def test_what_was_computed_from_a_hidden_cell_is_hidden() -> None:
    cube = Cube.of(DIMS, [
        CubeRow(key("01", "01"), Decimal(3), Status.REPORTED),
        CubeRow(key("01", TOTAL), Decimal(90), Status.REPORTED),
        CubeRow(key("01", "01", "S:RATE"), Decimal("3.3"), Status.REPORTED, 1),
        CubeRow(key("01", "01", "S:NEXT"), Decimal("0.3"), Status.REPORTED, 1),
        CubeRow(key("02", "01", "S:RATE"), Decimal("5.0"), Status.REPORTED, 1),
    ])
    derived = {
        "S:RATE": (Operand("a", "S:1"), Operand("b", "S:1", (("ETHNIC_GROUP", TOTAL),))),
        "S:NEXT": (Operand("a", "S:RATE"),),
    }
    protected, log = protect(cube, POLICY, derived=derived)
    statuses = {row.key: row.status for row in protected.rows()}
    assert statuses[key("01", "01", "S:RATE")] is Status.CONFIDENTIAL
    assert statuses[key("01", "01", "S:NEXT")] is Status.CONFIDENTIAL
    assert statuses[key("02", "01", "S:RATE")] is Status.REPORTED
    assert log.counts()["derived"] == 2


@pytest.mark.parametrize("facts", [
    {}, {"public": "x", "threshold": 3, "indicators": frozenset({"a"})}, {"threshold": 3},
    {"threshold": -1, "indicators": frozenset({"a"})},
])
def test_a_policy_says_one_thing(facts: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        DisclosurePolicy(**facts)  # type: ignore[arg-type]


def test_a_threshold_is_for_counts_and_not_for_rates() -> None:
    with pytest.raises(Invalid):
        protect(table({("01", "01"): 1}), POLICY, derived={"S:1": (Operand("a", "S:2"),)})


def test_sum_lines_follow_breakdowns_and_the_map_of_the_period() -> None:
    cube = with_totals({(area, group): 9 for area in AREAS for group in GROUPS})
    lines = {line.whole: set(line.parts) for line in all_lines(cube)}
    assert lines[key("01", TOTAL)] == {key("01", group) for group in GROUPS}
    # The grand total is the whole of two lines: of its groups and of its provinces.
    wholes = [line.whole for line in all_lines(cube)]
    assert wholes.count(key("VN", TOTAL)) == 2
    moved = [Link("province", area, "country", "VN", date(2020, 1, 1)) for area in AREAS]
    assert key("VN", "01") not in [line.whole for line in sum_lines(cube, {"S:1"}, moved)]
    assert sum_lines(cube, {"S:2"}, LINKS) == []


@given(TABLES)
def test_protecting_twice_is_protecting_once(cube: Cube) -> None:
    once, _ = protect(cube, POLICY, all_lines(cube))
    twice, log = protect(once, POLICY, all_lines(cube))
    assert twice == once
    assert log.suppressed == ()


@given(TABLES)
def test_no_sum_line_gives_a_cell_away(cube: Cube) -> None:
    protected, _ = protect(cube, POLICY, all_lines(cube))
    at = protected.index()
    for line in all_lines(cube):
        unknown = [cell for cell in (line.whole, *line.parts) if protected.value(at[cell]) is None]
        assert len(unknown) != 1


@given(TABLES)
def test_no_total_leaves_its_hidden_parts_without_room(cube: Cube) -> None:
    """Whoever knows that a hidden part is at least one still cannot tell any of them."""
    lines = all_lines(cube)
    protected, _ = protect(cube, POLICY, lines)
    before, after = cube.index(), protected.index()
    for line in lines:
        if protected.value(after[line.whole]) is None:
            continue
        hidden = [part for part in line.parts if protected.value(after[part]) is None]
        sizes = [cube.value(before[part]) for part in hidden]
        if hidden and None not in sizes:
            room = sum(size - 1 for size in sizes if size is not None)
            assert room >= POLICY.threshold - 2


@given(TABLES)
def test_every_small_count_is_hidden_and_nothing_is_changed(cube: Cube) -> None:
    protected, _ = protect(cube, POLICY, all_lines(cube))
    for before, after in zip(cube.rows(), protected.rows(), strict=True):
        assert before.key == after.key
        assert after.value in (None, before.value)
        assert not (after.value is not None and 0 < after.value < 5)


@given(TABLES)
def test_the_log_names_every_hidden_cell_and_tells_no_value(cube: Cube) -> None:
    protected, log = protect(cube, POLICY, all_lines(cube))
    said = log.to_json()
    assert {tuple(cell) for cell, _ in said["suppressed"]} == {
        row.key for row in protected.rows() if row.status is Status.CONFIDENTIAL
    }
    assert sum(log.counts().values()) == len(said["suppressed"])
    assert all(len(entry) == 2 and entry[1] in said["rules"] for entry in said["suppressed"])


def test_what_was_not_looked_at_is_said_as_it_was_then() -> None:
    assert limits_of({"public": "nguồn"}) == ()
    assert limits_of({"threshold": 5}) == LIMITS_BY_LINE
    assert limits_of(POLICY.to_json()) == LIMITS


def test_a_policy_comes_back_from_json() -> None:
    for policy in (POLICY, DisclosurePolicy(public="nguồn"), DisclosurePolicy(
            threshold=3, indicators=frozenset({"a"}), dimensions=frozenset({"SEX"}))):
        assert DisclosurePolicy.from_json(policy.to_json()) == policy
