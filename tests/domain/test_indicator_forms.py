"""A form made for indicators is a form like any other."""

from __future__ import annotations

import pytest

from nhasan.domain.forms import Expansion, FormDefinition, Row
from nhasan.domain.indicator_forms import Broken, generated
from nhasan.domain.problems import Invalid
from nhasan.domain.verification import verify

SHEETS = [
    {"key": "09", "name_vi": "Số hộ thoát nghèo", "unit": "hộ", "decimals": 0,
     "value_kind": "count"},
    {"key": "10", "name_vi": "Tỷ lệ hộ thoát nghèo", "unit": "%", "decimals": 2,
     "value_kind": "rate"},
    {"key": "11", "name_vi": "Có tổ hoà giải", "value_kind": "yes_no"},
]
ABOUT = {"owner": "THU", "identifier": "THU-BS", "version": "1", "title": "Chỉ tiêu mới",
         "legal_basis": "QĐ thử", "illustrative": True}
BY = Broken("ETHNIC_GROUP", "CL_ETHNIC", "Dân tộc")


def test_every_indicator_has_a_column_of_its_kind() -> None:
    found = FormDefinition.parse(generated(SHEETS, **ABOUT))
    layout = found.layout(Expansion())
    verify(layout)
    [table] = layout.tables
    assert [(column.label, column.unit, column.kind.name, column.kind.decimals)
            for column in table.columns] == [
        ("Số hộ thoát nghèo", "hộ", "integer", 0), ("Tỷ lệ hộ thoát nghèo", "%", "decimal", 2),
        ("Có tổ hoà giải", "", "choice", 0)]
    assert found.indicators() == {"THU:09", "THU:10", "THU:11"}
    assert [row.id for row in table.rows] == ["so"]


def test_rows_are_the_codes_of_a_breakdown_with_a_total_where_one_adds_up() -> None:
    codes = {"CL_ETHNIC": (Row(id="02", label="Tày", code="02"),)}
    for sheets, rows in ((SHEETS[:1], ["tong", "02"]), (SHEETS, ["02"])):
        found = FormDefinition.parse(generated(sheets, **ABOUT, by=BY))
        layout = found.layout(Expansion(codes))
        verify(layout)
        assert [row.id for row in layout.tables[0].rows] == rows
        assert layout.tables[0].rows[-1].bind == {"ETHNIC_GROUP": "02"}


def test_a_form_of_nothing_is_refused() -> None:
    with pytest.raises(Invalid, match="chưa chọn chỉ tiêu nào"):
        generated([], **ABOUT)
