"""Figures laid out as a table: what goes down, what goes across, what is a sum.

Every figure of the selection has one cell. Dimensions that vary but are neither down nor
across become further heads of the lines, so nothing is folded away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.domain.words import normalised
from nhasan.interfaces.portal.choice import Choice
from nhasan.interfaces.portal.holdings import Cell, Holding

BY_NAME = "ten"
_WIDEST = 14  # more codes than that are not laid across of themselves


@dataclass(frozen=True, slots=True)
class Head:
    """One axis or one column: its code and its words."""

    code: str
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One line: the codes and words of its heads, and a cell for each column."""

    codes: tuple[str, ...]
    heads: tuple[str, ...]
    cells: tuple[Cell | None, ...]
    level: str = ""


@dataclass(frozen=True)
class Grid:
    """A laid out selection. `leading` is the column that charts, maps and sorting speak of."""

    axes: tuple[Head, ...]
    across: Head
    columns: tuple[Head, ...]
    lines: tuple[Line, ...]
    sums: tuple[Line, ...]
    leading: int
    fixed: Mapping[str, str]

    @property
    def down(self) -> str:
        """Return the dimension that the lines stand for."""
        return self.axes[0].code

    @cached_property
    def figures(self) -> int:
        """Return how many figures there are."""
        return sum(
            cell is not None for line in (*self.lines, *self.sums) for cell in line.cells
        )


def laid_out(holding: Holding, choice: Choice, cells: Sequence[Cell]) -> Grid:
    """Return the figures of a choice as a table."""
    used = _used(holding, cells)
    varying = [dim for dim, codes in used.items() if len(codes) > 1 and dim != AREA_LEVEL]
    down = _down(choice, used, varying, holding)
    across = _across(choice, used, [dim for dim in varying if dim != down], down)
    axes = (down, *(dim for dim in varying if dim not in (down, across)))
    columns = _columns(holding, choice, across, used, cells)
    lines = _lines(holding, choice, axes, across, [column.code for column in columns], cells)
    sums = [line for line in lines if _is_sum(line, axes, choice)]
    rest = [line for line in lines if not _is_sum(line, axes, choice)]
    if not rest:
        rest, sums = sums, []
    leading = _leading(choice, across, columns, rest)
    return Grid(
        tuple(Head(dim, holding.dim_name(dim)) for dim in axes),
        Head(across, holding.dim_name(across)), columns,
        tuple(_sorted(rest, choice, leading)), tuple(sums), leading,
        {dim: codes[0] for dim, codes in used.items() if len(codes) == 1},
    )


def _used(holding: Holding, cells: Sequence[Cell]) -> dict[str, list[str]]:
    """Return the codes in use per dimension, in official order."""
    found: dict[str, list[str]] = {}
    for at, dim in enumerate(holding.dims):
        present = {cell.key[at] for cell in cells}
        found[dim] = [code for code in holding.stock.codes[dim] if code in present]
        found[dim] += sorted(present - set(found[dim]))
    return found


def _down(choice: Choice, used: Mapping[str, Sequence[str]], varying: Sequence[str],
          holding: Holding) -> str:
    if choice.rows:
        return choice.rows
    here = set(holding.stock.places.get(choice.level, ())) & set(used[REF_AREA])
    if len(here) > 1:
        return REF_AREA
    rest = [dim for dim in varying if dim != REF_AREA]
    breakdowns = [dim for dim in rest if dim in holding.stock.breakdowns]
    return max(breakdowns or rest or [REF_AREA], key=lambda dim: len(used[dim]))


def _across(choice: Choice, used: Mapping[str, Sequence[str]], varying: Sequence[str],
            down: str) -> str:
    """Return what goes across: time if there are several, else indicators, else a breakdown."""
    if choice.columns and choice.columns != down:
        return choice.columns if len(used[choice.columns]) > 1 else ""
    free = [dim for dim in varying if len(used[dim]) <= _WIDEST]
    for dim in (TIME_PERIOD, INDICATOR):
        if dim in free:
            return dim
    return min(free, key=lambda dim: len(used[dim]), default="")


def _columns(holding: Holding, choice: Choice, across: str, used: Mapping[str, Sequence[str]],
             cells: Sequence[Cell]) -> tuple[Head, ...]:
    """Return the columns; places are told apart by their level too, those looked at first."""
    if not across:
        return (Head("", "", ""),)
    if across != REF_AREA:
        return tuple(
            Head(code, holding.label(across, code),
                 holding.unit(code) if across == INDICATOR else "")
            for code in used[across]
        )
    level, area = holding.dims.index(AREA_LEVEL), holding.dims.index(REF_AREA)
    present = {(cell.key[level], cell.key[area]) for cell in cells}
    rank = {code: at for at, code in enumerate(used[REF_AREA])}
    ordered = sorted(
        present, key=lambda place: (place[0] != choice.level, rank[place[1]], place[0]))
    return tuple(
        Head(":".join(place), holding.places.get(place, place[1])) for place in ordered)


def _column_of(across: str, spot: int, level: int) -> Callable[[tuple[str, ...]], str]:
    """Return how the column of a figure follows from its key."""
    if not across:
        return lambda key: ""
    if across == REF_AREA:
        return lambda key: f"{key[level]}:{key[spot]}"
    return lambda key: key[spot]


def _lines(holding: Holding, choice: Choice, axes: Sequence[str], across: str,
           columns: Sequence[str], cells: Sequence[Cell]) -> list[Line]:
    places = [holding.dims.index(dim) for dim in axes]
    level = holding.dims.index(AREA_LEVEL)
    column = _column_of(across, holding.dims.index(across) if across else -1, level)
    area = REF_AREA in axes
    found: dict[tuple[str, ...], dict[str, Cell]] = {}
    for cell in cells:
        key = cell.key
        line = (key[level] if area else "", *[key[at] for at in places])
        found.setdefault(line, {})[column(key)] = cell
    return [
        Line(
            codes, tuple(
                holding.label(dim, code, of_level)
                for dim, code in zip(axes, codes, strict=True)
            ),
            tuple(held.get(code) for code in columns), of_level,
        )
        for (of_level, *rest), held in _ordered(holding, axes, found)
        if (codes := tuple(rest)) is not None
    ]


def _ordered(
    holding: Holding, axes: Sequence[str], found: Mapping[tuple[str, ...], dict[str, Cell]],
) -> list[tuple[tuple[str, ...], dict[str, Cell]]]:
    ranks = [
        {code: at for at, code in enumerate(holding.stock.codes[dim])} for dim in axes
    ]

    def rank(entry: tuple[tuple[str, ...], dict[str, Cell]]) -> tuple[int, ...]:
        return tuple(
            known.get(code, len(known)) for known, code in zip(ranks, entry[0][1:], strict=True)
        )

    return sorted(found.items(), key=rank)


def _is_sum(line: Line, axes: Sequence[str], choice: Choice) -> bool:
    """Tell whether a line adds others up: a total, or an area above the level looked at."""
    if axes[0] == REF_AREA and line.level != choice.level:
        return True
    return line.codes[0] == TOTAL


def _leading(choice: Choice, across: str, columns: Sequence[Head], lines: Sequence[Line]) -> int:
    """Return the column to speak of: the one sorted by, else the latest, else the first."""
    asked = choice.sort.lstrip("-")
    if asked.isdecimal() and len(asked) < 4 and int(asked) < len(columns):
        return int(asked)
    filled = [
        at for at in range(len(columns))
        if any((cell := line.cells[at]) and cell.figure.value is not None for line in lines)
    ]
    if across == TIME_PERIOD:
        return filled[-1] if filled else len(columns) - 1
    return filled[0] if filled else 0


def _sorted(lines: list[Line], choice: Choice, leading: int) -> list[Line]:
    """Return the lines as asked: by name or by a column; what has no number comes last."""
    down = choice.sort.startswith("-")
    asked = choice.sort.lstrip("-")
    if asked == BY_NAME:
        return sorted(lines, key=_by_name, reverse=down)
    if asked != str(leading):
        return lines
    by_value: Callable[[Line], Decimal] = lambda line: _value(line, leading) or Decimal(0)  # noqa: E731
    having = [line for line in lines if _value(line, leading) is not None]
    rest = [line for line in lines if _value(line, leading) is None]
    return [*sorted(having, key=by_value, reverse=down), *rest]


def _by_name(line: Line) -> tuple[str, ...]:
    return tuple(normalised(head) for head in line.heads)


def _value(line: Line, at: int) -> Decimal | None:
    cell = line.cells[at]
    return cell.figure.value if cell else None
