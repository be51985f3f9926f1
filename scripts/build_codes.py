"""The two numberings of the ethnic groups, and the correspondence between them."""

from __future__ import annotations

from typing import Any

from scripts.build_files import DATA, RAW, RowText, read_csv, write_json

DECISION_1979 = (
    "Quyết định 121-TCTK/PPCĐ ngày 02/3/1979; đối chiếu mã 01-56 của Tổng điều tra dân số 1989, "
    "1999, 2019 (IPUMS, biến nguồn 189549), thứ tự biểu Tổng điều tra 2019; tên gọi khác và nhóm "
    "ngôn ngữ theo trang của Ủy ban Dân tộc; dân số theo Tổng điều tra 2019"
)
DECISION_2008 = (
    "Quyết định 1019/QĐ-TCTK ngày 12/11/2008; mã 01-20 đọc ở Phụ lục E của qcvn109.gov.vn (01-13) "
    "và gso.gov.vn DocID 15172 (01-20)"
)
DOUBT_2008 = (
    "Mã 21-54 chưa đọc được trong chính Quyết định: suy ra từ thứ tự danh mục của phiếu điện tử "
    "Tổng điều tra bản thử 2018, vốn trùng với 20 mã đã đọc. Xem thuộc tính evidence của từng mã."
)
UNSPECIFIED = {
    "code": "_X", "name_vi": "Người nước ngoài và không xác định", "name_en": "Unspecified",
    "aliases": [], "other_names": [],
    "attributes": {
        "local": True, "aggregate_of": ["55", "56"], "is_minority": False,
        "note": "mã của hệ thống: biểu công bố chỉ cho tổng của 55 và 56",
    },
}


def _split(text: str, mark: str) -> list[str]:
    return [part.strip() for part in text.split(mark) if part.strip()]


def _group(row: RowText, english: dict[str, str], inferred: dict[str, str]) -> dict[str, Any]:
    code = row["code"]
    attributes: dict[str, Any] = {
        "name_1979": row["name_1979"], "language_group": row["language_group"],
        "language_family": row["language_family"],
        "code_2008": row["code_1019_2008"] or inferred.get(code, ""),
        "is_minority": row["is_minority"] == "1",
        "under_10000_in_2019": row["under_10000_in_2019"] == "1",
    }
    if row["population_2019"]:
        attributes["population_2019"] = int(row["population_2019"])
    if row["note"]:
        attributes["note"] = row["note"]
    return {
        "code": code, "name_vi": row["name"], "name_en": english.get(code, ""),
        "aliases": _split(row["aliases"], ";"),
        "other_names": _split(row["other_names_1979"], ","), "attributes": attributes,
    }


def build() -> None:
    """Write the two code lists and their correspondence."""
    groups = read_csv(RAW / "reference" / "ethnic_groups.csv")
    orders = read_csv(RAW / "survey" / "ethnic-codes.csv")
    english = {row["stat_code"]: row["name_published_microdata"] for row in orders}
    inferred = {
        row["stat_code"]: row["order_in_2018_electronic_form"].zfill(2)
        for row in orders if row["order_in_2018_electronic_form"]
    }
    codes = [_group(row, english, inferred) for row in groups]
    write_json(DATA / "codes" / "CL_ETHNIC_1979.json", {
        "agency": "TCTK", "id": "CL_ETHNIC_1979", "version": "1979",
        "name_vi": "Danh mục các dân tộc Việt Nam (mã 1979)",
        "name_en": "Ethnic groups of Viet Nam (1979 codes)", "source": DECISION_1979,
        "note": "aliases dùng để ghép tên tự động; other_names chỉ để hiển thị và tìm kiếm vì "
                "nhiều dân tộc dùng chung một tên gọi khác. 55, 56 thuộc tổng dân số nhưng không "
                "phải một dân tộc.",
        "codes": [*codes, UNSPECIFIED],
    })
    links = _links(groups, inferred)
    read = {row["code"] for row in groups if row["code_1019_2008"]}
    by_code = {code["code"]: code for code in codes}
    write_json(DATA / "codes" / "CL_ETHNIC_2008.json", {
        "agency": "TCTK", "id": "CL_ETHNIC_2008", "version": "2008",
        "name_vi": "Danh mục các dân tộc Việt Nam (mã 2008)",
        "name_en": "Ethnic groups of Viet Nam (2008 codes)", "source": DECISION_2008,
        "note": DOUBT_2008,
        "codes": [
            {"code": link["to"], "name_vi": by_code[link["from"]]["name_vi"],
             "name_en": by_code[link["from"]]["name_en"],
             "aliases": by_code[link["from"]]["aliases"],
             "attributes": {"code_1979": link["from"], "evidence": link["evidence"],
                            "is_minority": by_code[link["from"]]["attributes"]["is_minority"]}}
            for link in sorted(links, key=lambda link: link["to"])
        ],
    })
    write_json(DATA / "correspondences.json", [{
        "id": "ETHNIC_1979_2008", "from": "CL_ETHNIC_1979", "to": "CL_ETHNIC_2008",
        "source": f"ghép theo tên; {DECISION_2008}", "note": DOUBT_2008,
        "read": len(read), "links": links,
    }])


def _links(groups: list[RowText], inferred: dict[str, str]) -> list[dict[str, str]]:
    links = []
    for row in groups:
        stated, order = row["code_1019_2008"], inferred.get(row["code"], "")
        if stated or order:
            links.append({"from": row["code"], "to": stated or order,
                          "evidence": "read" if stated else "inferred"})
    return links
