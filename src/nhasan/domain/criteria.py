"""Criteria: the rules by which a decree sorts places, villages and peoples, as data.

A rule is a tree. A leaf asks one condition in the formula language; a branch counts how many of
its parts are met (any of them, all of them, at least n, between n and m, none). Classes are
looked at in their order, and the first whose tree is met is the one; the last may be what is
left over. Thresholds that differ between regions are a table beside the rule, and a condition
may ask for a region itself: `[DBSCL] = 1`.

What is not known is neither met nor unmet. A judgement says which class it is, or which it may
still be and which figures would decide it; it always carries the reason, branch by branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nhasan.domain.formulas import Tree, columns, evaluate, parse_condition
from nhasan.domain.problems import Invalid, phrase

ANYWHERE = ""
"""The region of a threshold that holds where no other is named."""
MOST_DEEP = 20
_COUNTED = frozenset({"hộ", "người", "thôn", "xã"})
"""Units of what is counted in whole numbers."""


class BadCriteria(Invalid):
    """Rules that cannot be read; nobody is sorted by them."""

    code = "bad-criteria"
    message = phrase("Bộ tiêu chí chưa đúng ở “{place}”: {reason}.")


@dataclass(frozen=True, slots=True)
class Fact:
    """One figure that the rules ask for, and the indicator it comes from (or a form's column)."""

    id: str
    label: str
    unit: str = ""
    indicator: str = ""

    @property
    def counted(self) -> bool:
        """Tell whether it is a whole number of something."""
        return self.unit in _COUNTED


@dataclass(frozen=True, slots=True)
class Asked:
    """A leaf: one condition, in words and as a formula."""

    label: str
    formula: Tree


@dataclass(frozen=True, slots=True)
class Counted:
    """A branch: met when at least `least` and at most `most` of its parts are."""

    label: str
    least: int
    most: int
    parts: tuple[Node, ...]


Node = Asked | Counted


@dataclass(frozen=True, slots=True)
class Ruling:
    """One class: its code, its name, and when it applies; without a tree it is what is left."""

    code: str
    label: str
    when: Node | None


@dataclass(frozen=True, slots=True)
class Criteria:
    """The rules of one decree for one kind of subject."""

    facts: tuple[Fact, ...]
    classes: tuple[Ruling, ...]
    regions: Mapping[str, str] = field(default_factory=dict)
    thresholds: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Criteria:
        """Return the rules that JSON says, or refuse them naming the place and the reason."""
        regions = {str(code): str(label) for code, label in data.get("regions", {}).items()}
        thresholds = {
            name: {region: Decimal(str(value)) for region, value in values.items()}
            for name, values in data.get("thresholds", {}).items()
        }
        for name, values in thresholds.items():
            if ANYWHERE not in values:
                raise _bad(name, phrase("ngưỡng chưa có giá trị chung cho mọi vùng"))
            if strange := values.keys() - regions.keys() - {ANYWHERE}:
                raise _bad(name, phrase("không có vùng này: ") + ", ".join(sorted(strange)))
        facts = tuple(
            Fact(str(each["id"]), str(each["label"]), str(each.get("unit", "")),
                 str(each.get("indicator", "")))
            for each in data.get("facts", ()))
        known = [*(each.id for each in facts), *thresholds, *regions]
        if len(set(known)) < len(known):
            raise _bad("facts", phrase("một tên được dùng hai lần"))
        reader = _Reader(frozenset(known))
        for name, tree in data.get("criteria", {}).items():
            reader.named[name] = reader.node(tree, f"criteria.{name}", 0)
        return cls(facts, reader.classes(data.get("classes", ())), regions, thresholds)

    def values(self, given: Mapping[str, Decimal | None],
               region: str = ANYWHERE) -> dict[str, Decimal | None]:
        """Return what the formulas read: figures, thresholds of the region, 1 for the region."""
        if region and region not in self.regions:
            raise _bad(region, phrase("không có vùng này"))
        limits: dict[str, Decimal | None] = {
            name: values.get(region, values[ANYWHERE])
            for name, values in self.thresholds.items()
        }
        here = {code: Decimal(code == region) for code in self.regions}
        return {**{each.id: given.get(each.id) for each in self.facts}, **limits, **here}


class _Reader:
    """Reads trees; a criterion may name those written before it, so no circle can be written."""

    def __init__(self, known: frozenset[str]) -> None:
        self.known = known
        self.named: dict[str, Node] = {}

    def classes(self, data: Sequence[Mapping[str, Any]]) -> tuple[Ruling, ...]:
        found = []
        for number, each in enumerate(data):
            place = f"classes.{each.get('code', number)}"
            when = self.node(each["when"], place, 0) if "when" in each else None
            if when is None and number < len(data) - 1:
                raise _bad(place, phrase("chỉ loại cuối cùng được để trống điều kiện"))
            found.append(Ruling(str(each["code"]), str(each["label"]), when))
        if not found:
            raise _bad("classes", phrase("chưa có loại nào"))
        if len({each.code for each in found}) < len(found):
            raise _bad("classes", phrase("hai loại trùng mã"))
        return tuple(found)

    def node(self, data: Mapping[str, Any], place: str, depth: int) -> Node:
        if depth > MOST_DEEP:
            raise _bad(place, phrase("lồng nhau sâu quá"))
        if "criterion" in data:
            name = str(data["criterion"])
            if name not in self.named:
                raise _bad(place, phrase("tiêu chí chưa được định nghĩa ở trên: ") + name)
            return self._again(self.named[name], data, place)
        if "if" in data:
            return self._asked(data, place)
        return self._counted(data, place, depth)

    def _asked(self, data: Mapping[str, Any], place: str) -> Asked:
        tree = parse_condition(str(data["if"]))
        if strange := [name for name in columns(tree) if name not in self.known]:
            raise _bad(place, phrase("không có số liệu này: ") + ", ".join(strange))
        if not data.get("label"):
            raise _bad(place, phrase("điều kiện chưa được viết thành lời"))
        return Asked(str(data["label"]), tree)

    def _again(self, named: Node, data: Mapping[str, Any], place: str) -> Node:
        """Return what was named before, or its parts counted in another way."""
        if "count" not in data:
            return named
        if not isinstance(named, Counted):
            raise _bad(place, phrase("chỉ đếm lại được một nhóm tiêu chí"))
        least, most = _between(data, len(named.parts))
        if not 0 <= least <= most <= len(named.parts):
            raise _bad(place, _OUT_OF_RANGE)
        return Counted(str(data.get("label", named.label)), least, most, named.parts)

    def _counted(self, data: Mapping[str, Any], place: str, depth: int) -> Counted:
        ways = [way for way in _WAYS if way in data]
        if len(ways) != 1:
            raise _bad(place, phrase(
                "cần đúng một cách xét: if, any, all, none, count hoặc criterion"))
        way = ways[0]
        items = data["of"] if way == "count" else data[way]
        parts = tuple(
            self.node(item, f"{place}.{number + 1}", depth + 1)
            for number, item in enumerate(items))
        least, most = _WAYS[way](data, len(parts))
        if not parts or not 0 <= least <= most <= len(parts):
            raise _bad(place, _OUT_OF_RANGE)
        return Counted(str(data.get("label", "")), least, most, parts)


_OUT_OF_RANGE = phrase("số tiêu chí phải đạt nằm ngoài số tiêu chí được xét")


def _between(data: Mapping[str, Any], parts: int) -> tuple[int, int]:
    least, *most = data["count"]
    return int(least), int(most[0]) if most else parts


_WAYS: dict[str, Any] = {
    "any": lambda data, parts: (1, parts), "all": lambda data, parts: (parts, parts),
    "none": lambda data, parts: (0, 0), "count": _between,
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one condition or branch came to: met, not met, or not known (nothing).

    `values` are the figures a leaf was asked with; `met_parts` of a branch counts its met ones.
    """

    label: str
    met: bool | None
    values: tuple[tuple[str, Decimal | None], ...] = ()
    parts: tuple[Outcome, ...] = ()
    least: int = 0
    most: int = 0

    @property
    def met_parts(self) -> int:
        """Return how many parts of a branch are met."""
        return sum(1 for part in self.parts if part.met)

    def leaves(self) -> Iterator[Outcome]:
        """Yield the conditions below, or itself."""
        if not self.parts:
            yield self
        for part in self.parts:
            yield from part.leaves()


@dataclass(frozen=True, slots=True)
class Judgement:
    """Which class it is; or, as long as figures are missing, which it may be.

    `outcomes` has every class that was looked at, with its reason, in their order.
    """

    code: str
    possible: tuple[str, ...]
    outcomes: tuple[tuple[Ruling, Outcome | None], ...]

    @property
    def missing(self) -> tuple[str, ...]:
        """Return the figures that would decide it, each once."""
        if self.code:
            return ()
        undecided = [
            leaf for ruling, outcome in self.outcomes if outcome and outcome.met is None
            for leaf in outcome.leaves() if leaf.met is None
        ]
        return tuple(dict.fromkeys(
            name for leaf in undecided for name, value in leaf.values if value is None))


def judge(criteria: Criteria, given: Mapping[str, Decimal | None],
          region: str = ANYWHERE) -> Judgement:
    """Sort one subject by its figures; what is missing is nothing, never zero."""
    values = criteria.values(given, region)
    outcomes: list[tuple[Ruling, Outcome | None]] = []
    possible: list[str] = []
    for ruling in criteria.classes:
        outcome = _outcome(ruling.when, values) if ruling.when else None
        outcomes.append((ruling, outcome))
        met = True if outcome is None else outcome.met
        if met is not False:
            possible.append(ruling.code)
        if met:
            break
    code = possible[0] if len(possible) == 1 and _settled(outcomes) else ""
    return Judgement(code, tuple(possible), tuple(outcomes))


def _settled(outcomes: Sequence[tuple[Ruling, Outcome | None]]) -> bool:
    """Tell whether the last class that was looked at applies, and no earlier one may."""
    last = outcomes[-1][1]
    return last is None or bool(last.met)


def _outcome(node: Node, values: Mapping[str, Decimal | None]) -> Outcome:
    if isinstance(node, Asked):
        met = evaluate(node.formula, values)
        read = tuple((name, values.get(name)) for name in columns(node.formula))
        return Outcome(node.label, None if met is None else bool(met), read)
    parts = tuple(_outcome(part, values) for part in node.parts)
    yes = sum(1 for part in parts if part.met)
    open_ = sum(1 for part in parts if part.met is None)
    met = None
    if node.least <= yes and yes + open_ <= node.most:
        met = True
    elif yes + open_ < node.least or yes > node.most:
        met = False
    return Outcome(node.label, met, (), parts, node.least, node.most)


def _bad(place: str, reason: str) -> BadCriteria:
    return BadCriteria(place=place, reason=reason)
