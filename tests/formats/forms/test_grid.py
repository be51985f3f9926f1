from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.forms import Column, Kind, Row
from nhasan.formats.forms.grid import (
    a1,
    from_a1,
    grids,
    header_path,
    is_blank_row,
    is_open,
    letters,
    sheet_names,
    shown_code,
)
from tests.formats.forms.material import EMPTY_LAYOUT, LAYOUT


@given(st.integers(0, 1_048_575), st.integers(0, 16_383))
def test_addresses_are_read_as_they_are_written(line, column):
    assert from_a1(a1(line, column)) == (line, column)


def test_letters_of_columns():
    assert [letters(n) for n in (0, 25, 26, 701, 702, 16_383)] == [
        "A", "Z", "AA", "ZZ", "AAA", "XFD"]
    assert from_a1("$C$12") == (11, 2)


@given(st.lists(st.text(max_size=60), max_size=8))
def test_sheet_names_are_legal_and_distinct(titles):
    names = sheet_names(titles)
    assert len({name.casefold() for name in names}) == len(titles)
    for name in names:
        assert 0 < len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")


def test_sheet_names_end_on_a_word():
    assert sheet_names(["Dân số chia theo dân tộc và giới tính", "Hướng dẫn", "_nhasan"]) == [
        "Dân số chia theo dân tộc", "Hướng dẫn (2)", "_nhasan (2)"]


def test_open_tables_keep_room_for_new_names():
    grid = grids(LAYOUT)[1]
    assert [is_blank_row(row) for row in grid.rows] == [False, False, True, True, True, False]
    total = grid.rows[-1]
    assert set(total.sum) == {row.id for row in grid.rows[:-1]}
    empty = grids(EMPTY_LAYOUT)[1]
    assert len(empty.rows) == 6
    assert is_open(grid.table, grid.rows[0])
    assert not is_open(grid.table, total)


def test_an_area_shows_its_own_code():
    area = Row("01900", "Xã Ba Bể", "xã", bind={"REF_AREA": "commune:01900"})
    assert shown_code(area) == "01900"
    assert shown_code(Row("a", "Kinh", "01")) == "01"


def test_a_unit_of_its_own_is_printed_in_the_header():
    column = Column("a", "Tỷ lệ", ("Hộ",), Kind("decimal"), {}, unit="%")
    assert header_path(column, "Hộ") == ("Hộ", "Tỷ lệ (%)")
    assert header_path(column, "%") == ("Hộ", "Tỷ lệ")
