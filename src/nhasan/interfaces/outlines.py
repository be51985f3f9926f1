"""Outlines of areas, prepared once per process: from degrees to whole numbers of a drawing.

Which outlines belong to a figure follows from its own day: 63 provinces until 30/6/2025, 34
after. A map of the country always has the two archipelagos at their place.

An installation may bring outlines of its own: a folder with an `index.json` like the shipped
one, looked at first and read anew when it changes. What cannot be used is logged and passed
over, so that a bad file never takes a page away.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from django.conf import settings

from nhasan.domain.words import normalised

FINE = 5  # outlines are kept in whole fifths of a unit of the drawing
_WIDE = 530
_TALL = 660
_SEA = 110.0  # east of this meridian lie the two archipelagos alone
_TILED = "tiles"
_ISLET = 8  # half the width of an islet's mark, in fifths
_SMALL = 3  # an outline of fewer points has no area

_KINDS = ("tinh ", "thanh pho ")

_TILE = 56  # the widest square of a cartogram, in units of the drawing
_TILES = 1_000

_UNUSABLE = (OSError, ValueError, KeyError, TypeError, IndexError, ZeroDivisionError)
logger = logging.getLogger("nhasan.outlines")

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Outline:
    """One area of a map: its code, its name and its path."""

    code: str
    name: str
    path: str


@dataclass(frozen=True, slots=True)
class Outlines:
    """One map: the areas of a level between two days. `islets` is empty inside a province."""

    level: str
    within: str
    since: str
    until: str
    areas: tuple[Outline, ...]
    islets: str
    width: int
    height: int

    @property
    def country(self) -> bool:
        """Tell whether the whole country is drawn."""
        return not self.within

    @property
    def tiled(self) -> bool:
        """Tell whether areas are squares instead of their shapes."""
        return self.within == _TILED


def outlines_of(level: str, day: date, codes: frozenset[str]) -> Outlines | None:
    """Return the outlines of a level on a day that hold the areas asked for, if there are any.

    The outlines of one province serve only when every area lies in it.
    """
    for folder in (Path(settings.BOUNDARIES), Path(settings.DATA) / "boundaries"):
        for entry in _index(folder, _changed(folder / "index.json")):
            if entry.level != level or not entry.stands(day):
                continue
            found = _prepared(folder, entry, _changed(folder / entry.file))
            there = {area.code for area in found.areas} if found else set()
            if found and codes & there and (found.country or codes <= there):
                return found
    return None


def tiles_of(level: str, areas: Sequence[tuple[str, str]]) -> Outlines | None:
    """Return a cartogram for (code, name) of areas without outlines: a square for each, by code.

    Codes of the statistics office run from north to south, so neighbours mostly stay together.
    Too many squares would be no picture: then there is none.
    """
    if not 0 < len(areas) <= _TILES:
        return None
    across = math.ceil(math.sqrt(len(areas) * _WIDE / _TALL))
    size = min(_TILE, (_WIDE - 6) // across)
    side = (size - 3) * FINE
    found = []
    for number, (code, name) in enumerate(sorted(areas)):
        row, column = divmod(number, across)
        x, y = (3 + column * size) * FINE, (3 + row * size) * FINE
        found.append(Outline(code, name, f"M{x} {y}h{side}v{side}h-{side}z"))
    rows = -(-len(areas) // across)
    return Outlines(level, _TILED, "", "", tuple(found), "",
                    6 + min(across, len(areas)) * size, 6 + rows * size)


class _Entry(NamedTuple):
    """One file of outlines: of which level, within what, between which days (half-open)."""

    file: str
    level: str
    within: str
    since: str
    until: str

    def stands(self, day: date) -> bool:
        text = day.isoformat()
        return self.since <= text and (not self.until or text < self.until)


def _changed(path: Path) -> int:
    """Return when a file was written, 0 when there is none: what was prepared is kept by it."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


@lru_cache(maxsize=8)
def _index(folder: Path, changed: int) -> tuple[_Entry, ...]:
    if not changed:
        return ()
    try:
        return tuple(map(_entry, json.loads(
            (folder / "index.json").read_text(encoding="utf-8"))))
    except _UNUSABLE as broken:
        logger.warning("outlines of %s are passed over: %r", folder, broken)
        return ()


def _entry(facts: dict[str, Any]) -> _Entry:
    """Return one entry; refuse a file that does not lie in the folder itself."""
    file, days = str(facts["file"]), (str(facts["map_from"]), str(facts["map_to"]))
    if Path(file).name != file:
        raise ValueError(f"not a plain file name: {file}")
    for day in filter(None, days):
        date.fromisoformat(day)
    return _Entry(file, str(facts["level"]), str(facts.get("within", "")), *days)


@lru_cache(maxsize=24)
def _prepared(folder: Path, entry: _Entry, changed: int) -> Outlines | None:
    """Return the outlines of a file as it was at that time; nothing when it is of no use."""
    try:
        found = _read(folder, entry)
    except _UNUSABLE as broken:
        logger.warning("outlines %s are passed over: %r", folder / entry.file, broken)
        return None
    if found.country and entry.level == "province" and not found.islets:
        logger.warning("outlines %s are passed over: a map of the country without its two "
                       "archipelagos", folder / entry.file)
        return None
    return found


def _read(folder: Path, entry: _Entry) -> Outlines:
    features = json.loads((folder / entry.file).read_text(encoding="utf-8"))["features"]
    frame = _Frame.around([point for each in features for ring in _rings(each) for point in ring])
    areas, islets = [], []
    for each in features:
        land = [ring for ring in _rings(each) if not _at_sea(ring)]
        islets += [_islet(frame, ring) for ring in _rings(each) if _at_sea(ring)]
        facts = each["properties"]
        areas.append(Outline(facts["code"], plain_name(facts["name"]), _path(frame, land)))
    return Outlines(
        entry.level, entry.within, entry.since, entry.until,
        tuple(areas), "".join(islets), frame.width, frame.height,
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """How degrees become points of the drawing."""

    west: float
    north: float
    across: float
    up: float
    width: int
    height: int

    @classmethod
    def around(cls, points: Sequence[Sequence[float]]) -> _Frame:
        west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, north = min(p[1] for p in points), max(p[1] for p in points)
        narrow = math.cos(math.radians((south + north) / 2))
        unit = min((_WIDE - 6) / ((east - west) * narrow), (_TALL - 6) / (north - south))
        return cls(
            west, north, unit * narrow, unit, round((east - west) * narrow * unit) + 6,
            round((north - south) * unit) + 6,
        )

    def point(self, place: Sequence[float]) -> tuple[int, int]:
        return (
            round(((place[0] - self.west) * self.across + 3) * FINE),
            round(((self.north - place[1]) * self.up + 3) * FINE),
        )


def _rings(feature: dict[str, Any]) -> Iterator[Ring]:
    shape = feature["geometry"]
    polygons = shape["coordinates"]
    for polygon in polygons if shape["type"] == "MultiPolygon" else (polygons,):
        yield from polygon


def _at_sea(ring: Ring) -> bool:
    return min(place[0] for place in ring) > _SEA


def _islet(frame: _Frame, ring: Ring) -> str:
    """Return a small lozenge: at its true size nobody would see an islet."""
    middle = [sum(place[axis] for place in ring) / len(ring) for axis in (0, 1)]
    x, y = frame.point(middle)
    r = _ISLET
    return f"M{x} {y - r}l{r} {r}-{r} {r}-{r}-{r}z"


def _path(frame: _Frame, rings: Sequence[Ring]) -> str:
    return "".join(_outline(points) for ring in rings if (points := _drawn(frame, ring)))


def _drawn(frame: _Frame, ring: Ring) -> list[tuple[int, int]]:
    """Return the points of a ring, those that fall together counted once."""
    points: list[tuple[int, int]] = []
    for place in ring:
        point = frame.point(place)
        if not points or point != points[-1]:
            points.append(point)
    if points and points[0] == points[-1]:
        points.pop()
    return points if len(points) >= _SMALL else []


def _outline(points: list[tuple[int, int]]) -> str:
    """Return a closed path in steps, as short as the notation allows."""
    (x, y), rest = points[0], points[1:]
    steps = []
    for nx, ny in rest:
        steps.append(f"{nx - x} {ny - y}")
        x, y = nx, ny
    return f"M{points[0][0]} {points[0][1]}l{' '.join(steps).replace(' -', '-')}z"


def plain_name(name: str) -> str:
    """Return the name of a province without the word for what it is."""
    plain = normalised(name)
    kind = next((kind for kind in _KINDS if plain.startswith(kind)), "")
    return name[len(kind):]
