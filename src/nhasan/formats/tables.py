"""A plain table for people, as CSV or as a workbook: a title, heads, lines of words and numbers.

Figures have formats of their own (`formats/data`); this is for lists such as a board.
"""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal

import xlsxwriter

Cell = str | int | Decimal | date | None
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FONT = {"font_name": "Times New Roman", "font_size": 11}
_WIDE, _NARROW = 44, 14
MEDIA = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table: what it is called, what is said below that, its heads and its lines."""

    title: str
    heads: Sequence[str]
    lines: Sequence[Sequence[Cell]]
    notes: Sequence[str] = ()


def written(sheet: Sheet, kind: str) -> bytes:
    """Return the table as a file of one of the kinds in `MEDIA`."""
    return _csv(sheet) if kind == "csv" else _xlsx(sheet)


def _csv(sheet: Sheet) -> bytes:
    """Return CSV with a byte-order mark, without which Excel misreads Vietnamese."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(sheet.heads)
    writer.writerows([_plain(cell) for cell in line] for line in sheet.lines)
    return codecs.BOM_UTF8 + out.getvalue().encode()


def _plain(cell: Cell) -> str:
    """Return a cell as text; what a spreadsheet takes for a formula is made inert."""
    if cell is None:
        return ""
    if isinstance(cell, str):
        return f"'{cell}" if cell[:1] in _FORMULA else cell
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def _xlsx(sheet: Sheet) -> bytes:
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "default_date_format": "dd/mm/yyyy",
    })
    workbook.set_properties({"title": sheet.title, "created": _EPOCH})
    page = workbook.add_worksheet("Bảng")
    page.write_string(0, 0, sheet.title, workbook.add_format({**_FONT, "bold": True}))
    plain = workbook.add_format(_FONT)
    for line, note in enumerate(sheet.notes, 1):
        page.write_string(line, 0, note, plain)
    top = len(sheet.notes) + 2
    head = workbook.add_format({
        **_FONT, "bold": True, "bg_color": "#E2E6F3", "border": 1, "text_wrap": True,
        "valign": "vcenter",
    })
    for spot, text in enumerate(sheet.heads):
        page.write_string(top, spot, text, head)
        page.set_column(spot, spot, _width(cells[spot] for cells in sheet.lines))
    looks = {
        str: plain, int: workbook.add_format({**_FONT, "num_format": "#,##0"}),
        Decimal: workbook.add_format({**_FONT, "num_format": "#,##0.0"}),
        date: workbook.add_format({**_FONT, "num_format": "dd/mm/yyyy"}),
    }
    for line, cells in enumerate(sheet.lines, top + 1):
        for spot, cell in enumerate(cells):
            _write(page, line, spot, cell, looks)
    page.freeze_panes(top + 1, 1)
    page.autofilter(top, 0, top + max(len(sheet.lines), 1), max(len(sheet.heads) - 1, 0))
    page.set_landscape()
    page.set_paper(9)
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)
    workbook.close()
    return target.getvalue()


def _width(cells: Iterable[Cell]) -> int:
    longest = max((len(cell) for cell in cells if isinstance(cell, str)), default=0)
    return min(max(longest + 2, _NARROW), _WIDE)


def _write(page: object, line: int, spot: int, cell: Cell, looks: dict[type, object]) -> None:
    """Write one cell by its type: a text never becomes a number, nor a number a text."""
    writer = {
        str: "write_string", int: "write_number", Decimal: "write_number", date: "write_datetime",
    }
    if cell is None:
        return
    value = float(cell) if isinstance(cell, Decimal) else cell
    getattr(page, writer[type(cell)])(line, spot, value, looks[type(cell)])
