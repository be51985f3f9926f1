"""Nouns of the map, each asked about a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db import models
from django.db.models import Q

from nhasan.areas.models import LEVELS, Area, AreaLink, Jurisdiction
from nhasan.domain.access import EVERYTHING, Actor, Permission, Scope
from nhasan.domain.correspondence import (
    Correspondence,
    Key,
    KeyKind,
    Step,
    Unit,
    correspondence,
)
from nhasan.domain.words import normalised
from nhasan.organisations.models import OrganisationUnit

READINGS = {
    "both": "cả hai nguồn", "office": "bảng chuyển đổi của Cục Thống kê",
    "resolutions": "lời văn các nghị quyết",
}
DAY_BEFORE_MERGER = date(2025, 6, 30)
DAY_OF_MERGER = date(2025, 7, 1)


def on_day(day: date) -> Q:
    """Return the condition that a dated row stands on that day."""
    return (
        (Q(valid_from__isnull=True) | Q(valid_from__lte=day))
        & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    )


def areas(*, on: date, level: str = "", parent: tuple[str, str] | None = None,
          search: str = "") -> models.QuerySet[Area]:
    """Return the areas that stood on that day, in official order."""
    found = Area.objects.filter(on_day(on))
    if level:
        found = found.filter(level=level)
    if parent:
        found = found.filter(parent_level=parent[0], parent_code=parent[1])
    if search:
        found = found.filter(
            Q(search__contains=normalised(search)) | Q(code=search.strip())
        )
    return found.order_by("level", "code")


def area(level: str, code: str, *, on: date) -> Area | None:
    """Return the unit of that code and level as it stood on that day."""
    return Area.objects.filter(on_day(on), level=level, code=code).first()


def versions(level: str, code: str) -> Sequence[Area]:
    """Return every dated version of a code, oldest first; not all need be the same place."""
    return list(
        Area.objects.filter(level=level, code=code)
        .order_by(models.F("valid_from").asc(nulls_first=True))
    )


def within(level: str, parent_level: str, parent_code: str, *, on: date) -> list[Area]:
    """Return the areas of a level anywhere beneath a parent on that day."""
    if level == parent_level:
        found = area(level, parent_code, on=on)
        return [found] if found else []
    layer = {(parent_level, parent_code)}
    reached: list[Area] = []
    while layer:
        wanted = Q()
        for above, code in layer:
            wanted |= Q(parent_level=above, parent_code=code)
        below = list(Area.objects.filter(on_day(on)).filter(wanted).order_by("code"))
        reached += [found for found in below if found.level == level]
        layer = {(found.level, found.code) for found in below if found.level != level}
    return sorted(reached, key=lambda found: found.code)


def links(*, old: str = "", new: str = "", level: str = "commune") -> Sequence[AreaLink]:
    """Return how old units became new ones, by either code."""
    found = AreaLink.objects.filter(level=level).select_related("change")
    if old:
        found = found.filter(old_code=old)
    if new:
        found = found.filter(new_code=new)
    return list(found.order_by("old_code", "new_code")[:500])


def names(keys: Iterable[tuple[str, str]], *, on: date) -> dict[tuple[str, str], str]:
    """Return the names of areas (level, code) as they stood on that day."""
    wanted = set(keys)
    rows = Area.objects.filter(
        on_day(on), level__in={level for level, _ in wanted},
        code__in={code for _, code in wanted},
    ).values_list("level", "code", "name")
    return {(level, code): name for level, code, name in rows if (level, code) in wanted}


def tree_rows() -> list[tuple[str, str, str, str, date | None, date | None]]:
    """Return (level, code, parent level, parent code, from, to) of every dated area.

    What the roll-up of a plan is handed as its area tree. Communes and districts are left
    to the caller to filter; the whole table is some 15,000 rows.
    """
    return list(Area.objects.values_list(
        "level", "code", "parent_level", "parent_code", "valid_from", "valid_to",
    ))


def jurisdictions_of(branch: str = "", *, on: date, kind: str = "", level: str = "",
                     units: Iterable[int] | None = None) -> list[tuple[int, str, str]]:
    """Return (unit, level, code) of what units of a branch, or certain units, answer for.

    Only areas that stand on the map of the day. For the clock and for operations that have
    checked the authority over the branch.
    """
    drawn = Area.objects.filter(
        on_day(on), level=models.OuterRef("level"), code=models.OuterRef("code"))
    where = Scope(frozenset({branch})) if branch else EVERYTHING
    found = Jurisdiction.objects.within(where).filter(on_day(on), models.Exists(drawn))
    if kind:
        found = found.filter(unit__kind=kind)
    if level:
        found = found.filter(level=level)
    if units is not None:
        found = found.filter(unit__in=list(units))
    return list(found.values_list("unit", "level", "code").order_by("code", "unit"))


def jurisdictions(actor: Actor, *, on: date, unit: int | None = None) -> Sequence[Jurisdiction]:
    """Return what the units within the actor's reading answer for on that day."""
    found = (
        Jurisdiction.objects.within(actor.may(Permission.READ)).filter(on_day(on))
        .select_related("unit")
    )
    if unit is not None:
        found = found.filter(unit=unit)
    return list(found.order_by("level", "code"))


def answering(actor: Actor, receiver: OrganisationUnit, *, kind: str,
              on: date) -> Sequence[Jurisdiction]:
    """Return which units of a kind beneath a receiver answered for which areas on that day.

    In the order of the areas' codes: who can be asked for a report of that day.
    """
    below = Scope(frozenset({receiver.path or ""}))
    if not actor.may(Permission.MANAGE).covers(receiver.path or ""):
        return []
    return list(
        Jurisdiction.objects.within(below).filter(on_day(on), unit__kind=kind)
        .exclude(unit=receiver).select_related("unit").order_by("level", "code")
    )


def responsible(level: str, code: str, *, on: date) -> Jurisdiction | None:
    """Return which unit answered for an area on that day."""
    return (
        Jurisdiction.objects.within(EVERYTHING).filter(on_day(on), level=level, code=code)
        .select_related("unit").first()
    )


@dataclass(frozen=True, slots=True)
class MapCheck:
    """The counts of the map on two days, and every doubt in words."""

    counts: dict[tuple[date, str], int]
    doubts: tuple[str, ...]


def check_map(days: Sequence[date] = (DAY_BEFORE_MERGER, DAY_OF_MERGER)) -> MapCheck:
    """Return the counts by level on each day, and what does not fit together."""
    counts = {
        (day, level): number
        for day in days
        for level, number in Counter(
            Area.objects.filter(on_day(day)).values_list("level", flat=True)
        ).items()
    }
    return MapCheck(counts, (*_orphans(days), *_link_doubts()))


def _orphans(days: Sequence[date]) -> list[str]:
    doubts = []
    for day in days:
        standing = set(Area.objects.filter(on_day(day)).values_list("level", "code"))
        for found in Area.objects.filter(on_day(day)).exclude(parent_code="").order_by("code"):
            if (found.parent_level, found.parent_code) not in standing:
                doubts.append(
                    f"{day:%d/%m/%Y}: {found.name} ({found.level} {found.code}) thuộc "
                    f"{found.parent_level} {found.parent_code} không có trong bản đồ ngày đó"
                )
    return doubts


def _link_doubts() -> list[str]:
    old = set(areas(on=DAY_BEFORE_MERGER, level="commune").values_list("code", flat=True))
    new = set(areas(on=DAY_OF_MERGER, level="commune").values_list("code", flat=True))
    doubts = []
    for link in AreaLink.objects.select_related("change").order_by("old_code", "new_code"):
        pair = f"{link.old_code} → {link.new_code}"
        if link.doubtful:
            where = READINGS.get(link.agreement, link.agreement)
            doubts.append(f"{pair}: hai cách đọc khác nhau về xã cũ này; liên kết có ở {where}")
        if link.level != "commune" or link.change.on != DAY_OF_MERGER:
            continue
        if link.old_code not in old:
            doubts.append(f"{pair}: mã cũ không phải xã ngày 30/6/2025")
        if link.new_code not in new:
            doubts.append(f"{pair}: mã mới không phải xã ngày 01/7/2025")
    return doubts


@dataclass(frozen=True, slots=True)
class Tally:
    """How many areas of each level stood on a day, and how many beneath each province."""

    levels: dict[str, int]
    below: dict[str, Counter[str]]


def tally(on: date) -> Tally:
    """Return the counts of the map of a day, whole and province by province."""
    rows = list(
        Area.objects.filter(on_day(on))
        .values_list("level", "code", "parent_level", "parent_code")
    )
    above = {(level, code): (up, parent) for level, code, up, parent in rows}
    below: dict[str, Counter[str]] = {}
    for level, _code, up, parent in rows:
        while up not in ("", "country", "region", "province"):
            up, parent = above.get((up, parent), ("", ""))
        if up == "province":
            below.setdefault(parent, Counter())[level] += 1
    return Tally(dict(Counter(level for level, *_ in rows)), below)


@dataclass(frozen=True, slots=True)
class Reach:
    """How far back the map is known: the whole country, and provinces known for longer."""

    whole: date | None
    earlier: tuple[tuple[Area, date], ...] = ()


def known_since(found: Area) -> date | None:
    """Return from which day on an area is known to have stood as it is written here.

    Where the records do not say, it is known on the eve of the day on which it ended.
    """
    eve = found.valid_to - timedelta(days=1) if found.valid_to else None
    return found.valid_from or found.known_from or eve


def reach() -> Reach:
    """Return from which day on the whole map is known, as the dated rows themselves tell."""
    rows = Area.objects.filter(valid_from__isnull=True).exclude(level__in=("country", "region"))
    above = {(row.level, row.code): row for row in rows}
    since: dict[str, date] = {}
    for row in above.values():
        known, top = known_since(row), row
        while top.level != "province" and (top.parent_level, top.parent_code) in above:
            top = above[top.parent_level, top.parent_code]
        if known is not None:
            since[top.code] = max(known, since.get(top.code, known))
    whole = max(since.values(), default=None)
    return Reach(whole, tuple(
        (above["province", code], day) for code, day in sorted(since.items())
        if whole and day < whole and ("province", code) in above
    ))


@dataclass(frozen=True, slots=True)
class Kin:
    """One step of an area's line: the link, and the area on its other end if it is known."""

    link: AreaLink
    area: Area | None


def predecessors(found: Area) -> Sequence[Kin]:
    """Return what an area was made from on the day it came to be."""
    if found.valid_from is None:
        return []
    rows = AreaLink.objects.filter(
        level=found.level, new_code=found.code, change__on=found.valid_from,
    ).select_related("change").order_by("old_code")
    eve = found.valid_from - timedelta(days=1)
    old = _by_code(found.level, [link.old_code for link in rows], eve)
    return [Kin(link, old.get(link.old_code)) for link in rows]


def successors(found: Area) -> Sequence[Kin]:
    """Return what became of an area on the day it ended."""
    if found.valid_to is None:
        return []
    rows = AreaLink.objects.filter(
        level=found.level, old_code=found.code, change__on=found.valid_to,
    ).select_related("change").order_by("kind", "new_code")
    new = _by_code(found.level, [link.new_code for link in rows], found.valid_to)
    return [Kin(link, new.get(link.new_code)) for link in rows]


def _by_code(level: str, codes: Iterable[str], on: date) -> dict[str, Area]:
    rows = Area.objects.filter(on_day(on), level=level, code__in=set(codes))
    return {row.code: row for row in rows}


def former(words: str, *, on: date, limit: int = 30) -> Sequence[Area]:
    """Return areas that had ended by that day, found by an old name or an old code."""
    wanted = normalised(words)
    if not wanted:
        return []
    return list(
        Area.objects.filter(
            Q(search__contains=wanted) | Q(code=words.strip()), valid_to__lte=on,
        ).order_by("-valid_to", "level", "code")[:limit]
    )


def parents(found: Area, *, on: date) -> Sequence[Area]:
    """Return what lies above an area on that day, the nearest last."""
    return _chain(found, lambda level, code: area(level, code, on=on))


def parents_of(found: Iterable[Area], *, on: date) -> dict[int, Sequence[Area]]:
    """Return area → what lies above it on that day, for many at once."""
    upper = {
        (row.level, row.code): row
        for row in Area.objects.filter(on_day(on)).exclude(level="commune")
    }
    return {row.pk: _chain(row, lambda *key: upper.get(key)) for row in found}


def _chain(found: Area, above: Callable[[str, str], Area | None]) -> list[Area]:
    chain: list[Area] = []
    while found.parent_code and len(chain) < len(LEVELS):
        upper = above(found.parent_level, found.parent_code)
        if upper is None:
            break
        chain.insert(0, upper)
        found = upper
    return chain


def between(level: str, since: date, until: date,
            kind: KeyKind = KeyKind.NONE) -> Correspondence:
    """Return what the areas of a level on one day are on the map of another.

    Where two readings of a change differ, that of the statistics office is followed, as the
    three that were checked bear out. The key “area” weighs by the km² of the map.
    """
    rows = list(Area.objects.filter(level=level).values_list(
        "code", "valid_from", "valid_to", "parent_code", "area_km2"))
    weights = {
        Unit(code, start, end, parent): Fraction(km2)
        for code, start, end, parent, km2 in rows if km2
    } if kind is KeyKind.AREA else {}
    units = [Unit(code, start, end, parent) for code, start, end, parent, _ in rows]
    return correspondence(level, units, _steps(level), since, until, Key(kind, weights))


def _steps(level: str) -> list[Step]:
    read = list(AreaLink.objects.filter(level=level).values_list(
        "old_code", "new_code", "change__on", "agreement").order_by("pk"))
    offices = {(old, on) for old, _, on, source in read if source in ("both", "office")}
    return [
        Step(old, new, on) for old, new, on, source in read
        if source != "resolutions" or (old, on) not in offices
    ]


def edition() -> tuple[int, ...]:
    """Return what tells one state of the map from the next: it only ever grows."""
    found = [model.objects.aggregate(rows=models.Count("pk"), last=models.Max("pk"))
             for model in (Area, AreaLink)]
    return tuple(int(each[name] or 0) for each in found for name in ("rows", "last"))


def drawn_on(day: date) -> date:
    """Return one day for all days of the same map: the last on which anything changed."""
    days = {each for pair in Area.objects.values_list("valid_from", "valid_to").distinct()
            for each in pair if each}
    before = [each for each in days if each <= day]
    return max(before) if before else min(days, default=day) - timedelta(days=1)
