"""How a sheet is read is kept, and the sheet is known again by what its headers say."""

from dataclasses import replace

from nhasan.formats.forms.mapping import (
    SheetMapping,
    fingerprint,
    head_words,
    height,
    pointed,
    refound,
    signature,
    viewed,
)
from nhasan.formats.forms.own import open_own
from tests.formats.forms.odd import LINES, MERGED, workbook

MADE = SheetMapping(
    "Tổng hợp", "ho", 4, 6, 1, columns={2: "tong", 3: "dtts", 4: "ngheo"},
    spelled={"nung": "nung"})


def sheets(lines=None, merged=MERGED, name="Tổng hợp"):
    return open_own(workbook(lines, merged, name))


def kept():
    return pointed(MADE, sheets()["Tổng hợp"])


def test_what_is_kept_comes_back_the_same():
    assert SheetMapping.from_json(kept().as_json()) == kept()


def test_words_above_a_column_include_the_group_it_stands_under():
    assert head_words(sheets()["Tổng hợp"], 4, 6)[3] == ("Tổng số hộ", "Trong đó: hộ DTTS")


def test_a_line_of_column_numbers_says_nothing():
    lines = [*LINES[:6], ["A", "B", "1", "2", "3=1+2"], *LINES[6:]]
    words = head_words(sheets(lines)["Tổng hợp"], 4, 7)
    assert words[4] == ("Số hộ nghèo",)


def test_the_same_layout_of_another_year_is_known_again():
    lines = [list(line) for line in LINES]
    lines[2] = ["BẢNG TỔNG HỢP HỘ NGHÈO NĂM 2026"]
    lines[8][2] = 77
    assert refound(kept(), sheets(lines, name="Năm 2026")) == replace(kept(), sheet="Năm 2026")


def test_years_in_headers_are_alike():
    assert signature(["Hộ nghèo 2025"]) == signature(["HỘ NGHÈO  2026"])
    assert signature(["Hộ nghèo"]) != signature(["Hộ cận nghèo"])


def test_lines_and_columns_put_in_before_it_do_not_matter():
    lines = [["Mẫu nội bộ"], [], *[[None, *line] for line in LINES]]
    merged = tuple(area for area in ("B5:G5", "B7:B8", "C7:C8", "D7:E7", "F7:F8", "G7:G8"))
    found = refound(kept(), sheets(lines, merged))
    assert found is not None
    assert (found.header, found.first, found.names) == (6, 8, 2)
    assert found.columns == {3: "tong", 4: "dtts", 5: "ngheo"}


def test_an_empty_line_above_and_column_numbers_below_are_not_taken_for_headers():
    numbered = [*LINES[:6], ["A", "B", "1", "2", "3"], *LINES[6:]]
    made = pointed(replace(MADE, first=7), sheets(numbered)["Tổng hợp"])
    merged = ("A6:A7", "B6:B7", "C6:D6", "E6:E7")
    found = refound(made, sheets([["Gửi lại"], *numbered], merged))
    assert (found.header, found.first) == (5, 8)


def test_figures_are_not_taken_for_column_numbers():
    lines = [["Xã", "Số hộ", "Hộ nghèo"], ["5", "7", "8"]]
    assert head_words(sheets(lines, ())["Tổng hợp"], 0, 2)[1] == ("Số hộ", "7")


def test_other_headers_are_not_taken_for_the_same():
    lines = [list(line) for line in LINES]
    lines[4][4] = "Số hộ cận nghèo"
    assert refound(kept(), sheets(lines)) is None
    assert refound(MADE, sheets()) is None  # nothing was pointed at yet


def test_the_fingerprint_is_of_the_layout_not_of_the_place():
    moved = replace(kept(), header=9, first=11, sheet="khác", spelled={})
    assert fingerprint([moved]) == fingerprint([kept()])
    assert fingerprint([replace(kept(), columns={2: "dtts"})]) != fingerprint([kept()])


def test_a_sheet_is_viewed_turned_when_it_is_to_be():
    sheet = sheets()["Tổng hợp"]
    assert viewed(sheet, turned=False) is sheet
    assert viewed(sheet, turned=True).cells[1][4] == "Dân tộc"
    assert height(sheet.cells) == 13
