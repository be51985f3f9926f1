"""LibreOffice's own kind: read whole, and no larger than a form may be."""

from datetime import date

import pytest

from nhasan.formats.forms.ods import is_ods, read_ods
from nhasan.formats.forms.refusals import (
    WorkbookDamaged,
    WorkbookEncrypted,
    WorkbookUnsafe,
    WorkbookWithMacros,
)
from tests.formats.forms.odd import ods

CELL = '<table:table-cell office:value-type="{}" {}><text:p>{}</text:p></table:table-cell>'
TEXT = CELL.format("string", "", "{}")


def table(rows: str) -> str:
    return f'<table:table table:name="Trang">{rows}</table:table>'


def row(cells: str, more: str = "") -> str:
    return f"<table:table-row {more}>{cells}</table:table-row>"


def test_values_come_as_a_reader_of_workbooks_gives_them():
    cells = (
        TEXT.format("Bó Lù") + CELL.format("float", 'office:value="12.5"', "12,5")
        + CELL.format("percentage", 'office:value="0.5"', "50%")
        + CELL.format("boolean", 'office:boolean-value="true"', "TRUE")
        + CELL.format("date", 'office:date-value="2025-11-28"', "28/11/2025")
        + '<table:table-cell office:value-type="string"><office:annotation><text:p>lời bên lề'
        '</text:p></office:annotation><text:p>a<text:s text:c="2"/>b</text:p><text:p>c</text:p>'
        '</table:table-cell>')
    [sheet] = read_ods(ods(table(row(cells))))
    assert sheet.name == "Trang"
    assert sheet.cells == [["Bó Lù", 12.5, 0.5, True, date(2025, 11, 28), "a  b\nc"]]


def test_what_repeats_stands_where_it_says_and_the_empty_rest_is_not_made():
    rows = (
        row('<table:table-cell table:number-columns-repeated="2"/>' + TEXT.format("x"))
        + row("<table:table-cell/>", 'table:number-rows-repeated="3"')
        + row('<table:table-cell office:value-type="float" office:value="7" '
              'table:number-columns-repeated="2"/>', 'table:number-rows-repeated="2"')
        + row('<table:table-cell table:number-columns-repeated="16384"/>',
              'table:number-rows-repeated="1048570"'))
    [sheet] = read_ods(ods(table(rows)))
    assert sheet.cells == [["", "", "x"], [], [], [], [7.0, 7.0], [7.0, 7.0]]


def test_merges_and_formulas_are_told():
    cells = (
        '<table:table-cell table:number-columns-spanned="2" table:number-rows-spanned="1" '
        'office:value-type="string"><text:p>Nhóm</text:p></table:table-cell>'
        '<table:covered-table-cell/>'
        '<table:table-cell table:formula="of:=\'file:///k.ods\'#$A.A1" '
        'office:value-type="float" office:value="3"/>')
    [sheet] = read_ods(ods(table(row(cells))))
    assert sheet.sheet.merges == [(0, 0, 0, 1)]
    [formula] = sheet.sheet.formulas
    assert (formula.column, formula.external, formula.valued) == (2, True, True)


@pytest.mark.parametrize(("rows", "refusal"), [
    (row('<table:table-cell office:value-type="float" office:value="7"/>',
         'table:number-rows-repeated="1000000"'), WorkbookUnsafe),
    (row('<table:table-cell office:value-type="float" office:value="7" '
         'table:number-columns-repeated="16000"/>'), WorkbookUnsafe),
    (row('<table:table-cell office:value-type="float" office:value="7" '
         'table:number-columns-repeated="900"/>', 'table:number-rows-repeated="49000"'),
     WorkbookUnsafe),
    (row('<table:table-cell office:value-type="float" office:value="bảy"/>'), WorkbookDamaged),
    ("<table:table-row>", WorkbookDamaged),
])
def test_what_would_swell_or_is_damaged_is_refused(rows, refusal):
    with pytest.raises(refusal):
        read_ods(ods(table(rows)))


def test_locked_programmed_and_declaring_files_are_refused():
    whole = table(row(TEXT.format("x")))
    with pytest.raises(WorkbookEncrypted):
        read_ods(ods(whole, manifest="<manifest:encryption-data/>"))
    with pytest.raises(WorkbookWithMacros):
        read_ods(ods(whole, more=("Basic/Standard/Module1.xml",)))
    with pytest.raises(WorkbookUnsafe):
        read_ods(ods("<!DOCTYPE x>" + whole))
    with pytest.raises(WorkbookDamaged):
        read_ods(ods(whole)[:-60])


def test_a_workbook_is_told_from_others_by_how_it_begins():
    assert is_ods(ods(table("")))
    assert not is_ods(b"PK\x03\x04" + b"x" * 300)
