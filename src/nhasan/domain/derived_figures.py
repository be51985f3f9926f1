"""Figures of derived indicators, each with how it came about.

A figure is what somebody reported at its place. Where nobody did, one that adds up is the sum
of its parts (the areas beneath, else the codes of a breakdown), and a derived one is its
formula over what the operands are at that very place: a rate is never added up. A whole with
an unreported part is not reported; a confidential operand makes the result confidential; a
division by zero gives a figure that does not apply, with no number in it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_UP, Decimal

from nhasan.domain.cube import FIXED, TOTAL, Cube
from nhasan.domain.derived import SUM, Known
from nhasan.domain.formulas import CONTEXT, evaluate, parse_number
from nhasan.domain.observations import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Figure,
    Status,
)
from nhasan.domain.operands import OperandText, operands


@dataclass(frozen=True, slots=True)
class Place:
    """Where a figure stands; `codes` are those of the breakdowns, without totals, sorted."""

    ref: str
    level: str
    area: str
    period: str
    codes: tuple[tuple[str, str], ...] = ()

    def moved(self, dimension: str, code: str) -> Place:
        """Return the same place at another code of a breakdown."""
        kept = {**dict(self.codes), dimension: code}
        return replace(self, codes=tuple(sorted(
            pair for pair in kept.items() if pair[1] != TOTAL)))


@dataclass(frozen=True, slots=True)
class Part:
    """One figure that another was computed from; `name` is how the formula calls it."""

    place: Place
    figure: Figure
    name: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A figure and how it came about: `reported`, `areas`, `codes`, `formula`, `weighted`, `none`.

    `origin` is the batch of a figure that somebody reported. `expected` is how many parts a
    sum should have.
    """

    place: Place
    figure: Figure
    how: str
    decimals: int = 0
    formula: str = ""
    parts: tuple[Part, ...] = ()
    expected: int = 0
    origin: int = -1


Children = Callable[[str, str, str], Sequence[tuple[str, str]]]
"""The areas right beneath (level, code) on the map of a period."""


@dataclass
class Figures:
    """Figures at hand, and those that follow from them; each is computed once.

    `sums` are figures that were added up over areas already. Where they are given, all are, and
    totals over breakdowns stand in `cube` too: nothing is added up once more.
    """

    known: Known
    cube: Cube
    children: Children
    sums: Cube | None = None
    _rows: dict[Place, int] = field(init=False)
    _codes: dict[tuple[str, str], tuple[str, ...]] = field(init=False)
    _told: dict[Place, Told] = field(init=False)

    def __post_init__(self) -> None:
        self._rows = _places(self.cube)
        used: dict[tuple[str, str], set[str]] = {}
        for place in self._rows:
            for name, code in place.codes:
                used.setdefault((place.ref, name), set()).add(code)
        self._codes = {key: tuple(sorted(codes)) for key, codes in used.items()}
        self._told = {
            place: Told(place, self.sums.row(at).figure, "areas", self.sums.decimals[at])
            for place, at in _places(self.sums).items()
        } if self.sums is not None else {}

    def told(self, place: Place) -> Told:
        """Return the figure of a place and how it came about."""
        found = self._told.get(place)
        if found is None:
            # Asked again on its own way down, in a circle, a figure has nothing to rest on
            self._told[place] = Told(place, NOT_REPORTED, "none")
            self._told[place] = found = self._find(place)
        return found

    def opened(self, place: Place) -> Told:
        """Return the figure of a place with its parts, where it was added up beforehand."""
        found = self.told(place)
        if found.how == "areas" and not found.parts:
            return self._by_areas(place) or found
        return found

    def _find(self, place: Place) -> Told:
        at = self._rows.get(place)
        if at is not None and Status(self.cube.statuses[at]) is not Status.NOT_REPORTED:
            row = self.cube.row(at)
            if row.origin >= 0:
                return Told(place, row.figure, "reported", row.decimals, origin=row.origin)
            parted = self._by_codes(place) if self.sums is None else None
            return replace(parted or Told(place, row.figure, "codes"),
                           figure=row.figure, decimals=row.decimals)
        facts = self.known.indicators.get(place.ref)
        found: Told | None = None
        if facts is not None and facts.formula:
            found = self._by_formula(place)
        elif facts is not None and facts.kind == SUM and self.sums is None:
            found = self._by_areas(place) or self._by_codes(place)
        if found is not None:
            return found
        if at is None:
            return Told(place, NOT_REPORTED, "none")
        origin = self.cube.origins[at]
        return Told(
            place, NOT_REPORTED, "reported" if origin >= 0 else "codes", origin=origin)

    def _by_areas(self, place: Place) -> Told | None:
        below = self.children(place.level, place.area, place.period)
        parts = [replace(place, level=level, area=code) for level, code in below]
        return self._whole(place, "areas", parts)

    def _by_codes(self, place: Place) -> Told | None:
        taken = {name for name, _code in place.codes}
        for (ref, name), codes in self._codes.items():
            if ref == place.ref and name not in taken:
                return self._whole(place, "codes", [place.moved(name, code) for code in codes])
        return None

    def _whole(self, place: Place, how: str, parts: Sequence[Place]) -> Told | None:
        told = [self.told(part) for part in parts]
        if not any(each.how != "none" for each in told):
            return None
        return Told(
            place, added(each.figure for each in told), how,
            max(each.decimals for each in told), expected=len(parts),
            parts=tuple(Part(each.place, each.figure) for each in told),
        )

    def _by_formula(self, place: Place) -> Told:
        facts = self.known.indicators[place.ref]
        tree = parse_number(facts.formula)
        owner = replace(self.known, owner=place.ref.partition(":")[0])
        parts = [self._operand(place, each, owner) for each in operands(tree)]
        figures = [part.figure for part in parts]
        value = evaluate(tree, {part.name: part.figure.value for part in parts})
        return Told(
            place, _result(value, figures, facts.decimals), "formula", facts.decimals,
            facts.formula, tuple(parts), len(parts),
        )

    def _operand(self, place: Place, read: OperandText, known: Known) -> Part:
        at = replace(place, ref=known.ref(read.indicator), period=read.period(place.period))
        held = known.indicators[at.ref].dimensions
        at = replace(at, codes=tuple(pair for pair in at.codes if pair[0] in held))
        if read.weight:
            return Part(at, self._weighted(at, known.ref(read.weight)), read.text)
        places = [at]
        for condition in read.conditions:
            codes = condition.codes if not condition.without else tuple(
                code for code in self._codes.get((at.ref, condition.dimension), ())
                if condition.holds(code))
            places = [each.moved(condition.dimension, code)
                      for each in places for code in codes]
        if len(places) == 1:
            return Part(places[0], self.told(places[0]).figure, read.text)
        return Part(at, added(self.told(each).figure for each in places), read.text)

    def _weighted(self, place: Place, weight: str) -> Figure:
        """Return the average over the areas beneath, each counting by its weight."""
        direct = self.told(place)
        if direct.how == "reported" and direct.figure.value is not None:
            return direct.figure
        below = self.children(place.level, place.area, place.period)
        if not below:
            return direct.figure
        products, weights = [], []
        for level, code in below:
            part = replace(place, level=level, area=code)
            value = self._weighted(part, weight)
            of = self.told(replace(part, ref=weight)).figure
            if value.status is Status.NOT_APPLICABLE:
                continue
            products.append(_both(value, of))
            weights.append(of)
        above, total = added(products), added(weights)
        if above.value is None or total.value is None:
            return above if above.value is None else total
        return _result(CONTEXT.divide(above.value, total.value), [], 12) if (
            total.value) else NOT_APPLICABLE


def _places(cube: Cube) -> dict[Place, int]:
    """Return where the figure of each place stands."""
    names = cube.dims[len(FIXED):]
    return {
        Place(ref, level, area, period, tuple(
            pair for pair in zip(names, codes, strict=True) if pair[1] != TOTAL)): at
        for at, (ref, level, area, period, *codes) in enumerate(cube.cells())
    }


def _both(value: Figure, weight: Figure) -> Figure:
    if value.value is None or weight.value is None:
        return _absent([value, weight])
    return Figure(CONTEXT.multiply(value.value, weight.value))


def added(figures: Iterable[Figure]) -> Figure:
    """Return the sum of the parts of a whole, or why there is none."""
    held = [each for each in figures if each.status is not Status.NOT_APPLICABLE]
    if any(each.value is None for each in held):
        return NOT_REPORTED if any(
            each.status is Status.NOT_REPORTED for each in held) else CONFIDENTIAL
    if not held:
        return NOT_APPLICABLE
    return Figure(sum((each.value for each in held if each.value is not None), Decimal(0)))


def _result(value: Decimal | bool | None, figures: Sequence[Figure], decimals: int) -> Figure:
    """Return what a formula gave, rounded once; what a hidden operand would tell stays hidden."""
    if any(each.status is Status.CONFIDENTIAL for each in figures):
        return CONFIDENTIAL
    if value is None:
        return _absent(figures)
    exact = CONTEXT.plus(Decimal(value))
    found = exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, CONTEXT)
    return Figure(found if found.is_finite() else exact)  # too large to have such decimals


def _absent(figures: Sequence[Figure]) -> Figure:
    """Return why there is no number: a hidden part, one not reported, else a division by zero."""
    statuses = {each.status for each in figures}
    if Status.CONFIDENTIAL in statuses:
        return CONFIDENTIAL
    return NOT_REPORTED if Status.NOT_REPORTED in statuses else NOT_APPLICABLE

