"""A layout as the page receives it: what the browser needs to add up and to check."""

from __future__ import annotations

from typing import Any

from nhasan.domain.forms import Column, Kind, Layout, Row, Table


def grid_json(layout: Layout) -> dict[str, Any]:
    """Return the layout as JSON for `frontend/rules/`; bindings stay on the server."""
    return {
        "form": layout.form,
        "version": layout.version,
        "tables": [_table(table) for table in layout.tables],
        "rules": [
            {
                "id": rule.id, "test": rule.test, "message": rule.message,
                "severity": rule.severity, "each": rule.each, "column": rule.column,
                "cell": rule.cell,
            }
            for rule in layout.rules
        ],
    }


def _table(table: Table) -> dict[str, Any]:
    return {
        "id": table.id,
        "title": table.title,
        "rows": [_row(row) for row in table.rows],
        "columns": [_column(column) for column in table.columns],
    }


def _row(row: Row) -> dict[str, Any]:
    return {"id": row.id, "label": row.label, "sum": list(row.sum), "heading": row.heading}


def _column(column: Column) -> dict[str, Any]:
    return {
        "id": column.id, "label": column.full_label, "kind": kind_json(column.kind),
        "unit": column.unit, "formula": column.formula,
    }


def kind_json(kind: Kind) -> dict[str, Any]:
    """Return the type of a cell as JSON."""
    return {
        "name": kind.name, "decimals": kind.decimals, "minimum": kind.minimum,
        "maximum": kind.maximum, "choices": [list(choice) for choice in kind.choices],
    }
