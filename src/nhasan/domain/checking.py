"""What a filled form adds up to, and what is wrong or strange in it.

`compute` fills the cells that the machine owns; `check` looks at what people typed. Both walk
each table once: a workbook of 100,000 cells is a matter of a second.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from itertools import groupby

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.forms import Check, Column, Layout, Row, Table, cell_id
from nhasan.domain.formulas import CONTEXT, Tree, columns, evaluate, parse_condition, parse_number
from nhasan.domain.numbers import display, notation, read_text, rounded, whole_kind
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.validation import Finding, Severity

# A figure is unusual when it moved by more than half and by more than twenty units.
UNUSUAL_SHARE = Decimal("0.5")
UNUSUAL_UNITS = Decimal(20)
# So many empty cells of one table are named one by one; beyond that the table is named.
MOST_BLANK_CELLS = 20
_BRACED = re.compile(r"\{([^{}]+)\}")
_FRACTIONS = frozenset({"fraction", "ask-integer"})

DIFFERS = phrase("Ô ghi {stated}, phép cộng cho {computed}. Hãy xem lại các số thành phần.")
NO_PARTS = phrase("Ô ghi {stated} nhưng các số thành phần chưa có hoặc chưa đọc được.")
UNUSUAL = phrase(
    "{current} khác thường so với kỳ trước ({previous}). Nếu đúng, viết một câu lý do.")
LOST = phrase(
    "Cột này nhận số nguyên mà có {count} ô mang phần lẻ, ví dụ “{example}”. Có thể dấu ngăn "
    "cách hàng nghìn đã bị mất khi chuyển tệp. Hãy xem lại cả cột, kể cả ô không báo lỗi.")
BLANK = phrase("Ô còn trống. Nhập số (không có thì nhập 0), hoặc “...” nếu chưa thu thập được.")
BLANKS = phrase(
    "Bảng còn {count} ô trống. Nhập số (không có thì nhập 0), hoặc “...” nếu chưa thu thập được.")
NO_ROWS = phrase("Bảng chưa có dòng nào. Hãy thêm dòng, hoặc giải thích vì sao không có.")


def place(row: Row, column: Column) -> str:
    """Return the words that tell people where a cell is."""
    return f"{row.label}, {column.full_label}"


def reason_key(finding: Finding) -> str:
    """Return the key under which the answers keep the explanation of a warning."""
    return f"{finding.code}|{finding.cell}"


def stopping(findings: Iterable[Finding], answers: Answers) -> tuple[Finding, ...]:
    """Return what must be mended or explained before the form can be submitted."""
    return tuple(
        finding for finding in findings
        if finding.severity is Severity.ERROR
        or (finding.severity is Severity.WARNING
            and not answers.reasons.get(reason_key(finding), "").strip())
    )


def compute(layout: Layout, answers: Answers) -> dict[str, Decimal | None]:
    """Return the value of every computed cell; missing where nothing was reported."""
    found: dict[str, Decimal | None] = {}
    for table in layout.tables:
        found.update(_computed(table, _typed(table, answers)))
    return found


def verify(layout: Layout) -> None:
    """Refuse a form whose formulas, sums or checks do not hold together."""
    for table in layout.tables:
        _derived(table)
        _sum_rows(table)
        rows = {row.id for row in table.rows}
        known = {column.id for column in table.columns}
        for row in table.rows:
            _refuse_unknown(table, row.label, set(row.sum) - rows - {"*"})
        for rule in table.checks:
            named = {*columns(parse_condition(rule.test)), *_BRACED.findall(rule.message)}
            _refuse_unknown(table, rule.id, ({*named, rule.column} - {""}) - known)
            if rule.severity not in tuple(Severity):
                raise Invalid(reason=phrase("quy tắc “{rule}” có mức “{level}” lạ").format(
                    rule=rule.id, level=rule.severity))


def _refuse_unknown(table: Table, name: str, missing: set[str]) -> None:
    if missing:
        raise Invalid(reason=phrase(
            "bảng “{table}”, “{name}” nhắc đến phần không có: {missing}").format(
                table=table.id, name=name, missing=", ".join(sorted(missing))))


def check(
    layout: Layout, answers: Answers, previous: Mapping[str, Decimal] | None = None,
) -> tuple[Finding, ...]:
    """Return what is wrong or strange in what was typed; empty cells are left in peace."""
    found: list[Finding] = []
    for table in layout.tables:
        typed = _typed(table, answers)
        values = {**typed, **_computed(table, typed)}
        unread = list(_unread(table, answers))
        found += _lost_thousands(table, unread)
        found += [finding for _, _, finding in unread]
        found += _broken_rules(table, answers, values)
        found += _unusual(table, typed, previous or {})
    return tuple(found)


def check_complete(
    layout: Layout, answers: Answers, previous: Mapping[str, Decimal] | None = None,
) -> tuple[Finding, ...]:
    """Return what `check` finds and every number or choice that is still empty."""
    blanks = [finding for table in layout.tables for finding in _blanks(table, answers)]
    return (*check(layout, answers, previous), *blanks)


def check_stated(
    layout: Layout, answers: Answers, stated: Mapping[str, Decimal],
) -> tuple[Finding, ...]:
    """Compare the totals that the sender states with what the parts add up to."""
    computed = compute(layout, answers)
    found: list[Finding] = []
    for table in layout.tables:
        for row, column in _machine_cells(table):
            cell = cell_id(table.id, row.id, column.id)
            if cell in stated and column.kind.numeric:
                found += _differs(cell, row, column, stated[cell], computed.get(cell))
    return tuple(found)


def _differs(
    cell: str, row: Row, column: Column, stated: Decimal, computed: Decimal | None,
) -> Iterator[Finding]:
    said = notation(stated)
    if computed is None:
        message = NO_PARTS.format(stated=said)
    elif rounded(stated, column.kind) != computed or _finer(stated, column):
        message = DIFFERS.format(stated=said, computed=display(computed, column.kind))
    else:
        return
    yield Finding("total-differs", Severity.ERROR, message, cell, place(row, column))


def _finer(stated: Decimal, column: Column) -> bool:
    """Tell whether a stated count has decimals: 392.228 people are not 392 people."""
    return whole_kind(column.kind) and stated != stated.to_integral_value()


def _machine_cells(table: Table) -> Iterator[tuple[Row, Column]]:
    for row in table.rows:
        if not row.heading:
            for column in table.columns:
                if table.cell_computed(row, column):
                    yield row, column


def _typed(table: Table, answers: Answers) -> dict[str, Decimal | None]:
    """Return the reported value of each cell people fill, by cell."""
    found: dict[str, Decimal | None] = {}
    for row, column in table.cells():
        cell = cell_id(table.id, row.id, column.id)
        entry = answers.cells.get(cell)
        if entry is not None and entry.figure is not None:
            found[cell] = entry.figure.value
    return found


@dataclass(frozen=True, slots=True)
class _Derived:
    column: Column
    tree: Tree


def _derived(table: Table) -> list[_Derived]:
    """Return the computed columns in an order in which each finds its operands ready."""
    known = {column.id for column in table.columns}
    waiting = {
        column.id: _Derived(column, parse_number(column.formula))
        for column in table.columns if column.formula is not None
    }
    needs: dict[str, set[str]] = {}
    for name, derived in waiting.items():
        used = set(columns(derived.tree))
        if used - known:
            raise Invalid(reason=phrase("cột “{column}” tính từ cột không có: {missing}").format(
                column=name, missing=", ".join(sorted(used - known))))
        needs[name] = used & waiting.keys()
    return [waiting[name] for name in _ordered(needs, table.id)]


def _ordered(needs: Mapping[str, set[str]], table: str) -> list[str]:
    """Return the names so that each comes after what it needs; refuse a circle."""
    done: dict[str, None] = {}
    while len(done) < len(needs):
        ready = [name for name in needs if name not in done and needs[name] <= done.keys()]
        if not ready:
            circle = ", ".join(name for name in needs if name not in done)
            raise Invalid(reason=phrase(
                "bảng “{table}” có các phép tính vòng tròn: {circle}").format(
                    table=table, circle=circle))
        done.update(dict.fromkeys(ready))
    return list(done)


def _sum_rows(table: Table) -> list[Row]:
    """Return the computed rows, subtotals before the totals that use them."""
    rows = {row.id: row for row in table.rows if row.computed}
    order = _ordered({name: set(row.sum) & rows.keys() for name, row in rows.items()}, table.id)
    return [rows[name] for name in order]


def _computed(
    table: Table, typed: Mapping[str, Decimal | None],
) -> dict[str, Decimal | None]:
    derived = _derived(table)
    plain = [column for column in table.columns if not column.computed]
    found: dict[str, Decimal | None] = {}
    by_row: dict[str, dict[str, Decimal | None]] = {}
    sums = _sum_rows(table)
    for row in (*(row for row in table.rows if not row.computed and not row.heading), *sums):
        prefix = f"{table.id}/{row.id}/"
        if row.computed:
            parts = [by_row[name] for name in row.sum if name in by_row]
            values = {column.id: _added(column, parts) for column in plain}
            found.update({prefix + name: value for name, value in values.items()})
        else:
            values = {column.id: typed.get(prefix + column.id) for column in plain}
        for item in derived:
            value = evaluate(item.tree, values)
            assert not isinstance(value, bool)  # noqa: S101 - parse_number saw to it
            values[item.column.id] = None if value is None else rounded(value, item.column.kind)
            found[prefix + item.column.id] = values[item.column.id]
        by_row[row.id] = values
    return found


def _added(column: Column, parts: Iterable[Mapping[str, Decimal | None]]) -> Decimal | None:
    """Return the sum of what was reported; choices and texts do not add up."""
    if not column.kind.numeric:
        return None
    total: Decimal | None = None
    for values in parts:
        value = values[column.id]
        if value is not None:
            total = value if total is None else CONTEXT.add(total, value)
    return total


def _unread(table: Table, answers: Answers) -> Iterator[tuple[Column, Entry, Finding]]:
    """Read again what has no figure, and what was read with a doubt."""
    read = cache(read_text)
    for row, column in table.cells():
        cell = cell_id(table.id, row.id, column.id)
        entry = answers.cells.get(cell)
        if entry is None or not _doubtful(entry, column):
            continue
        finding = read(entry.text, column.kind, column.unit).finding
        if finding is not None and finding.severity is not Severity.NOTE:
            yield column, entry, replace(finding, cell=cell, where=place(row, column))


def _doubtful(entry: Entry, column: Column) -> bool:
    if column.kind.name == "text":
        return False
    return entry.figure is None or (column.kind.decimals >= 3 and "," in entry.text)


def _lost_thousands(
    table: Table, unread: Iterable[tuple[Column, Entry, Finding]],
) -> Iterator[Finding]:
    """Name each column of whole numbers in which several cells carry a fraction."""
    odd = [item for item in unread if whole_kind(item[0].kind) and item[2].code in _FRACTIONS]
    odd.sort(key=lambda item: item[0].id)
    for _, group in groupby(odd, key=lambda item: item[0].id):
        items = list(group)
        if len(items) > 1:
            column, entry, finding = items[0]
            message = LOST.format(count=len(items), example=entry.text.strip())
            where = ", ".join(part for part in (table.title, column.full_label) if part)
            yield Finding("thousands-lost", Severity.ERROR, message, finding.cell, where)


def _broken_rules(
    table: Table, answers: Answers, values: Mapping[str, Decimal | None],
) -> Iterator[Finding]:
    if not table.checks:
        return
    rules = [(check, parse_condition(check.test)) for check in table.checks]
    for row in table.rows:
        if row.heading or row.computed or not _filled(table, row, answers):
            continue
        prefix = f"{table.id}/{row.id}/"
        of_row = {column.id: values.get(prefix + column.id) for column in table.columns}
        for rule, tree in rules:
            if evaluate(tree, of_row) is False:
                yield _rule_finding(table, row, rule, tree, of_row)


def _filled(table: Table, row: Row, answers: Answers) -> bool:
    entries = (
        answers.cells.get(cell_id(table.id, row.id, column.id)) for column in table.columns)
    return any(entry is not None and entry.text.strip() for entry in entries)


def _rule_finding(
    table: Table, row: Row, rule: Check, tree: Tree, values: Mapping[str, Decimal | None],
) -> Finding:
    """Return the finding of a broken rule, at the rule's column or the first one typed."""
    by_id = {column.id: column for column in table.columns}
    used = [by_id[name] for name in columns(tree) if name in by_id]
    typed = [column for column in used if not column.computed]
    column = by_id.get(rule.column) or (typed or used or list(table.columns))[0]

    def number(match: re.Match[str]) -> str:
        named = by_id.get(match[1])
        return display(values.get(named.id), named.kind) or "?" if named else match[0]

    message = _BRACED.sub(number, rule.message)
    return Finding(
        rule.id, Severity(rule.severity), message, cell_id(table.id, row.id, column.id),
        place(row, column),
    )


def _unusual(
    table: Table, typed: Mapping[str, Decimal | None], previous: Mapping[str, Decimal],
) -> Iterator[Finding]:
    if not previous:
        return
    for row, column in table.cells():
        cell = cell_id(table.id, row.id, column.id)
        now, before = typed.get(cell), previous.get(cell)
        if now is None or before is None or not column.kind.numeric:
            continue
        change = abs(now - before)
        if change > UNUSUAL_UNITS and change > UNUSUAL_SHARE * abs(before):
            message = UNUSUAL.format(
                current=display(now, column.kind), previous=display(before, column.kind))
            yield Finding("unusual-change", Severity.WARNING, message, cell, place(row, column))


def _blanks(table: Table, answers: Answers) -> list[Finding]:
    if table.open_rows and not any(not row.computed for row in table.rows):
        return [Finding("no-rows", Severity.WARNING, NO_ROWS, f"{table.id}//", table.title)]
    empty = []
    for row, column in table.cells():
        cell = cell_id(table.id, row.id, column.id)
        entry = answers.cells.get(cell)
        blank = entry is None or (entry.figure is None and not entry.text.strip())
        if blank and column.kind.name != "text":
            empty.append((cell, place(row, column)))
    if len(empty) > MOST_BLANK_CELLS:
        message = BLANKS.format(count=len(empty))
        return [Finding("blank", Severity.ERROR, message, empty[0][0], table.title)]
    return [Finding("blank", Severity.ERROR, BLANK, cell, where) for cell, where in empty]


def status_counts(layout: Layout, answers: Answers) -> dict[Status | None, int]:
    """Return how many fillable cells carry each status; nothing stands for still empty."""
    found: dict[Status | None, int] = {}
    for table in layout.tables:
        for row, column in table.cells():
            entry = answers.cells.get(cell_id(table.id, row.id, column.id))
            figure = entry.figure if entry is not None else None
            status = figure.status if figure is not None else None
            found[status] = found.get(status, 0) + 1
    return found
