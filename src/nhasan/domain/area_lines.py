"""The line of an area through the changes of the map: what it came from, what became of it.

An area is a code *and* the days on which it bore it, so a line goes from one area to another
only along a link of a change. Two places that bore one code are never joined by the code.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple


class Stand(NamedTuple):
    """A place as it stood between two days (half-open); `known` says that the map has it."""

    key: str
    level: str
    code: str
    title: str
    since: date | None = None
    until: date | None = None
    known: bool = True


class Strand(NamedTuple):
    """One link of a change, from a place to a place by their keys; no new one: no heir."""

    old: str
    new: str
    on: date
    kind: str
    decree: str = ""
    doubtful: bool = False
    agreement: str = ""
    note: str = ""


class Place(NamedTuple):
    """Where a place is drawn: from which column to which, and how far down, in rows."""

    first: int
    last: int
    row: float


@dataclass(frozen=True, slots=True)
class AreaLine:
    """One area with all that it came from and all that it went into.

    `cut` tells that the line goes on beyond what is told here.
    """

    focus: str
    stands: Mapping[str, Stand]
    strands: tuple[Strand, ...] = ()
    cut: bool = False

    @property
    def days(self) -> tuple[date, ...]:
        """Return the days of change, the earliest first."""
        return tuple(sorted({strand.on for strand in self.strands}))

    @property
    def origins(self) -> tuple[Strand, ...]:
        """Return the links that end at the area itself."""
        return tuple(strand for strand in self.strands if strand.new == self.focus)

    @property
    def heirs(self) -> tuple[Strand, ...]:
        """Return the links that begin at the area itself."""
        return tuple(strand for strand in self.strands if strand.old == self.focus)

    def decrees(self, on: date) -> tuple[str, ...]:
        """Return the documents of the changes of a day, each once."""
        return tuple(dict.fromkeys(
            strand.decree for strand in self.strands if strand.on == on and strand.decree))

    def laid_out(self) -> dict[str, Place]:
        """Return where each place is drawn.

        Between two days of change lies one column. A place stands in every column from the
        change that made it to the change that ended it; places of one branch lie together.
        """
        rows = _Rows(self).placed()
        days = {day: at for at, day in enumerate(self.days)}
        return {key: self._columns(key, days)._replace(row=rows[key]) for key in self.stands}

    def _columns(self, key: str, days: Mapping[date, int]) -> Place:
        came = [days[strand.on] + 1 for strand in self.strands if strand.new == key]
        went = [days[strand.on] for strand in self.strands if strand.old == key]
        first = max(came) if came else (min(went) if went else 0)
        return Place(first, max(first, min(went)) if went else first, 0)


@dataclass
class _Rows:
    """Rows in the making: the leaves of either side in order, what they meet in between them."""

    line: AreaLine
    rows: dict[str, float] = field(default_factory=dict)
    used: dict[bool, float] = field(default_factory=dict)

    def placed(self) -> dict[str, float]:
        """Return the rows, the area itself at the same height on both sides."""
        back, ahead = self._side(back=True), self._side(back=False)
        focus = self.line.focus
        lower = max(back[focus], ahead[focus])
        found = {key: row + lower - back[focus] for key, row in back.items()}
        found |= {key: row + lower - ahead[focus] for key, row in ahead.items()}
        return found

    def _side(self, *, back: bool) -> dict[str, float]:
        self.rows, self.used = {}, {back: 0}
        self._visit(self.line.focus, back)
        return self.rows

    def _visit(self, key: str, back: bool) -> float:
        self.rows[key] = -1
        met = [self._visit(other, back) for other in self._next(key, back)
               if other not in self.rows]
        if not met:
            met = [self.used[back]]
            self.used[back] += 1
        self.rows[key] = (met[0] + met[-1]) / 2
        return self.rows[key]

    def _next(self, key: str, back: bool) -> Iterable[str]:
        for strand in self.line.strands:
            here, there = (strand.new, strand.old) if back else (strand.old, strand.new)
            if here == key and there in self.line.stands:
                yield there
