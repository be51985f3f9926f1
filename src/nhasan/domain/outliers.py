"""Which figures are unusual: against the unit's own history, and against its peers.

Both are told robustly, by medians and by the median distance from them (MAD), so that one
wrong figure does not hide another. A few periods are too few for that: then the last one
counts, with a wide margin. Where all are alike the MAD is zero: then the margin alone counts.
Of fewer than ten peers nothing is told, and what is told of them is rounded, so that no single
unit's figure can be read from it.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Context, Decimal
from statistics import median

from nhasan.domain.forms import Column, Kind
from nhasan.domain.formulas import CONTEXT
from nhasan.domain.numbers import display, notation
from nhasan.domain.problems import phrase

MOST_PERIODS = 8
FEWEST_PERIODS = 4
FEWEST_PEERS = 10
# How many typical distances a figure may lie off, the usual limit for a modified z-score.
_DISTANCES = Decimal("5.2")  # 3.5 times 1.4826, which makes a MAD a standard deviation
# Whatever the spread: what moved by less than half, or by less than twenty units, is no news.
_SHARE = Decimal("0.5")
_UNITS = Decimal(20)
_TIMES = Decimal(3)  # and what differs from peers by less than three times
_NEARLY_ALL = 0.95
_DIGITS = Context(prec=2, rounding=ROUND_HALF_EVEN)

ASK = phrase("Nếu đúng, viết một câu lý do.")
CHANGED = phrase("{current} khác thường so với kỳ trước ({previous}).")
OWN_HIGH = phrase(
    "{current} cao gấp {times} lần mức thường thấy của {count} kỳ trước ({typical}).")
OWN_LOW = phrase(
    "{current} thấp hơn {times} lần mức thường thấy của {count} kỳ trước ({typical}).")
OWN_FAR = phrase(
    "{current} khác xa mức thường thấy của {count} kỳ trước ({typical}).")
PEERS_HIGH = phrase(
    "{current} cao gấp {times} lần mức thường thấy của {count} {whose} (khoảng {typical}).")
PEERS_LOW = phrase(
    "{current} thấp hơn {times} lần mức thường thấy của {count} {whose} (khoảng {typical}).")
PEERS_FAR = phrase(
    "{current} khác xa mức thường thấy của {count} {whose} (khoảng {typical}).")
SENTENCES = (CHANGED, OWN_HIGH, OWN_LOW, OWN_FAR, PEERS_HIGH, PEERS_LOW, PEERS_FAR)
WHOSE = {
    "commune": phrase("xã, phường"), "province": phrase("tỉnh, thành phố"),
    "": phrase("đơn vị"),
}
OWN_CODE, PEERS_CODE = "unusual-change", "unusual-among-peers"


@dataclass(frozen=True, slots=True)
class Usual:
    """What is usual in a cell: between `low` and `high`, mostly near `typical`.

    `count` is how many periods or units that was seen in; of very few periods `typical` is
    the last one. Without a limit on one side, nothing is unusual there.
    """

    low: Decimal | None
    high: Decimal | None
    typical: Decimal
    count: int

    def as_json(self) -> list[str | int | None]:
        """Return it as stored and sent to the page."""
        low, high = (None if one is None else _text(one) for one in (self.low, self.high))
        return [low, high, _text(self.typical), self.count]

    @classmethod
    def from_json(cls, data: Sequence[str | int | None]) -> Usual:
        """Return what `as_json` wrote."""
        low, high, typical, count = data
        return cls(
            None if low is None else Decimal(low), None if high is None else Decimal(high),
            Decimal(typical or 0), int(count or 0),
        )

    def holds(self, value: Decimal) -> bool:
        """Tell whether a value is usual."""
        above = self.high is not None and value > self.high
        return not above and not (self.low is not None and value < self.low)


def own_usual(values: Sequence[Decimal]) -> Usual | None:
    """Return what is usual for a unit, of its earlier values, the newest first."""
    seen = list(values[:MOST_PERIODS])
    if not seen:
        return None
    few = len(seen) < FEWEST_PERIODS
    typical = seen[0] if few else median(seen)
    spread = Decimal(0) if few else median(abs(value - typical) for value in seen)
    margin = max(_DISTANCES * spread, _SHARE * abs(typical), _UNITS)
    return Usual(typical - margin, typical + margin, typical, len(seen))


def peers_usual(values: Sequence[Decimal]) -> Usual | None:
    """Return what is usual among peers, or nothing when they are few or mostly have none.

    Units differ in size by orders, so their figures are compared as ratios.
    """
    positive = [value for value in values if value > 0]
    if len(values) < FEWEST_PEERS or len(positive) * 2 <= len(values):
        return None
    logs = [math.log(value) for value in positive]
    middle = median(logs)
    spread = median(abs(each - middle) for each in logs)
    margin = max(float(_DISTANCES) * spread, math.log(_TIMES))
    typical = _rough(Decimal(math.exp(middle)))
    high = max(_rough(Decimal(math.exp(middle + margin))), typical + _UNITS)
    low: Decimal | None = None
    if len(positive) >= _NEARLY_ALL * len(values):
        low = min(_rough(Decimal(math.exp(middle - margin))), typical - _UNITS)
    return Usual(low if low is None or low >= 1 else None, high, typical, len(values))


def _rough(value: Decimal) -> Decimal:
    """Return two digits of a value: enough to compare with, and nobody's own figure."""
    return _DIGITS.plus(value)


def _text(value: Decimal) -> str:
    return format(value.normalize(CONTEXT), "f")


def unusual(
    column: Column, now: Decimal, own: Usual | None, peers: Usual | None, whose: str,
) -> tuple[str, str] | None:
    """Return code and sentence when a figure is unusual. Who has a history is asked by that."""
    usual = own or peers
    if usual is None or usual.holds(now):
        return None
    if own is None:
        code, told = PEERS_CODE, _told(now, usual, column.kind, _PEERS, whose)
    elif own.count < FEWEST_PERIODS:
        code, told = OWN_CODE, CHANGED.format(
            current=display(now, column.kind), previous=display(own.typical, column.kind))
    else:
        code, told = OWN_CODE, _told(now, usual, column.kind, _OWN, whose)
    return code, f"{told} {ASK}"


_OWN, _PEERS = (OWN_HIGH, OWN_LOW, OWN_FAR), (PEERS_HIGH, PEERS_LOW, PEERS_FAR)


def _told(
    now: Decimal, usual: Usual, kind: Kind, sentences: tuple[str, str, str], whose: str,
) -> str:
    high, low, far = sentences
    facts = {
        "current": display(now, kind), "typical": display(usual.typical, kind),
        "count": usual.count, "whose": whose, "times": "",
    }
    for sentence, greater, lesser in ((high, now, usual.typical), (low, usual.typical, now)):
        if lesser > 0 and greater >= 2 * lesser:
            times = CONTEXT.divide(greater, lesser)
            rounded = times.quantize(Decimal(1 if times >= 10 else "0.1"), context=CONTEXT)
            return sentence.format(**{**facts, "times": notation(rounded)})
    return far.format(**facts)


def histories(earlier: Sequence[Mapping[str, Decimal]]) -> Iterator[tuple[str, list[Decimal]]]:
    """Yield each cell with its earlier values; `earlier` has the newest period first."""
    cells = dict.fromkeys(cell for period in earlier for cell in period)
    for cell in cells:
        yield cell, [period[cell] for period in earlier if cell in period]
