"""Areas with their days, the links between them, and every doubt about them."""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise

from scripts.build_files import DATA, RAW, RowText, read_csv, write_csv, write_json

REFORM = "2025-07-01"
BAC_KAN, THAI_NGUYEN = "06", "19"
AREA_COLUMNS = (
    "code", "level", "unit_type", "name", "parent_level", "parent_code", "valid_from",
    "valid_to", "established_by", "ended_by", "area_km2", "known_from",
)
CHANGE_COLUMNS = (
    "level", "old_code", "new_code", "date", "kind", "agreement", "doubtful", "old_known",
    "decree", "note",
)
CLASS_COLUMNS = ("level", "code", "class", "valid_from", "valid_to", "decision", "basis")
MERGE_PROVINCES = "202/2025/QH15"
END_DISTRICTS = "202/2025/QH15; 72/2025/QH15"
MERGE_COMMUNES = "1654 đến 1687/NQ-UBTVQH15"
THAI_NGUYEN_DECREE = "1683/NQ-UBTVQH15"
CITY_OF_DONG_NAI = ("75", "2026-04-30", "30/2026/QH16")
LISTED = "có trong danh mục thời điểm 2004-08-31"
LISTED_ON = "2004-08-31"
LAST_DAY_OF_OLD_MAP = "2025-06-30"  # the country is listed as of this day, with no history
EARLIER_CHANGES = {
    "892/NQ-UBTVQH13": "2015-03-12", "855/NQ-UBTVQH14": "2020-02-01",
    "722/NQ-UBTVQH15": "2023-04-10",
}


def exclusive(last_day: str) -> str:
    """Return the day after the last day of validity; an open end stays open."""
    return str(date.fromisoformat(last_day) + timedelta(days=1)) if last_day else ""


def tidy(name: str) -> str:
    """Return a name with single spaces and the type of unit in its usual capitals."""
    name = " ".join(name.split()).replace("Thành Phố ", "Thành phố ")
    name = name.replace("Thị Trấn ", "Thị trấn ").replace("Thị Xã ", "Thị xã ")
    return name[0].upper() + name[1:]


class Country:
    """The raw tables of the whole country, read once."""

    def __init__(self) -> None:
        """Read the tables and find which units belong to Bắc Kạn and Thái Nguyên."""
        folder = RAW / "reference"
        self.units = read_csv(folder / "admin_units_vietnam.csv")
        self.bac_kan = read_csv(folder / "admin_units_bac_kan.csv")
        self.merged = read_csv(folder / "provinces_63_to_34.csv")
        self.links = read_csv(folder / "correspondence_communes_2025.csv")
        self.region = {row["old_code"]: f"R{row['region_code']}" for row in self.merged}
        self.old_parent = {
            row["unit_code"]: row["parent_code"] for row in self.units if not row["valid_from"]
        }
        predecessors = Counter(row["new_code"] for row in self.merged)
        self.merged_codes = {code for code, count in predecessors.items() if count > 1}

    def old_province(self, row: RowText) -> str:
        """Return the province of a unit of before the reform."""
        code = row["unit_code"]
        if row["level"] == "commune":
            code = self.old_parent[code]
        return self.old_parent[code] if row["level"] != "province" else code


def areas(country: Country) -> Iterator[RowText]:
    """Yield every area, from the country down to the communes, old before new."""
    yield _area("VN", "country", "Nước", "Việt Nam", ("", ""), ("", ""))
    names = {row["region_code"]: row["region_name"] for row in country.merged}
    for code, name in sorted(names.items()):
        yield _area(f"R{code}", "region", "Vùng", name, ("country", "VN"), ("", REFORM),
                    known_from=LAST_DAY_OF_OLD_MAP)
    old = [row for row in country.units if not row["valid_from"]]
    new = [row for row in country.units if row["valid_from"]]
    for level in ("province", "district", "commune"):
        rows = [row for row in old if row["level"] == level]
        for row in rows:
            if country.old_province(row) != BAC_KAN:
                yield _old_area(country, row)
        yield from (_bac_kan_area(row) for row in country.bac_kan
                    if row["level"] == level and row["valid_from"] != REFORM)
    for level in ("province", "commune"):
        for row in new:
            if row["level"] == level:
                yield from _new_area(country, row)


def _area(
    code: str, level: str, unit_type: str, name: str, parent: tuple[str, str],
    days: tuple[str, str], decrees: tuple[str, str] = ("", ""), km2: str = "",
    known_from: str = "",
) -> RowText:
    values = (code, level, unit_type, tidy(name), *parent, *days, *decrees, km2, known_from)
    return dict(zip(AREA_COLUMNS, values, strict=True))


def _old_area(country: Country, row: RowText) -> RowText:
    level, code = row["level"], row["unit_code"]
    parents = {
        "province": ("region", country.region.get(code, "")),
        "district": ("province", row["parent_code"]),
        "commune": ("district", row["parent_code"]),
    }
    successor = next((m["new_code"] for m in country.merged if m["old_code"] == code), "")
    province = country.old_province(row)
    ended = {
        "province": MERGE_PROVINCES if successor in country.merged_codes else "",
        "district": END_DISTRICTS,
        "commune": THAI_NGUYEN_DECREE if province == THAI_NGUYEN else MERGE_COMMUNES,
    }
    days = ("", exclusive(row["valid_to"]))
    return _area(code, level, row["unit_type"], row["name"], parents[level], days,
                 ("", ended[level]), known_from=LAST_DAY_OF_OLD_MAP)


def _bac_kan_area(row: RowText) -> RowText:
    level = row["level"]
    parent_level = {"province": "region", "district": "province", "commune": "district"}[level]
    parent = "R2" if level == "province" else row["parent_code"]
    made = row["established_or_changed_by"]
    decrees = ("" if made == LISTED else made, row["ended_or_changed_by"])
    days = (row["valid_from"], exclusive(row["valid_to"]))
    return _area(row["unit_code"], level, row["unit_type"], row["name"],
                 (parent_level, parent), days, decrees,
                 known_from=LISTED_ON if made == LISTED else "")


def _new_area(country: Country, row: RowText) -> Iterator[RowText]:
    code, level = row["unit_code"], row["level"]
    if level == "province":
        decree = MERGE_PROVINCES if code in country.merged_codes else ""
        parent = ("country", "VN")
    else:
        decree = THAI_NGUYEN_DECREE if row["parent_code"] == THAI_NGUYEN else MERGE_COMMUNES
        parent = ("province", row["parent_code"])
    found = _area(code, level, row["unit_type"], row["name"], parent,
                  (row["valid_from"], ""), (decree, ""), row["area_km2"])
    city, since, by = CITY_OF_DONG_NAI
    if level == "province" and code == city:
        yield {**found, "valid_to": since, "ended_by": by}
        found |= {"unit_type": "Thành phố", "name": "Thành phố Đồng Nai",
                  "valid_from": since, "established_by": by}
    yield found


def changes(country: Country) -> Iterator[RowText]:
    """Yield the links from each ended unit to its successors."""
    for row in country.merged:
        joined = row["new_code"] in country.merged_codes
        yield _change("province", row["old_code"], row["new_code"], REFORM,
                      decree=MERGE_PROVINCES, note="" if joined else "giữ nguyên")
    doubtful = _doubtful(country)
    known = {row["unit_code"] for row in country.units
             if row["level"] == "commune" and not row["valid_from"]}
    for row in country.links:
        old = row["old_code"]
        province = country.old_parent.get(country.old_parent.get(old, ""), "")
        ours = province in (BAC_KAN, THAI_NGUYEN)
        yield _change(
            "commune", old, row["new_code"], REFORM, row["kind"],
            agreement=row["agreement"], doubtful=str(int(old in doubtful)),
            old_known=str(int(old in known)),
            decree=THAI_NGUYEN_DECREE if ours else MERGE_COMMUNES,
        )
    for row in country.bac_kan:
        decree = row["ended_or_changed_by"]
        if decree in EARLIER_CHANGES:
            yield _earlier(row, decree)
    city, since, by = CITY_OF_DONG_NAI
    yield _change("province", city, city, since, "renamed", decree=by)


def _change(level: str, old: str, new: str, day: str, kind: str = "full",
            **more: str) -> RowText:
    usual = {"agreement": "", "doubtful": "0", "old_known": "1", "decree": "", "note": ""}
    return {"level": level, "old_code": old, "new_code": new, "date": day, "kind": kind,
            **usual, **more}


def _earlier(row: RowText, decree: str) -> RowText:
    """Return a change of Bắc Kạn before 2025; the source names no successor of ended codes."""
    code, successor = row["unit_code"], row["successor_codes"]
    note = "" if successor else "nguồn không ghi đơn vị kế thừa"
    return _change(row["level"], code, successor, EARLIER_CHANGES[decree],
                   "renamed" if successor == code else "ended", decree=decree, note=note)


def _doubtful(country: Country) -> set[str]:
    """Return the old communes whose two readings differ, units of 30/6/2025 only."""
    readings: dict[str, set[str]] = defaultdict(set)
    for row in country.links:
        readings[row["old_code"]].add(row["agreement"])
    return {
        code for code, found in readings.items()
        if found != {"both"} and not any("not in office table" in text for text in found)
    }


def classification() -> Iterator[RowText]:
    """Yield the class of each commune of Bắc Kạn in 2021-2025; empty where not read."""
    for row in read_csv(RAW / "reference" / "area_classification_bac_kan_2021_2025.csv"):
        yield {
            "level": "commune", "code": row["commune_code"], "class": row["area_class"],
            "valid_from": "2021-06-04", "valid_to": "2026-01-01",
            "decision": "861/QĐ-TTg (04/6/2021)", "basis": row["basis"],
        }


def doubts(country: Country, found: list[RowText], links: list[RowText]) -> Iterator[RowText]:
    """Yield everything about areas that is open, unread or in disagreement."""
    yield from _link_doubts(links)
    parents = {row["parent_code"] for row in found if row["parent_level"] == "district"}
    for row in found:
        if row["level"] == "district" and row["code"] not in parents:
            yield _doubt("area", "district", row["code"], "huyện đảo không có đơn vị cấp xã")
    yield from (_doubt("area", level, code, text) for level, code, text in _overlaps(found))
    for row in classification():
        if not row["class"]:
            yield _doubt("class", "commune", row["code"], "chưa đọc được khu vực của xã")
    yield from OPEN_QUESTIONS


def _link_doubts(links: list[RowText]) -> Iterator[RowText]:
    for code in sorted({row["old_code"] for row in links if row["old_known"] == "0"}):
        yield _doubt("link", "commune", code,
                     "mã cũ trong bảng chuyển đổi không phải đơn vị cấp xã ngày 30/6/2025")
    for code in sorted({row["old_code"] for row in links if row["doubtful"] == "1"}):
        yield _doubt("link", "commune", code,
                     "bảng chuyển đổi của cơ quan thống kê và nghị quyết khác nhau; "
                     "ưu tiên dòng có agreement = office")
    for row in links:
        if row["kind"] == "ended":
            yield _doubt("link", row["level"], row["old_code"], row["note"])


def _doubt(subject: str, level: str, code: str, text: str) -> RowText:
    return {"subject": subject, "level": level, "code": code, "doubt": text}


OPEN_QUESTIONS = (
    _doubt("link", "commune", "23737", "một liên kết tới mã không có thật đã bị bỏ ở nguồn"),
    _doubt("area", "province", "22", "dữ liệu ngày 20/9/2026 ghi “Thành phố”; chưa đọc được "
           "văn bản và ngày đổi"),
    _doubt("area", "province", "24", "dữ liệu ngày 20/9/2026 ghi “Thành phố”; chưa đọc được "
           "văn bản và ngày đổi"),
    _doubt("area", "province", "28", "Hà Tây (trước 8/2008) chỉ có trong biểu tỷ lệ cũ, không có "
           "trong danh mục đơn vị"),
    _doubt("area", "region", "", "phân vùng kinh tế - xã hội sau 01/7/2025 chưa đọc được"),
    _doubt("area", "commune", "", "ngoài Bắc Kạn, các thay đổi trước 30/6/2025 chưa có: ngày bắt "
           "đầu để trống nghĩa là “từ trước”"),
    _doubt("link", "commune", "", "không có tỷ lệ dân số hay diện tích của liên kết một phần"),
)


def _overlaps(found: list[RowText]) -> Iterator[tuple[str, str, str]]:
    versions: dict[tuple[str, str], list[RowText]] = defaultdict(list)
    for row in found:
        versions[row["level"], row["code"]].append(row)
    for (level, code), rows in versions.items():
        rows.sort(key=lambda row: row["valid_from"])
        for earlier, later in pairwise(rows):
            if not earlier["valid_to"] or later["valid_from"] < earlier["valid_to"]:
                yield level, code, "hai phiên bản trùng thời gian"


def in_force(rows: list[RowText], day: str) -> list[RowText]:
    """Return the areas that stand on a day."""
    return [row for row in rows
            if row["valid_from"] <= day and (not row["valid_to"] or day < row["valid_to"])]


def within(rows: list[RowText], province: str, day: str) -> list[RowText]:
    """Return the areas below a province on a day."""
    standing = in_force(rows, day)
    inside = {("province", province)}
    for level in ("district", "commune"):
        inside |= {(level, row["code"]) for row in standing if row["level"] == level
                   and (row["parent_level"], row["parent_code"]) in inside}
    return [row for row in standing if (row["level"], row["code"]) in inside]


COUNTS = (
    ("2025-06-30", "", "province", 63), ("2025-06-30", "", "district", 696),
    ("2025-06-30", "", "commune", 10035), ("2025-06-30", "", "region", 6),
    ("2025-07-01", "", "province", 34), ("2025-07-01", "", "district", 0),
    ("2025-07-01", "", "commune", 3321), ("2026-05-01", "", "province", 34),
    ("2019-04-01", "06", "commune", 122), ("2024-06-01", "06", "commune", 108),
    ("2024-06-01", "06", "district", 8), ("2025-07-01", "19", "commune", 92),
)


def build() -> list[RowText]:
    """Write all files about areas and return the areas."""
    country = Country()
    found = list(areas(country))
    links = list(changes(country))
    folder = DATA / "areas"
    write_csv(folder / "areas.csv", AREA_COLUMNS, found)
    write_csv(folder / "changes.csv", CHANGE_COLUMNS, links)
    write_csv(folder / "classification.csv", CLASS_COLUMNS, classification())
    write_csv(folder / "doubts.csv", ("subject", "level", "code", "doubt"),
              doubts(country, found, links))
    write_json(folder / "counts.json", [
        {"on": day, "within": f"province:{province}" if province else "", "level": level,
         "count": count} for day, province, level, count in COUNTS
    ])
    return found


def report(found: list[RowText]) -> Iterator[str]:
    """Yield the counts beside what they must be, and the number of doubts of each kind."""
    for day, province, level, wanted in COUNTS:
        rows = within(found, province, day) if province else in_force(found, day)
        count = sum(1 for row in rows if row["level"] == level)
        mark = "ok" if count == wanted else f"EXPECTED {wanted}"
        yield f"{day} {province or 'VN':>2} {level:<9} {count:>6}  {mark}"
    with (DATA / "areas" / "doubts.csv").open(encoding="utf-8") as file:
        kinds = Counter((row["subject"], row["doubt"]) for row in csv.DictReader(file))
    for (subject, text), count in kinds.most_common():
        yield f"doubt  {count:>4}  {subject}: {text}"
