"""The face of a sheet against what is known of the workbook."""

import io

import openpyxl
import pytest

from nhasan.formats.forms.refusals import SheetOfOtherPeriod, SheetOfOtherUnit
from nhasan.formats.forms.seen import seen
from tests.formats.forms.material import CONTEXT, edited, read, workbook


def head_of(data):
    book = openpyxl.load_workbook(io.BytesIO(data))
    return [[cell if cell is not None else "" for cell in line]
            for line in book.worksheets[0].iter_rows(max_row=8, values_only=True)]


def changed(wanted, text, *, without_identity=False):
    """Return the workbook with one text of the head of its first sheet written over."""

    def change(sheet):
        for line in sheet.iter_rows(max_row=6):
            for cell in line:
                if cell.value == wanted:
                    cell.value = text
        if without_identity:
            book = sheet.parent
            del book["_nhasan"]
            for name in list(book.custom_doc_props.names):
                del book.custom_doc_props[name]

    return edited(change)


def test_unit_and_period_are_read_from_the_head_wherever_it_stands():
    cells = head_of(workbook())
    there = seen(cells)
    assert there.unit == CONTEXT.reporting_unit
    assert there.period == CONTEXT.period_label
    assert seen([[], [], *cells]) == there
    assert seen([["x"]]).unit == ""


@pytest.mark.parametrize("without_identity", [False, True])
def test_a_sheet_of_another_unit_is_refused_whatever_the_hidden_sheet_says(without_identity):
    data = changed(CONTEXT.reporting_unit, "UBND xã Khác", without_identity=without_identity)
    with pytest.raises(SheetOfOtherUnit) as refused:
        read(data)
    assert refused.value.facts["found"] == "UBND xã Khác"


def test_a_sheet_of_another_period_is_refused_unless_it_is_said_to_be_older():
    data = changed(CONTEXT.period_label, "Năm 2017")
    with pytest.raises(SheetOfOtherPeriod):
        read(data)
    assert read(data, older=True).answers.cells is not None


def test_a_head_that_was_emptied_or_says_something_else_is_no_contradiction():
    assert read(changed(CONTEXT.reporting_unit, None))
    assert read(changed(CONTEXT.period_label, "Biểu này in thử"))
