"""A request for a few figures: a small form, made for one time, as a definition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from nhasan.domain.problems import Invalid, phrase

KINDS = {
    "integer": phrase("số nguyên"), "decimal": phrase("số thập phân"), "text": phrase("chữ"),
}
MOST_COLUMNS, MOST_ROWS = 30, 200
_LONGEST_LABEL, _LONGEST_TITLE, _LONGEST_UNIT = 120, 300, 40
_TABLE = "yeu_cau"


@dataclass(frozen=True, slots=True)
class AskedColumn:
    """One column of a request: what is asked, what kind of answer, in which unit."""

    label: str
    kind: str = "integer"
    unit: str = ""
    decimals: int = 2


def definition(identifier: str, title: str, columns: Sequence[AskedColumn],
               rows: Sequence[str] = (), *, document: str = "") -> dict[str, Any]:
    """Return the form of a request; without rows each unit fills one line."""
    head = _said(title, _LONGEST_TITLE, phrase("chưa đặt tên cho yêu cầu"))
    names = [_said(each.label, _LONGEST_LABEL, phrase("mỗi cột cần một tên")) for each in columns]
    lines = [
        _said(each, _LONGEST_LABEL, phrase("mỗi dòng cần một tên, không quá 120 chữ"))
        for each in rows
    ]
    _in_bounds(names, lines)
    return {
        "id": identifier, "version": "1.0.0", "code": "", "title": head,
        "legal_basis": document.strip()[:400], "ad_hoc": True,
        "tables": [{
            "id": _TABLE, "title": head, "row_header": "",
            "rows": [
                {"id": f"d{at}", "label": label}
                for at, label in enumerate(lines or [phrase("Số liệu")], 1)
            ],
            "columns": [
                _column(at, name, each)
                for at, (name, each) in enumerate(zip(names, columns, strict=True), 1)
            ],
        }],
    }


def _said(text: str, longest: int, refusal: str) -> str:
    said = " ".join(text.split())
    if not said or len(said) > longest:
        raise Invalid(reason=refusal)
    return said


def _in_bounds(names: Sequence[str], lines: Sequence[str]) -> None:
    if not names:
        raise Invalid(reason=phrase("yêu cầu cần ít nhất một cột"))
    if len(names) > MOST_COLUMNS or len(lines) > MOST_ROWS:
        raise Invalid(reason=phrase("yêu cầu nhiều nhất 30 cột và 200 dòng"))
    for each in (names, lines):
        if len({name.casefold() for name in each}) < len(each):
            raise Invalid(reason=phrase("có hai cột hoặc hai dòng trùng tên"))


def _column(at: int, name: str, asked: AskedColumn) -> dict[str, Any]:
    if asked.kind not in KINDS:
        raise Invalid(reason=phrase("không có loại cột này"))
    found: dict[str, Any] = {"id": f"c{at}", "label": name, "kind": asked.kind}
    unit = asked.unit.strip()
    if len(unit) > _LONGEST_UNIT:
        raise Invalid(reason=phrase("đơn vị tính dài quá"))
    if unit:
        found["unit"] = unit
    if asked.kind == "decimal":
        if not 1 <= asked.decimals <= 6:
            raise Invalid(reason=phrase("số chữ số thập phân phải từ 1 đến 6"))
        found["decimals"] = asked.decimals
    return found
