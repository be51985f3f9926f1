"""An indicator set as a workbook: a sheet about the set, a sheet of indicators with lists."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import Any

import python_calamine
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from nhasan.domain.indicators import CHOICES, FIELDS, MOST_DECIMALS
from nhasan.domain.problems import Problem, phrase
from nhasan.domain.words import Words
from nhasan.formats.forms.package import opened
from nhasan.formats.structure.sheets import (
    Fault,
    Reading,
    SetFile,
    StructureFormat,
    table,
    text_of,
)

ABOUT, SHEET = "Bộ chỉ tiêu", "Chỉ tiêu"
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_FONT = {"font_name": "Times New Roman", "font_size": 11}
_WIDE = {"name_vi": 50, "concept": 50, "method": 50, "breakdowns": 34, "data_source": 40,
         "disaggregation_text": 40, "group_name": 40, "notes": 40, "break_words": 40}
_SPARE = 200  # lines below the last indicator that keep their lists


def write(found: SetFile) -> bytes:
    """Return the workbook."""
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False,
                                        "strings_to_numbers": False})
    book.set_properties({"title": found.name_vi, "created": _EPOCH})
    _indicators(book, found)
    _about(book, found)
    book.close()
    return target.getvalue()


def _indicators(book: Any, found: SetFile) -> None:
    sheet = book.add_worksheet(SHEET)
    head = book.add_format({
        **_FONT, "bold": True, "bg_color": "#E2E6F3", "border": 1, "border_color": "#857C6D",
        "text_wrap": True, "valign": "vcenter"})
    plain = book.add_format({**_FONT, "num_format": "@", "text_wrap": True, "valign": "top"})
    number = book.add_format({**_FONT, "num_format": "0", "valign": "top"})
    last = len(found.sheets) + _SPARE
    for place, (name, words) in enumerate(FIELDS.items()):
        look = number if name == "decimals" else plain
        sheet.set_column(place, place, _WIDE.get(name, 16), look)
        sheet.write_string(0, place, words, head)
        if name in CHOICES:
            sheet.data_validation(1, place, last, place, {
                "validate": "list", "source": list(CHOICES[name].values()),
                "error_title": words, "error_message": phrase("Hãy chọn trong danh sách.")})
        if name == "decimals":
            sheet.data_validation(1, place, last, place, {
                "validate": "integer", "criteria": "between", "minimum": 0,
                "maximum": MOST_DECIMALS, "error_title": words,
                "error_message": phrase("Hãy ghi số từ 0 đến 9.")})
    for row, held in enumerate(found.sheets, 1):
        for place, name in enumerate(FIELDS):
            if name == "decimals":
                sheet.write_number(row, place, int(held.get(name) or 0), number)
            else:
                sheet.write_string(row, place, _told(name, held.get(name)), plain)
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(found.sheets), 1), len(FIELDS) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.repeat_rows(0)


def _told(name: str, value: Any) -> str:
    """Return a field as people read it: a choice in words."""
    return CHOICES[name].get(value, "") if name in CHOICES else text_of(name, value)


def _about(book: Any, found: SetFile) -> None:
    sheet = book.add_worksheet(ABOUT)
    bold, plain = book.add_format({**_FONT, "bold": True}), book.add_format(
        {**_FONT, "text_wrap": True})
    sheet.set_column(0, 0, 28)
    sheet.set_column(1, 1, 90)
    facts = (
        (phrase("Tên bộ chỉ tiêu"), found.name_vi), (phrase("Cơ quan"), found.agency),
        (phrase("Mã của bộ"), found.identifier), (phrase("Phiên bản"), found.version),
        (phrase("Số văn bản ban hành"), found.decision.get("number", "")),
        (phrase("Ngày văn bản"), found.decision.get("date", "")),
        (phrase("Cơ quan ban hành"), found.decision.get("issuer", "")),
        (phrase("Nguồn"), found.source),
        (phrase("Lưu ý"), phrase("Số liệu minh hoạ") if found.illustrative else ""),
        (phrase("Cách ghi phân tổ"), phrase(
            "Mỗi dòng trong ô là một phân tổ; kỳ công bố riêng viết sau dấu |, ví dụ: "
            "Dân tộc | 5 năm")),
    )
    for row, (name, text) in enumerate(facts):
        sheet.write_string(row, 0, name, bold)
        sheet.write_string(row, 1, text, plain)


def read(data: bytes) -> Reading:
    """Return what the sheet of indicators says, or what is wrong in it by cell.

    The sheet is the one called “Chỉ tiêu”, else the first.
    """
    try:
        book = python_calamine.load_workbook(io.BytesIO(opened(data).for_reader()))
        name = SHEET if SHEET in book.sheet_names else book.sheet_names[0]
        cells = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
    except Problem as unsafe:
        return Reading(faults=[Fault(Words(str(unsafe).replace("{", "").replace("}", "")))])
    except (python_calamine.CalamineError, IndexError, ValueError):
        return Reading(faults=[Fault(Words(phrase("tệp không mở được như một tệp Excel")))])
    read_in = table(
        [[_text(cell) for cell in row] for row in cells], name, first=1,
        cell_of=lambda row, place: xl_rowcol_to_cell(row - 1, place))
    lost = _numbers_for_keys(cells, name)
    return Reading((), [*lost, *read_in.faults]) if lost else read_in


def _text(cell: Any) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell)


def _numbers_for_keys(cells: list[list[Any]], sheet: str) -> list[Fault]:
    """Tell of keys that a spreadsheet made into numbers: a 0 in front is lost that way."""
    if not cells:
        return []
    keyed = [place for place, head in enumerate(cells[0])
             if str(head).strip() in ("key", FIELDS["key"])]
    return [
        Fault(Words(phrase(
            "mã ở ô này đang là số, có thể đã mất số 0 ở đầu; hãy đổi ô sang kiểu văn bản rồi "
            "ghi lại mã")), sheet, row, FIELDS["key"], xl_rowcol_to_cell(row - 1, place))
        for row, line in enumerate(cells[1:], 2) for place in keyed
        if isinstance(line[place], int | float)
    ]


XLSX = StructureFormat(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", write,
    read,
)
