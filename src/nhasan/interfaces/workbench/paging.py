"""A form with very many cells in several pages, so that no browser and no request chokes."""

from __future__ import annotations

from dataclasses import replace

from nhasan.domain.forms import Layout, Table
from nhasan.domain.rules import rules_within

MOST_CELLS = 5000


def split(layout: Layout, most: int = MOST_CELLS) -> tuple[Layout, ...]:
    """Return the form in parts of at most so many cells each; mostly it is one part.

    A table in several parts leaves its totals out: they stand on the page of checking. A part
    keeps the rules that read nothing beyond it; the server asks the others.
    """
    if layout.cell_count() <= most:
        return (layout,)
    return tuple(
        rules_within(replace(layout, tables=(part,)), layout)
        for table in layout.tables for part in _parts(table, most)
    )


def _parts(table: Table, most: int) -> list[Table]:
    asked = sum(1 for column in table.columns if not column.computed) or 1
    rows = [row for row in table.rows if not row.computed]
    at_once = max(1, most // asked)
    if len(rows) <= at_once:
        return [table]
    return [
        replace(table, rows=tuple(rows[start:start + at_once]))
        for start in range(0, len(rows), at_once)
    ]
