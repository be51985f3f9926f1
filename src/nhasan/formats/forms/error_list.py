"""The sheet that lists what was found in a workbook, and takes the reasons for what is right.

It is written in front of a marked workbook. What people write into its column of reasons is
read when the workbook comes back; the key of a reason stands beside it in a hidden column, so
that the lines may be sorted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from decimal import Decimal
from math import ceil
from typing import Any

from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties

from nhasan.domain.checking import reason_key
from nhasan.domain.numbers import MOST_DIGITS, notation
from nhasan.domain.problems import phrase
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.alignment import Cells, printable, said
from nhasan.formats.forms.harvest import moment_text
from nhasan.formats.forms.names import ERROR_SHEET
from nhasan.formats.forms.styles import FONT, begins_like_formula

MOST_LISTED = 5_000
LEVELS = {
    Severity.ERROR: phrase("Lỗi"),
    Severity.WARNING: phrase("Nhắc"),
    Severity.NOTE: phrase("Cho biết"),
}
_REASON = phrase("Lý do")
_KEY = phrase("Mã ô")
_HEADERS = (
    (phrase("STT"), 6), (phrase("Loại"), 10), (phrase("Trang"), 30), (phrase("Ô"), 8),
    (phrase("Dòng, cột"), 32), (phrase("Đã ghi"), 15), (phrase("Sai gì và sửa thế nào"), 60),
    (_REASON, 38), (_KEY, 12),
)
_HEADER_LINE = 4
_ADDRESS, _REASONS, _KEYS = 4, 8, 9

SUMMARY = phrase(
    "{errors} lỗi phải sửa, {warnings} điều nhắc, {notes} điều cho biết. Bấm vào địa chỉ ô để "
    "tới đúng chỗ. Sửa xong, lưu tệp rồi nộp lại; trang này tự được bỏ đi.")
HOW_TO_EXPLAIN = phrase(
    "Số được nhắc mà đúng thì ghi một câu vào cột “Lý do” ở đây rồi nộp lại tệp; hoặc ghi ngay "
    "tại ô đó trên trang báo cáo. Chưa có lý do thì báo cáo chưa gửi được.")
MORE = phrase("… và {0} chỗ nữa, đã đánh dấu trong các trang.")

_SIDE = Side(style="thin", color="FF857C6D")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_PLAIN = Font(name=FONT, size=11)
_BOLD = Font(name=FONT, size=11, bold=True)
_ITALIC = Font(name=FONT, size=11, italic=True)
_LINK = Font(name=FONT, size=11, underline="single", color="FF2F3B8A")
_WRAPPED = Alignment(vertical="top", wrap_text=True)
_ASKED = PatternFill(fgColor="FFFDF0D2", fill_type="solid")


@dataclass(frozen=True, slots=True)
class Mark:
    """A finding, the words that say where it is, and the cell it is written into, if any."""

    finding: Finding
    words: str
    sheet: str = ""
    address: str = ""


def asks_reason(finding: Finding) -> bool:
    """Tell whether a finding can be passed with a reason: a warning about one cell."""
    return finding.severity is Severity.WARNING and bool(finding.cell)


def read_reasons(cells: Cells) -> Iterator[tuple[str, str, int, int]]:
    """Yield key, reason, line and sheet column of each reason written into the list.

    The key is empty where the line asks for none, or where its hidden column is gone.
    """
    line = next(
        (n for n in range(min(len(cells), 20)) if _REASON in _texts(cells, n)), None)
    if line is None:
        return
    heads = _texts(cells, line)
    spot = heads.index(_REASON)
    keys = heads.index(_KEY) if _KEY in heads else -1
    for each in range(line + 1, len(cells)):
        reason = said(cells, each, spot)
        if reason:
            yield said(cells, each, keys), reason, each, spot


def _texts(cells: Cells, line: int) -> list[str]:
    return [said(cells, line, spot) for spot in range(len(cells[line]))]


def write_list(book: Any, marks: Sequence[Mark], reasons: Mapping[str, str]) -> None:
    """Add the first sheet: every finding with its cell, what was typed and what to do."""
    sheet = book.create_sheet(ERROR_SHEET, 0)
    for other in book.worksheets:
        other.sheet_view.tabSelected = False
    book.active = 0
    _head(sheet, marks)
    for number, mark in enumerate(marks[:MOST_LISTED], start=1):
        _line(book, sheet, number, mark, reasons)
    if len(marks) > MOST_LISTED:
        sheet.cell(
            _HEADER_LINE + 1 + MOST_LISTED, 1, MORE.format(len(marks) - MOST_LISTED))
    sheet.column_dimensions["I"].hidden = True
    sheet.freeze_panes = f"A{_HEADER_LINE + 1}"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.print_title_rows = f"{_HEADER_LINE}:{_HEADER_LINE}"


def _head(sheet: Any, marks: Sequence[Mark]) -> None:
    count = {
        level: sum(1 for mark in marks if mark.finding.severity is level) for level in LEVELS}
    sheet["A1"] = phrase("Lỗi cần sửa")
    sheet["A1"].font = Font(name=FONT, size=16, bold=True)
    sheet["A2"] = SUMMARY.format(
        errors=count[Severity.ERROR], warnings=count[Severity.WARNING],
        notes=count[Severity.NOTE])
    sheet["A2"].font = _ITALIC
    if any(asks_reason(mark.finding) for mark in marks):
        sheet["A3"] = HOW_TO_EXPLAIN
        sheet["A3"].font = _ITALIC
    for spot, (title, width) in enumerate(_HEADERS, start=1):
        cell = sheet.cell(_HEADER_LINE, spot, title)
        cell.font, cell.border = _BOLD, _BORDER
        cell.fill = PatternFill(fgColor="FFE2E6F3", fill_type="solid")
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width


def _line(
    book: Any, sheet: Any, number: int, mark: Mark, reasons: Mapping[str, str],
) -> None:
    finding = mark.finding
    asked = asks_reason(finding)
    key = reason_key(finding) if asked else ""
    texts = (
        number, LEVELS[finding.severity], mark.sheet, mark.address, printable(mark.words),
        _typed(book, mark), printable(finding.message), reasons.get(key, "") if asked else "",
        key,
    )
    at = _HEADER_LINE + number
    for spot, text in enumerate(texts, start=1):
        cell = sheet.cell(at, spot)
        cell.value = text
        if isinstance(text, str) and begins_like_formula(text):
            cell.data_type = "s"
            cell.quotePrefix = True
        cell.font, cell.border, cell.alignment = _PLAIN, _BORDER, _WRAPPED
    if asked:
        sheet.cell(at, _REASONS).fill = _ASKED
    sheet.cell(at, _REASONS).number_format = "@"
    lines = max(
        ceil(len(str(text)) * 0.9 / (width - 1))
        for text, (_, width) in zip(texts[:_KEYS - 1], _HEADERS, strict=False))
    sheet.row_dimensions[at].height = 15.5 * max(lines, 1) + 2
    if mark.sheet:
        quoted = mark.sheet.replace("'", "''")
        link = sheet.cell(at, _ADDRESS)
        link.hyperlink = Hyperlink(
            ref=link.coordinate, location=f"'{quoted}'!{mark.address}", display=mark.address)
        link.font = _LINK


def _typed(book: Any, mark: Mark) -> str:
    """Return what stands in the cell, as people here would write it."""
    if not mark.sheet:
        return ""
    value = writable(book[mark.sheet], mark.address).value
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, (int, float)) and abs(value) < 10**MOST_DIGITS:
        return notation(Decimal(format(value, ".15g")))
    if isinstance(value, (date, time)):
        return moment_text(value)
    return printable(str(value.text if isinstance(value, ArrayFormula) else value))


def writable(sheet: Any, address: str) -> Any:
    """Return the cell, or the first cell of the merge that covers it."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        for area in sheet.merged_cells.ranges:
            if address in area:
                return sheet.cell(area.min_row, area.min_col)
    return cell
