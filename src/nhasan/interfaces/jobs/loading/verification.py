"""What was released, held against the tables it came from: every roll-up, to the unit."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from nhasan.domain.observations import breakdown_parts
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.releases import queries as releases

FIXED = {"INDICATOR", "AREA_LEVEL", "REF_AREA", "TIME_PERIOD"}


@dataclass(frozen=True, slots=True)
class Expectation:
    """One figure that must stand in a release, and where it can be read or added up.

    No value: the sum is not whole in the source, so none may be published as if it were.
    """

    dataflow: str
    key: tuple[tuple[str, str], ...]
    value: Decimal | None
    how: str
    source: str


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure that is not what its source says."""

    expected: Expectation
    found: str


@dataclass(slots=True)
class Verdict:
    """How many figures of a dataflow agree, and those that do not."""

    dataflow: str
    agree: int
    differ: list[Difference]


def expectations(load: Load) -> Iterator[Expectation]:
    """Yield what the shipped source tables say must be in the releases."""
    for row in load.csv("demo/expected.csv"):
        level, _, code = row["area"].partition(":")
        key = {
            "INDICATOR": row["indicator"], "AREA_LEVEL": level, "REF_AREA": code,
            "TIME_PERIOD": row["period"], **breakdown_parts(row["breakdown"]),
        }
        yield Expectation(
            row["dataflow"], tuple(sorted(key.items())),
            Decimal(row["value"]) if row["value"] else None, row["how"], row["source"],
        )


def verify(load: Load) -> list[Verdict]:
    """Return, for each dataflow, the agreements and the differences."""
    wanted: dict[str, list[Expectation]] = defaultdict(list)
    for expected in expectations(load):
        wanted[expected.dataflow].append(expected)
    return [_verdict(dataflow, rows) for dataflow, rows in sorted(wanted.items())]


def _verdict(dataflow: str, rows: list[Expectation]) -> Verdict:
    present = _released(f"NHASAN:{dataflow}")
    verdict = Verdict(dataflow, 0, [])
    for expected in rows:
        found = present.get(expected.key, "")
        if (Decimal(found) if found else None) == expected.value:
            verdict.agree += 1
        else:
            verdict.differ.append(Difference(expected, found or "không có giá trị"))
    return verdict


def _released(name: str) -> dict[tuple[tuple[str, str], ...], str]:
    """Return the released figures: key without totals → value as machine text."""
    if name not in {card.name for card in releases.datasets()}:
        return {}
    table = releases.figures_arrow(name, {})
    dims = table.column_names[:table.column_names.index("OBS_VALUE")]
    found = {}
    for row in table.to_pylist():
        key = {dim: row[dim] for dim in dims if dim in FIXED or row[dim] != "_T"}
        found[tuple(sorted(key.items()))] = row["OBS_VALUE"] or ""
    return found
