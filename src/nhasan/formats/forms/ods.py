"""A spreadsheet of LibreOffice (.ods), read in one pass by a parser that keeps to its limits.

The format repeats cells and lines by number, so that a file of a few bytes may mean millions
of cells: what repeats is made only where something stands in it, and only so often.
"""

from __future__ import annotations

import io
import xml.parsers.expat as expat
import zipfile
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from nhasan.domain.problems import phrase
from nhasan.formats.forms.package import DAMAGE, refuse_declarations, refuse_unsafe_archive
from nhasan.formats.forms.refusals import (
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookUnsafe,
    WorkbookWithMacros,
)
from nhasan.formats.forms.sheets import (
    CELL_LIMIT,
    COLUMN_LIMIT,
    LINE_LIMIT,
    MERGE_LIMIT,
    Formula,
    Sheet,
)

MIME = b"application/vnd.oasis.opendocument.spreadsheet"
_NOTES = ("annotation", "shapes")  # words that stand beside a cell, not in it


@dataclass(slots=True)
class OdsSheet:
    """One sheet: its lines of values, and what it holds beyond them."""

    name: str
    cells: list[list[Any]] = field(default_factory=list)
    sheet: Sheet = field(default_factory=Sheet)


def is_ods(data: bytes) -> bool:
    """Tell whether the bytes are a zip that calls itself a spreadsheet of LibreOffice."""
    return MIME in data[:200]


def read_ods(data: bytes) -> list[OdsSheet]:
    """Return the sheets of an .ods file, or refuse it with the reason."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [entry.filename for entry in archive.infolist()]
            refuse_unsafe_archive(archive.infolist())
            if any(name.startswith(("Basic/", "Scripts/")) for name in names):
                raise WorkbookWithMacros
            if "META-INF/manifest.xml" in names and b"encryption-data" in archive.read(
                    "META-INF/manifest.xml"):
                raise WorkbookEncrypted
            content = archive.read("content.xml")
    except (*DAMAGE, KeyError) as error:
        raise WorkbookDamaged from error
    refuse_declarations(content)
    return _Reader(content).sheets


@dataclass(slots=True)
class _Cell:
    """The cell that is open: how often it stands there, and what it says."""

    times: int
    kind: str
    value: str
    formula: str
    merged: tuple[int, int]
    words: list[str] = field(default_factory=list)

    def content(self) -> Any:
        """Return the value as a reader of workbooks gives it; "" where nothing stands."""
        if self.kind in ("float", "percentage", "currency"):
            return float(self.value)
        if self.kind == "boolean":
            return self.value == "true"
        if self.kind == "date":
            return _moment(self.value)
        return "".join(self.words).rstrip("\n")


def _moment(text: str) -> date | datetime:
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


class _Reader:
    """Follows the parser through sheets, lines and cells."""

    def __init__(self, content: bytes) -> None:
        self.sheets: list[OdsSheet] = []
        self._kept = 0
        self._deep = 0  # tables within tables are charts and the like
        self._beside = 0
        self._line: list[Any] = []
        self._times = 1
        self._at = 0
        self._cell: _Cell | None = None
        self._inside = False
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(content, True)
        except (expat.ExpatError, ValueError) as error:
            raise WorkbookDamaged from error

    def _start(self, name: str, given: dict[str, str]) -> None:
        space, _, tag = _short(name).partition(":")
        attributes = {_short(each): value for each, value in given.items()}
        if tag in _NOTES:
            self._beside += 1
        elif tag == "table" and space == "table":
            self._deep += 1
            if self._deep == 1:
                self.sheets.append(OdsSheet(attributes.get("table:name", "")))
                self._at = 0
        elif self._deep != 1 or self._beside:
            return
        elif tag == "table-row":
            self._line = []
            self._times = _number(attributes, "table:number-rows-repeated")
        elif tag in ("table-cell", "covered-table-cell"):
            self._cell = _opened(attributes, covered=tag.startswith("covered"))
        elif space == "text":
            self._words(tag, attributes)

    def _words(self, tag: str, attributes: dict[str, str]) -> None:
        if self._cell is None:
            return
        if tag == "p":
            self._inside = True
        elif tag == "s":
            self._cell.words.append(" " * min(_number(attributes, "text:c"), 100))
        elif tag in ("tab", "line-break"):
            self._cell.words.append("\n" if tag == "line-break" else " ")

    def _text(self, words: str) -> None:
        if self._inside and self._cell is not None and not self._beside:
            self._cell.words.append(words)

    def _end(self, name: str) -> None:
        space, _, tag = _short(name).partition(":")
        if tag in _NOTES:
            self._beside -= 1
        elif tag == "table" and space == "table":
            self._deep -= 1
        elif self._deep != 1 or self._beside:
            return
        elif tag == "p" and space == "text" and self._cell is not None:
            self._inside = False
            self._cell.words.append("\n")
        elif tag in ("table-cell", "covered-table-cell") and self._cell is not None:
            self._close_cell(self._cell)
        elif tag == "table-row":
            self._close_line()

    def _close_cell(self, cell: _Cell) -> None:
        self._cell, value = None, cell.content()
        sheet, line = self.sheets[-1].sheet, len(self._line)
        if cell.formula:
            sheet.formulas.append(Formula(self._at, line, cell.formula, valued=value != ""))
        down, across = cell.merged
        if down * across > 1 and len(sheet.merges) < MERGE_LIMIT:
            sheet.merges.append((self._at, line, self._at + down - 1, line + across - 1))
        room = COLUMN_LIMIT - line
        if value != "" and cell.times > room:
            raise WorkbookUnsafe(reason=phrase("bảng tính trải quá rộng"))
        self._line += [value] * min(cell.times, max(room, 0))

    def _close_line(self) -> None:
        while self._line and self._line[-1] == "":
            self._line.pop()
        if self._line:
            self._keep()
        self._at += self._times

    def _keep(self) -> None:
        """Lay the line down as often as it stands there, after the empty ones before it."""
        cells = self.sheets[-1].cells
        if self._at + self._times > LINE_LIMIT:
            raise WorkbookUnsafe(reason=phrase("bảng tính trải quá rộng"))
        self._kept += self._times * len(self._line)
        if self._kept > CELL_LIMIT:
            raise WorkbookUnsafe(reason=phrase("bảng tính có quá nhiều ô"))
        cells += [[] for _ in range(self._at - len(cells))]
        cells += [list(self._line) for _ in range(self._times)]


@lru_cache(maxsize=2_000)
def _short(name: str) -> str:
    """Return `table:table-cell` for the full name, whatever prefix the file gave it.

    The names of the format end in the room and its version: `…:xmlns:table:1.0`.
    """
    space, _, tag = name.rpartition(" ")
    parts = space.split(":")
    return f"{parts[-2] if len(parts) > 1 else space}:{tag}"


def _opened(attributes: dict[str, str], *, covered: bool) -> _Cell:
    if covered:
        return _Cell(_number(attributes, "table:number-columns-repeated"), "", "", "", (1, 1))
    kind = attributes.get("office:value-type", "")
    value = attributes.get("office:value") or attributes.get("office:date-value") \
        or attributes.get("office:boolean-value") or ""
    merged = (_number(attributes, "table:number-rows-spanned"),
              _number(attributes, "table:number-columns-spanned"))
    return _Cell(
        _number(attributes, "table:number-columns-repeated"), kind, value,
        attributes.get("table:formula", ""), merged)


def _number(attributes: dict[str, str], name: str) -> int:
    text = attributes.get(name, "1")
    return int(text) if text.isdecimal() and len(text) < 9 else 1
