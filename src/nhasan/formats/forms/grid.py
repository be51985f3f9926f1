"""Where each row and column of a table stands in its sheet: known to writer and reader alike."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from nhasan.domain.forms import AREA_DIMENSION, Column, Layout, Row, Table
from nhasan.domain.problems import phrase
from nhasan.formats.forms.names import OWN_SHEETS, PREVIOUS_PREFIX

HEADER_TOP = 7
SHEET_NAME_LIMIT = 31
_LOOSE_ENDS = " ,;.-'("
_JOINING_WORDS = frozenset({"và", "theo", "của", "ở", "từ", "trong", "hoặc", "có", "là", "các"})
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]+")


@dataclass(frozen=True, slots=True)
class TableGrid:
    """One table placed in a sheet. All numbers count from 0.

    Above the headers stands the official block. The headers are as deep as the deepest
    column, then comes the line of column numbers, then the rows. `rows` includes the empty
    lines that a unit may name itself.
    """

    table: Table
    sheet: str
    rows: tuple[Row, ...]
    coded: bool
    depth: int

    @property
    def header_top(self) -> int:
        """Return the first line of the headers."""
        return HEADER_TOP

    @property
    def number_line(self) -> int:
        """Return the line of column numbers (A, B, 1, 2, …)."""
        return HEADER_TOP + self.depth

    @property
    def data_top(self) -> int:
        """Return the line of the first row."""
        return HEADER_TOP + self.depth + 1

    @property
    def label_column(self) -> int:
        """Return the column of the row labels."""
        return 1 if self.coded else 0

    @property
    def data_left(self) -> int:
        """Return the column of the first figure."""
        return self.label_column + 1

    @property
    def last_column(self) -> int:
        """Return the column of the last figure."""
        return self.data_left + len(self.table.columns) - 1

    @property
    def last_line(self) -> int:
        """Return the line of the last row."""
        return self.data_top + len(self.rows) - 1


def grids(layout: Layout) -> tuple[TableGrid, ...]:
    """Return every table of a layout, placed in its sheet."""
    names = sheet_names([table.title for table in layout.tables])
    return tuple(_grid(table, name) for table, name in zip(layout.tables, names, strict=True))


def _grid(table: Table, sheet: str) -> TableGrid:
    rows = _with_blank_rows(table)
    return TableGrid(
        table, sheet, rows, coded=any(shown_code(row) for row in rows),
        depth=max((len(column.path) for column in table.columns), default=0) + 1,
    )


def is_open(table: Table, row: Row) -> bool:
    """Tell whether the unit named this row itself: it is bound to its own label."""
    return bool(table.open_rows) and not row.heading and not row.computed and (
        not row.label or row.label in row.bind.values()
    )


def is_blank_row(row: Row) -> bool:
    """Tell whether this is an empty line for a name that was not yet given."""
    return row.id.startswith("~")


def _with_blank_rows(table: Table) -> tuple[Row, ...]:
    named = [place for place, row in enumerate(table.rows) if is_open(table, row)]
    blanks = tuple(Row(id=f"~{n}", label="") for n in range(len(named) + 1, table.open_rows + 1))
    after = named[-1] + 1 if named else len(table.rows)
    rows = (*table.rows[:after], *blanks, *table.rows[after:])
    if not blanks:
        return rows
    plain = {row.id for row in table.rows if not row.computed and not row.heading}
    everything = tuple(row.id for row in rows if not row.computed and not row.heading)
    return tuple(
        replace(row, sum=everything)
        if row.sum == ("*",) or (row.computed and plain and plain <= set(row.sum)) else row
        for row in rows
    )


def shown_code(row: Row) -> str:
    """Return the code printed beside a row: an area shows its own code, not its type."""
    area = row.bind.get(AREA_DIMENSION)
    return area.partition(":")[2] if area else row.code


def sheet_names(titles: Sequence[str]) -> list[str]:
    """Return one legal sheet name for each title: short, distinct, none of our own sheets."""
    found: list[str] = []
    taken = {name.casefold() for name in (*OWN_SHEETS, PREVIOUS_PREFIX, "History")}
    for title in titles:
        plain = " ".join(_FORBIDDEN.sub(" ", title).split()).strip("'") or "Biểu"
        name, number = _shortened(plain, SHEET_NAME_LIMIT), 1
        while name.casefold() in taken:
            number += 1
            mark = f" ({number})"
            name = _shortened(plain, SHEET_NAME_LIMIT - len(mark)) + mark
        taken.add(name.casefold())
        found.append(name)
    return found


def _shortened(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    cut = text[: limit + 1].rpartition(" ")[0]
    if len(cut) < limit // 2:
        return text[:limit].rstrip(_LOOSE_ENDS)
    words = cut.rstrip(_LOOSE_ENDS).split(" ")
    while len(words) > 1 and words[-1].lower() in _JOINING_WORDS:
        words.pop()
    return " ".join(words).rstrip(_LOOSE_ENDS)


def a1(line: int, column: int) -> str:
    """Return the address of a cell as people write it: `C12`."""
    return f"{letters(column)}{line + 1}"


def letters(column: int) -> str:
    """Return the letters of a column counted from 0."""
    text, rest = "", column + 1
    while rest:
        rest, digit = divmod(rest - 1, 26)
        text = chr(65 + digit) + text
    return text


def from_a1(address: str) -> tuple[int, int]:
    """Return line and column, from 0, of an address such as `C12` or `$C$12`."""
    plain = address.replace("$", "").upper()
    split = next((n for n, sign in enumerate(plain) if sign.isdigit()), len(plain))
    column = 0
    for sign in plain[:split]:
        column = column * 26 + ord(sign) - 64
    return int(plain[split:]) - 1, column - 1


def header_path(column: Column, table_unit: str) -> tuple[str, ...]:
    """Return the printed headers of a column, outermost first; its own unit is added."""
    label = column.label
    if column.unit and column.unit != table_unit and column.unit not in label:
        label = f"{label} ({column.unit})"
    return (*column.path, label)


def row_header(table: Table) -> str:
    """Return the header above the row labels."""
    return table.row_header or phrase("Nội dung")
