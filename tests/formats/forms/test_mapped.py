"""A workbook read through a mapping: known, left out, or asked; never guessed in silence."""

from dataclasses import replace

import pytest

from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.domain.validation import Severity
from nhasan.formats.forms.mapped import read_mapped, settled, spelling_key
from nhasan.formats.forms.mapping import SheetMapping
from nhasan.formats.forms.own import OwnSheet, open_own
from nhasan.formats.forms.rows import Spellings
from tests.formats.forms.odd import LAYOUT, LINES, SPELLINGS, TABLE, workbook

MADE = SheetMapping("Tổng hợp", "ho", 4, 6, 1, columns={2: "tong", 3: "dtts", 4: "ngheo"})


def read(lines=None, mapping=MADE, spellings=SPELLINGS):
    return read_mapped(open_own(workbook(lines)), [mapping], LAYOUT, spellings)


def with_line(*line):
    return [*LINES[:11], list(line), *LINES[11:]]


def test_figures_stand_in_their_cells_however_they_are_written():
    arrival = read().arrival
    texts = {cell: str(entry.figure.value) for cell, entry in arrival.answers.cells.items()}
    assert texts == {
        "ho/tay/tong": "62", "ho/tay/dtts": "61", "ho/tay/ngheo": "11", "ho/nung/tong": "1048",
        "ho/nung/dtts": "48", "ho/nung/ngheo": "9", "ho/mong/tong": "71", "ho/mong/dtts": "70",
        "ho/mong/ngheo": "8",
    }
    assert arrival.places["ho/nung/tong"] == ("Tổng hợp", "C10")


def test_the_total_line_is_compared_not_taken():
    stated = read().arrival.stated
    assert {cell: str(value) for cell, value in stated.items()} == {
        "ho/tong/tong": "181", "ho/tong/dtts": "180", "ho/tong/ngheo": "28"}


def test_a_second_total_is_told():
    found = read(with_line(None, "Cộng", 5, 5, 5)).arrival.findings
    assert [each.code for each in found] == ["line-total"]


def test_an_unknown_name_is_asked_with_what_comes_near():
    asked = read(with_line(4, "Nùng Phàn Slình", 5, 5, 1)).asked
    assert [(each.line, each.name) for each in asked] == [(11, "Nùng Phàn Slình")]
    assert asked[0].near[0] == "nung"
    [asked] = read(with_line(4, "Mong Trắng", 5, 5, 1), spellings=Spellings()).asked[1:]
    assert asked.key == spelling_key("mong trang")


def test_an_answer_settles_the_line_and_may_leave_it_out():
    lines = with_line(4, "Ngái", 5, 5, 1)
    as_cong = replace(MADE, spelled={spelling_key("Ngái"): "cong"})
    assert read(lines, as_cong).arrival.answers.cells["ho/cong/tong"].text == "5"
    out = read(lines, replace(MADE, spelled={spelling_key("Ngái"): ""}))
    assert not out.asked
    assert [each.code for each in out.arrival.findings] == ["line-left-out"]


def test_two_lines_of_one_row_are_not_added_up():
    found = read(with_line(4, "Tày", 5, 5, 1)).arrival
    assert found.answers.cells["ho/tay/tong"].text == "62"
    [twice] = found.findings
    assert (twice.code, twice.severity) == ("line-twice", Severity.ERROR)
    assert "dòng 9 và 12" in twice.message


def test_a_line_with_figures_and_no_name_is_told():
    [told] = read(with_line(None, None, 5)).arrival.findings
    assert told.code == "line-nameless"
    assert told.where == "Trang “Tổng hợp”, ô B12"


def test_what_is_no_number_is_told_by_sheet_and_cell():
    lines = with_line(4, "Cống", "bảy", 5, 1)
    [told] = read(lines).arrival.findings
    assert (told.code, told.cell) == ("not-a-number", "ho/cong/tong")
    assert told.where == "Trang “Tổng hợp”, ô C12: Cống, Tổng số hộ, Số hộ"


def test_two_rows_of_one_name_are_told_apart_by_their_codes():
    form = {"id": "T", "version": "1", "title": "T", "tables": [{
        "id": "t", "rows": [{"id": "a", "label": "Tân Lập", "code": "01900"},
                            {"id": "b", "label": "Tân Lập", "code": "01903"}],
        "columns": [{"id": "c", "label": "Số"}]}]}
    [table] = FormDefinition.parse(form).layout(Expansion()).tables
    sheet = OwnSheet("x", [["1900", "Tân Lập", 3.0], ["1903", "Tân Lập", 4.0]])
    mapping = SheetMapping("x", "t", 0, 0, 1, 0, {2: "c"})
    assert settled(mapping, sheet, table, Spellings()).of_row == {"a": 0, "b": 1}
    without = settled(replace(mapping, codes=None), sheet, table, Spellings())
    assert [each.near for each in without.asked] == [("a", "b")] * 2


def test_a_table_whose_rows_the_unit_names_takes_the_names():
    form = {"id": "T", "version": "1", "title": "T", "tables": [{
        "id": "thon", "rows": [{"open": 2, "dimension": "VILLAGE"},
                               {"id": "cong", "label": "Cộng", "sum": ["*"]}],
        "columns": [{"id": "ho", "label": "Số hộ"}]}]}
    layout = FormDefinition.parse(form).layout(Expansion())
    lines = [["Thôn", "Số hộ"], ["Bó Lù", 4], ["Pác Ngòi", 5], ["Khau Qua", 6], ["Cộng", 15]]
    mapping = SheetMapping("Tổng hợp", "thon", 0, 1, 0, columns={1: "ho"})
    found = read_mapped(open_own(workbook(lines, ())), [mapping], layout, Spellings()).arrival
    assert [row.label for row in found.answers.open_rows["thon"]] == ["Bó Lù", "Pác Ngòi"]
    assert found.answers.cells["thon/o2/ho"].text == "5"
    assert [each.code for each in found.findings] == ["rows-too-many"]


def test_a_turned_sheet_is_told_of_by_its_own_addresses():
    lines = [["Dân tộc", "Tày", "Nùng"], ["Số hộ", 5, "sáu"]]
    mapping = SheetMapping("Tổng hợp", "ho", 0, 1, 0, columns={1: "tong"}, turned=True)
    found = read_mapped(open_own(workbook(lines, ())), [mapping], LAYOUT, SPELLINGS).arrival
    assert found.answers.cells["ho/tay/tong"].text == "5"
    assert found.findings[0].where.startswith("Trang “Tổng hợp”, ô C2")


@pytest.mark.parametrize("mapping", [replace(MADE, sheet="khác"), replace(MADE, table="khác")])
def test_a_sheet_or_table_that_is_gone_reads_as_nothing(mapping):
    assert not read(mapping=mapping).arrival.answers.cells


def test_the_layout_has_its_table():
    assert TABLE.open_rows == 0
