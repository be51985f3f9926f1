"""A report's table as a page shows it: header levels, cells, totals, the period before, marks.

Cells are written in code and not in a template: a form may have thousands of them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby, pairwise

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nhasan.domain.forms import Column, Layout, Row, Table, cell_id
from nhasan.domain.numbers import display
from nhasan.domain.words import change_text
from nhasan.interfaces.workbench.cells import Content as Content
from nhasan.interfaces.workbench.cells import Figures, Inputs, edge_class, noted
from nhasan.interfaces.workbench.marks import Mark

# So few rows without a total are compared with the period before one by one.
_FEW_ROWS = 3
# A single row of more columns than these is shown as a list of questions.
_MANY_COLUMNS = 8


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of a header with several levels."""

    label: str
    columns: int
    rows: int
    scope: str
    edge: bool


@dataclass(frozen=True, slots=True)
class Line:
    """One row of a table: its label, its cells as HTML, and the marks written under it."""

    id: str
    anchor: str
    label: str
    code: str
    css: str
    cells: SafeString
    marks: tuple[Mark, ...] = ()
    heading: bool = False
    compared: bool = False


@dataclass(frozen=True, slots=True)
class TableView:
    """One table of a report, ready to be written."""

    id: str
    title: str
    unit: str
    row_header: str
    heads: tuple[tuple[Head, ...], ...]
    body: tuple[Line, ...]
    foot: tuple[Line, ...]
    width: int
    open_rows: int
    indicators: tuple[str, ...]
    jumps: tuple[Line, ...]
    single: bool

    @property
    def depth(self) -> int:
        """Return how many levels the header has."""
        return len(self.heads)


def tables(layout: Layout, content: Content, *, editable: bool,
           readonly: bool = False) -> tuple[TableView, ...]:
    """Return the tables of a report as a page shows them.

    `editable` writes input boxes (`readonly` ones when nothing is received now), otherwise
    plain figures.
    """
    write = Inputs(content, readonly) if editable else Figures(content)
    return tuple(_table(table, content, write) for table in layout.tables)


def heads(columns: Sequence[Column]) -> tuple[tuple[Head, ...], ...]:
    """Return the levels of a header, outermost first."""
    depth = max(len(column.path) for column in columns) + 1
    return tuple(tuple(_level(columns, level, depth)) for level in range(depth))


def _level(columns: Sequence[Column], level: int, depth: int) -> Iterator[Head]:
    starts = _edges(columns)
    spot = 0
    for path, group in groupby(columns, key=lambda column: column.path[: level + 1]):
        members = list(group)
        if len(path) > level:
            yield Head(path[level], len(members), 1, "colgroup", starts[spot])
        else:
            for place_, column in enumerate(members, spot):
                if len(column.path) == level:
                    yield Head(_titled(column), 1, depth - level, "col", starts[place_])
        spot += len(members)


def _titled(column: Column) -> str:
    if column.unit and column.unit not in column.label:
        return f"{column.label} ({column.unit})"
    return column.label


def _edges(columns: Sequence[Column]) -> list[bool]:
    """Tell of each column whether a group begins or ends before it, at the outermost level."""
    outer = [column.path[:1] for column in columns]
    return [False, *(now != before for before, now in pairwise(outer))]


def _table(table: Table, content: Content, write: Inputs | Figures) -> TableView:
    writing = _Writing(table, content, write)
    last = len(table.rows)
    while last and table.rows[last - 1].computed:
        last -= 1
    body = tuple(line for row in table.rows[:last] for line in writing.lines(row))
    foot = tuple(line for row in table.rows[last:] for line in writing.lines(row))
    plain = tuple(line for line in body if not line.heading and not line.compared)
    return TableView(
        id=table.id, title=table.title, unit=table.unit, row_header=table.row_header,
        heads=heads(table.columns), body=body, foot=foot,
        width=len(table.columns) + 1, open_rows=table.open_rows,
        indicators=tuple(dict.fromkeys(_indicators(table))),
        jumps=plain if 1 < len(plain) <= 100 else (), single=_single(table),
    )


def _single(table: Table) -> bool:
    """Tell whether it asks one unit so many questions that they read better as a list."""
    alone = len(table.rows) == 1 and not table.rows[0].computed and not table.rows[0].heading
    return alone and len(table.columns) >= _MANY_COLUMNS


def _indicators(table: Table) -> Iterator[str]:
    binds = (table.bind, *(column.bind for column in table.columns),
             *(row.bind for row in table.rows))
    return (bind["INDICATOR"] for bind in binds if "INDICATOR" in bind)


class _Writing:
    """One table being written row by row."""

    def __init__(self, table: Table, content: Content, write: Inputs | Figures) -> None:
        self._table = table
        self._content = content
        self._write = write
        self._columns = [
            (column, edge, escape(", ".join((*column.path, _titled(column)))))
            for column, edge in zip(table.columns, _edges(table.columns), strict=True)
        ]
        self._compared = _compared(table) if content.previous else frozenset()
        self._single = _single(table)

    def lines(self, row: Row) -> Iterator[Line]:
        """Yield the line of a row, then its comparison with the period before."""
        name = f"dong-{self._table.id}-{row.id}"
        if row.heading:
            yield Line(row.id, name, row.label, row.code, "nhom", mark_safe(""), heading=True)
            return
        css = "dong-tinh" if row.computed else f"thut-{row.indent}" if row.indent else ""
        cells: list[str] = []
        marks: list[Mark] = []
        for column, edge, label in self._columns:
            cell = cell_id(self._table.id, row.id, column.id)
            if self._table.cell_computed(row, column):
                cells.append(self._computed(cell, column, edge, label))
            else:
                cells.append(self._write.cell(cell, row, column, edge, label, self._single))
            marks += self._content.marks.get(cell, ())
        below = () if self._single else tuple(marks)
        yield Line(row.id, name, row.label, row.code, css, _joined(cells), below)
        if row.id in self._compared:
            yield from self._previous(row)

    def _computed(self, cell: str, column: Column, edge: bool, label: str) -> str:
        value = display(self._content.computed.get(cell), column.kind)
        return (
            f'<td class="tinh{edge_class(edge)}" data-nhan="{label}"'
            f' data-computed="{escape(cell)}">'
            f"{escape(value)}{noted(self._content, cell)}</td>"
        )

    def _previous(self, row: Row) -> Iterator[Line]:
        before, change = [], []
        for column, edge, label in self._columns:
            cell = cell_id(self._table.id, row.id, column.id)
            was, now = self._content.previous.get(cell), self._now(cell)
            before.append(_plain(label, edge, display(was, column.kind)))
            moved = "" if was is None or now is None or not column.kind.numeric else (
                change_text(now - was, column.kind.decimals))
            change.append(_plain(label, edge, moved, f' data-difference="{escape(cell)}"'))
        said = self._content.previous_label
        yield Line("", "", said, "", "ky-truoc", _joined(before), compared=True)
        differs = _("Khác {period}").format(period=said[:1].lower() + said[1:])
        yield Line("", "", differs, "", "ky-truoc", _joined(change), compared=True)

    def _now(self, cell: str) -> Decimal | None:
        if cell in self._content.computed:
            return self._content.computed[cell]
        entry = self._content.answers.cells.get(cell)
        return entry.figure.value if entry and entry.figure else None


def _compared(table: Table) -> frozenset[str]:
    """Return the rows set against the period before: the grand total, or a few plain rows."""
    totals = [row for row in table.rows if row.computed]
    if totals:
        return frozenset([max(totals, key=lambda row: len(row.sum)).id])
    plain = [row.id for row in table.rows if not row.heading]
    return frozenset(plain if len(plain) <= _FEW_ROWS else ())


def _plain(label: str, edge: bool, text: str, more: str = "") -> str:
    return f'<td class="so{edge_class(edge)}" data-nhan="{label}"{more}>{escape(text)}</td>'


def _joined(cells: Sequence[str]) -> SafeString:
    return mark_safe("".join(cells))  # noqa: S308 - every part was escaped where it was made
