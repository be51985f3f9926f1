"""JSON as one plain table: what it is, what its codes mean, its columns, its rows.

    {"title": …, "source": …, "release": …, "address": …, "published": …, "licence": …,
     "illustrative": false, "notes": […],
     "dimensions": [{"id": "REF_AREA", "name": "Địa bàn", "codes": {"06": "Bắc Kạn"}}, …],
     "columns": ["INDICATOR", …, "OBS_VALUE", "OBS_STATUS", …],
     "rows": [["NHASAN132:0101", …, "313905", "A", …], …]}

Every cell of a row is text; a value is decimal text, so that no reader rounds it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from nhasan.domain.cube import Cube
from nhasan.domain.problems import Invalid, phrase
from nhasan.formats.data.rows import batches, cube_from, lines
from nhasan.formats.format import MEASURES, About, Format

_BATCH = 2_000


def write(cube: Cube, about: About) -> Iterator[bytes]:
    """Yield the file, some thousands of rows at a time."""
    head = _dumped(_head(cube, about))
    yield f'{head[:-1]},"rows":['.encode()
    before = ""
    for part in batches(lines(cube, about), _BATCH):
        yield (before + ",\n".join(_dumped(line) for line in part)).encode()
        before = ",\n"
    yield b"]}\n"


def read(data: bytes) -> Cube:
    """Return the cube of a file that `write` wrote."""
    try:
        content = json.loads(data)
        return cube_from(content["columns"], content["rows"])
    except (ValueError, KeyError, TypeError) as error:
        raise Invalid(reason=phrase("tệp JSON không đúng cấu trúc bảng số liệu")) from error


def _head(cube: Cube, about: About) -> dict[str, Any]:
    return {
        "title": about.title, "source": about.source, "release": about.release,
        "address": about.address, "published": about.published, "licence": about.licence,
        "illustrative": about.illustrative, "notes": list(about.notes),
        "dimensions": [
            {
                "id": dimension, "name": about.dimension_name(dimension),
                "codes": {code: about.label(dimension, code) for code in codes},
            }
            for dimension, codes in cube.code_sets().items()
        ],
        "columns": [*cube.dims, *MEASURES],
    }


def _dumped(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


JSON = Format("json", "application/json", "json", write, read)
