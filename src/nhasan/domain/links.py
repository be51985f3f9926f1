"""Links of the map: which unit stood under which, from one day to another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

TreeRow = tuple[str, str, str, str, date | None, date | None]


@dataclass(frozen=True, slots=True)
class Link:
    """One unit under one higher unit between two days (half-open; nothing = without bound)."""

    level: str
    code: str
    parent_level: str
    parent_code: str
    valid_from: date | None = None
    valid_to: date | None = None

    def holds(self, day: date) -> bool:
        """Tell whether the unit stood under the parent on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (
            self.valid_to is None or day < self.valid_to
        )


def links_between(tree: Iterable[TreeRow], level: str, above: str) -> list[Link]:
    """Return the links from every unit of a level to its unit of a higher level.

    `tree` holds (level, code, parent level, parent code, from, to) of every dated unit. What
    lies between the two levels is passed through, day by day: a commune reaches its province
    through its district as long as there was one.
    """
    rows = list(tree)
    by_unit: dict[tuple[str, str], list[TreeRow]] = defaultdict(list)
    for row in rows:
        by_unit[row[0], row[1]].append(row)
    found = []
    for row in rows:
        if row[0] == level:
            found += [
                Link(level, row[1], above, code, start, end)
                for code, start, end in _climbed(by_unit, row, above, row[4], row[5])
            ]
    return _mended(found)


def _climbed(
    by_unit: Mapping[tuple[str, str], list[TreeRow]], row: TreeRow, above: str,
    start: date | None, end: date | None,
) -> Iterator[tuple[str, date | None, date | None]]:
    """Yield the codes reached at the level above, each with the days on which they hold."""
    _, _, parent_level, parent_code, _, _ = row
    if not parent_code:
        return
    if parent_level == above:
        yield parent_code, start, end
        return
    for parent in by_unit.get((parent_level, parent_code), ()):
        since, until = _later(start, parent[4]), _earlier(end, parent[5])
        if since is None or until is None or since < until:
            yield from _climbed(by_unit, parent, above, since, until)


def _mended(links: Iterable[Link]) -> list[Link]:
    """Return the links with neighbours in time joined: a renamed district breaks no chain."""
    ordered = sorted(
        links, key=lambda link: (link.code, link.parent_code, link.valid_from or date.min),
    )
    found: list[Link] = []
    for link in ordered:
        last = found[-1] if found else None
        if last and (last.code, last.parent_code) == (link.code, link.parent_code) and (
            last.valid_to is not None and last.valid_to == link.valid_from
        ):
            found[-1] = Link(
                last.level, last.code, last.parent_level, last.parent_code,
                last.valid_from, link.valid_to,
            )
        else:
            found.append(link)
    return found


def _later(one: date | None, two: date | None) -> date | None:
    return max((day for day in (one, two) if day is not None), default=None)


def _earlier(one: date | None, two: date | None) -> date | None:
    return min((day for day in (one, two) if day is not None), default=None)
