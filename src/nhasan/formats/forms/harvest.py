"""Take the figures out of the cells of one table, each with what there is to say about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from nhasan.domain.answers import Entry
from nhasan.domain.forms import Column, Kind, Row, Table
from nhasan.domain.numbers import MOST_DIGITS, read_number, read_text
from nhasan.domain.problems import phrase
from nhasan.domain.readings import Reading
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.alignment import Cells, printable
from nhasan.formats.forms.grid import a1, from_a1
from nhasan.formats.forms.sheets import Formula, Sheet

MOST_NOTES = 20

FORMULA = phrase("Ô có công thức; đã lấy kết quả {value}.")
FORMULAS = phrase("Có {count} ô điền bằng công thức; đã lấy kết quả của công thức.")
NO_RESULT = phrase(
    "Ô có công thức nhưng tệp chưa lưu kết quả. Hãy mở tệp bằng Excel, lưu lại, hoặc gõ thẳng "
    "số.")
EXTERNAL = phrase(
    "Ô lấy số từ một tệp khác nên không được nhận. Hãy gõ thẳng số, hoặc dán giá trị.")
MERGED = phrase(
    "Các ô {cells} bị gộp nên không rõ số thuộc ô nào. Hãy bỏ gộp ô rồi điền từng ô.")
DATE = phrase(
    "Bảng tính đã đổi nội dung ô thành ngày hoặc giờ ({text}). Hãy gõ lại số, định dạng ô kiểu "
    "số.")

Told = tuple[Finding, str]


@dataclass(slots=True)
class Harvest:
    """The entries of the cells people fill, and the numbers found in computed cells."""

    cells: dict[str, Entry] = field(default_factory=dict)
    stated: dict[str, Decimal] = field(default_factory=dict)


def harvest(
    into: Harvest, table: Table, rows: Sequence[tuple[Row, int]], columns: Mapping[str, int],
    cells: Cells, sheet: Sheet,
) -> Iterator[Told]:
    """Read every cell of a table; yield findings, each with the address it speaks of."""
    cells = _squared(_with_errors(cells, sheet.errors), max(columns.values(), default=0) + 1)
    lines = {line: row for row, line in rows if not row.heading}
    used = [(each, columns[each.id]) for each in table.columns if each.id in columns]
    yield from _merged(sheet, lines, [spot for _, spot in used])
    open_lines = {
        line: f"{table.id}/{row.id}/" for line, row in lines.items() if not row.computed}
    typed = {
        (each.line, each.column): each
        for each in sheet.formulas_in(open_lines, {
            spot for column, spot in used if not column.computed})
    }
    known: dict[tuple[Kind, str], dict[Any, Entry]] = {}
    for column, spot in used:
        if not column.computed:
            same = known.setdefault((column.kind, column.unit), {})
            yield from _column(into, open_lines, column, spot, cells, typed, same)
        for line, row in lines.items():
            if row.computed or column.computed:
                _state(into, f"{table.id}/{row.id}/{column.id}", cells[line][spot], column)
    yield from _formulas(table, lines, used, cells, typed)


def _squared(cells: Cells, width: int) -> Cells:
    """Make every line as wide as the table: cells that nobody touched are not in the file."""
    if all(len(line) >= width for line in cells):
        return cells
    return [[*line, *[""] * (width - len(line))] for line in cells]


def _with_errors(cells: Cells, found: Mapping[str, str]) -> Cells:
    """Put the spreadsheet's error words where the reader of values gave nothing."""
    if not found:
        return cells
    lines = [list(line) for line in cells]
    for address, text in found.items():
        line, spot = from_a1(address)
        lines += [[] for _ in range(len(lines), line + 1)]
        lines[line] += [""] * (spot + 1 - len(lines[line]))
        lines[line][spot] = text
    return lines


def _column(
    into: Harvest, lines: Mapping[int, str], column: Column, spot: int, cells: Cells,
    typed: Mapping[tuple[int, int], Formula], known: dict[Any, Entry],
) -> Iterator[Told]:
    """Read one column of the lines people fill, each given with the head of its cell ids.

    `known` remembers what was clear, so that the same value is read once, however often it
    stands there.
    """
    for line, head in lines.items():
        value = cells[line][spot]
        name = head + column.id
        formula = typed.get((line, spot)) if typed else None
        if formula is not None and (formula.external or value == ""):
            into.cells[name] = Entry(f"={formula.text}")
            continue
        mark = value if value.__class__ is float else (value.__class__, value)
        entry = known.get(mark)
        if entry is None:
            if value == "":
                continue
            reading = _read(value, column)
            entry = reading.entry
            if reading.finding is not None:
                yield replace(reading.finding, cell=name), a1(line, spot)
            else:
                known[mark] = entry
        if entry.text.strip():
            into.cells[name] = entry


def _state(into: Harvest, name: str, value: Any, column: Column) -> None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if not abs(value) < 10**MOST_DIGITS:  # overflowed, or no number at all
            return
        into.stated[name] = Decimal(format(value, ".15g"))
    elif isinstance(value, str) and value.strip():
        figure = read_text(value, column.kind, column.unit).entry.figure
        if figure is not None and figure.value is not None:
            into.stated[name] = figure.value


def _read(value: Any, column: Column) -> Reading:
    if isinstance(value, str):
        return read_text(printable(value), column.kind, column.unit)
    if isinstance(value, (int, float)):
        return read_number(value, column.kind, column.unit)
    text = moment_text(value)
    if column.kind.name == "text":
        return Reading(Entry(text))
    finding = Finding("date-in-number", Severity.ERROR, DATE.format(text=text))
    return Reading(Entry(text), finding)


def moment_text(value: Any) -> str:
    """Return a date or an hour as people write it here."""
    if isinstance(value, datetime) and value.time() != time():
        return value.strftime("%d/%m/%Y %H:%M")
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y")
    return str(value)


def _formulas(
    table: Table, lines: Mapping[int, Row], used: Sequence[tuple[Column, int]], cells: Cells,
    typed: Mapping[tuple[int, int], Formula],
) -> Iterator[Told]:
    """Say which cells were filled by a formula; many are told in one line."""
    names = {spot: column.id for column, spot in used}
    plain = []
    for (line, spot), formula in typed.items():
        cell = f"{table.id}/{lines[line].id}/{names[spot]}"
        value = cells[line][spot]
        if str(value).startswith("#"):
            continue
        if formula.external:
            yield Finding("formula-external", Severity.ERROR, EXTERNAL, cell), a1(line, spot)
        elif value == "":
            yield Finding("formula-empty", Severity.ERROR, NO_RESULT, cell), a1(line, spot)
        else:
            plain.append((cell, a1(line, spot), value))
    if len(plain) > MOST_NOTES:
        message = FORMULAS.format(count=len(plain))
        yield Finding("formula-used", Severity.NOTE, message, plain[0][0]), plain[0][1]
        return
    for cell, address, value in plain:
        shown = format(value, ".15g") if isinstance(value, float) else str(value)
        message = FORMULA.format(value=shown.replace(".", ","))
        yield Finding("formula-used", Severity.NOTE, message, cell), address


def _merged(sheet: Sheet, lines: Mapping[int, Row], spots: Sequence[int]) -> Iterator[Told]:
    if not lines or not spots:
        return
    for top, left, bottom, right in sheet.merges:
        touched = any(line in lines for line in range(top, min(bottom, max(lines)) + 1))
        if touched and any(left <= spot <= right for spot in spots):
            cells = f"{a1(top, left)}:{a1(bottom, right)}"
            yield (
                Finding(
                    "cells-merged", Severity.ERROR, MERGED.format(cells=cells), where=cells),
                a1(top, left),
            )
