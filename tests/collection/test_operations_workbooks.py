"""A workbook goes out, comes back filled, and is read into the draft, errors and all."""

from __future__ import annotations

import io
import re
from copy import deepcopy
from typing import Any

import openpyxl
import pytest
from django.conf import settings

from nhasan.collection import operations, queries
from nhasan.collection.models import Attachment
from nhasan.collection.operations import Change
from nhasan.collection.operations.entry import RoundClosed
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import NotFound, Problem
from nhasan.formats.forms.refusals import OtherPeriod
from nhasan.formats.forms.workbook import read_form
from nhasan.storage.store import Store
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT


@pytest.fixture
def world() -> factories.World:
    made = factories.world()
    factories.fill(made.report, made.officer, {"ho/tay/tong": "62"})
    return made


def report(world: factories.World) -> Any:
    return queries.assignment(factories.HOUSE, world.report.pk)


def filled(world: factories.World, cells: dict[str, Any]) -> bytes:
    """Return the report's workbook with values written into its cells, as Excel would."""
    row = report(world)
    content = queries.workbook(row)
    places = read_form(content, queries.layout_of(row), queries.workbook_context(row)).places
    book = openpyxl.load_workbook(io.BytesIO(content))
    for cell, value in cells.items():
        sheet, address = places[cell]
        book[sheet][address] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def receive(world: factories.World, content: bytes, by: Any = None,
            name: str = "bieu.xlsx") -> Any:
    return operations.receive_workbook(
        actor=factories.actor(by or world.officer), assignment=world.report.pk, name=name,
        content=content, at=AT,
    )


def test_a_workbook_goes_out_with_the_draft_and_comes_home(world: factories.World) -> None:
    got = receive(world, filled(world, {
        "ho/tay/dtts": 61, "ho/nung/tong": 48, "thon/o1/nha": "Có", "thon/o1/dat": 12.5,
    }))
    answers = queries.draft(report(world)).answers
    assert answers.cells["ho/tay/tong"].text == "62"
    assert answers.cells["ho/tay/dtts"].text == "61"
    dat = answers.cells["thon/o1/dat"].figure
    assert dat is not None
    assert str(dat.value) == "12.5"
    assert got.cells == 5
    assert got.attachment.cells == 5
    assert queries.revisions(report(world))[0].channel == "workbook"


def test_the_file_is_kept_byte_for_byte(world: factories.World) -> None:
    content = filled(world, {"ho/tay/dtts": 61})
    got = receive(world, content, name="Hộ nghèo xã Ba Bể.xlsx")
    assert got.attachment.name == "Hộ nghèo xã Ba Bể.xlsx"
    with Store(settings.STORE).open(got.attachment.digest) as file:
        assert file.read() == content


def test_errors_come_in_with_the_rest_and_are_told_by_sheet_and_cell(
    world: factories.World,
) -> None:
    got = receive(world, filled(world, {
        "ho/tay/dtts": 161, "ho/nung/tong": "bốn tám", "ho/mong/tong": -7, "ho/nung/dtts": 48,
    }))
    told = {(finding.code, finding.cell) for finding in got.findings}
    assert {("not-a-number", "ho/nung/tong"), ("negative", "ho/mong/tong"),
            ("dtts-trong-tong", "ho/tay/dtts")} <= told
    where = {finding.cell: finding.where for finding in got.findings}
    assert re.fullmatch(
        r"Trang “[^”]+”, ô [A-Z]+\d+: Nùng, Tổng số hộ, Số hộ", where["ho/nung/tong"])
    assert re.fullmatch(
        r"Trang “[^”]+”, ô [A-Z]+\d+: Tày, Tổng số hộ, Hộ DTTS", where["ho/tay/dtts"])
    answers = queries.draft(report(world)).answers
    assert answers.cells["ho/nung/tong"].text == "bốn tám"
    assert answers.cells["ho/nung/tong"].figure is None
    assert answers.cells["ho/nung/dtts"].text == "48"


def test_the_same_workbook_comes_back_with_the_errors_in_its_cells(
    world: factories.World,
) -> None:
    got = receive(world, filled(world, {"ho/nung/tong": "bốn tám"}))
    marked = queries.marked_workbook(report(world), got.attachment)
    row = report(world)
    places = read_form(marked, queries.layout_of(row), queries.workbook_context(row)).places
    sheet, address = places["ho/nung/tong"]
    cell = openpyxl.load_workbook(io.BytesIO(marked))[sheet][address]
    assert cell.value == "bốn tám"
    assert cell.comment is not None
    assert "không phải là số" in cell.comment.text


def explained(world: factories.World, got: Any, reason: str,
              cells: dict[str, Any] | None = None) -> bytes:
    """Return the marked workbook with a reason in its list and cells written over."""
    marked = queries.marked_workbook(report(world), got.attachment)
    row = report(world)
    places = read_form(marked, queries.layout_of(row), queries.workbook_context(row)).places
    book = openpyxl.load_workbook(io.BytesIO(marked))
    sheet = book["Lỗi cần sửa"]
    spot = next(cell.column for cell in sheet[4] if cell.value == "Lý do")
    line = next(line for line in range(5, sheet.max_row + 1)
                if "quá nửa số hộ" in sheet.cell(line, 7).value)
    sheet.cell(line, spot).value = reason
    for cell, value in (cells or {}).items():
        name, address = places[cell]
        book[name][address] = value
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


HALF = "nhieu-ho-ngheo|ho/tay/ngheo"


def test_a_reason_written_into_the_marked_workbook_explains_the_report(
    world: factories.World,
) -> None:
    got = receive(world, filled(world, {"ho/tay/ngheo": 40}))
    assert HALF in {f"{each.code}|{each.cell}" for each in queries.examine(report(world)).stops}
    receive(world, explained(world, got, "Rà soát theo chuẩn mới."))
    assert report(world).reasons == {HALF: "Rà soát theo chuẩn mới."}
    assert HALF not in {
        f"{each.code}|{each.cell}" for each in queries.examine(report(world)).stops}
    again = openpyxl.load_workbook(io.BytesIO(
        queries.marked_workbook(report(world), got.attachment)))["Lỗi cần sửa"]
    assert "Rà soát theo chuẩn mới." in [cell.value for line in again for cell in line]


def test_a_reason_for_a_figure_mended_since_is_let_go(world: factories.World) -> None:
    got = receive(world, filled(world, {"ho/tay/ngheo": 40}))
    receive(world, explained(world, got, "Rà soát theo chuẩn mới.", {"ho/tay/ngheo": 4}))
    assert report(world).reasons == {}


def test_a_list_without_reasons_takes_none_back(world: factories.World) -> None:
    got = receive(world, filled(world, {"ho/tay/ngheo": 40}))
    operations.explain(
        actor=factories.actor(world.officer), assignment=world.report.pk,
        reasons={HALF: "Đã kiểm tra."}, at=AT)
    receive(world, explained(world, got, ""))
    assert report(world).reasons == {HALF: "Đã kiểm tra."}


def test_an_empty_cell_of_the_workbook_erases_nothing(world: factories.World) -> None:
    content = filled(world, {"ho/tay/tong": None, "ho/nung/tong": 48})
    receive(world, content)
    assert queries.draft(report(world)).answers.cells["ho/tay/tong"].text == "62"


def test_a_village_left_out_of_the_workbook_stays(world: factories.World) -> None:
    content = filled(world, {"thon/o1/ho": 44})
    operations.save_open_rows(
        actor=factories.actor(world.officer), assignment=world.report.pk, table="thon", at=AT,
        rows=[{"id": "o1", "label": "Bó Lù"}, {"id": "o2", "label": "Cốc Tộc"}])
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        changes=[Change("thon/o2/ho", "71")], at=AT)
    receive(world, content)
    assert [item["label"] for item in report(world).open_rows["thon"]] == ["Bó Lù", "Cốc Tộc"]
    answers = queries.draft(report(world)).answers
    assert (answers.cells["thon/o1/ho"].text, answers.cells["thon/o2/ho"].text) == ("44", "71")


def test_a_file_that_is_not_this_report_s_changes_nothing(world: factories.World) -> None:
    other = operations.save_cells(
        actor=factories.actor(world.other_officer), assignment=world.other_report.pk,
        channel="screen", changes=[Change("ho/tay/tong", "999")], at=AT)
    assert other.saved
    theirs = queries.workbook(queries.assignment(factories.HOUSE, world.other_report.pk))
    for content in (b"", b"PK\x03\x04 not really", b"%PDF-1.7", theirs):
        with pytest.raises(Problem):
            receive(world, content)
    assert queries.draft(report(world)).answers.cells["ho/tay/tong"].text == "62"
    assert Attachment.objects.within(EVERYTHING).count() == 0


def test_a_neighbour_brings_and_takes_no_file(world: factories.World) -> None:
    content = filled(world, {"ho/tay/dtts": 61})
    with pytest.raises(NotFound):
        receive(world, content, by=world.other_officer)
    got = receive(world, content)
    for stranger in (world.other_officer, world.neighbour):
        with pytest.raises(NotFound):
            queries.attachment(factories.actor(stranger), got.attachment.pk)
    for reader in (world.officer, world.reviewer):
        assert queries.attachment(factories.actor(reader), got.attachment.pk) == got.attachment


def test_a_workbook_after_the_round_closed_is_refused(world: factories.World) -> None:
    content = filled(world, {"ho/tay/dtts": 61})
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=AT)
    with pytest.raises(RoundClosed):
        receive(world, content)


def test_a_workbook_is_undone_as_one_save(world: factories.World) -> None:
    receive(world, filled(world, {"ho/tay/tong": 63, "ho/nung/tong": 48}))
    newest = queries.revisions(report(world))[0]
    operations.undo_revision(
        actor=factories.actor(world.officer), assignment=world.report.pk,
        number=newest.number, at=AT)
    answers = queries.draft(report(world)).answers
    assert answers.cells["ho/tay/tong"].text == "62"
    assert "ho/nung/tong" not in answers.cells


class TwoVersions:
    """The small world, where the form was amended and this year's round asks for the new one."""

    def __init__(self) -> None:
        self.world = factories.world(period="2023")
        amended = deepcopy(factories.FORM) | {"version": "2.0.0"}
        table = amended["tables"][0]
        table["rows"] = [row for row in table["rows"] if row["id"] != "mong"]
        table["columns"][1]["columns"].insert(1, {
            "id": "can_ngheo", "label": "Hộ cận nghèo", "bind": {"INDICATOR": "THU:03"}})
        factories.publish(amended)
        self.report = factories.give(factories.round_of(amended), "XA-BABE", "01900")

    def old_file(self) -> bytes:
        """Return the template of two years ago, filled with this year's figures."""
        return filled(self.world, {"ho/tay/tong": 70, "ho/tay/ngheo": 9, "ho/mong/tong": 71})

    def receive(self, *, older: bool) -> Any:
        return operations.receive_workbook(
            actor=factories.actor(self.world.officer), assignment=self.report.pk,
            name="mau-2023.xlsx", content=self.old_file(), at=AT, older=older)


def test_a_template_of_two_years_ago_is_recognised_and_asks_before_it_is_taken() -> None:
    made = TwoVersions()
    with pytest.raises(OtherPeriod) as refused:
        made.receive(older=False)
    assert "Tệp theo mẫu của kỳ trước" in str(refused.value)
    assert queries.draft(queries.assignment(factories.HOUSE, made.report.pk)).answers.cells == {}


def test_what_its_new_version_still_asks_is_carried_over_and_the_rest_told() -> None:
    made = TwoVersions()
    got = made.receive(older=True)
    row = queries.assignment(factories.HOUSE, made.report.pk)
    texts = {cell: each.text for cell, each in queries.draft(row).answers.cells.items()}
    assert texts == {"ho/tay/tong": "70", "ho/tay/ngheo": "9"}
    said = [each.message for each in got.findings]
    assert any("phiên bản 1.0.0 của biểu, kỳ này dùng phiên bản 2.0.0" in each for each in said)
    assert any("“71” ở “Mông, Tổng số hộ, Số hộ” chưa được nhận" in each for each in said)
    assert any("thêm cột “Hộ nghèo, Hộ cận nghèo”" in each for each in said)
    marked = openpyxl.load_workbook(io.BytesIO(queries.marked_workbook(row, got.attachment)))
    assert marked.sheetnames[0] == "Lỗi cần sửa"


def test_a_row_of_the_form_is_never_taken_for_one_that_the_unit_named() -> None:
    form = deepcopy(factories.FORM)
    villages = next(table for table in form["tables"] if table["id"] == "thon")
    villages["rows"].append({
        "id": "chung", "label": "Ghi chung", "bind": {"THON": "Ghi chung"}})
    world = factories.world(form=form)
    factories.fill(world.report, world.officer, {"thon/o1/ho": "44"})
    receive(world, filled(world, {"thon/chung/ho": 5}))
    assert report(world).open_rows == {"thon": [{"id": "o1", "label": "Bó Lù"}]}
    answers = queries.draft(report(world)).answers
    assert answers.cells["thon/chung/ho"].text == "5"
