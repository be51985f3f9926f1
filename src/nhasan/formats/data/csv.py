"""CSV in the manner of SDMX-CSV: a column per dimension, then value, status and attributes.

UTF-8, comma, RFC 4180 quotes, decimal point. A missing value is empty and its OBS_STATUS says
why: L not reported, M not applicable, Q confidential.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from nhasan.domain.cube import Cube
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.data.rows import batches, cube_from, lines
from nhasan.formats.format import MEASURES, About, Format

_BATCH = 5_000


def write(cube: Cube, about: About) -> Iterator[bytes]:
    """Yield the file, some thousands of lines at a time."""
    yield _text([[*cube.dims, *MEASURES]])
    for part in batches(lines(cube, about), _BATCH):
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
    return cube_from(header, (line for line in found if line))


def _text(part: list[list[str]]) -> bytes:
    target = io.StringIO(newline="")
    csv.writer(target, lineterminator="\r\n").writerows(part)
    return target.getvalue().encode()


CSV = Format("csv", "text/csv; charset=utf-8", "csv", write, read)
