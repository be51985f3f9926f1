import re
from contextlib import suppress

import pytest

from nhasan.formats.forms.refusals import WorkbookDamaged, WorkbookUnsafe
from nhasan.formats.forms.sheets import (
    CELL_LIMIT,
    LINE_LIMIT,
    MERGE_LIMIT,
    measured,
    scan,
)

SHEET = (
    b'<worksheet><sheetData><row r="1"><c r="A1"><f>B1*2</f><v>4</v></c><c r="B1" s="2"/>'
    b'<c r="C1" t="str"><f t="shared" si="0">[1]S!A1</f></c></row></sheetData>'
    b'<mergeCells><mergeCell ref="A1:B2"/></mergeCells></worksheet>'
)


def test_formulas_are_found_with_their_results():
    found = list(scan(SHEET).formulas_in({0}, {0, 1, 2}))
    assert [(each.column, each.text, each.valued, each.external) for each in found] == [
        (0, "B1*2", True, False), (2, "[1]S!A1", False, True)]
    assert list(scan(SHEET).formulas_in({0}, {1})) == []
    assert list(scan(SHEET).formulas_in({1}, {0, 1, 2})) == []


def test_names_with_a_prefix_are_found_too():
    prefixed = re.sub(rb"<(/?)(\w)", rb"<\1x:\2", SHEET)
    assert [each.column for each in scan(prefixed).formulas] == [0, 2]
    assert scan(prefixed).merges == [(0, 0, 1, 1)]


def test_merges_are_ranges_from_zero():
    assert scan(SHEET).merges == [(0, 0, 1, 1)]
    assert scan(b"<worksheet/>").merges == []


def test_errors_are_found_by_address():
    xml = (b'<s><c r="A1"><v>1</v></c><c r="B2" s="1" t="e"><f>1/0</f><v>#DIV/0!</v></c>'
           b'<c t="e" r="C3"><v>#N/A</v></c><c t="e" r="D4"/><c r="E5"><v>7</v></c></s>')
    assert scan(xml).errors == {"B2": "#DIV/0!", "C3": "#N/A"}


def test_a_sheet_of_normal_size_is_left_as_it_is():
    slim, sheet, strays = measured(SHEET)
    assert slim is SHEET
    assert (sheet.lines, sheet.columns, sheet.cells, strays) == (1, 3, 3, [])


FAR_AWAY = {
    "single quotes": b"<row r='1048576'><c r='XFD1048576'><v>1</v></c></row>",
    "spaces": b'<row r = "1048576"><c r = "XFD1048576"><v>1</v></c></row>',
    "no row number": b'<row><c r="ZZ1048576"><v>1</v></c></row>',
    "another row number": b'<row r="71"><c r="ZZ1048576"><v>1</v></c></row>',
    "another name before": b'<row r="71"><c xr="A1" r="ZZ1048576"><v>1</v></c></row>',
    "a bracket in a value": b'<row r="71"><c q=">" r="XFD1048576"><v>1</v></c></row>',
    "a comment": b'<row r="71"><!-- </row> --><c r="XFD1048576"><v>1</v></c></row>',
    "text that looks like tags": (
        b'<row r="71"><c r="A71"><is><t><![CDATA[</c></row>]]></t></is></c>'
        b'<c r="XFD1048576"><v>1</v></c></row>'),
    "a prefix with a dot": (
        b'<x.y:row r="1048576"><x.y:c r="XFD1048576"><v>1</v></x.y:c></x.y:row>'),
    "another order": b'<row spans="1:2" r="50000"><c s="1" t="n" r="ALL50000"><v>1</v></c></row>',
    "a written-out digit": b'<row r="7"><c r="XFD104857&#54;"><v>1</v></c></row>',
    "no addresses": b"<row/>" * 60_000 + b"<row>" + b"<c><v>1</v></c>" * 90 + b"</row>",
}


@pytest.mark.parametrize("rows", FAR_AWAY.values(), ids=FAR_AWAY)
def test_nothing_far_away_reaches_a_reader_however_it_is_written(rows):
    sheet = SHEET.replace(b"</sheetData>", rows + b"</sheetData>")
    try:
        slim, _, _ = measured(sheet)
    except WorkbookUnsafe:
        return
    assert scan(slim).fits


@pytest.mark.parametrize("broken", [
    b"<worksheet>", b"<c r='1A'/>", b"<c r='ABCD1'/>", b"<row r='x'/>", b"", b"\xff\xfe",
    "<c r='Ａ1'/>".encode(),
])
def test_a_sheet_that_cannot_be_measured_is_damaged(broken):
    with pytest.raises(WorkbookDamaged):
        measured(broken)


def test_cells_without_addresses_stand_side_by_side():
    for xml, lines, columns in (
        (b"<s><row><c/><c/></row><row><c/></row></s>", 2, 2),
        (b'<s><row r="7"><c r="C7"/><c/></row></s>', 7, 4),
    ):
        assert (scan(xml).lines, scan(xml).columns) == (lines, columns)


@pytest.mark.parametrize("sheet", [
    b"<s>" + b"<c/>" * (CELL_LIMIT + 1) + b"</s>",
    b"<s>" + b'<mergeCell ref="A1:B2"/>' * (MERGE_LIMIT + 1) + b"</s>",
    b'<s><mergeCell ref="A1:XFD1048576"/></s>',
], ids=["cells", "merges", "a wide merge"])
def test_more_than_any_form_holds_is_refused(sheet):
    with pytest.raises(WorkbookUnsafe):
        measured(sheet)


@pytest.mark.parametrize("busy", [
    b"<s>" + b'<c r="A1"><f>1</f ></c >' * 40_000 + b"</s>",
    b"<s>" + b'<c t="e" r="A1"/>' * 40_000 + b"</s>",
    b"<s><c r='A1'><is><t>" + b'r="A1" ' * 200_000 + b"</t></is></c></s>",
    b"<s><c " + b" ".join(b'a%d="r=A1"' % n for n in range(100_000)) + b"/></s>",
    b"<s>" + b'<row r="60000"><c r="A60000"><v>1</v></c ></row >' * 20_000 + b"</s>",
    b"<s>" + b'<c r="A1"><f>\'[\'[\'[' + b"'[" * 20_000 + b"</f></c></s>",
], ids=["closings", "empty errors", "words", "attributes", "far rows", "a formula"])
def test_nothing_keeps_a_reader_busy(busy):
    """What grows with the square of the file would take this test hours."""
    with suppress(WorkbookUnsafe, WorkbookDamaged):
        for each in measured(busy)[1].formulas:
            assert each.external in (True, False)


def test_what_lies_too_far_out_is_cut_off_and_named():
    far = SHEET.replace(b"</sheetData>", (
        b'<row r="2"><c r="A2"><v>1</v></c><c r="XFD2"><v>2</v></c><c r="D2" s="1"/></row>'
        b'<row r="%d"><c r="A%d"><v>3</v></c></row>'
        b'<row r="1048576" s="1"/></sheetData>' % (LINE_LIMIT + 1, LINE_LIMIT + 1)))
    slim, _, strays = measured(far)
    assert b'r="A2"' in slim
    assert b"<v>4</v>" in slim
    for gone in (b"XFD2", b"D2", str(LINE_LIMIT + 1).encode(), b"1048576"):
        assert gone not in slim
    assert strays == ["XFD2", f"A{LINE_LIMIT + 1}"]
