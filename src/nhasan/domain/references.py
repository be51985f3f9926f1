"""What a rule may read: a cell of this form, of another form, or of another time or unit.

    reference = [form "!"] place ["@" source]
    place     = column | table "/" row "/" column | table "/*/" column | (nothing)
    source    = "previous" | "last_year" | "below" | "sent" | "owed"

`[so_ho]` is a column of the same row; `[dt/tong/so_ho]` one cell; `[dt/*/so_ho]` every row that
people fill, inside `sum`, `min`, `max` or `coalesce`. `@previous` is the approved report of the
period before, `@last_year` that of the same period a year ago. `[F!dt/tong/so_ho]` is what the
same unit sent in form F for the same period; `[F!dt/tong/so_ho@below]` the sum of what the units
below sent in it, `[F!@sent]` how many of them did and `[F!@owed]` how many were asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache

from nhasan.domain.forms import Layout, cell_id
from nhasan.domain.formulas import ColumnValue, Operation, Tree, columns
from nhasan.domain.outliers import Usual

PREVIOUS, LAST_YEAR, BELOW, SENT, OWED = "previous", "last_year", "below", "sent", "owed"
SOURCES = frozenset({"", PREVIOUS, LAST_YEAR, BELOW, SENT, OWED})
EVERY_ROW = "*"
_COUNTS = frozenset({SENT, OWED})
_OF_MANY = frozenset({"sum", "min", "max", "coalesce"})
_SHAPE = re.compile(r"(?:(?P<form>[^!@/]+)!)?(?P<place>[^!@]*)(?:@(?P<source>[a-z_]+))?")


@dataclass(frozen=True, slots=True)
class Reference:
    """One name in square brackets, taken apart. Without a `table` it means the row at hand."""

    text: str
    form: str = ""
    table: str = ""
    row: str = ""
    column: str = ""
    source: str = ""

    @property
    def key(self) -> str:
        """Return under which name its figures come from outside; nothing for the form itself."""
        return f"{self.form}@{self.source}" if self.form or self.source else ""

    @property
    def counts(self) -> bool:
        """Tell whether it asks how many units reported, and not for a figure."""
        return self.source in _COUNTS

    def cell(self, table: str = "", row: str = "") -> str:
        """Return the address of the cell, seen from a row."""
        if self.counts:
            return ""
        return cell_id(self.table or table, self.row or row, self.column)


@lru_cache(maxsize=8192)
def reference(text: str) -> Reference | None:
    """Return what a name in brackets means; nothing when it cannot be read."""
    found = _SHAPE.fullmatch(text)
    if found is None:
        return None
    form, source = found["form"] or "", found["source"] or ""
    parts = found["place"].split("/")
    if source not in SOURCES or len(parts) not in (1, 3):
        return None
    if source in _COUNTS:
        return Reference(text, form, source=source) if form and parts == [""] else None
    if not all(parts) or (source == BELOW and not form):
        return None
    table, row, column = parts if len(parts) == 3 else ("", "", parts[0])
    return Reference(text, form, table, row, column, source)


def references(tree: Tree) -> Iterator[Reference]:
    """Yield what a tree reads, as far as it can be read."""
    return (found for name in columns(tree) if (found := reference(name)) is not None)


def spread(tree: Tree, layout: Layout) -> Tree:
    """Return the tree with every row in place of `*`, where a function takes many numbers."""
    if not isinstance(tree, Operation):
        return tree
    operands: list[Tree] = []
    for operand in tree.operands:
        many = _every_row(operand, layout) if tree.name in _OF_MANY else None
        operands += [spread(operand, layout)] if many is None else many
    return Operation(tree.name, tuple(operands))


def _every_row(operand: Tree, layout: Layout) -> list[Tree] | None:
    found = reference(operand.column) if isinstance(operand, ColumnValue) else None
    if found is None or found.row != EVERY_ROW or found.form:
        return None
    table = layout.table(found.table)
    source = f"@{found.source}" if found.source else ""
    return [
        ColumnValue(cell_id(found.table, row.id, found.column) + source)
        for row in (table.rows if table else ()) if not row.heading and not row.computed
    ]


@dataclass(frozen=True, slots=True)
class Outside:
    """Figures that a form is compared with and that are not in it.

    `figures`: key of a reference → cell → value. `own` and `peers`: cell → what is usual there
    for this unit, and for the units that fill the same form. `whose` names those units.
    `past`: cell → the unit's own values in `periods`, the newest first.
    """

    figures: Mapping[str, Mapping[str, Decimal]] = field(default_factory=dict)
    own: Mapping[str, Usual] = field(default_factory=dict)
    peers: Mapping[str, Usual] = field(default_factory=dict)
    whose: str = ""
    periods: tuple[str, ...] = ()
    past: Mapping[str, Sequence[Decimal | None]] = field(default_factory=dict)

    def figure(self, found: Reference, table: str = "", row: str = "") -> Decimal | None:
        """Return the figure that a reference asks for, or nothing."""
        return self.figures.get(found.key, {}).get(found.cell(table, row))

    def as_json(self, read: Iterable[tuple[str, str]]) -> dict[str, object]:
        """Return it as the page receives it: of the figures, only those that a rule reads."""
        figures: dict[str, dict[str, str]] = {}
        for key, cell in read:
            value = self.figures.get(key, {}).get(cell)
            if value is not None:
                figures.setdefault(key, {})[cell] = str(value)
        return {
            "figures": figures, "whose": self.whose,
            "own": {cell: usual.as_json() for cell, usual in self.own.items()},
            "peers": {cell: usual.as_json() for cell, usual in self.peers.items()},
            "periods": list(self.periods),
            "past": {
                cell: [None if value is None else str(value) for value in values]
                for cell, values in self.past.items()
            },
        }


NOTHING = Outside()
