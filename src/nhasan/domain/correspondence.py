"""Between two maps: what became of each area of one day on the map of another.

Changes are dated links from old areas to new ones, and links of several days are walked one
after the other. Codes are used again for other places, so an area is a code *and* the days
between which it bore it: a code goes over a change only along a link, or when the same area
stands on both sides of it.

Walked onwards, an area goes whole into the one area that its links name; if they name several
it is split, and by how much only a *key* can say. Walked back, an area came whole from the one
area that is named as its origin. Shares are exact fractions.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple

from nhasan.domain.problems import Conflict, Invalid, phrase

ONE = Fraction(1)
_ONE_DAY = timedelta(days=1)


class SharesUneven(Invalid):
    """Shares of one area that are not the whole of it."""

    code = "shares-uneven"
    message = phrase(
        "Các phần của đơn vị {code} cộng lại là {sum}, phải bằng 1. Hãy xem lại bảng chia.")


class OwnAncestor(Invalid):
    """An area that lies, through others, above itself."""

    code = "area-own-ancestor"
    message = phrase("Đơn vị {code} nằm trong chính nó vào ngày {day}. Hãy xem lại cấp trên.")


class TwoVersions(Conflict):
    """Two areas that bear one code on one day."""

    code = "area-two-versions"
    message = phrase("Ngày {day} có hai đơn vị cùng mang mã {code}. Hãy xem lại ngày hiệu lực.")


class KeyKind(StrEnum):
    """By what the parts of a split area are reckoned."""

    NONE = "none"
    EQUAL = "equal"
    AREA = "area"
    POPULATION = "population"
    TABLE = "table"


class Unit(NamedTuple):
    """One area of a level between two days (half-open), and what it lay in."""

    code: str
    valid_from: date | None = None
    valid_to: date | None = None
    parent: str = ""

    def holds(self, day: date) -> bool:
        """Tell whether the area stood on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


class Step(NamedTuple):
    """One link of a change: an old area and a new one; no new one means no heir is recorded."""

    old: str
    new: str
    on: date


@dataclass(frozen=True, slots=True)
class Key:
    """How a split area is shared out.

    `weights` holds, for the kinds area and population, the size of the areas on the other
    side of the split, each as it stood then; `table` the shares given by decision, from an
    old area to a new one on the day of the change. Where a table names an area it comes before
    the weights; walked back it says nothing.
    """

    kind: KeyKind = KeyKind.NONE
    weights: Mapping[Unit, Fraction] = field(default_factory=dict)
    table: Mapping[Step, Fraction] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sums: dict[tuple[str, date], Fraction] = defaultdict(Fraction)
        for step, share in self.table.items():
            if share < 0:
                raise SharesUneven(code=step.old, sum=share)
            sums[step.old, step.on] += share
        for (old, _), total in sums.items():
            if total != ONE:
                raise SharesUneven(code=old, sum=total)


class Part(NamedTuple):
    """How much of an area lies in another; no share: it is a part, and nobody said how much."""

    code: str
    share: Fraction | None = ONE
    by: KeyKind = KeyKind.NONE

    @property
    def estimated(self) -> bool:
        """Tell whether the share was reckoned by a key."""
        return self.by is not KeyKind.NONE


Parts = tuple[Part, ...]


@dataclass(frozen=True)
class Correspondence:
    """What each area of the map of one day is on the map of another.

    `parts` names every area that stood on `since`; one without parts has no heir on record,
    and `unsure` are the areas of `until` that may hold a piece of such a one.
    """

    level: str
    since: date
    until: date
    parts: Mapping[str, Parts]
    unsure: frozenset[str] = frozenset()

    def __post_init__(self) -> None:
        for code, parts in self.parts.items():
            shares = [part.share for part in parts]
            known = [share for share in shares if share is not None]
            if len(known) < len(shares) or not shares:
                continue
            if sum(known) != ONE:
                raise SharesUneven(code=code, sum=sum(known))

    @cached_property
    def sources(self) -> Mapping[str, Parts]:
        """Return, for every area of the later reading, what it is made of."""
        found: dict[str, list[Part]] = defaultdict(list)
        for code, parts in self.parts.items():
            for part in parts:
                found[part.code].append(part._replace(code=code))
        return {code: tuple(parts) for code, parts in found.items()}

    def same(self, target: str) -> str:
        """Return the one area that a target wholly is, on the other map; else nothing."""
        sources = self.sources.get(target, ())
        if len(sources) != 1 or target in self.unsure:
            return ""
        source = sources[0]
        whole = source.share == ONE and not source.estimated
        return source.code if whole and len(self.parts[source.code]) == 1 else ""


def correspondence(level: str, units: Iterable[Unit], steps: Iterable[Step], since: date,
                   until: date, key: Key | None = None) -> Correspondence:
    """Return what the areas of `since` are on the map of `until`, which may lie before it."""
    walk = _Walk(list(units), list(steps), key or Key(), back=until < since)
    start = walk.standing(since)
    parts: dict[str, Parts] = {code: (Part(code),) for code in start}
    unsure: set[str] = set()
    for day in walk.days(since, until):
        hop, lost = walk.hop(day)
        parts = {code: _composed(held, hop) for code, held in parts.items()}
        unsure = {part.code for code in unsure for part in hop.get(code, ())} | lost
    walk.standing(until)
    return Correspondence(level, since, until, parts, frozenset(unsure))


@dataclass(frozen=True)
class _Walk:
    """Areas and changes of a level, walked in one direction."""

    units: Sequence[Unit]
    steps: Sequence[Step]
    key: Key
    back: bool

    def standing(self, day: date) -> dict[str, Unit]:
        """Return the areas of a day; refuse two of one code."""
        found: dict[str, Unit] = {}
        for unit in self.units:
            if unit.holds(day):
                if unit.code in found:
                    raise TwoVersions(code=unit.code, day=f"{day:%d/%m/%Y}")
                found[unit.code] = unit
        return found

    def days(self, since: date, until: date) -> list[date]:
        """Return the days of change between two days, in the order in which they are met."""
        first, last = sorted((since, until))
        met = {step.on for step in self.steps}
        met |= {day for unit in self.units for day in (unit.valid_from, unit.valid_to) if day}
        return sorted((day for day in met if first < day <= last), reverse=self.back)

    def hop(self, day: date) -> tuple[dict[str, Parts], set[str]]:
        """Return where the areas before a change go, and who may have taken in the lost."""
        eve, morning = self.standing(day - _ONE_DAY), self.standing(day)
        here, there = (morning, eve) if self.back else (eve, morning)
        linked = self._linked(day)
        found: dict[str, Parts] = {}
        for code, unit in here.items():
            others = [other for other in linked.get(code, ()) if other in there]
            if others:
                found[code] = self._shared(code, {other: there[other] for other in others}, day)
            else:
                found[code] = (Part(code),) if there.get(code) == unit else ()
        lost = {code for code, unit in here.items() if not found[code]}
        gone = self._gone(day, eve, morning)
        return found, self._neighbours(lost | gone, eve, here, there, found)

    def _linked(self, day: date) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for step in self.steps:
            if step.on == day and step.new:
                here, there = (step.new, step.old) if self.back else (step.old, step.new)
                if there not in found[here]:
                    found[here].append(there)
        return found

    def _gone(self, day: date, eve: Mapping[str, Unit], morning: Mapping[str, Unit]) -> set[str]:
        """Return the areas of the eve that ended on the day without an heir on record."""
        heirs = {step.old for step in self.steps if step.on == day and step.new in morning}
        return {
            code for code, unit in eve.items()
            if morning.get(code) != unit and code not in heirs
        }

    def _neighbours(self, lost: set[str], eve: Mapping[str, Unit], here: Mapping[str, Unit],
                    there: Mapping[str, Unit], hop: Mapping[str, Parts]) -> set[str]:
        """Return where the neighbours of a lost area went: one of them may have taken it in.

        Neighbours are those that lay in the same higher area. Walked back, what an heir holds
        too much cannot be told either.
        """
        circles = {(eve.get(code) or here[code]).parent for code in lost}
        circles.discard("")
        near = {code for code, unit in here.items() if unit.parent in circles}
        return {part.code for code in near for part in hop[code] if part.code in there}

    def _shared(self, code: str, others: Mapping[str, Unit], day: date) -> Parts:
        """Return the parts of an area: whole if it has one other side, else by the key."""
        if len(others) == 1:
            return (Part(next(iter(others))),)
        table = {} if self.back else {
            step.new: share for step, share in self.key.table.items()
            if (step.old, step.on) == (code, day)}
        if table:
            if not table.keys() <= others.keys():
                raise Invalid(reason=phrase(
                    "bảng chia nêu đơn vị không phải là nơi nhận của {code}").format(code=code))
            return tuple(Part(new, table[new], KeyKind.TABLE)
                         for new in sorted(table) if table[new])
        weights = self._weights(others)
        total = sum(weights.values(), start=Fraction(0))
        if not total:
            return tuple(Part(other, None) for other in sorted(others))
        return tuple(Part(other, weight / total, self.key.kind)
                     for other, weight in sorted(weights.items()) if weight)

    def _weights(self, others: Mapping[str, Unit]) -> dict[str, Fraction]:
        """Return the weights of the other sides; none when one of them has none."""
        if self.key.kind is KeyKind.EQUAL:
            return dict.fromkeys(others, ONE)
        if any(self.key.weights.get(unit, 0) <= 0 for unit in others.values()):
            return {}
        return {other: self.key.weights[unit] for other, unit in others.items()}


def _composed(held: Parts, hop: Mapping[str, Parts]) -> Parts:
    """Return parts carried over one more change; parts that meet again are added.

    Of an area that lost a piece on the way, nobody can say what the other pieces are.
    """
    torn = len(held) > 1 and not all(hop.get(part.code) for part in held)
    found: dict[str, Part] = {}
    for part in held:
        for further in hop.get(part.code, ()):
            share = (None if torn or part.share is None or further.share is None
                     else part.share * further.share)
            by = further.by if further.estimated else part.by
            met = found.get(further.code)
            found[further.code] = Part(further.code, share, by) if met is None else (
                _together(met, share, by))
    whole = len(found) == 1 and len(held) > 1 and not torn
    return tuple(Part(code) if whole else part for code, part in sorted(found.items()))


def _together(met: Part, share: Fraction | None, by: KeyKind) -> Part:
    added = None if met.share is None or share is None else met.share + share
    return Part(met.code, added, met.by if met.estimated else by)


def refuse_circles(above: Mapping[str, str], day: date) -> None:
    """Refuse a map on which an area lies, through others, in itself.

    `above` is of one day; areas are named by their codes, or by `level:code`.
    """
    for start in above:
        met, code = {start}, above[start]
        while code in above:
            if code in met:
                raise OwnAncestor(code=code.rpartition(":")[2], day=f"{day:%d/%m/%Y}")
            met.add(code)
            code = above[code]
