"""The rules of a form: what must hold between its cells, and between them and the world outside.

A rule that reads something missing says nothing. `checking` asks them; `verification` looks at
them before a form is published.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from nhasan.domain.forms import Column, Kind, Layout, Row, Rule, Table, cell_id
from nhasan.domain.formulas import (
    CONTEXT,
    BadFormula,
    Evaluator,
    evaluator,
    parse_condition,
    parse_number,
)
from nhasan.domain.numbers import display, notation
from nhasan.domain.problems import phrase
from nhasan.domain.references import Outside, Reference, reference, references, spread
from nhasan.domain.totals import Line
from nhasan.domain.validation import Finding, Severity

NOT_FILLED = phrase("chưa nhập")
BRACED = re.compile(r"\{([^{}]+)\}")
_TWO_DECIMALS = Decimal("0.01")

Find = Callable[[Reference], Decimal | None]


@dataclass(frozen=True, slots=True)
class Bound:
    """A rule made ready for one layout: what it reads, and what only its sentence names."""

    rule: Rule
    holds: Evaluator
    reads: tuple[Reference, ...]
    named: tuple[Reference, ...]

    @property
    def of_row_alone(self) -> bool:
        """Tell whether it reads nothing but columns of the row at hand."""
        return all(not found.key and not found.table for found in self.reads)


def bound_rules(layout: Layout) -> list[Bound]:
    """Return the rules of a layout, ready to be asked."""
    found = []
    for rule in layout.rules:
        tree = spread(parse_condition(rule.test), layout)
        found.append(Bound(
            rule, evaluator(tree), tuple(references(tree)), tuple(_named(rule, layout))))
    return found


def _named(rule: Rule, layout: Layout) -> Iterator[Reference]:
    for name in BRACED.findall(rule.message):
        if "[" in name:
            yield from references(spread(parse_number(name), layout))
        elif (found := reference(name)) is not None:
            yield found


def outside_reads(layout: Layout) -> Iterator[tuple[str, str]]:
    """Yield what the rules read from outside: the key, and the cell as it is called there."""
    for bound in bound_rules(layout):
        asked = [found for found in (*bound.reads, *bound.named) if found.key]
        tables = [layout.table(bound.rule.each)] if bound.rule.each else [None]
        for found in asked:
            for table in tables:
                for row in _rows(table):
                    yield found.key, found.cell(table.id if table else "", row)


def _rows(table: Table | None) -> list[str]:
    if table is None:
        return [""]
    return [row.id for row in table.rows if not row.heading and not row.computed]


class Judge:
    """Asks the rules of one filled form."""

    def __init__(self, layout: Layout, outside: Outside) -> None:
        """Make the rules of the layout ready."""
        self._layout = layout
        self._outside = outside
        self._rules = bound_rules(layout)
        self._held: dict[str, Decimal | None] = {}
        self._needs_cells = any(
            found.table and not found.key
            for bound in self._rules for found in (*bound.reads, *bound.named))

    def hear(self, lines: Sequence[Line], computed: Mapping[str, Decimal | None]) -> None:
        """Take in the figures of a table, for rules that name single cells."""
        if self._needs_cells:
            for line in lines:
                self._held.update(
                    (line.head + column, value) for column, value in line.values.items())
            self._held.update(computed)

    def of_rows(self, table: Table, lines: Sequence[Line]) -> Iterator[Finding]:
        """Yield what the rules of the rows of a table find broken."""
        rules = [bound for bound in self._rules if bound.rule.each == table.id]
        for line in lines if rules else ():
            if any(entry.text.strip() for _, entry in line.typed):
                yield from self._of_row(table, line, rules)

    def _of_row(self, table: Table, line: Line, rules: Sequence[Bound]) -> Iterator[Finding]:
        def find(wanted: Reference) -> Decimal | None:
            if wanted.key:
                return self._outside.figure(wanted, table.id, line.row.id)
            if wanted.table:
                return self._held.get(wanted.cell())
            return line.values.get(wanted.column)

        for bound in rules:
            values = line.values if bound.of_row_alone else _values(bound, find)
            if bound.holds(values) is False:
                column = _column_of(table, bound)
                yield Finding(
                    bound.rule.id, Severity(bound.rule.severity),
                    self._told(bound.rule, find, table),
                    cell_id(table.id, line.row.id, column.id), place(line.row, column))

    def of_form(self) -> Iterator[Finding]:
        """Yield what the rules of the whole form find broken, once every table was heard."""
        for bound in self._rules:
            if bound.rule.each or not self._begun(bound):
                continue
            if bound.holds(_values(bound, self._find)) is False:
                cell = bound.rule.cell or self._first_cell(bound)
                yield Finding(
                    bound.rule.id, Severity(bound.rule.severity),
                    self._told(bound.rule, self._find, None), cell, place_of(self._layout, cell))

    def _find(self, wanted: Reference) -> Decimal | None:
        return self._outside.figure(wanted) if wanted.key else self._held.get(wanted.cell())

    def _begun(self, bound: Bound) -> bool:
        """Tell whether anything of the form that a rule reads is there."""
        own = [found for found in bound.reads if not found.key]
        return not own or any(self._held.get(found.cell()) is not None for found in own)

    def _first_cell(self, bound: Bound) -> str:
        own = [found.cell() for found in bound.reads if not found.key]
        typed = (cell for cell in own if not _is_computed(self._layout, cell))
        return next(typed, own[0] if own else "")

    def _told(self, rule: Rule, find: Find, table: Table | None) -> str:
        def fact(match: re.Match[str]) -> str:
            words = self._fact(match[1], find, table)
            return match[0] if words is None else words or NOT_FILLED

        return BRACED.sub(fact, rule.message)

    def _fact(self, name: str, find: Find, table: Table | None) -> str | None:
        """Return a number of a sentence as people write it, "" when it is not there."""
        if "[" in name:
            return self._reckoned(name, find)
        wanted = reference(name)
        if wanted is None:
            return None
        kind = kind_of(self._layout, wanted, table)
        value = find(wanted)
        if value is None:
            return ""
        return notation(value) if kind is None else display(value, kind)

    def _reckoned(self, formula: str, find: Find) -> str | None:
        try:
            tree = spread(parse_number(formula), self._layout)
        except BadFormula:
            return None
        names = {found.text: find(found) for found in references(tree)}
        value = evaluator(tree)(names)
        if not isinstance(value, Decimal):
            return ""
        if value == value.to_integral_value():
            return notation(value)
        return notation(value.quantize(_TWO_DECIMALS, rounding="ROUND_HALF_UP", context=CONTEXT))


def _values(bound: Bound, find: Find) -> dict[str, Decimal | None]:
    return {found.text: find(found) for found in bound.reads}


def _column_of(table: Table, bound: Bound) -> Column:
    """Return where a rule of rows is told: at its own column, or at the first one typed."""
    by_id = {column.id: column for column in table.columns}
    if bound.rule.column in by_id:
        return by_id[bound.rule.column]
    used = [by_id[found.column] for found in bound.reads
            if not found.table and not found.form and found.column in by_id]
    typed = [column for column in used if not column.computed]
    return (typed or used or list(table.columns))[0]


def kind_of(layout: Layout, wanted: Reference, table: Table | None) -> Kind | None:
    """Return how the figure of a reference is written, as far as this form knows it."""
    if wanted.counts:
        return None
    named = layout.table(wanted.table) if wanted.table and not wanted.form else table
    column = named.column(wanted.column) if named is not None else None
    return column.kind if column is not None else None


def place(row: Row, column: Column) -> str:
    """Return the words that tell people where a cell is."""
    return f"{row.label}, {column.full_label}"


def place_of(layout: Layout, cell: str) -> str:
    """Return the words for the address of a cell; nothing when the form has no such cell."""
    found = _found(layout, cell)
    return place(*found[1:]) if found else ""


def _is_computed(layout: Layout, cell: str) -> bool:
    found = _found(layout, cell)
    return found is not None and found[0].cell_computed(found[1], found[2])


def _found(layout: Layout, cell: str) -> tuple[Table, Row, Column] | None:
    table_id, _, rest = cell.partition("/")
    row_id, _, column_id = rest.partition("/")
    table = layout.table(table_id)
    row = table.row(row_id) if table else None
    column = table.column(column_id) if table else None
    return (table, row, column) if table and row and column else None


def rules_within(part: Layout, whole: Layout) -> Layout:
    """Return a part of a form with those of its rules that read nothing beyond the part."""
    inside = {
        cell_id(table.id, row.id, column.id)
        for table in part.tables for row in table.rows for column in table.columns
    }
    tables = {table.id for table in part.tables}
    kept = tuple(
        bound.rule for bound in bound_rules(whole)
        if (not bound.rule.each or bound.rule.each in tables)
        and all(found.cell() in inside for found in (*bound.reads, *bound.named)
                if not found.key and found.table)
    )
    return replace(part, rules=kept)
