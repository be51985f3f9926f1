"""What comes back in a workbook, whatever people did to it."""

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nhasan.domain.checking import check_stated, compute
from nhasan.domain.numbers import show
from nhasan.domain.observations import CONFIDENTIAL, NOT_APPLICABLE, NOT_REPORTED, reported
from nhasan.domain.validation import Severity
from nhasan.formats.forms.refusals import OtherForm, OtherPeriod, OtherUnit, OtherVersion
from nhasan.formats.forms.workbook import read_form, read_identity, write_form
from tests.formats.forms.material import (
    CONTEXT,
    EMPTY_LAYOUT,
    FIRST,
    LAYOUT,
    PEOPLE,
    SHEET,
    answers_of,
    codes,
    edited,
    figures,
    filled,
    found,
    read,
    repacked,
    same,
    saved,
    workbook,
)


def test_what_was_written_is_read_back():
    arrival = read(workbook())
    assert figures(arrival.answers) == figures(filled())
    assert arrival.answers.open_rows == filled().open_rows
    assert codes(arrival) == []


def test_four_kinds_of_nothing_stay_apart():
    cells = read(workbook()).answers.cells
    assert cells["dan_so/02/tong"].figure == NOT_REPORTED
    assert cells["dan_so/03/tong"].figure == NOT_APPLICABLE
    assert cells["dan_so/04/tong"].figure == CONFIDENTIAL
    assert cells["dan_so/05/tong"].figure == reported(0)
    assert "dan_so/06/tong" not in cells


VALUES = st.one_of(
    st.integers(0, 10**12).map(str), st.sampled_from(["...", "x", "c", "0"]))
DECIMALS = st.integers(0, 10**9).map(lambda n: show(
    reported(n).__class__(reported(n).value.scaleb(-3)), PEOPLE.column("dien_tich").kind))
WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Zl", "Zp")), max_size=30,
).filter(lambda text: text == text.strip() and "_x" not in text)


@st.composite
def typed(draw):
    texts = {}
    for row, column in PEOPLE.cells():
        values = {"integer": VALUES, "decimal": DECIMALS, "text": WORDS,
                  "choice": st.sampled_from(["Đạt", "Chưa đạt", "...", "c"])}
        text = draw(st.one_of(st.just(""), values[column.kind.name]))
        if text:
            texts[f"dan_so/{row.id}/{column.id}"] = text
    return answers_of(texts)


@settings(max_examples=25, deadline=None)
@given(typed())
def test_any_answers_survive_the_journey(answers):
    arrival = read(workbook(answers))
    assert figures(arrival.answers) == figures(answers)
    stated = {cell: value for cell, value in compute(LAYOUT, answers).items()
              if value is not None}
    assert arrival.stated == stated


def test_totals_are_stated_and_agree():
    arrival = read(workbook())
    assert arrival.stated["dan_so/tong/nam"] == sum(n * 1000 + 3 for n in range(1, 13))
    assert check_stated(LAYOUT, arrival.answers, arrival.stated) == ()


def test_a_total_typed_over_is_stated_as_typed():
    def change(sheet):
        sheet["D12"] = 5

    arrival = read(edited(change))
    (finding,) = [
        each for each in check_stated(LAYOUT, arrival.answers, arrival.stated)
        if each.cell == "dan_so/tong/nam"]
    assert finding.code == "total-differs"


def test_every_cell_has_its_place():
    arrival = read(workbook())
    assert arrival.places["dan_so/01/tong"] == (SHEET, f"C{FIRST}")
    assert arrival.places["thon/o2/ty_le"] == ("Danh sách thôn", "C11")
    assert set(arrival.places) >= set(arrival.answers.cells)
    assert len(list(arrival.places)) == len(arrival.places)
    with pytest.raises(KeyError):
        arrival.places["dan_so/99/tong"]


@pytest.mark.parametrize(("problem", "changes"), [
    (OtherUnit, {"unit": "TQ"}), (OtherPeriod, {"period": "2018"}),
])
def test_another_units_or_periods_workbook_is_refused(problem, changes):
    with pytest.raises(problem) as refused:
        read(workbook(), context=replace(CONTEXT, **changes))
    assert CONTEXT.reporting_unit in str(refused.value) or "Năm 2019" in str(refused.value)


def test_another_form_or_version_is_refused():
    with pytest.raises(OtherForm, match="DT01"):
        read(workbook(), layout=replace(LAYOUT, form="DT02"))
    with pytest.raises(OtherVersion, match=r"1\.0\.0"):
        read(workbook(), layout=replace(LAYOUT, version="2.0.0"))


def test_an_upload_says_what_it_is():
    identity = read_identity(workbook())
    assert (identity.form, identity.version, identity.unit, identity.period,
            identity.assignment) == ("DT01", "1.0.0", "BK", "2019", "7")
    assert read_identity(saved(openpyxl.Workbook())) is None


def test_without_the_hidden_sheet_the_properties_tell():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    del book["_nhasan"]
    arrival = read(saved(book))
    assert figures(arrival.answers) == figures(filled())
    with pytest.raises(OtherForm):
        read(saved(book), layout=replace(LAYOUT, form="DT02"))


def test_without_any_identity_labels_tell_and_a_warning_says_so():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    del book["_nhasan"]
    data = repacked(saved(book), same, drop=("docProps/custom.xml",))
    arrival = read(data)
    assert figures(arrival.answers) == figures(filled())
    assert found(arrival, "identity-missing").severity is Severity.WARNING


def test_a_renamed_sheet_is_known_by_its_words():
    def change(sheet):
        sheet.title = "so lieu"

    arrival = read(edited(change))
    assert figures(arrival.answers) == figures(filled())
    note = found(arrival, "sheet-renamed")
    assert "so lieu" in note.message
    assert arrival.places["dan_so/01/tong"] == ("so lieu", f"C{FIRST}")


def test_swapped_sheet_names_are_told_apart_by_their_words():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    first, second = book[SHEET], book["Danh sách thôn"]
    first.title, second.title = "tạm", SHEET
    first.title = "Danh sách thôn"
    assert figures(read(saved(book)).answers) == figures(filled())


def test_a_missing_sheet_is_an_error_and_the_rest_is_read():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    del book["Danh sách thôn"]
    arrival = read(saved(book))
    assert found(arrival, "sheet-missing").severity is Severity.ERROR
    assert "dan_so/01/tong" in arrival.answers.cells


def test_a_sheet_of_ones_own_is_not_read_and_told():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book.create_sheet("Nháp")["A1"] = "tính thử"
    arrival = read(saved(book))
    assert codes(arrival) == ["sheet-unread"]
    assert figures(arrival.answers) == figures(filled())


def test_an_empty_workbook_is_a_finding():
    assert "sheet-missing" in codes(read(saved(openpyxl.Workbook())))
    arrival = read(write_form(EMPTY_LAYOUT, CONTEXT), EMPTY_LAYOUT)
    assert codes(arrival) == ["workbook-empty"]
    assert not arrival.answers.cells


def test_moved_columns_are_known_by_their_headers():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet = book[SHEET]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    for line in range(8, 26):  # swap the columns of men and women
        one, other = sheet.cell(line, 4), sheet.cell(line, 5)
        if line != 8:
            one.value, other.value = other.value, one.value
    arrival = read(saved(book))
    assert figures(arrival.answers) == figures(filled())
    assert "columns-moved" in codes(arrival)


def test_inserted_columns_shift_and_strangers_are_told():
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    sheet = book[SHEET]
    for area in list(sheet.merged_cells.ranges):
        sheet.unmerge_cells(str(area))
    sheet.insert_cols(3)
    sheet["C8"], sheet["C15"] = "Cột tự thêm", 77
    arrival = read(saved(book))
    assert figures(arrival.answers) == figures(filled())
    assert "C15" in found(arrival, "column-unknown").where


def test_a_reworded_header_is_known_by_its_number():
    def change(sheet):
        sheet["D9"] = "Đàn ông"

    arrival = read(edited(change))
    assert figures(arrival.answers) == figures(filled())
    assert "column-reworded" in codes(arrival)


def test_a_lost_column_is_an_error():
    def change(sheet):
        sheet["D9"], sheet["D11"] = "Đàn ông", None

    arrival = read(edited(change))
    finding = found(arrival, "column-missing")
    assert finding.severity is Severity.ERROR
    assert "Nam" in finding.message
    assert "dan_so/01/nu" in arrival.answers.cells


def test_a_number_far_away_is_told_and_costs_nothing():
    def change(sheet):
        sheet["XFD1048576"] = 5

    arrival = read(edited(change))
    assert "XFD1048576" in found(arrival, "cells-astray").message
    assert figures(arrival.answers) == figures(filled())


def test_reading_needs_no_draft_rows():
    arrival = read_form(workbook(), EMPTY_LAYOUT, CONTEXT)
    assert [row.label for row in arrival.answers.open_rows["thon"]] == ["Bản Á", "Khuổi Nặm"]
    assert [row.id for row in arrival.answers.open_rows["thon"]] == ["o1", "o2"]
    assert arrival.answers.cells["thon/o2/ho"].figure == reported(120)
