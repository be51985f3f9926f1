"""The cells of a list of people: the first sheet of a workbook, or CSV of any common kind."""

from __future__ import annotations

import csv
import io

from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.forms.contents import Contents
from nhasan.formats.forms.package import opened
from nhasan.formats.forms.refusals import WorkbookDamaged

_MOST_ROWS = 2000
_WORKBOOK = b"PK\x03\x04"
_UNREADABLE = phrase("không đọc được tệp; hãy lưu lại thành .xlsx hoặc .csv (UTF-8)")


def cells_of(content: bytes, most: int = _MOST_ROWS) -> list[list[str]]:
    """Return the rows of a list as texts; refuse what is neither a workbook nor CSV."""
    rows = _workbook(content) if content.startswith(_WORKBOOK) else _csv(content)
    if len(rows) > most:
        raise Invalid(reason=phrase("tệp có quá nhiều dòng"))
    return rows


def _workbook(content: bytes) -> list[list[str]]:
    try:
        package = opened(content)
        if any(package.strays.values()):
            raise Invalid(reason=phrase("bảng tính trải quá rộng"))
        book = Contents(package.for_reader())
        rows = book[next(iter(book))]
    except (WorkbookDamaged, StopIteration) as broken:
        raise Invalid(reason=_UNREADABLE) from broken
    return [[_text(cell) for cell in row] for row in rows]


def _text(cell: object) -> str:
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return "" if cell is None else str(cell)


def _csv(content: bytes) -> list[list[str]]:
    try:
        text = content.decode("utf-8-sig")
        if "\x00" in text:
            raise Invalid(reason=_UNREADABLE)
        first = text[:4000]
        between = max(",;\t", key=first.count)
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except (UnicodeDecodeError, csv.Error) as broken:
        raise Invalid(reason=_UNREADABLE) from broken
