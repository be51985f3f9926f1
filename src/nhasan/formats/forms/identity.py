"""How a workbook is known when it comes back: a very hidden sheet, and the file's properties."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from nhasan.domain.forms import Layout
from nhasan.formats.forms.grid import TableGrid, is_blank_row
from nhasan.formats.forms.names import IDENTITY_SHEET

MAKER = "nhasan"
PART = "part"
_LINE = re.compile(r"[1-9][0-9]{0,6}")
_FIELDS = (
    "form", "version", "assignment", "unit", "unit_name", "period", "period_label", "digest",
)


@dataclass(frozen=True, slots=True)
class WorkbookContext:
    """The words printed on the form, and the ids by which it is known when it comes back.

    `unit`, `period` and `assignment` are ids; the other texts are printed as they are.
    `made_at` is written into the file's properties, so that the same form is the same bytes.
    """

    code: str
    title: str
    legal_basis: str
    reporting_unit: str
    receiving_unit: str
    deadline: str
    unit: str
    period: str
    period_label: str
    assignment: str
    illustrative: bool = False
    made_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class TableMap:
    """Where a table stood when its workbook was written: line and column (from 0) to ids."""

    sheet: str
    rows: dict[int, str] = field(default_factory=dict)
    columns: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Identity:
    """Whose workbook this is, and of what. Empty texts where nothing was found."""

    form: str = ""
    version: str = ""
    assignment: str = ""
    unit: str = ""
    unit_name: str = ""
    period: str = ""
    period_label: str = ""
    digest: str = ""
    tables: dict[str, TableMap] = field(default_factory=dict)

    def properties(self) -> dict[str, str]:
        """Return the custom properties of the file; they survive when sheets are deleted."""
        return {f"{MAKER}_{name}": getattr(self, name) for name in _FIELDS}

    def lines(self) -> list[list[Any]]:
        """Return the content of the hidden sheet, line by line."""
        found: list[list[Any]] = [[MAKER, 1]]
        found += [[name, getattr(self, name)] for name in _FIELDS]
        for table, place in self.tables.items():
            found.append(["table", table, place.sheet])
            found += [["row", table, line + 1, row] for line, row in place.rows.items()]
            found += [["column", table, spot + 1, name] for spot, name in place.columns.items()]
        return found


def identity_of(layout: Layout, context: WorkbookContext, grids: Sequence[TableGrid]) -> Identity:
    """Return the identity that the workbook of this layout and context carries."""
    return Identity(
        form=layout.form, version=layout.version, assignment=context.assignment,
        unit=context.unit, unit_name=context.reporting_unit, period=context.period,
        period_label=context.period_label, digest=layout_digest(layout),
        tables={
            grid.table.id: TableMap(
                grid.sheet,
                {grid.data_top + n: row.id for n, row in enumerate(grid.rows)
                 if not is_blank_row(row)},
                {grid.data_left + n: column.id for n, column in enumerate(grid.table.columns)},
            )
            for grid in grids
        },
    )


def layout_digest(layout: Layout) -> str:
    """Return a fingerprint of the rows and columns, so that a changed list is noticed."""
    shape = [
        [table.id, [[row.id, row.label, row.code] for row in table.rows],
         [[column.id, *column.path, column.label] for column in table.columns]]
        for table in layout.tables
    ]
    return hashlib.sha256(json.dumps(shape, ensure_ascii=False).encode()).hexdigest()[:16]


def bundle_lines(identities: Sequence[Identity]) -> list[list[Any]]:
    """Return the content of the hidden sheet of a workbook with several forms."""
    found: list[list[Any]] = [[MAKER, 2]]
    for number, each in enumerate(identities, start=1):
        found += [[PART, number], *each.lines()[1:]]
    return found


def bundle_properties(identities: Sequence[Identity]) -> dict[str, str]:
    """Return the custom properties of a workbook with several forms, short enough for each."""
    return {
        f"{MAKER}_{PART}_{number}": json.dumps(
            [each.form, each.version, each.assignment, each.unit, each.period])[:255]
        for number, each in enumerate(identities, start=1)
    }


def identities_from(
    lines: Sequence[Sequence[Any]], properties: dict[str, str],
) -> tuple[Identity, ...]:
    """Return every form that a workbook says it holds, in their order."""
    blocks: list[list[Sequence[Any]]] = [[]]
    for line in lines:
        if line and _text(line[0]) == PART:
            blocks.append([])
        blocks[-1].append(line)
    if len(blocks) > 1:
        found = [identity_from(block, {}) for block in blocks[1:]]
        return tuple(each for each in found if each is not None)
    parts = sorted(
        (int(name.rpartition("_")[2]), text) for name, text in properties.items()
        if re.fullmatch(f"{MAKER}_{PART}_[0-9]{{1,3}}", name))
    if parts:
        return tuple(each for _, text in parts if (each := _from_property(text)) is not None)
    single = identity_from(lines, properties)
    return () if single is None else (single,)


def _from_property(text: str) -> Identity | None:
    try:
        form, version, assignment, unit, period = (str(each) for each in json.loads(text))
    except (ValueError, TypeError):
        return None
    return Identity(form, version, assignment, unit, period=period)


def identity_from(lines: Sequence[Sequence[Any]], properties: dict[str, str]) -> Identity | None:
    """Return the identity from the hidden sheet, or from the properties, or nothing."""
    values = {
        name: properties[f"{MAKER}_{name}"] for name in _FIELDS if f"{MAKER}_{name}" in properties
    }
    tables: dict[str, TableMap] = {}
    for line in lines:
        cells = [_text(cell) for cell in line] + [""] * 4
        if cells[0] in _FIELDS:
            values[cells[0]] = cells[1]
        elif cells[0] == "table":
            tables[cells[1]] = TableMap(cells[2])
        elif cells[0] in ("row", "column") and cells[1] in tables and _LINE.fullmatch(cells[2]):
            place = tables[cells[1]]
            target = place.rows if cells[0] == "row" else place.columns
            target[int(cells[2]) - 1] = cells[3]
    return Identity(tables=tables, **values) if values.get("form") else None


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


__all__ = [
    "IDENTITY_SHEET", "Identity", "TableMap", "WorkbookContext", "bundle_lines",
    "bundle_properties", "identities_from", "identity_from", "identity_of", "layout_digest",
]
