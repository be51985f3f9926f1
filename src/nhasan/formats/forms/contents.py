"""The sheets of a workbook as rows of values, each laid out when it is first asked for."""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping
from typing import Any

import python_calamine

from nhasan.formats.forms.alignment import Cells
from nhasan.formats.forms.package import Package
from nhasan.formats.forms.refusals import WorkbookDamaged
from nhasan.formats.forms.tags import tags


class Contents(Mapping[str, Cells]):
    """The sheets of a package by name; what damages one is told as damage of the file."""

    def __init__(self, data: bytes) -> None:
        """Open the bytes of a workbook that was looked through before."""
        self._book: Any = _guarded(python_calamine.load_workbook, io.BytesIO(data))
        self._read: dict[str, Cells] = {}

    def __getitem__(self, name: str) -> Cells:
        """Return the values of a sheet, line by line."""
        if name not in self._book.sheet_names:
            raise KeyError(name)
        if name not in self._read:
            self._read[name] = _guarded(self._laid_out, name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        """Yield the names of the sheets in their order."""
        return iter(self._book.sheet_names)

    def __len__(self) -> int:
        """Return how many sheets there are."""
        return len(self._book.sheet_names)

    def merges(self, name: str) -> list[tuple[int, int, int, int]]:
        """Return the merged ranges of a sheet: first line and column, last line and column."""
        found = _guarded(self._book.get_sheet_by_name, name).merged_cell_ranges or ()
        return [(top, left, bottom, right) for (top, left), (bottom, right) in found]

    def _laid_out(self, name: str) -> Cells:
        cells: Cells = self._book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        return cells


def _guarded(read: Any, what: Any) -> Any:
    """Call the reader; whatever a damaged file makes it throw is damage, a panic included."""
    try:
        return read(what)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise WorkbookDamaged from error


def sheet_paths(package: Package) -> dict[str, str]:
    """Return the path of each sheet by the name people see."""
    relations = {
        tag.attributes.get("Id"): tag.attributes.get("Target", "")
        for tag in tags(package.parts.get("xl/_rels/workbook.xml.rels", b""))
        if tag.name == "Relationship"
    }
    found = {}
    for tag in tags(package.parts["xl/workbook.xml"]):
        if tag.name != "sheet":
            continue
        target = relations.get(tag.attributes.get("id"), "")
        path = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        if path in package.parts:
            found[tag.attributes.get("name", "")] = path
    return found
