"""A table of sheets: read by the names of its columns, every fault where it stands."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.indicators import FIELDS
from nhasan.formats.structure import STRUCTURES, SetFile, StructureFormat
from nhasan.formats.structure.sheets import Fault, field_named, table, text_of, value_of

EMPTY: dict[str, Any] = dict.fromkeys(FIELDS, "") | {
    "decimals": 0, "value_kind": "count", "adds_over_area": "none", "adds_over_time": "none",
    "breakdowns": [], "dimensions": [], "area_levels": [],
}
SHEETS = [
    EMPTY | {"key": "0102", "name_vi": "Số hộ", "group_code": "1", "group_name": "Hộ"},
    EMPTY | {"key": "1.a", "name_vi": "Tỷ lệ <hộ> & \"nghèo\"", "value_kind": "rate",
             "decimals": 2, "unit": "%", "group_code": "1", "group_name": "Hộ",
             "breakdowns": [{"name": "Dân tộc", "period": "5 năm"},
                            {"name": "Giới tính", "period": ""}],
             "dimensions": ["ETHNIC_GROUP", "SEX"], "area_levels": ["commune", "province"],
             "formula": "[0102] / [0102] * 100", "concept": "Dòng một\nDòng hai",
             "adds_over_time": "last", "notes": "=1+1"},
    EMPTY | {"key": "1_a", "name_vi": "Trùng chữ khi bỏ dấu chấm", "name_en": "Same letters"},
]
SET = SetFile("NHASAN", "THU", "2.0.0", "Bộ thử", SHEETS, {"number": "12/QĐ"}, "Công báo", True)


def where(faults: Any) -> list[tuple[int, str, str]]:
    return [(each.row, each.column, str(each.words)) for each in faults]


@pytest.mark.parametrize("kind", STRUCTURES, ids=lambda kind: kind.id)
def test_what_is_written_is_read_back_equal(kind: StructureFormat) -> None:
    found = kind.read(kind.write(SET))
    assert not found.faults
    assert list(found.sheets) == SHEETS


_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=30).map(str.strip)


@pytest.mark.parametrize("kind", STRUCTURES, ids=lambda kind: kind.id)
@given(st.lists(st.tuples(_TEXT.filter(bool), _TEXT, _TEXT), min_size=1, max_size=4))
def test_any_words_travel(kind: StructureFormat, said: list[tuple[str, str, str]]) -> None:
    sheets = [
        EMPTY | {"key": f"k{number}", "name_vi": name, "unit": unit[:100], "concept": concept}
        for number, (name, unit, concept) in enumerate(said)
    ]
    found = kind.read(kind.write(SetFile("A", "B", "1", "C", sheets)))
    assert list(found.sheets) == sheets


@pytest.mark.parametrize("name", FIELDS)
def test_a_field_is_named_in_words_or_by_its_id(name: str) -> None:
    assert field_named(name) == name
    assert field_named(FIELDS[name]) == name
    assert field_named(f" {FIELDS[name].upper()} ") == name


def test_a_choice_is_written_by_code_or_in_words() -> None:
    assert value_of("value_kind", "Tỷ lệ") == "rate"
    assert value_of("value_kind", "rate") == "rate"
    assert value_of("adds_over_area", "") == "none"
    assert value_of("area_levels", "xã; tỉnh") == ["commune", "province"]
    assert text_of("decimals", None) == ""


def test_every_fault_is_told_with_its_line_and_column() -> None:
    found = table([
        ["key", "Tên chỉ tiêu", "decimals", "Loại số", "Công thức"],
        ["01", "Số hộ", "0", "số đếm", ""],
        ["", "", "", "", ""],
        ["01", "", "mười", "lạ", "[1"],
    ], "", first=1)
    assert found.sheets == ()
    assert where(found.faults) == [
        (4, "Tên chỉ tiêu", "chưa có tên chỉ tiêu"),
        (4, "Số chữ số thập phân", "số chữ số thập phân phải từ 0 đến 9, ở đây ghi “mười”"),
        (4, "Công thức", "công thức chưa đúng ở vị trí 1: có ký tự không hiểu được"),
        (4, "Loại số", "“lạ” không có trong các lựa chọn của cột này"),
        (4, "Mã trong hệ thống", "mã “01” đã có ở dòng 2"),
    ]


def test_columns_must_be_known_once_and_the_needed_ones_there() -> None:
    found = table([["Mã trong hệ thống", "Màu", "key"], ["1", "đỏ", "2"]], "T", first=1)
    assert where(found.faults) == [
        (1, "", "không có cột “Tên chỉ tiêu”"), (1, "Màu", "không biết cột “Màu”"),
        (1, "key", "có hai cột “Mã trong hệ thống”"),
    ]
    assert where(table([], "", first=1).faults) == [(0, "", "không có dòng nào")]
    assert where(table([["key", "name_vi"]], "", first=1).faults) == [
        (0, "", "không có chỉ tiêu nào")]
    assert isinstance(found.faults[0], Fault)
