"""What is looked at before a form is published: its formulas, sums and rules hold together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from nhasan.domain.forms import Layout, Rule, Table
from nhasan.domain.formulas import (
    ColumnValue,
    Operation,
    Tree,
    columns,
    parse_condition,
    parse_number,
)
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.references import EVERY_ROW, Reference, reference, references
from nhasan.domain.rules import BRACED
from nhasan.domain.totals import derived_columns, sum_rows
from nhasan.domain.units import unit_of
from nhasan.domain.validation import Severity

_OF_MANY = frozenset({"sum", "min", "max", "coalesce"})


def verify(layout: Layout, others: Mapping[str, Layout] | None = None) -> None:
    """Refuse a form whose formulas, sums or rules do not hold together.

    `others` are the forms that its rules name, by their id.
    """
    for table in layout.tables:
        for derived in derived_columns(table):
            _look_at_units(derived.column.full_label, derived.tree, layout, table, {})
        sum_rows(table)
        rows = {row.id for row in table.rows}
        for row in table.rows:
            _refuse(row.label, set(row.sum) - rows - {"*"} if not table.grows else set())
    named = Counter((rule.id, rule.each) for rule in layout.rules)
    for rule in layout.rules:
        if named[rule.id, rule.each] > 1 or (rule.each and named[rule.id, ""]):
            raise Invalid(reason=phrase("có hai quy tắc cùng mã “{rule}”").format(rule=rule.id))
        _look_at_rule(rule, layout, others or {})


def forms_read(layout: Layout) -> set[str]:
    """Return the ids of the other forms that the rules of a form read."""
    found = set()
    for rule in layout.rules:
        for tree in _trees(rule):
            found |= {each.form for each in references(tree) if each.form}
        found |= {each.form for name in _plain_facts(rule)
                  if (each := reference(name)) is not None and each.form}
    return found


def _trees(rule: Rule) -> Iterator[Tree]:
    """Yield the test of a rule and the small computations of its sentence."""
    yield parse_condition(rule.test)
    for fact in BRACED.findall(rule.message):
        if "[" in fact:
            yield parse_number(fact)


def _plain_facts(rule: Rule) -> list[str]:
    return [fact for fact in BRACED.findall(rule.message) if "[" not in fact]


def _look_at_rule(rule: Rule, layout: Layout, others: Mapping[str, Layout]) -> None:
    if rule.severity not in tuple(Severity):
        raise Invalid(reason=phrase("quy tắc “{rule}” có mức “{level}” lạ").format(
            rule=rule.id, level=rule.severity))
    table = layout.table(rule.each) if rule.each else None
    if rule.each and table is None:
        _refuse(rule.id, {rule.each})
    _refuse(rule.id, _unknown_place(rule, layout, table))
    trees = list(_trees(rule))
    unknown = {name for tree in trees for name in columns(tree)} | set(_plain_facts(rule))
    _refuse(rule.id, {name for name in unknown if not _is_known(name, layout, table, others)})
    for tree in trees:
        _refuse_loose_stars(rule.id, tree, among_many=False)
        _look_at_units(rule.id, tree, layout, table, others)


def _unknown_place(rule: Rule, layout: Layout, table: Table | None) -> set[str]:
    """Return where a rule wants to be told, if there is no such place."""
    if table is not None:
        wanted = {rule.column} - {"", *(column.id for column in table.columns)}
        return wanted | ({rule.cell} - {""})
    told = reference(rule.cell) if rule.cell else None
    wrong = rule.cell and (told is None or told.key or not _has(layout, told, None))
    return ({rule.cell} if wrong else set()) | ({rule.column} - {""})


def _refuse(name: str, missing: set[str]) -> None:
    if missing:
        raise Invalid(reason=phrase("“{name}” nhắc đến phần không có: {missing}").format(
            name=name, missing=", ".join(sorted(missing))))


def _refuse_loose_stars(name: str, tree: Tree, *, among_many: bool) -> None:
    if isinstance(tree, ColumnValue):
        found = reference(tree.column)
        if found is not None and found.row == EVERY_ROW and (found.form or not among_many):
            raise Invalid(reason=phrase(
                "quy tắc “{rule}”: “*” chỉ đứng trong sum, min, max hoặc coalesce, và chỉ với "
                "dòng của chính biểu này").format(rule=name))
    elif isinstance(tree, Operation):
        for operand in tree.operands:
            _refuse_loose_stars(name, operand, among_many=tree.name in _OF_MANY)


def _is_known(name: str, layout: Layout, table: Table | None,
              others: Mapping[str, Layout]) -> bool:
    found = reference(name)
    if found is None:
        return False
    if not found.form:
        return _has(layout, found, table)
    other = others.get(found.form)
    if other is None:
        return False
    if found.counts or found.table:
        return found.counts or _has(other, found, None)
    return table is not None and _has(other, found, other.table(table.id))


def _has(layout: Layout, found: Reference, table: Table | None) -> bool:
    """Tell whether a form has the cell; a table that grows may have any row."""
    named = layout.table(found.table) if found.table else table
    if named is None or named.column(found.column) is None:
        return False
    anywhere = not found.row or found.row == EVERY_ROW or named.grows
    return anywhere or named.row(found.row) is not None


def _look_at_units(name: str, tree: Tree, layout: Layout, table: Table | None,
                   others: Mapping[str, Layout]) -> None:
    def unit(column: str) -> str:
        found = reference(column)
        if found is None or found.counts:
            return ""
        form = others.get(found.form, layout) if found.form else layout
        named = form.table(found.table or (table.id if table else ""))
        asked = named.column(found.column) if named else None
        return (asked.unit or (named.unit if named else "")) if asked else ""

    try:
        unit_of(tree, unit)
    except Invalid as unlike:
        raise Invalid(reason=phrase("“{name}” lẫn đơn vị tính: {why}").format(
            name=name, why=unlike.facts["reason"])) from unlike
