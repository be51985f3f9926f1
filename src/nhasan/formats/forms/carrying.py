"""Figures typed into an older version of a form, carried into the version now asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from nhasan.domain.answers import Answers
from nhasan.domain.checking import place
from nhasan.domain.forms import Column, Layout, Row, Table, cell_id
from nhasan.domain.problems import phrase
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.reader import Arrival

CARRIED = phrase(
    "Tệp theo phiên bản {found} của biểu, kỳ này dùng phiên bản {wanted}. Đã chuyển {count} ô "
    "sang đúng dòng và cột của phiên bản mới; hãy xem lại.")
GONE = phrase(
    "“{text}” ở “{place}” chưa được nhận: phiên bản mới của biểu không còn ô này.")
ALTERED = phrase(
    "“{text}” ở “{place}” chưa được nhận: ô này đã đổi đơn vị tính hoặc kiểu số trong phiên bản "
    "mới. Hãy xem lại rồi điền.")
ADDED = phrase("Phiên bản mới có thêm cột “{column}”, mẫu cũ không có; hãy điền.")
SENTENCES = (CARRIED, GONE, ALTERED, ADDED)
_MOST = 50

Cell = tuple[Table, Row, Column]


def carried(arrival: Arrival, old: Layout, new: Layout) -> Arrival:
    """Return what an older workbook said, as far as the new version asks for the same.

    A cell is the same when its table, row and column are, and its unit and kind of number did
    not change; a total it states is not compared, for its parts may be others now.
    """
    before, after = _cells(old), _cells(new)
    kept, lost = {}, []
    for cell, entry in arrival.answers.cells.items():
        if cell in after and (cell not in before or _same(before[cell], after[cell])):
            kept[cell] = entry
        else:
            message = ALTERED if cell in after else GONE
            lost.append(Finding(
                "version-cell", Severity.WARNING,
                message.format(text=entry.text[:40], place=_place(cell, before, after))))
    findings = [each for each in arrival.findings if not each.cell or each.cell in kept]
    told = CARRIED.format(found=old.version, wanted=new.version, count=len(kept))
    return replace(
        arrival, answers=Answers(kept, arrival.answers.open_rows, arrival.answers.reasons),
        stated={}, findings=(
            Finding("version-carried", Severity.WARNING, told), *lost[:_MOST],
            *_added(old, new), *findings))


def _cells(layout: Layout) -> Mapping[str, Cell]:
    return {
        cell_id(table.id, row.id, column.id): (table, row, column)
        for table in layout.tables for row, column in table.cells()
    }


def _same(one: Cell, other: Cell) -> bool:
    (old_table, _, old), (new_table, _, new) = one, other
    return old.kind == new.kind and (old.unit or old_table.unit) == (new.unit or new_table.unit)


def _place(cell: str, before: Mapping[str, Cell], after: Mapping[str, Cell]) -> str:
    found = before.get(cell) or after.get(cell)
    return place(found[1], found[2]) if found else cell


def _added(old: Layout, new: Layout) -> Iterator[Finding]:
    for table in new.tables:
        was = old.table(table.id)
        known = {column.id for column in was.columns} if was else set()
        for column in table.columns:
            if not column.computed and column.id not in known:
                yield Finding("version-added", Severity.NOTE,
                              ADDED.format(column=column.full_label))
