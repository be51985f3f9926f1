"""Figures of a release, as many or as few as a reader asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, CubeKey
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid
from nhasan.engines.arrow import COVERAGE, STATUS
from nhasan.releases import folder
from nhasan.releases.queries.pages import readable
from nhasan.releases.queries.shelf import Arrow, Code, Columns, Opened

MOST_ROWS_OF_A_PAGE = 5_000
Selection = Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One figure with the words for its codes. `origin` numbers its source; -1 is computed."""

    key: CubeKey
    labels: tuple[str, ...]
    value: Decimal | None
    decimals: int
    status: Status
    coverage: str
    unit: str
    origin: int = -1


@dataclass(frozen=True, slots=True)
class Figures:
    """A page of figures, and how many there are in all."""

    urn: str
    dims: tuple[str, ...]
    rows: tuple[Row, ...]
    total: int
    offset: int
    limit: int


def figures(name: str, selection: Selection, *, version: str = "", offset: int = 0,
            limit: int = 100) -> Figures:
    """Return figures of a dataset: codes or-ed, dimensions and-ed, in the order of a release.

    An area may be named with its level (`province:06`) or without.
    """
    if offset < 0 or not 1 <= limit <= MOST_ROWS_OF_A_PAGE:
        raise Invalid(reason=f"mỗi trang có từ 1 đến {MOST_ROWS_OF_A_PAGE} dòng")
    held = readable(name, version)
    where = wanted(held, selection)
    columns = held.columns_for(where)
    found = columns.chosen(where)
    shown = found[offset:offset + limit]
    return Figures(
        str(held.urn), held.manifest.dims, tuple(rows_at(held, columns, shown)), len(found),
        offset, limit,
    )


def figures_arrow(name: str, selection: Selection, version: str = "") -> pa.Table:
    """Return a whole selection as a table for files: codes, and values in machine notation."""
    found = slice_of(readable(name, version), selection)
    return found.cast(pa.schema([(column, pa.string()) for column in found.column_names]))


def slice_of(held: Opened, selection: Selection) -> pa.Table:
    """Return a selection of an opened release as a table of which codes are numbered."""
    where = wanted(held, selection)
    columns = held.columns_for(where)
    at = columns.chosen(where)
    first, last = (int(at[0]), int(at[-1]) + 1) if len(at) else (0, 0)
    together = last - first == len(at)  # then nothing needs to be gathered
    rows: Any = slice(first, last) if together else at
    taken: Arrow = None if together else pa.array(at)

    def cut(column: Arrow) -> Arrow:
        return column.slice(first, len(at)) if together else column.take(taken)

    table: dict[str, Any] = {
        dim: _coded(columns.codes[dim][rows], columns.words[dim]) for dim in held.manifest.dims
    }
    statuses = _numbered(cut(columns.statuses))
    table[folder.VALUE] = cut(columns.values)
    table[STATUS] = statuses
    table[folder.CONF] = _renamed(statuses, ["C" if status == Status.CONFIDENTIAL else "F"
                                             for status in statuses.dictionary.to_pylist()])
    table[folder.UNIT] = _renamed(table[INDICATOR], held.units_of_measure)
    table[COVERAGE] = _numbered(cut(columns.coverage))
    return pa.table(table)


def _coded(ranks: npt.NDArray[Any], words: Arrow) -> Arrow:
    numbers: Arrow = pa.array(ranks)
    return pa.DictionaryArray.from_arrays(numbers, words, safe=False)


def _numbered(column: Arrow) -> Arrow:
    return column if pa.types.is_dictionary(column.type) else column.dictionary_encode()


def _renamed(column: Arrow, words: Any) -> Arrow:
    """Return a column of codes with another word for each code."""
    return pa.DictionaryArray.from_arrays(column.indices, pa.array(words, pa.string()), safe=False)


def areas(name: str, period: str, level: str, version: str = "") -> list[Code]:
    """Return the places of one level on the map that a period stands on, in official order."""
    held = readable(name, version)
    return [
        Code(place.partition(":")[2], unit["name"], level=level, extra=unit["above"])
        for place, unit in held.units(period).items() if place.startswith(f"{level}:")
    ]


def wanted(held: Opened, selection: Selection) -> dict[str, list[str]]:
    """Return a selection in plain codes; refuse a dimension that the release has not."""
    found: dict[str, list[str]] = {}
    for dim, codes in selection.items():
        if dim not in held.manifest.dims:
            raise Invalid(reason=f"bộ dữ liệu này không có chiều “{dim}”")
        if codes:
            found[dim] = [
                code.rpartition(":")[2] if dim == REF_AREA else code for code in codes
            ]
    return found


def rows_at(held: Opened, columns: Columns, at: npt.NDArray[np.int64]) -> list[Row]:
    """Return the figures at these places, with their words."""
    taken: Arrow = pa.array(at)
    dims = held.manifest.dims
    codes = [
        [columns.names[dim][rank] for rank in columns.codes[dim][at].tolist()] for dim in dims
    ]
    level, period = dims.index(AREA_LEVEL), dims.index(TIME_PERIOD)
    return [
        _row(held, key, key[level], key[period], *facts)
        for key, *facts in zip(
            zip(*codes, strict=True), columns.values.take(taken).to_pylist(),
            columns.statuses.take(taken).to_pylist(), columns.coverage.take(taken).to_pylist(),
            columns.origins.take(taken).to_pylist(), strict=True,
        )
    ]


def _row(held: Opened, key: CubeKey, level: str, period: str, value: str | None, status: str,
         coverage: str, origin: int) -> Row:
    indicator = held.indicators.get(key[0])
    labels = tuple(
        held.label(dim, code, level, period)
        for dim, code in zip(held.manifest.dims, key, strict=True)
    )
    number = None if value is None else Decimal(value)
    places = int(indicator.extra.get("decimals", 0)) if indicator else 0
    if number is not None:
        places = max(places, -int(number.as_tuple().exponent))
    unit = str(indicator.extra.get("unit", "")) if indicator else ""
    return Row(key, labels, number, places, Status(status), coverage, unit, origin)
