"""Plans: a computation as a value.

A plan is a frozen tree of nodes. Nonsense is refused when a node is built (adding up a rate,
rolling up what was already derived), so a plan that exists can be run. Engines give plans
their meaning; `engines/reference.py` is the plain-spoken judge of what that meaning is:

- `Total` and `RollUp` add the parts of a whole. If any part is not reported the whole is not
  reported either, and its coverage says how many parts were: a partial sum is never passed
  as the whole. Parts that are not applicable are left out. If a part is confidential, the
  whole is.
- A figure that somebody reported is never replaced by a computed one. Where they differ is a
  finding for people, not a choice for machines.
- `Derive` comes last: rates are computed from totals, never added up.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from nhasan.domain.cube import FIXED, INDICATOR, TOTAL, Cube
from nhasan.domain.cube import dimensions as ordered
from nhasan.domain.formulas import Tree, columns, parse_number
from nhasan.domain.links import Link
from nhasan.domain.periods import Period
from nhasan.domain.problems import Problem, phrase


class Nonsense(Problem):
    """A plan that would compute something that means nothing."""

    code = "plan-nonsense"
    status = 422
    message = phrase("Phương án tính không hợp lý: {reason}")


@dataclass(frozen=True, slots=True)
class Measure:
    """What a plan must know of an indicator: its decimals, and whether its parts add up."""

    indicator: str
    decimals: int = 0
    adds_over_area: bool = True
    adds_over_groups: bool = True


@dataclass(frozen=True, slots=True)
class Tables:
    """What a plan is run on: cubes by dataflow name, and the map as links."""

    cubes: Mapping[str, Cube]
    links: Sequence[Link] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """Take the figures of a dataflow as they were reported."""

    dataflow: str
    measures: tuple[Measure, ...]
    breakdowns: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        names = [measure.indicator for measure in self.measures]
        if len(names) != len(set(names)):
            raise Nonsense(reason="một chỉ tiêu được đọc hai lần")

    @property
    def dims(self) -> tuple[str, ...]:
        """Return the dimensions of the result."""
        return ordered(self.breakdowns)


@dataclass(frozen=True, slots=True)
class Select:
    """Keep the rows whose codes are among the wanted ones."""

    source: Node
    where: tuple[tuple[str, tuple[str, ...]], ...]

    def __post_init__(self) -> None:
        for dimension, _ in self.where:
            _known(self.source, dimension)

    @property
    def dims(self) -> tuple[str, ...]:
        """Return the dimensions of the result."""
        return self.source.dims

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return the indicators of the result."""
        return self.source.measures


@dataclass(frozen=True, slots=True)
class Total:
    """Add the codes of a breakdown up to its total, if every code of `parts` is there."""

    source: Node
    dimension: str
    parts: tuple[str, ...]
    indicators: tuple[str, ...]

    def __post_init__(self) -> None:
        _known(self.source, self.dimension)
        if self.dimension in FIXED:
            raise Nonsense(reason=f"không cộng theo “{self.dimension}” bằng cách này được")
        if not self.parts or TOTAL in self.parts or len(set(self.parts)) != len(self.parts):
            raise Nonsense(reason=f"các phần của “{self.dimension}” không rõ ràng")
        _additive(self.source, self.indicators, "adds_over_groups", "các nhóm")

    @property
    def dims(self) -> tuple[str, ...]:
        """Return the dimensions of the result."""
        return self.source.dims

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return the indicators of the result."""
        return self.source.measures


@dataclass(frozen=True, slots=True)
class RollUp:
    """Add the areas of one level up to a higher one, on the map of each period's own date.

    `on` is the day of the year (`04-01`) on which the map is asked; empty means the last day
    of the period.
    """

    source: Node
    from_level: str
    to_level: str
    indicators: tuple[str, ...]
    on: str = ""

    def __post_init__(self) -> None:
        if self.from_level == self.to_level:
            raise Nonsense(reason=f"cấp “{self.to_level}” không nằm trên chính nó")
        map_day("2019", self.on)
        _additive(self.source, self.indicators, "adds_over_area", "địa bàn")

    @property
    def dims(self) -> tuple[str, ...]:
        """Return the dimensions of the result."""
        return self.source.dims

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return the indicators of the result."""
        return self.source.measures


class Operand(NamedTuple):
    """One name of a formula: which indicator it stands for, and at which codes.

    `places` moves it away from the row's own codes: with `ETHNIC_GROUP` at `_T` the formula
    `[part] / [all] * 100` becomes the share of a group.
    """

    name: str
    indicator: str
    places: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Derive:
    """Compute an indicator from others at the same key, rounded half up to its decimals.

    `operands` names the indicators behind the names of the formula.
    """

    source: Node
    indicator: str
    formula: str
    operands: tuple[Operand, ...]
    decimals: int = 1
    tree: Tree = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tree", parse_number(self.formula))
        names = [operand.name for operand in self.operands]
        if sorted(columns(self.tree)) != sorted(names):
            raise Nonsense(reason=f"công thức “{self.formula}” không khớp với các chỉ tiêu")
        if all(operand.places for operand in self.operands):
            raise Nonsense(reason="công thức không có vế nào ở chính ô được tính")
        have = {measure.indicator for measure in self.source.measures}
        for _, indicator, places in self.operands:
            if indicator not in have:
                raise Nonsense(reason=f"không có chỉ tiêu “{indicator}” để tính")
            for dimension, _ in places:
                _known(self.source, dimension)
                if dimension == INDICATOR:
                    raise Nonsense(reason="một vế của công thức có hai chỉ tiêu")
        if self.indicator in have:
            raise Nonsense(reason=f"chỉ tiêu “{self.indicator}” đã có rồi")

    @property
    def dims(self) -> tuple[str, ...]:
        """Return the dimensions of the result."""
        return self.source.dims

    @property
    def measures(self) -> tuple[Measure, ...]:
        """Return the indicators of the result; what was derived never adds up."""
        derived = Measure(self.indicator, self.decimals, False, False)
        return (*self.source.measures, derived)


Node = Read | Select | Total | RollUp | Derive
NODES: dict[str, Any] = {
    "read": Read, "select": Select, "total": Total, "rollup": RollUp, "derive": Derive,
}


def _known(source: Node, dimension: str) -> None:
    if dimension not in source.dims:
        raise Nonsense(reason=f"không có chiều “{dimension}”")


def _additive(source: Node, indicators: Iterable[str], how: str, over: str) -> None:
    measures = {measure.indicator: measure for measure in source.measures}
    if not indicators:
        raise Nonsense(reason="chưa nói cộng chỉ tiêu nào")
    for indicator in indicators:
        measure = measures.get(indicator)
        if measure is None:
            raise Nonsense(reason=f"không có chỉ tiêu “{indicator}” để cộng")
        if not getattr(measure, how):
            raise Nonsense(
                reason=f"chỉ tiêu “{indicator}” không cộng được theo {over}, như mọi tỷ lệ",
            )
    if any(isinstance(node, Derive) for node in steps(source)):
        raise Nonsense(reason="phải cộng trước rồi mới tính tỷ lệ")


def map_day(period: str, on: str) -> date:
    """Return the day on which the map is asked for a period.

    `on` is a day of the period's first year; empty means the last day of the period.
    """
    spoken = Period.parse(period)
    if not on:
        return spoken.reference_date
    try:
        return date.fromisoformat(f"{spoken.year:04d}-{on}")
    except ValueError as wrong:
        raise Nonsense(reason=f"“{on}” không phải là ngày trong năm") from wrong


def derivations(plan: Node) -> dict[str, tuple[Operand, ...]]:
    """Return the operands of every indicator that the plan derives."""
    return {node.indicator: node.operands for node in steps(plan) if isinstance(node, Derive)}


def steps(plan: Node) -> list[Node]:
    """Return the nodes of a plan from the first step to the last."""
    found: list[Node] = [plan]
    while not isinstance(found[-1], Read):
        found.append(found[-1].source)
    return found[::-1]


def reading(plan: Node) -> Read:
    """Return the first step of a plan."""
    first = steps(plan)[0]
    if not isinstance(first, Read):
        raise TypeError("a plan begins with a Read")
    return first


def to_json(plan: Node) -> list[dict[str, Any]]:
    """Return a plan as JSON: its steps in order, each with its name and settings."""
    names = {kind: name for name, kind in NODES.items()}
    return [
        {"step": names[type(node)], **{
            name: _json(getattr(node, name)) for name in node.__dataclass_fields__
            if name not in ("source", "tree")
        }}
        for node in steps(plan)
    ]


def from_json(data: Sequence[Mapping[str, Any]]) -> Node:
    """Return the plan that `to_json` wrote."""
    plan: Node | None = None
    for item in data:
        facts = {name: _tuples(value) for name, value in item.items() if name != "step"}
        if plan is None:
            measures = tuple(Measure(**measure) for measure in item["measures"])
            plan = Read(item["dataflow"], measures, tuple(item.get("breakdowns", ())))
        else:
            if "operands" in facts:
                facts["operands"] = tuple(Operand(*operand) for operand in facts["operands"])
            plan = NODES[item["step"]](source=plan, **facts)
    if plan is None:
        raise Nonsense(reason="không có bước nào")
    return plan


def _json(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_json(item) for item in value]
    if isinstance(value, Measure):
        return {name: getattr(value, name) for name in Measure.__dataclass_fields__}
    return value


def _tuples(value: Any) -> Any:
    return tuple(_tuples(item) for item in value) if isinstance(value, list) else value

