"""A release on screen: what differs, a last look before it is said, and the ways back."""

from __future__ import annotations

import csv
from datetime import timedelta
from typing import Any

import pytest

from nhasan.catalogue import operations as catalogue
from nhasan.processing import operations as processing
from nhasan.releases import operations, queries
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words
from tests.processing.conftest import FLOW
from tests.releases.conftest import House, house, stage
from tests.releases.test_operations import LATER, correct

__all__ = ["house", "stage"]
pytestmark = pytest.mark.django_db


def _second() -> Any:
    return factories.person("cong-bo-3", "Hoàng Minh Khôi", "BO", "publisher")


def test_a_release_is_drafted_and_approved_by_another(house: House) -> None:
    drafter, second = signed_in(house.stage.world.publisher), signed_in(_second())
    run = house.run()
    drafted = drafter.post(f"/viec/cong-bo/luot/{run}/lap/", {"ghi_chu": "Bản đầu."}, follow=True)
    said = words(drafted)
    assert "Đã lập bản công bố 1.0.0" in said
    assert "phải do một người khác phê duyệt" in said
    assert "Đây là bản đầu tiên" in said
    [made] = queries.in_hand(HOUSE)
    address = f"/viec/cong-bo/ban/{made.pk}/"
    refused = drafter.post(f"{address}phe-duyet/", follow=True)
    assert "phải do một người khác với người lập phê duyệt" in words(refused)
    wrong = second.post(f"{address}phe-duyet/", {"ngay": "01/01/2020"})
    assert wrong.status_code == 422
    assert "không được ở trước hôm nay" in words(wrong)
    done = second.post(f"{address}phe-duyet/", {"ngay": ""}, follow=True)
    assert "công bố trong vòng một phút" in words(done)
    assert operations.publish_due(actor=HOUSE, at=AT) == 1
    published = second.get(address)
    assert f'href="/data/THU/{FLOW}/1.0.0"' in published.content.decode()
    assert "Thu hồi" in words(published)
    assert "1.0.0 25/11/2025" in words(second.get("/viec/cong-bo/"))


def test_a_release_may_wait_for_its_day(house: House) -> None:
    made = house.drafted()
    client = signed_in(_second())
    client.post(f"/viec/cong-bo/ban/{made.pk}/phe-duyet/", {"ngay": "30/11/2025"})
    assert "Sẽ công bố lúc 30/11/2025, 08:00" in words(
        client.get(f"/viec/cong-bo/ban/{made.pk}/"))
    assert operations.publish_due(actor=HOUSE, at=AT) == 0
    assert operations.publish_due(actor=HOUSE, at=AT + timedelta(days=5)) == 1


def test_a_second_draft_waits_for_the_first(house: House) -> None:
    made = house.drafted()
    client = signed_in(house.stage.world.publisher)
    again = client.post(f"/viec/cong-bo/luot/{made.run_id}/lap/", follow=True)
    assert "đang có một bản công bố chưa xong" in words(again)


def test_a_published_release_is_withdrawn_with_a_reason(house: House) -> None:
    made = house.published()
    client, address = signed_in(house.stage.world.publisher), f"/viec/cong-bo/ban/{made.pk}/"
    assert client.post(f"{address}thu-hoi/", {"ly_do": " "}).status_code == 422
    said = words(client.post(f"{address}thu-hoi/", {"ly_do": "Sai số của Chợ Rã."}, follow=True))
    assert "Đã thu hồi" in said
    assert "Bản này đã thu hồi Sai số của Chợ Rã." in said
    assert queries.release_of(HOUSE, made.pk).state == "withdrawn"


def test_a_draft_is_given_up_with_a_reason(house: House) -> None:
    made = house.drafted()
    client, address = signed_in(house.stage.world.publisher), f"/viec/cong-bo/ban/{made.pk}/"
    assert client.post(f"{address}bo/", {"ly_do": ""}).status_code == 422
    assert "Đã bỏ bản thảo" in words(
        client.post(f"{address}bo/", {"ly_do": "Tổng hợp lại."}, follow=True))
    assert not queries.in_hand(HOUSE)
    assert client.get(address).status_code == 404


def test_the_one_who_approves_sees_every_figure_that_differs(house: House) -> None:
    house.published()
    correct(house, "ho/tay/tong", "64")
    made = house.drafted(LATER)
    client, address = signed_in(_second()), f"/viec/cong-bo/ban/{made.pk}/"
    said = words(client.get(address))
    assert "So với bản 1.0.0, công bố ngày 25/11/2025: 0 số mới, 8 thay đổi, 0 không còn" in said
    assert "Ba Bể Năm 2025 Số hộ dân cư (hộ) Tày Tổng số 62 64 thay đổi" in said
    assert "Thái Nguyên Năm 2025 Số hộ dân cư (hộ) Tày Tổng số 162 164 thay đổi" in said
    assert "Có số liệu khác trước" not in said
    file = client.get(f"{address}khac-ban-truoc.csv")
    assert file["Content-Type"].startswith("text/csv")
    rows = list(csv.reader(file.content.decode("utf-8-sig").splitlines()))
    assert rows[0][:7] == [
        "Thay đổi", "Chỉ tiêu", "Đơn vị", "Cấp", "Mã địa bàn", "Địa bàn", "Kỳ"]
    assert ["thay đổi", "Số hộ dân cư", "hộ", "Xã", "01900", "Ba Bể", "Năm 2025", "Tày",
            "Tổng số", "62", "64"] in rows
    assert len(rows) == 9


def test_more_changes_than_a_page_holds_are_in_the_file(
    house: House, monkeypatch: pytest.MonkeyPatch,
) -> None:
    house.published()
    correct(house, "ho/tay/tong", "64")
    made = house.drafted(LATER)
    monkeypatch.setattr("nhasan.interfaces.workbench.releasing.MOST_CHANGES", 2)
    client, address = signed_in(_second()), f"/viec/cong-bo/ban/{made.pk}/"
    said = words(client.get(address))
    assert "2 số đầu tiên trong 8 số khác bản trước. Xem hết trong tệp tải về." in said
    file = client.get(f"{address}khac-ban-truoc.csv").content.decode()
    assert len(file.splitlines()) == 9


def test_what_is_hidden_is_hidden_among_the_changes(house: House) -> None:
    house.published()
    correct(house, "ho/tay/ngheo", "4")
    made = house.drafted(LATER)
    client, address = signed_in(_second()), f"/viec/cong-bo/ban/{made.pk}/"
    said = words(client.get(address))
    assert "Ba Bể Năm 2025 Số hộ nghèo (hộ) Tày Tổng số 11 bảo mật thay đổi" in said
    assert "ô hiện ở một bản mà ẩn ở bản kia" in said
    rows = list(csv.reader(
        client.get(f"{address}khac-ban-truoc.csv").content.decode("utf-8-sig").splitlines()))
    assert ["11", "bảo mật"] in [row[-2:] for row in rows]
    assert not [row for row in rows if row[1] == "Số hộ nghèo" and row[-1] == "4"]


def test_an_approval_gets_a_last_look(house: House) -> None:
    made = house.drafted()
    client, address = signed_in(_second()), f"/viec/cong-bo/ban/{made.pk}/"
    assert 'href="/viec/cong-bo/ban/' in client.get(address).content.decode()
    look = words(client.get(f"{address}phe-duyet/"))
    assert "Phê duyệt bản 1.0.0?" in look
    assert "Công bố rồi thì không sửa, không xoá được nữa" in look
    assert "Viết ngày/tháng/năm, ví dụ" in look
    assert queries.release_of(HOUSE, made.pk).state == "draft"
    own = signed_in(house.stage.world.publisher).get(f"{address}phe-duyet/")
    assert own["Location"] == address


def test_an_approval_is_taken_back_with_a_reason(house: House) -> None:
    made = house.drafted()
    client, address = signed_in(_second()), f"/viec/cong-bo/ban/{made.pk}/"
    client.post(f"{address}phe-duyet/", {"ngay": "30/11/2025"})
    catalogue.withdraw(actor=HOUSE, identifier="BO-THU", reason="thử", at=AT)
    assert "không còn mở trong danh mục" in words(client.get(address))
    assert client.post(f"{address}rut-phe-duyet/", {"ly_do": ""}).status_code == 422
    back = words(client.post(f"{address}rut-phe-duyet/", {"ly_do": "Gộp bộ."}, follow=True))
    assert "Đã rút lại phê duyệt" in back
    assert "chưa phê duyệt được" in back
    assert queries.release_of(HOUSE, made.pk).state == "draft"
    refused = client.post(f"{address}phe-duyet/", {"ngay": ""}, follow=True)
    assert "chưa có mục mở trong danh mục" in words(refused)
    assert "Đã bỏ bản thảo" in words(
        client.post(f"{address}bo/", {"ly_do": "Gộp bộ."}, follow=True))


def test_a_code_that_is_gone_is_decided_by_a_button(house: House) -> None:
    house.published()
    processing.set_plan(actor=house.drafter, dataflow=FLOW, at=AT)
    made = house.drafted(LATER)
    client, address = signed_in(_second()), f"/viec/cong-bo/ban/{made.pk}/"
    assert "Còn 3 mã không còn mà chưa nói rõ" in words(client.get(address))
    assert "Còn 3 mã" in words(client.get(f"{address}phe-duyet/"))
    said = client.post(f"{address}ma-khong-con/", {
        "phan_to": "REF_AREA", "ma": "19", "thay": "", "bo_han": "1"}, follow=True)
    assert "đã ghi: bỏ hẳn" in words(said)
    assert "Còn 2 mã" in words(said)


def test_technical_file_names_stand_apart(house: House) -> None:
    made = house.drafted()
    page = words(signed_in(_second()).get(f"/viec/cong-bo/ban/{made.pk}/"))
    main, apart = page.split("Các tệp của bản")
    assert "THU.csv" not in main
    assert "THU.csv" in apart
    assert main.index("Xem lần cuối để phê duyệt") < page.index("Bỏ bản thảo này")


def test_home_says_that_a_draft_waits(house: House) -> None:
    second = signed_in(_second())
    assert "Không có bản nào đang chờ phê duyệt." in words(second.get("/viec/"))
    made = house.drafted()
    said = second.get("/viec/")
    assert "Bản công bố chờ bạn phê duyệt 1 bản đang chờ" in words(said)
    assert f'href="/viec/cong-bo/ban/{made.pk}/"' in said.content.decode()
    own = words(signed_in(house.stage.world.publisher).get("/viec/"))
    assert "1 bản bạn lập đang chờ người khác phê duyệt" in own
    assert "chờ bạn phê duyệt" not in own
