"""Reading and writing the files of `data/` in one spelling: UTF-8, NFC, line feeds."""

from __future__ import annotations

import csv
import json
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data"
RAW = DATA / "raw"
RowText = dict[str, str]


def read_csv(path: Path) -> list[RowText]:
    """Return the rows of a CSV file as dictionaries of text in NFC."""
    text = unicodedata.normalize("NFC", path.read_text(encoding="utf-8"))
    return list(csv.DictReader(text.splitlines()))


def write_csv(path: Path, columns: Sequence[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Write rows with a header; a missing column is an empty cell."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def read_json(path: Path) -> Any:
    """Return the content of a JSON file."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, value: Any) -> None:
    """Write a JSON file that reads well in a diff: lists of objects one object a line."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(_render(value, 0) + "\n", encoding="utf-8")


def _render(value: Any, depth: int) -> str:
    flat = json.dumps(value, ensure_ascii=False)
    if not isinstance(value, dict | list) or not value or (depth and len(flat) <= 96):
        return flat
    if depth >= 2 and isinstance(value, dict) and not _deep(value):
        return flat
    pad, end = " " * (depth + 1), " " * depth
    if isinstance(value, dict):
        parts = [f"{json.dumps(k, ensure_ascii=False)}: {_render(v, depth + 1)}"
                 for k, v in value.items()]
        return "{\n" + ",\n".join(pad + part for part in parts) + "\n" + end + "}"
    return "[\n" + ",\n".join(pad + _render(v, depth + 1) for v in value) + "\n" + end + "]"


def _deep(value: Mapping[str, Any]) -> bool:
    """Tell whether a mapping holds a list of mappings, which deserves lines of its own."""
    return any(
        isinstance(item, list) and item and isinstance(item[0], dict)
        for item in value.values()
    )
