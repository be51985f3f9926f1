"""What the XML of a sheet says beyond its values: formulas, merges, and how far it sprawls."""

from __future__ import annotations

import html
import re
from collections.abc import Container, Iterator
from dataclasses import dataclass

LINE_LIMIT = 50_000
COLUMN_LIMIT = 1_000
DENSE_LIMIT = 4_000_000

_FAR = re.compile(rb'r="[A-Z]{3}\d')
_TWO_LETTERS = 702
_COLUMNS = re.compile(rb'<(?:\w+:)?c\b[^>]*?\br="([A-Z]{1,3})\d')
_VALUED = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*?\br="([A-Z]{1,3})(\d{1,7})")[^>]*?[^/>]>')
_LINES = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,9})"')
_ROW = re.compile(rb"<(\w+:)?row\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?row>)", re.DOTALL)
_CELL = re.compile(rb"<(\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ADDRESS = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
_NUMBER = re.compile(rb'\br="(\d{1,9})"')
_FORMULA = re.compile(
    rb'r="([A-Z]{1,3})(\d{1,7})"[^<>]*>\s*<(?:\w+:)?f\b[^>]*?'
    rb"(?:/>|>(.*?)</(?:\w+:)?f>)(\s*<(?:\w+:)?v\b[^/>]*>)?",
    re.DOTALL,
)
_ERROR = re.compile(
    rb'<(?:\w+:)?c\b(?=[^>]*?\bt="e")[^>]*?\br="([A-Z]{1,3}\d{1,7})"[^>]*>'
    rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
    re.DOTALL,
)
_MERGE = re.compile(
    rb'<(?:\w+:)?mergeCell\b[^>]*?\bref="([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})"'
)


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula found in a cell; `valued` tells whether its last result was saved."""

    line: int
    column: int
    text: str
    valued: bool

    @property
    def external(self) -> bool:
        """Tell whether it reads another file: `[1]Sheet1!A1`, or a link to a program."""
        return bool(re.search(r"\[\d+\]|'[^']*\[[^\]]+\]|\|'?[^']+'?!", self.text))


def formulas(
    xml: bytes, lines: Container[int], columns: Container[int],
) -> Iterator[Formula]:
    """Yield the formulas that stand in these lines and columns, counted from 0."""
    if b"<f" not in xml and b":f" not in xml:
        return
    known: dict[bytes, int] = {}
    for found in _FORMULA.finditer(xml):
        letters, digits, text, result = found.groups()
        column = known.get(letters)
        if column is None:
            column = known[letters] = _index(letters)
        line = int(digits) - 1
        if column in columns and line in lines:
            written = html.unescape((text or b"").decode("utf-8", "replace"))
            yield Formula(line, column, written, result is not None)


def errors(xml: bytes) -> dict[str, str]:
    """Return the spreadsheet errors (`#DIV/0!`) of a sheet by address.

    A reader of values gives nothing for them, and nothing must not stand for an error.
    """
    if b't="e"' not in xml:
        return {}
    return {
        address.decode(): text.decode("utf-8", "replace") for address, text in _ERROR.findall(xml)
    }


def merges(xml: bytes) -> list[tuple[int, int, int, int]]:
    """Return the merged ranges: first line, first column, last line, last column, from 0."""
    start = xml.rfind(b"</sheetData>") if b"</sheetData>" in xml else 0
    return [
        (int(top) - 1, _index(left), int(bottom) - 1, _index(right))
        for left, top, right, bottom in _MERGE.findall(xml, start)
    ]


def slim_sheet(xml: bytes) -> bytes:
    """Return the sheet without cells so far out that a reader would fill memory with nothing.

    Excel writes a cell for every square that was ever coloured, and a reader that lays a
    sheet out as a rectangle then needs room for millions. A sheet of normal size is returned
    as it is; from another, everything beyond the limits is cut off.
    """
    lines = max((int(line) for line in _LINES.findall(xml)), default=0)
    if not _FAR.search(xml) and lines <= LINE_LIMIT and lines * _TWO_LETTERS <= DENSE_LIMIT:
        return xml
    columns = {_index(column) for column in set(_COLUMNS.findall(xml))}
    width = max(columns, default=0) + 1
    if lines <= LINE_LIMIT and width <= COLUMN_LIMIT and lines * width <= DENSE_LIMIT:
        return xml
    return _ROW.sub(_slim_row, xml)


def strays(xml: bytes) -> list[str]:
    """Return the addresses of cells with content that lie beyond the limits."""
    return [
        (column + line).decode() for column, line in _VALUED.findall(xml)
        if int(line) > LINE_LIMIT or _index(column) >= COLUMN_LIMIT
    ]


def _slim_row(row: re.Match[bytes]) -> bytes:
    content = row[3]
    number = _NUMBER.search(row[2])
    if content is None or (number and int(number[1]) > LINE_LIMIT):
        return b""
    kept = _CELL.sub(_slim_cell, content)
    return row[0].replace(content, kept, 1) if kept.strip() else b""


def _slim_cell(cell: re.Match[bytes]) -> bytes:
    address = _ADDRESS.search(cell[2])
    if not cell[3] or (address and _index(address[1]) >= COLUMN_LIMIT):
        return b""
    return cell[0]


def _index(column: bytes) -> int:
    number = 0
    for letter in column:
        number = number * 26 + letter - 64
    return number - 1
