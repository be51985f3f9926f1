"""Plans: nonsense cannot be built, and what is built can be kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from nhasan.domain.plan import (
    Derive,
    Measure,
    Node,
    Nonsense,
    Operand,
    Read,
    RollUp,
    Select,
    Total,
    derivations,
    from_json,
    map_day,
    reading,
    steps,
    to_json,
)
from nhasan.domain.problems import Invalid

READ = Read("D", (Measure("S:A"), Measure("S:B"), Measure("S:R", 1, False, False)), ("SEX",))
AB = (Operand("a", "S:A"), Operand("b", "S:B"))
RATE = Derive(READ, "S:X", "[a] / [b]", AB)


@pytest.mark.parametrize("build", [
    lambda: Read("D", (Measure("S:A"), Measure("S:A"))),
    lambda: Select(READ, (("COLOUR", ("red",)),)),
    lambda: RollUp(READ, "province", "province", ("S:A",)),
    lambda: RollUp(READ, "commune", "province", ()),
    lambda: RollUp(READ, "commune", "province", ("S:R",)),
    lambda: RollUp(READ, "commune", "province", ("S:NONE",)),
    lambda: RollUp(READ, "commune", "province", ("S:A",), "31-12"),
    lambda: RollUp(RATE, "commune", "province", ("S:A",)),
    lambda: Total(READ, "TIME_PERIOD", ("2019",), ("S:A",)),
    lambda: Total(READ, "AGE", ("Y0",), ("S:A",)),
    lambda: Total(READ, "SEX", (), ("S:A",)),
    lambda: Total(READ, "SEX", ("F", "F"), ("S:A",)),
    lambda: Total(READ, "SEX", ("F", "_T"), ("S:A",)),
    lambda: Total(READ, "SEX", ("F", "M"), ("S:R",)),
    lambda: Derive(READ, "S:A", "[a] / [b]", AB),
    lambda: Derive(READ, "S:X", "[a] / [c]", AB),
    lambda: Derive(READ, "S:X", "[a]", AB),
    lambda: Derive(READ, "S:X", "[a] / [b]", (Operand("a", "S:A"), Operand("b", "S:NONE"))),
    lambda: Derive(READ, "S:X", "[a]", (Operand("a", "S:A", (("SEX", "_T"),)),)),
    lambda: Derive(READ, "S:X", "[a] + [b]", (
        Operand("a", "S:A"), Operand("b", "S:B", (("INDICATOR", "S:A"),)))),
    lambda: from_json([]),
])
def test_nonsense_is_refused_when_it_is_built(build: Callable[[], Node]) -> None:
    with pytest.raises(Nonsense):
        build()


def test_a_formula_that_cannot_be_read_is_refused() -> None:
    for formula in ("[a] +", "[a] < [b]", "eval([a])"):
        with pytest.raises(Invalid):
            Derive(READ, "S:X", formula, AB)


def test_a_derived_indicator_never_adds_up() -> None:
    added = RATE.measures[-1]
    assert (added.indicator, added.adds_over_area, added.adds_over_groups) == (
        "S:X", False, False,
    )
    assert derivations(RATE) == {"S:X": AB}


def test_a_plan_is_read_from_its_first_step_to_its_last() -> None:
    plan = Derive(
        RollUp(Total(Select(READ, (("SEX", ("F", "M")),)), "SEX", ("F", "M"), ("S:A",)),
               "commune", "province", ("S:A", "S:B"), "04-01"),
        "S:X", "[a] / [b] * 100", (Operand("a", "S:A"), Operand("b", "S:B", (("SEX", "_T"),))), 2,
    )
    assert [type(step).__name__ for step in steps(plan)] == [
        "Read", "Select", "Total", "RollUp", "Derive",
    ]
    assert reading(plan) == READ
    assert from_json(to_json(plan)) == plan
    assert plan.dims[-1] == "SEX"


@pytest.mark.parametrize(("period", "on", "day"), [
    ("2019", "", date(2019, 12, 31)), ("2019", "04-01", date(2019, 4, 1)),
    ("2025-S1", "", date(2025, 6, 30)), ("2024-2025", "", date(2025, 5, 31)),
    ("2024-2025", "09-30", date(2024, 9, 30)),
])
def test_the_day_of_the_map(period: str, on: str, day: date) -> None:
    assert map_day(period, on) == day
