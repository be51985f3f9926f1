"""Find a table again in a sheet that people have worked on: by what it says, not where it stands.

The labels a person sees are the truth. Where a row or column stood when the workbook was
written only settles what two equal labels leave open.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from nhasan.domain.forms import Column
from nhasan.domain.readings import plain
from nhasan.formats.forms.grid import TableGrid, header_path, row_header

Cells = Sequence[Sequence[Any]]
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")
_SEARCH_LINES = 80
_SEARCH_COLUMNS = 60


def said(cells: Cells, line: int, spot: int) -> str:
    """Return what a label cell says, as text; a code that became a number loses its `.0`."""
    if not (0 <= line < len(cells) and 0 <= spot < len(cells[line])):
        return ""
    value = cells[line][spot]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return plain(printable(str(value)))


def printable(text: str) -> str:
    """Return the text without control characters, which no office types and no database keeps."""
    return text if text.isprintable() else _CONTROL.sub("", text)


def key(text: str) -> str:
    """Return a text as labels are compared: spaces and case aside, letters kept."""
    return plain(text).casefold()


@dataclass(slots=True)
class Frame:
    """Where the headers of a table were found, and which sheet column is which column."""

    top: int
    label_column: int
    columns: dict[str, int]
    renamed: list[tuple[Column, int]] = field(default_factory=list)
    missing: list[Column] = field(default_factory=list)
    moved: list[Column] = field(default_factory=list)
    strange: list[int] = field(default_factory=list)
    data_top: int = 0

    @property
    def code_column(self) -> int:
        """Return the column of the codes, beside the labels."""
        return self.label_column - 1


def frame(cells: Cells, grid: TableGrid) -> Frame | None:
    """Return where the headers stand: in their place, or wherever the same words are found."""
    usual = _framed(cells, grid, grid.header_top, grid.label_column)
    if usual and not usual.missing:
        return usual
    wanted = key(row_header(grid.table))
    found = [usual] if usual else []
    for line in range(min(len(cells), _SEARCH_LINES)):
        for spot in range(min(len(cells[line]), _SEARCH_COLUMNS)):
            if cells[line][spot] != "" and key(said(cells, line, spot)) == wanted:
                there = _framed(cells, grid, line, spot)
                found += [there] if there else []
    return max(found, key=lambda each: len(each.columns), default=None)


def _framed(cells: Cells, grid: TableGrid, top: int, label_column: int) -> Frame | None:
    """Match the header texts of every sheet column with the columns of the table."""
    if grid.coded and label_column < 1:
        return None
    heads = _header_keys(cells, top, grid.depth, label_column + 1)
    waiting = dict(heads)
    found = Frame(top, label_column, {})
    first = label_column + 1
    for number, column in enumerate(grid.table.columns):
        wanted = tuple(key(part) for part in header_path(column, grid.table.unit))
        usual = first + number
        spot = usual if waiting.get(usual) == wanted else next(
            (place for place, head in waiting.items() if head == wanted), None)
        if spot is None:
            found.missing.append(column)
            continue
        del waiting[spot]
        found.columns[column.id] = spot
        if spot != usual:
            found.moved.append(column)
    if not found.columns:
        return None
    _by_number(cells, grid, found, waiting)
    found.strange = sorted(waiting)
    found.data_top = top + grid.depth + (1 if _has_numbers(cells, grid, found) else 0)
    return found


def _header_keys(cells: Cells, top: int, depth: int, first: int) -> dict[int, tuple[str, ...]]:
    """Return the header texts of each sheet column, groups carried to the right."""
    width = max((len(cells[line]) for line in range(top, min(top + depth, len(cells)))), default=0)
    found: dict[int, tuple[str, ...]] = {}
    before = [""] * depth
    for spot in range(first, width):
        texts = [key(said(cells, top + level, spot)) for level in range(depth)]
        for level in range(depth - 1):
            if texts[level]:
                break
            texts[level] = before[level]
        own = any(key(said(cells, top + level, spot)) for level in range(depth))
        before = texts
        if own:
            found[spot] = tuple(text for text in texts if text)
    return found


def _by_number(
    cells: Cells, grid: TableGrid, found: Frame, waiting: dict[int, tuple[str, ...]],
) -> None:
    """Accept a column whose header was reworded if the line of numbers still names it."""
    line = found.top + grid.depth
    numbers = {column.id: str(n) for n, column in enumerate(grid.table.columns, start=1)}
    for column in list(found.missing):
        spot = next(
            (place for place in waiting if said(cells, line, place) == numbers[column.id]), None)
        if spot is not None:
            del waiting[spot]
            found.missing.remove(column)
            found.columns[column.id] = spot
            found.renamed.append((column, spot))


def _has_numbers(cells: Cells, grid: TableGrid, found: Frame) -> bool:
    line = found.top + grid.depth
    mark = "B" if grid.coded else "A"
    if said(cells, line, found.label_column).upper() == mark:
        return True
    numbers = {column.id: str(n) for n, column in enumerate(grid.table.columns, start=1)}
    agree = sum(
        said(cells, line, spot) == numbers[name] for name, spot in found.columns.items())
    return agree * 2 > len(found.columns)


def likeness(cells: Cells, grid: TableGrid) -> int:
    """Return how much of a table's words a sheet says; columns and the title weigh more."""
    words = {
        key(str(value)) for line in cells for value in line[:6] if isinstance(value, str) and value
    }
    rows = sum(1 for row in grid.rows if row.label and key(row.label) in words)
    there = frame(cells, grid)
    columns = len(there.columns) if there else 0
    title = 10 if key(grid.table.title) in words else 0
    return rows + 3 * columns + title if rows or columns else 0


def best_sheets(
    sheets: Mapping[str, Cells], placed: Sequence[TableGrid], named: Mapping[str, str],
) -> dict[str, str]:
    """Return the sheet of each table: by its name if it holds the table, else by its words.

    `named` gives, per table, the sheet name the workbook itself remembers.
    """
    by_name = {name.casefold(): name for name in sheets}
    found: dict[str, str] = {}
    for grid in placed:
        for name in (named.get(grid.table.id, ""), grid.sheet):
            sheet = by_name.get(name.casefold())
            if sheet and sheet not in found.values() and likeness(sheets[sheet], grid):
                found[grid.table.id] = sheet
                break
    scores = sorted(
        (
            (likeness(cells, grid), grid.table.id, sheet)
            for grid in placed if grid.table.id not in found
            for sheet, cells in sheets.items() if sheet not in found.values()
        ),
        key=lambda score: -score[0],
    )
    for score, table, sheet in scores:
        if score >= 4 and table not in found and sheet not in found.values():
            found[table] = sheet
    return found
