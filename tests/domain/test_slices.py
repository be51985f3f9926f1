"""A slice of a form across many units: its columns, its sums, its rules."""

from __future__ import annotations

import pytest

from nhasan.domain.answers import Answers
from nhasan.domain.checking import check
from nhasan.domain.forms import Expansion, FormDefinition, Layout, Row
from nhasan.domain.numbers import read_text
from nhasan.domain.problems import NotFound
from nhasan.domain.slices import Slice, across, sliceable
from nhasan.domain.totals import compute
from tests.sample import FORM

UNITS = (Row("11", "Ba Bể"), Row("12", "Chợ Rã"))


def layout() -> Layout:
    return FormDefinition.parse(FORM).layout(Expansion())


def sliced(part: Slice) -> Layout:
    return across(layout(), part, UNITS, "Đơn vị", "Cộng")


def answers(form: Layout, **texts: str) -> Answers:
    cells = {}
    for name, text in texts.items():
        unit, column = name[1:3], name[4:]
        kind = form.tables[0].column(column)
        assert kind is not None
        cells[f"ho/{unit}/{column}"] = read_text(text, kind.kind).entry
    return Answers(cells)


def test_a_row_becomes_a_table_of_units() -> None:
    [table] = sliced(Slice("ho", row="tay")).tables
    assert table.title == "Hộ nghèo theo dân tộc: Tày"
    assert table.row_header == "Đơn vị"
    assert [row.label for row in table.rows] == ["Ba Bể", "Chợ Rã", "Cộng"]
    assert [column.id for column in table.columns] == ["tong", "dtts", "ngheo", "ty_le"]
    assert Slice("ho", row="tay").cell("ngheo") == "ho/tay/ngheo"
    assert Slice("ho", row="tay").name("ho/tay/ngheo") == "ngheo"
    assert Slice("ho", row="tay").name("ho/nung/ngheo") == ""
    assert Slice("ho", row="tay").name("thon/tay/ngheo") == ""


def test_a_column_becomes_a_table_of_units_with_its_rows_as_columns() -> None:
    part = Slice("ho", column="ngheo")
    [table] = sliced(part).tables
    assert table.title == "Hộ nghèo theo dân tộc: Hộ nghèo, Số hộ"
    assert [column.label for column in table.columns] == ["Tổng số", "Tày", "Nùng", "Mông"]
    assert [column.computed for column in table.columns] == [True, False, False, False]
    assert part.cell("tay") == "ho/tay/ngheo"
    assert part.name("ho/tay/ngheo") == "tay"


def test_the_machine_adds_up_units_and_rows() -> None:
    form = sliced(Slice("ho", column="ngheo"))
    found = compute(form, answers(form, u11_tay="5", u11_nung="7", u12_tay="1"))
    assert found["ho/11/tong"] == 12
    assert found["ho/12/tong"] == 1
    assert found["ho/tong/tay"] == 6
    assert found["ho/tong/tong"] == 13


def test_rules_of_a_row_hold_in_every_unit() -> None:
    form = sliced(Slice("ho", row="tay"))
    found = check(form, answers(form, u11_tong="62", u11_dtts="70", u12_tong="9", u12_dtts="8"))
    assert [(each.cell, each.where) for each in found] == [
        ("ho/11/dtts", "Ba Bể, Tổng số hộ, Hộ DTTS")]


def test_across_rows_no_rule_of_a_row_is_asked() -> None:
    assert sliced(Slice("ho", column="ngheo")).rules == ()


@pytest.mark.parametrize("part", [
    Slice("ho", row="tong"), Slice("ho", row="la"), Slice("ho", column="ty_le"),
    Slice("ho", column="la"), Slice("ho"), Slice("la", row="tay"), Slice("thon", column="ho"),
])
def test_what_cannot_be_laid_side_by_side_is_not_there(part: Slice) -> None:
    with pytest.raises(NotFound):
        sliced(part)


def test_a_table_with_rows_of_a_units_own_is_left_out() -> None:
    assert [table.id for table in sliceable(layout())] == ["ho"]
