"""What speaks: figures, forms and documents into bytes and back."""

from __future__ import annotations

from nhasan.formats.data.csv import CSV
from nhasan.formats.data.json import JSON
from nhasan.formats.data.parquet import PARQUET
from nhasan.formats.data.xlsx import XLSX
from nhasan.formats.format import About, Format

FORMATS: tuple[Format, ...] = (CSV, XLSX, JSON, PARQUET)


def format_of(name: str) -> Format | None:
    """Return the format of that id or extension, if there is one."""
    return next((each for each in FORMATS if name in (each.id, each.extension)), None)


__all__ = ["FORMATS", "About", "Format", "format_of"]
