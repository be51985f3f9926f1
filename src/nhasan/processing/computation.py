"""From a recipe to figures: build the plan of a dataflow and run it. Reads, writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nhasan.areas import queries as areas
from nhasan.areas.models import LEVELS
from nhasan.domain.access import Actor
from nhasan.domain.cube import AREA_LEVEL, FIXED, INDICATOR, TOTAL, Cube
from nhasan.domain.disclosure import Log, sum_lines
from nhasan.domain.links import links_between
from nhasan.domain.plan import (
    Derive,
    Measure,
    Node,
    Operand,
    Read,
    RollUp,
    Tables,
    Total,
    derivations,
    map_day,
)
from nhasan.domain.problems import Invalid, NotFound, phrase
from nhasan.domain.protection_policy import DisclosurePolicy
from nhasan.engines import connect
from nhasan.engines.protection import protect
from nhasan.metadata import queries as metadata
from nhasan.observations import queries as observations


class NoPolicy(Invalid):
    """A dataflow that nobody has decided how to protect; nothing of it leaves the house."""

    code = "no-policy"
    message = phrase(
        "Luồng dữ liệu “{dataflow}” chưa có chính sách bảo mật. Hãy đặt chính sách trước khi "
        "tổng hợp."
    )


@dataclass(frozen=True, slots=True)
class Recipe:
    """What people decide about adding up a dataflow; the plan follows from it and the data.

    `levels`: pairs (from, to). `on`: the day of the year on which the map is asked, `04-01`,
    or nothing for the last day of each period. `totals`: (breakdown, its parts; no parts
    means every code that was reported). `derive`: indicators to compute, as in `plan.Derive`.
    """

    levels: tuple[tuple[str, str], ...] = ()
    on: str = ""
    totals: tuple[tuple[str, tuple[str, ...]], ...] = ()
    derive: tuple[tuple[str, str, tuple[Operand, ...], int], ...] = ()

    def __post_init__(self) -> None:
        for lower, upper in self.levels:
            if lower not in LEVELS or upper not in LEVELS[:LEVELS.index(lower)]:
                raise Invalid(reason=f"không tổng hợp được từ cấp “{lower}” lên cấp “{upper}”")
        map_day("2024", self.on)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Recipe:
        """Return the recipe that `to_json` wrote."""
        return cls(
            tuple((lower, upper) for lower, upper in data.get("levels", ())), data.get("on", ""),
            tuple((dimension, tuple(parts)) for dimension, parts in data.get("totals", ())),
            tuple(
                (indicator, formula, tuple(
                    Operand(name, ref, tuple((dim, code) for dim, code in places))
                    for name, ref, places in operands
                ), int(decimals))
                for indicator, formula, operands, decimals in data.get("derive", ())
            ),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the recipe as JSON."""
        return {
            "levels": [list(pair) for pair in self.levels], "on": self.on,
            "totals": [[dimension, list(parts)] for dimension, parts in self.totals],
            "derive": [
                [indicator, formula, [
                    [one.name, one.indicator, [list(place) for place in one.places]]
                    for one in operands
                ], decimals]
                for indicator, formula, operands, decimals in self.derive
            ],
        }


@dataclass(frozen=True, slots=True)
class Result:
    """Everything that one run gives. `cube` is unprotected and stays inside the house."""

    plan: Node
    cube: Cube
    protected: Cube
    log: Log
    inputs: str
    sources: Mapping[int, observations.Source]


def computed(reader: Actor, dataflow: str, moment: datetime, recipe: Recipe,
             policy: Mapping[str, Any], engine: str, releases: Sequence[Cube] = ()) -> Result:
    """Return what a dataflow added up to, as it was known at a moment, and what may be shown.

    `releases` are the cubes that were said before: nobody may work out of them and this one
    together what either hides.
    """
    known = observations.as_of(reader, dataflow, moment)
    if not len(known):
        raise Invalid(reason=phrase("chưa có số liệu nào được duyệt để tổng hợp"))
    plan = planned(dataflow, recipe, known)
    tree = areas.tree_rows()
    links = [link for pair in recipe.levels for link in links_between(tree, *pair)]
    cube = connect(engine).run(plan, Tables({dataflow: known}, links))
    additive = {measure.indicator for measure in plan.measures if measure.adds_over_area}
    lines = sum_lines(cube, additive, [
        link for pair in _pairs(set(cube.column(AREA_LEVEL)))
        for link in links_between(tree, *pair)
    ], recipe.on)
    protected, log = protect(
        cube, resolved(policy, plan), lines, derivations(plan), releases,
    )
    batches = {origin for origin in cube.origins if origin >= 0}
    return Result(
        plan, cube, protected, log, known.digest(), observations.sources(reader, batches),
    )


def resolved(policy: Mapping[str, Any], plan: Node) -> DisclosurePolicy:
    """Return the policy with its indicators; when none are named, every count is meant."""
    counts = [
        measure.indicator for measure in plan.measures
        if measure.adds_over_area and measure.indicator not in derivations(plan)
    ]
    named = policy.get("indicators") or counts
    return DisclosurePolicy.from_json({**policy, "indicators": named})


def planned(dataflow: str, recipe: Recipe, known: Cube) -> Node:
    """Return the plan that a recipe means for the figures at hand."""
    flow = metadata.dataflow(dataflow)
    if flow is None:
        raise NotFound()
    coded = {found.id for found in metadata.dimensions(flow) if found.code_list}
    plan: Node = Read(dataflow, _measures(known, flow.indicators), known.dims[len(FIXED):])
    totals = recipe.totals or tuple((dim, ()) for dim in known.dims if dim in coded)
    for dimension, parts in totals:
        if dimension in known.dims:
            plan = _totalled(plan, known, dimension, parts)
    additive = tuple(one.indicator for one in plan.measures if one.adds_over_area)
    for lower, upper in recipe.levels if additive else ():
        plan = RollUp(plan, lower, upper, additive, recipe.on)
    for indicator, formula, operands, decimals in recipe.derive:
        plan = Derive(plan, indicator, formula, operands, decimals)
    return plan


def _measures(known: Cube, listed: Sequence[str]) -> tuple[Measure, ...]:
    refs = sorted({*known.column(INDICATOR), *listed})
    described = metadata.indicators_by_ref(refs)
    return tuple(
        Measure(ref, described[ref].decimals, *[described[ref].adds_over_area == "sum"] * 2)
        if ref in described else Measure(ref, 0, False, False)
        for ref in refs
    )


def _totalled(plan: Node, known: Cube, dimension: str, parts: tuple[str, ...]) -> Node:
    """Add a breakdown up, each indicator over the codes that it is broken down by."""
    additive = {one.indicator for one in plan.measures if one.adds_over_groups}
    used: dict[str, set[str]] = defaultdict(set)
    for indicator, code in zip(known.column(INDICATOR), known.column(dimension), strict=True):
        if indicator in additive and code != TOTAL:
            used[indicator].add(code)
    alike: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for indicator, codes in sorted(used.items()):
        alike[parts or tuple(sorted(codes))].append(indicator)
    for codes_of, indicators in alike.items():
        plan = Total(plan, dimension, codes_of, tuple(indicators))
    return plan


def _pairs(present: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield every pair of levels of which both have figures, the lower first."""
    held = [level for level in LEVELS if level in present]
    for number, upper in enumerate(held):
        for lower in held[number + 1:]:
            yield lower, upper
