"""One workbook with several forms: each on its own sheets, each known again."""

import io
from dataclasses import replace

import openpyxl
import pytest

from nhasan.domain.answers import Answers
from nhasan.formats.forms.bundles import BundleTooWide, Part, write_bundle
from nhasan.formats.forms.reader import Filled, own_reasons, read_form
from tests.formats.forms.material import CONTEXT, LAYOUT, figures, filled, saved

OTHER = replace(CONTEXT, unit="XA-KHAC|commune:1", assignment="2",
                reporting_unit="UBND xã Khác")
MINE = replace(CONTEXT, assignment="1")


def bundle(*parts):
    return write_bundle(parts or [Part(LAYOUT, MINE, filled()), Part(LAYOUT, OTHER, Answers())])


def test_sheets_are_numbered_and_called_by_their_unit():
    names = openpyxl.load_workbook(io.BytesIO(bundle())).sheetnames
    assert names[:4] == ["Mục lục", f"1.1 {CONTEXT.reporting_unit}",
                         f"1.2 {CONTEXT.reporting_unit}", "2.1 UBND xã Khác"]


def test_the_list_in_front_leads_to_each_form():
    sheet = openpyxl.load_workbook(io.BytesIO(bundle()))["Mục lục"]
    assert [cell.value for cell in sheet["C"][4:6]] == [CONTEXT.reporting_unit, "UBND xã Khác"]
    assert sheet["F6"].hyperlink.location == "'2.1 UBND xã Khác'!A1"


def test_each_form_is_read_by_itself_from_one_opening():
    opened = Filled(bundle())
    assert [each.assignment for each in opened.identities] == ["1", "2"]
    assert figures(opened.read(LAYOUT, MINE).answers) == figures(filled())
    assert not opened.read(LAYOUT, OTHER).answers.cells
    assert figures(read_form(bundle(), LAYOUT, MINE).answers) == figures(filled())


def test_forms_are_known_by_the_files_properties_when_the_hidden_sheet_is_gone():
    book = openpyxl.load_workbook(io.BytesIO(bundle()))
    del book["_nhasan"]
    opened = Filled(saved(book))
    assert [each.assignment for each in opened.identities] == ["1", "2"]
    assert figures(opened.read(LAYOUT, MINE).answers) == figures(filled())
    assert not opened.read(LAYOUT, OTHER).answers.cells


def test_more_sheets_than_a_workbook_is_read_with_are_refused_before_writing():
    with pytest.raises(BundleTooWide):
        bundle(*[Part(LAYOUT, MINE, Answers())] * 60)


def test_reasons_go_to_the_report_they_were_given_for():
    given = {"a|1:ho/x/y": "mot", "a|2:ho/x/y": "hai", "b|ho/x/y": "chung"}
    assert own_reasons(given, "1") == {"a|ho/x/y": "mot", "b|ho/x/y": "chung"}
