"""A report beside the one before it: what a reviewer looks at first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from nhasan.domain.forms import Column, Expansion, FormDefinition, Row, Table, cell_id

PERCENT = "%"
FEW_UNITS = Decimal(10)
_HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Measure:
    """A column whose total stands for the report in a list of reports.

    `total_row` is the row that adds everything up; without one the rows are added here,
    all but those in `sums`.
    """

    table: str
    column: str
    label: str
    unit: str
    decimals: int
    total_row: str = ""
    sums: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        """Return `table/column`, as an address carries it."""
        return f"{self.table}/{self.column}"


def measures(definition: FormDefinition) -> tuple[Measure, ...]:
    """Return the columns of a form that have a total, in the order of the form."""
    tables = definition.layout(Expansion()).tables
    many = len(tables) > 1
    return tuple(
        _measure(table, column, total, many)
        for table in tables
        for total in [total_row(table.rows)]
        for column in table.columns
        if column.kind.numeric and (total or _adds_up(table, column))
    )


def _measure(table: Table, column: Column, total: str, many: bool) -> Measure:
    label = f"{table.title}: {column.full_label}" if many else column.full_label
    return Measure(
        table.id, column.id, label, column.unit or table.unit, column.kind.decimals, total,
        frozenset(row.id for row in table.rows if row.computed),
    )


def _adds_up(table: Table, column: Column) -> bool:
    """Tell whether the rows of a column may be added though the form has no total row.

    The only row of a table is its own total, rates and all.
    """
    plain = [row for row in table.rows if not row.computed and not row.heading]
    lone = len(plain) == 1 and len(table.rows) == 1
    return lone or (not column.computed and (column.unit or table.unit) != PERCENT)


def total_row(rows: Sequence[Row]) -> str:
    """Return the id of the row that adds up every other, or "" when there is none."""
    known = {row.id: row for row in rows}
    plain = {row.id for row in rows if not row.computed and not row.heading}
    for row in rows:
        if row.computed and (row.sum == ("*",) or _leaves(row, known, ()) >= plain):
            return row.id
    return ""


def _leaves(row: Row, known: Mapping[str, Row], above: tuple[str, ...]) -> set[str]:
    if not row.computed:
        return {row.id}
    found: set[str] = set()
    for part in row.sum:
        if part in known and part not in above:
            found |= _leaves(known[part], known, (*above, row.id))
    return found


def total(figures: Mapping[str, Decimal], measure: Measure) -> Decimal | None:
    """Return the total of a measure in the figures of a report; nothing was reported: none."""
    if measure.total_row:
        return figures.get(cell_id(measure.table, measure.total_row, measure.column))
    parts = [
        value for cell, value in figures.items()
        if _belongs(cell.split("/"), measure)
    ]
    return sum(parts, Decimal(0)) if parts else None


def _belongs(parts: Sequence[str], measure: Measure) -> bool:
    table, row, column = parts
    return table == measure.table and column == measure.column and row not in measure.sums


@dataclass(frozen=True, slots=True)
class Change:
    """A number, what it was in the period before, and how far it moved."""

    now: Decimal | None
    before: Decimal | None

    @property
    def difference(self) -> Decimal | None:
        """Return how much it moved; none when either is missing."""
        if self.now is None or self.before is None:
            return None
        return self.now - self.before

    @property
    def share(self) -> Decimal | None:
        """Return how much it moved in per cent of what it was; none from zero."""
        moved = self.difference
        if moved is None or not self.before:
            return None
        return moved / abs(self.before) * _HUNDRED


def widest(changes: Mapping[Measure, Change]) -> tuple[Measure, Change] | None:
    """Return the measure whose total moved furthest in per cent, or none when all stayed.

    A few units more or less are no move, however many per cent of a small number they are;
    and a rate says again what its parts have said.
    """
    moved: list[tuple[Measure, Change]] = [
        (measure, change) for measure, change in changes.items()
        if measure.unit != PERCENT and abs(change.difference or Decimal(0)) > FEW_UNITS
    ]
    return max(moved, key=lambda each: _moved(each[1])) if moved else None


def _moved(change: Change | None) -> Decimal:
    if change is None:
        return Decimal(0)
    if change.share is None:  # out of nothing: moved by all of itself
        return _HUNDRED if change.difference else Decimal(0)
    return abs(change.share)


def strangeness(unexplained: int, explained: int, change: Change | None) -> tuple[Decimal, ...]:
    """Return the key by which the strangest report comes first when sorted downwards.

    What has something unexplained, then how far its most moved total went, then how much
    there is to read.
    """
    spoken = Decimal(unexplained), Decimal(explained)
    return Decimal(unexplained > 0), _moved(change), *spoken
