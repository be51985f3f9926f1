"""A submitted report as a table to read, beside the period before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.comparison import Change
from nhasan.domain.forms import Column, Layout, Row, Table, cell_id
from nhasan.domain.numbers import display
from nhasan.domain.validation import Finding
from nhasan.domain.words import change_text, figure_words


@dataclass(frozen=True, slots=True)
class Head:
    """One cell of the header, over as many columns and levels as it covers."""

    label: str
    columns: int
    levels: int
    unit: str = ""
    number: bool = False
    group: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as the reviewer reads it: what was sent, what it was before, what was said."""

    id: str
    column: str
    text: str
    number: bool
    words: bool
    computed: bool
    before: str = ""
    change: str = ""
    findings: tuple[Finding, ...] = ()
    explained: tuple[str, ...] = ()
    group: bool = False

    @property
    def speaks(self) -> bool:
        """Tell whether the cell holds anything but zero, now or before, or was found strange."""
        digits = f"{self.text}{self.before}{self.change}"
        if self.findings or not self.number:
            return bool(self.findings or self.text)
        return self.words or any(digit in digits for digit in "123456789")

    @property
    def mark(self) -> str:
        """Return the classes that draw the cell."""
        names = ["so"] if self.number else []
        names += ["tinh"] if self.computed else []
        names += ["dau-nhom"] if self.group else []
        return " ".join(names)


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sheet."""

    label: str
    code: str
    indent: int
    heading: bool
    computed: bool
    cells: tuple[Cell, ...]

    @property
    def quiet(self) -> bool:
        """Tell whether the row says nothing: zero or empty in both periods, nothing found."""
        return not self.heading and not any(cell.speaks for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table of a report."""

    id: str
    title: str
    unit: str
    row_header: str
    heads: tuple[tuple[Head, ...], ...]
    lines: tuple[Line, ...]

    @property
    def width(self) -> int:
        """Return how many columns the table has, with the first."""
        return 1 + sum(head.columns for head in self.heads[0])


def heads(columns: Sequence[Column], unit: str = "") -> tuple[tuple[Head, ...], ...]:
    """Return the header of a table, level by level."""
    depth = max((len(column.path) for column in columns), default=0) + 1
    levels: list[tuple[Head, ...]] = []
    for level in range(depth):
        row: list[Head] = []
        before: tuple[str, ...] | None = None
        for position, column in enumerate(columns):
            if len(column.path) > level:
                above = column.path[: level + 1]
                if above != before:
                    row.append(Head(column.path[level], _run(columns, position, above), 1,
                                    group=position > 0))
                before = above
            else:
                before = None
                if len(column.path) == level:
                    row.append(_leaf(columns, position, depth - level, unit))
        levels.append(tuple(row))
    return tuple(levels)


def _leaf(columns: Sequence[Column], position: int, levels: int, unit: str) -> Head:
    column = columns[position]
    told = column.unit == unit or column.unit in column.label
    own = "" if told else column.unit
    return Head(column.label, 1, levels, own, column.kind.numeric, starts_group(columns, position))


def _run(columns: Sequence[Column], start: int, above: tuple[str, ...]) -> int:
    length = 0
    for column in columns[start:]:
        if column.path[: len(above)] != above:
            break
        length += 1
    return length


def starts_group(columns: Sequence[Column], position: int) -> bool:
    """Tell whether a column is the first of a group, which a rule parts from the one before."""
    return position > 0 and columns[position].path[:1] != columns[position - 1].path[:1]


@dataclass(frozen=True, slots=True)
class Report:
    """What a sheet is drawn from: the form, what was sent, the numbers of both periods."""

    layout: Layout
    answers: Answers
    now: Mapping[str, Decimal]
    before: Mapping[str, Decimal]
    findings: Sequence[Finding]

    def sheets(self) -> tuple[Sheet, ...]:
        """Return the tables of the report."""
        said: dict[str, list[Finding]] = {}
        for finding in self.findings:
            said.setdefault(finding.cell, []).append(finding)
        return tuple(
            Sheet(
                table.id, table.title, table.unit, table.row_header,
                heads(table.columns, table.unit),
                tuple(self._line(table, row, said) for row in table.rows),
            )
            for table in self.layout.tables
        )

    def _line(self, table: Table, row: Row, said: Mapping[str, list[Finding]]) -> Line:
        cells = () if row.heading else tuple(
            self._cell(table, row, position, said) for position in range(len(table.columns))
        )
        return Line(row.label, row.code, row.indent, row.heading, row.computed, cells)

    def _cell(self, table: Table, row: Row, position: int,
              said: Mapping[str, list[Finding]]) -> Cell:
        column = table.columns[position]
        key = cell_id(table.id, row.id, column.id)
        computed = table.cell_computed(row, column)
        text, words = self._text(key, column, computed)
        change = self.change(key)
        moved = change.difference
        findings = tuple(said.get(key, ()))
        return Cell(
            id=key, column=column.full_label, text=text, number=column.kind.numeric,
            words=words, computed=computed,
            before=display(change.before, column.kind) if column.kind.numeric else "",
            change="" if not moved or not column.kind.numeric
            else change_text(moved, column.kind.decimals),
            findings=findings, explained=tuple(self.reason(each) for each in findings),
            group=starts_group(table.columns, position),
        )

    def _text(self, key: str, column: Column, computed: bool) -> tuple[str, bool]:
        """Return what stands in a cell, and whether it is words where a number would be."""
        if computed:
            value = self.now.get(key)
            return (display(value, column.kind), False) if value is not None else ("", False)
        entry: Entry | None = self.answers.cells.get(key)
        if entry is None:
            return ("", False) if column.kind.name == "text" else (_("chưa có"), True)
        if entry.figure is None:
            return entry.text, False
        if entry.figure.value is None:
            return figure_words(entry.figure).said(_), True
        return display(entry.figure.value, column.kind), False

    def change(self, cell: str) -> Change:
        """Return a cell's number beside the period before."""
        return Change(self.now.get(cell), self.before.get(cell))

    def reason(self, finding: Finding) -> str:
        """Return the unit's explanation of a finding, or nothing."""
        return self.answers.reasons.get(f"{finding.code}|{finding.cell}", "").strip()
