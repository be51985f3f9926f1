"""What a filled form adds up to, and what is wrong or strange in it.

`totals.compute` fills the cells that the machine owns; `check` looks at what people typed. Both
walk each table once.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import groupby

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.forms import Column, Layout, Row, Table, cell_id
from nhasan.domain.formulas import columns
from nhasan.domain.numbers import display, notation, offer, read_text, rounded, whole_kind
from nhasan.domain.observations import Status
from nhasan.domain.outliers import ASK, unusual
from nhasan.domain.problems import phrase
from nhasan.domain.references import NOTHING, Outside
from nhasan.domain.rules import Judge
from nhasan.domain.rules import place as place
from nhasan.domain.totals import Line, computed_cells, derived_columns, lines_of, sum_rows
from nhasan.domain.totals import compute as compute
from nhasan.domain.validation import Finding, Severity

# So many empty cells of one table are named one by one; beyond that the table is named.
MOST_BLANK_CELLS = 20
_FRACTIONS = frozenset({"fraction", "ask-integer"})

DIFFERS = phrase("Ô ghi {stated}, phép cộng cho {computed}. Hãy xem lại các số thành phần.")
OFF = phrase(
    "Ô ghi {stated}, máy tính ra {computed}. Cột này máy tự tính: hãy xoá số ở đây và xem lại các "
    "số thành phần.")
NO_PARTS = phrase("Ô ghi {stated} nhưng các số thành phần chưa có hoặc chưa đọc được.")
LOST = phrase(
    "Cột này nhận số nguyên mà có {count} ô mang phần lẻ, ví dụ “{example}”. Có thể dấu ngăn "
    "cách hàng nghìn đã bị mất khi chuyển tệp. Hãy xem lại cả cột, kể cả ô không báo lỗi.")
BLANK = phrase("Ô còn trống. Nhập số (không có thì nhập 0), hoặc “...” nếu chưa thu thập được.")
BLANK_CHOICE = phrase("Chưa trả lời. Hãy chọn {choices}, hoặc “...” nếu chưa thu thập được.")
BLANKS = phrase(
    "Bảng còn {count} ô trống. Nhập số (không có thì nhập 0), hoặc “...” nếu chưa thu thập được.")
NO_ROWS = phrase("Bảng chưa có dòng nào. Hãy thêm dòng, hoặc giải thích vì sao không có.")


def reason_key(finding: Finding) -> str:
    """Return the key under which the answers keep the explanation of a warning."""
    return f"{finding.code}|{finding.cell}"


def answered(message: str) -> str:
    """Return the sentence of a warning without its wish for a reason, once there is one."""
    return message.removesuffix(ASK).rstrip()


def stopping(findings: Iterable[Finding], answers: Answers) -> tuple[Finding, ...]:
    """Return what must be mended or explained before the form can be submitted."""
    return tuple(
        finding for finding in findings
        if finding.severity is Severity.ERROR
        or (finding.severity is Severity.WARNING
            and not answers.reasons.get(reason_key(finding), "").strip())
    )


def check(
    layout: Layout, answers: Answers, outside: Outside = NOTHING,
) -> tuple[Finding, ...]:
    """Return what is wrong or strange in what was typed; empty cells are left in peace."""
    return check_arrival(layout, answers, {}, outside)


def check_arrival(
    layout: Layout, answers: Answers, stated: Mapping[str, Decimal], outside: Outside = NOTHING,
) -> tuple[Finding, ...]:
    """Return what `check` and `check_stated` find, adding the form up once."""
    return examined(layout, answers, stated, outside)[0]


def examined(
    layout: Layout, answers: Answers, stated: Mapping[str, Decimal], outside: Outside = NOTHING,
) -> tuple[tuple[Finding, ...], dict[str, Decimal | None]]:
    """Return what is found in a form, and what it adds up to, in one walk over its cells."""
    judge = Judge(layout, outside)
    summed: dict[str, Decimal | None] = {}
    sheets = []
    for table in layout.tables:
        lines = lines_of(table, answers)
        computed = computed_cells(table, lines)
        judge.hear(lines, computed)
        summed.update(computed)
        sheets.append((table, lines, computed))
    found: list[Finding] = []
    differences: list[Finding] = []
    for table, lines, computed in sheets:
        unread = list(_unread(lines))
        found += _lost_thousands(table, unread)
        found += [finding for _, _, finding in unread]
        found += judge.of_rows(table, lines)
        found += _unusual(table, lines, outside)
        if stated:
            differences += _differences(table, stated, computed, _unsure(table, lines))
    return (*found, *judge.of_form(), *differences), summed


def check_complete(
    layout: Layout, answers: Answers, outside: Outside = NOTHING,
) -> tuple[Finding, ...]:
    """Return what `check` finds and every number or choice that is still empty."""
    return (*check(layout, answers, outside), *blanks(layout, answers))


def blanks(layout: Layout, answers: Answers) -> tuple[Finding, ...]:
    """Return every number or choice that is still empty."""
    return tuple(finding for table in layout.tables for finding in _blanks(table, answers))


def check_stated(
    layout: Layout, answers: Answers, stated: Mapping[str, Decimal],
) -> tuple[Finding, ...]:
    """Compare the totals that the sender states with what the parts add up to."""
    found: list[Finding] = []
    for table in layout.tables:
        lines = lines_of(table, answers)
        computed = computed_cells(table, lines)
        found += _differences(table, stated, computed, _unsure(table, lines))
    return tuple(found)


def _unsure(table: Table, lines: Sequence[Line]) -> set[str]:
    """Return the machine's cells that rest on what could not be read.

    A spreadsheet adds up what it takes for a number, such as 2,5 people; that its total then
    differs says nothing that the error in the part does not say.
    """
    unread = {
        (line.row.id, column.id) for line in lines for column, entry in line.typed
        if entry.figure is None and entry.text.strip() and column.kind.numeric
    }
    if not unread:
        return set()
    derived = [(each.column.id, columns(each.tree)) for each in derived_columns(table)]
    _spread(unread, {line.row.id for line in lines}, derived)
    for row in sum_rows(table):
        parts = set(row.sum)
        touched = {column for part, column in unread if part in parts}
        unread |= {(row.id, column) for column in touched}
        _spread(unread, (row.id,), derived)
    return {cell_id(table.id, row, column) for row, column in unread}


def _spread(
    unread: set[tuple[str, str]], rows: Iterable[str],
    derived: Iterable[tuple[str, Iterable[str]]],
) -> None:
    """Add the computed columns of some rows that use an unread cell of their row."""
    for row in rows:
        for column, used in derived:
            if any((row, name) in unread for name in used):
                unread.add((row, column))


def _differences(
    table: Table, stated: Mapping[str, Decimal], computed: Mapping[str, Decimal | None],
    unsure: Container[str],
) -> Iterator[Finding]:
    for row, column in _machine_cells(table):
        cell = cell_id(table.id, row.id, column.id)
        if cell in stated and cell not in unsure and column.kind.numeric:
            yield from _differs(cell, row, column, stated[cell], computed.get(cell))


def _differs(
    cell: str, row: Row, column: Column, stated: Decimal, computed: Decimal | None,
) -> Iterator[Finding]:
    if computed is None:
        message = NO_PARTS.format(stated=notation(stated))
    elif rounded(stated, column.kind) != computed or _finer(stated, column):
        message = (OFF if column.computed else DIFFERS).format(
            stated=notation(stated), computed=display(computed, column.kind))
    else:
        return
    yield Finding("total-differs", Severity.ERROR, message, cell, place(row, column))


def _finer(stated: Decimal, column: Column) -> bool:
    """Tell whether a stated count has decimals: 392.228 people are not 392 people."""
    return whole_kind(column.kind) and stated != stated.to_integral_value()


def _machine_cells(table: Table) -> Iterator[tuple[Row, Column]]:
    derived = [column for column in table.columns if column.computed]
    for row in table.rows:
        if not row.heading:
            for column in table.columns if row.computed else derived:
                yield row, column


def _unread(lines: Iterable[Line]) -> Iterator[tuple[Column, Entry, Finding]]:
    """Read again what has no figure, and what was read with a doubt."""
    read = cache(read_text)
    for line in lines:
        for column, entry in line.typed:
            if not _doubtful(entry, column):
                continue
            finding = read(entry.text, column.kind, column.unit).finding
            if finding is not None and finding.severity is not Severity.NOTE:
                yield column, entry, replace(
                    finding, cell=line.head + column.id, where=place(line.row, column))


def _doubtful(entry: Entry, column: Column) -> bool:
    if entry.figure is None:
        return column.kind.name != "text"
    return column.kind.decimals >= 3 and "," in entry.text


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


def _unusual(table: Table, lines: Iterable[Line], outside: Outside) -> Iterator[Finding]:
    own, peers = outside.own, outside.peers
    if not own and not peers:
        return
    numeric = [column for column in table.columns if column.kind.numeric]
    for line in lines:
        for column in numeric:
            cell, now = line.head + column.id, line.values.get(column.id)
            if now is None or (cell not in own and cell not in peers):
                continue
            found = unusual(column, now, own.get(cell), peers.get(cell), outside.whose)
            if found is not None:
                yield Finding(
                    found[0], Severity.WARNING, found[1], cell, place(line.row, column))


def _blanks(table: Table, answers: Answers) -> list[Finding]:
    if table.open_rows and not any(not row.computed for row in table.rows):
        return [Finding("no-rows", Severity.WARNING, NO_ROWS, f"{table.id}//", table.title)]
    empty = []
    for row, column in table.cells():
        cell = cell_id(table.id, row.id, column.id)
        entry = answers.cells.get(cell)
        blank = entry is None or (entry.figure is None and not entry.text.strip())
        if blank and column.kind.name != "text":
            empty.append((cell, row, column))
    if len(empty) > MOST_BLANK_CELLS:
        message = BLANKS.format(count=len(empty))
        return [Finding("blank", Severity.ERROR, message, empty[0][0], table.title)]
    return [
        Finding("blank", Severity.ERROR, _blank(column), cell, place(row, column))
        for cell, row, column in empty
    ]


def _blank(column: Column) -> str:
    if column.kind.name != "choice":
        return BLANK
    return BLANK_CHOICE.format(choices=offer(column.kind))


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
