"""Boards on screen: table, bars, map, files; narrowed, sorted, and of one's own branch."""

from __future__ import annotations

import io
from datetime import datetime, timedelta
from typing import Any

import openpyxl
import pytest

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
BOARD, LATE = "/viec/tien-do/", AT + timedelta(days=6)


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    factories.sent(made.report, made.officer)
    return made


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> datetime:
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: LATE)
    return LATE


def test_a_board_tells_who_sent_and_who_is_late(house: factories.World) -> None:
    client = signed_in(house.manager)
    page = client.get(BOARD)
    said = words(page)
    assert "Trong 2 báo cáo đã đến hạn, 1 đã gửi, 1 gửi đúng hạn." in said
    assert "1 báo cáo quá hạn chưa gửi" in said
    assert f'href="/viec/tien-do/don-vi/{house.report.unit_id}/"' in page.content.decode()
    late = words(client.get(f"{BOARD}qua-han/"))
    assert "Xã Chợ Rã" in late
    assert "quá hạn 1 ngày làm việc" in late
    assert "Xã Ba Bể" not in late


@pytest.mark.parametrize(("axis", "said"), [
    ("don-vi", "Xã Ba Bể"), ("bieu", "Hộ nghèo theo dân tộc"),
    ("ky", "Năm 2025 · hạn 28/11/2025"), ("nhom", "Không thuộc nhóm chỉ tiêu nào"),
    ("nhan", "Sở Dân tộc và Tôn giáo tỉnh Thái Nguyên"),
])
@pytest.mark.parametrize("view", ["bang", "bieu-do"])
def test_a_board_is_read_by_every_axis(
    house: factories.World, axis: str, said: str, view: str,
) -> None:
    page = signed_in(house.manager).get(BOARD, {"theo": axis, "xem": view})
    if view == "bieu-do":
        assert "Hộ nghèo theo dân tộc" in words(page) or axis != "ky"
        assert 'class="td-dung"' in page.content.decode()
        assert "1 đúng hạn" in words(page)
    if view == "bang" or axis != "ky":
        assert said in words(page)


def test_the_map_shows_the_communes_and_counts_them(house: factories.World) -> None:
    client = signed_in(house.manager)
    squares = client.get(BOARD, {"xem": "ban-do"})
    assert "Chưa có hình ranh giới, nên mỗi ô vuông là một địa bàn, xếp theo mã." in words(squares)
    assert "Ba Bể: " in squares.content.decode()
    # Codes of the true map; those of the small world are made up
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("commune", code, "Xã", name, "province", "19", MAP_DAY)
        for code, name in (("01906", "Ba Bể"), ("01912", "Chợ Rã"))])
    factories.sent(factories.give(house.round, "XA-BABE", "01906"), house.officer)
    factories.give(house.round, "XA-CHORA", "01912")
    page = client.get(BOARD, {"xem": "ban-do"})
    said = words(page)
    assert "Tỷ lệ đã gửi trên các báo cáo đã đến hạn (%)" in said
    assert "từ 100 (1 địa bàn)" in said
    assert "dưới 25 (1 địa bàn)" in said
    assert "Ba Bể: 100" in page.content.decode()
    timely = words(client.get(BOARD, {"xem": "ban-do", "do": "dung-han"}))
    assert "Tỷ lệ gửi đúng hạn trên các báo cáo đã đến hạn (%)" in timely
    nothing = words(client.get(BOARD, {"xem": "ban-do", "nam": "1999"}))
    assert "Chưa vẽ được bản đồ" in nothing


def test_a_board_is_sorted_by_a_column(house: factories.World) -> None:
    def order(asked: str) -> list[int]:
        text = words(signed_in(house.manager).get(BOARD, {"xep": asked}))
        return sorted((0, 1), key=lambda at: text.index(("Xã Ba Bể", "Xã Chợ Rã")[at]))

    assert order("qua") == [1, 0]
    assert order("-qua") == [0, 1]
    assert order("ten") == [0, 1]
    assert order("-ten") == [1, 0]
    assert order("gì đó") == [0, 1]


@pytest.mark.parametrize("asked", [
    {"nam": "abc"}, {"nhan": "99999999999999"}, {"ky": "-1"}, {"mo": "x"}, {"theo": "x"},
    {"xem": "x"}, {"trang": "x"}, {"nhom": "THU|X"},
])
def test_an_address_that_makes_no_sense_is_read_as_far_as_it_does(
    house: factories.World, asked: dict[str, str],
) -> None:
    assert signed_in(house.manager).get(BOARD, asked).status_code == 200


def test_a_board_is_narrowed_to_one_round(house: factories.World) -> None:
    client = signed_in(house.manager)
    said = words(client.get(BOARD, {"ky": house.round.pk}))
    assert f"Kỳ báo cáo: {house.round.title_vi}" in said
    assert "Không có báo cáo nào trong phạm vi đang lọc" in words(
        client.get(BOARD, {"ky": 999_999}))


def test_a_board_is_kept_as_a_file(house: factories.World) -> None:
    client = signed_in(house.manager)
    table = client.get(f"{BOARD}bang.csv", {"theo": "don-vi"})
    lines = table.content.decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Mã,Đơn vị báo cáo,Phải gửi,Gửi đúng hạn")
    assert lines[1] == "XA-BABE,Xã Ba Bể,1,1,0,0,0,0,0,1,100.0,100.0"
    assert "tien-do-don-vi-2025-12-01.csv" in table["Content-Disposition"]
    book: Any = openpyxl.load_workbook(
        io.BytesIO(client.get(f"{BOARD}bang.xlsx").content)).active
    assert book["A1"].value == "Tiến độ báo cáo, theo đơn vị báo cáo"
    assert client.get(f"{BOARD}bang.pdf").status_code == 404


def test_a_unit_that_receives_nothing_sees_its_own_record(house: factories.World) -> None:
    said = words(signed_in(house.officer).get(BOARD))
    assert "Việc gửi báo cáo của Xã Ba Bể" in said
    assert "Trong 1 báo cáo đã đến hạn, 1 đã gửi, 1 gửi đúng hạn." in said
    record = f"/viec/tien-do/don-vi/{house.report.unit_id}/"
    assert "2025" in words(signed_in(house.manager).get(record))
    for person in (house.neighbour, house.other_officer):
        assert signed_in(person).get(record).status_code == 404


def test_a_unit_that_was_asked_for_nothing_has_an_empty_record(house: factories.World) -> None:
    unit = house.round.receiver_id
    assert "Đơn vị chưa được giao báo cáo nào." in words(
        signed_in(house.manager).get(f"/viec/tien-do/don-vi/{unit}/"))
