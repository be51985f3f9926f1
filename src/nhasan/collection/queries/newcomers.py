"""Who has filled in the indicators that an amended set brought, of those asked for them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from nhasan.collection.models import Assignment, DraftRow, FormVersion
from nhasan.collection.queries.drafts import definition_of, forms_bound_to
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.forms import INDICATOR_DIMENSION, Expansion


@dataclass(frozen=True, slots=True)
class Places:
    """Where a form asks for indicators: the columns of each table, and its named lines."""

    columns: Mapping[str, frozenset[str]] = field(default_factory=dict)
    rows: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def holds(self, table: str, row: str, column: str) -> bool:
        """Tell whether a cell is one of them."""
        return column in self.columns.get(table, ()) or row in self.rows.get(table, ())


@dataclass(frozen=True, slots=True)
class Filling:
    """One report that asks for new indicators, and how many of their cells are filled."""

    report: Assignment
    filled: int


def places(version: FormVersion, refs: Collection[str]) -> Places:
    """Return where a form version asks for the indicators."""
    columns: dict[str, frozenset[str]] = {}
    rows: dict[str, frozenset[str]] = {}
    for table in definition_of(version).layout(Expansion()).tables:
        columns[table.id] = frozenset(
            column.id for column in table.columns
            if {**table.bind, **column.bind}.get(INDICATOR_DIMENSION) in refs)
        rows[table.id] = frozenset(
            row.id for row in table.rows if row.bind.get(INDICATOR_DIMENSION) in refs)
    return Places(columns, rows)


def fillings(actor: Actor, refs: Collection[str]) -> Sequence[Filling]:
    """Return the reports received that ask for any of the indicators, the emptiest first.

    Rounds of forms that ask for them count, opened by an obligation or by hand; what was taken
    back does not.
    """
    asking = {version.pk: places(version, refs) for version in forms_bound_to(refs)}
    rows = list(
        Assignment.objects.within(actor.may(Permission.READ), by="receiver")
        .filter(round__form_version__in=asking).exclude(state="taken_back")
        .select_related("round", "unit").order_by("round__due", "unit__path")
    )
    by_report = {row.pk: asking[row.round.form_version_id] for row in rows}
    counts = dict.fromkeys(by_report, 0)
    saved = DraftRow.objects.within(EVERYTHING).filter(  # of reports found within authority
        assignment__round__in={row.round_id for row in rows})
    for report, table, line, cells in saved.values_list(
            "assignment", "table", "row", "cells").iterator(chunk_size=2000):
        if report in counts:
            counts[report] += sum(
                bool(cell[0]) for column, cell in cells.items()
                if by_report[report].holds(table, line, column))
    return sorted((Filling(row, counts[row.pk]) for row in rows), key=lambda each: each.filled)
