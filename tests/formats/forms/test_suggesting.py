"""A first guess at what a sheet of an unknown layout means."""

from nhasan.formats.forms.own import open_own
from nhasan.formats.forms.suggesting import alike, best_suggestion, choices, is_total, suggested
from tests.formats.forms.odd import LAYOUT, LINES, SPELLINGS, TABLE, workbook


def guess(lines=None, merged=None):
    data = workbook(lines) if merged is None else workbook(lines, merged)
    return best_suggestion(open_own(data), LAYOUT.tables, SPELLINGS)


def test_headers_names_and_columns_are_found():
    found = guess()
    assert (found.header, found.first, found.names) == (4, 6, 1)
    assert found.columns == {2: "tong", 3: "dtts", 4: "ngheo"}


def test_headers_without_merged_cells_are_found_too():
    lines = [["Dân tộc", "Tổng số hộ", None, "Hộ nghèo"], [None, "Số hộ", "Hộ DTTS", "Số hộ"],
             ["Tày", 1, 2, 3]]
    found = guess(lines, ())
    assert (found.header, found.first, found.columns) == (
        0, 2, {1: "tong", 2: "dtts", 3: "ngheo"})


def test_codes_beside_the_names_are_found():
    lines = [["Mã", "Tên", "Số hộ"], ["02", "Tày", 5], [6, "Nùng", 4], ["8", "Mông", 3]]
    assert guess(lines, ()).codes == 0
    counted = [["STT", "Tên", "Số hộ"], ["2", "Tày", 5], ["6", "Nùng", 4]]
    assert guess(counted, ()).codes is None


def test_nothing_alike_gives_no_guess():
    assert guess([["a", "b"], ["c", 1]], ()) is None
    assert suggested(next(iter(open_own(workbook()).values())), TABLE, SPELLINGS) is not None


def test_a_sum_is_not_the_cong_people():
    assert is_total("Cộng")
    assert is_total("TỔNG CỘNG (I+II)")
    assert is_total("Toàn tỉnh")
    assert not is_total("Cống")
    lines = [*LINES[:9], [9, "Cống", 5, 5, 1], [None, "Cộng", 400, 400, 40]]
    assert guess(lines).first == 6


def test_alike_weighs_the_last_words_most():
    tong, dtts, ngheo = TABLE.columns
    words = ("Số hộ nghèo",)
    assert alike(words, ngheo) > alike(words, dtts)
    assert alike(("Tổng số hộ", "Số hộ"), tong) == 1.0
    assert alike((), tong) == 0.0


def test_headings_are_no_choice_of_a_line():
    assert [row.id for row in choices(TABLE)] == ["tong", "tay", "nung", "mong", "cong"]
