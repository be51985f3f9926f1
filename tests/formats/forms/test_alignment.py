"""Tables are found by what they say."""

from nhasan.formats.forms.alignment import best_sheets, frame, key, likeness, said
from nhasan.formats.forms.grid import grids, header_path
from tests.formats.forms.material import LAYOUT

PEOPLE, VILLAGES = grids(LAYOUT)


def plain_sheet(grid, top=0, left=0):
    """Return the headers and rows as a person would have typed them, unmerged."""
    lines = [[""] * 20 for _ in range(top + grid.depth + len(grid.rows))]
    lines[top][left] = "Mã số"
    label = left + 1 if grid.coded else left
    lines[top][label] = grid.table.row_header
    for number, column in enumerate(grid.table.columns):
        before = grid.table.columns[number - 1].path if number else ()
        for level, part in enumerate(column.path):
            if before[:level + 1] != column.path[:level + 1]:
                lines[top + level][label + 1 + number] = part
        words = header_path(column, grid.table.unit)
        lines[top + len(column.path)][label + 1 + number] = words[-1]
    for number, row in enumerate(grid.rows):
        lines[top + grid.depth + number][left] = row.code
        lines[top + grid.depth + number][label] = row.label
    return lines


def test_headers_typed_by_hand_elsewhere_are_found():
    there = frame(plain_sheet(PEOPLE, top=3, left=2), PEOPLE)
    assert there.top == 3
    assert there.label_column == 3
    assert there.missing == []
    assert there.columns["tong"] == 4
    assert there.columns["can_ngheo"] == 9
    assert there.columns["ghi_chu"] == 13
    assert there.data_top == 6


def test_a_sheet_without_the_headers_has_no_frame():
    assert frame([["Họ tên", "Tuổi"], ["A", 5.0]], PEOPLE) is None
    assert frame([], PEOPLE) is None


def test_likeness_prefers_the_table_itself():
    people, villages = plain_sheet(PEOPLE), plain_sheet(VILLAGES)
    assert likeness(people, PEOPLE) > likeness(villages, PEOPLE)
    assert likeness([["a"]], PEOPLE) == 0


def test_sheets_are_found_by_words_when_names_do_not_help():
    sheets = {"Sheet2": plain_sheet(VILLAGES), "Sheet1": plain_sheet(PEOPLE), "Nháp": [["x"]]}
    assert best_sheets(sheets, (PEOPLE, VILLAGES), {}) == {
        "dan_so": "Sheet1", "thon": "Sheet2"}


def test_labels_are_compared_without_case_and_odd_spaces():
    assert key("  DÂN\u00a0 tộc ") == key("dân tộc")
    assert said([[5.0, " a  b "]], 0, 0) == "5"
    assert said([[5.0, " a  b "]], 0, 1) == "a b"
    assert said([], 3, 3) == ""
