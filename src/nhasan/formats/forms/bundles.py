"""One workbook with several forms: of one unit, or of many units that one office reports for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import xlsxwriter

from nhasan.domain.answers import Answers
from nhasan.domain.checking import compute
from nhasan.domain.forms import Layout
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.forms.grid import TableGrid, grids, sheet_names
from nhasan.formats.forms.identity import (
    WorkbookContext,
    bundle_lines,
    bundle_properties,
    identity_of,
)
from nhasan.formats.forms.names import CONTENTS_SHEET
from nhasan.formats.forms.official import write_guide
from nhasan.formats.forms.styles import Palette
from nhasan.formats.forms.writer import EPOCH, Book, write_identity, write_lists, write_table

MOST_SHEETS = 95
_WIDTHS = (6, 58, 44, 16, 18, 12)


class BundleTooWide(Invalid):
    """The chosen forms need more sheets than a workbook is read with."""

    code = "bundle-too-wide"
    message = phrase(
        "Các biểu đã chọn cần {count} trang, nhiều hơn {limit} trang mà một tệp nhận được. Hãy "
        "chọn ít biểu hơn, rồi tải làm nhiều tệp.")


@dataclass(frozen=True, slots=True)
class Part:
    """One form of the workbook: its layout for a unit, its words, and what is filled in."""

    layout: Layout
    context: WorkbookContext
    answers: Answers


def write_bundle(parts: Sequence[Part]) -> bytes:
    """Return one workbook with every form on its own sheets, and a list of them in front."""
    placed = _placed(parts)
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    palette = Palette(workbook)
    contents = workbook.add_worksheet(CONTENTS_SHEET)
    sheets = {grid.sheet: workbook.add_worksheet(grid.sheet) for each in placed for grid in each}
    write_guide(workbook, palette, replace(
        parts[0].context, code="", title=phrase("Tệp gồm nhiều biểu")))
    identities = [
        identity_of(part.layout, part.context, grids_)
        for part, grids_ in zip(parts, placed, strict=True)
    ]
    book = Book(workbook, palette, parts[0].context, Answers(), {})
    write_lists(book, [part.layout for part in parts])
    write_identity(workbook, bundle_lines(identities))
    for part, grids_ in zip(parts, placed, strict=True):
        own = Book(workbook, palette, part.context, part.answers,
                   compute(part.layout, part.answers), book.lists)
        for grid in grids_:
            write_table(own, sheets[grid.sheet], grid, part.context.period_label)
    _contents(contents, palette, parts, placed)
    _properties(workbook, parts, bundle_properties(identities))
    contents.activate()
    workbook.close()
    return target.getvalue()


def _placed(parts: Sequence[Part]) -> list[list[TableGrid]]:
    """Return the tables of each form, in sheets numbered as the forms are."""
    each = [list(grids(part.layout)) for part in parts]
    count = sum(len(tables) for tables in each)
    if count > MOST_SHEETS:
        raise BundleTooWide(count=count, limit=MOST_SHEETS)
    names = iter(sheet_names(list(_titles(parts, each))))
    return [[replace(grid, sheet=next(names)) for grid in tables] for tables in each]


def _titles(parts: Sequence[Part], placed: Sequence[Sequence[TableGrid]]) -> Iterator[str]:
    """Yield what each sheet is called: by its unit where several units fill the same form."""
    units = len({part.context.unit for part in parts}) > 1
    for number, (part, tables) in enumerate(zip(parts, placed, strict=True), start=1):
        for spot, grid in enumerate(tables, start=1):
            mark = f"{number}.{spot}" if len(tables) > 1 else f"{number}."
            title = part.context.reporting_unit if units else grid.table.title
            yield f"{mark} {title}"


def _properties(workbook: Any, parts: Sequence[Part], named: dict[str, str]) -> None:
    made = parts[0].context.made_at or EPOCH
    workbook.set_properties({
        "title": phrase("Tệp gồm nhiều biểu"), "author": "Nhà Sàn",
        "company": parts[0].context.receiving_unit, "created": made.replace(tzinfo=None),
    })
    for name, value in named.items():
        workbook.set_custom_property(name, value, "text")


def _contents(sheet: Any, palette: Palette, parts: Sequence[Part],
              placed: Sequence[Sequence[TableGrid]]) -> None:
    """Write the list of forms, each with a link to its sheet."""
    sheet.hide_gridlines(2)
    for spot, width in enumerate(_WIDTHS):
        sheet.set_column(spot, spot, width)
    sheet.write_string(0, 0, phrase("Các biểu trong tệp này"), palette.get("guide_title"))
    sheet.write_string(1, 0, phrase(
        "Điền các trang sau, lưu lại rồi nộp cả tệp một lần. Biểu nào chưa điền thì để trống, "
        "nộp sau cũng được."), palette.get("note_line"))
    heads = (phrase("STT"), phrase("Biểu"), phrase("Đơn vị báo cáo"), phrase("Kỳ báo cáo"),
             phrase("Ngày nhận báo cáo"), phrase("Trang"))
    for spot, head in enumerate(heads):
        sheet.write_string(3, spot, head, palette.get("header"))
    for number, (part, tables) in enumerate(zip(parts, placed, strict=True), start=1):
        context = part.context
        line = 3 + number
        sheet.write_number(line, 0, number, palette.get("shown"))
        for spot, text in enumerate((
            f"{context.code} {context.title}".strip(), context.reporting_unit, context.period,
            context.deadline,
        ), start=1):
            sheet.write_string(line, spot, text, palette.get("label"))
        name = tables[0].sheet.replace("'", "''")
        sheet.write_url(line, 5, f"internal:'{name}'!A1", palette.get("label"),
                        phrase("Mở"))
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.protect("", {"format_columns": True, "format_rows": True})
