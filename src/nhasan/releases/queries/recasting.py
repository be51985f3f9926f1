"""A release read on the map of another day.

Only what the release shows is read: a figure that is hidden in it stays hidden, and hides the
whole that it would be part of, so this reading tells nothing that a reader could not work out
from the release and the public map.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from nhasan.areas import queries as areas
from nhasan.areas.models import Area
from nhasan.domain.correspondence import KeyKind
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, Cube
from nhasan.domain.identity import Urn
from nhasan.domain.observations import scaled
from nhasan.domain.plan import from_json, reading
from nhasan.domain.recast import Recast, recast
from nhasan.releases import folder
from nhasan.releases.queries.pages import Page, readable
from nhasan.releases.queries.shelf import Code, Dim, Opened, opened

_UPWARDS = ("commune", "district", "province", "region", "country")


@dataclass(frozen=True)
class OnMap:
    """A release on the map of a day: its page with the areas of that map, and the figures."""

    page: Page
    day: date
    key: KeyKind
    recast: Recast


def on_map(page: Page, day: date, key: KeyKind) -> OnMap:
    """Return a published release on the map of a day; withdrawn figures refuse to be read."""
    urn = readable(page.card.name, page.card.version).urn
    place = str(folder.published_folder(urn))
    dims, found = _read(urn, place, areas.drawn_on(day), key, areas.edition())
    return OnMap(replace(page, dims=dims), day, key, found)


def map_edition() -> tuple[int, ...]:
    """Return what tells one state of the map from the next."""
    return areas.edition()


@lru_cache(maxsize=24)
def _read(urn: Urn, place: str, day: date, key: KeyKind,
          edition: tuple[int, ...]) -> tuple[tuple[Dim, ...], Recast]:
    """Read a release once for each map; `place` and `edition` tell releases and maps apart."""
    held = opened(urn)
    cube = _cube(held)
    days = held.words["days"]
    maps = {
        (level, period): areas.between(level, date.fromisoformat(days[period]), day, key)
        for level, period in sorted(set(zip(
            cube.column(AREA_LEVEL), cube.column(TIME_PERIOD), strict=True)))
    }
    measures = reading(from_json(held.manifest.plan)).measures
    found = recast(cube, measures, maps)
    return _dims(held, found.cube, day), found


def _cube(held: Opened) -> Cube:
    """Return the figures that a release shows, in the decimals that it shows them in."""
    columns = held.columns()
    dims = held.manifest.dims
    codes = tuple([columns.names[dim][rank] for rank in columns.codes[dim].tolist()]
                  for dim in dims)
    places = {ref: int(code.extra.get("decimals", 0)) for ref, code in held.indicators.items()}
    decimals = [places.get(ref, 0) for ref in codes[dims.index(INDICATOR)]]
    values = [
        None if text is None else scaled(Decimal(text), at)
        for text, at in zip(columns.values.to_pylist(), decimals, strict=True)
    ]
    return Cube(dims, codes, values, decimals, columns.statuses.to_pylist(),
                columns.coverage.to_pylist(), [-1] * len(values))


def _dims(held: Opened, cube: Cube, day: date) -> tuple[Dim, ...]:
    """Return the dimensions with the areas of that day in the place of those of the release."""
    present = set(zip(cube.column(AREA_LEVEL), cube.column(REF_AREA), strict=True))
    standing = {(row.level, row.code): row for row in areas.areas(on=day)}
    codes = []
    for level in reversed(_UPWARDS):
        for place in sorted(key for key in present if key[0] == level):
            row = standing[place]
            name = row.name if level in ("country", "region") else row.title
            codes.append(Code(row.code, name, _above(place, standing, present), level))
    levels = {level for level, _ in present}
    return tuple(
        replace(dim, codes=tuple(codes)) if dim.id == REF_AREA else
        replace(dim, codes=tuple(code for code in dim.codes if code.code in levels))
        if dim.id == AREA_LEVEL else dim
        for dim in held.dims
    )


def _above(place: tuple[str, str], standing: Mapping[tuple[str, str], Area],
           present: set[tuple[str, str]]) -> str:
    """Return the nearest area above that has figures, as `level:code`."""
    while place in standing:
        row = standing[place]
        place = (row.parent_level, row.parent_code)
        if place in present:
            return ":".join(place)
    return ""
