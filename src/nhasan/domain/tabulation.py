"""Tabulation plans: what is counted over unit data (one row a person or household), as values.

Nonsense is refused when a plan is built. A plan names the columns it may ask for, its measures,
and the ladders by which cells are rolled up: a ladder is a column of codes and the rungs above
it, each with the parent of every code of the rung below (communes under provinces under regions
under the country; groups under the minorities or the majority under all groups). A plan stands
for every combination of rungs at once.

Every measure is a ratio of two sums over rows, `above` and `below`, times a factor; it is
rounded once, half up and away from zero. Sums of rows are integers, so every engine gives the
same figure to the last digit. Only a median is no such ratio, and so it can never be had from
the results of parts.

- A condition on a missing value does not hold.
- A sum, a mean and a median leave out rows in which their column is missing.
- With a column of weights (integers of 10**-decimals units) every row counts as its weight.
- The median is the least value at which the weights of it and all smaller ones reach half of
  the whole; where they make exactly half, it is halfway to the next value. With equal weights
  that is the median of the school book.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction
from itertools import product

from nhasan.domain.problems import Problem, phrase


class TabulationNonsense(Problem):
    """A tabulation that would compute something that means nothing."""

    code = "tabulation-nonsense"
    status = 422
    message = phrase("Phương án lập biểu không hợp lý: {reason}")


class UnplacedCode(Problem):
    """Unit data with a code that a ladder has no place for, or with none at all."""

    code = "unplaced-code"
    status = 422
    message = phrase(
        "Dữ liệu có mã không biết xếp vào đâu ở cột “{column}”: {codes}. "
        "Hãy sửa dữ liệu hoặc bổ sung danh mục.",
    )


class WeightMissing(Problem):
    """Unit data with a row whose weight is missing or below zero."""

    code = "weight-missing"
    status = 422
    message = phrase("Có {rows} dòng không có quyền số, hoặc quyền số âm, ở cột “{column}”.")


class MedianFromParts(TabulationNonsense):
    """A median was asked of results that were kept, instead of the rows themselves."""

    code = "median-from-parts"
    message = phrase(
        "Không tính được trung vị “{name}” từ kết quả của từng phần. Hãy lập biểu lại từ đầu.",
    )


class Kind(StrEnum):
    """What a column of unit data holds."""

    CODE = "code"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class OneOf:
    """The code is among these."""

    column: str
    codes: tuple[str, ...]
    kind = Kind.CODE

    def holds(self, value: object) -> bool:
        """Tell whether the condition holds for a value."""
        return value in self.codes


@dataclass(frozen=True, slots=True)
class Within:
    """The number lies between these, ends included; without ends, it only has to be there."""

    column: str
    low: int | None = None
    high: int | None = None
    kind = Kind.NUMBER

    def holds(self, value: object) -> bool:
        """Tell whether the condition holds for a value."""
        return isinstance(value, int) and (
            self.low is None or self.low <= value) and (self.high is None or value <= self.high)


Test = OneOf | Within
Where = tuple[Test, ...]


@dataclass(frozen=True, slots=True)
class Atom:
    """One sum over rows: of a column, or of ones, where all conditions hold."""

    where: Where = ()
    column: str = ""


@dataclass(frozen=True, slots=True)
class Count:
    """How many rows."""

    name: str
    where: Where = ()
    decimals: int = 0
    per = 1

    @property
    def parts(self) -> tuple[Atom, Atom | None]:
        """Return what is above and what is below the line."""
        return Atom(self.where), None


@dataclass(frozen=True, slots=True)
class Sum:
    """The sum of a column."""

    name: str
    column: str
    where: Where = ()
    decimals: int = 0
    per = 1

    @property
    def parts(self) -> tuple[Atom, Atom | None]:
        """Return what is above and what is below the line."""
        return Atom((*self.where, Within(self.column)), self.column), None


@dataclass(frozen=True, slots=True)
class Rate:
    """Of the rows of the denominator, how many also fulfil the conditions."""

    name: str
    where: Where
    among: Where = ()
    decimals: int = 1
    per: int = 100

    @property
    def parts(self) -> tuple[Atom, Atom | None]:
        """Return what is above and what is below the line."""
        return Atom((*self.among, *self.where)), Atom(self.among)


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a column."""

    name: str
    column: str
    where: Where = ()
    decimals: int = 1
    per = 1

    @property
    def parts(self) -> tuple[Atom, Atom | None]:
        """Return what is above and what is below the line."""
        where = (*self.where, Within(self.column))
        return Atom(where, self.column), Atom(where)


@dataclass(frozen=True, slots=True)
class Median:
    """The median of a column."""

    name: str
    column: str
    where: Where = ()
    decimals: int = 1
    per = 1

    @property
    def given(self) -> Where:
        """Return the conditions on the rows that take part."""
        return (*self.where, Within(self.column))


Ratio = Count | Sum | Rate | Mean
Measure = Ratio | Median


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder: its name, and the code above each code of the rung below."""

    name: str
    parents: Mapping[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Ladder:
    """A column of codes and the rungs above it; the first rung is the column's own codes."""

    column: str
    rungs: tuple[Rung, ...]

    def __post_init__(self) -> None:
        names = [rung.name for rung in self.rungs]
        if not names or len(set(names)) != len(names):
            raise TabulationNonsense(reason=f"các bậc của “{self.column}” không rõ ràng")
        if self.rungs[0].parents or not all(rung.parents for rung in self.rungs[1:]):
            raise TabulationNonsense(
                reason=f"mỗi bậc trên của “{self.column}” phải có danh mục cấp trên")
        for below, rung in zip(self.rungs[1:], self.rungs[2:], strict=False):
            lost = sorted(set(below.parents.values()) - set(rung.parents))
            if lost:
                raise TabulationNonsense(
                    reason=f"“{lost[0]}” không có cấp trên ở bậc “{rung.name}”")

    def path(self, code: str) -> list[str]:
        """Return the code at every rung."""
        found = [code]
        for rung in self.rungs[1:]:
            found.append(rung.parents[found[-1]])
        return found


class Lonely(StrEnum):
    """What to do where a stratum has a single cluster, which shows no spread."""

    REFUSE = "refuse"
    CERTAIN = "certain"


@dataclass(frozen=True, slots=True)
class Design:
    """How a sample was drawn: strata, and the first clusters drawn in each of them.

    `strata` are those that the sample was meant to have; empty means those that are found.
    """

    stratum: str
    cluster: str
    strata: tuple[str, ...] = ()
    lonely: Lonely = Lonely.REFUSE


@dataclass(frozen=True, slots=True)
class Tabulation:
    """What to count over unit data, and by which ladders."""

    columns: Mapping[str, Kind] = field(hash=False)
    ladders: tuple[Ladder, ...]
    measures: tuple[Measure, ...]
    weight: str = ""
    weight_decimals: int = 0
    design: Design | None = None

    def __post_init__(self) -> None:
        names = [measure.name for measure in self.measures]
        if not names or len(set(names)) != len(names):
            raise TabulationNonsense(reason="các số đo phải có tên riêng, và có ít nhất một")
        if any(not 0 <= measure.decimals <= 6 or measure.per < 1 for measure in self.measures):
            raise TabulationNonsense(reason="số chữ số thập phân từ 0 đến 6, tỷ lệ trên ít nhất 1")
        if len({ladder.column for ladder in self.ladders}) != len(self.ladders):
            raise TabulationNonsense(reason="một cột được phân tổ hai lần")
        for column, kind in self._asked():
            if column not in self.columns:
                raise TabulationNonsense(reason=f"dữ liệu không có cột “{column}”")
            if self.columns[column] != kind:
                raise TabulationNonsense(
                    reason=f"cột “{column}” không dùng như thế được ({self.columns[column]})")

    @property
    def ratios(self) -> tuple[Ratio, ...]:
        """Return the measures that are ratios of sums."""
        return tuple(one for one in self.measures if not isinstance(one, Median))

    @property
    def medians(self) -> tuple[Median, ...]:
        """Return the measures that must look at the values themselves."""
        return tuple(one for one in self.measures if isinstance(one, Median))

    @property
    def atoms(self) -> tuple[Atom, ...]:
        """Return the sums over rows that the ratios need, each of them once."""
        parts = [part for one in self.ratios for part in one.parts if part is not None]
        return tuple(dict.fromkeys(parts))

    @property
    def unit(self) -> int:
        """Return what a row counts for whose weight is one."""
        one: int = 10**self.weight_decimals  # a power of a number below zero would be a float
        return one

    def rungs(self) -> list[tuple[Rung, ...]]:
        """Return every combination of rungs: the grouping sets."""
        return list(product(*(ladder.rungs for ladder in self.ladders)))

    def _asked(self) -> Iterable[tuple[str, Kind]]:
        """Yield the columns that the plan asks for, each as what."""
        yield from ((ladder.column, Kind.CODE) for ladder in self.ladders)
        if self.weight:
            yield self.weight, Kind.NUMBER
        elif self.weight_decimals:
            raise TabulationNonsense(reason="không có quyền số mà lại có số lẻ của quyền số")
        if self.design:
            yield from ((self.design.stratum, Kind.CODE), (self.design.cluster, Kind.CODE))
        for atom in self.atoms:
            yield from _of(atom.where, atom.column)
        for median in self.medians:
            yield from _of(median.given, median.column)


def _of(where: Where, column: str) -> Iterable[tuple[str, Kind]]:
    if column:
        yield column, Kind.NUMBER
    yield from ((test.column, test.kind) for test in where)


def median_of(values: Sequence[tuple[int, int]]) -> Fraction | None:
    """Return the median of values, each with its weight."""
    ordered = sorted((value, weight) for value, weight in values if weight)
    whole, so_far, at_half = sum(weight for _, weight in ordered), 0, None
    for value, weight in ordered:
        if at_half is not None and value != at_half:
            return Fraction(at_half + value, 2)
        so_far += weight
        if 2 * so_far > whole:
            return Fraction(value)
        if 2 * so_far == whole:
            at_half = value
    return None
