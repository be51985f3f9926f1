"""Write a report form as a workbook that an office can fill, print, sign and send back."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil
from typing import Any

import xlsxwriter

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.checking import compute
from nhasan.domain.forms import Column, Kind, Layout, Row, cell_id
from nhasan.domain.numbers import MARKERS, show
from nhasan.domain.problems import phrase
from nhasan.formats.forms.excel_formulas import row_formula, sum_formula
from nhasan.formats.forms.grid import (
    TableGrid,
    a1,
    grids,
    header_path,
    is_open,
    letters,
    row_header,
    shown_code,
)
from nhasan.formats.forms.identity import WorkbookContext, identity_of
from nhasan.formats.forms.names import (
    IDENTITY_SHEET,
    LISTS_SHEET,
    PREVIOUS_PREFIX,
)
from nhasan.formats.forms.names import MARKERS as SIGNS
from nhasan.formats.forms.official import (
    BLOCK_WIDTH,
    pages_across,
    write_block,
    write_foot,
    write_guide,
)
from nhasan.formats.forms.styles import Palette, begins_like_formula
from nhasan.formats.forms.validations import guard_inputs

EPOCH = datetime(2025, 1, 1, tzinfo=UTC)
CODE_WIDTH = 9.0
LABEL_WIDTH = 36.0
_TEXT_WIDTH = 30.0
_PROTECTION = {
    "format_columns": True, "format_rows": True, "objects": True, "select_locked_cells": True,
}

Computed = Mapping[str, Decimal | None]


@dataclass(slots=True)
class Book:
    """One workbook being written: what its sheets share, and the form now in hand."""

    workbook: Any
    palette: Palette
    context: WorkbookContext
    answers: Answers
    computed: Computed
    lists: dict[tuple[tuple[str, str], ...], str] = field(default_factory=dict)
    editable: bool = True


def write_form(
    layout: Layout, context: WorkbookContext, answers: Answers | None = None, *,
    previous: Answers | None = None, previous_label: str = "",
) -> bytes:
    """Return the workbook of a form for one unit and period.

    `answers` fills the cells in; computed cells are formulas with their values, for viewers
    that do not calculate. `previous` adds sheets with the answers of an earlier period.
    """
    target = io.BytesIO()
    workbook = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    given = answers or Answers()
    book = Book(workbook, Palette(workbook), context, given, compute(layout, given))
    placed = grids(layout)
    _properties(book, layout, placed)
    sheets = [workbook.add_worksheet(grid.sheet) for grid in placed]
    earlier = [
        workbook.add_worksheet(f"{PREVIOUS_PREFIX} {number}")
        for number in range(1, len(placed) + 1)
    ] if previous else []
    write_guide(workbook, book.palette, context)
    write_lists(book, [layout])
    write_identity(workbook, identity_of(layout, context, placed).lines())
    for grid, sheet in zip(placed, sheets, strict=True):
        write_table(book, sheet, grid, context.period_label)
    if previous:
        shown = Book(
            workbook, book.palette, context, previous, compute(layout, previous),
            book.lists, editable=False)
        label = phrase("Số liệu kỳ trước, để so sánh: {0}").format(previous_label)
        for grid, sheet in zip(placed, earlier, strict=True):
            write_table(shown, sheet, grid, label)
    sheets[0].activate()
    workbook.close()
    return target.getvalue()


def _properties(book: Book, layout: Layout, placed: Sequence[TableGrid]) -> None:
    context = book.context
    made = context.made_at or EPOCH
    book.workbook.set_properties({
        "title": context.title, "subject": context.code, "author": "Nhà Sàn",
        "company": context.receiving_unit, "created": made.replace(tzinfo=None),
    })
    for name, value in identity_of(layout, context, placed).properties().items():
        book.workbook.set_custom_property(name, value, "text")


def write_lists(book: Book, layouts: Sequence[Layout]) -> None:
    """Write the hidden lists that input cells are checked against."""
    sheet = book.workbook.add_worksheet(LISTS_SHEET)
    sheet.very_hidden()
    for line, sign in enumerate(SIGNS):
        sheet.write_string(line, 0, sign)
    spot = 1
    for column in (
        column for layout in layouts for table in layout.tables for column in table.columns
    ):
        choices = column.kind.choices
        if column.kind.name != "choice" or choices in book.lists:
            continue
        words = [*(label for _, label in choices), *SIGNS]
        for line, word in enumerate(words):
            sheet.write_string(line, spot, word)
        letter = letters(spot)
        book.lists[choices] = f"='{LISTS_SHEET}'!${letter}$1:${letter}${len(words)}"
        spot += 1


def write_identity(workbook: Any, lines: Sequence[Sequence[Any]]) -> None:
    """Write the very hidden sheet by which the workbook is known again."""
    sheet = workbook.add_worksheet(IDENTITY_SHEET)
    sheet.very_hidden()
    for line, cells in enumerate(lines):
        for spot, cell in enumerate(cells):
            sheet.write(line, spot, cell)


def write_table(book: Book, sheet: Any, grid: TableGrid, period: str) -> None:
    """Write one table into its sheet, in the layout of a paper form."""
    widths = _widths(grid)
    for spot, width in enumerate(widths):
        sheet.set_column(spot, spot, width)
    write_block(sheet, book.palette, grid, book.context, widths, period)
    _headers(book, sheet, grid, widths)
    for number, row in enumerate(grid.rows):
        _row(book, sheet, grid, grid.data_top + number, row)
    if book.editable:
        guard_inputs(sheet, grid, book.lists)
    write_foot(sheet, book.palette, grid, widths)
    _page(sheet, grid, widths)
    sheet.protect("", _PROTECTION)


def _widths(grid: TableGrid) -> list[float]:
    wide = [_column_width(column) for column in grid.table.columns]
    short = BLOCK_WIDTH - sum(wide)
    if short > 0:
        wide = [width + short / len(wide) for width in wide]
    return [*([CODE_WIDTH] if grid.coded else []), LABEL_WIDTH, *wide]


def _column_width(column: Column) -> float:
    if column.kind.name == "text":
        return _TEXT_WIDTH
    longest = max((len(word) for word in column.label.split()), default=0)
    offered = max((len(label) for _, label in column.kind.choices), default=0)
    return float(min(max(11, longest + 2, ceil(len(column.label) / 3) + 2, offered + 4), 24))


def _headers(book: Book, sheet: Any, grid: TableGrid, widths: Sequence[float]) -> None:
    look = book.palette.get("header")
    top, bottom = grid.header_top, grid.number_line - 1
    if grid.coded:
        _box(sheet, (top, 0, bottom, 0), phrase("Mã số"), look)
    _box(sheet, (top, grid.label_column, bottom, grid.label_column), row_header(grid.table), look)
    paths = [header_path(column, grid.table.unit) for column in grid.table.columns]
    heights = [1] * grid.depth
    for first, last, level, label, leaf in _boxes(paths):
        spot, end = grid.data_left + first, grid.data_left + last
        _box(sheet, (top + level, spot, bottom if leaf else top + level, end), label, look)
        room = sum(widths[spot:end + 1])
        needed = ceil(len(label) * 1.1 / max(room, 1))
        levels = grid.depth - level if leaf else 1
        heights[level] = max(heights[level], ceil(needed / levels))
    for level, lines in enumerate(heights):
        sheet.set_row(top + level, 15.5 * lines + 5)
    for number, column in enumerate(grid.table.columns):
        _number(book, sheet, grid, grid.data_left + number, str(number + 1))
        if column.note:
            sheet.write_comment(
                bottom if len(paths[number]) == grid.depth else top + len(paths[number]) - 1,
                grid.data_left + number, column.note, {"author": "Nhà Sàn", "x_scale": 2},
            )
    for spot in range(grid.data_left):
        _number(book, sheet, grid, spot, "AB"[spot])


def _number(book: Book, sheet: Any, grid: TableGrid, spot: int, text: str) -> None:
    sheet.write_string(grid.number_line, spot, text, book.palette.get("number_line"))


def _boxes(paths: Sequence[tuple[str, ...]]) -> list[tuple[int, int, int, str, bool]]:
    """Return header boxes: first and last column, level, label, whether it is a leaf."""
    found = [
        (number, number, len(path) - 1, path[-1], True) for number, path in enumerate(paths)
    ]
    for level in range(max((len(path) for path in paths), default=0) - 1):
        start = 0
        for number in range(1, len(paths) + 1):
            if number < len(paths) and _same_group(paths[start], paths[number], level):
                continue
            if len(paths[start]) - 1 > level:
                found.append((start, number - 1, level, paths[start][level], False))
            start = number
    return found


def _same_group(one: tuple[str, ...], other: tuple[str, ...], level: int) -> bool:
    deep = len(one) - 1 > level and len(other) - 1 > level
    return deep and one[:level + 1] == other[:level + 1]


def _box(sheet: Any, area: tuple[int, int, int, int], text: str, look: Any) -> None:
    top, left, bottom, right = area
    if (top, left) == (bottom, right):
        sheet.write_string(top, left, text, look)
        return
    sheet.merge_range(top, left, bottom, right, "", look)
    sheet.write_string(top, left, text, look)


def _row(book: Book, sheet: Any, grid: TableGrid, line: int, row: Row) -> None:
    palette = book.palette
    if grid.coded:
        style = "heading" if row.heading else "code"
        _words(sheet, line, 0, shown_code(row), palette.get(style))
    named = book.editable and is_open(grid.table, row)
    style = (
        "heading" if row.heading else "name" if named
        else "label_strong" if row.computed else "label"
    )
    quoted = begins_like_formula(row.label)
    _words(
        sheet, line, grid.label_column, row.label,
        palette.get(style, indent=row.indent, quoted=quoted))
    for number, column in enumerate(grid.table.columns):
        spot = grid.data_left + number
        if row.heading:
            sheet.write_blank(line, spot, None, palette.get("heading"))
        elif grid.table.cell_computed(row, column):
            _computed(book, sheet, grid, (line, spot), row, column)
        else:
            entry = book.answers.cells.get(cell_id(grid.table.id, row.id, column.id))
            _input(book, sheet, (line, spot), column.kind, entry)


def _words(sheet: Any, line: int, spot: int, text: str, look: Any) -> None:
    if text:
        sheet.write_string(line, spot, text, look)
    else:
        sheet.write_blank(line, spot, None, look)


def _computed(
    book: Book, sheet: Any, grid: TableGrid, at: tuple[int, int], row: Row, column: Column,
) -> None:
    number = book.computed.get(cell_id(grid.table.id, row.id, column.id))
    shown: float | str = "" if number is None else float(number)
    look = book.palette.get("computed", decimals=column.kind.decimals)
    formula = _formula(grid, at[0], row, column)
    if formula:
        sheet.write_formula(*at, formula, look, shown)
    elif isinstance(shown, float):
        sheet.write_number(*at, shown, look)
    else:
        sheet.write_blank(*at, None, look)


def _formula(grid: TableGrid, line: int, row: Row, column: Column) -> str | None:
    places = {
        each.id: (grid.data_left + number, each.kind)
        for number, each in enumerate(grid.table.columns)
    }
    if column.computed:
        return row_formula(column, line, places)
    wanted = set(row.sum)
    lines = [grid.data_top + n for n, each in enumerate(grid.rows) if each.id in wanted]
    return sum_formula(lines, places[column.id][0], column.kind)


def _input(
    book: Book, sheet: Any, at: tuple[int, int], kind: Kind, entry: Entry | None,
) -> None:
    if not book.editable:
        style = "shown"
    else:
        style = "words" if kind.name == "text" else "choice" if kind.name == "choice" else "input"
    decimals = kind.decimals if kind.numeric else -1
    if entry is None:
        sheet.write_blank(*at, None, book.palette.get(style, decimals=decimals))
        return
    if kind.numeric and entry.figure is not None and entry.figure.value is not None:
        sheet.write_number(
            *at, float(entry.figure.value), book.palette.get(style, decimals=decimals))
        return
    text = _shown(entry, kind)
    quoted = begins_like_formula(text)
    _words(sheet, *at, text, book.palette.get(style, decimals=decimals, quoted=quoted))


def _shown(entry: Entry, kind: Kind) -> str:
    if entry.figure is None:
        return entry.text
    if entry.figure.value is None:
        return MARKERS[entry.figure.status]
    return show(entry.figure, kind)


def _page(sheet: Any, grid: TableGrid, widths: Sequence[float]) -> None:
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.set_margins(left=0.5, right=0.4, top=0.5, bottom=0.6)
    sheet.center_horizontally()
    sheet.fit_to_pages(pages_across(widths), 0)
    sheet.repeat_rows(grid.header_top, grid.number_line)
    if pages_across(widths) > 1:
        sheet.repeat_columns(0, grid.label_column)
    sheet.set_footer(f"&L&9{_escaped(grid.sheet)}&R&9{phrase('Trang')} &P/&N")
    sheet.freeze_panes(grid.data_top, grid.data_left)
    sheet.hide_gridlines(1)
    sheet.ignore_errors({
        "number_stored_as_text": f"A1:{a1(grid.last_line, grid.last_column)}",
    })


def _escaped(text: str) -> str:
    return text.replace("&", "&&")
