"""What a filled form adds up to: the cells that the machine owns.

A line of a table is walked once; a workbook of 100,000 cells is a matter of a moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.forms import Column, Layout, Row, Table
from nhasan.domain.formulas import CONTEXT, Evaluator, Tree, columns, evaluator, parse_number
from nhasan.domain.numbers import rounded
from nhasan.domain.problems import Invalid, phrase


def compute(layout: Layout, answers: Answers) -> dict[str, Decimal | None]:
    """Return the value of every computed cell; missing where nothing was reported."""
    found: dict[str, Decimal | None] = {}
    for table in layout.tables:
        found.update(computed_cells(table, lines_of(table, answers)))
    return found


@dataclass(slots=True)
class Line:
    """A row people fill: what they typed and, per column, the number that it means.

    `values` has no key for a cell without a figure; computed columns are added to it.
    """

    row: Row
    head: str
    typed: list[tuple[Column, Entry]]
    values: dict[str, Decimal | None]


def lines_of(table: Table, answers: Answers) -> list[Line]:
    """Return the rows people fill with what was typed there, in one walk over the cells."""
    columns = [(column.id, column) for column in table.columns if not column.computed]
    entries = answers.cells
    found = []
    for row in table.rows:
        if row.heading or row.computed:
            continue
        head = f"{table.id}/{row.id}/"
        typed = []
        values = {}
        for name, column in columns:
            entry = entries.get(head + name)
            if entry is not None:
                typed.append((column, entry))
                if entry.figure is not None:
                    values[name] = entry.figure.value
        found.append(Line(row, head, typed, values))
    return found


@dataclass(frozen=True, slots=True)
class Derived:
    """A computed column with its formula."""

    column: Column
    tree: Tree


def derived_columns(table: Table) -> list[Derived]:
    """Return the computed columns in an order in which each finds its operands ready."""
    known = {column.id for column in table.columns}
    waiting = {
        column.id: Derived(column, parse_number(column.formula))
        for column in table.columns if column.formula is not None
    }
    needs: dict[str, set[str]] = {}
    for name, derived in waiting.items():
        used = set(columns(derived.tree))
        if used - known:
            raise Invalid(reason=phrase("cột “{column}” tính từ cột không có: {missing}").format(
                column=name, missing=", ".join(sorted(used - known))))
        needs[name] = used & waiting.keys()
    return [waiting[name] for name in _ordered(needs, table.id)]


def _ordered(needs: Mapping[str, set[str]], table: str) -> list[str]:
    """Return the names so that each comes after what it needs; refuse a circle."""
    done: dict[str, None] = {}
    while len(done) < len(needs):
        ready = [name for name in needs if name not in done and needs[name] <= done.keys()]
        if not ready:
            circle = ", ".join(name for name in needs if name not in done)
            raise Invalid(reason=phrase(
                "bảng “{table}” có các phép tính vòng tròn: {circle}").format(
                    table=table, circle=circle))
        done.update(dict.fromkeys(ready))
    return list(done)


def sum_rows(table: Table) -> list[Row]:
    """Return the computed rows, subtotals before the totals that use them."""
    rows = {row.id: row for row in table.rows if row.computed}
    order = _ordered({name: set(row.sum) & rows.keys() for name, row in rows.items()}, table.id)
    return [rows[name] for name in order]


def computed_cells(table: Table, lines: Iterable[Line]) -> dict[str, Decimal | None]:
    """Return the value of every computed cell, and add those of its row to each line."""
    derived = [(item.column, evaluator(item.tree)) for item in derived_columns(table)]
    found: dict[str, Decimal | None] = {}
    by_row: dict[str, dict[str, Decimal | None]] = {}
    for line in lines:
        _derive(line.head, line.values, derived, found)
        by_row[line.row.id] = line.values
    plain = [column for column in table.columns if not column.computed]
    for row in sum_rows(table):
        head = f"{table.id}/{row.id}/"
        parts = [by_row[name] for name in row.sum if name in by_row]
        values = {column.id: _added(column, parts) for column in plain}
        found.update({head + name: value for name, value in values.items()})
        _derive(head, values, derived, found)
        by_row[row.id] = values
    return found


def _derive(
    head: str, values: dict[str, Decimal | None], derived: Iterable[tuple[Column, Evaluator]],
    found: dict[str, Decimal | None],
) -> None:
    for column, evaluated in derived:
        value = evaluated(values)
        assert not isinstance(value, bool)  # noqa: S101 - parse_number saw to it
        values[column.id] = None if value is None else rounded(value, column.kind)
        found[head + column.id] = values[column.id]


def _added(column: Column, parts: Iterable[Mapping[str, Decimal | None]]) -> Decimal | None:
    """Return the sum of what was reported; choices and texts do not add up."""
    if not column.kind.numeric:
        return None
    total: Decimal | None = None
    for values in parts:
        value = values.get(column.id)
        if value is not None:
            total = value if total is None else CONTEXT.add(total, value)
    return total
