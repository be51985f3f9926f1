"""The list of what was found takes the reason for a figure that is unusual and right."""

import io

import openpyxl
import pytest

from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.workbook import annotate
from tests.formats.forms.material import found, read, saved, workbook

LIST = "Lỗi cần sửa"
UNUSUAL = Finding("unusual-change", Severity.WARNING, "lạ", "dan_so/01/tong", "Kinh, Tổng số")
OTHER = Finding("unusual-change", Severity.WARNING, "lạ", "dan_so/02/nam", "Tày, Nam")
WRONG = Finding("x", Severity.ERROR, "sai", "dan_so/03/tong", "Thái, Tổng số")
WHOLE = Finding("identity-missing", Severity.WARNING, "cả tệp")
KEY = "unusual-change|dan_so/01/tong"
EXPLAINED = "Nhập thêm hai thôn của xã bên."


def marked(findings=(WRONG, UNUSUAL, OTHER, WHOLE), **more):
    data = workbook()
    return annotate(data, findings, read(data).places, **more)


def listed(data):
    return openpyxl.load_workbook(io.BytesIO(data))[LIST]


def column(sheet, head):
    return next(cell.column for cell in sheet[4] if cell.value == head)


def lines(sheet, head):
    return [line[column(sheet, head) - 1].value for line in sheet.iter_rows(min_row=5)]


def explained(change, data=None):
    book = openpyxl.load_workbook(io.BytesIO(data or marked()))
    change(book[LIST])
    return saved(book)


def write(sheet, line, text):
    sheet.cell(line, column(sheet, "Lý do")).value = text


def test_a_reason_written_into_the_list_is_read_with_its_cell():
    arrival = read(explained(lambda sheet: write(sheet, 6, EXPLAINED)))
    assert arrival.answers.reasons == {KEY: EXPLAINED}
    assert arrival.findings == ()


def test_reasons_follow_their_lines_when_the_list_is_sorted():
    def change(sheet):
        write(sheet, 6, EXPLAINED)
        write(sheet, 7, "Rà soát lại.")
        first, second = ([cell.value for cell in sheet[line]] for line in (6, 7))
        for spot, (one, other) in enumerate(zip(first, second, strict=True), start=1):
            sheet.cell(6, spot).value, sheet.cell(7, spot).value = other, one

    assert read(explained(change)).answers.reasons == {
        KEY: EXPLAINED, "unusual-change|dan_so/02/nam": "Rà soát lại."}


def test_reasons_given_before_stand_in_the_list():
    sheet = listed(marked(reasons={KEY: EXPLAINED, "x|dan_so/03/tong": "không hỏi"}))
    assert [text or "" for text in lines(sheet, "Lý do")] == ["", EXPLAINED, "", ""]


def test_an_empty_column_of_reasons_says_nothing():
    assert read(marked()).answers.reasons == {}
    assert read(workbook()).answers.reasons == {}


@pytest.mark.parametrize("line", [5, 8])
def test_a_reason_where_none_is_asked_is_told_and_not_lost_in_silence(line):
    arrival = read(explained(lambda sheet: write(sheet, line, EXPLAINED)))
    assert arrival.answers.reasons == {}
    told = found(arrival, "reason-unplaced")
    assert EXPLAINED in told.message
    assert told.where.endswith(f"ô H{line}")


def test_a_reason_without_its_hidden_column_is_told():
    def change(sheet):
        write(sheet, 6, EXPLAINED)
        sheet.delete_cols(column(sheet, "Mã ô"))

    arrival = read(explained(change))
    assert arrival.answers.reasons == {}
    assert EXPLAINED in found(arrival, "reason-unplaced").message


def test_the_cell_and_the_list_say_where_a_reason_is_written():
    book = openpyxl.load_workbook(io.BytesIO(marked()))
    sheet = book[LIST]
    assert "cột “Lý do”" in sheet["A3"].value
    assert sheet.column_dimensions["I"].hidden
    notes = [
        cell.comment.text for each in book for line in each.iter_rows() for cell in line
        if cell.comment and cell.comment.text.startswith("Nhắc: ")
    ]
    assert len(notes) == 2
    assert all("cột “Lý do” của trang “Lỗi cần sửa”" in note for note in notes)
    assert listed(marked((WRONG,)))["A3"].value is None


def test_the_list_counts_errors_reminders_and_the_rest():
    assert listed(marked())["A2"].value.startswith(
        "1 lỗi phải sửa, 3 điều nhắc, 0 điều cho biết.")


def test_a_reason_is_no_formula():
    sheet = listed(marked(reasons={KEY: "=HYPERLINK(1)"}))
    assert "f" not in {cell.data_type for line in sheet.iter_rows() for cell in line}
