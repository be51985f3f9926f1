"""The country of the simulated year: 34 provinces, 3,321 communes, 12 forms, 12 obligations."""

from __future__ import annotations

from copy import deepcopy
from datetime import date, datetime, timedelta, timezone
from typing import Any

from benchmarks._year_plan import AMENDED, EVENT_ON, FIRST, MERGED
from nhasan.areas import operations as areas
from nhasan.areas import queries as places
from nhasan.collection import operations as collection
from nhasan.domain.access import Actor
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.reference import load_map
from nhasan.interfaces.jobs.loading.regime import load_calendar
from nhasan.metadata import operations as metadata
from nhasan.organisations import operations as organisations
from scripts import places as folders

HOUSE = Actor.house("year")
HANOI = timezone(timedelta(hours=7))
MAP_DAY = date(2025, 7, 1)
ROWS, COLUMNS = 3, 2
AT_FIRST = datetime(2025, 12, 31, 8, 0, tzinfo=HANOI)
_COMMUNES = {"kind": "commune", "level": "commune", "to": "superior"}
_PROVINCES = {"kind": "focal", "level": "province"}
_TO_14 = {"from": {"day": 15, "of": "start", "months": -1}, "to": {"day": 14, "of": "end"}}
_BEFORE_20 = {"window": _TO_14, "due": {"day": 19, "of": "end"}}


def _working(days: int) -> dict[str, Any]:
    return {"due": {"from": "window_end", "working_days": days}}


SCHEDULES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "C1": (_COMMUNES, {"frequency": "Q", **_working(15)}),
    "C2": (_COMMUNES, {"frequency": "S", **_working(20)}),
    "C3": (_COMMUNES, {"frequency": "A", "due": {"day": 25, "month": 12}, "window": {
        "from": {"day": 15, "month": 12, "years": -1}, "to": {"day": 14, "month": 12}}}),
    "C4": (_COMMUNES, {"frequency": "school_year", **_working(15),
                       "window": {"to": {"day": 30, "month": 9}}}),
    "C5": (_COMMUNES, {"frequency": "event",
                       "due": {"from": "event:chỉ đạo", "working_days": 15}}),
    "C6": (_COMMUNES, {"frequency": "A", "due": {"from": "window_end", "days": 20}}),
    "P1": (_PROVINCES, {"frequency": "M", **_BEFORE_20}),
    "P2": (_PROVINCES, {"frequency": "M", **_working(5)}),
    "P3": (_PROVINCES, {"frequency": "Q", **_BEFORE_20}),
    "P4": (_PROVINCES, {"frequency": "S", **_BEFORE_20}),
    "P5": (_PROVINCES, {"frequency": "A", **_working(20)}),
    "P6": (_PROVINCES, {"frequency": "term", "first": 2026, "every": 5, **_working(30),
                        "window": {"from": {"day": 1, "month": 7, "years": -5},
                                   "to": {"day": 30, "month": 6}}}),
}
AMENDED_FORM = "C1"


def form(name: str, version: str = "1") -> dict[str, Any]:
    """Return one of the twelve forms; a second version asks for one column more."""
    columns = [
        {"id": f"c{n}", "label": f"Cột {n}", "bind": {"INDICATOR": "NAM:01"}}
        for n in range(COLUMNS)
    ]
    if version != "1":
        columns.append({"id": "moi", "label": "Cột mới", "bind": {"INDICATOR": "NAM:02"}})
    return {
        "id": name, "version": version, "code": name, "title": f"Biểu {name}",
        "tables": [{
            "id": "t", "title": name, "row_header": "Dòng", "columns": columns,
            "rows": [
                {"id": "tong", "label": "Tổng", "sum": ["*"]},
                *({"id": f"r{n}", "label": f"Dòng {n}", "bind": {"LINE": str(n)}}
                  for n in range(ROWS)),
            ],
            "checks": [{"id": "phan", "test": "[c1] <= [c0]", "column": "c1",
                        "message": "{c1} nhiều hơn {c0}."}],
        }],
    }


def build(communes: int) -> list[tuple[str, str]]:
    """Make the country from the shipped map; return (commune, province) by their codes.

    With fewer communes than there are, the first of each province are taken in turn.
    """
    at = AT_FIRST
    load = Load(folders.ROOT / "data", at, at.date(), lambda words: None, HOUSE)
    load_calendar(load)
    provinces = provinces_of(load)
    chosen = _chosen(provinces, communes)
    organisations.open_unit(actor=HOUSE, code="BO", name="Bộ", short_name="Bộ", kind="ministry",
                            parent=None, opened=None, at=at)
    for province in provinces:
        unit_of(f"SO-{province}", "focal", "BO", "province", province)
    for commune, province in chosen:
        unit_of(f"XA-{commune}", "commune", f"SO-{province}", "commune", commune)
    _set("1", ["01"])
    for name, (reporters, schedule) in SCHEDULES.items():
        collection.draft_form(actor=HOUSE, definition=form(name), dataflow="NAM", at=at)
        collection.publish_form(actor=HOUSE, form=name, version="1", at=at)
        collection.draft_obligation(
            actor=HOUSE, identifier=name, at=at, terms=collection.Terms(
                form=name, receiver="BO", title_vi=f"Báo cáo {name}", reporters=reporters,
                schedule=schedule))
        collection.put_obligation_in_force(actor=HOUSE, identifier=name, on=FIRST, at=at)
    return chosen


def provinces_of(load: Load) -> dict[str, list[str]]:
    load_map(load)
    found: dict[str, list[str]] = {
        area.code: [] for area in places.areas(on=load.today, level="province")}
    for area in places.areas(on=load.today, level="commune"):
        found[area.parent_code].append(area.code)
    return found


def _chosen(provinces: dict[str, list[str]], most: int) -> list[tuple[str, str]]:
    found = []
    for place in range(max(map(len, provinces.values()))):
        for province, codes in provinces.items():
            if place < len(codes) and len(found) < most:
                found.append((codes[place], province))
    return found


def unit_of(code: str, kind: str, parent: str, level: str, area: str) -> None:
    organisations.open_unit(actor=HOUSE, code=code, name=code, short_name=code, kind=kind,
                            parent=parent, opened=None, at=AT_FIRST)
    areas.give_jurisdiction(actor=HOUSE, unit=code, level=level, code=area, valid_from=MAP_DAY,
                            valid_to=None, at=AT_FIRST)


def _set(version: str, keys: list[str], at: datetime = AT_FIRST) -> None:
    metadata.draft_indicator_set(
        actor=HOUSE, agency="NAM", identifier="NAM", version=version, name_vi="Bộ thử",
        source="thử", decision={}, completeness="", illustrative=True, at=at,
        indicators=[{"key": key, "name_vi": f"Chỉ tiêu {key}", "unit": "người", "decimals": 0,
                     "adds_over_area": "sum"} for key in keys])
    metadata.put_in_force(actor=HOUSE, kind="indicator_set", identifier="NAM", version=version,
                          on=at.date(), at=at)


def amend(at: datetime) -> None:
    """Amend the set in use: one indicator more, and the form that asks for it."""
    _set("2", ["01", "02"], at)
    changed = deepcopy(form(AMENDED_FORM, "2"))
    collection.draft_form(actor=HOUSE, definition=changed, dataflow="NAM", at=at)
    collection.publish_form(actor=HOUSE, form=AMENDED_FORM, version="2", at=at)


def instruct(at: datetime) -> None:
    """Record the event from which one of the obligations counts its days."""
    collection.record_event(actor=HOUSE, identifier="C5", name="chỉ đạo", on=EVENT_ON,
                            period="2026", document="Công văn thử", at=at)


def merge(closing: str, heir: str, at: datetime) -> None:
    """Merge one commune into another from today on."""
    organisations.close_unit(actor=HOUSE, code=f"XA-{closing}", successor=f"XA-{heir}",
                             closed=MERGED, at=at)
    areas.end_jurisdiction(actor=HOUSE, unit=f"XA-{closing}", level="commune", code=closing,
                           valid_to=MERGED, at=at)


def retire(at: datetime) -> None:
    """Retire every obligation at the end of the year."""
    for name in SCHEDULES:
        collection.retire_obligation(actor=HOUSE, identifier=name, on=date(2027, 1, 1), at=at)


HAPPENINGS = {AMENDED: amend, EVENT_ON: instruct, date(2026, 12, 31): retire}
