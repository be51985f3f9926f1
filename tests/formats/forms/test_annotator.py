"""Errors written into the cells of the workbook that was uploaded, and taken off again."""

import io
from dataclasses import replace
from datetime import datetime

import openpyxl
import pytest
from openpyxl.comments import Comment

from nhasan.domain.checking import check
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.refusals import NotAWorkbook
from nhasan.formats.forms.workbook import annotate
from tests.formats.forms.material import (
    LAYOUT,
    SHEET,
    codes,
    edited,
    figures,
    filled,
    read,
    saved,
    workbook,
)

LIST = "Lỗi cần sửa"


def spoiled():
    def change(sheet):
        sheet["C14"], sheet["D15"], sheet["B17"] = "mười hai", -4, "Mường"

    return edited(change)


def marked(data=None):
    data = data or spoiled()
    arrival = read(data)
    return annotate(data, arrival.findings, arrival.places)


def loaded(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def fills(sheet):
    """Return the colour painted over each marked cell."""
    return {
        str(address): rule.dxf.fill.bgColor.rgb
        for area in sheet.conditional_formatting for rule in area.rules
        for address in str(area.sqref).split()
    }


def test_each_error_stands_in_its_cell_as_comment_and_colour():
    sheet = loaded(marked())[SHEET]
    for address, words in {
        "C14": "không phải là số", "D15": "số âm", "B17": "Mã 04 là Hoa",
    }.items():
        assert words in sheet[address].comment.text
        assert sheet[address].comment.text.startswith("Lỗi: ")
    assert set(fills(sheet)) == {"C14", "D15", "B17"}
    assert len(set(fills(sheet).values())) == 1


def test_warnings_have_another_colour_than_errors():
    data = workbook()
    arrival = read(data)
    found = [
        Finding("a", Severity.ERROR, "sai", "dan_so/01/tong"),
        Finding("b", Severity.WARNING, "lạ", "dan_so/01/nam"),
        Finding("c", Severity.WARNING, "lạ", "dan_so/01/tong"),
    ]
    colours = fills(loaded(annotate(data, found, arrival.places))[SHEET])
    assert colours["C14"] != colours["D14"]


def test_the_first_sheet_lists_what_to_mend_and_leads_there():
    book = loaded(marked())
    assert book.sheetnames[0] == LIST
    sheet = book[LIST]
    lines = [[cell.value for cell in line] for line in sheet.iter_rows(min_row=5)]
    assert [line[0] for line in lines] == [1, 2, 3]
    by_cell = {line[3]: line for line in lines}
    assert by_cell["C14"][5] == "mười hai"
    assert by_cell["D15"][5] == "−4"
    assert "số âm" in by_cell["D15"][6]
    link = next(cell.hyperlink for cell in sheet["D"] if cell.value == "C14")
    assert link.location == f"'{SHEET}'!C14"


def listed(data):
    """Return the lines of the list, each by its headers."""
    heads, *lines = loaded(data)[LIST].iter_rows(min_row=4, values_only=True)
    return [dict(zip(heads, line, strict=True)) for line in lines]


def test_every_line_of_the_list_says_row_and_column():
    def change(sheet):
        sheet["C14"], sheet["D15"], sheet["B17"], sheet["B19"] = "mười hai", -4, "Mường", None
        sheet["M14"] = 5

    book = openpyxl.load_workbook(io.BytesIO(edited(change)))
    del book["Danh sách thôn"]
    lines = listed(marked(saved(book)))
    words = {line["Ô"]: line["Dòng, cột"] for line in lines}
    assert words["C14"] == "Kinh, Tổng số"
    assert words["D15"] == "Tày, Chia theo giới tính, Nam"
    assert words["B17"] == "04 Mường"
    assert words["M14"] == "Cột M"
    assert all(words.values()), words


def test_what_was_typed_is_listed_as_people_here_write_it():
    def change(sheet):
        sheet["C14"], sheet["D14"], sheet["E14"] = 2.5, 12345678.25, "1,234.5"
        sheet["F14"], sheet["G14"] = datetime(2026, 3, 1), True

    typed = {line["Ô"]: line["Đã ghi"] for line in listed(marked(edited(change)))}
    assert [typed[cell] for cell in ("C14", "D14", "E14", "F14", "G14")] == [
        "2,5", "12.345.678,25", "1,234.5", "01/03/2026", "TRUE"]


def test_a_marked_number_shows_the_decimals_that_are_wrong():
    def change(sheet):
        sheet["C14"], sheet["C15"], sheet["J14"] = 2.5, -4, 1.23456

    sheet = loaded(marked(edited(change)))[SHEET]
    shown = {
        address: rule.dxf.numFmt and rule.dxf.numFmt.formatCode
        for area in sheet.conditional_formatting for rule in area.rules
        for address in str(area.sqref).split()
    }
    assert shown == {"C14": "General", "J14": "General", "C15": None}
    assert sheet["C14"].number_format == "#,##0"


def test_a_cell_with_an_error_and_a_reminder_is_painted_as_an_error():
    data = workbook()
    arrival = read(data)
    reminder = Finding("b", Severity.WARNING, "lạ", "dan_so/01/tong")
    error = Finding("a", Severity.ERROR, "sai", "dan_so/01/tong")
    for both in ([reminder, error], [error, reminder]):
        sheet = loaded(annotate(data, both, arrival.places))[SHEET]
        alone = loaded(annotate(data, [error], arrival.places))[SHEET]
        assert fills(sheet) == fills(alone)
        assert sheet["C14"].comment.text.startswith("Lỗi: sai\nNhắc: lạ")


def test_the_marked_workbook_says_the_same_as_the_upload():
    data = spoiled()
    before, after = read(data), read(marked(data))
    assert figures(after.answers) == figures(before.answers)
    assert after.findings == before.findings


def test_a_mended_workbook_comes_back_clean():
    book = loaded(marked())
    sheet = book[SHEET]
    sheet["C14"], sheet["D15"], sheet["B17"] = 1004, 2003, "Hoa"
    data = saved(book)
    arrival = read(data)
    assert codes(arrival) == []
    assert figures(arrival.answers).keys() >= {"dan_so/01/tong", "dan_so/02/nam"}
    again = loaded(annotate(data, arrival.findings, arrival.places))
    assert fills(again[SHEET]) == {}
    assert again[SHEET]["C14"].comment is None
    assert [line[0].value for line in again[LIST].iter_rows(min_row=5)] == []
    assert again.sheetnames.count(LIST) == 1


def test_marking_twice_is_marking_once():
    once = marked()
    twice = marked(once)
    first, second = loaded(once), loaded(twice)
    assert first.sheetnames == second.sheetnames
    assert fills(first[SHEET]) == fills(second[SHEET])
    assert first[SHEET]["C14"].comment.text == second[SHEET]["C14"].comment.text


def test_comments_and_colours_of_others_stay():
    def change(sheet):
        sheet["C14"] = "mười hai"
        sheet["C14"].comment = Comment("hỏi lại xã", "Lan")
        sheet["E20"].comment = Comment("đã kiểm", "Lan")
        sheet["E20"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF00")

    once = loaded(marked(edited(change)))
    assert once[SHEET]["C14"].comment.text.startswith("hỏi lại xã")
    assert "không phải là số" in once[SHEET]["C14"].comment.text
    once[SHEET]["C14"] = 5
    data = saved(once)
    again = loaded(annotate(data, (), {}))
    assert again[SHEET]["C14"].comment.text == "hỏi lại xã"
    assert again[SHEET]["E20"].comment.text == "đã kiểm"
    assert again[SHEET]["E20"].fill.fgColor.rgb == "FF00FF00"
    assert again[SHEET]["F9"].comment.text == "Hộ đăng ký thường trú"


def test_the_workbook_keeps_what_makes_it_a_form():
    before, after = loaded(spoiled()), loaded(marked())
    assert after["_nhasan"].sheet_state == "veryHidden"
    assert {p.name: p.value for p in after.custom_doc_props.props} == {
        p.name: p.value for p in before.custom_doc_props.props}
    one, other = before[SHEET], after[SHEET]
    assert other.protection.sheet
    assert other["C14"].protection.locked is False
    assert len(other.data_validations.dataValidation) == len(one.data_validations.dataValidation)
    assert other.freeze_panes == one.freeze_panes
    assert other.print_title_rows == one.print_title_rows
    assert other.column_dimensions["B"].width == one.column_dimensions["B"].width
    assert {str(area) for area in other.merged_cells.ranges} == {
        str(area) for area in one.merged_cells.ranges}


def test_findings_without_a_cell_are_listed():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    del book["Danh sách thôn"]
    data = saved(book)
    arrival = read(data)
    lines = [line[6].value for line in loaded(
        annotate(data, arrival.findings, arrival.places))[LIST].iter_rows(min_row=5)]
    assert any("Danh sách thôn" in line for line in lines)


def test_findings_of_the_checks_find_their_cells_too():
    def change(sheet):
        sheet["C14"] = "mười hai"

    data = edited(change)
    arrival = read(data)
    found = (*arrival.findings, *check(LAYOUT, arrival.answers))
    book = loaded(annotate(data, found, arrival.places))
    assert book[SHEET]["C14"].comment.text.count("không phải là số") == 1


def test_text_that_looks_like_a_formula_is_no_formula_in_the_list():
    def change(sheet):
        sheet["C14"].value = "=HYPERLINK(1)"
        sheet["C14"].data_type = "s"

    book = loaded(marked(edited(change)))
    assert "f" not in {cell.data_type for line in book[LIST].iter_rows() for cell in line}


def test_an_error_in_a_merged_cell_is_written_into_its_first_cell():
    data = edited(lambda sheet: sheet.merge_cells("C15:D17"))
    arrival = read(data)
    finding = Finding("x", Severity.ERROR, "xem lại", "dan_so/03/nam")
    book = loaded(annotate(data, (*arrival.findings, finding), arrival.places))
    assert "xem lại" in book[SHEET]["C15"].comment.text


def test_thousands_of_findings_are_bounded():
    data = workbook()
    arrival = read(data)
    one = Finding("x", Severity.WARNING, "xem lại", "dan_so/01/tong")
    found = [replace(one, message=f"xem lại {n}") for n in range(6000)]
    sheet = loaded(annotate(data, found, arrival.places))[LIST]
    assert sheet.max_row == 4 + 5000 + 1
    assert "1000" in sheet.cell(sheet.max_row, 1).value


def test_other_bytes_are_refused():
    with pytest.raises(NotAWorkbook):
        annotate(b"%PDF", (), {})


def test_filled_answers_are_untouched_by_marks():
    assert figures(read(marked(workbook())).answers) == figures(filled())
