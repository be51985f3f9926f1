"""A cube: many figures side by side, as columns of plain values.

The first four dimensions are always INDICATOR, AREA_LEVEL, REF_AREA and TIME_PERIOD; the
breakdown dimensions (ETHNIC_GROUP, SEX, …) follow in alphabetical order. A figure that is not
broken down by a dimension says `_T` (total) there, so every row has a code in every column.

Values are kept as integers of 10**-decimals units, as the store keeps them: exact, small, and
the same for every engine.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import NamedTuple

from nhasan.domain.observations import Confidentiality, Figure, Status, scaled, unscaled
from nhasan.domain.problems import Invalid

INDICATOR = "INDICATOR"
AREA_LEVEL = "AREA_LEVEL"
REF_AREA = "REF_AREA"
TIME_PERIOD = "TIME_PERIOD"
FIXED = (INDICATOR, AREA_LEVEL, REF_AREA, TIME_PERIOD)
TOTAL = "_T"

CubeKey = tuple[str, ...]
_NEVER_COMPUTED = ""


class CubeRow(NamedTuple):
    """One figure of a cube.

    `coverage` is `reported/expected` for a figure that was added up, else empty. `origin`
    points to the table of sources (a batch) for a figure that somebody reported, else -1.
    """

    key: CubeKey
    value: Decimal | None
    status: Status
    decimals: int = 0
    coverage: str = ""
    origin: int = -1

    @property
    def figure(self) -> Figure:
        """Return value and status together."""
        return Figure(self.value, self.status)

    @property
    def conf(self) -> Confidentiality:
        """Return the SDMX confidentiality code."""
        return self.figure.confidentiality


def dimensions(breakdowns: Iterable[str]) -> tuple[str, ...]:
    """Return the dimensions of a cube with these breakdowns, in their one order."""
    return (*FIXED, *sorted(set(breakdowns) - set(FIXED)))


@dataclass(frozen=True, slots=True)
class Cube:
    """Figures as columns: one sequence of codes per dimension, then the figure's own columns."""

    dims: tuple[str, ...]
    codes: tuple[Sequence[str], ...]
    values: Sequence[int | None]
    decimals: Sequence[int]
    statuses: Sequence[str]
    coverage: Sequence[str]
    origins: Sequence[int]

    def __post_init__(self) -> None:
        if self.dims != dimensions(self.dims[len(FIXED):]) or len(self.codes) != len(self.dims):
            raise ValueError(f"dimensions are out of order: {self.dims}")
        parts = (*self.codes, self.decimals, self.statuses, self.coverage, self.origins)
        if any(len(part) != len(self.values) for part in parts):
            raise ValueError("the columns of a cube are of one length")

    @classmethod
    def of(cls, dims: Sequence[str], rows: Iterable[CubeRow]) -> Cube:
        """Build a cube from rows."""
        held = list(rows)
        for row in held:
            if len(row.key) != len(dims):
                raise ValueError(f"a key has a code for every dimension: {row.key}")
            Figure(row.value, row.status)
        columns = zip(*(row.key for row in held), strict=True) if held else ([] for _ in dims)
        return cls(
            tuple(dims), tuple(list(column) for column in columns),
            [None if row.value is None else scaled(row.value, row.decimals) for row in held],
            [row.decimals for row in held], [str(row.status) for row in held],
            [row.coverage for row in held], [row.origin for row in held],
        )

    @classmethod
    def empty(cls, dims: Sequence[str]) -> Cube:
        """Return a cube without rows."""
        return cls.of(dims, ())

    def __len__(self) -> int:
        """Return the number of figures."""
        return len(self.values)

    def position(self, dimension: str) -> int:
        """Return where the dimension stands in a key."""
        return self.dims.index(dimension)

    def column(self, dimension: str) -> Sequence[str]:
        """Return the codes of one dimension, row by row."""
        return self.codes[self.position(dimension)]

    def cells(self) -> Iterator[CubeKey]:
        """Yield the key of every row."""
        return zip(*self.codes, strict=True)

    def value(self, at: int) -> Decimal | None:
        """Return the value of one row."""
        number = self.values[at]
        return None if number is None else unscaled(number, self.decimals[at])

    def row(self, at: int) -> CubeRow:
        """Return one row."""
        return CubeRow(
            tuple(column[at] for column in self.codes), self.value(at), Status(self.statuses[at]),
            self.decimals[at], self.coverage[at], self.origins[at],
        )

    def rows(self) -> Iterator[CubeRow]:
        """Yield every row."""
        return (self.row(at) for at in range(len(self)))

    def index(self) -> dict[CubeKey, int]:
        """Return where each key stands; refuse a cube that says two things about one key."""
        found = {key: at for at, key in enumerate(self.cells())}
        if len(found) != len(self):
            raise Invalid(reason="một ô có hai số liệu")
        return found

    def take(self, wanted: Sequence[int]) -> Cube:
        """Return the cube of these rows, in this order."""
        return Cube(
            self.dims, tuple([column[at] for at in wanted] for column in self.codes),
            [self.values[at] for at in wanted], [self.decimals[at] for at in wanted],
            [self.statuses[at] for at in wanted], [self.coverage[at] for at in wanted],
            [self.origins[at] for at in wanted],
        )

    def select(self, where: Mapping[str, Collection[str]]) -> Cube:
        """Return the rows whose codes are among the wanted ones, dimension by dimension."""
        wanted: Sequence[int] = range(len(self))
        for dimension, codes in where.items():
            column, allowed = self.column(dimension), frozenset(codes)
            wanted = [at for at in wanted if column[at] in allowed]
        return self.take(wanted)

    def sorted(self) -> Cube:
        """Return the cube in the order of a release file.

        Level, area, period and indicator lead, so that what is read together lies together.
        """
        order = [self.codes[at] for at in (1, 2, 3, 0, *range(len(FIXED), len(self.dims)))]
        by_key = list(zip(*order, strict=True))
        return self.take(sorted(range(len(self)), key=by_key.__getitem__))

    def widened(self, breakdowns: Iterable[str]) -> Cube:
        """Return the cube with more breakdown dimensions, its figures standing at the total."""
        dims = dimensions([*self.dims, *breakdowns])
        everything = [TOTAL] * len(self)
        codes = tuple(self.column(dim) if dim in self.dims else everything for dim in dims)
        return replace(self, dims=dims, codes=codes)

    def joined(self, other: Cube) -> Cube:
        """Return both cubes one after the other, with the dimensions of both."""
        left, right = self.widened(other.dims), other.widened(self.dims)
        return Cube(
            left.dims,
            tuple([*a, *b] for a, b in zip(left.codes, right.codes, strict=True)),
            [*left.values, *right.values], [*left.decimals, *right.decimals],
            [*left.statuses, *right.statuses], [*left.coverage, *right.coverage],
            [*left.origins, *right.origins],
        )

    def aligned(self) -> Cube:
        """Return the cube with one number of decimals per indicator, no value changed."""
        most: dict[str, int] = {}
        for indicator, places in zip(self.column(INDICATOR), self.decimals, strict=True):
            most[indicator] = max(places, most.get(indicator, 0))
        wanted = [most[indicator] for indicator in self.column(INDICATOR)]
        if wanted == list(self.decimals):
            return self
        values = [
            None if value is None else value * 10 ** (after - before)
            for value, before, after in zip(self.values, self.decimals, wanted, strict=True)
        ]
        return replace(self, values=values, decimals=wanted)

    def code_sets(self) -> dict[str, tuple[str, ...]]:
        """Return the codes in use, per dimension, sorted."""
        return {
            dim: tuple(sorted(set(column)))
            for dim, column in zip(self.dims, self.codes, strict=True)
        }

    def digest(self) -> str:
        """Return a fingerprint of what the cube says, whatever the order of its rows.

        Only keys, values and statuses count: where a figure came from may be told better
        later without saying anything new.
        """
        lines = sorted(
            "\t".join((*key, _plain(value, places), status))
            for key, value, places, status in zip(
                self.cells(), self.values, self.decimals, self.statuses, strict=True,
            )
        )
        head = "\t".join(self.dims)
        return hashlib.sha256("\n".join([head, *lines]).encode()).hexdigest()


def _plain(value: int | None, decimals: int) -> str:
    """Return a value in machine notation, or nothing."""
    return _NEVER_COMPUTED if value is None else f"{unscaled(value, decimals):f}"
