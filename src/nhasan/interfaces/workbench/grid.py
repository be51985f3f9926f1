"""A report's table as a page shows it: header levels, cells, totals, the period before, marks.

Cells are written here and not in a template: a form may have thousands of them, and each is
the same few attributes that `frontend/islands/report-grid` relies on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import groupby, pairwise

from django.utils.html import escape, format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.checking import place
from nhasan.domain.forms import Column, Layout, Row, Table, cell_id
from nhasan.domain.numbers import display
from nhasan.domain.words import change_text, figure_words
from nhasan.interfaces.workbench.marks import Mark

_INPUT_MODES = {"integer": "numeric", "decimal": "decimal"}
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
class Choices:
    """The labels offered for a column of choices."""

    id: str
    labels: tuple[str, ...]


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
    choices: tuple[Choices, ...]
    width: int
    open_rows: int
    indicators: tuple[str, ...]
    jumps: tuple[Line, ...]

    @property
    def single(self) -> bool:
        """Tell whether it asks one unit so many questions that they read better as a list."""
        plain = [line for line in self.body if not line.compared]
        return len(plain) == 1 and not self.foot and self.width > _MANY_COLUMNS

    @property
    def depth(self) -> int:
        """Return how many levels the header has."""
        return len(self.heads)


@dataclass(frozen=True, slots=True)
class Content:
    """What stands in the cells of a layout."""

    answers: Answers
    computed: Mapping[str, Decimal | None]
    versions: Mapping[str, int] = field(default_factory=dict)
    previous: Mapping[str, Decimal] = field(default_factory=dict)
    previous_label: str = ""
    marks: Mapping[str, Sequence[Mark]] = field(default_factory=dict)


def tables(layout: Layout, content: Content, *, editable: bool,
           readonly: bool = False) -> tuple[TableView, ...]:
    """Return the tables of a report as a page shows them.

    `editable` writes input boxes (`readonly` ones when nothing is received now), otherwise
    plain figures.
    """
    write = _Inputs(content, readonly) if editable else _Figures(content)
    return tuple(_table(table, content, write) for table in layout.tables)


def anchor(cell: str) -> str:
    """Return the id of a cell's input, so that a message can lead to it."""
    return "o-" + cell.replace("/", "-")


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


def _table(table: Table, content: Content, write: _Inputs | _Figures) -> TableView:
    writing = _Writing(table, content, write)
    last = len(table.rows)
    while last and table.rows[last - 1].computed:
        last -= 1
    body = tuple(line for row in table.rows[:last] for line in writing.lines(row))
    foot = tuple(line for row in table.rows[last:] for line in writing.lines(row))
    plain = tuple(line for line in body if not line.heading and not line.compared)
    return TableView(
        id=table.id, title=table.title, unit=table.unit, row_header=table.row_header,
        heads=heads(table.columns), body=body, foot=foot, choices=_choices(table),
        width=len(table.columns) + 1, open_rows=table.open_rows,
        indicators=tuple(dict.fromkeys(_indicators(table))),
        jumps=plain if 1 < len(plain) <= 100 else (),
    )


def _choices(table: Table) -> tuple[Choices, ...]:
    return tuple(
        Choices(f"lc-{table.id}-{column.id}", tuple(label for _, label in column.kind.choices))
        for column in table.columns if column.kind.name == "choice"
    )


def _indicators(table: Table) -> Iterator[str]:
    binds = (table.bind, *(column.bind for column in table.columns),
             *(row.bind for row in table.rows))
    return (bind["INDICATOR"] for bind in binds if "INDICATOR" in bind)


class _Writing:
    """One table being written row by row."""

    def __init__(self, table: Table, content: Content, write: _Inputs | _Figures) -> None:
        self._table = table
        self._content = content
        self._write = write
        self._columns = [
            (column, edge, escape(", ".join((*column.path, _titled(column)))))
            for column, edge in zip(table.columns, _edges(table.columns), strict=True)
        ]
        self._compared = _compared(table) if content.previous else frozenset()

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
                cells.append(self._write.cell(cell, self._table, row, column, edge, label))
            marks += self._content.marks.get(cell, ())
        yield Line(row.id, name, row.label, row.code, css, _joined(cells), tuple(marks))
        if row.id in self._compared:
            yield from self._previous(row)

    def _computed(self, cell: str, column: Column, edge: bool, label: str) -> str:
        value = display(self._content.computed.get(cell), column.kind)
        return (
            f'<td class="tinh{_edge(edge)}" data-nhan="{label}" data-computed="{escape(cell)}">'
            f"{escape(value)}</td>"
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


def _edge(edge: bool) -> str:
    return " dau-nhom" if edge else ""


def _plain(label: str, edge: bool, text: str, more: str = "") -> str:
    return f'<td class="so{_edge(edge)}" data-nhan="{label}"{more}>{escape(text)}</td>'


def _joined(cells: Sequence[str]) -> SafeString:
    return mark_safe("".join(cells))  # noqa: S308 - every part was escaped where it was made


class _Inputs:
    """Cells as input boxes."""

    def __init__(self, content: Content, readonly: bool) -> None:
        self._content = content
        self._readonly = " readonly" if readonly else ""

    def cell(self, cell: str, table: Table, row: Row, column: Column, edge: bool,
             label: str) -> str:
        """Return the box of one cell, with its marks."""
        marks = self._content.marks.get(cell, ())
        entry = self._content.answers.cells.get(cell)
        name = escape(cell)
        return (
            f'<td class="o{_edge(edge)}{marks[0].css if marks else ""}" data-nhan="{label}">'
            f'<input id="{escape(anchor(cell))}" name="{name}" data-cell="{name}"'
            f' data-version="{self._content.versions.get(cell, 0)}"'
            f' value="{escape(entry.text if entry else "")}"{_typing(table, column)}'
            f' autocomplete="off" aria-label="{escape(place(row, column))}"'
            f"{_described(marks)}{self._readonly}>"
            f"{''.join(_beside(mark) for mark in marks)}</td>"
        )


def _typing(table: Table, column: Column) -> str:
    """Return the attributes that say what may be typed."""
    if column.kind.name == "choice":
        offered = escape(" / ".join(label for _code, label in column.kind.choices))
        name = f"lc-{escape(table.id)}-{escape(column.id)}"
        return f' class="chu" list="{name}" placeholder="{offered}"'
    mode = _INPUT_MODES.get(column.kind.name)
    return f' inputmode="{mode}"' if mode else ' class="chu" maxlength="2000"'


def _described(marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    names = " ".join(name for mark in marks for name in (mark.id, f"{mark.id}-noi"))
    invalid = ' aria-invalid="true"' if any(mark.is_error for mark in marks) else ""
    return f'{invalid} aria-describedby="{names}"'


def _beside(mark: Mark) -> str:
    css = "loi-o" if mark.is_error else "canh-o"
    return format_html(
        '<span class="{}" id="{}" data-mark>{}</span>', css, mark.id, mark.word,
    )


class _Figures:
    """Cells as figures to read."""

    def __init__(self, content: Content) -> None:
        self._content = content

    def cell(self, cell: str, table: Table, row: Row, column: Column, edge: bool,
             label: str) -> str:
        """Return one cell to read: its number, or why there is none."""
        marks = self._content.marks.get(cell, ())
        entry = self._content.answers.cells.get(cell)
        words = "chu" if column.kind.name == "text" else "so"
        returned = " o-tra" if marks else ""
        return (
            f'<td class="{words}{_edge(edge)}{returned}" id="{escape(anchor(cell))}"'
            f' data-nhan="{label}">{_read(entry, column)}'
            f"{''.join(_beside(mark) for mark in marks)}</td>"
        )


def _read(entry: Entry | None, column: Column) -> str:
    if entry is None or (column.kind.name == "text"):
        return escape(entry.text) if entry else ""
    if entry.figure is None:
        return escape(entry.text)
    if entry.figure.value is None:
        return format_html('<span class="khuyet">{}</span>', figure_words(entry.figure).said(_))
    return escape(display(entry.figure.value, column.kind))
