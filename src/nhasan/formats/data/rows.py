"""The figures of a cube line by line, as every flat format writes and reads them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from itertools import islice

from nhasan.domain.cube import INDICATOR, Cube, CubeRow
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.format import (
    CONFIDENTIALITY,
    COVERAGE,
    DECIMALS,
    MEASURES,
    OBS_STATUS,
    OBS_VALUE,
    About,
    plain_number,
)


def lines(cube: Cube, about: About) -> Iterator[list[str]]:
    """Yield each figure: its codes, then value, status, confidentiality, unit, decimals, cover."""
    units = [about.units.get(code, "") for code in cube.column(INDICATOR)]
    figures = zip(cube.values, cube.decimals, cube.statuses, cube.coverage, units, strict=True)
    for key, (value, decimals, status, coverage, unit) in zip(cube.cells(), figures, strict=True):
        yield [
            *key, plain_number(value, decimals), status, CONFIDENTIALITY[status], unit,
            str(decimals), coverage,
        ]


def cube_from(header: Sequence[str], found: Iterable[Sequence[str]]) -> Cube:
    """Return the cube of lines that `lines` wrote, with their header."""
    dims = [name for name in header if name not in MEASURES]
    at = {name: place for place, name in enumerate(header)}
    missing = {OBS_VALUE, OBS_STATUS} - at.keys()
    if missing:
        raise Invalid(reason=phrase("tệp thiếu cột {0}").format(", ".join(sorted(missing))))
    places = [at[name] for name in dims]
    try:
        return Cube.of(dims, (_row(line, places, at) for line in found))
    except ValueError as error:
        raise Invalid(reason=phrase("các cột hoặc số liệu của tệp không khớp nhau")) from error


def batches(found: Iterable[list[str]], size: int) -> Iterator[list[list[str]]]:
    """Yield the lines some thousands at a time."""
    source = iter(found)
    while part := list(islice(source, size)):
        yield part


def _row(line: Sequence[str], places: Sequence[int], at: Mapping[str, int]) -> CubeRow:
    try:
        text = line[at[OBS_VALUE]]
        value = Decimal(text) if text else None
        decimals = int(line[at[DECIMALS]]) if DECIMALS in at else _decimals(text)
        return CubeRow(
            tuple(line[place] for place in places), value, Status(line[at[OBS_STATUS]]),
            decimals, line[at[COVERAGE]] if COVERAGE in at else "",
        )
    except (IndexError, ValueError, InvalidOperation) as error:
        raise Invalid(reason=phrase("dòng “{0}” không đọc được").format(
            ", ".join(line)[:80])) from error


def _decimals(text: str) -> int:
    return len(text.partition(".")[2])
