"""A slice of a form across many units: one row a unit, its columns one row or one column of it.

A department that reports for all its communes fills the same row of the same table a hundred
times. Laid side by side, these rows are a table of their own, and the rules of a row hold in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from nhasan.domain.forms import Column, Layout, Row, Table, cell_id
from nhasan.domain.problems import NotFound
from nhasan.domain.rules import bound_rules

TOTAL = "tong"


@dataclass(frozen=True, slots=True)
class Slice:
    """One row of a table (its columns are asked of each unit), or one column (its rows are)."""

    table: str
    row: str = ""
    column: str = ""

    def cell(self, name: str) -> str:
        """Return the cell of each unit's own form that stands in the column of that name."""
        return cell_id(self.table, self.row or name, self.column or name)

    def name(self, cell: str) -> str:
        """Return the column in which a cell of a unit's own form stands, or nothing."""
        table, _slash, rest = cell.partition("/")
        row, _slash, column = rest.partition("/")
        fits = table == self.table and (row == self.row or column == self.column)
        return (column if self.row else row) if fits else ""


def sliceable(layout: Layout) -> tuple[Table, ...]:
    """Return the tables that are the same for every unit: no row of them is a unit's own."""
    return tuple(table for table in layout.tables if not table.grows and not table.open_rows)


def across(layout: Layout, part: Slice, units: Sequence[Row], label: str, total: str) -> Layout:
    """Return a slice as a form of one table: a row each unit, then their sum.

    `label` heads the first column, `total` names the last row.
    """
    table = next((each for each in sliceable(layout) if each.id == part.table), None)
    columns = _columns(table, part) if table else ()
    if table is None or not columns:
        raise NotFound()
    rows = (*units, Row(TOTAL, total, sum=tuple(unit.id for unit in units)))
    made = Table(
        id=table.id, title=_title(table, part), unit=table.unit, row_header=label, rows=rows,
        columns=columns, bind={},
    )
    rules = tuple(
        bound.rule for bound in bound_rules(layout)
        if part.row and bound.rule.each == table.id and bound.of_row_alone
        and all(not named.key and not named.table for named in bound.named)
    )
    return Layout(layout.form, layout.version, (made,), rules)


def _columns(table: Table, part: Slice) -> tuple[Column, ...]:
    if part.row:
        row = table.row(part.row)
        asked = row is not None and not row.heading and not row.computed
        return table.columns if asked else ()
    column = table.column(part.column)
    if column is None or column.computed:
        return ()
    return tuple(
        _of_row(row, column) for row in table.rows
        if not row.heading and (column.kind.numeric or not row.computed)
    )


def _of_row(row: Row, column: Column) -> Column:
    """Return a row as a column; a sum of rows becomes a sum of columns."""
    parts = ", ".join(f"[{name}]" for name in row.sum)
    return Column(
        id=row.id, label=row.label, path=(), kind=column.kind, bind={}, unit=column.unit,
        formula=f"sum({parts})" if parts else None,
    )


def _title(table: Table, part: Slice) -> str:
    row, column = table.row(part.row), table.column(part.column)
    if row is not None and len(table.rows) > 1:
        return f"{table.title}: {row.label}"
    return f"{table.title}: {column.full_label}" if column is not None else table.title
