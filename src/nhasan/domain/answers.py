"""What a unit typed into a form: one entry a cell, with the words as they were typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from nhasan.domain.forms import Row
from nhasan.domain.observations import Figure, Status


@dataclass(frozen=True, slots=True)
class Entry:
    """The content of one cell: the text as typed, and the figure it means, if it means one.

    A cell with text but no figure is either a text cell or one that could not be read; the
    text is kept in both cases, so that nothing typed is lost.
    """

    text: str
    figure: Figure | None = None

    def as_json(self) -> list[Any]:
        """Return `[text, value, status]`: the value as decimal text, status "" if unread."""
        figure = self.figure
        if figure is None:
            return [self.text, None, ""]
        value = figure.value
        return [self.text, None if value is None else str(value), str(figure.status)]

    @classmethod
    def from_json(cls, data: list[Any]) -> Entry:
        """Return the entry that `as_json` wrote."""
        text, value, status = data
        if not status:
            return cls(text)
        return cls(text, Figure(None if value is None else Decimal(value), Status(status)))


@dataclass(frozen=True, slots=True)
class Answers:
    """All entries of one form. `cells` is keyed by `table/row/column`; empty cells are absent.

    `open_rows` holds the rows that the unit named itself, per table. `reasons` holds the
    unit's explanation of a warning, keyed by `finding code|cell`.
    """

    cells: Mapping[str, Entry] = field(default_factory=dict)
    open_rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return the answers as stored in a submission."""
        return {
            "cells": {cell: entry.as_json() for cell, entry in self.cells.items()},
            "open_rows": {
                table: [{"id": row.id, "label": row.label} for row in rows]
                for table, rows in self.open_rows.items()
            },
            "reasons": dict(self.reasons),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Answers:
        """Return the answers that `as_json` wrote."""
        return cls(
            {cell: Entry.from_json(entry) for cell, entry in data.get("cells", {}).items()},
            {
                table: tuple(Row(id=row["id"], label=row["label"]) for row in rows)
                for table, rows in data.get("open_rows", {}).items()
            },
            dict(data.get("reasons", {})),
        )
