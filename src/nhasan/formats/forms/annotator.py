"""Give an uploaded workbook back with what is wrong written into its cells.

Marks are conditional formats and comments that can be told from anybody else's, so that a
mended workbook comes back clean: old marks are taken off before new ones are put on, and the
sender's own colours and comments stay.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import openpyxl
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from nhasan.domain.problems import phrase
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.alignment import printable
from nhasan.formats.forms.names import ERROR_SHEET
from nhasan.formats.forms.package import opened
from nhasan.formats.forms.refusals import WorkbookDamaged
from nhasan.formats.forms.styles import FONT, begins_like_formula

AUTHOR = "Nhà Sàn: kiểm tra"
_MARK = '"nhasan"="nhasan"'
_RULE_LINE = "\n———\n"
_WHERE = re.compile(r"“(?P<sheet>[^”]+)”, ô (?P<cell>[A-Z]{1,3}[0-9]{1,7})$")
_FILLS = {
    Severity.ERROR: PatternFill(bgColor="FFF4B6B0", fill_type="solid"),
    Severity.WARNING: PatternFill(bgColor="FFFBDD9B", fill_type="solid"),
    Severity.NOTE: PatternFill(bgColor="FFD5E3F4", fill_type="solid"),
}
_WORDS = {
    Severity.ERROR: phrase("Cần sửa"),
    Severity.WARNING: phrase("Cần xem lại"),
    Severity.NOTE: phrase("Lưu ý"),
}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
MOST_LISTED = 5_000
_HEADERS = (
    (phrase("STT"), 6), (phrase("Mức"), 13), (phrase("Trang"), 26), (phrase("Ô"), 9),
    (phrase("Dòng, cột"), 34), (phrase("Đã ghi"), 18), (phrase("Sai gì và sửa thế nào"), 78),
)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A finding with the cell it is written into, if it has one."""

    finding: Finding
    sheet: str = ""
    address: str = ""


def annotate(
    data: bytes, findings: Sequence[Finding], places: Mapping[str, tuple[str, str]],
) -> bytes:
    """Return the workbook that was uploaded, with the findings in their cells and in a list.

    The list is the first sheet. The result can be mended and uploaded again.
    """
    package = opened(data)
    try:
        book = openpyxl.load_workbook(io.BytesIO(package.for_editor()), keep_links=False)
    except Exception as error:
        # The library lets through whatever its parts raise on a damaged file.
        raise WorkbookDamaged from error
    _clean(book)
    marks = sorted(
        (_placed(finding, places, book.sheetnames) for finding in _once(findings)),
        key=lambda mark: _ORDER.index(mark.finding.severity),
    )
    _colour(book, marks)
    _comment(book, marks)
    _list(book, marks)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Leave out what is said twice about one cell."""
    seen = set()
    for finding in findings:
        mark = (finding.cell or finding.where, finding.message)
        if mark not in seen:
            seen.add(mark)
            yield finding


def _placed(
    finding: Finding, places: Mapping[str, tuple[str, str]], sheets: Sequence[str],
) -> _Mark:
    sheet, address = "", ""
    if finding.cell and finding.cell in places:
        sheet, address = places[finding.cell]
    elif found := _WHERE.search(finding.where):
        sheet, address = found["sheet"], found["cell"]
    return _Mark(finding, sheet, address) if sheet in sheets else _Mark(finding)


def _clean(book: Any) -> None:
    """Take off the list and the marks of an earlier check."""
    if ERROR_SHEET in book.sheetnames:
        del book[ERROR_SHEET]
    for sheet in book.worksheets:
        _clean_colours(sheet)
        for line in sheet.iter_rows():
            for cell in line:
                if cell.comment is not None:
                    _clean_comment(cell)


def _clean_colours(sheet: Any) -> None:
    kept = ConditionalFormattingList()
    for area in sheet.conditional_formatting:
        for rule in area.rules:
            if rule.formula != [_MARK]:
                kept.add(str(area.sqref), rule)
    sheet.conditional_formatting = kept


def _clean_comment(cell: Any) -> None:
    comment = cell.comment
    own, split, _ = comment.text.partition(_RULE_LINE)
    if comment.author == AUTHOR or split:
        cell.comment = Comment(own, comment.author) if split and own.strip() else None
    else:
        # Editors lose the size of a note; give it one that shows its text.
        comment.width, comment.height = _size(comment.text)


def _colour(book: Any, marks: Sequence[_Mark]) -> None:
    worst: dict[tuple[str, str], Severity] = {}
    for mark in marks:
        if mark.sheet:
            worst.setdefault((mark.sheet, mark.address), mark.finding.severity)
    for severity in _ORDER:
        by_sheet: dict[str, list[str]] = {}
        for (sheet, address), level in worst.items():
            if level is severity:
                by_sheet.setdefault(sheet, []).append(address)
        for sheet, addresses in by_sheet.items():
            for at in range(0, len(addresses), 200):
                rule = Rule(
                    type="expression", formula=[_MARK], stopIfTrue=True,
                    dxf=DifferentialStyle(fill=_FILLS[severity]))
                book[sheet].conditional_formatting.add(" ".join(addresses[at:at + 200]), rule)


def _comment(book: Any, marks: Sequence[_Mark]) -> None:
    texts: dict[tuple[str, str], list[str]] = {}
    for mark in marks:
        if mark.sheet:
            text = f"{_WORDS[mark.finding.severity]}: {printable(mark.finding.message)}"
            texts.setdefault((mark.sheet, mark.address), []).append(text)
    for (sheet, address), lines in texts.items():
        cell = _writable(book[sheet], address)
        text = "\n".join(lines)
        author = AUTHOR
        if cell.comment is not None:
            author, text = cell.comment.author or "", cell.comment.text + _RULE_LINE + text
        width, height = _size(text)
        cell.comment = Comment(text, author, height=height, width=width)


def _writable(sheet: Worksheet, address: str) -> Any:
    """Return the cell, or the first cell of the merge that covers it."""
    cell = sheet[address]
    if isinstance(cell, MergedCell):
        for area in sheet.merged_cells.ranges:
            if address in area:
                return sheet.cell(area.min_row, area.min_col)
    return cell


def _size(text: str) -> tuple[int, int]:
    lines = sum(1 + len(line) // 46 for line in text.splitlines() or [""])
    return 320, 24 + 18 * lines


def _list(book: Any, marks: Sequence[_Mark]) -> None:
    """Add the first sheet: every finding with its cell, what was typed and what to do."""
    sheet = book.create_sheet(ERROR_SHEET, 0)
    for other in book.worksheets:
        other.sheet_view.tabSelected = False
    book.active = 0
    errors = sum(1 for mark in marks if mark.finding.severity is Severity.ERROR)
    rest = len(marks) - errors
    sheet["A1"] = phrase("Lỗi cần sửa")
    sheet["A1"].font = Font(name=FONT, size=16, bold=True)
    sheet["A2"] = phrase(
        "{errors} chỗ cần sửa, {rest} chỗ cần xem lại hoặc lưu ý. Bấm vào địa chỉ ô để tới đúng "
        "chỗ; sửa xong lưu lại và tải lên lần nữa. Trang này sẽ tự được bỏ khi tải lên."
    ).format(errors=errors, rest=rest)
    sheet["A2"].font = Font(name=FONT, size=11, italic=True)
    for spot, (title, width) in enumerate(_HEADERS, start=1):
        cell = sheet.cell(4, spot, title)
        cell.font = Font(name=FONT, size=11, bold=True)
        cell.fill = PatternFill(fgColor="FFE2E6F3", fill_type="solid")
        cell.border = _BORDER
        cell.alignment = Alignment(vertical="center", wrap_text=True)
        sheet.column_dimensions[cell.column_letter].width = width
    for number, mark in enumerate(marks[:MOST_LISTED], start=1):
        _list_line(book, sheet, number, mark)
    if len(marks) > MOST_LISTED:
        sheet.cell(5 + MOST_LISTED, 1, phrase("… và {0} chỗ nữa, đã đánh dấu trong các trang.")
                   .format(len(marks) - MOST_LISTED))
    sheet.freeze_panes = "A5"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(
        fitToPage=True)
    sheet.print_title_rows = "4:4"


_SIDE = Side(style="thin", color="FF857C6D")
_BORDER = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_PLAIN = Font(name=FONT, size=11)
_LINK = Font(name=FONT, size=11, underline="single", color="FF2F3B8A")
_WRAPPED = Alignment(vertical="top", wrap_text=True)


def _list_line(book: Any, sheet: Any, number: int, mark: _Mark) -> None:
    finding = mark.finding
    typed = _typed(book, mark)
    where = "" if _WHERE.search(finding.where) else finding.where
    texts = (
        number, _WORDS[finding.severity], mark.sheet, mark.address, printable(where), typed,
        printable(finding.message),
    )
    for spot, text in enumerate(texts, start=1):
        cell = sheet.cell(4 + number, spot)
        cell.value = text
        if isinstance(text, str) and begins_like_formula(text):
            cell.data_type = "s"
            cell.quotePrefix = True
        cell.font, cell.border, cell.alignment = _PLAIN, _BORDER, _WRAPPED
    lines = max(1, ceil(len(finding.message) / 76), ceil(len(where) / 30))
    sheet.row_dimensions[4 + number].height = 15.5 * lines + 2
    if mark.sheet:
        quoted = mark.sheet.replace("'", "''")
        link = sheet.cell(4 + number, 4)
        link.hyperlink = Hyperlink(
            ref=link.coordinate, location=f"'{quoted}'!{mark.address}", display=mark.address)
        link.font = _LINK


def _typed(book: Any, mark: _Mark) -> str:
    """Return what stands in the cell, as people would read it."""
    if not mark.sheet:
        return ""
    value = _writable(book[mark.sheet], mark.address).value
    if value is None:
        return ""
    return printable(str(value)) if not isinstance(value, float) else format(value, ".15g")
