"""A report form generated for indicators: one table, a column for each, ready to be published."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nhasan.domain.forms import INDICATOR_DIMENSION
from nhasan.domain.indicators import Sheet
from nhasan.domain.problems import Invalid, phrase

YES_NO = [["1", "Có"], ["0", "Không"]]
_WHOLE = ("count",)
_ADDED_UP = ("count", "amount")


@dataclass(frozen=True, slots=True)
class Broken:
    """By which dimension the rows are broken down, and the code list that names them."""

    dimension: str
    codes: str
    header: str


def generated(sheets: Sequence[Sheet], *, owner: str, identifier: str, version: str, title: str,
              legal_basis: str, illustrative: bool, by: Broken | None = None) -> dict[str, Any]:
    """Return the definition of a form that asks for the indicators of a set (`owner`)."""
    if not sheets:
        raise Invalid(reason=phrase("chưa chọn chỉ tiêu nào cho biểu mẫu"))
    return {
        "id": identifier, "version": version, "code": "", "title": title,
        "legal_basis": legal_basis, "illustrative": illustrative,
        "provenance": "biểu do hệ thống lập từ các chỉ tiêu mới của bộ chỉ tiêu",
        "tables": [{
            "id": "ct", "title": title, "unit": "",
            "row_header": by.header if by else "Đơn vị báo cáo",
            "rows": _rows(sheets, by),
            "columns": [
                _column(number, sheet, owner) for number, sheet in enumerate(sheets, 1)
            ],
            "checks": [],
        }],
    }


def _rows(sheets: Sequence[Sheet], by: Broken | None) -> list[dict[str, Any]]:
    if by is None:
        return [{"id": "so", "label": "Số liệu của đơn vị"}]
    total = [{"id": "tong", "label": "Tổng số", "sum": ["*"]}]
    adds = all(sheet.get("value_kind") in _ADDED_UP for sheet in sheets)
    return [*(total if adds else ()), {"codes": by.codes, "dimension": by.dimension}]


def _column(number: int, sheet: Sheet, owner: str) -> dict[str, Any]:
    kind, decimals = sheet.get("value_kind"), int(sheet.get("decimals") or 0)
    column: dict[str, Any] = {
        "id": f"c{number}", "label": sheet["name_vi"], "unit": sheet.get("unit", ""),
        "note": sheet.get("concept", ""),
        "bind": {INDICATOR_DIMENSION: f"{owner}:{sheet['key']}"},
    }
    if kind == "yes_no":
        return {**column, "kind": "choice", "choices": YES_NO}
    if kind in _WHOLE and not decimals:
        return {**column, "kind": "integer"}
    return {**column, "kind": "decimal", "decimals": decimals}
