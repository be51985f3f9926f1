"""Indicator sets: every row of the collected indicators, and the chosen illustrative set."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from scripts.build_files import DATA, RAW, RowText, read_csv, read_json, write_json

LEVELS = {
    "admin_unit_province": "province", "admin_unit_district": "district",
    "admin_unit_commune": "commune", "region": "region",
}
NOT_DIMENSIONS = {*LEVELS, "admin_unit", ""}
DERIVED = ["key", "value_kind", "decimals", "dimensions", "area_levels", "adds_over_area",
           "adds_over_time"]
YES_NO = ("đạt/không đạt", "có/không")
# What the source says in one sentence and a sheet keeps apart.
_EXCEPT = re.compile(r"Riêng phân tổ (.+?) công bố theo kỳ (.+)")
_OF_AN_AGE = re.compile(r"nhóm tuổi (\d+-\d+) công bố theo kỳ (.+)")
_IN_BRACKETS = re.compile(r"(.+?) \((\d+ năm)\)")
_AGENCIES = re.compile(r"(?:Đơn vị c|C)hủ trì: (.+?); (?:Đơn vị p|P)hối hợp: (.+)", re.DOTALL)
_DATA_SOURCE = re.compile(r"(?:^|.*\. )Nguồn số liệu: (.+)", re.DOTALL)
# The first word that fits decides; order matters ("Số sinh viên đại học trên 10.000 dân").
KINDS = (
    ("rate", (" trên 1", " trên 10", "Tỷ lệ", "Tỷ trọng", "Tỷ suất", "Tốc độ", " so với ",
              "Mức độ", "Nghĩa vụ", "Tiêu hao")),
    ("ratio", ("Tỷ số", "lần")),
    ("average", ("bình quân", "Khả năng đáp ứng", "tuổi thọ")),
    ("index", ("Chỉ số", "Hệ số")),
    ("amount", ("Diện tích", "Chi NSNN", "Trị giá", "Vốn", "giá trị", "Giá trị", "Khối lượng",
                "Công suất", "Chiều dài", "Năng suất", "Thu nhập", "Tổng cung", "Lượng")),
    ("yes_no", ("đạt chuẩn theo bộ tiêu chí", "Đường từ thôn")),
)
DECIMALS = {"rate": 2, "ratio": 2, "average": 2, "index": 3, "amount": 2, "count": 0, "yes_no": 0}
SHARES = ("tỷ lệ", "xã/", "thôn/")  # parts of one, compared with 2/3: four decimals
# A name that holds several quantities, or a quantity that is no total, is never added up.
DO_NOT_ADD = (";", " và tỷ lệ", "Các chỉ tiêu", "Cơ cấu", "/GDP", "Năng suất", "Thu nhập",
              "Chiều dài", "trong phạm vi toàn quốc", "Lượng phát thải")
EVENTS = ("Số cuộc", "Số vụ", "Trị giá", "Chi NSNN", "Số người bị tai nạn")


def value_kind(name: str, unit: str) -> str:
    """Return what kind of number an indicator is, read off its name and unit."""
    if unit in YES_NO:
        return "yes_no"
    if unit == "%" or unit.startswith(SHARES):
        return "rate"
    if unit == "lần":
        return "ratio"
    for kind, signs in KINDS:
        if any(sign in name for sign in signs):
            return kind
    return "count"


def additive(kind: str, name: str) -> tuple[str, str]:
    """Return how values add up over area and over time."""
    adds = kind in ("count", "amount") and not any(sign in name for sign in DO_NOT_ADD)
    over_area = "sum" if adds else "none"
    over_time = "sum" if over_area == "sum" and name.startswith(EVENTS) else "none"
    return over_area, over_time


def breakdowns(text: str, period: str) -> list[str]:
    """Return the breakdowns of a source text, as `name | period` where the source gives one.

    Without an own period a breakdown follows the indicator and says nothing.
    """
    first, *others = [part.strip() for part in period.split(";")]
    own = {
        found[1].casefold(): found[2] for part in others if (found := _EXCEPT.fullmatch(part))}
    ages = [found.groups() for part in (first, *others) if (found := _OF_AN_AGE.search(part))]
    made = []
    for part in _outside_brackets(text):
        if ages and part.startswith("Nhóm tuổi"):
            made += [f"Nhóm tuổi {age} | {when.capitalize()}" for age, when in ages]
            continue
        bracketed = _IN_BRACKETS.fullmatch(part)
        name = bracketed[1] if bracketed else part
        made.append(f"{name} | {own.get(name.casefold(), first)}" if own else name)
    return made


def _outside_brackets(text: str) -> Iterator[str]:
    """Yield the parts between semicolons that stand in no brackets."""
    part, depth = "", 0
    for sign in f"{text};":
        depth += (sign == "(") - (sign == ")")
        if sign == ";" and not depth:
            if part.strip():
                yield part.strip()
            part = ""
        else:
            part += sign


def told_apart(row: RowText) -> dict[str, Any]:
    """Return what the source says of agencies, breakdowns and data, each in its own field."""
    agencies = _AGENCIES.fullmatch(row["agency"])
    source = _DATA_SOURCE.match(row["notes"])
    return {
        "lead_agency": agencies[1] if agencies else "",
        "coordinating": agencies[2] if agencies else "",
        "data_source": source[1] if source else "",
        "breakdowns": breakdowns(row["disaggregation_text"], row["period"]),
    }


def _groups(rows: list[RowText]) -> dict[tuple[str, str], str]:
    """Return a code for each group: its own, or a local one where the source has none."""
    found: dict[tuple[str, str], str] = {}
    for row in rows:
        group = (row["group_code"], row["group_name"])
        if group not in found:
            found[group] = row["group_code"] or f"G{len(found) + 1}"
    return found


def _indicator(
    row: RowText, key: str, group: str, dimension: dict[str, str],
) -> dict[str, Any]:
    raw = [part for part in row["disaggregations"].split(";") if part]
    kind = value_kind(row["name"], row["unit"])
    over_area, over_time = additive(kind, row["name"])
    return {
        "key": key, "official_code": row["code"], "group": group,
        "name": row["name"], "unit": row["unit"], "value_kind": kind,
        "decimals": 4 if row["unit"].startswith(SHARES) else DECIMALS[kind],
        "dimensions": [dimension[part] for part in raw if part not in NOT_DIMENSIONS],
        "area_levels": [LEVELS[part] for part in raw if part in LEVELS],
        "disaggregations": raw, "disaggregation_text": row["disaggregation_text"],
        "period": row["period"], "agency": row["agency"], "source": row["source"],
        "status": row["status"], "national_code": row["national_code"],
        "notes": row["notes"], **told_apart(row),
        "adds_over_area": over_area, "adds_over_time": over_time, "derived": DERIVED,
    }


def _keys(rows: list[RowText]) -> Iterator[str]:
    """Yield a key for each row: its code, shortened, or a local number where there is none."""
    for number, row in enumerate(rows, 1):
        yield row["code"].removeprefix("Biểu ") or f"L{number:03}"


def _collected_set(
    about: dict[str, Any], rows: list[RowText], dimension: dict[str, str],
) -> dict[str, Any]:
    groups = _groups(rows)
    status = sorted({row["status"] for row in rows})
    return {
        **about, "status_text": "; ".join(status), "illustrative": False,
        "groups": [{"code": code, "name": name} for (_, name), code in groups.items()],
        "indicators": [
            _indicator(row, key, groups[row["group_code"], row["group_name"]], dimension)
            for row, key in zip(rows, _keys(rows), strict=True)
        ],
    }


def collected() -> list[dict[str, Any]]:
    """Return one set for each set named in the collected indicators."""
    rows = read_csv(RAW / "indicators.csv")
    dimension = {item["key"]: item["id"] for item in read_json(DATA / "dimensions.json")}
    return [
        _collected_set(about, [row for row in rows if row["set"] == about["id"]], dimension)
        for about in read_json(DATA / "choices" / "sets.json")
    ]


def chosen(sets: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the illustrative set of 132, each citing the row it was chosen from."""
    about = read_json(DATA / "choices" / "nhasan132.json")
    cited = {(found["id"], item["key"]): item for found in sets for item in found["indicators"]}
    indicators = []
    for row in read_csv(DATA / "choices" / "nhasan132.csv"):
        origin = cited[row["set"], row["key"]]
        kind = row["value_kind"] or origin["value_kind"]
        over_area, over_time = additive(kind, origin["name"])
        indicators.append({
            **origin, "key": row["code"], "official_code": "", "group": row["code"][:2],
            "name": row["name"] or origin["name"], "unit": row["unit"] or origin["unit"],
            "value_kind": kind,
            "decimals": int(row["decimals"] or origin["decimals"]),
            "dimensions": row["dimensions"].split(";") if row["dimensions"]
            else origin["dimensions"],
            "adds_over_area": row["adds_over_area"] or over_area, "adds_over_time": over_time,
            "status": "minh hoạ", "cites": {"set": row["set"], "key": row["key"]},
            "derived": [*DERIVED, *(name for name in ("name", "unit") if row[name])],
        })
    return {**about, "indicators": indicators}


def build() -> None:
    """Write every set that is derived; PUBLISHED and BIEU-MAU are written by hand."""
    sets = collected()
    for found in [*sets, chosen(sets)]:
        write_json(DATA / "indicators" / f"{found['id']}.json", found)
