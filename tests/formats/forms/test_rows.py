"""Rows that were moved, inserted, deleted, sorted, doubled or renamed."""

import io

import openpyxl
import pytest

from nhasan.domain.observations import reported
from nhasan.domain.validation import Severity
from nhasan.formats.forms.rows import Spellings
from tests.formats.forms.material import (
    EMPTY_LAYOUT,
    FIRST,
    SHEET,
    codes,
    edited,
    figures,
    filled,
    found,
    read,
    saved,
    workbook,
)


def values(sheet, line):
    return [sheet.cell(line, spot).value for spot in range(1, 13)]


def put(sheet, line, content):
    for spot, value in enumerate(content, start=1):
        sheet.cell(line, spot).value = value


def test_two_swapped_rows_are_known_by_code_and_name():
    def change(sheet):
        one, other = values(sheet, FIRST), values(sheet, FIRST + 4)
        put(sheet, FIRST, other)
        put(sheet, FIRST + 4, one)

    arrival = read(edited(change))
    assert figures(arrival.answers) == figures(filled())
    note = found(arrival, "rows-moved")
    assert note.severity is Severity.NOTE
    assert "Kinh" in note.message or "Khơ-me" in note.message
    assert arrival.places["dan_so/01/tong"] == (SHEET, f"C{FIRST + 4}")


def test_sorted_rows_are_known():
    def change(sheet):
        lines = [values(sheet, line) for line in range(FIRST, FIRST + 12)]
        for line, content in enumerate(sorted(lines, key=lambda each: each[1]), start=FIRST):
            put(sheet, line, content)

    arrival = read(edited(change))
    assert figures(arrival.answers) == figures(filled())
    assert "rows-moved" in codes(arrival)


def test_blank_rows_inserted_above_and_within_are_no_harm():
    for at in (2, FIRST + 3):
        book = openpyxl.load_workbook(io.BytesIO(workbook()))
        sheet = book[SHEET]
        for area in list(sheet.merged_cells.ranges):
            sheet.unmerge_cells(str(area))
        sheet.insert_rows(at, 2)
        arrival = read(saved(book))
        assert figures(arrival.answers) == figures(filled())
        assert codes(arrival) == ["rows-shifted"]


def test_a_deleted_row_is_told():
    arrival = read(edited(lambda sheet: sheet.delete_rows(FIRST + 1)))
    finding = found(arrival, "row-missing")
    assert "Tày" in finding.message
    assert finding.severity is Severity.WARNING
    expected = {cell: value for cell, value in figures(filled()).items() if "/02/" not in cell}
    assert figures(arrival.answers) == expected


def test_an_unknown_row_with_figures_is_an_error():
    def change(sheet):
        sheet.insert_rows(FIRST + 2)
        put(sheet, FIRST + 2, ["99", "Sao Hỏa", 5])

    finding = found(read(edited(change)), "row-unknown")
    assert finding.severity is Severity.ERROR
    assert "Sao Hỏa" in finding.message
    assert f"B{FIRST + 2}" in finding.where


def test_words_below_the_table_are_no_row():
    def change(sheet):
        sheet.cell(FIRST + 20, 2).value = "Bắc Kạn, ngày 5 tháng 2"
        sheet.cell(FIRST + 21, 4).value = "Nguyễn Văn A"

    assert codes(read(edited(change))) == []


def test_figures_below_the_table_without_a_row_are_told():
    def change(sheet):
        sheet.cell(FIRST + 21, 2).value = "Cộng thêm"
        sheet.cell(FIRST + 21, 4).value = 12

    assert "row-unknown" in codes(read(edited(change)))


def test_a_nameless_row_with_figures_is_an_error():
    def change(sheet):
        sheet.cell(FIRST, 1).value = sheet.cell(FIRST, 2).value = None

    arrival = read(edited(change))
    assert found(arrival, "row-nameless").severity is Severity.ERROR
    assert "row-missing" in codes(arrival)


def test_a_doubled_row_is_an_error_and_the_first_counts():
    def change(sheet):
        sheet.insert_rows(FIRST + 2)
        put(sheet, FIRST + 2, [*values(sheet, FIRST)[:2], 99_999])

    arrival = read(edited(change))
    finding = found(arrival, "row-duplicate")
    assert finding.severity is Severity.ERROR
    assert f"dòng {FIRST} và {FIRST + 2}" in finding.message
    assert arrival.answers.cells["dan_so/01/tong"].figure == reported(1004)


def test_a_code_that_disagrees_with_its_name_is_asked():
    def change(sheet):
        sheet.cell(FIRST + 3, 2).value = "Mường"  # 04 is Hoa here

    arrival = read(edited(change))
    finding = found(arrival, "code-name-differ")
    assert finding.severity is Severity.ERROR
    assert "Hoa" in finding.message
    assert f"B{FIRST + 3}" in finding.where
    assert not any(cell.startswith("dan_so/04/") for cell in arrival.answers.cells)
    assert arrival.answers.cells["dan_so/06/nam"].figure == reported(6003)


def test_the_other_numbering_is_named():
    def change(sheet):
        sheet.cell(FIRST + 3, 2).value = "Mường"

    spellings = Spellings(numberings={"danh mục năm 2008": {"04": "Mường"}})
    finding = found(read(edited(change), spellings=spellings), "other-numbering")
    assert "danh mục năm 2008" in finding.message


@pytest.mark.parametrize(("name", "code"), [
    ("khơ me", "05"), ("KHƠ-ME", "05"), ("dân tộc Khơ-me", "05"), ("Khơ-me", 5), ("Khơ-me", "5"),
])
def test_other_spellings_of_code_and_name_are_known(name, code):
    def change(sheet):
        sheet.cell(FIRST + 4, 1).value = code
        sheet.cell(FIRST + 4, 2).value = name

    arrival = read(edited(change))
    assert figures(arrival.answers) == figures(filled())


def test_an_alias_is_known():
    def change(sheet):
        sheet.cell(FIRST + 7, 2).value = "Mèo"

    spellings = Spellings(aliases={"08": ["Mèo", "Hmông"]})
    arrival = read(edited(change), spellings=spellings)
    assert figures(arrival.answers) == figures(filled())


def test_rows_named_in_the_workbook_get_ids_and_keep_them():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet = book["Danh sách thôn"]
    sheet["A12"], sheet["B12"] = "Nà Lẹng", 7
    arrival = read(saved(book))
    assert [(row.id, row.label) for row in arrival.answers.open_rows["thon"]] == [
        ("o1", "Bản Á"), ("o2", "Khuổi Nặm"), ("o3", "Nà Lẹng")]
    assert arrival.answers.cells["thon/o3/ho"].figure == reported(7)


def test_too_many_named_rows_are_told():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet = book["Danh sách thôn"]
    sheet.insert_rows(12, 4)
    for line in range(12, 18):
        sheet.cell(line, 1).value, sheet.cell(line, 2).value = f"Thôn {line}", line
    arrival = read(saved(book))
    assert "rows-too-many" in codes(arrival)
    assert len(arrival.answers.open_rows["thon"]) == 5


def test_a_village_named_twice_is_told():
    book = openpyxl.load_workbook(io.BytesIO(workbook(layout=EMPTY_LAYOUT)))
    sheet = book["Danh sách thôn"]
    for line in (10, 11):
        sheet.cell(line, 1).value, sheet.cell(line, 2).value = "Nà Lẹng", line
    arrival = read(saved(book), EMPTY_LAYOUT)
    assert "row-duplicate" in codes(arrival)
    assert [row.label for row in arrival.answers.open_rows["thon"]] == ["Nà Lẹng"]
