"""The folder of a release: written once, aside, made sure of, and put in place by a rename.

In `<agency>/<id>/<version>/` lie `manifest.json`, `codes.json`, `sources.json`, `<id>.csv` and
`data/indicator=<SET.key>/part.parquet`, one for each indicator.
"""

from __future__ import annotations

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pyarrow as pa
from django.conf import settings

from nhasan.domain.cube import INDICATOR, Cube
from nhasan.domain.identity import Urn, file_part
from nhasan.domain.observations import Status
from nhasan.domain.problems import Conflict, phrase
from nhasan.domain.release import File, Manifest
from nhasan.engines.arrow import COVERAGE, ORIGIN, STATUS
from nhasan.engines.parquet import WRITER, write_table

VALUE = "OBS_VALUE"
CONF = "CONF_STATUS"
UNIT = "UNIT"
MANIFEST = "manifest.json"
CODES = "codes.json"
SOURCES = "sources.json"
DRAFTS = ".drafts"
MEDIA_TYPES = {
    "csv": "text/csv; charset=utf-8", "parquet": "application/vnd.apache.parquet",
    "json": "application/json",
}
# One digit more than the largest integer that engines count with has.
DIGITS = 19


class Damaged(Conflict):
    """Files of a release that are no longer what its manifest says."""

    code = "release-damaged"
    message = phrase("Tệp “{file}” của bản công bố không còn đúng như khi lập. Hãy lập lại bản.")


def published_folder(urn: Urn) -> Path:
    """Return where a published release lies."""
    return Path(settings.RELEASES).joinpath(*urn.folder.split("/")[1:])


def draft_folder(pk: UUID) -> Path:
    """Return where a draft lies until it is published."""
    return Path(settings.RELEASES) / DRAFTS / str(pk)


def data_file(indicator: str) -> str:
    """Return the place of an indicator's figures in the folder."""
    return f"data/indicator={file_part(indicator)}/part.parquet"


@dataclass(frozen=True, slots=True)
class Content:
    """What goes into a folder beside the manifest."""

    cube: Cube
    words: Mapping[str, Any]
    sources: Mapping[int, Mapping[str, Any]]


def write_files(folder: Path, name: str, content: Content) -> tuple[File, ...]:
    """Write every file of a release but the manifest, and return what was written."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    cube = content.cube.aligned().sorted()
    written = [data_file(indicator) for indicator in sorted(set(cube.column(INDICATOR)))]
    for indicator, path in zip(sorted(set(cube.column(INDICATOR))), written, strict=True):
        (folder / path).parent.mkdir(parents=True)
        write_table(_table(cube.select({INDICATOR: {indicator}})), folder / path)
    _write_csv(cube, content.words, folder / f"{name}.csv")
    _write_text(folder / CODES, json.dumps(content.words, ensure_ascii=False))
    _write_text(folder / SOURCES, json.dumps(
        {str(number): source for number, source in content.sources.items()}, ensure_ascii=False,
    ))
    return tuple(_described(folder, path) for path in (*written, f"{name}.csv", CODES, SOURCES))


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the manifest last: a folder without one is not a release."""
    _write_text(folder / MANIFEST, manifest.text())
    _sync_folder(folder)


def read_manifest(folder: Path) -> Manifest:
    """Return the manifest of a folder."""
    return Manifest.from_json(json.loads((folder / MANIFEST).read_text(encoding="utf-8")))


def check(folder: Path, files: Iterable[File]) -> None:
    """Refuse when a file is missing or is no longer what the manifest says."""
    for file in files:
        path = folder / file.path
        if not path.is_file() or path.stat().st_size != file.size or (
            _sha256(path) != file.sha256
        ):
            raise Damaged(file=file.path)


def put_in_place(draft: Path, final: Path) -> None:
    """Move a draft's folder to its final place; doing so twice is doing so once."""
    if final.is_dir() and not draft.is_dir():
        return
    final.parent.mkdir(parents=True, exist_ok=True)
    draft.rename(final)
    for file in final.rglob("*"):
        if file.is_file():
            file.chmod(0o444)
    _sync_folder(final.parent)


def take_back(final: Path, draft: Path) -> None:
    """Move a folder that was put in place, and never said, back to where drafts lie."""
    if draft.is_dir() or not final.is_dir():
        return
    draft.parent.mkdir(parents=True, exist_ok=True)
    final.rename(draft)
    _sync_folder(final.parent)


def remove(folder: Path) -> None:
    """Remove the folder of a draft that was given up."""
    shutil.rmtree(folder, ignore_errors=True)


def writer() -> str:
    """Return which writer made the Parquet files; their bytes depend on it, the content not."""
    return WRITER


def _table(cube: Cube) -> pa.Table:
    """Return the figures of one indicator as they are given to the public."""
    places = max(cube.decimals, default=0)
    columns: dict[str, Any] = {
        dim: pa.array(codes, pa.string()).dictionary_encode()
        for dim, codes in zip(cube.dims, cube.codes, strict=True)
    }
    values: list[Decimal | None] = [cube.value(at) for at in range(len(cube))]
    columns[VALUE] = pa.array(values, pa.decimal128(DIGITS, places))
    columns[STATUS] = pa.array([str(s) for s in cube.statuses], pa.string()).dictionary_encode()
    columns[CONF] = pa.array(_conf(cube.statuses), pa.string()).dictionary_encode()
    columns[COVERAGE] = pa.array(cube.coverage, pa.string()).dictionary_encode()
    columns[ORIGIN] = pa.array(cube.origins, pa.int32())
    return pa.table(columns)


def _conf(statuses: Sequence[str]) -> list[str]:
    return ["C" if status == Status.CONFIDENTIAL else "F" for status in statuses]


def _write_csv(cube: Cube, words: Mapping[str, Any], path: Path) -> None:
    """Write every figure in machine notation; a value that is not shown is empty."""
    units = {code["code"]: code.get("unit", "") for code in words["dims"][0]["codes"]}
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow([*cube.dims, VALUE, STATUS, CONF, UNIT, COVERAGE])
        for key, row, conf in zip(cube.cells(), cube.rows(), _conf(cube.statuses), strict=True):
            shown = "" if row.value is None else f"{row.value:f}"
            out.writerow([*key, shown, str(row.status), conf, units.get(key[0], ""), row.coverage])
        file.flush()
        os.fsync(file.fileno())


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())


def _described(folder: Path, path: str) -> File:
    return File(path, _sha256(folder / path), (folder / path).stat().st_size)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
