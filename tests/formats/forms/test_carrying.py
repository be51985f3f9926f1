"""A two-year-old template: what is still asked is carried over, the rest is told."""

from copy import deepcopy

from nhasan.domain.answers import Answers
from nhasan.domain.forms import Expansion, FormDefinition
from nhasan.domain.numbers import read_text
from nhasan.domain.validation import Finding, Severity
from nhasan.formats.forms.carrying import carried
from nhasan.formats.forms.reader import Arrival, Places
from tests.formats.forms.odd import FORM, LAYOUT


def newer(change):
    form = deepcopy(FORM)
    form["version"] = "2"
    change(form["tables"][0])
    return FormDefinition.parse(form).layout(Expansion())


def arrival(**cells):
    kind = LAYOUT.tables[0].columns[0].kind
    entries = {
        f"ho/{name.replace('_', '/')}": read_text(text, kind, "hộ").entry
        for name, text in cells.items()}
    findings = tuple(Finding("x", Severity.NOTE, "m", cell) for cell in entries)
    return Arrival(Answers(entries, {}, {}), {}, findings, Places({}))


def test_cells_of_the_same_row_and_column_are_carried_over_though_renamed():
    new = newer(lambda table: table["columns"][1].update(label="Hộ nghèo đa chiều"))
    found = carried(arrival(tay_tong="62", tay_ngheo="11"), LAYOUT, new)
    assert {cell: entry.text for cell, entry in found.answers.cells.items()} == {
        "ho/tay/tong": "62", "ho/tay/ngheo": "11"}
    assert found.findings[0].code == "version-carried"
    assert "phiên bản 1" in found.findings[0].message
    assert "Đã chuyển 2 ô" in found.findings[0].message


def test_what_the_new_version_dropped_is_told_with_its_figure():
    new = newer(lambda table: table["rows"].pop(1))
    found = carried(arrival(tay_tong="62", nung_tong="5"), LAYOUT, new)
    assert set(found.answers.cells) == {"ho/nung/tong"}
    [lost] = [each for each in found.findings if each.code == "version-cell"]
    assert "“62” ở “Tày, Tổng số hộ, Số hộ” chưa được nhận" in lost.message
    assert [each.cell for each in found.findings if each.code == "x"] == ["ho/nung/tong"]


def test_a_cell_whose_unit_or_kind_changed_is_not_carried_in_silence():
    new = newer(lambda table: table["columns"][0]["columns"][0].update(unit="nghìn hộ"))
    found = carried(arrival(tay_tong="62"), LAYOUT, new)
    assert not found.answers.cells
    assert "đã đổi đơn vị tính" in found.findings[1].message


def test_what_is_new_is_told_to_be_filled():
    added = {"id": "moi", "label": "Hộ mới thoát nghèo"}
    new = newer(lambda table: table["columns"].append(added))
    found = carried(arrival(tay_tong="62"), LAYOUT, new)
    assert [each.message for each in found.findings if each.code == "version-added"] == [
        "Phiên bản mới có thêm cột “Hộ mới thoát nghèo”, mẫu cũ không có; hãy điền."]


def test_totals_that_an_older_workbook_states_are_not_compared():
    old = arrival(tay_tong="62")
    stated = Arrival(old.answers, {"ho/tong/tong": 62}, old.findings, old.places)
    assert carried(stated, LAYOUT, newer(lambda table: None)).stated == {}
