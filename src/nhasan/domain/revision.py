"""Two releases side by side, figure by figure: what is new, what says otherwise, what is gone.

Both cubes are protected ones. What either of them hides is hidden here too: a figure that is
not shown has a status and no value, and so it stands in the comparison.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from nhasan.domain.cube import AREA_LEVEL, FIXED, INDICATOR, REF_AREA, TIME_PERIOD, Cube, CubeKey
from nhasan.domain.observations import Figure, Status

NEW = "new"
CHANGED = "changed"
GONE = "gone"
_ORDER = (AREA_LEVEL, REF_AREA, TIME_PERIOD, INDICATOR)


class Revised(NamedTuple):
    """One figure that two releases do not say alike; none where a release has no such figure."""

    key: CubeKey
    before: Figure | None
    after: Figure | None
    decimals: int

    @property
    def kind(self) -> str:
        """Return whether the figure is new, changed or gone."""
        if self.before is None:
            return NEW
        return GONE if self.after is None else CHANGED


@dataclass(frozen=True, slots=True)
class Revision:
    """Everything that a release says otherwise than another, in the order of a release."""

    dims: tuple[str, ...]
    rows: tuple[Revised, ...]
    same: int

    def counts(self) -> Counter[str]:
        """Return how many figures are new, changed and gone."""
        return Counter(row.kind for row in self.rows)

    def uncovered(self) -> int:
        """Return how many figures are shown in one release and hidden in the other.

        Whoever has both may work a hidden one out from what the totals moved by.
        """
        return sum(1 for row in self.rows if row.before and row.after and (
            (row.before.status is Status.CONFIDENTIAL)
            != (row.after.status is Status.CONFIDENTIAL)
        ))

    def by_indicator(self) -> dict[str, Counter[str]]:
        """Return the counts of each indicator."""
        at = self.dims.index(INDICATOR)
        found: dict[str, Counter[str]] = {}
        for row in self.rows:
            found.setdefault(row.key[at], Counter())[row.kind] += 1
        return found


def revision(old: Cube, new: Cube) -> Revision:
    """Compare two releases; a breakdown that one of them lacks stands at its total there.

    A number written with more decimals is the same number.
    """
    before, after = old.widened(new.dims), new.widened(old.dims)
    held, said = before.index(), after.index()
    rows = list(_revised(before, after, held, said))
    order = [after.position(dim) for dim in (*_ORDER, *after.dims[len(FIXED):])]
    rows.sort(key=lambda row: [row.key[at] for at in order])
    alike = len(held.keys() & said.keys()) - sum(1 for row in rows if row.kind == CHANGED)
    return Revision(after.dims, tuple(rows), alike)


def _revised(before: Cube, after: Cube, held: dict[CubeKey, int],
             said: dict[CubeKey, int]) -> Iterator[Revised]:
    for key, at in said.items():
        figure, place = after.row(at).figure, held.get(key)
        if place is None:
            yield Revised(key, None, figure, after.decimals[at])
            continue
        earlier = before.row(place).figure
        if earlier != figure:
            yield Revised(key, earlier, figure, max(after.decimals[at], before.decimals[place]))
    for key, at in held.items():
        if key not in said:
            yield Revised(key, before.row(at).figure, None, before.decimals[at])

