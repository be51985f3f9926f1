"""Every engine agrees with the reference, on random cubes, maps, plans and formulas."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhasan.domain.cube import TOTAL, Cube, CubeRow, dimensions
from nhasan.domain.links import Link
from nhasan.domain.observations import Status
from nhasan.domain.plan import (
    Derive,
    Measure,
    Node,
    Operand,
    Read,
    RollUp,
    Select,
    Tables,
    from_json,
    to_json,
)
from nhasan.domain.plan import Total as Whole
from nhasan.engines import connect

COMMUNES = ("c1", "c2", "c3", "c4")
PROVINCES = ("p1", "p2")
GROUPS = ("01", "02", "03")
PERIODS = ("2024", "2025", "2025-S1")
COUNTS = ("S:A", "S:B")
CHANGE = date(2025, 7, 1)
MEASURES = (*(Measure(name) for name in COUNTS), Measure("S:R", 2, False, False))
DIMS = dimensions(["ETHNIC_GROUP"])


@st.composite
def rows(draw: st.DrawFn) -> CubeRow:
    indicator = draw(st.sampled_from(("S:A", "S:B", "S:R", "S:A", "S:B")))
    level, area = draw(st.one_of(
        st.tuples(st.just("commune"), st.sampled_from(COMMUNES)),
        st.tuples(st.just("province"), st.sampled_from(PROVINCES)),
        st.just(("country", "VN")),
    ))
    group = draw(st.sampled_from((*GROUPS, TOTAL)))
    key = (indicator, level, area, draw(st.sampled_from(PERIODS)), group)
    status = draw(st.sampled_from((*[Status.REPORTED] * 6, *Status)))
    decimals = 2 if indicator == "S:R" else draw(st.sampled_from((0, 0, 1)))
    value = None
    if status is Status.REPORTED:
        value = Decimal(draw(st.integers(-50, 10**9))).scaleb(-decimals)
    return CubeRow(key, value, status, decimals, "", draw(st.integers(-1, 5)))


CUBES = st.lists(rows(), max_size=60, unique_by=lambda row: row.key).map(
    lambda found: Cube.of(DIMS, found),
)
# Communes change province on 1/7/2025; a link may be missing, so a unit may have no parent.
LINKS = st.lists(
    st.builds(
        lambda code, old, new: [
            Link("commune", code, "province", old, None, CHANGE),
            Link("commune", code, "province", new, CHANGE, None),
        ],
        st.sampled_from(COMMUNES), st.sampled_from(PROVINCES), st.sampled_from(PROVINCES),
    ),
    max_size=4, unique_by=lambda pair: pair[0].code,
).map(lambda pairs: [
    *(link for pair in pairs for link in pair),
    *(Link("province", code, "country", "VN") for code in PROVINCES),
])
INDICATORS = st.lists(st.sampled_from(COUNTS), min_size=1, unique=True).map(tuple)

NUMBERS = st.one_of(
    st.sampled_from(("[a]", "[b]", "[a]", "[b]")),
    st.integers(0, 1000).map(str), st.sampled_from(("0.5", "100", "1000", "2.675")),
)


def _more(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    condition = st.tuples(inner, st.sampled_from(("<", "<=", "=", "<>", ">", ">=")), inner).map(
        lambda parts: f"{parts[0]} {parts[1]} {parts[2]}",
    )
    condition = st.one_of(
        condition, condition.map(lambda text: f"not ({text})"),
        st.tuples(condition, st.sampled_from(("and", "or")), condition).map(
            lambda parts: f"({parts[0]}) {parts[1]} ({parts[2]})",
        ),
    )
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(
            lambda parts: f"({parts[0]} {parts[1]} {parts[2]})"),
        inner.map(lambda text: f"-{text}" if text.startswith(("[", "(")) else f"(0 - {text})"),
        st.tuples(st.sampled_from(("sum", "min", "max", "coalesce")), pair).map(
            lambda parts: f"{parts[0]}({parts[1][0]}, {parts[1][1]})"),
        inner.map(lambda text: f"abs({text})"), inner.map(lambda text: f"round({text}, 1)"),
        st.tuples(condition, pair).map(
            lambda parts: f"if({parts[0]}, {parts[1][0]}, {parts[1][1]})"),
    )


FORMULAS = st.recursive(NUMBERS, _more, max_leaves=4).map(
    lambda text: f"{text} + 0 * coalesce([a], 0) + 0 * coalesce([b], 0)",
)


@st.composite
def plans(draw: st.DrawFn) -> Node:
    plan: Node = Read("D", MEASURES, ("ETHNIC_GROUP",))
    if draw(st.booleans()):
        plan = Select(plan, (("TIME_PERIOD", draw(st.sampled_from((PERIODS, ("2025",))))),))
    if draw(st.booleans()):
        parts = draw(st.sampled_from((GROUPS, GROUPS[:2])))
        plan = Whole(plan, "ETHNIC_GROUP", parts, draw(INDICATORS))
    if draw(st.booleans()):
        on = draw(st.sampled_from(("", "04-01")))
        plan = RollUp(plan, "commune", "province", draw(INDICATORS), on)
    if draw(st.booleans()):
        plan = RollUp(plan, "province", "country", draw(INDICATORS))
    if draw(st.booleans()):
        places = draw(st.sampled_from(((), (("ETHNIC_GROUP", TOTAL),))))
        operands = (Operand("a", "S:A"), Operand("b", "S:B", places))
        plan = Derive(plan, "S:D", draw(FORMULAS), operands, draw(st.integers(0, 3)))
        if draw(st.booleans()):
            share = (Operand("x", "S:D"), Operand("y", "S:A"))
            plan = Derive(plan, "S:E", "[x] / [y] * 100", share, 1)
    return plan


def facts(cube: Cube) -> list[tuple[object, ...]]:
    """Return what a cube says; values as numbers, so that 1 and 1.0 are the same."""
    return [tuple(row) for row in cube.rows()]


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(cube=CUBES, links=LINKS, plan=plans())
def test_duckdb_agrees_with_the_reference(cube: Cube, links: list[Link], plan: Node) -> None:
    tables = Tables({"D": cube}, links)
    judged = connect("reference:").run(plan, tables)
    assert facts(connect("duckdb:?threads=1").run(plan, tables)) == facts(judged)
    assert judged.dims == plan.dims


@settings(deadline=None, max_examples=60)
@given(plan=plans())
def test_a_plan_is_kept_as_json(plan: Node) -> None:
    assert from_json(to_json(plan)) == plan


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(cube=CUBES, links=LINKS, plan=plans())
def test_what_was_reported_is_never_replaced(cube: Cube, links: list[Link], plan: Node) -> None:
    after = connect("reference:").run(plan, Tables({"D": cube}, links))
    found = {row.key: row.figure for row in after.rows()}
    periods = set(after.column("TIME_PERIOD"))
    for row in cube.rows():
        if row.status is not Status.NOT_REPORTED and row.key[3] in periods:
            assert found[row.key] == row.figure


@pytest.mark.parametrize("url", ["reference:", "duckdb:"])
def test_an_empty_cube_gives_an_empty_cube(url: str) -> None:
    plan = RollUp(Read("D", MEASURES), "commune", "province", ("S:A",))
    assert len(connect(url).run(plan, Tables({"D": Cube.empty(dimensions([]))}))) == 0
