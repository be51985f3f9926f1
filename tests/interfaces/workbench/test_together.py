"""Many units in one table: which are there, what they say, where it is saved."""

from __future__ import annotations

import html
from typing import Any

import pytest
from django.test import Client

from nhasan.collection import queries
from tests import factories
from tests.interfaces.workbench.test_entry import boxes, data, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    client.force_login(factories.person("nhap-tn", "Vi Văn Hùng", "SO-TN", "enterer"))
    return made


def page_of(client: Client, world: factories.World, **asked: str) -> str:
    response = client.get(f"/viec/ky/{world.round.pk}/nhap-chung/", asked)
    assert response.status_code == 200
    return response.content.decode()


def patch(client: Client, world: factories.World, slice_: str, *changes: tuple[str, str, int],
          **more: Any) -> Any:
    body = {"changes": [
        {"cell": cell, "text": text, "base": base} for cell, text, base in changes], **more}
    return client.patch(
        f"/api/v1/rounds/{world.round.pk}/tables/ho/cells?{slice_}", body,
        content_type="application/json")


def text_of(report: Any, cell: str) -> str:
    row = queries.assignment(factories.HOUSE, report.pk)
    found = queries.draft(row).answers.cells.get(cell)
    return found.text if found else ""


def test_one_row_of_the_form_for_every_unit(client: Client, world: factories.World) -> None:
    factories.fill(world.report, world.officer)
    page = page_of(client, world, lat="ho/tay/")
    found = boxes(page)
    assert set(found) == {
        f"ho/{report.pk}/{column}" for report in (world.report, world.other_report)
        for column in ("tong", "dtts", "ngheo")}
    assert found[f"ho/{world.report.pk}/tong"]["value"] == "62"
    assert found[f"ho/{world.report.pk}/tong"]["data-version"] == "1"
    assert found[f"ho/{world.report.pk}/tong"]["aria-label"] == "Xã Ba Bể, Tổng số hộ, Số hộ"
    assert 'data-computed="ho/tong/tong">62</td>' in page
    [table] = data(page, "grid-layout")["tables"]
    assert [row["label"] for row in table["rows"]] == ["Xã Ba Bể", "Xã Chợ Rã", "Cộng"]


def test_one_column_of_the_form_for_every_unit(client: Client, world: factories.World) -> None:
    factories.fill(world.report, world.officer)
    found = boxes(page_of(client, world, lat="ho//ngheo"))
    assert found[f"ho/{world.report.pk}/nung"]["value"] == "9"
    assert set(found) == {
        f"ho/{report.pk}/{row}" for report in (world.report, world.other_report)
        for row in ("tay", "nung", "mong")}


def test_what_can_be_chosen_is_listed(client: Client, world: factories.World) -> None:
    page = page_of(client, world)
    assert '<option value="ho/tay/" selected>Tày</option>' in page
    assert '<option value="ho//ngheo">Cả cột: Hộ nghèo, Số hộ</option>' in page
    assert 'value="thon' not in page


def test_findings_stand_at_the_unit(client: Client, world: factories.World) -> None:
    factories.fill(world.report, world.officer, {"ho/tay/tong": "5", "ho/tay/dtts": "9"}, ())
    words = plain(page_of(client, world, lat="ho/tay/"))
    assert "Lỗi 1. Xã Ba Bể, Tổng số hộ, Hộ DTTS : Hộ DTTS là 9" in words


def test_a_report_already_sent_is_only_read(client: Client, world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    page = page_of(client, world, lat="ho/tay/")
    assert "readonly" in boxes(page)[f"ho/{world.report.pk}/tong"]
    assert "readonly" not in boxes(page)[f"ho/{world.other_report.pk}/tong"]
    assert "1 báo cáo đã gửi hoặc đã khoá" in plain(page)
    only = page_of(client, world, lat="ho/tay/", con="1")
    assert f"ho/{world.report.pk}/tong" not in boxes(only)


def test_a_save_goes_to_each_report(client: Client, world: factories.World) -> None:
    one, two = world.report.pk, world.other_report.pk
    answer = patch(client, world, "row=tay", (f"ho/{one}/tong", "62", 0),
                   (f"ho/{two}/tong", "7", 0)).json()
    assert answer["saved"] == [
        {"cell": f"ho/{one}/tong", "text": "62", "version": 1},
        {"cell": f"ho/{two}/tong", "text": "7", "version": 1}]
    assert text_of(world.other_report, "ho/tay/tong") == "7"
    patch(client, world, "column=ngheo", (f"ho/{one}/nung", "3", 0))
    assert text_of(world.report, "ho/nung/ngheo") == "3"
    again = patch(client, world, "row=tay", (f"ho/{one}/tong", "63", 0)).json()
    assert again["conflicts"] == [{
        "cell": f"ho/{one}/tong", "theirs": "62", "theirs_by": "Vi Văn Hùng", "version": 1}]


def test_a_reason_goes_to_its_report(client: Client, world: factories.World) -> None:
    key = f"nhieu-ho-ngheo|ho/{world.report.pk}/ngheo"
    assert patch(client, world, "row=tay", reasons={key: "Thôn mới."}).status_code == 200
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.reasons == {"nhieu-ho-ngheo|ho/tay/ngheo": "Thôn mới."}
    assert data(page_of(client, world, lat="ho/tay/"), "grid-reasons") == {key: "Thôn mới."}


@pytest.mark.parametrize(("slice_", "cell"), [
    ("row=tay", "ho/0/tong"), ("row=tay", "ho/x/tong"), ("row=tay", "thon/{}/tong"),
    ("row=tong", "ho/{}/tong"), ("row=tay", "ho/{}/ty_le"), ("", "ho/{}/tong"),
])
def test_a_strange_cell_is_refused(
    client: Client, world: factories.World, slice_: str, cell: str,
) -> None:
    changed = (cell.format(world.report.pk), "1", 0)
    assert patch(client, world, slice_, changed).status_code in (404, 422)
    assert text_of(world.report, "ho/tay/tong") == ""


def test_strangers_find_nothing(client: Client, world: factories.World) -> None:
    client.force_login(world.neighbour)
    assert client.get(f"/viec/ky/{world.round.pk}/nhap-chung/").status_code == 404
    change = (f"ho/{world.report.pk}/tong", "1", 0)
    assert patch(client, world, "row=tay", change).status_code == 404


def test_very_many_units_come_in_pages_and_none_is_left_out(
    client: Client, world: factories.World, monkeypatch: Any,
) -> None:
    monkeypatch.setattr("nhasan.interfaces.workbench.together.MOST_CELLS", 4)
    first = page_of(client, world, lat="ho/tay/")
    assert set(boxes(first)) == {f"ho/{world.report.pk}/{c}" for c in ("tong", "dtts", "ngheo")}
    assert "Cộng các đơn vị ở trang này" in first
    assert "lat=ho/tay/" in html.unescape(first).replace("%2F", "/")
    second = page_of(client, world, lat="ho/tay/", trang="2")
    assert f"ho/{world.other_report.pk}/tong" in boxes(second)


@pytest.mark.parametrize("lat", ["la/tay/", "ho/la/", "ho//la", "ho//ty_le", "ho/tong/"])
def test_a_part_that_the_form_has_not_is_not_there(
    client: Client, world: factories.World, lat: str,
) -> None:
    response = client.get(f"/viec/ky/{world.round.pk}/nhap-chung/", {"lat": lat})
    assert response.status_code == 404


def test_the_report_leads_there_for_who_enters_several(
    client: Client, world: factories.World,
) -> None:
    address = f"/viec/ky/{world.round.pk}/nhap-chung/"
    assert address in client.get(f"/viec/bao-cao/{world.report.pk}/").content.decode()
    client.force_login(world.officer)
    assert address not in client.get(f"/viec/bao-cao/{world.report.pk}/").content.decode()


def test_more_units_make_no_more_questions(
    client: Client, world: factories.World, django_assert_max_num_queries: Any,
) -> None:
    page_of(client, world)
    with django_assert_max_num_queries(30):
        page_of(client, world)
