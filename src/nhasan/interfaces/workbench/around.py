"""What a report's page shows around its cells: earlier periods, notes, how a column is filled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.urls import reverse

from nhasan.collection import queries
from nhasan.collection.queries import Assignment, Beside, Examination, Revision
from nhasan.domain.forms import Column, Layout, Table
from nhasan.domain.periods import Period
from nhasan.domain.references import LAST_YEAR
from nhasan.interfaces.beside import beside_json
from nhasan.interfaces.notation import period_text
from nhasan.interfaces.workbench.indicators_of import Definition
from nhasan.interfaces.workbench.navigation import address
from nhasan.metadata import queries as metadata

INDICATOR = "INDICATOR"


def earlier_json(row: Assignment, seen: Examination) -> dict[str, Any]:
    """Return name → words and numbers of the earlier periods that the cells are set against.

    The numbers of the period before are on the page already, for the checks.
    """
    found: dict[str, Any] = {}
    earlier = seen.earlier
    if earlier is not None:
        found["previous"] = {"label": period_text(earlier.assignment.round.period)}
    last_year = seen.outside.figures.get(f"@{LAST_YEAR}")
    if last_year and earlier is not None:
        period = str(Period.parse(row.round.period).same_last_year())
        if period != earlier.assignment.round.period:
            found["year"] = {
                "label": period_text(period),
                "values": {cell: str(number) for cell, number in last_year.items()},
            }
    return found


def carries(row: Assignment, seen: Examination) -> bool:
    """Tell whether the period before has figures for cells that are still empty."""
    if seen.earlier is None:
        return False
    before = seen.earlier.answers.get("cells", {})
    named = seen.earlier.answers.get("open_rows", {})
    kept = seen.draft.answers.cells
    asked = {
        f"{table.id}/{line.id}/{column.id}"
        for table in seen.layout.tables for line, column in table.cells()
    }
    return any(
        cell in asked and cell not in kept and status in ("A", "M")
        for cell, (_text, _value, status) in before.items()
    ) or any(lines and not row.open_rows.get(table) for table, lines in named.items())


def carried(row: Assignment, number: str) -> Revision | None:
    """Return the carrying over of that number, while it is the last save of the draft."""
    if not number.isascii() or not number.isdigit() or len(number) > 9:
        return None
    last = next(iter(queries.revisions(row, limit=1)), None)
    fits = last is not None and last.number == int(number) and last.channel == "carried"
    return last if fits else None


def noted(row: Assignment, found: Mapping[str, Beside]) -> dict[str, str]:
    """Return cell → the page on which its note is read and written."""
    page = reverse("workbench:notes", args=[row.pk])
    return {cell: f"{page}?o={cell}#ghi" for cell in found}


def notes_json(row: Assignment, found: Mapping[str, Beside]) -> list[dict[str, Any]]:
    """Return what stands beside the cells, for the browser."""
    return [beside_json(row, each) for each in found.values()]


@dataclass(frozen=True, slots=True)
class ColumnHelp:
    """How one column is filled: its own words in the form, and its indicator's definition."""

    label: str
    unit: str
    note: str
    computed: bool
    indicator: str = ""
    concept: str = ""
    url: str = ""


def columns_help(layout: Layout, on: date) -> dict[str, tuple[ColumnHelp, ...]]:
    """Return table → how each of its columns is filled, by the sets in force on a day.

    A report keeps the definitions that it was asked with, whatever is amended afterwards.
    """
    refs = {
        column.bind[INDICATOR] for table in layout.tables for column in table.columns
        if INDICATOR in column.bind
    }
    known = metadata.indicators_by_ref(refs, on=on)
    return {table.id: _helps(table, known) for table in layout.tables}


def left_untold(found: Sequence[Definition], helps: Mapping[str, Sequence[ColumnHelp]],
                ) -> list[Definition]:
    """Return the definitions that no column tells of: those of rows and of whole tables."""
    told = {each.url for columns in helps.values() for each in columns if each.url}
    return [each for each in found if each.url not in told]


def _helps(table: Table, known: Mapping[str, Any]) -> tuple[ColumnHelp, ...]:
    return tuple(_help(table, column, known) for column in table.columns)


def _help(table: Table, column: Column, known: Mapping[str, Any]) -> ColumnHelp:
    ref = column.bind.get(INDICATOR, "")
    found = known.get(ref)
    identifier, _colon, key = ref.partition(":")
    return ColumnHelp(
        label=column.full_label, unit=column.unit or table.unit, note=column.note,
        computed=column.computed, indicator=found.name_vi if found else "",
        concept=_meaning(found) if found else "",
        url=address("indicator", identifier, found.indicator_set.version, key) if found else "",
    )


def _meaning(found: Any) -> str:
    """Return what an indicator means and how it is reckoned, as far as its set says so."""
    said = (found.concept, found.method, found.notes)
    return " ".join(text.strip().rstrip(".") + "." for text in said if text.strip())


def helps_json(helps: Mapping[str, Sequence[ColumnHelp]], layout: Layout) -> dict[str, str]:
    """Return column → the words of its definition, for the box of a cell."""
    return {
        f"{table.id}/{column.id}": " ".join(filter(None, (each.note, each.concept)))
        for table in layout.tables
        for column, each in zip(table.columns, helps[table.id], strict=True)
        if each.note or each.concept
    }
