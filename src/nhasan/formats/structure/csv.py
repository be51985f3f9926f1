"""An indicator set as CSV: a line for each indicator, a column for each field, UTF-8.

Columns are headed in words, as in the workbook; the names of the fields are read as well.
"""

from __future__ import annotations

import codecs
import csv
import io

from nhasan.domain.indicators import FIELDS
from nhasan.domain.problems import phrase
from nhasan.domain.words import Words
from nhasan.formats.structure.sheets import (
    Fault,
    Reading,
    SetFile,
    StructureFormat,
    table,
    text_of,
)

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write(found: SetFile) -> bytes:
    """Return the file; the byte-order mark keeps Excel from taking it for another alphabet."""
    target = io.StringIO(newline="")
    lines = csv.writer(target, lineterminator="\r\n")
    lines.writerow(FIELDS.values())
    for sheet in found.sheets:
        lines.writerow([_inert(text_of(name, sheet.get(name))) for name in FIELDS])
    return codecs.BOM_UTF8 + target.getvalue().encode()


def read(data: bytes) -> Reading:
    """Return what the file says, or what is wrong in it by line and column."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Reading(faults=[Fault(Words(phrase("tệp CSV phải dùng bảng mã UTF-8")))])
    first, _, _ = text.partition("\n")
    comma = ";" if first.count(";") > first.count(",") else ","
    try:
        lines = list(csv.reader(io.StringIO(text, newline=""), delimiter=comma))
    except csv.Error:
        return Reading(faults=[Fault(Words(phrase("tệp CSV bị hỏng")))])
    return table([[_as_it_was(text) for text in line] for line in lines], "", first=1)


def _inert(text: str) -> str:
    """Return text that a spreadsheet takes for text."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def _as_it_was(text: str) -> str:
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _FORMULA else text


CSV = StructureFormat("csv", "text/csv; charset=utf-8", "csv", write, read)
