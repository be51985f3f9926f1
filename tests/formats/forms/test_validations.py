"""What Excel warns of while somebody types; it never forbids."""

import io

import openpyxl
import pytest

from tests.formats.forms.material import SHEET, workbook


@pytest.fixture(scope="module")
def rules():
    sheet = openpyxl.load_workbook(io.BytesIO(workbook()))[SHEET]
    return {str(each.sqref): each for each in sheet.data_validations.dataValidation}


def test_every_input_column_is_guarded_and_computed_ones_are_not(rules):
    assert set(rules) == {f"{column}14:{column}25" for column in "CDEFGHJK"}


def test_a_warning_is_all(rules):
    assert {each.errorStyle for each in rules.values()} == {"warning"}


def test_numbers_know_their_bounds_and_signs(rules):
    whole = rules["C14:C25"]
    assert whole.type == "custom"
    assert "C14>=0" in whole.formula1
    assert "INT(C14)" in whole.formula1
    assert "_nhasan_ds" in whole.formula1
    assert "số nguyên từ 0 trở lên" in whole.error
    assert "INT" not in rules["J14:J25"].formula1


def test_choices_come_from_a_hidden_list():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    hidden = [cell.value for cell in book["_nhasan_ds"]["B"]]
    assert hidden[:2] == ["Đạt", "Chưa đạt"]
    choice = next(
        each for each in book[SHEET].data_validations.dataValidation if each.type == "list")
    assert choice.formula1 == f"'_nhasan_ds'!$B$1:$B${len(hidden)}"
