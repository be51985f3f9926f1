"""Links from a report's tables to the definitions of what they ask for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from nhasan.interfaces.workbench.grid import TableView
from nhasan.interfaces.workbench.navigation import address
from nhasan.metadata import queries as metadata


@dataclass(frozen=True, slots=True)
class Definition:
    """One indicator of a report, and the page that defines it."""

    name: str
    unit: str
    url: str


def definitions(tables: Sequence[TableView], on: date) -> tuple[Definition, ...]:
    """Return the indicators that the tables ask for, as on a day, in their order, each once."""
    refs = list(dict.fromkeys(ref for table in tables for ref in table.indicators))
    known = metadata.indicators_by_ref(refs, on=on)
    found = []
    for ref in refs:
        if ref in known:
            identifier, _colon, key = ref.partition(":")
            url = address("indicator", identifier, known[ref].indicator_set.version, key)
            found.append(Definition(known[ref].name_vi, known[ref].unit, url))
    return tuple(found)
