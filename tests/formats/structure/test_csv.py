"""Sets as CSV, as the house writes it and as Excel of an office saves it."""

from __future__ import annotations

from nhasan.formats.structure.csv import CSV
from tests.formats.structure.test_sheets import SET, where


def test_a_file_saved_with_semicolons_in_words_is_read() -> None:
    found = CSV.read("Mã trong hệ thống;Tên chỉ tiêu\r\n0102;Số hộ\r\n".encode())
    assert [(each["key"], each["name_vi"]) for each in found.sheets] == [("0102", "Số hộ")]


def test_columns_are_headed_in_words_as_in_the_workbook() -> None:
    head = CSV.write(SET).decode("utf-8-sig").splitlines()[0]
    assert head.startswith("Mã trong hệ thống,Mã trong văn bản,")


def test_a_formula_is_inert_for_a_spreadsheet() -> None:
    assert ",'=1+1," in CSV.write(SET).decode("utf-8-sig")


def test_what_is_no_csv_is_told() -> None:
    assert where(CSV.read(b"\xff\xfe\x00").faults) == [(0, "", "tệp CSV phải dùng bảng mã UTF-8")]
    big = b'key,name_vi\r\n1,"' + b"x" * 200_000 + b'"\r\n'
    assert where(CSV.read(big).faults) == [(0, "", "tệp CSV bị hỏng")]


def test_signs_that_no_office_types_are_told_by_line_and_column() -> None:
    told = "có ký tự không hiểu được"
    for sign in ("\x00", "\x01", "\x0b", "\ufffe"):
        found = CSV.read(f"key,name_vi,concept\n1,Số hộ,a\n2,Số{sign}hộ,a{sign}b\n".encode())
        assert where(found.faults) == [(3, "Tên chỉ tiêu", told), (3, "Khái niệm", told)]
        assert not found.sheets
    assert CSV.read('key,name_vi,concept\n1,Số hộ,"a\n\tb"\n'.encode()).sheets


def test_a_number_of_decimals_beyond_all_counting_is_told() -> None:
    [found] = CSV.read(f"key,name_vi,decimals\nA,Hộ,{'9' * 5000}\n".encode()).faults
    assert (found.row, found.column) == (2, "Số chữ số thập phân")
