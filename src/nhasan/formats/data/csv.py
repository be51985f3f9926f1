"""CSV in the manner of SDMX-CSV: a column per dimension, then value, status and attributes.

UTF-8, comma, RFC 4180 quotes, decimal point. A missing value is empty and its OBS_STATUS says
why: L not reported, M not applicable, Q confidential.

Programs get codes alone. For people (`About.named`, in an address `labels=name`, as SDMX-CSV 2.0
calls it) a column with names stands after each column of codes, and a byte-order mark in front,
without which Excel takes Vietnamese for another alphabet.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence

from nhasan.domain.cube import Cube
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.data.rows import batches, cube_from, lines
from nhasan.formats.format import CONF_STATUS, MEASURES, OBS_STATUS, About, Format

_BATCH = 5_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ID = re.compile(r"[A-Z][A-Z0-9_]*")


def write(cube: Cube, about: About) -> Iterator[bytes]:
    """Yield the file, some thousands of lines at a time."""
    header = (*cube.dims, *MEASURES)
    coded = {*cube.dims, OBS_STATUS, CONF_STATUS} if about.named else set[str]()
    names = [text for name in header for text in (
        (name, _name_column(name, about)) if name in coded else (name,))]
    yield (codecs.BOM_UTF8 if about.named else b"") + _text([names])
    found = lines(cube, about)
    for part in batches(_named(found, header, coded, about) if coded else found, _BATCH):
        yield _text(part)


def read(data: bytes) -> Cube:
    """Return the cube of a file that `write` wrote."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Invalid(reason=phrase("tệp CSV phải dùng bảng mã UTF-8")) from error
    found = csv.reader(io.StringIO(text, newline=""))
    header = next(found, None)
    if header is None:
        raise Invalid(reason=phrase("tệp CSV rỗng"))
    kept = [at for at, name in enumerate(header) if _ID.fullmatch(name)]
    if len(kept) == len(header):
        return cube_from(header, (line for line in found if line))
    return cube_from(
        [header[at] for at in kept],
        ([_as_it_was(line[at]) for at in kept if at < len(line)] for line in found if line),
    )


def _inert(text: str) -> str:
    """Return text that a spreadsheet takes for text: villages are called as somebody typed."""
    return f"'{text}" if text.lstrip("'")[:1] in _FORMULA else text


def _as_it_was(text: str) -> str:
    """Return text as it was before it was made inert."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _FORMULA else text


def _name_column(name: str, about: About) -> str:
    """Return the head of a column of names; never one that could be taken for an id."""
    words = about.dimension_name(name)
    return phrase("Tên của {0}").format(name) if _ID.fullmatch(words) else words


def _named(found: Iterable[Sequence[str]], header: Sequence[str], coded: set[str],
           about: About) -> Iterator[list[str]]:
    """Yield each line with what its codes are called beside them."""
    for line in found:
        told: list[str] = []
        for name, text in zip(header, line, strict=True):
            told += [_inert(text), _inert(about.label(name, text))] if name in coded else [text]
        yield told


def _text(part: list[list[str]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerows(part)
    return target.getvalue().encode()


CSV = Format("csv", "text/csv; charset=utf-8", "csv", write, read)
