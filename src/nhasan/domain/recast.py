"""Figures of one map, read on the map of another day.

- Counts of areas that went whole into another are added, exactly. If a part is not reported
  the whole is not, and if one is confidential the whole is: a partial sum is never passed as
  the whole, and nothing hidden is given back.
- Counts of a split area are shared out by the key of the correspondence: an estimate, marked,
  with the key named. Whole numbers stay whole and sum to what was split.
- A figure that does not add up over areas (a rate, a median) is carried over only where the
  area is the same on both maps. A rate whose formula is known is computed again from recast
  parts by the caller; of every other the recast says that it cannot be.
- A figure of an area that did not stand on its day is a finding, and is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from math import lcm
from typing import NamedTuple

from nhasan.domain.correspondence import Correspondence, KeyKind, Part
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, Cube, CubeKey, CubeRow
from nhasan.domain.observations import Status, unscaled
from nhasan.domain.plan import Measure

Maps = Mapping[tuple[str, str], Correspondence]


class Why(StrEnum):
    """Why a figure could not be carried to the other map as it is."""

    STRAY = "stray"
    LOST = "lost"
    SPLIT = "split"
    UNSURE = "unsure"
    RATE = "rate"
    NO_MAP = "no-map"


class Finding(NamedTuple):
    """Something that was met: what, at which area and period, in how many figures."""

    why: Why
    level: str
    code: str
    period: str
    figures: int


@dataclass(frozen=True, slots=True)
class Recast:
    """A cube on another map.

    `estimates` names the keys by which a figure was reckoned, `cannot` why a figure that the
    other map should have could not be told; its row says that it is not reported.
    """

    cube: Cube
    estimates: Mapping[CubeKey, frozenset[KeyKind]] = field(default_factory=dict)
    cannot: Mapping[CubeKey, Why] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()


def recast(cube: Cube, measures: Iterable[Measure], maps: Maps) -> Recast:
    """Return the figures on the other map.

    `maps` holds the correspondence for each level and period. A level that does not change
    (the country) needs none only if the caller says so by an identity.
    """
    adding = {measure.indicator for measure in measures if measure.adds_over_area}
    work = _Work(cube, adding, maps)
    for at, key in enumerate(cube.cells()):
        work.take(at, key)
    for (key, where), parts in work.groups.items():
        work.tell(key, where, parts)
    return Recast(Cube.of(cube.dims, work.rows).sorted(), work.estimates, work.cannot,
                  _findings(work.met))


def shared_out(value: int, parts: Sequence[Part]) -> list[int]:
    """Return a whole number shared out in whole numbers that sum to it.

    Everyone has the floor of his share; what is left goes to the largest remainders, the
    lower code first where they are equal.
    """
    shares = [part.share or Fraction(0) for part in parts]
    whole = lcm(*(share.denominator for share in shares))
    exact = [value * share.numerator * (whole // share.denominator) for share in shares]
    found = [part // whole for part in exact]
    left = value - sum(found)
    if left:
        order = sorted(
            range(len(parts)), key=lambda at: (-(exact[at] % whole), parts[at].code))
        for at in order[:left]:
            found[at] += 1
    return found


class _Place(NamedTuple):
    """Where the figures of one level and period go."""

    level: str
    period: str


class _Piece(NamedTuple):
    """What a source gives to a target: scaled value or none, and its status."""

    source: str
    value: int | None
    status: Status
    decimals: int
    by: KeyKind


class _Work:
    """A recast in the making."""

    def __init__(self, cube: Cube, adding: set[str], maps: Maps) -> None:
        self._cube, self._adding, self._maps = cube, adding, maps
        self._indicator = cube.position(INDICATOR)
        self._level, self._area = cube.position(AREA_LEVEL), cube.position(REF_AREA)
        self._period = cube.position(TIME_PERIOD)
        self.rows: list[CubeRow] = []
        self.groups: dict[tuple[CubeKey, _Place], list[_Piece]] = defaultdict(list)
        self.estimates: dict[CubeKey, frozenset[KeyKind]] = {}
        self.cannot: dict[CubeKey, Why] = {}
        self.met: dict[tuple[Why, str, str, str], int] = defaultdict(int)

    def take(self, at: int, key: CubeKey) -> None:
        """Take one figure apart: what it gives to which areas of the other map."""
        where = _Place(key[self._level], key[self._period])
        found = self._maps.get(where)
        code = key[self._area]
        if found is None or code not in found.parts or not found.parts[code]:
            why = Why.NO_MAP if found is None else (
                Why.LOST if code in found.parts else Why.STRAY)
            self._meet(why, where, code)
            return
        row, parts = self._cube.row(at), found.parts[code]
        number = self._cube.values[at]
        shares: list[int | None] = [None] * len(parts)
        if number is not None and len(parts) == 1 and parts[0].share == 1:
            shares = [number]
        elif number is not None and all(part.share is not None for part in parts):
            shares = list(shared_out(number, parts))
        for part, value in zip(parts, shares, strict=True):
            if part.share != 0:
                self.groups[self._moved(key, part.code), where].append(
                    _Piece(code, value, row.status, row.decimals, part.by))

    def tell(self, key: CubeKey, where: _Place, pieces: list[_Piece]) -> None:
        """Say what the other map's figure is."""
        target, found = key[self._area], self._maps[where]
        if found.same(target):
            piece = pieces[0]
            self.rows.append(_row(key, piece.value, piece.status, piece.decimals))
        elif key[self._indicator] not in self._adding:
            self._refuse(key, where, Why.RATE, pieces)
        elif target in found.unsure:
            self._refuse(key, where, Why.UNSURE, pieces)
        else:
            self._add(key, where, pieces, len(found.sources[target]))

    def _add(self, key: CubeKey, where: _Place, pieces: list[_Piece], expected: int) -> None:
        statuses = [piece.status for piece in pieces]
        told = statuses.count(Status.REPORTED)
        skipped = statuses.count(Status.NOT_APPLICABLE)
        hidden = statuses.count(Status.CONFIDENTIAL)
        places = max(piece.decimals for piece in pieces)
        coverage = f"{told}/{expected - skipped}"
        if told + skipped + hidden < expected:
            self.rows.append(_row(key, None, Status.NOT_REPORTED, places, coverage))
        elif hidden:
            self.rows.append(_row(key, None, Status.CONFIDENTIAL, places, coverage))
        elif not told:
            self.rows.append(_row(key, None, Status.NOT_APPLICABLE, places, coverage))
        elif any(piece.value is None for piece in pieces if piece.status is Status.REPORTED):
            self._refuse(key, where, Why.SPLIT, pieces)
        else:
            total = sum(
                (piece.value or 0) * 10 ** (places - piece.decimals) for piece in pieces)
            self.rows.append(_row(key, total, Status.REPORTED, places, coverage))
            by = frozenset(
                piece.by for piece in pieces
                if piece.by is not KeyKind.NONE and piece.status is Status.REPORTED)
            if by:
                self.estimates[key] = by

    def _refuse(self, key: CubeKey, where: _Place, why: Why, pieces: list[_Piece]) -> None:
        hidden = any(piece.status is Status.CONFIDENTIAL for piece in pieces)
        status = Status.CONFIDENTIAL if hidden else Status.NOT_REPORTED
        self.rows.append(_row(key, None, status, pieces[0].decimals))
        self.cannot[key] = why
        self._meet(why, where, key[self._area])

    def _meet(self, why: Why, where: _Place, code: str) -> None:
        self.met[why, where.level, code, where.period] += 1

    def _moved(self, key: CubeKey, code: str) -> CubeKey:
        return (*key[: self._area], code, *key[self._area + 1:])


def _row(key: CubeKey, number: int | None, status: Status, decimals: int,
         coverage: str = "") -> CubeRow:
    value = None if number is None else unscaled(number, decimals)
    return CubeRow(key, value, status, decimals, coverage)


def _findings(met: Mapping[tuple[Why, str, str, str], int]) -> tuple[Finding, ...]:
    return tuple(Finding(*key, figures) for key, figures in sorted(met.items()))
