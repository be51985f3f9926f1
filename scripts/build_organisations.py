"""Organisations: the ministry, the focal departments, the closed boards, Thái Nguyên's units."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scripts.build_areas import REFORM, THAI_NGUYEN
from scripts.build_files import DATA, RAW, RowText, read_csv, read_json, write_json

MINISTRY = "bo-dttg"
FOCAL_NAMES = ("Sở Dân tộc và Tôn giáo", "Sở Nội vụ")
FOCAL_SHORT = ("Sở DT&TG", "Sở Nội vụ")
FOCAL_NOTE = (
    "Ngày mở là ngày bắt đầu phụ trách theo bản đồ 34 tỉnh; ngày thành lập thật của từng sở chưa "
    "đọc được. Nơi không lập Sở Dân tộc và Tôn giáo thì Sở Nội vụ làm đầu mối: đổi tên được."
)
BOARD_NOTE = (
    "Đứng tên cơ quan công tác dân tộc cấp tỉnh trước 01/7/2025; có tỉnh không có Ban Dân tộc "
    "riêng. Ngày đóng ghi theo ngày bản đồ 63 tỉnh hết hiệu lực; ngày giải thể thật chưa đọc được."
)
SOURCE = (
    "Nghị định 41/2025/NĐ-CP (Bộ Dân tộc và Tôn giáo từ 01/3/2025); Thông tư 07/2025/TT-BDTTG "
    "(Sở Dân tộc và Tôn giáo, hoặc Sở Nội vụ); Nghị quyết 202/2025/QH15, 1683/NQ-UBTVQH15; cột cơ "
    "quan của các bộ chỉ tiêu"
)


def focal(code: str) -> str:
    """Return the key of a province's focal department."""
    return f"so-dttg-{code}"


def _small(name: str) -> str:
    """Return a unit's name as written inside a phrase: `tỉnh Bắc Kạn`."""
    return name[0].lower() + name[1:]


def _bare(name: str) -> str:
    for kind in ("Tỉnh ", "Thành phố ", "Xã ", "Phường "):
        name = name.removeprefix(kind)
    return name


def _unit(  # the columns of a unit, in the order of the file
    key: str, name: str, short_name: str, kind: str, parent: str, **more: Any,
) -> dict[str, Any]:
    usual = {"opened": "", "closed": "", "successor": "", "jurisdictions": []}
    return {"key": key, "name": name, "short_name": short_name, "kind": kind, "parent": parent,
            **usual, **more}


def _answers_for(level: str, code: str, first: str = "", end: str = "") -> list[dict[str, str]]:
    return [{"level": level, "code": code, "from": first, "to": end}]


def _provinces(areas: list[RowText]) -> Iterator[dict[str, Any]]:
    for row in areas:
        if row["level"] == "province" and row["valid_from"] == REFORM:
            yield _unit(
                focal(row["code"]), f"{FOCAL_NAMES[0]} {_small(row['name'])}",
                f"{FOCAL_SHORT[0]} {_bare(row['name'])}", "focal", MINISTRY, opened=REFORM,
                jurisdictions=_answers_for("province", row["code"], REFORM), note=FOCAL_NOTE,
            )


def _boards(areas: list[RowText]) -> Iterator[dict[str, Any]]:
    successor = {row["old_code"]: row["new_code"]
                 for row in read_csv(RAW / "reference" / "provinces_63_to_34.csv")}
    for row in areas:
        if row["level"] == "province" and row["valid_to"] == REFORM:
            heir = focal(successor[row["code"]])
            yield _unit(
                f"bdt-{row['code']}", f"Ban Dân tộc {_small(row['name'])}",
                f"Ban Dân tộc {_bare(row['name'])}", "board", heir, closed=REFORM,
                successor=heir, note=BOARD_NOTE,
                jurisdictions=_answers_for("province", row["code"], end=REFORM),
            )


def _departments() -> Iterator[dict[str, Any]]:
    keys = [item["key"]
            for item in read_json(DATA / "indicators" / "NHASAN132.json")["indicators"]]
    for row in read_json(DATA / "choices" / "departments.json"):
        owned = [key for key in keys
                 if key[:2] in row["groups"] or key in row.get("indicators", [])]
        yield _unit(
            row["key"], row["name"], row["short_name"], "department", focal(THAI_NGUYEN),
            opened=REFORM, works_on={"level": "province", "code": THAI_NGUYEN},
            indicators=[f"NHASAN132:{key}" for key in owned], note=row["evidence"],
        )


def _communes(areas: list[RowText]) -> Iterator[dict[str, Any]]:
    for row in areas:
        if row["level"] == "commune" and row["parent_level"] == "province" \
                and row["parent_code"] == THAI_NGUYEN:
            yield _unit(
                f"xa-{row['code']}", f"UBND {_small(row['name'])}", _small(row["name"]),
                "commune", focal(THAI_NGUYEN), opened=REFORM,
                jurisdictions=_answers_for("commune", row["code"], REFORM),
            )


def build(areas: list[RowText]) -> None:
    """Write the organisations, parents before children."""
    ministry = _unit(
        MINISTRY, "Bộ Dân tộc và Tôn giáo", "Bộ DT&TG", "ministry", "", opened="2025-03-01",
        jurisdictions=_answers_for("country", "VN"),
        note="Kế tục Ủy ban Dân tộc; trả lời cả cho các kỳ trước ngày thành lập.",
    )
    write_json(DATA / "organisations.json", {
        "source": SOURCE,
        "name_options": {"focal": list(FOCAL_NAMES), "focal_short": list(FOCAL_SHORT)},
        "units": [ministry, *_provinces(areas), *_boards(areas), *_departments(),
                  *_communes(areas)],
    })
