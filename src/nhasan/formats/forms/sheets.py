"""What the XML of a sheet says beyond its values: formulas, merges, and how far it sprawls.

Everything is read by a real parser in one pass. There are more ways to write an attribute than
a pattern knows, and a pattern can be kept busy for hours by a file made for that.
"""

from __future__ import annotations

import re
import xml.parsers.expat as expat
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

from nhasan.domain.problems import phrase
from nhasan.formats.forms.refusals import WorkbookDamaged, WorkbookUnsafe

LINE_LIMIT = 50_000
COLUMN_LIMIT = 1_000
DENSE_LIMIT = 4_000_000
CELL_LIMIT = 500_000
MERGE_LIMIT = 20_000

_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_EXTERNAL = re.compile(r"\[\d{1,9}\]|'[^'\[]*\[[^\]]+\]|\|'?[^'!]+'?!|(?:file|https?)://")
_MOST_WORDS = 40_000  # a formula or an error is far shorter in every spreadsheet program


@dataclass(slots=True)
class Formula:
    """A formula found in a cell; `valued` tells whether its last result was saved."""

    line: int
    column: int
    text: str = ""
    valued: bool = False

    @property
    def external(self) -> bool:
        """Tell whether it reads another file: `[1]Sheet1!A1`, or a link to a program."""
        return bool(_EXTERNAL.search(self.text))


@dataclass(slots=True)
class Sheet:
    """What a sheet holds: how many lines and columns a reader would lay out, and what else.

    Lines and columns of formulas and merged ranges (first line, first column, last line, last
    column) count from 0. `errors` are the spreadsheet's words (`#DIV/0!`) by address: a reader
    of values gives nothing for them, and nothing must not stand for an error.
    """

    lines: int = 0
    columns: int = 0
    cells: int = 0
    formulas: list[Formula] = field(default_factory=list)
    errors: dict[str, str] = field(default_factory=dict)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)

    @property
    def fits(self) -> bool:
        """Tell whether a reader that lays the sheet out as a rectangle has room for it."""
        return (
            self.lines <= LINE_LIMIT and self.columns <= COLUMN_LIMIT
            and self.lines * self.columns <= DENSE_LIMIT
        )

    def formulas_in(self, lines: Container[int], columns: Container[int]) -> Iterator[Formula]:
        """Yield the formulas that stand in these lines and columns."""
        return (
            each for each in self.formulas if each.line in lines and each.column in columns
        )


def measured(xml: bytes) -> tuple[bytes, Sheet, list[str]]:
    """Return a sheet that a reader has room for, what it holds, and what was cut off.

    Excel writes a cell for every square that was ever coloured, and a reader that lays a
    sheet out as a rectangle then needs room for millions. A sheet of normal size is returned
    as it is; from another, what lies beyond the limits is cut off (the addresses of cells with
    content are named), or it is refused: a reader that runs out of memory takes the whole
    service with it.
    """
    sheet = scan(xml)
    if sheet.fits:
        return xml, sheet, []
    cutter = _Cutter(xml)
    slim = cutter.kept()
    sheet = scan(slim)
    if not sheet.fits:
        raise WorkbookUnsafe(reason=phrase("bảng tính trải quá rộng"))
    return slim, sheet, cutter.strays


def scan(xml: bytes) -> Sheet:
    """Read a sheet once. A cell without an address stands beside the one before it."""
    scanner = _Scanner()
    _parse(scanner.parser, xml)
    return scanner.sheet


def _parse(parser: expat.XMLParserType, xml: bytes) -> None:
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise WorkbookDamaged from error


class _Place:
    """Where the row or cell just opened stands, counted from 1."""

    def __init__(self) -> None:
        self.line = self.column = 0
        self._known: dict[str, int] = {}

    def row(self, number: str) -> None:
        """Go to a row: by its number, or to the one below."""
        self.line = int(number) if number else self.line + 1
        self.column = 0

    def cell(self, address: str) -> None:
        """Go to a cell: by its address, or to the one beside."""
        if not address:
            self.column += 1
            return
        letters = address.rstrip("0123456789")
        column = self._known.get(letters)
        if column is None:
            column = self._known[letters] = _letters(letters)
        self.column = column
        self.line = int(address[len(letters):])


class _Scanner:
    """Follows the parser through rows and cells; listens to words only where they matter."""

    def __init__(self) -> None:
        self.sheet = Sheet()
        self._place = _Place()
        self._formula: Formula | None = None
        self._wrong = ""
        self._merged = 0
        self._heard: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.ordered_attributes = True
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start

    def _start(self, name: str, attributes: list[str]) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c":
            self._cell(attributes)
        elif tag == "v":
            self._value()
        elif tag == "f":
            self._formula = Formula(self._place.line - 1, self._place.column - 1)
            self.sheet.formulas.append(self._formula)
            self._listen()
        elif tag == "row":
            self._place.row(_attribute(attributes, "r"))
            self.sheet.lines = max(self.sheet.lines, self._place.line)
        elif tag == "mergeCell":
            self._merge(_attribute(attributes, "ref"))

    def _cell(self, attributes: list[str]) -> None:
        sheet, place = self.sheet, self._place
        address = kind = ""
        for at in range(0, len(attributes), 2):
            if attributes[at] == "r":
                address = attributes[at + 1].strip()
            elif attributes[at] == "t":
                kind = attributes[at + 1]
        place.cell(address)
        if place.line > sheet.lines:
            sheet.lines = place.line
        if place.column > sheet.columns:
            sheet.columns = place.column
        sheet.cells += 1
        if sheet.cells > CELL_LIMIT:
            raise WorkbookUnsafe(reason=phrase("bảng tính có quá nhiều ô"))
        self._formula = None
        self._wrong = address if kind == "e" else ""

    def _value(self) -> None:
        if self._formula is not None:
            self._formula.valued = True
        if self._wrong:
            self._listen()

    def _merge(self, area: str) -> None:
        found = _RANGE.fullmatch(area)
        if found is None:
            return
        if len(self.sheet.merges) >= MERGE_LIMIT:
            raise WorkbookUnsafe(reason=phrase("bảng tính có quá nhiều ô gộp"))
        left, top, right, bottom = found.groups()
        lines, columns = int(bottom) - int(top) + 1, _letters(right) - _letters(left) + 1
        self._merged += max(lines, 1) * max(columns, 1)
        if self._merged > CELL_LIMIT:  # an editor makes every cell of it
            raise WorkbookUnsafe(reason=phrase("bảng tính có vùng ô gộp quá rộng"))
        self.sheet.merges.append(
            (int(top) - 1, _letters(left) - 1, int(bottom) - 1, _letters(right) - 1))

    def _listen(self) -> None:
        self._heard = []
        self.parser.CharacterDataHandler = self._words
        self.parser.EndElementHandler = self._end

    def _words(self, words: str) -> None:
        self._heard.append(words)

    def _end(self, name: str) -> None:
        self.parser.CharacterDataHandler = None
        self.parser.EndElementHandler = None
        said = "".join(self._heard)[:_MOST_WORDS]
        if name.rpartition(":")[2] == "f" and self._formula is not None:
            self._formula.text = said
        elif self._wrong:
            self.sheet.errors[self._wrong] = said


class _Cutter:
    """Finds the bytes of rows and cells that lie too far out, or hold nothing, to leave them out.

    Leaving one out would move what stands beside it without an address: such a sheet is refused.
    """

    def __init__(self, xml: bytes) -> None:
        self.strays: list[str] = []
        self._xml = xml
        self._place = _Place()
        self._gone: list[tuple[int, int]] = []
        self._row = self._cell = -1
        self._address = ""
        self._row_kept = self._filled = self._bare = False
        self.parser = expat.ParserCreate()
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._words
        _parse(self.parser, xml)

    def kept(self) -> bytes:
        """Return the sheet without what was found."""
        parts, at = [], 0
        for start, end in self._gone:
            parts.append(self._xml[at:start])
            at = end
        return b"".join((*parts, self._xml[at:]))

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        tag = name.rpartition(":")[2]
        self._bare = True
        if tag in ("row", "c") and not attributes.get("r", "").strip():
            raise WorkbookUnsafe(reason=phrase("bảng tính trải quá rộng"))
        if tag == "row":
            self._place.row(attributes["r"].strip())
            self._row, self._row_kept = self.parser.CurrentByteIndex, False
        elif tag == "c":
            self._address = attributes["r"].strip()
            self._place.cell(self._address)
            self._cell, self._filled = self.parser.CurrentByteIndex, False
        elif self._cell >= 0:
            self._filled = True

    def _words(self, words: str) -> None:
        self._bare = False
        if self._cell >= 0 and words.strip():
            self._filled = True

    def _end(self, name: str) -> None:
        tag = name.rpartition(":")[2]
        if tag == "c" and self._cell >= 0:
            self._end_cell()
        elif tag == "row" and self._row >= 0:
            if not self._row_kept:
                self._cut(self._row)
            self._row = -1
        self._bare = False

    def _end_cell(self) -> None:
        far = self._place.line > LINE_LIMIT or self._place.column > COLUMN_LIMIT
        if far and self._filled and len(self.strays) < MERGE_LIMIT:
            self.strays.append(self._address)
        if far or not self._filled:
            self._cut(self._cell)
        else:
            self._row_kept = True
        self._cell = -1

    def _cut(self, start: int) -> None:
        at = self.parser.CurrentByteIndex
        closed = self._bare and self._xml[at - 2:at] == b"/>"
        end = at if closed else self._xml.index(b">", at) + 1
        while self._gone and self._gone[-1][0] >= start:  # cells of a row that goes as a whole
            self._gone.pop()
        self._gone.append((start, end))


def _attribute(attributes: list[str], wanted: str) -> str:
    """Return an attribute of an element, given as name, value, name, value."""
    for at in range(0, len(attributes), 2):
        if attributes[at] == wanted:
            return attributes[at + 1].strip()
    return ""


def _letters(letters: str) -> int:
    """Return the number of a column, from 1; letters that name none are damage."""
    if not (letters.isascii() and letters.isalpha() and len(letters) <= 3):
        raise ValueError(letters)
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number
