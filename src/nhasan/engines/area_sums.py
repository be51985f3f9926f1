"""Figures of areas added up from the areas beneath them, many series at once.

An area's own figure goes before the sum of its parts. With a part of which nothing is known
there is no sum; a hidden part hides it; parts to which it does not apply are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from nhasan.domain.cube import AREA_LEVEL, FIXED, INDICATOR, REF_AREA, TIME_PERIOD, Cube
from nhasan.domain.observations import Status
from nhasan.engines.arrow import DECIMALS, STATUS, VALUE
from nhasan.engines.engine import TooLarge

Dated = tuple[str, str, str, str, date | None, date | None]
"""An area beneath another: its level and code, those of the other, from when until when."""
Day = Callable[[str], date]
Area = tuple[str, str]
_NONE = -1
_STATES = (Status.REPORTED, Status.NOT_REPORTED, Status.NOT_APPLICABLE, Status.CONFIDENTIAL)
_REPORTED, _UNKNOWN, _IDLE, _HIDDEN = range(4)
_LARGEST = 2**62


def summed(held: pa.Table, below: Sequence[Dated], day: Day, refs: Collection[str],
           near: Collection[Area] | None = None) -> Cube:
    """Return what areas without a figure of their own add up to, of these alone if `near`."""
    dims = tuple(held.column_names[:held.column_names.index(VALUE)])
    kept = held.filter(pc.is_in(held[INDICATOR], pa.array(sorted(refs), pa.string())))
    if not len(kept) or not below:
        return Cube.empty(dims)
    grid = _grid(kept, dims, below)
    for level in _upwards(below):
        links = [row for row in below if row[2] == level]
        for period in {key[TIME_PERIOD] for key in grid.series}:
            _add(grid, links, period, day(period))
    return _told(grid, dims, near)


@dataclass(slots=True)
class _Grid:
    """A row for each area and a column for each series: what is known there, and its number."""

    areas: dict[Area, int]
    series: list[dict[str, str]]
    places: list[int]
    states: npt.NDArray[np.int8]
    values: npt.NDArray[np.int64]
    sums: dict[tuple[int, int], tuple[int, int]]


def _grid(held: pa.Table, dims: Sequence[str], below: Sequence[Dated]) -> _Grid:
    areas: dict[Area, int] = {}
    for row in below:
        areas.setdefault(row[:2], len(areas))
        areas.setdefault(row[2:4], len(areas))
    at = _numbers(held, (AREA_LEVEL, REF_AREA), areas)
    keys: dict[tuple[str, ...], int] = {}
    names = (INDICATOR, TIME_PERIOD, *dims[len(FIXED):])
    column = _numbers(held, names, keys, more=True)
    decimals = held[DECIMALS].to_numpy()
    most: dict[str, int] = {}
    refs: list[Any] = held[INDICATOR].to_pylist()
    for number, ref in zip(decimals.tolist(), refs, strict=True):
        most[ref] = max(number, most.get(ref, 0))
    series = [dict(zip(names, key, strict=True)) for key in keys]
    places = [most[each[INDICATOR]] for each in series]
    known: Any = pc.fill_null(held[VALUE], pa.scalar(0, held[VALUE].type))
    numbers: npt.NDArray[np.int64] = known.to_numpy()
    scale = 10 ** (np.array(places)[column] - decimals).astype(np.int64)
    if len(numbers) and float((np.abs(numbers.astype(float)) * scale).sum()) > _LARGEST:
        raise TooLarge()
    states = np.full((len(areas), len(series)), _NONE, np.int8)
    values = np.zeros(states.shape, np.int64)
    inside = at >= 0
    words = {str(status): number for number, status in enumerate(_STATES)}
    states[at[inside], column[inside]] = np.array(
        [words[str(text)] for text in held[STATUS].to_pylist()], np.int8)[inside]
    values[at[inside], column[inside]] = (numbers * scale)[inside]
    return _Grid(areas, series, places, states, values, {})


def _numbers(held: pa.Table, names: Sequence[str], known: dict[Any, int], *,
             more: bool = False) -> npt.NDArray[np.int64]:
    """Return the number of each row's codes, -1 for those not known; `more` gives them one."""
    packed = [held[name].combine_chunks().dictionary_encode() for name in names]
    code = np.zeros(len(held), np.int64)
    for each in packed:
        code = code * len(each.dictionary) + each.indices.to_numpy()
    unique, first, back = np.unique(code, return_index=True, return_inverse=True)
    found = np.full(len(unique), -1, np.int64)
    for number, row in enumerate(first.tolist()):
        key = tuple(each[row].as_py() for each in packed)
        found[number] = known.setdefault(key, len(known)) if more else known.get(key, -1)
    return found[back]


def _add(grid: _Grid, links: Sequence[Dated], period: str, day: date) -> None:
    """Add up one level of areas from those that were beneath them on a day."""
    standing = sorted(
        (grid.areas[row[2:4]], grid.areas[row[:2]]) for row in links
        if (row[4] is None or row[4] <= day) and (row[5] is None or day < row[5]))
    columns = np.array(
        [at for at, key in enumerate(grid.series) if key[TIME_PERIOD] == period], np.int64)
    if not standing:
        return
    above, parts = np.array(standing).T
    parents, starts = np.unique(above, return_index=True)
    states = grid.states[np.ix_(parts, columns)]

    def counted(fits: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.add.reduceat(fits.astype(np.int64), starts, axis=0)

    expected = np.diff([*starts, len(parts)])[:, None]
    known = counted(states != _NONE)
    total = np.add.reduceat(grid.values[np.ix_(parts, columns)] * (states == _REPORTED), starts)
    found = np.select(
        [known == 0, (known < expected) | (counted(states == _UNKNOWN) > 0),
         counted(states == _HIDDEN) > 0, counted(states == _IDLE) == expected],
        [_NONE, _UNKNOWN, _HIDDEN, _IDLE], _REPORTED)
    own = grid.states[np.ix_(parents, columns)]
    for at, column in np.argwhere(((own == _NONE) | (own == _UNKNOWN)) & (found != _NONE)):
        place = int(parents[at]), columns[column]
        grid.states[place], grid.values[place] = found[at, column], total[at, column]
        grid.sums[place] = int(known[at, column]), int(expected[at, 0])


def _told(grid: _Grid, dims: Sequence[str], near: Collection[Area] | None) -> Cube:
    named = {at: area for area, at in grid.areas.items() if near is None or area in near}
    cells = [(place, told) for place, told in grid.sums.items() if place[0] in named]
    codes: list[list[str]] = []
    for dim in dims:
        if dim in (AREA_LEVEL, REF_AREA):
            side = 0 if dim == AREA_LEVEL else 1
            codes.append([named[at][side] for (at, _column), _told in cells])
        else:
            codes.append([grid.series[column][dim] for (_at, column), _told in cells])
    states = [_STATES[int(grid.states[place])] for place, _told in cells]
    return Cube(
        tuple(dims), tuple(codes),
        [int(grid.values[place]) if state is Status.REPORTED else None
         for (place, _told), state in zip(cells, states, strict=True)],
        [grid.places[place[1]] for place, _told in cells], [str(state) for state in states],
        [f"{known}/{expected}" for _place, (known, expected) in cells], [-1] * len(cells))


def _upwards(below: Sequence[Dated]) -> list[str]:
    """Return the levels that have areas beneath them, the lowest first."""
    over: dict[str, set[str]] = {}
    for row in below:
        over.setdefault(row[2], set()).add(row[0])
    found: list[str] = []
    while free := sorted(level for level, lower in over.items()
                         if level not in found and not (lower & over.keys()) - set(found)):
        found += free
    return found
