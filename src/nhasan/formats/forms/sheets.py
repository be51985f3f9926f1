"""What the XML of a sheet says beyond its values: formulas, merges, and how far it sprawls."""

from __future__ import annotations

import html
import re
import xml.parsers.expat as expat
from collections.abc import Container, Iterator
from dataclasses import dataclass

from nhasan.domain.problems import phrase
from nhasan.formats.forms.refusals import WorkbookDamaged, WorkbookUnsafe

LINE_LIMIT = 50_000
COLUMN_LIMIT = 1_000
DENSE_LIMIT = 4_000_000

_VALUED = re.compile(rb'<(?:\w+:)?c\b(?=[^>]*?\br="([A-Z]{1,3})(\d{1,7})")[^>]*?[^/>]>')
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
    as it is; from another, what lies beyond the limits is cut off, or it is refused: a reader
    that runs out of memory takes the whole service with it.
    """
    if _fits(*extent(xml)):
        return xml
    slim = _ROW.sub(_slim_row, xml)
    if not _fits(*extent(slim)):
        raise WorkbookUnsafe(reason=phrase("bảng tính trải quá rộng"))
    return slim


def _fits(lines: int, columns: int) -> bool:
    return lines <= LINE_LIMIT and columns <= COLUMN_LIMIT and lines * columns <= DENSE_LIMIT


def extent(xml: bytes) -> tuple[int, int]:
    """Return how many lines and columns a reader would lay out for the sheet.

    Read by a real parser: there are more ways to write an attribute than a pattern knows.
    A cell without an address stands beside the one before it.
    """
    measure = _Extent()
    parser = expat.ParserCreate()
    parser.ordered_attributes = True
    parser.StartElementHandler = measure.start
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise WorkbookDamaged from error
    return measure.lines, measure.columns


class _Extent:
    """The farthest line and column met so far, and where the last cell stood."""

    def __init__(self) -> None:
        self.lines = self.columns = 0
        self._line = self._column = 0
        self._known: dict[str, int] = {}

    def start(self, name: str, attributes: list[str]) -> None:
        """Take note of a row or a cell, whatever prefix its name has."""
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(_value(attributes))
        elif tag == "row":
            self._row(_value(attributes))

    def _row(self, number: str) -> None:
        self._line = int(number) if number else self._line + 1
        self._column = 0
        self.lines = max(self.lines, self._line)

    def _cell(self, address: str) -> None:
        if not address:
            self._column += 1
        else:
            letters = address.rstrip("0123456789")
            column = self._known.get(letters)
            if column is None:
                column = self._known[letters] = _letters(letters)
            self._column = column
            self._line = int(address[len(letters):])
            if self._line > self.lines:
                self.lines = self._line
        if self._column > self.columns:
            self.columns = self._column


def _value(attributes: list[str]) -> str:
    """Return the `r` of an element, given as name, value, name, value."""
    for at in range(0, len(attributes), 2):
        if attributes[at] == "r":
            return attributes[at + 1].strip()
    return ""


def _letters(letters: str) -> int:
    """Return the number of a column, from 1; letters that name none are damage."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise ValueError(letters)
    return _index(letters.upper().encode()) + 1


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
