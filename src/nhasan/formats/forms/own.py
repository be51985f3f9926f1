"""A unit's own workbook, of any layout: .xlsx, .xls or .ods, opened as safely as our own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from nhasan.domain.problems import phrase
from nhasan.formats.forms.alignment import Cells
from nhasan.formats.forms.biff import OLE, biff_for_reader
from nhasan.formats.forms.contents import Contents, sheet_paths
from nhasan.formats.forms.names import OWN_SHEETS
from nhasan.formats.forms.ods import is_ods, read_ods
from nhasan.formats.forms.package import MEGABYTE, UPLOAD_LIMIT, opened
from nhasan.formats.forms.refusals import WorkbookTooLarge, WorkbookUnsafe
from nhasan.formats.forms.sheets import CELL_LIMIT, Formula, Sheet


@dataclass(frozen=True, slots=True)
class OwnSheet:
    """One sheet: its values line by line, its merged ranges and formulas."""

    name: str
    cells: Cells
    sheet: Sheet = field(default_factory=Sheet)

    def turned(self) -> OwnSheet:
        """Return the sheet with lines and columns changed over."""
        width = max((len(line) for line in self.cells), default=0)
        if width * len(self.cells) > CELL_LIMIT:
            raise WorkbookUnsafe(reason=phrase("bảng tính trải quá rộng"))
        cells = [
            [line[spot] if spot < len(line) else "" for line in self.cells]
            for spot in range(width)
        ]
        held = self.sheet
        return OwnSheet(self.name, cells, replace(
            held, errors={}, merges=[(b, a, d, c) for a, b, c, d in held.merges],
            formulas=[Formula(each.column, each.line, each.text, each.valued)
                      for each in held.formulas]))


def open_own(data: bytes) -> dict[str, OwnSheet]:
    """Return the sheets with something in them, by name and in order, or refuse the file."""
    if len(data) > UPLOAD_LIMIT:
        raise WorkbookTooLarge(
            size=round(len(data) / MEGABYTE), limit=UPLOAD_LIMIT // MEGABYTE)
    return {each.name: each for each in _sheets(data) if _says_something(each.cells)}


def _sheets(data: bytes) -> Sequence[OwnSheet]:
    if is_ods(data):
        return [OwnSheet(each.name, each.cells, each.sheet) for each in read_ods(data)]
    if data.startswith(OLE):
        book = Contents(biff_for_reader(data))
        return [
            OwnSheet(name, book[name], Sheet(merges=book.merges(name))) for name in book
        ]
    package = opened(data)
    book, paths = Contents(package.for_reader()), sheet_paths(package)
    return [
        OwnSheet(name, book[name], package.sheets.get(paths.get(name, ""), Sheet()))
        for name in book if name not in OWN_SHEETS
    ]


def _says_something(cells: Sequence[Sequence[Any]]) -> bool:
    return any(value != "" for line in cells for value in line)
