"""From approved figures to a public statement, on screen."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from nhasan.processing import operations as processing
from nhasan.processing import queries as runs
from nhasan.releases import queries
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words
from tests.processing.conftest import FLOW, Stage
from tests.releases.conftest import House, house, stage

__all__ = ["house", "stage"]
pytestmark = pytest.mark.django_db


def test_the_list_leads_through_the_steps(house: House) -> None:
    client = signed_in(house.stage.world.publisher)
    said = words(client.get("/viec/cong-bo/"))
    assert "Hộ nghèo Giảm nghèo số liệu minh hoạ chưa tổng hợp – chưa công bố" in said
    one = words(client.get(f"/viec/cong-bo/bo/{FLOW}/"))
    assert "Ẩn số đếm nhỏ hơn 5" in one
    assert "Quyết định thử" in one
    assert client.get("/viec/cong-bo/bo/KHONG-CO/").status_code == 404


def test_a_run_is_asked_for_watched_and_looked_at(house: House) -> None:
    client = signed_in(house.stage.world.publisher)
    asked = client.post(f"/viec/cong-bo/bo/{FLOW}/tong-hop/")
    address = asked["Location"]
    waiting = client.get(address)
    assert "HX-Refresh" not in client.get(address, headers={"HX-Request": "true"})
    assert "chờ đến lượt" in words(waiting)
    assert "build/htmx.js" in waiting.content.decode()
    assert "Xem lại ngay" in words(waiting)
    assert processing.run_requested(actor=HOUSE, at=AT) == 1
    assert client.get(address, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    done = client.get(address)
    assert "HX-Refresh" not in done
    said = words(done)
    assert "thấy đúng thì lập bản công bố" in said
    assert "build/htmx.js" not in done.content.decode()
    assert "Kết quả sẽ công bố (đã bảo mật)" in said
    assert re.search(r"Ba Bể Năm 2025 Số hộ dân cư Tày .*62 hộ", said)
    page = client.get(address, {"AREA_LEVEL": "province", "INDICATOR": "THU:01"})
    one = words(page).split("Đơn vị tính ghi")[1]
    assert "Thái Nguyên Năm 2025 Số hộ dân cư" in one
    assert "Ba Bể Năm" not in one
    assert "Số hộ nghèo" not in one


def test_a_long_table_opens_at_its_highest_level(
    house: House, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("nhasan.interfaces.workbench.cubes.MOST_AT_ONCE", 5)
    client = signed_in(house.stage.world.publisher)
    address = f"/viec/cong-bo/luot/{house.run()}/"
    first = words(client.get(address)).split("Đơn vị tính ghi")[1]
    assert "Thái Nguyên Năm 2025" in first
    assert "Ba Bể Năm 2025" not in first
    everything = words(client.get(address, {"AREA_LEVEL": ""})).split("Đơn vị tính ghi")[1]
    assert "Ba Bể Năm 2025" in everything


def test_what_was_hidden_is_said_without_its_value(house: House) -> None:
    client = signed_in(house.stage.world.publisher)
    run = house.run()
    said = words(client.get(f"/viec/cong-bo/luot/{run}/", {"INDICATOR": "THU:03"}))
    log = runs.suppression_log(house.drafter, run)
    assert log["counts"]["primary"] >= 1
    assert "Số đếm nhỏ hơn ngưỡng của chính sách." in said
    assert re.search(r"Chợ Rã Năm 2025 Số hộ nghèo Mông Số đếm nhỏ hơn ngưỡng", said)
    rows = said.split("Kết quả sẽ công bố")[1]
    assert re.search(r"Chợ Rã Năm 2025 Số hộ nghèo Mông .*?bảo mật", rows)
    assert not re.search(r"Chợ Rã Năm 2025 Số hộ nghèo Mông \S+ 3 hộ", rows)


def test_a_failed_run_says_why_and_is_asked_for_again(
    house: House, monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = signed_in(house.stage.world.publisher)
    address = client.post(f"/viec/cong-bo/bo/{FLOW}/tong-hop/")["Location"]

    def broken(*_given: Any) -> None:
        raise RuntimeError("disk is full")

    monkeypatch.setattr("nhasan.processing.operations.computed", broken)
    processing.run_requested(actor=HOUSE, at=AT)
    said = words(client.get(address))
    assert "Lượt này không xong" in said
    assert "disk is full" not in said
    monkeypatch.undo()
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: AT)
    assert client.post(f"{address}lai/").status_code == 302
    assert processing.run_requested(actor=HOUSE, at=AT + timedelta(hours=1)) == 1


def test_a_dataflow_without_policy_is_not_run(stage: Stage) -> None:
    client = signed_in(stage.world.publisher)
    answer = client.post(f"/viec/cong-bo/bo/{FLOW}/tong-hop/", follow=True)
    assert "Chưa có chính sách bảo mật" in words(answer)
    assert not runs.runs(HOUSE)


@pytest.mark.parametrize("who", ["officer", "reviewer", "manager", "administrator", "neighbour"])
def test_only_publishers_publish(house: House, who: str) -> None:
    client = signed_in(getattr(house.stage.world, who))
    made = house.drafted()
    for address in ("", f"bo/{FLOW}/", f"luot/{made.run_id}/", f"ban/{made.pk}/",
                    f"ban/{made.pk}/khac-ban-truoc.csv", f"ban/{made.pk}/phe-duyet/"):
        assert client.get(f"/viec/cong-bo/{address}").status_code in (403, 404), address
    for address in (f"bo/{FLOW}/tong-hop/", f"luot/{made.run_id}/lai/",
                    f"luot/{made.run_id}/lap/", f"ban/{made.pk}/phe-duyet/",
                    f"ban/{made.pk}/thu-hoi/", f"ban/{made.pk}/bo/",
                    f"ban/{made.pk}/rut-phe-duyet/",
                    f"ban/{made.pk}/ma-khong-con/"):
        answer = client.post(f"/viec/cong-bo/{address}", {"ly_do": "x"})
        assert answer.status_code in (403, 404), address
    assert len(runs.runs(HOUSE)) == 1
    assert queries.release_of(HOUSE, made.pk).state == "draft"


def test_the_catalogue_says_what_may_be_published(house: House) -> None:
    manager = factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager")
    client = signed_in(manager)
    assert "Hộ nghèo theo dân tộc" in words(client.get("/viec/danh-muc/"))
    refused = client.post("/viec/danh-muc/BO-THU/rut/", {"ly_do": ""}, follow=True)
    assert "hãy ghi lý do trước" in words(refused)
    done = client.post("/viec/danh-muc/BO-THU/rut/", {"ly_do": "Gộp bộ khác."}, follow=True)
    assert "Đã rút mục ghi" in words(done)
    assert client.post("/viec/danh-muc/BO-THU/ban-hanh/").status_code == 409
    reader = signed_in(house.stage.world.neighbour)
    assert "Danh mục chưa có mục ghi nào" in words(reader.get("/viec/danh-muc/"))
    for act in ("ban-hanh", "rut"):
        assert reader.post(f"/viec/danh-muc/BO-THU/{act}/", {"ly_do": "x"}).status_code == 404
