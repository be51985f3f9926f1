"""Published tables as work: the cells of each workbook, and the figures that must come out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from scripts.build_files import DATA, RAW, RowText, read_csv, read_json, write_csv, write_json

PUBLISHED = DATA / "published"
MINISTRY = "bo-dttg"
NOT_REPORTED, NOT_APPLICABLE = "...", "x"
ETHNIC_CODES = tuple(f"{number:02}" for number in range(1, 55))
LEVELS = {"primary": "th", "lower_secondary": "thcs", "upper_secondary": "thpt"}
EXPECTED = ("dataflow", "indicator", "area", "period", "breakdown", "value", "how", "source")
Cell = dict[str, str]


def board(province: str) -> str:
    """Return the key of the board that answers for a province of before 2025."""
    return f"bdt-{province}"


def _cell(unit: str, address: str, text: str) -> Cell:
    return {"unit": unit, "cell": address, "text": text}


def _round(name: str, form: str, dataflow: str, day: str, kind: str, cells: list[Cell],
           source: str, **more: str) -> dict[str, Any]:
    file = f"demo/{name}.csv"
    write_csv(DATA / file, ("unit", "cell", "text"), cells)
    shipped = read_json(DATA / "forms" / f"{form}.json")
    return {
        "id": name, "title": f"{shipped['title']}, {day[:4]}", "form": form,
        "form_version": str(shipped["version"]),
        "dataflow": dataflow, "period": day[:4], "reference_date": day, "unit_kind": kind,
        "units": list(dict.fromkeys(cell["unit"] for cell in cells)), "cells": file,
        "source": f"published/{source}", **more,
    }


def census() -> dict[str, Any]:
    """Return the round of the 2019 census: one workbook for each of 25 provinces."""
    source = "census2019_ethnic_by_province_north.csv"
    by_province: dict[str, dict[str, str]] = defaultdict(dict)
    for row in read_csv(PUBLISHED / source):
        by_province[row["province_code"]][row["ethnic_code"]] = row["population"]
    cells = []
    for province, people in by_province.items():
        named = {code: int(people.get(code) or 0) for code in ETHNIC_CODES}
        named["_X"] = int(people["TT"]) - sum(named.values())
        cells += [_cell(board(province), f"ds/{code}/dan_so", str(count))
                  for code, count in named.items()]
    return _round("CENSUS-2019", "DS-DT-TINH", "ETHNIC_POPULATION", "2019-04-01", "board", cells,
                  source, note="Ô trống trong biểu nguồn là không có người: ghi 0.")


def census_national() -> Iterator[dict[str, Any]]:
    """Yield the rounds of the national table; groups not read in 2009 stay not reported."""
    source = "census_ethnic_national_2009_2019.csv"
    rows = read_csv(PUBLISHED / source)
    for year in ("2009", "2019"):
        column = f"population_{year}"
        people = {row["ethnic_code"]: row[column] for row in rows}
        cells = [_cell(MINISTRY, f"ds/{code}/dan_so", people.get(code) or NOT_REPORTED)
                 for code in ETHNIC_CODES]
        complete = all(people.get(code) for code in ETHNIC_CODES)
        total = people["TT"]
        rest = int(total) - sum(int(people[code]) for code in ETHNIC_CODES) if complete else ""
        cells.append(_cell(MINISTRY, "ds/_X/dan_so", str(rest) or NOT_REPORTED))
        cells.append(_cell(MINISTRY, "tong/tong_dan_so/dan_so", total))
        yield _round(f"CENSUS-NATIONAL-{year}", "DS-DT-CA-NUOC", "ETHNIC_POPULATION_NATIONAL",
                     f"{year}-04-01", "ministry", cells, source)


def pupils() -> Iterator[dict[str, Any]]:
    """Yield the rounds of pupils: the ministry to 2015, each province itself in 2016."""
    source = "gso_pupils_total_em_2012_2016.csv"
    rows = [row for row in read_csv(PUBLISHED / source) if row["area_level"] == "province"]
    for year in ("2012", "2013", "2014", "2015", "2016"):
        cells: list[Cell] = []
        for row in rows:
            if row["year"] == year and row["school_level"] in LEVELS:
                cells += _pupil_cells(row, alone=year == "2016")
        if year == "2016":
            form, kind = "HS-PT-TINH", "board"
        else:
            form, kind = "HS-PT-CA-NUOC", "ministry"
        yield _round(f"PUPILS-{year}", form, "PUPILS", f"{year}-09-30", kind, cells, source)


def _pupil_cells(row: RowText, *, alone: bool) -> Iterator[Cell]:
    area, level = row["area_code"], row["school_level"]
    unit = board(area) if alone else MINISTRY
    short = LEVELS[level]
    names = ((f"hs/{level}/tong_hs", f"hs/{level}/dtts") if alone
             else (f"hs/{area}/{short}_tong", f"hs/{area}/{short}_dtts"))
    values = (row["pupils"], row["pupils_ethnic_minority"])
    for address, value in zip(names, values, strict=True):
        yield _cell(unit, address, value or NOT_REPORTED)


def _place(row: RowText) -> str:
    """Return the row id of an area of the statistics office's tables."""
    return "VN" if row["area_code"] == "00" else row["area_code"]


def migration() -> Iterator[dict[str, Any]]:
    """Yield the rounds of migration rates, since the country has 63 provinces."""
    source = "gso_migration_rates_by_province.csv"
    columns = {"in_rate": "nhap_cu", "out_rate": "xuat_cu", "net_rate_published": "thuan"}
    rows = read_csv(PUBLISHED / source)
    for year in range(2008, 2017):
        cells = [
            _cell(MINISTRY, f"dc/{_place(row)}/{column}", row[name] or NOT_REPORTED)
            for row in rows if row["year"] == str(year) for name, column in columns.items()
        ]
        yield _round(f"MIGRATION-{year}", "DI-CU", "MIGRATION", f"{year}-12-31", "ministry",
                     cells, source)


def rates() -> Iterator[dict[str, Any]]:
    """Yield the rounds of province rates; a rate not published in a year is not reported."""
    source = "gso_rates_by_province.csv"
    rows = read_csv(PUBLISHED / source)
    form = read_json(DATA / "forms" / "TY-LE-TINH.json")
    columns = [column["id"] for column in form["tables"][0]["columns"]]
    for year in range(2008, 2017):
        found = {(_place(row), row["indicator"]): row["value"]
                 for row in rows if row["year"] == str(year)}
        places = dict.fromkeys(place for place, _ in found)
        cells = [
            _cell(MINISTRY, f"tl/{place}/{column}", found.get((place, column)) or NOT_REPORTED)
            for place in places for column in columns
        ]
        yield _round(f"RATES-{year}", "TY-LE-TINH", "PROVINCE_RATES", f"{year}-12-31",
                     "ministry", cells, source)


def poverty() -> Iterator[dict[str, Any]]:
    """Yield the rounds of poverty: Bắc Kạn 2019, Quảng Ngãi 2010-2016, the regions 2023."""
    yield _poverty_bac_kan()
    source = "quang_ngai_poverty_2010_2016.csv"
    rows = read_csv(PUBLISHED / source)
    for year in range(2010, 2017):
        cells = []
        for standard in ("2011-2015", "2016-2020"):
            row = next((row for row in rows if row["year"] == str(year)
                        and row["poverty_standard"].startswith(standard)), {})
            for name, column in (("total_pct", "chung"), ("urban_pct", "thanh_thi"),
                                 ("rural_pct", "nong_thon")):
                cells.append(_cell(board("51"), f"hn/{standard}/{column}",
                                   row.get(name) or NOT_APPLICABLE))
        yield _round(f"POVERTY-QN-{year}", "HN-CHUAN", "POVERTY", f"{year}-12-31", "board",
                     cells, source)
    yield _poverty_regions()


def _poverty_bac_kan() -> dict[str, Any]:
    source = "bac_kan_poverty_2019.csv"
    unit = board("06")
    cells = []
    for row in read_csv(PUBLISHED / source):
        if row["area_code"] == "06":
            cells += [_cell(unit, f"tinh/toan_tinh/{column}", row[name]) for name, column in
                      (("households", "tong_ho"), ("poor_households", "ho_ngheo"),
                       ("near_poor_households", "ho_can_ngheo"))]
        else:
            cells.append(_cell(unit, f"huyen/{row['area_code']}/ty_le_ngheo",
                               row["poor_rate_pct_published"]))
    return _round("POVERTY-BK-2019", "HN-TINH-HUYEN", "POVERTY", "2019-12-31", "board", cells,
                  source)


def _poverty_regions() -> dict[str, Any]:
    source = "poverty_multidimensional_2023_by_region.csv"
    cells = []
    for row in read_csv(PUBLISHED / source):
        place = _place(row)
        cells.append(_cell(MINISTRY, f"ty_le/{place}/ty_le", row["multidim_rate_pct"]))
        if place != "VN":
            cells.append(_cell(MINISTRY, f"ho/{place}/so_ho", row["multidim_poor_households"]))
            continue
        cells += [_cell(MINISTRY, f"ca_nuoc/VN/{column}", row[name]) for name, column in
                  (("poor_households", "ho_ngheo"), ("poor_rate_pct", "ty_le_ngheo"),
                   ("near_poor_households", "ho_can_ngheo"),
                   ("near_poor_rate_pct", "ty_le_can_ngheo"))]
    return _round("POVERTY-REGION-2023", "HN-VUNG", "POVERTY", "2023-12-31", "ministry", cells,
                  source)


def _expect(dataflow: str, indicator: str, area: str, period: str, breakdown: str,
            value: object, how: str, source: str) -> RowText:
    values = (dataflow, f"PUBLISHED:{indicator}", area, period, breakdown, str(value), how,
              f"published/{source}")
    return dict(zip(EXPECTED, values, strict=True))


def expected() -> Iterator[RowText]:
    """Yield the figures that the roll-ups and releases of the demonstration must equal."""
    yield from _expected_census()
    yield from _expected_pupils()
    source = "bac_kan_ethnic_composition_2019.csv"
    for row in read_csv(PUBLISHED / source):
        if row["ethnic_code"].isdigit():
            yield _expect("ETHNIC_POPULATION", "DS01", "province:06", "2019",
                          f"ETHNIC_GROUP={row['ethnic_code']}", row["population"], "published",
                          source)
    source = "poverty_multidimensional_2023_by_region.csv"
    for row in read_csv(PUBLISHED / source):
        if row["area_code"] == "00":
            yield _expect("POVERTY", "HN05", "country:VN", "2023",
                          "POVERTY_STANDARD=2022-2025", row["multidim_poor_households"],
                          "published", source)


def _expected_census() -> Iterator[RowText]:
    source = "census2019_ethnic_by_province_north.csv"
    region = {row["old_code"]: f"R{row['region_code']}"
              for row in read_csv(RAW / "reference" / "provinces_63_to_34.csv")}
    totals: dict[tuple[str, str], int] = defaultdict(int)
    for row in read_csv(PUBLISHED / source):
        totals[region[row["province_code"]], row["ethnic_code"]] += int(row["population"] or 0)
        if row["ethnic_code"] == "TT":
            yield _expect("ETHNIC_POPULATION", "DS01", f"province:{row['province_code']}",
                          "2019", "", row["population"], "published", source)
    for (area, code), value in totals.items():
        breakdown = "" if code == "TT" else f"ETHNIC_GROUP={code}"
        yield _expect("ETHNIC_POPULATION", "DS01", f"region:{area}", "2019", breakdown, value,
                      "sum of source", source)


def _expected_pupils() -> Iterator[RowText]:
    """Yield the published sums of pupils, and those of minority pupils where they are whole.

    Twelve provinces publish their minority pupils only together, so the regions they lie in
    and the country have no sum that could be passed as whole: an empty value is expected.
    """
    source = "gso_pupils_total_em_2012_2016.csv"
    region = {row["old_code"]: f"region:R{row['region_code']}"
              for row in read_csv(RAW / "reference" / "provinces_63_to_34.csv")}
    minority: dict[tuple[str, str, str], list[str]] = defaultdict(list)
    for row in read_csv(PUBLISHED / source):
        level, year = row["school_level"], row["year"]
        breakdown = "" if level == "total" else f"SCHOOL_LEVEL={level}"
        if row["area_level"] in ("country", "region"):
            area = "country:VN" if row["area_code"] == "00" else f"region:{row['area_code']}"
            yield _expect("PUPILS", "HS01", area, year, breakdown, row["pupils"], "published",
                          source)
        elif row["area_code"] in region:
            for area in (region[row["area_code"]], "country:VN"):
                minority[area, year, breakdown].append(row["pupils_ethnic_minority"])
    for (area, year, breakdown), parts in minority.items():
        whole = all(parts)
        yield _expect("PUPILS", "HS02", area, year, breakdown,
                      sum(map(Decimal, parts)) if whole else "",
                      "sum of source" if whole else "incomplete", source)


def build() -> None:
    """Write the cells of every round, what must come out, and the list of rounds."""
    rounds: Iterable[dict[str, Any]] = [
        census(), *census_national(), *pupils(), *migration(), *rates(), *poverty(),
    ]
    write_csv(DATA / "demo" / "expected.csv", EXPECTED, expected())
    write_json(DATA / "demo.json", {
        "rounds": rounds,
        "bad_examples": read_json(DATA / "choices" / "bad_examples.json"),
        "not_loaded": read_json(DATA / "choices" / "not_loaded.json"),
    })
