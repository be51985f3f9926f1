"""Figures of large releases as columns in files that are mapped where they are read.

What is mapped costs a process no memory of its own: all processes share the pages that the
system keeps. The files follow from the release and may be thrown away at any time.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from django.conf import settings

from nhasan.domain.identity import Urn, file_part

SHELF = ".shelf"
_LAYOUT = "1"
"""Goes into the names: files of another layout are not read."""


def path_of(urn: Urn, indicator: str) -> Path:
    """Return where the columns of one indicator lie."""
    place = Path(settings.RELEASES).joinpath(SHELF, *urn.folder.split("/")[1:])
    return place / f"{file_part(indicator)}.{_LAYOUT}.arrow"


def mapped(path: Path, made: Callable[[], Mapping[str, Any]]) -> pa.RecordBatch:
    """Return columns by name, mapped; they are made and written down the first time."""
    if not path.exists():
        _write(path, made())
    with pa.memory_map(str(path)) as file:
        return pa.ipc.open_file(file).get_batch(0)


def _write(path: Path, columns: Mapping[str, Any]) -> None:
    """Write aside and put in place, so that nobody ever maps half a file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    batch = pa.RecordBatch.from_arrays(list(columns.values()), names=list(columns))
    with pa.OSFile(str(aside), "wb") as file, pa.ipc.new_file(file, batch.schema) as out:
        out.write_batch(batch)
    aside.replace(path)
