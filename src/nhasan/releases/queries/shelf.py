"""The shelf: published releases as they are read, each opened once in a process.

Published files never change, so what was read may be kept. Codes become small integers whose
order is the official order, so that choosing and sorting are done on integers.
"""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD
from nhasan.domain.identity import Urn
from nhasan.domain.release import Manifest
from nhasan.engines.arrow import COVERAGE, ORIGIN, STATUS
from nhasan.engines.parquet import read_table
from nhasan.releases import folder, unpacked

# Arrow's stubs know more types than they can tell apart; an array is just an array here.
Arrow = Any
MOST_ROWS = 6_000_000
"""How many rows all opened releases may hold together; the least used are closed first."""
LARGE = 2_000_000
"""Of a release with more rows, the figures of one indicator are mapped, not read."""
ORDER = (AREA_LEVEL, REF_AREA, TIME_PERIOD, INDICATOR)


@dataclass(frozen=True, slots=True)
class Code:
    """One code of a dimension, as it was called when the release was drafted."""

    code: str
    label: str
    parent: str = ""
    level: str = ""
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Dim:
    """One dimension with its codes in official order."""

    id: str
    name: str
    codes: tuple[Code, ...]


@dataclass(frozen=True, slots=True)
class Columns:
    """The figures of a release side by side, in the order in which they are shown."""

    codes: Mapping[str, npt.NDArray[Any]]
    names: Mapping[str, list[str]]
    ranks: Mapping[str, Mapping[str, int]]
    values: Arrow
    statuses: Arrow
    coverage: Arrow
    origins: Arrow
    words: Mapping[str, Arrow] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of figures."""
        return len(self.values)

    def chosen(self, selection: Mapping[str, Sequence[str]]) -> npt.NDArray[np.int64]:
        """Return where the figures of a selection stand: codes or-ed, dimensions and-ed."""
        ranks = {
            dim: sorted({self.ranks[dim][code] for code in wanted if code in self.ranks[dim]})
            for dim, wanted in selection.items()
        }
        spans, led = self._spans(ranks)
        rest = [dim for dim in ranks if dim not in led]
        found = [self._within(first, last, {dim: ranks[dim] for dim in rest})
                 for first, last in spans]
        return np.concatenate(found) if found else np.array([], np.int64)

    def _spans(self, ranks: Mapping[str, Sequence[int]]) -> tuple[
            list[tuple[int, int]], set[str]]:
        """Return where to look, and which dimensions that settles.

        Figures stand in order, so those of one level, area and period are found by halving;
        those of several that follow one another too, but then nothing more is.
        """
        spans, led = [(0, len(self))], set()
        for dim in (*ORDER, *(dim for dim in self.codes if dim not in ORDER)):
            every = dim == AREA_LEVEL and REF_AREA in ranks and dim not in ranks
            wanted = range(len(self.names[dim])) if every else ranks.get(dim)
            if wanted is None:
                break
            many = len(wanted) > 1 and not every
            bounds = [(wanted[0], wanted[-1])] if many else [(rank, rank) for rank in wanted]
            spans = [span for old in spans for low, high in bounds
                     if (span := self._halved(dim, old, low, high))]
            if not many or wanted[-1] - wanted[0] == len(wanted) - 1:
                led.add(dim)
            if many:
                break
        return spans, led

    def _halved(self, dim: str, span: tuple[int, int], low: int,
                high: int) -> tuple[int, int] | None:
        first, last = span
        column = self.codes[dim][first:last]
        kind = column.dtype.type  # of another type the whole column would be copied
        begins = first + int(column.searchsorted(kind(low), "left"))
        ends = first + int(column.searchsorted(kind(high), "right"))
        return (begins, ends) if begins < ends else None

    def _within(self, first: int, last: int,
                ranks: Mapping[str, Sequence[int]]) -> npt.NDArray[np.int64]:
        held = None
        for dim, wanted in ranks.items():
            column = self.codes[dim][first:last]
            if len(wanted) == 1:
                fits = column == wanted[0]
            else:
                allowed = np.zeros(len(self.names[dim]), np.bool_)
                allowed[list(wanted)] = True
                fits = allowed[column]
            held = fits if held is None else held & fits
        if held is None:
            return np.arange(first, last)
        return np.flatnonzero(held) + first


class Opened:
    """One published release, opened: its manifest, its words, its figures when first asked."""

    def __init__(self, urn: Urn) -> None:
        """Read the small files; the figures are read when they are first asked for."""
        self.urn = urn
        self.folder: Path = folder.published_folder(urn)
        self.manifest: Manifest = folder.read_manifest(self.folder)
        self.words: dict[str, Any] = _json(self.folder / folder.CODES)
        self._reading = Lock()
        self._mapped: dict[str, Columns] = {}

    @cached_property
    def sources(self) -> dict[int, dict[str, Any]]:
        """Return where reported figures came from, by the number in their rows."""
        found = _json(self.folder / folder.SOURCES)
        return {int(number): source for number, source in found.items()}

    @cached_property
    def dims(self) -> tuple[Dim, ...]:
        """Return the dimensions, in the order of a key."""
        return tuple(
            Dim(dim["id"], dim["name"], tuple(
                Code(
                    code["code"], code["label"], code.get("parent", ""), code.get("level", ""),
                    {name: value for name, value in code.items()
                     if name not in ("code", "label", "parent", "level")},
                )
                for code in dim["codes"]
            ))
            for dim in self.words["dims"]
        )

    @cached_property
    def labels(self) -> dict[str, dict[str, str]]:
        """Return what each code is called, per dimension; areas are called map by map."""
        return {dim.id: {code.code: code.label for code in dim.codes} for dim in self.dims}

    @cached_property
    def indicators(self) -> dict[str, Code]:
        """Return the indicators by their refs."""
        return {code.code: code for code in self.dims[0].codes}

    @cached_property
    def _maps(self) -> dict[str, dict[str, Any]]:
        return {day: held["units"] for held in self.words["maps"] for day in held["days"]}

    def units(self, period: str) -> dict[str, Any]:
        """Return the places of the map that a period stands on, by `level:code`."""
        found: dict[str, Any] = self._maps.get(self.words["days"].get(period, ""), {})
        return found

    def label(self, dim: str, code: str, level: str, period: str) -> str:
        """Return what a code is called; an area as it was called on the map of the period."""
        if dim == REF_AREA:
            unit = self.units(period).get(f"{level}:{code}")
            if unit is not None:
                return str(unit["name"])
        return self.labels[dim].get(code, code)

    def columns(self) -> Columns:
        """Return the figures; read from the files the first time."""
        with self._reading:
            return self._columns

    def columns_for(self, selection: Mapping[str, Sequence[str]]) -> Columns:
        """Return columns in which the figures of a selection stand.

        Of a large release those of one indicator are mapped; nobody reads all of it for them.
        """
        named = selection.get(INDICATOR, ())
        if len(named) != 1 or self.manifest.rows <= LARGE:
            return self.columns()
        known = self._ranks[INDICATOR]
        ref = named[0] if named[0] in known else next(iter(known))
        with self._reading:
            if ref not in self._mapped:
                self._mapped[ref] = self._of_one(ref)
            return self._mapped[ref]

    def _of_one(self, ref: str) -> Columns:
        def made() -> Mapping[str, Arrow]:
            found = self._built([read_table(self.folder / folder.data_file(ref))])
            return {
                **{dim: pa.array(_small(column)) for dim, column in found.codes.items()},
                folder.VALUE: found.values, ORIGIN: found.origins,
                STATUS: found.statuses.dictionary_encode(),
                COVERAGE: found.coverage.dictionary_encode(),
            }

        held: Arrow = unpacked.mapped(unpacked.path_of(self.urn, ref), made)
        return Columns(
            {dim: held.column(dim).to_numpy() for dim in self.manifest.dims}, self._names,
            self._ranks, held.column(folder.VALUE), held.column(STATUS), held.column(COVERAGE),
            held.column(ORIGIN), self._words)

    @cached_property
    def _ranks(self) -> dict[str, dict[str, int]]:
        return {
            dim: {code.code: at for at, code in enumerate(self._ordered(dim))}
            for dim in self.manifest.dims
        }

    @cached_property
    def _names(self) -> dict[str, list[str]]:
        return {dim: list(found) for dim, found in self._ranks.items()}

    @cached_property
    def _words(self) -> dict[str, Arrow]:
        return {dim: pa.array(found, pa.string()) for dim, found in self._names.items()}

    @cached_property
    def units_of_measure(self) -> Arrow:
        """Return the unit of each indicator, in the order of their numbers."""
        units = {ref: str(code.extra.get("unit", "")) for ref, code in self.indicators.items()}
        return pa.array([units.get(ref, "") for ref in self._names[INDICATOR]], pa.string())

    @cached_property
    def _columns(self) -> Columns:
        return self._built([
            read_table(self.folder / file.path) for file in self.manifest.files
            if file.path.startswith("data/")
        ])

    def _built(self, tables: Sequence[pa.Table]) -> Columns:
        codes = {
            dim: np.concatenate([_ranked(table[dim], self._ranks[dim]) for table in tables])
            for dim in self.manifest.dims
        }
        rest = [dim for dim in self.manifest.dims if dim not in ORDER]
        order = np.lexsort([codes[dim] for dim in (*ORDER, *rest)[::-1]])

        def gathered(name: str, kind: Arrow) -> Arrow:
            chunks: Arrow = [part for table in tables for part in table[name].cast(kind).chunks]
            return pa.concat_arrays(chunks).take(pa.array(order)) if chunks else pa.array([], kind)

        return Columns(
            {dim: column[order] for dim, column in codes.items()}, self._names, self._ranks,
            gathered(folder.VALUE, pa.string()), gathered(STATUS, pa.string()),
            gathered(COVERAGE, pa.string()), gathered(ORIGIN, pa.int32()), self._words,
        )

    def _ordered(self, dim: str) -> Iterator[Code]:
        found = next(held for held in self.dims if held.id == dim)
        seen: set[str] = set()
        wanted = sorted(found.codes, key=_by_code) if dim == REF_AREA else found.codes
        for code in wanted:
            if code.code not in seen:
                seen.add(code.code)
                yield code
        for missing in self.manifest.codes.get(dim, ()):
            if missing not in seen:
                yield Code(missing, missing)


def _small(column: npt.NDArray[np.int32]) -> npt.NDArray[Any]:
    """Return numbers in two bytes each where they have room there."""
    fits = not len(column) or int(column.max()) <= np.iinfo(np.int16).max
    return column.astype(np.int16) if fits else column


def _by_code(code: Code) -> str:
    return code.code


def _json(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def _ranked(column: Arrow, ranks: Mapping[str, int]) -> npt.NDArray[np.int32]:
    """Return a column of codes as their places in the official order."""
    found = []
    for chunk in column.chunks:
        packed = chunk if pa.types.is_dictionary(chunk.type) else chunk.dictionary_encode()
        of_each = np.array([ranks[code] for code in packed.dictionary.to_pylist()], np.int32)
        found.append(of_each[packed.indices.to_numpy(zero_copy_only=False)])
    return np.concatenate(found) if found else np.array([], np.int32)


_shelf: OrderedDict[tuple[str, str], Opened] = OrderedDict()
_lock = Lock()


def opened(urn: Urn) -> Opened:
    """Return a published release, opened; kept for the next reader of this process."""
    key = (str(urn), str(folder.published_folder(urn)))
    with _lock:
        held = _shelf.get(key)
        if held is not None:
            _shelf.move_to_end(key)
            return held
    held = Opened(urn)
    with _lock:
        _shelf[key] = held
        while len(_shelf) > 1 and sum(one.manifest.rows for one in _shelf.values()) > MOST_ROWS:
            _shelf.popitem(last=False)
    return held
