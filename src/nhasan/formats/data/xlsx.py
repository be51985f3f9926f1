"""A workbook of figures for people: title, source and address above, names beside codes."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from typing import Any

import python_calamine
import xlsxwriter

from nhasan.domain.cube import INDICATOR, Cube
from nhasan.domain.numbers import MARKERS
from nhasan.domain.observations import Status
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.data.rows import cube_from
from nhasan.formats.format import (
    COVERAGE,
    DECIMALS,
    ESTIMATED,
    OBS_STATUS,
    OBS_VALUE,
    UNIT_MEASURE,
    About,
    Format,
    plain_number,
)

SHEET = "Số liệu"
COLUMNS_SHEET = "_nhasan_cot"
MOST_ROWS = 1_000_000
_EPOCH = datetime(2025, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_STATUS_OF = {sign: str(status) for status, sign in MARKERS.items()}
_FONT = {"font_name": "Times New Roman", "font_size": 11}


def write(cube: Cube, about: About) -> Iterator[bytes]:
    """Yield the file; a workbook is a zip, so it comes in one piece."""
    if len(cube) > MOST_ROWS:
        raise Invalid(reason=phrase(
            "bảng có {0} dòng, Excel chỉ nhận {1}; hãy lọc bớt hoặc tải CSV").format(
                len(cube), MOST_ROWS))
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(
        target, {"constant_memory": True, "in_memory": True, "strings_to_formulas": False})
    workbook.set_properties({
        "title": about.title, "author": about.source, "comments": about.address,
        "created": _EPOCH,
    })
    sheet = workbook.add_worksheet(SHEET)
    ids = _ids(cube)
    top = _head(workbook, sheet, about, cube, ids)
    _figures(workbook, sheet, about, cube, top + 1)
    hidden = workbook.add_worksheet(COLUMNS_SHEET)
    hidden.very_hidden()
    hidden.write(0, 0, top + 1)
    for spot, name in enumerate(ids):
        hidden.write_string(1, spot, name)
    workbook.close()
    yield target.getvalue()


def read(data: bytes) -> Cube:
    """Return the cube of a file that `write` wrote; Excel keeps 15 digits of a value."""
    try:
        book = python_calamine.load_workbook(io.BytesIO(data))
        start, ids = book.get_sheet_by_name(COLUMNS_SHEET).to_python(skip_empty_area=False)[:2]
        first = int(str(start[0]).removesuffix(".0"))
        rows = book.get_sheet_by_name(SHEET).to_python(skip_empty_area=False)[first:]
    except (python_calamine.CalamineError, ValueError, IndexError) as error:
        raise Invalid(reason=phrase("tệp Excel không phải bảng số liệu của hệ thống")) from error
    kept = [place for place, name in enumerate(ids) if name]
    header = [*(str(ids[place]) for place in kept), OBS_STATUS]
    places = {name: place for place, name in enumerate(header)}
    return cube_from(header, (_line([row[place] for place in kept], places) for row in rows))


def _ids(cube: Cube) -> list[str]:
    """Return the id of every sheet column; names for people have none."""
    found: list[str] = []
    for dimension in cube.dims:
        found += ["", dimension]
    return [*found, OBS_VALUE, UNIT_MEASURE, COVERAGE, DECIMALS]


def _head(workbook: Any, sheet: Any, about: About, cube: Cube, ids: Sequence[str]) -> int:
    """Write what the table is, then its headers; return the line of the headers."""
    bold = workbook.add_format({**_FONT, "bold": True, "font_size": 14})
    plain = workbook.add_format(_FONT)
    facts = (
        (phrase("Nguồn"), about.source), (phrase("Bản công bố"), about.release),
        (phrase("Ngày công bố"), about.published), (phrase("Địa chỉ"), about.address),
        (phrase("Giấy phép"), about.licence),
        *((phrase("Ghi chú"), note) for note in about.notes),
        (phrase("Lưu ý"), phrase("Số liệu minh hoạ") if about.illustrative else ""),
        (phrase("Ký hiệu"), phrase(
            "“...” chưa có số liệu; “x” không áp dụng; “c” bảo mật")),
    )
    for spot, (name, width) in enumerate(zip(ids, _widths(ids), strict=True)):
        sheet.set_column(spot, spot, width, None, {"hidden": name == DECIMALS})
    sheet.write_string(0, 0, about.title, bold)
    line = 1
    for name, text in facts:
        if text:
            sheet.write_string(line, 0, f"{name}: {text}", plain)
            line += 1
    head = workbook.add_format({
        **_FONT, "bold": True, "bg_color": "#E2E6F3", "border": 1, "border_color": "#857C6D",
        "text_wrap": True, "valign": "vcenter",
    })
    line += 1
    for spot, title in enumerate(_titles(cube, about)):
        sheet.write_string(line, spot, title, head)
    sheet.freeze_panes(line + 1, 0)
    sheet.autofilter(line, 0, line + max(len(cube), 1), len(ids) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(line)
    return line


def _titles(cube: Cube, about: About) -> list[str]:
    found = []
    for dimension in cube.dims:
        name = about.dimension_name(dimension)
        found += [name, phrase("Mã {0}").format(name[:1].lower() + name[1:])]
    return [
        *found, phrase("Giá trị"), phrase("Đơn vị tính"), phrase("Đã báo cáo"),
        phrase("Số chữ số lẻ"),
    ]


def _widths(ids: Sequence[str]) -> list[int]:
    return [14 if name else 30 for name in ids]


def _figures(workbook: Any, sheet: Any, about: About, cube: Cube, top: int) -> None:
    plain = workbook.add_format(_FONT)
    looks: dict[tuple[int, bool], Any] = {}
    units = [about.units.get(code, "") for code in cube.column(INDICATOR)]
    figures = zip(cube.values, cube.decimals, cube.statuses, cube.coverage, units, strict=True)
    for line, (key, figure) in enumerate(zip(cube.cells(), figures, strict=True), start=top):
        value, decimals, status, coverage, unit = figure
        spot = 0
        for dimension, code in zip(cube.dims, key, strict=True):
            sheet.write_string(line, spot, about.label(dimension, code), plain)
            sheet.write_string(line, spot + 1, code, plain)
            spot += 2
        look = decimals, status == ESTIMATED
        if look not in looks:
            number = "#,##0" + ("." + "0" * decimals if decimals else "")
            mark = '"≈ "' if status == ESTIMATED else ""
            looks[look] = workbook.add_format({**_FONT, "num_format": mark + number})
        if value is None:
            sheet.write_string(line, spot, MARKERS[Status(status)], plain)
        else:
            sheet.write_number(
                line, spot, float(plain_number(value, decimals)), looks[look])
        sheet.write_string(line, spot + 1, unit, plain)
        sheet.write_string(line, spot + 2, coverage, plain)
        sheet.write_number(line, spot + 3, decimals, plain)


def _line(cells: list[Any], places: dict[str, int]) -> list[str]:
    texts = [str(int(cell)) if _whole(cell) else str(cell) for cell in cells]
    value = cells[places[OBS_VALUE]]
    status = _STATUS_OF.get(str(value), str(Status.REPORTED))
    texts[places[OBS_VALUE]] = "" if status != Status.REPORTED else format(value, ".15g")
    return [*texts, status]


def _whole(cell: object) -> bool:
    return isinstance(cell, float) and cell.is_integer()


XLSX = Format(
    "xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", write,
    read,
)
