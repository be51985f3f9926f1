"""A form that does not hold together is refused in words before it is published."""

from typing import Any

import pytest

from nhasan.domain.forms import Expansion, FormDefinition, Layout
from nhasan.domain.formulas import MOST_NESTED
from nhasan.domain.problems import Invalid
from nhasan.domain.verification import forms_read, verify

TABLES = [
    {"id": "dt", "unit": "hộ", "rows": [
        {"id": "02", "label": "Tày"}, {"id": "tong", "label": "Tổng", "sum": ["*"]}],
     "columns": [{"id": "ho", "label": "Hộ"}, {"id": "ngheo", "label": "Hộ nghèo"},
                 {"id": "ty_le", "label": "Tỷ lệ", "unit": "%", "kind": "decimal",
                  "formula": "[ngheo] / [ho] * 100"}]},
    {"id": "xa", "unit": "hộ", "rows": [{"areas": "commune"}],
     "columns": [{"id": "ho", "label": "Hộ"}]},
]


def form(*rules: dict[str, str], tables: Any = TABLES, identifier: str = "F") -> Layout:
    return FormDefinition.parse({
        "id": identifier, "version": "1", "title": "Biểu thử", "tables": tables,
        "rules": [{"id": f"r{at}", "message": "?", **rule} for at, rule in enumerate(rules)],
    }).layout(Expansion())


OTHER = form(identifier="B-02")


@pytest.mark.parametrize("rule", [
    {"each": "dt", "test": "[ngheo] <= [ho]", "message": "{ngheo}, {[ho] * 2}"},
    {"each": "dt", "test": "[ho] <= [ho@previous] * 2"},
    {"each": "dt", "test": "[ho] = [B-02!ho@below] or [B-02!@sent] < [B-02!@owed]"},
    {"test": "sum([dt/*/ho]) = [dt/tong/ho]", "cell": "dt/tong/ho"},
    {"test": "sum([xa/*/ho]) = [dt/tong/ho] or [xa/01906/ho] > 1"},
    {"test": "[dt/tong/ho] = [B-02!dt/tong/ho]", "severity": "note"},
    {"each": "dt", "test": "[dt/tong/ho] >= [ho]", "column": "ho"},
])
def test_rules_that_hold_together_are_taken(rule: dict[str, str]) -> None:
    verify(form(rule), {"B-02": OTHER})


@pytest.mark.parametrize(("rule", "words"), [
    ({"test": "[dt/tong/gone] > 1"}, "nhắc đến phần không có: dt/tong/gone"),
    ({"test": "[dt/99/ho] > 1"}, "dt/99/ho"),
    ({"test": "[gone/tong/ho] > 1"}, "gone/tong/ho"),
    ({"test": "[ho] > 1"}, "nhắc đến phần không có: ho"),
    ({"each": "dt", "test": "[ho@tomorrow] > 1"}, "ho@tomorrow"),
    ({"each": "dt", "test": "[ho@below] > 1"}, "ho@below"),
    ({"each": "gone", "test": "[ho] > 1"}, "gone"),
    ({"each": "dt", "test": "[ho] > 1", "column": "gone"}, "gone"),
    ({"each": "dt", "test": "[ho] > 1", "cell": "dt/02/ho"}, "dt/02/ho"),
    ({"test": "[dt/02/ho] > 1", "column": "ho"}, "không có: ho"),
    ({"test": "[dt/02/ho] > 1", "cell": "dt/02/gone"}, "dt/02/gone"),
    ({"test": "[dt/02/ho] > 1", "cell": "dt/02/ho@previous"}, "dt/02/ho@previous"),
    ({"test": "[dt/02/ho] > 1", "message": "{gone}"}, "gone"),
    ({"test": "[dt/02/ho] > 1", "message": "{[dt/02/gone] * 2}"}, "gone"),
    ({"test": "[dt/02/ho] > 1", "message": "{[dt/02/ho] *}"}, "Công thức"),
    ({"test": "[C-03!dt/02/ho] > 1"}, "C-03!dt/02/ho"),
    ({"test": "[B-02!dt/02/gone] > 1"}, "B-02!dt/02/gone"),
    ({"test": "[C-03!@sent] > 1"}, "C-03!@sent"),
    ({"each": "dt", "test": "[B-02!gone] > 1"}, "B-02!gone"),
    ({"test": "[dt/*/ho] > 1"}, "chỉ đứng trong sum"),
    ({"test": "sum([B-02!dt/*/ho]) > 1"}, "chỉ đứng trong sum"),
    ({"test": "sum([dt/*/ho] * 2) > 1"}, "chỉ đứng trong sum"),
    ({"test": "[dt/02/ho] + 1"}, "điều kiện"),
    ({"test": "[dt/02/ho] >"}, "Công thức"),
    ({"test": "(" * (MOST_NESTED + 1) + "1" + ")" * (MOST_NESTED + 1) + " > 0"}, "sâu quá"),
    ({"test": "[dt/02/ho] > 1", "severity": "loud"}, "loud"),
    ({"each": "dt", "test": "[ho] <= [ty_le]"}, "lẫn đơn vị tính: .*“hộ” với “%”"),
    ({"test": "[dt/02/ty_le] = [B-02!dt/02/ho@below]"}, "lẫn đơn vị tính"),
])
def test_rules_that_do_not_are_refused_in_words(rule: dict[str, str], words: str) -> None:
    with pytest.raises(Invalid, match=words):
        verify(form(rule), {"B-02": OTHER})


def test_a_computed_column_of_mixed_units_is_refused() -> None:
    tables = [{"id": "T", "rows": [{"id": "r", "label": "R"}], "columns": [
        {"id": "a", "label": "A", "unit": "người"}, {"id": "b", "label": "B", "unit": "hộ"},
        {"id": "c", "label": "Cộng", "formula": "[a] + [b]"}]}]
    with pytest.raises(Invalid, match="“Cộng” lẫn đơn vị tính"):
        verify(form(tables=tables))


def test_two_rules_of_one_name_are_refused() -> None:
    rule = {"id": "k", "test": "[dt/02/ho] > 1"}
    with pytest.raises(Invalid, match="cùng mã “k”"):
        verify(form(rule, rule))
    with pytest.raises(Invalid, match="cùng mã “k”"):
        verify(form(rule, {"id": "k", "each": "dt", "test": "[ho] > 1"}))


@pytest.mark.parametrize("part", [{"test": ""}, {"messages": "?"}, {"message": ""}])
def test_a_rule_with_parts_missing_or_too_many_is_refused(part: dict[str, str]) -> None:
    with pytest.raises(Invalid, match="thiếu hoặc thừa mục"):
        form({"test": "[dt/02/ho] > 1", **part})


def test_the_forms_that_rules_read_are_named() -> None:
    found = forms_read(form(
        {"test": "[B-02!dt/02/ho] > 1"}, {"test": "[dt/02/ho] > 1", "message": "{C-03!@sent}"},
        {"test": "[dt/02/ho] > 1", "message": "{[D-04!dt/02/ho] * 2} {odd/}"}))
    assert found == {"B-02", "C-03", "D-04"}
