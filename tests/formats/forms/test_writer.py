"""The workbook as an office sees it; LibreOffice opens, computes and saves it."""

import io
import shutil
import subprocess

import openpyxl
import pytest

from nhasan.domain.checking import check_stated
from nhasan.formats.forms.workbook import write_form
from tests.formats.forms.material import (
    CONTEXT,
    EMPTY_LAYOUT,
    FIRST,
    LAYOUT,
    SHEET,
    codes,
    figures,
    filled,
    read,
    workbook,
)


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(workbook()))


@pytest.fixture(scope="module")
def sheet(book):
    return book[SHEET]


def test_the_same_form_is_the_same_bytes():
    assert workbook() == workbook()


def test_one_sheet_a_table_then_the_guide_and_hidden_sheets(book):
    assert book.sheetnames == [
        SHEET, "Danh sách thôn", "Hướng dẫn", "_nhasan_ds", "_nhasan"]
    assert [each.sheet_state for each in book.worksheets] == [
        "visible", "visible", "visible", "veryHidden", "veryHidden"]


def test_headers_stand_in_levels(sheet):
    merged = {str(area) for area in sheet.merged_cells.ranges}
    assert {"A8:A10", "B8:B10", "D8:E8", "F8:H8", "G9:H9", "D9:D10"} <= merged
    assert sheet["D8"].value == "Chia theo giới tính"
    assert sheet["F9"].value == "Tổng số hộ (Hộ)"
    assert sheet["C8"].value == "Tổng số"
    assert [sheet.cell(11, n).value for n in range(1, 6)] == ["A", "B", "1", "2", "3"]
    assert sheet["F9"].comment.text == "Hộ đăng ký thường trú"


def test_headers_and_labels_stay_in_view_and_on_every_page(sheet):
    assert sheet.freeze_panes == "C12"
    assert sheet.print_title_rows == "$8:$11"
    assert sheet.page_setup.orientation == "landscape"
    assert int(sheet.page_setup.paperSize) == 9


def test_labels_are_locked_and_inputs_are_open_without_a_password(sheet):
    assert sheet.protection.sheet
    assert sheet.protection.password is None
    assert sheet[f"B{FIRST}"].protection.locked
    assert sheet["C12"].protection.locked
    assert sheet[f"I{FIRST}"].protection.locked
    for column in "CDEFGHJKL":
        assert sheet[f"{column}{FIRST}"].protection.locked is False


def test_names_of_open_rows_can_be_typed(book):
    villages = book["Danh sách thôn"]
    assert villages["A12"].value is None
    assert villages["A12"].protection.locked is False
    assert villages["A15"].value == "Cộng"
    assert villages["B15"].value == '=IF(COUNT(B10:B14)=0,"",SUM(B10:B14))'


def test_codes_are_text_and_numbers_are_numbers(sheet):
    assert (sheet[f"A{FIRST}"].value, sheet[f"A{FIRST}"].data_type) == ("01", "s")
    assert sheet[f"C{FIRST}"].value == 1004
    assert sheet[f"C{FIRST}"].number_format == "#,##0"
    assert sheet[f"J{FIRST}"].number_format == "#,##0.000"
    assert sheet[f"C{FIRST + 1}"].value == "..."


def test_totals_are_formulas_with_their_values():
    formulas = openpyxl.load_workbook(io.BytesIO(workbook()))[SHEET]
    values = openpyxl.load_workbook(io.BytesIO(workbook()), data_only=True)[SHEET]
    assert formulas["D12"].value.startswith("=IF(COUNT(D14:D25)=0")
    assert values["D12"].value == sum(n * 1000 + 3 for n in range(1, 13))
    assert values[f"I{FIRST}"].value == pytest.approx(100.3, abs=0.2)


def test_text_that_begins_like_a_formula_is_text(sheet):
    cell = sheet[f"L{FIRST + 2}"]
    assert cell.value == "=ghi chú"
    assert cell.data_type == "s"
    assert cell.quotePrefix


def test_an_earlier_period_stands_beside_to_compare():
    data = write_form(LAYOUT, CONTEXT, previous=filled(), previous_label="Năm 2018")
    book = openpyxl.load_workbook(io.BytesIO(data))
    earlier = book["Kỳ trước 1"]
    assert "Năm 2018" in earlier["A5"].value
    assert earlier[f"C{FIRST}"].value == 1004
    assert earlier[f"C{FIRST}"].protection.locked
    arrival = read(data)
    assert not arrival.answers.cells
    assert "sheet-unread" not in codes(arrival)


def test_an_empty_form_has_no_values():
    book = openpyxl.load_workbook(
        io.BytesIO(write_form(EMPTY_LAYOUT, CONTEXT)), data_only=True)
    assert book[SHEET][f"C{FIRST}"].value is None
    assert not book[SHEET]["C12"].value


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed")
def test_libreoffice_opens_saves_and_prints_it(tmp_path):
    (tmp_path / "bieu.xlsx").write_bytes(workbook())
    for kind in ("xlsx", "pdf"):
        subprocess.run(
            ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile",
             "--convert-to", kind, "--outdir", str(tmp_path / "out"),
             str(tmp_path / "bieu.xlsx")],
            check=True, capture_output=True, timeout=120)
    arrival = read((tmp_path / "out" / "bieu.xlsx").read_bytes())
    assert figures(arrival.answers) == figures(filled())
    assert codes(arrival) == []
    assert arrival.answers.open_rows == filled().open_rows
    assert check_stated(LAYOUT, arrival.answers, arrival.stated) == ()
    assert (tmp_path / "out" / "bieu.pdf").read_bytes().startswith(b"%PDF")
