"""My work: what is owed and by when, what came back, what arrived, what waits."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from nhasan.collection import operations
from nhasan.organisations import operations as operations_of_units
from tests import factories

pytestmark = pytest.mark.django_db


def words(client: Client, user: Any, path: str = "/viec/") -> str:
    """Return what a person reads on the page, without markup."""
    client.force_login(user)
    page = client.get(path).content.decode()
    main = page.partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def test_the_page_says_the_day_what_is_owed_and_how_long_is_left(client: Client) -> None:
    world = factories.world()
    said = words(client, world.officer)
    assert "Hôm nay là thứ Ba 25/11/2025." in said
    assert "Đơn vị còn 1 báo cáo phải gửi" in said
    assert "còn 3 ngày làm việc (thứ Sáu 28/11)" in said
    assert "chưa nhập" in said
    assert "Bắt đầu nhập" in said


def test_what_is_late_is_done_first(client: Client) -> None:
    world = factories.world(due=date(2025, 11, 21))
    factories.fill(world.report, world.officer, {"ho/tay/tong": "62"})
    said = words(client, world.officer)
    assert "1 quá hạn" in said
    assert "quá hạn 2 ngày làm việc" in said
    assert "Đã nhập 1 trên 13 ô." in said
    assert "Nhập tiếp báo cáo" in said


def test_what_came_back_shows_its_reasons_each_leading_to_its_cell(client: Client) -> None:
    world = factories.world()
    sent = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=sent.pk, note="Mời xem lại.",
        reasons={"ho/tay/tong": "Năm trước 82 hộ.", "ho/nung/dtts": "Thiếu thôn Cốc Tộc."},
        at=factories.AT)
    said = words(client, world.officer)
    assert "1 bị trả lại" in said
    assert "Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên trả lại lúc 09:00 thứ Ba 25/11." in said
    assert "Tày, Tổng số hộ, Số hộ Năm trước 82 hộ." in said
    assert "Sửa theo 2 lý do" in said
    page = client.get("/viec/").content.decode()
    assert f'href="/viec/bao-cao/{world.report.pk}/#o-ho-tay-tong"' in page


def test_what_arrived_has_a_number_a_moment_and_a_next_reader(client: Client) -> None:
    world = factories.world()
    sent = factories.sent(world.report, world.officer)
    said = words(client, world.officer)
    assert "Đơn vị không còn báo cáo nào phải gửi." in said
    assert sent.receipt in said
    assert "09:00 thứ Ba 25/11" in said
    assert "Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên" in said
    assert sent.receipt in words(client, world.officer, "/viec/da-gui/")


def test_a_neighbour_s_page_says_nothing_of_it(client: Client) -> None:
    world = factories.world()
    sent = factories.sent(world.report, world.officer)
    for stranger in (world.other_officer, world.neighbour):
        for path in ("/viec/", "/viec/da-gui/"):
            assert sent.receipt not in words(client, stranger, path)


def test_a_round_that_closed_is_not_lost_from_sight(client: Client) -> None:
    world = factories.world()
    operations.close_round(
        actor=factories.HOUSE, round_id=world.round.pk, at=factories.AT)
    said = words(client, world.officer)
    assert "Kỳ đã khoá, chưa gửi" in said
    assert "Số đã nhập vẫn được giữ" in said


def test_what_units_below_owe_is_counted_apart(client: Client) -> None:
    world = factories.world(due=date(2025, 11, 21))
    above = factories.person("nhap-so", "Vi Thị Nga", "SO-TN", "enterer")
    own = factories.give(factories.round_of(period="2024"), "SO-TN", "19", "province")
    said = words(client, above)
    assert "Đơn vị còn 1 báo cáo phải gửi" in said
    assert "2 đơn vị trực thuộc còn 2 báo cáo chưa gửi, 2 đã quá hạn." in said
    page = client.get("/viec/").content.decode()
    assert f"/viec/bao-cao/{own.pk}/" in page
    assert f"/viec/bao-cao/{world.report.pk}/" not in page
    below = words(client, above, "/viec/truc-thuoc/")
    assert "Xã Ba Bể" in below
    assert "Xã Chợ Rã" in below
    assert client.get(f"/viec/bao-cao/{world.report.pk}/").status_code == 200


def test_a_closed_unit_s_report_is_its_successor_s_own(client: Client) -> None:
    world = factories.world()
    operations_of_units.close_unit(
        actor=factories.HOUSE, code="XA-CHORA", successor="XA-BABE", closed=factories.MAP_DAY,
        at=factories.AT)
    said = words(client, world.officer)
    assert "Đơn vị còn 2 báo cáo phải gửi" in said
    assert "Xã Chợ Rã" in said


def test_an_empty_page_teaches(client: Client) -> None:
    factories.units()
    person = factories.person("moi", "Người Mới", "XA-BABE", "enterer")
    said = words(client, person)
    assert "Chưa có báo cáo nào được giao" in said
    assert "kèm hạn gửi" in said
    reader = factories.person("xem", "Người Xem", "XA-BABE", "reader")
    assert "Chưa có việc nào được giao" in words(client, reader)


def test_a_reviewer_sees_how_many_wait(client: Client) -> None:
    world = factories.world()
    assert "Không có báo cáo nào đang chờ" in words(client, world.reviewer)
    factories.sent(world.report, world.officer)
    said = words(client, world.reviewer)
    assert "1 báo cáo đang chờ." in said
    assert "1 kỳ đang mở, không có báo cáo nào quá hạn." in said


def test_the_menu_holds_what_one_may_do(client: Client) -> None:
    world = factories.world()

    def menu(user: Any) -> list[str]:
        client.force_login(user)
        page = client.get("/viec/").content.decode()
        found = page.partition('class="khung muc-luc"')[2].partition("</nav>")[0]
        return re.findall(r">([^<]+)</a>", found)

    assert "Duyệt báo cáo" in menu(world.reviewer)
    assert "Duyệt báo cáo" not in menu(world.officer)
    assert "Báo cáo đã gửi" in menu(world.officer)
    assert "Báo cáo đã gửi" not in menu(world.reviewer)


def test_one_button_is_the_main_one(client: Client) -> None:
    world = factories.world(due=date(2025, 11, 21))
    factories.give(
        factories.round_of(period="2024", due=date(2025, 11, 20)), "XA-BABE", "01900")
    client.force_login(world.officer)
    page = client.get("/viec/").content.decode()
    assert page.count("nut-chinh") == 1


def test_the_page_of_how_to_has_the_places_that_links_lead_to(client: Client) -> None:
    world = factories.world()
    client.force_login(world.officer)
    links = re.findall(r'/viec/cach-lam/#([\w-]+)', client.get("/viec/").content.decode())
    guide = client.get("/viec/cach-lam/").content.decode()
    assert links
    for link in links:
        assert f'id="{link}"' in guide


def test_urging_that_is_no_longer_true_is_not_shown(
    client: Client, monkeypatch: pytest.MonkeyPatch,
) -> None:
    world = factories.world()
    late = factories.AT.replace(month=12, day=2)
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: late)
    operations.remind(actor=factories.HOUSE, at=late.replace(day=1))
    operations.remind_now(actor=factories.actor(world.manager), round_id=world.round.pk, at=late)
    assert words(client, world.officer).count("đã quá hạn") == 1, "the last urging stands alone"
    operations.grant_exception(
        actor=factories.actor(world.manager), assignment=world.report.pk, at=late,
        until=date(2025, 12, 10), reason="Lũ quét")
    said = words(client, world.officer)
    assert "đã quá hạn" not in said
    assert "được gia hạn đến ngày 10/12/2025" in said


def test_a_manager_finds_what_managers_do(client: Client) -> None:
    world = factories.world()
    said = words(client, world.manager)
    assert "0 chế độ đang áp dụng, tự mở kỳ báo cáo đúng ngày." in said
    assert "Soạn yêu cầu" in said
    assert "Soạn yêu cầu" not in words(client, world.second_reviewer)
