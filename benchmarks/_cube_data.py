"""A cube of a given size in release files, and the same figures as lines of PostgreSQL's COPY.

Every place (country, 34 provinces, 3,321 communes) × ten years × 54 groups with their total,
one indicator after the other until the size is reached. Values are drawn from the seed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.csv

from nhasan.domain.cube import FIXED
from nhasan.domain.identity import Urn
from nhasan.domain.release import File, Manifest
from nhasan.engines.parquet import write_table
from nhasan.releases import folder

URN = Urn.parse("DO:KHOI(1.0.0)")
GROUP = "ETHNIC_GROUP"
DIMS = (*FIXED, GROUP)
PROVINCES = [f"{at:02}" for at in range(1, 35)]
COMMUNES = [f"{at:05}" for at in range(1, 3322)]
YEARS = [str(year) for year in range(2016, 2026)]
GROUPS = ["_T", *(f"{at:02}" for at in range(1, 55))]
PLACES = [("country", "VN"), *(("province", code) for code in PROVINCES),
          *(("commune", code) for code in COMMUNES)]
OF_ONE = len(PLACES) * len(YEARS) * len(GROUPS)
_LEVELS = ["country", "province", "commune"]


def indicators(size: int) -> list[str]:
    """Return as many indicators as a cube of this size has."""
    return [f"DO:{at:03}" for at in range(1, max(1, round(size / OF_ONE)) + 1)]


def figures(ref: str) -> pa.Table:
    """Return the figures of one indicator, in the layout and order of a release file."""
    places, years, groups = len(PLACES), len(YEARS), len(GROUPS)
    seed = int(ref.rpartition(":")[2])
    values = np.random.default_rng(seed).integers(0, 100_000, OF_ONE)
    hidden = values % 50 == 0
    place = np.repeat(np.arange(places), years * groups)
    level = np.array([_LEVELS.index(each) for each, _code in PLACES])[place]
    return pa.table({
        "INDICATOR": coded([ref], np.zeros(OF_ONE)),
        "AREA_LEVEL": coded(_LEVELS, level),
        "REF_AREA": coded([code for _level, code in PLACES], place),
        "TIME_PERIOD": coded(YEARS, np.tile(np.repeat(np.arange(years), groups), places)),
        GROUP: coded(GROUPS, np.tile(np.arange(groups), places * years)),
        folder.VALUE: pa.array(values, mask=hidden).cast(pa.decimal128(folder.DIGITS, 0)),
        "OBS_STATUS": coded(["A", "Q"], hidden),
        folder.CONF: coded(["F", "C"], hidden),
        "COVERAGE": coded(["", "54/54"], np.tile(np.arange(groups) == 0, places * years)),
        "ORIGIN": pa.array(np.full(OF_ONE, -1, np.int32)),
    })


def coded(codes: list[str], at: Any) -> pa.DictionaryArray:
    """Return a column of codes from their numbers."""
    return pa.DictionaryArray.from_arrays(pa.array(at.astype(np.int32)), pa.array(codes))


def write(size: int) -> int:
    """Write the release, as it lies once it is published, and return its number of figures."""
    place = folder.published_folder(URN)
    refs = indicators(size)
    files = []
    for ref in refs:
        path = place / folder.data_file(ref)
        path.parent.mkdir(parents=True)
        write_table(figures(ref), path)
        files.append(File(folder.data_file(ref), "", path.stat().st_size))
    codes = {"INDICATOR": refs, "AREA_LEVEL": _LEVELS, "TIME_PERIOD": YEARS, GROUP: GROUPS,
             "REF_AREA": [code for _level, code in PLACES]}
    words: dict[str, Any] = {"days": {}, "maps": [], "dims": [
        {"id": dim, "name": dim, "codes": [{"code": code, "label": code} for code in codes[dim]]}
        for dim in DIMS]}
    for name, content in ((folder.CODES, words), (folder.SOURCES, {})):
        (place / name).write_text(json.dumps(content), encoding="utf-8")
    folder.write_manifest(place, Manifest(
        URN, "Khối số liệu để đo", "", len(refs) * OF_ONE, DIMS,
        {dim: tuple(found) for dim, found in codes.items()}, tuple(files), folder.writer(), "",
        {}, illustrative=True))
    return len(refs) * OF_ONE


def lines(size: int) -> Iterator[bytes]:
    """Yield the same figures as comma-separated lines, an indicator at a time."""
    for ref in indicators(size):
        table = figures(ref).drop_columns([folder.CONF, "ORIGIN"])
        out = pa.BufferOutputStream()
        pyarrow.csv.write_csv(
            table, out, pyarrow.csv.WriteOptions(include_header=False, quoting_style="all_valid"))
        yield out.getvalue().to_pybytes()


def weight(place: Path) -> int:
    """Return how many bytes lie under a folder."""
    return sum(path.stat().st_size for path in place.rglob("*") if path.is_file())
