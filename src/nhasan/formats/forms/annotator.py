"""Give an uploaded workbook back with what is wrong written into its cells.

Marks are conditional formats and comments that can be told from anybody else's, so that a
mended workbook comes back clean: old marks are taken off before new ones are put on, and the
sender's own colours and comments stay.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import openpyxl
from openpyxl.comments import Comment
from openpyxl.formatting.formatting import ConditionalFormattingList
from openpyxl.formatting.rule import Rule
from openpyxl.styles import PatternFill
from openpyxl.styles.differential import DifferentialStyle
from openpyxl.styles.numbers import NumberFormat

from nhasan.domain.problems import phrase
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.alignment import printable
from nhasan.formats.forms.error_list import LEVELS, Mark, asks_reason, writable, write_list
from nhasan.formats.forms.names import ERROR_SHEET
from nhasan.formats.forms.package import opened
from nhasan.formats.forms.refusals import WorkbookDamaged

AUTHOR = "Nhà Sàn: kiểm tra"
WRITE_REASON = phrase("Số đúng thì ghi lý do ở cột “Lý do” của trang “{sheet}”.")
_MARK = '"nhasan"="nhasan"'
_RULE_LINE = "\n———\n"
_WHERE = re.compile(
    r"“(?P<sheet>[^”]+)”, ô (?P<cell>[A-Z]{1,3}[0-9]{1,7})(?:: (?P<words>.+))?$", re.DOTALL)
# As a cell without a format shows a number: with the decimals that stand in it.
_AS_TYPED = NumberFormat(numFmtId=0, formatCode="General")
_FILLS = {
    Severity.ERROR: PatternFill(bgColor="FFF4B6B0", fill_type="solid"),
    Severity.WARNING: PatternFill(bgColor="FFFBDD9B", fill_type="solid"),
    Severity.NOTE: PatternFill(bgColor="FFD5E3F4", fill_type="solid"),
}
_ORDER = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_NO_REASONS: Mapping[str, str] = MappingProxyType({})


def annotate(
    data: bytes, findings: Sequence[Finding], places: Mapping[str, tuple[str, str]],
    reasons: Mapping[str, str] = _NO_REASONS,
) -> bytes:
    """Return the workbook that was uploaded, with the findings in their cells and in a list.

    The list is the first sheet; `reasons` are the explanations given so far. The result can be
    mended, explained and uploaded again.
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
    write_list(book, marks, reasons)
    target = io.BytesIO()
    try:
        book.save(target)
    except (ValueError, OverflowError) as error:  # numbers of thousands of digits
        raise WorkbookDamaged from error
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
) -> Mark:
    """Find the cell a finding is written into, and the words that name it."""
    sheet, address, words = "", "", finding.where
    if found := _WHERE.search(finding.where):
        sheet, address, words = found["sheet"], found["cell"], found["words"] or ""
    if finding.cell and finding.cell in places:
        sheet, address = places[finding.cell]
    if sheet not in sheets:
        return Mark(finding, words or phrase("Cả tệp"))
    return Mark(finding, words or ("" if finding.cell else phrase("Cả trang")), sheet, address)


def _clean(book: Any) -> None:
    """Take off the list and the marks of an earlier check."""
    if ERROR_SHEET in book.sheetnames:
        del book[ERROR_SHEET]
    for sheet in book.worksheets:
        _clean_colours(sheet)
        # Only cells that are there: walking lines would make every cell between them.
        for cell in [*sheet._cells.values()]:
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


def _colour(book: Any, marks: Sequence[Mark]) -> None:
    """Paint each cell as its worst finding asks, and show the decimals that stand in it."""
    worst: dict[tuple[str, str], Severity] = {}
    for mark in marks:
        if mark.sheet:
            worst.setdefault((mark.sheet, mark.address), mark.finding.severity)
    alike: dict[tuple[str, Severity, bool], list[str]] = {}
    for (sheet, address), severity in worst.items():
        hidden = _hides_decimals(writable(book[sheet], address))
        alike.setdefault((sheet, severity, hidden), []).append(address)
    for (sheet, severity, hidden), addresses in alike.items():
        look = DifferentialStyle(
            fill=_FILLS[severity], numFmt=_AS_TYPED if hidden else None)
        for at in range(0, len(addresses), 200):
            rule = Rule(type="expression", formula=[_MARK], stopIfTrue=True, dxf=look)
            book[sheet].conditional_formatting.add(" ".join(addresses[at:at + 200]), rule)


def _hides_decimals(cell: Any) -> bool:
    """Tell whether the cell is shown rounded: 2,5 people would be drawn as 3."""
    if not isinstance(cell.value, float) or cell.value.is_integer():
        return False
    shown = re.search(r"\.([0#?]+)", cell.number_format.partition(";")[0])
    decimals = len(shown[1]) if shown else 0
    return cell.number_format != "General" and round(cell.value, decimals) != cell.value


def _comment(book: Any, marks: Sequence[Mark]) -> None:
    texts: dict[tuple[str, str], list[str]] = {}
    for mark in marks:
        if mark.sheet:
            text = f"{LEVELS[mark.finding.severity]}: {printable(mark.finding.message)}"
            if asks_reason(mark.finding):
                text += " " + WRITE_REASON.format(sheet=ERROR_SHEET)
            texts.setdefault((mark.sheet, mark.address), []).append(text)
    for (sheet, address), lines in texts.items():
        cell = writable(book[sheet], address)
        text = "\n".join(lines)
        author = AUTHOR
        if cell.comment is not None:
            author, text = cell.comment.author or "", cell.comment.text + _RULE_LINE + text
        width, height = _size(text)
        cell.comment = Comment(text, author, height=height, width=width)


def _size(text: str) -> tuple[int, int]:
    lines = sum(1 + len(line) // 46 for line in text.splitlines() or [""])
    return 320, 24 + 18 * lines
