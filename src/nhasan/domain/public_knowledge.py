"""What readers know of a cube: the sums that they can check, as a puzzle for the attacker.

Three kinds of rows are known. A whole is its parts; where a part was never reported, the whole
is at least the parts that were. One indicator is no more than another, where the policy says
so (poor households are households). A published rate says of its numerator, to within its
rounding, which share of the denominator it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import log2
from typing import NamedTuple

from nhasan.domain.attack import INFINITE, Puzzle, Row
from nhasan.domain.cube import FIXED, INDICATOR, Cube, CubeKey
from nhasan.domain.disclosure import Line
from nhasan.domain.observations import Status
from nhasan.domain.protection_policy import DisclosurePolicy

_OPEN = frozenset({Status.NOT_REPORTED, Status.CONFIDENTIAL})


class Rate(NamedTuple):
    """A rate that was shown: `part` is `value` (± `off`) times `whole`, in units of the cells."""

    part: CubeKey
    whole: CubeKey
    value: Fraction
    off: Fraction


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What is known besides the sums of the cube itself.

    `shown` cells stood in an earlier release, so they can no longer be hidden; `kept` cells
    were hidden there, so they may not be shown now. `rates` were shown there.
    """

    shown: frozenset[CubeKey] = frozenset()
    kept: frozenset[CubeKey] = frozenset()
    rates: tuple[Rate, ...] = field(default=())


def puzzle(cube: Cube, policy: DisclosurePolicy, lines: Iterable[Line], small: Collection[int],
           known: Knowledge) -> Puzzle:
    """Return a cube as readers see it when its small counts are hidden.

    The numbers are those of the rows of the cube. A zero is never hidden to protect another
    cell where zeros are shown: a reader would know that it is none.
    """
    index = cube.index()
    truth = [value or 0 for value in cube.values]
    moves = [value is not None and (bool(value) or not policy.zero_allowed)
             for value in cube.values]
    one = [10 ** places for places in cube.decimals]
    kept = {index[key] for key in known.kept if key in index}
    for at in kept:
        moves[at] = moves[at] or cube.values[at] == 0
    said = {index[key] for key in known.shown if key in index}
    rows = [
        *_sums(cube, lines, index, moves), *_limits(cube, policy, index, moves),
        *_rates(known.rates, index),
    ]
    return Puzzle(
        truth, [one[at] if policy.zero_allowed and truth[at] else 0 for at in range(len(cube))],
        rows,
        {at: policy.room(truth[at], one[at]) for at in small if at not in said},
        [log2(1 + abs(truth[at]) / one[at]) for at in range(len(cube))],
        frozenset(at for at, each in enumerate(moves) if each and at not in said),
    )


def _sums(cube: Cube, lines: Iterable[Line], index: Mapping[CubeKey, int],
          moves: Sequence[bool]) -> Iterator[Row]:
    for line in lines:
        cells = [index[key] for key in (line.whole, *line.parts) if key in index]
        if cells and cube.statuses[cells[0]] not in _OPEN and line.whole in index:
            some_open = any(cube.statuses[at] in _OPEN for at in cells)
            kept = [(at, 1 if number == 0 else -1) for number, at in enumerate(cells)
                    if moves[at]]
            if kept:
                yield Row(
                    tuple(at for at, _ in kept), tuple(sign for _, sign in kept),
                    0, INFINITE if some_open else 0,
                )


def _limits(cube: Cube, policy: DisclosurePolicy, index: Mapping[CubeKey, int],
            moves: Sequence[bool]) -> Iterator[Row]:
    column = cube.position(INDICATOR)
    above = dict(policy.limits)
    for key, at in index.items():
        if key[column] in above and moves[at]:
            whole = index.get((above[key[column]], *key[1:]))
            if whole is not None and moves[whole]:
                yield Row((whole, at), (1, -1), 0, INFINITE)


def _rates(rates: Iterable[Rate], index: Mapping[CubeKey, int]) -> Iterator[Row]:
    for rate in rates:
        if rate.part in index and rate.whole in index:
            cells = (index[rate.part], index[rate.whole])
            yield Row(cells, (1, -float(rate.value - rate.off)), 0, INFINITE)
            yield Row(cells, (-1, float(rate.value + rate.off)), 0, INFINITE)


def earlier(cube: Cube, releases: Iterable[Cube]) -> Knowledge:
    """Return what earlier releases have said of the cells of a cube."""
    shown: set[CubeKey] = set()
    kept: set[CubeKey] = set()
    for release in releases:
        wide = release.widened(cube.dims)
        if wide.dims != cube.dims:
            wide = _narrowed(wide, cube)
        for key, status in zip(wide.cells(), wide.statuses, strict=True):
            if status == Status.REPORTED:
                shown.add(key)
            elif status == Status.CONFIDENTIAL:
                kept.add(key)
    return Knowledge(frozenset(shown), frozenset(kept - shown))


def _narrowed(release: Cube, cube: Cube) -> Cube:
    """Return a release with the dimensions of a cube: its figures at the total of the others."""
    others = [dim for dim in release.dims[len(FIXED):] if dim not in cube.dims]
    wanted = release.select({dim: {"_T"} for dim in others})
    return Cube(
        cube.dims, tuple(wanted.column(dim) for dim in cube.dims), wanted.values,
        wanted.decimals, wanted.statuses, wanted.coverage, wanted.origins,
    )
