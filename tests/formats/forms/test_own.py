"""A unit's own workbook, whichever program saved it."""

from pathlib import Path

import pytest

from nhasan.formats.forms.own import OwnSheet, open_own
from nhasan.formats.forms.refusals import (
    NotAWorkbook,
    WorkbookDamaged,
    WorkbookTooLarge,
    WorkbookUnsafe,
)
from nhasan.formats.forms.sheets import Formula, Sheet
from tests.formats.forms import odd

OLD = Path(__file__).with_name("own.xls").read_bytes()


def test_excel_new_and_old_and_libreoffice_say_the_same():
    new = open_own(odd.workbook())["Tổng hợp"]
    [old] = open_own(OLD).values()
    assert new.cells[8][1] == old.cells[8][1] == "Dân tộc Tày"
    assert (4, 2, 4, 3) in new.sheet.merges
    assert (4, 2, 4, 3) in old.sheet.merges
    table = ('<table:table table:name="Trang"><table:table-row><table:table-cell '
             'office:value-type="string"><text:p>Tày</text:p></table:table-cell>'
             "</table:table-row></table:table>")
    assert open_own(odd.ods(table))["Trang"].cells == [["Tày"]]


def test_sheets_without_anything_are_left_out():
    assert open_own(odd.workbook([])) == {}


def test_a_turned_sheet_has_its_merges_and_formulas_turned():
    sheet = OwnSheet("x", [["a", "b"], ["c"]], Sheet(
        merges=[(0, 0, 0, 1)], formulas=[Formula(0, 1, "A1")]))
    turned = sheet.turned()
    assert turned.cells == [["a", "c"], ["b", ""]]
    assert turned.sheet.merges == [(0, 0, 1, 0)]
    assert [(each.line, each.column) for each in turned.sheet.formulas] == [(1, 0)]
    with pytest.raises(WorkbookUnsafe):
        OwnSheet("x", [[""] * 900] * 900).turned()


@pytest.mark.parametrize(("data", "refusal"), [
    (b"", NotAWorkbook), (b"a,b\n1,2", NotAWorkbook), (b"%PDF-1.7", NotAWorkbook),
    (OLD[:700], (WorkbookDamaged, NotAWorkbook)), (b"\0" * (21 * 1024 * 1024), WorkbookTooLarge),
])
def test_other_files_are_refused(data, refusal):
    with pytest.raises(refusal):
        open_own(data)


def test_an_old_workbook_with_flipped_bytes_never_brings_the_house_down():
    for at in range(600, len(OLD), 37):
        spoiled = bytearray(OLD)
        spoiled[at] ^= 0xFF
        try:
            open_own(bytes(spoiled))
        except (NotAWorkbook, WorkbookDamaged, WorkbookUnsafe):
            continue
