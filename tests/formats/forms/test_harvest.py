"""What stands in the cells: words, dates, formulas, merges, ambiguous numbers."""

import io
from datetime import date, datetime

import openpyxl
import pytest

from nhasan.domain.observations import reported
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.workbook import annotate
from tests.formats.forms.material import (
    FIRST,
    PEOPLE,
    SHEET,
    codes,
    edited,
    found,
    read,
    repacked,
    workbook,
)


def typed(address, value):
    """Read the workbook after somebody typed a value into a cell."""

    def change(sheet):
        sheet[address] = value

    return read(edited(change))


@pytest.mark.parametrize(("address", "value", "code"), [
    ("C14", "mười hai", "not-a-number"),
    ("C14", -4, "negative"),
    ("C14", 12.5, "fraction"),
    ("C14", "12,5", "fraction"),
    ("C14", "1,234", "ask-integer"),
    ("J14", "1,234", "lone-comma"),
    ("J14", "1.234", "ask-decimal"),
    ("C14", "-", "ask-dash"),
    ("C14", True, "not-a-number"),
    ("C14", date(2019, 5, 12), "date-in-number"),
    ("C14", datetime(2019, 5, 12, 7, 30), "date-in-number"),
    ("K14", "Có lẽ", "not-a-choice"),
    ("C14", 1e300, "too-large"),
])
def test_what_cannot_be_meant_is_a_finding_at_its_cell(address, value, code):
    arrival = typed(address, value)
    finding = found(arrival, code)
    column = PEOPLE.columns["CDEFGHIJKL".index(address[0])].full_label
    assert finding.where == f"Trang “{SHEET}”, ô {address}: Kinh, {column}"
    sheet, place = arrival.places[finding.cell]
    assert (sheet, place) == (SHEET, address)
    assert arrival.answers.cells[finding.cell].text


@pytest.mark.parametrize(("address", "value", "number"), [
    ("C14", "1.234", "1234"), ("C14", "1 234 567", "1234567"), ("C14", 1234.0, "1234"),
    ("J14", "12,5", "12.5"), ("J14", 0.1 + 0.2, "0.3"), ("K14", "1", "1"),
    ("K14", "chưa đạt", "0"),
])
def test_what_is_clear_is_read(address, value, number):
    arrival = typed(address, value)
    cell = next(cell for cell in arrival.answers.cells if arrival.places[cell][1] == address)
    assert arrival.answers.cells[cell].figure == reported(number)
    assert not any(each.severity is Severity.ERROR for each in arrival.findings)


def with_formula(formula, result):
    """Return a workbook with a formula and its saved result in the cell of the Kinh."""
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book[SHEET]["C14"] = "=1+1"
    target = io.BytesIO()
    book.save(target)

    def change(name, content):
        if name != "xl/worksheets/sheet1.xml":
            return content
        assert b"<f>1+1</f><v></v>" in content or b"<f>1+1</f><v/>" in content or (
            b"<f>1+1</f><v />" in content)
        for old in (b"<f>1+1</f><v></v>", b"<f>1+1</f><v/>", b"<f>1+1</f><v />"):
            content = content.replace(old, f"<f>{formula}</f>{result}".encode())
        return content

    return repacked(target.getvalue(), change)


def test_a_formula_gives_its_result_and_a_note():
    arrival = read(with_formula("1200+34", "<v>1234</v>"))
    assert arrival.answers.cells["dan_so/01/tong"].figure == reported(1234)
    finding = found(arrival, "formula-used")
    assert finding.severity is Severity.NOTE
    assert "1234" in finding.message


def test_a_formula_without_a_saved_result_is_not_lost():
    arrival = read(with_formula("1200+34", ""))
    assert found(arrival, "formula-empty").severity is Severity.ERROR
    assert arrival.answers.cells["dan_so/01/tong"].text == "=1200+34"
    assert arrival.answers.cells["dan_so/01/tong"].figure is None


@pytest.mark.parametrize("formula", [
    "[1]Sheet1!A1", "'C:\\[so lieu.xlsx]Sheet1'!A1*2", "cmd|'/C calc'!A0",
    "SUM('[2]Biểu 1'!A1:A5)",
])
def test_a_formula_that_reads_another_file_is_refused(formula):
    arrival = read(with_formula(formula.replace("'", "&apos;"), "<v>1234</v>"))
    assert found(arrival, "formula-external").severity is Severity.ERROR
    assert arrival.answers.cells["dan_so/01/tong"].figure is None


def test_a_formula_error_is_told():
    def change(sheet):
        sheet["C14"] = "#DIV/0!"

    arrival = read(edited(change))
    assert "formula-error" in codes(arrival)
    assert arrival.answers.cells["dan_so/01/tong"].text == "#DIV/0!"


def test_a_formula_whose_result_is_an_error_is_told_once():
    def change(name, content):
        return content.replace(
            b'<c r="C14" s=', b'<c r="C14" t="e" s=') if name.endswith("sheet1.xml") else content

    data = repacked(with_formula("1/0", "<v>#DIV/0!</v>"), change)
    assert codes(read(data)) == ["formula-error"]


def test_many_formulas_are_told_once():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    for line in range(FIRST, FIRST + 12):
        for spot in "CDEF":
            book[SHEET][f"{spot}{line}"] = "=1+1"
    target = io.BytesIO()
    book.save(target)

    def change(name, content):
        return content.replace(b"<f>1+1</f><v></v>", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v/>", b"<f>1+1</f><v>2</v>").replace(
            b"<f>1+1</f><v />", b"<f>1+1</f><v>2</v>")

    arrival = read(repacked(target.getvalue(), change))
    assert "48" in found(arrival, "formula-used").message
    assert arrival.answers.cells["dan_so/12/nam"].figure == reported(2)


def test_merged_input_cells_are_an_error():
    arrival = read(edited(lambda sheet: sheet.merge_cells("C15:D17")))
    finding = found(arrival, "cells-merged")
    assert finding.severity is Severity.ERROR
    assert "C15:D17" in finding.message
    assert finding.where.endswith("ô C15: C15:D17")


def test_control_characters_are_left_out_of_words_and_of_marks():
    """A spreadsheet writes them as `_x0000_`; no database keeps the first of them."""

    def change(name, content):
        if name != "xl/sharedStrings.xml":
            return content
        return content.replace("rà soát".encode(), b"a_x0000_b_x0007_c")

    data = repacked(workbook(), change)
    arrival = read(data)
    assert arrival.answers.cells["dan_so/01/ghi_chu"].text == "abc"
    finding = Finding("x", Severity.ERROR, "lạ: \x00\x07", "dan_so/01/ghi_chu")
    book = openpyxl.load_workbook(io.BytesIO(annotate(data, [finding], arrival.places)))
    assert book[SHEET][f"L{FIRST}"].comment.text == "Lỗi: lạ: "
