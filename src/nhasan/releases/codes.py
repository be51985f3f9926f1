"""The words of a release: what its codes meant on the day it was drafted.

They lie beside the figures in `codes.json`, so that a release can be read in twenty years
without the house that made it. Areas are kept map by map, for codes were used twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from nhasan.areas import queries as areas
from nhasan.areas.models import LEVELS
from nhasan.domain.cube import (
    AREA_LEVEL,
    FIXED,
    INDICATOR,
    REF_AREA,
    TIME_PERIOD,
    TOTAL,
    Cube,
)
from nhasan.domain.periods import Period
from nhasan.domain.plan import map_day
from nhasan.domain.problems import phrase
from nhasan.metadata import queries as metadata
from nhasan.metadata.models import Dataflow

TOTAL_LABEL = phrase("Tổng số")
LEVEL_LABELS = {
    "country": phrase("Cả nước"), "region": phrase("Vùng"), "province": phrase("Tỉnh"),
    "district": phrase("Huyện"), "commune": phrase("Xã"),
}
DIMENSION_LABELS = {
    INDICATOR: phrase("Chỉ tiêu"), AREA_LEVEL: phrase("Cấp"), REF_AREA: phrase("Địa bàn"),
    TIME_PERIOD: phrase("Kỳ"),
}


def words_of(cube: Cube, flow: Dataflow, on: str) -> dict[str, Any]:
    """Return the code tables of a cube: dimensions with their codes, and the maps."""
    used = cube.code_sets()
    days = {period: map_day(period, on) for period in used[TIME_PERIOD]}
    maps, places = _maps(cube, days)
    named = {found.id: found for found in metadata.dimensions(flow)}
    dims: list[dict[str, Any]] = [
        {"id": INDICATOR, "codes": _indicators(used[INDICATOR], flow)},
        {"id": AREA_LEVEL, "codes": [
            {"code": level, "label": LEVEL_LABELS[level]}
            for level in LEVELS if level in used[AREA_LEVEL]
        ]},
        {"id": REF_AREA, "codes": places},
        {"id": TIME_PERIOD, "codes": [
            {"code": period, "label": Period.parse(period).label_vi()}
            for period in sorted(used[TIME_PERIOD], key=_by_time)
        ]},
    ]
    for fixed in dims:
        fixed["name"] = DIMENSION_LABELS[fixed["id"]]
    for dim in cube.dims[len(FIXED):]:
        found = named.get(dim)
        listed = found.code_list if found else ""
        dims.append({
            "id": dim, "name": found.name_vi if found else dim, "codes": _codes(used[dim], listed),
        })
    return {
        "dims": dims, "maps": maps, "on": on,
        "days": {period: day.isoformat() for period, day in days.items()},
    }


def _by_time(text: str) -> tuple[date, date]:
    period = Period.parse(text)
    return period.start, period.end


def _indicators(refs: Iterable[str], flow: Dataflow) -> list[dict[str, Any]]:
    """Return the indicators in the order of the dataflow, with what a reader must know."""
    described = metadata.indicators_by_ref(refs)
    order = {ref: at for at, ref in enumerate(flow.indicators)}
    found = []
    for ref in sorted(refs, key=lambda ref: (order.get(ref, len(order)), ref)):
        row = described.get(ref)
        entry: dict[str, Any] = {"code": ref, "label": ref, "unit": "", "decimals": 0}
        if row is not None:
            held = row.indicator_set
            entry |= {
                "label": row.name_vi, "unit": row.unit, "decimals": row.decimals,
                "key": row.key, "official_code": row.official_code, "group": row.group_name,
                "set": held.identifier, "set_name": held.name_vi, "set_version": held.version,
                "decision": held.decision, "source": row.source,
                "illustrative": held.illustrative,
            }
        found.append(entry)
    return found


def _codes(used: Iterable[str], listed: str) -> list[dict[str, Any]]:
    """Return the codes in use in official order; codes of an open dimension name themselves."""
    wanted = set(used)
    found: list[dict[str, Any]] = []
    if TOTAL in wanted:
        found.append({"code": TOTAL, "label": TOTAL_LABEL})
    for row in metadata.codes(listed) if listed else ():
        if row.code in wanted and row.code != TOTAL:
            found.append({
                "code": row.code, "label": row.name_vi, "parent": row.parent,
                "search": [*row.aliases, *row.other_names],
            })
    known = {entry["code"] for entry in found}
    return found + [{"code": code, "label": code} for code in sorted(wanted - known)]


def _maps(
    cube: Cube, days: Mapping[str, date],
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return each different map that the periods stand on, and every place that has figures.

    A place says in `above` under which unit of each higher level it stood.
    """
    used = set(zip(cube.column(AREA_LEVEL), cube.column(REF_AREA), strict=True))
    # The map below the lowest level in use is thousands of rows that nobody asks for.
    levels = LEVELS[:1 + max(LEVELS.index(level) for level, _ in used)]
    maps: list[dict[str, Any]] = []
    places: dict[tuple[str, str, str], dict[str, Any]] = {}
    for day in sorted(set(days.values())):
        standing = {
            (row.level, row.code): row for row in areas.areas(on=day).filter(level__in=levels)
        }
        units: dict[str, Any] = {}
        for level, code in sorted(used & standing.keys(), key=_in_order):
            row = standing[level, code]
            units[f"{level}:{code}"] = {"name": row.name, "above": _above(standing, row)}
            places[level, code, row.name] = {
                "code": code, "level": level, "label": row.name,
                "parent": f"{row.parent_level}:{row.parent_code}" if row.parent_code else "",
            }
        same = next((held for held in maps if held["units"] == units), None)
        if same is None:
            maps.append({"days": [day.isoformat()], "units": units})
        else:
            same["days"].append(day.isoformat())
    return maps, [places[key] for key in sorted(places, key=lambda key: _in_order(key[:2]))]


def _in_order(place: tuple[str, ...]) -> tuple[int, str]:
    return LEVELS.index(place[0]), place[1]


def _above(standing: Mapping[tuple[str, str], Any], row: Any) -> dict[str, str]:
    """Return the code of the unit above, per level, on the same map."""
    found: dict[str, str] = {}
    while row is not None and row.parent_code:
        found[row.parent_level] = row.parent_code
        row = standing.get((row.parent_level, row.parent_code))
    return found
