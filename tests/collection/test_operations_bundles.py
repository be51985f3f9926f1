"""One workbook with several forms: partial success is told for each form by itself."""

from __future__ import annotations

import io
from copy import deepcopy
from typing import Any

import openpyxl
import pytest

from nhasan.collection import operations, queries
from nhasan.collection.operations.bundles import EMPTY, NOT_YOURS, NoForms
from nhasan.domain.access import Permission
from nhasan.domain.problems import Forbidden, NotFound
from nhasan.formats.forms.workbook import Filled, write_form
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
SECOND: dict[str, Any] = deepcopy(factories.FORM) | {
    "id": "THU-HAI", "title": "Biểu thử hai", "code": "Biểu 02/THU"}


class Desk:
    """The small world, with a second form for the same commune and a clerk of the department."""

    def __init__(self) -> None:
        self.world = factories.world()
        factories.publish(SECOND)
        self.second = factories.give(factories.round_of(SECOND), "XA-BABE", "01900")
        self.clerk = factories.person("so-nhap", "Vi Thị Nga", "SO-TN", "enterer")

    def rows(self, by: Any = None) -> Any:
        return queries.to_fill_together(
            factories.actor(by or self.world.officer), on=AT.date())

    def bundle(self, by: Any = None) -> bytes:
        return queries.bundle(self.rows(by))

    def receive(self, content: bytes, by: Any = None) -> Any:
        return operations.receive_bundle(
            actor=factories.actor(by or self.world.officer), name="Nhiều biểu.xlsx",
            content=content, at=AT)

    def texts(self, report: Any) -> dict[str, str]:
        row = queries.assignment(factories.HOUSE, report.pk)
        return {cell: each.text for cell, each in queries.draft(row).answers.cells.items()}


@pytest.fixture
def desk() -> Desk:
    return Desk()


def filled(content: bytes, cells: dict[tuple[int, str], Any]) -> bytes:
    """Write values into cells, each named by its report and its id in the form."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    opened = Filled(content)
    for (report, cell), value in cells.items():
        row = queries.assignment(factories.HOUSE, report)
        sheet, address = opened.read(
            queries.layout_of(row), queries.workbook_context(row), older=True).places[cell]
        book[sheet][address] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_every_report_of_the_unit_goes_out_in_one_workbook(desk: Desk) -> None:
    content = desk.bundle()
    assert [each.assignment for each in Filled(content).identities] == [
        str(desk.world.report.pk), str(desk.second.pk)]
    names = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert names[0] == "Mục lục"
    assert names[1:5] == [
        "1.1 Hộ nghèo theo dân tộc", "1.2 Các thôn", "2.1 Hộ nghèo theo dân tộc",
        "2.2 Các thôn"]


def test_each_form_is_read_into_its_own_report(desk: Desk) -> None:
    got = desk.receive(filled(desk.bundle(), {
        (desk.world.report.pk, "ho/tay/tong"): 62, (desk.second.pk, "ho/tay/tong"): 99}))
    assert desk.texts(desk.world.report) == {"ho/tay/tong": "62"}
    assert desk.texts(desk.second) == {"ho/tay/tong": "99"}
    assert [part["state"] for part in got.parts] == ["taken", "taken"]
    assert got.parts[1]["title"] == "Biểu thử hai, năm 2025"


def test_one_that_is_refused_does_not_hold_up_the_others(desk: Desk) -> None:
    content = filled(desk.bundle(), {
        (desk.world.report.pk, "ho/tay/tong"): 62, (desk.second.pk, "ho/tay/tong"): 99})
    operations.close_round(actor=factories.HOUSE, round_id=desk.second.round_id, at=AT)
    got = desk.receive(content)
    assert [part["state"] for part in got.parts] == ["taken", "refused"]
    assert "đã khoá" in got.parts[1]["message"]
    assert desk.texts(desk.world.report) == {"ho/tay/tong": "62"}
    assert desk.texts(desk.second) == {}


def test_a_form_that_was_not_filled_is_left_alone(desk: Desk) -> None:
    got = desk.receive(filled(desk.bundle(), {(desk.second.pk, "ho/tay/tong"): 99}))
    assert [part["state"] for part in got.parts] == ["empty", "taken"]
    assert got.parts[0]["message"] == EMPTY
    assert queries.assignment(factories.HOUSE, desk.world.report.pk).state == "not_started"


def test_errors_come_back_in_the_same_workbook_and_the_mended_one_is_taken(desk: Desk) -> None:
    got = desk.receive(filled(desk.bundle(), {
        (desk.world.report.pk, "ho/tay/tong"): "sáu hai", (desk.second.pk, "ho/tay/tong"): -7}))
    assert [part["errors"] for part in got.parts] == [1, 1]
    marked = queries.marked_bundle(factories.actor(desk.world.officer), got)
    book = openpyxl.load_workbook(io.BytesIO(marked))
    assert book.sheetnames[0] == "Lỗi cần sửa"
    listed = {(line[2], line[3]) for line in book["Lỗi cần sửa"].iter_rows(
        min_row=5, values_only=True) if line[2]}
    assert {sheet for sheet, _ in listed} == {
        "1.1 Hộ nghèo theo dân tộc", "2.1 Hộ nghèo theo dân tộc"}
    notes = [cell.comment.text for sheet in book.worksheets[1:] for line in sheet.iter_rows()
             for cell in line if cell.comment and "Lỗi" in cell.comment.text]
    assert len(notes) == 2
    again = desk.receive(filled(marked, {
        (desk.world.report.pk, "ho/tay/tong"): 62, (desk.second.pk, "ho/tay/tong"): 7}))
    assert [part["errors"] for part in again.parts] == [0, 0]
    assert desk.texts(desk.second)["ho/tay/tong"] == "7"


def test_a_reason_in_the_list_explains_the_report_it_belongs_to(desk: Desk) -> None:
    got = desk.receive(filled(desk.bundle(), {
        (desk.second.pk, "ho/tay/tong"): 62, (desk.second.pk, "ho/tay/ngheo"): 40}))
    marked = queries.marked_bundle(factories.actor(desk.world.officer), got)
    book = openpyxl.load_workbook(io.BytesIO(marked))
    sheet = book["Lỗi cần sửa"]
    line = next(n for n in range(5, sheet.max_row + 1)
                if "quá nửa số hộ" in str(sheet.cell(n, 7).value))
    sheet.cell(line, 8).value = "Rà soát theo chuẩn mới."
    target = io.BytesIO()
    book.save(target)
    desk.receive(target.getvalue())
    kept = queries.assignment(factories.HOUSE, desk.second.pk).reasons
    assert kept == {"nhieu-ho-ngheo|ho/tay/ngheo": "Rà soát theo chuẩn mới."}
    assert queries.assignment(factories.HOUSE, desk.world.report.pk).reasons == {}


def test_a_department_fills_one_form_for_many_communes(desk: Desk) -> None:
    content = desk.bundle(desk.clerk)
    names = openpyxl.load_workbook(io.BytesIO(content)).sheetnames
    assert any("Xã Chợ Rã" in name for name in names)
    got = desk.receive(filled(content, {
        (desk.world.report.pk, "ho/tay/tong"): 1, (desk.world.other_report.pk, "ho/tay/tong"): 2,
    }), by=desk.clerk)
    assert sorted(part["state"] for part in got.parts) == ["empty", "taken", "taken"]
    assert desk.texts(desk.world.other_report) == {"ho/tay/tong": "2"}
    assert got.unit.code == "SO-TN"


def test_no_report_keeps_the_workbook_that_holds_those_of_others(desk: Desk) -> None:
    got = desk.receive(filled(desk.bundle(desk.clerk), {
        (desk.world.report.pk, "ho/tay/tong"): 1, (desk.world.other_report.pk, "ho/tay/tong"): 2,
    }), by=desk.clerk)
    for report in (desk.world.report, desk.world.other_report):
        kept, = queries.attachments(report)
        assert (kept.digest, kept.size, kept.cells) == ("", 0, 1)
        assert queries.bundled_by([kept]) == {
            part["file"]: "Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên"
            for part in got.parts if part["state"] == "taken"}
    assert queries.bundled_by([]) == {}


def test_a_reason_without_a_place_is_not_told_to_other_units(desk: Desk) -> None:
    content = filled(desk.bundle(desk.clerk), {
        (desk.world.report.pk, "ho/tay/tong"): "sáu", (desk.second.pk, "ho/tay/tong"): "hai",
        (desk.world.other_report.pk, "ho/tay/tong"): "ba"})
    marked = openpyxl.load_workbook(io.BytesIO(queries.marked_bundle(
        factories.actor(desk.clerk), desk.receive(content, by=desk.clerk))))
    sheet = marked["Lỗi cần sửa"]
    sheet.cell(sheet.max_row + 1, 8).value = "Lý do của một xã."
    target = io.BytesIO()
    marked.save(target)
    desk.receive(target.getvalue(), by=desk.clerk)
    for report in (desk.world.report, desk.second, desk.world.other_report):
        told = [each.findings for each in queries.attachments(report)]
        assert len(told) == 2
        assert all(told)
        assert "Lý do của một xã" not in str(told)
        assert "Lỗi cần sửa" not in str(told)


def test_only_who_enters_every_form_in_it_finds_the_upload(desk: Desk) -> None:
    wide = factories.person("xa-so", "Lý Thị Xa", "XA-BABE", "enterer", over="SO-TN")
    content = filled(desk.bundle(desk.clerk), {
        (desk.world.report.pk, "ho/tay/tong"): 1, (desk.world.other_report.pk, "ho/tay/tong"): 2})
    got = desk.receive(content, by=wide)
    assert got.unit.code == "XA-BABE"
    for one in (wide, desk.clerk):
        assert queries.workbook_upload(factories.actor(one), got.pk) == got
    assert queries.workbook_uploads(factories.actor(desk.world.officer)) == []
    with pytest.raises(NotFound):
        queries.workbook_upload(factories.actor(desk.world.officer), got.pk)


def test_who_sent_it_in_reads_what_was_refused_and_a_colleague_does_not(desk: Desk) -> None:
    content = filled(desk.bundle(desk.clerk), {
        (desk.world.report.pk, "ho/tay/tong"): 1, (desk.world.other_report.pk, "ho/tay/tong"): 2})
    got = desk.receive(content, by=desk.world.officer)
    assert queries.workbook_uploads(factories.actor(desk.world.officer)) == [got]
    assert queries.workbook_uploads(factories.actor(desk.world.colleague)) == []


def test_a_row_under_an_id_of_the_form_breaks_no_report_and_no_bundle(desk: Desk) -> None:
    type(desk.world.report).objects.within(factories.HOUSE.may(Permission.ENTER)).filter(
        pk=desk.world.report.pk).update(open_rows={"thon": [{"id": "cong", "label": "A"}]})
    assert len(Filled(desk.bundle(desk.clerk)).identities) == 3


def test_a_renamed_sheet_is_known_by_the_unit_on_its_face(desk: Desk) -> None:
    content = filled(desk.bundle(desk.clerk), {
        (desk.world.report.pk, "ho/tay/tong"): 1, (desk.world.other_report.pk, "ho/tay/tong"): 2})
    book = openpyxl.load_workbook(io.BytesIO(content))
    for number, name in enumerate(book.sheetnames):
        if "Chợ Rã" in name:
            book[name].title = f"Trang {number}"
    target = io.BytesIO()
    book.save(target)
    desk.receive(target.getvalue(), by=desk.clerk)
    assert desk.texts(desk.world.other_report) == {"ho/tay/tong": "2"}


def test_a_form_of_others_in_the_workbook_is_refused_without_a_word_of_it(desk: Desk) -> None:
    content = filled(desk.bundle(desk.clerk), {
        (desk.world.report.pk, "ho/tay/tong"): 1, (desk.world.other_report.pk, "ho/tay/tong"): 2})
    got = desk.receive(content, by=desk.world.officer)
    states = {part["assignment"]: part for part in got.parts}
    assert states[str(desk.world.report.pk)]["state"] == "taken"
    other = states[str(desk.world.other_report.pk)]
    assert (other["state"], other["message"]) == ("refused", NOT_YOURS)
    assert desk.texts(desk.world.other_report) == {}


def test_a_workbook_of_one_form_finds_its_report_too(desk: Desk) -> None:
    row = queries.assignment(factories.HOUSE, desk.world.report.pk)
    content = write_form(queries.layout_of(row), queries.workbook_context(row))
    got = desk.receive(filled(content, {(row.pk, "ho/tay/tong"): 62}))
    assert [part["state"] for part in got.parts] == ["taken"]


def test_a_workbook_that_names_no_form_is_refused(desk: Desk) -> None:
    book = openpyxl.Workbook()
    target = io.BytesIO()
    book.save(target)
    with pytest.raises(NoForms):
        desk.receive(target.getvalue())
    with pytest.raises(Forbidden):
        desk.receive(target.getvalue(), by=desk.world.reviewer)


def test_the_upload_is_found_by_its_own_unit_alone(desk: Desk) -> None:
    got = desk.receive(desk.bundle())
    assert queries.workbook_upload(factories.actor(desk.world.officer), got.pk) == got
    assert queries.workbook_uploads(factories.actor(desk.world.officer)) == [got]
    with pytest.raises(NotFound):
        queries.workbook_upload(factories.actor(desk.world.other_officer), got.pk)
