"""Indicators as values: the full sheet of one, what two versions of a set say otherwise, breaks.

A sheet maps the names of `FIELDS` to what the law says of an indicator. Versions of a set are
compared sheet by sheet; what is found is kept with the set, so it can be told as plain data.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nhasan.domain.dependencies import in_order
from nhasan.domain.formulas import BadFormula, parse_number
from nhasan.domain.operands import BadOperand
from nhasan.domain.operands import reads as formula_reads
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.words import Words

Sheet = Mapping[str, Any]

FIELDS: Mapping[str, str] = {
    "key": phrase("Mã trong hệ thống"),
    "official_code": phrase("Mã trong văn bản"),
    "group_code": phrase("Mã nhóm"),
    "group_name": phrase("Tên nhóm"),
    "name_vi": phrase("Tên chỉ tiêu"),
    "name_en": phrase("Tên tiếng Anh"),
    "concept": phrase("Khái niệm"),
    "method": phrase("Phương pháp tính"),
    "unit": phrase("Đơn vị tính"),
    "value_kind": phrase("Loại số"),
    "decimals": phrase("Số chữ số thập phân"),
    "breakdowns": phrase("Phân tổ và kỳ công bố riêng"),
    "disaggregation_text": phrase("Phân tổ theo lời văn bản"),
    "dimensions": phrase("Chiều phân tổ"),
    "area_levels": phrase("Cấp hành chính"),
    "period": phrase("Kỳ công bố"),
    "data_source": phrase("Nguồn số liệu"),
    "lead_agency": phrase("Cơ quan chủ trì"),
    "coordinating": phrase("Cơ quan phối hợp"),
    "agency": phrase("Cơ quan chịu trách nhiệm"),
    "adds_over_area": phrase("Cộng theo cấp hành chính"),
    "adds_over_time": phrase("Gộp theo thời gian"),
    "formula": phrase("Công thức"),
    "national_code": phrase("Mã chỉ tiêu quốc gia"),
    "source": phrase("Căn cứ"),
    "notes": phrase("Ghi chú"),
    "replaces": phrase("Thay cho chỉ tiêu mã"),
    "correspondence": phrase("Bảng chuyển đổi"),
    "break_words": phrase("Lời về chỗ gãy của chuỗi số liệu"),
}
"""Every field of a sheet with what it is called, in the order in which a sheet is read."""

KINDS: Mapping[str, str] = {
    "recoded": phrase("đổi mã"), "renamed": phrase("đổi tên"),
    "redefined": phrase("đổi định nghĩa"), "unit": phrase("đổi đơn vị tính"),
    "breakdown": phrase("đổi phân tổ"), "period": phrase("đổi kỳ công bố"),
    "moved": phrase("đổi nhóm hoặc số thứ tự"), "responsibility": phrase("đổi cơ quan, nguồn"),
    "wording": phrase("đổi lời chú"),
}
_KIND_OF = {
    "key": "recoded", "name_vi": "renamed", "concept": "redefined", "method": "redefined",
    "formula": "redefined", "value_kind": "redefined", "adds_over_area": "redefined",
    "adds_over_time": "redefined", "unit": "unit", "decimals": "unit",
    "breakdowns": "breakdown", "disaggregation_text": "breakdown", "dimensions": "breakdown",
    "area_levels": "breakdown", "period": "period", "official_code": "moved",
    "group_code": "moved", "group_name": "moved", "data_source": "responsibility",
    "lead_agency": "responsibility", "coordinating": "responsibility",
    "agency": "responsibility",
}
_WITHOUT_ORDER = ("area_levels", "dimensions")
"""Lists in which the same names in another order say the same."""
_NOT_COMPARED = ("replaces", "break_words", "correspondence")
# A figure before and a figure after such a change are not of one measure.
_BREAKING = ("key", "concept", "method", "formula", "value_kind", "unit", "breakdowns",
             "dimensions")
BREAK_KINDS: Mapping[str, str] = {
    kind: KINDS[kind] for kind in ("redefined", "unit", "breakdown", "recoded")
}


class DroppedInFormula(Invalid):
    """A formula reads an indicator that the set does not have."""

    code = "dropped-in-formula"
    message = phrase(
        "Công thức của chỉ tiêu “{key}” gọi đến “{missing}”, là chỉ tiêu không có trong bộ. "
        "Hãy sửa công thức, hoặc giữ lại chỉ tiêu đó.")


@dataclass(frozen=True, slots=True)
class Named:
    """An indicator by its key and its name."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field of a sheet: what it said before, what it says now."""

    field: str
    before: Any
    after: Any

    @property
    def kind(self) -> str:
        """Return which kind of change this is, a key of `KINDS`."""
        return _KIND_OF.get(self.field, "wording")

    @property
    def breaks(self) -> bool:
        """Tell whether figures before and after are not of one measure.

        A breakdown that is only published at another period is still the same breakdown.
        """
        if self.field == "breakdowns":
            return _names(self.before) != _names(self.after)
        return self.field in _BREAKING


@dataclass(frozen=True, slots=True)
class Changed:
    """An indicator that both versions have, and every field in which they differ."""

    key: str
    name: str
    was: str
    fields: tuple[FieldChange, ...]

    @property
    def kinds(self) -> tuple[str, ...]:
        """Return the kinds of change, each once, in the order of `KINDS`."""
        found = {change.kind for change in self.fields}
        return tuple(kind for kind in KINDS if kind in found)

    @property
    def break_kind(self) -> str:
        """Return the kind of break this makes in the series, "" for none."""
        found = {change.kind for change in self.fields if change.breaks}
        return next((kind for kind in BREAK_KINDS if kind in found), "")


@dataclass(frozen=True, slots=True)
class Difference:
    """What a version of a set says otherwise than another; `before` names the other."""

    before: str = ""
    added: tuple[Named, ...] = ()
    dropped: tuple[Named, ...] = ()
    changed: tuple[Changed, ...] = ()

    def __bool__(self) -> bool:
        """Tell whether there is any difference."""
        return bool(self.added or self.dropped or self.changed)

    def data(self) -> dict[str, Any]:
        """Return the difference as plain data, to be kept."""
        return {
            "before": self.before,
            "added": [[each.key, each.name] for each in self.added],
            "dropped": [[each.key, each.name] for each in self.dropped],
            "changed": [
                {"key": each.key, "name": each.name, "was": each.was, "fields": [
                    [change.field, change.before, change.after] for change in each.fields]}
                for each in self.changed
            ],
        }

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Difference:
        """Return the difference that was kept as plain data."""
        return cls(
            data.get("before", ""),
            tuple(Named(*each) for each in data.get("added", ())),
            tuple(Named(*each) for each in data.get("dropped", ())),
            tuple(
                Changed(each["key"], each["name"], each["was"],
                        tuple(FieldChange(*change) for change in each["fields"]))
                for each in data.get("changed", ())
            ),
        )


def compare(before: Sequence[Sheet], after: Sequence[Sheet], *, name: str = "") -> Difference:
    """Return what `after` says otherwise than `before`, in the order of `after`.

    An indicator that `replaces` one that is gone is that one under another key.
    """
    old = {sheet["key"]: sheet for sheet in before}
    kept = {sheet["key"] for sheet in after}
    successors = {
        sheet["key"]: sheet["replaces"] for sheet in after
        if sheet.get("replaces") in old and sheet["replaces"] not in kept
        and sheet["key"] not in old
    }
    added, changed = [], []
    for sheet in after:
        was = old.get(successors.get(sheet["key"], sheet["key"]))
        if was is None:
            added.append(Named(sheet["key"], sheet["name_vi"]))
        elif fields := _changes(was, sheet):
            changed.append(Changed(sheet["key"], sheet["name_vi"], was["key"], fields))
    gone = set(old) - kept - set(successors.values())
    return Difference(
        name, tuple(added),
        tuple(Named(key, sheet["name_vi"]) for key, sheet in old.items() if key in gone),
        tuple(changed),
    )


def _changes(before: Sheet, after: Sheet) -> tuple[FieldChange, ...]:
    return tuple(
        FieldChange(field, _said(before, field), _said(after, field))
        for field in FIELDS
        if field not in _NOT_COMPARED and _said(before, field) != _said(after, field)
    )


def _said(sheet: Sheet, field: str) -> Any:
    """Return what a sheet says; what it is silent about is an empty text, whatever its type."""
    value = sheet.get(field)
    if isinstance(value, list | tuple):
        told = [dict(each) if isinstance(each, Mapping) else each for each in value]
        return (sorted(told) if field in _WITHOUT_ORDER else told) or ""
    return "" if value is None else value


def _names(breakdowns: Any) -> set[str]:
    return {each.get("name", "") for each in breakdowns or ()}


def verify_formulas(sheets: Iterable[Sheet], *, elsewhere: Iterable[str] = ()) -> None:
    """Refuse formulas that cannot be read, read what is not there, or go round in a circle.

    A formula names indicators of its set by key, of other sets as `SET:key` (`elsewhere` says
    which of those there are).
    """
    formulas = {sheet["key"]: sheet.get("formula") or "" for sheet in sheets}
    known = {*formulas, *elsewhere}
    reads: dict[str, tuple[str, ...]] = {}
    for key, formula in formulas.items():
        reads[key] = formula_reads(parse_number(formula)) if formula else ()
        missing = next((name for name in reads[key] if name not in known), None)
        if missing is not None:
            raise DroppedInFormula(key=key, missing=missing)
    in_order(reads)


def refs_elsewhere(sheets: Iterable[Sheet]) -> set[str]:
    """Return the indicators of other sets that formulas read; one that cannot be read has none."""
    found: set[str] = set()
    for sheet in sheets:
        try:
            read = formula_reads(parse_number(sheet["formula"])) if sheet.get("formula") else ()
        except (BadFormula, BadOperand):
            continue
        found |= {name for name in read if ":" in name}
    return found


VALUE_KINDS: Mapping[str, str] = {
    "count": phrase("số đếm"), "amount": phrase("số lượng, số tiền"), "rate": phrase("tỷ lệ"),
    "median": phrase("trung vị"),
    "average": phrase("số bình quân"), "ratio": phrase("tỷ số"), "index": phrase("chỉ số"),
    "yes_no": phrase("có hoặc không"),
}
OVER_AREA: Mapping[str, str] = {
    "sum": phrase("cộng được từ các đơn vị cấp dưới"),
    "none": phrase("không cộng được từ các đơn vị cấp dưới"),
}
OVER_TIME: Mapping[str, str] = {
    "sum": phrase("cộng được qua các kỳ"), "last": phrase("lấy số của kỳ cuối"),
    "none": phrase("không gộp được qua các kỳ"),
}
LEVELS: Mapping[str, str] = {
    "country": phrase("cả nước"), "region": phrase("vùng"), "province": phrase("tỉnh"),
    "district": phrase("huyện"), "commune": phrase("xã"),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "value_kind": VALUE_KINDS, "adds_over_area": OVER_AREA, "adds_over_time": OVER_TIME,
}
"""What a field of few answers may say, with words."""
LONGEST: Mapping[str, int] = {
    "key": 40, "official_code": 40, "group_code": 32, "group_name": 400, "unit": 100,
    "period": 400, "agency": 400, "lead_agency": 400, "coordinating": 400,
    "national_code": 32, "replaces": 40, "correspondence": 64,
}
MOST_DECIMALS = 9
# No office types them, no XML holds them, and not every database keeps them.
ODD_SIGNS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_IN_A_KEY = frozenset(":[]/\\?#%")


def faults(sheet: Sheet) -> tuple[tuple[str, Words], ...]:
    """Return what is wrong with a sheet: the field and a sentence, nothing when all is well."""
    return tuple(
        (field, words)
        for field, words in (
            ("key", _key_fault(str(sheet.get("key", "")))),
            ("name_vi", None if sheet.get("name_vi") else Words(phrase("chưa có tên chỉ tiêu"))),
            ("decimals", _decimals_fault(sheet.get("decimals", 0))),
            ("formula", _formula_fault(sheet.get("formula") or "")),
            *((field, _choice_fault(sheet, field)) for field in CHOICES),
            ("area_levels", _levels_fault(sheet.get("area_levels") or ())),
            *((field, _length_fault(sheet, field)) for field in LONGEST),
            *((field, _signs_fault(sheet.get(field))) for field in FIELDS),
        )
        if words is not None
    )


def _key_fault(key: str) -> Words | None:
    if not key.strip():
        return Words(phrase("chưa có mã"))
    if _NOT_IN_A_KEY & set(key) or any(sign.isspace() for sign in key):
        return Words(phrase(
            "mã “{key}” có dấu cách hoặc một trong các dấu : [ ] / \\ ? # %; hãy bỏ dấu đó"),
            {"key": key})
    return None


def _decimals_fault(decimals: Any) -> Words | None:
    if isinstance(decimals, int) and 0 <= decimals <= MOST_DECIMALS:
        return None
    return Words(phrase("số chữ số thập phân phải từ 0 đến 9, ở đây ghi “{value}”"),
                 {"value": str(decimals)})


def _formula_fault(formula: str) -> Words | None:
    try:
        if formula:
            formula_reads(parse_number(formula))
    except BadFormula as bad:
        return Words(phrase("công thức chưa đúng ở vị trí {position}: {reason}"), {
            "position": bad.facts["position"], "reason": Words(str(bad.facts["reason"]))})
    except BadOperand as bad:
        return Words(phrase("trong công thức, “[{operand}]” chưa đúng: {reason}"), {
            "operand": bad.facts["operand"], "reason": Words(str(bad.facts["reason"]))})
    return None


def _choice_fault(sheet: Sheet, field: str) -> Words | None:
    value = sheet.get(field)
    if value is None or value in CHOICES[field]:
        return None
    return Words(phrase("“{value}” không có trong các lựa chọn của cột này"),
                 {"value": str(value)})


def _levels_fault(levels: Iterable[str]) -> Words | None:
    unknown = next((level for level in levels if level not in LEVELS), None)
    if unknown is None:
        return None
    return Words(phrase("không có cấp hành chính “{value}”"), {"value": unknown})


def _length_fault(sheet: Sheet, field: str) -> Words | None:
    if len(str(sheet.get(field) or "")) <= LONGEST[field]:
        return None
    return Words(phrase("dài quá {most} chữ"), {"most": LONGEST[field]})


def _signs_fault(value: Any) -> Words | None:
    if isinstance(value, str):
        return Words(phrase("có ký tự không hiểu được")) if ODD_SIGNS.search(value) else None
    held = value.values() if isinstance(value, Mapping) else value
    return next(filter(None, map(_signs_fault, held)), None) if isinstance(
        held, Iterable) else None
