"""What a receiver adjusts: the due day of a round, and the part of one unit by name."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.collection import operations, queries
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: AT)


def _row(house: factories.World) -> Any:
    return queries.assignment(HOUSE, house.report.pk)


def test_the_due_day_of_a_round_is_moved_with_a_reason(house: factories.World) -> None:
    client, address = signed_in(house.manager), f"/viec/ky/{house.round.pk}/doi-han/"
    assert "còn 3 ngày làm việc" in words(client.get(address))
    for typed, said in (({"han": "05/12/2025"}, "Trường này là bắt buộc"),
                        ({"han": "28/11/2025", "ly_do": "x"}, "hạn gửi không đổi")):
        page = client.post(address, typed)
        assert page.status_code == 422
        assert said in words(page)
    rest = client.post(address, {"han": "06/12/2025", "ly_do": "Bão số 13"})
    assert rest.status_code == 422
    assert "ngày làm việc tiếp theo là 08/12/2025" in words(rest)
    said = words(client.post(
        address, {"han": "06/12/2025", "giu": "on", "ly_do": "Bão số 13"}, follow=True))
    assert "Đã chuyển hạn gửi sang ngày 06/12/2025" in said
    assert _row(house).due == date(2025, 12, 6)


def test_one_unit_may_still_send_after_the_lock(house: factories.World) -> None:
    operations.close_round(actor=HOUSE, round_id=house.round.pk, at=AT)
    client, address = signed_in(house.manager), f"/viec/ky/phan/{house.report.pk}/"
    assert "Cho gửi sau khi kỳ khoá" in words(client.get(address))
    page = client.post(f"{address}ngoai-le/", {"den": "20/11/2025", "ly_do": "Lũ"})
    assert page.status_code == 422
    assert "ngày được gửi phải từ hôm nay trở đi" in words(page)
    done = client.post(
        f"{address}ngoai-le/", {"den": "30/11/2025", "ly_do": "Lũ"}, follow=True)
    assert "Đã cho Xã Ba Bể gửi đến hết ngày 30/11/2025" in words(done)
    assert "được gửi đến 30/11/2025" in words(done)
    assert _row(house).exception_until == date(2025, 11, 30)


def test_a_part_is_taken_back_and_given_again(house: factories.World) -> None:
    client, address = signed_in(house.manager), f"/viec/ky/phan/{house.report.pk}/"
    assert client.post(f"{address}thu-hoi/", {}).status_code == 422
    done = words(client.post(f"{address}thu-hoi/", {"ly_do": "Giao nhầm"}, follow=True))
    assert "Đã thu hồi báo cáo đã giao cho Xã Ba Bể" in done
    assert "0 trên 1 đơn vị đã gửi" in done
    assert "đã thu hồi" in done
    assert _row(house).state == "taken_back"
    again = words(client.post(f"{address}giao-lai/", follow=True))
    assert "Đã giao lại báo cáo cho Xã Ba Bể" in again
    assert "0 trên 2 đơn vị đã gửi" in words(client.get(f"/viec/ky/{house.round.pk}/"))


def test_only_who_manages_the_receiver_adjusts(house: factories.World) -> None:
    for person in (house.officer, house.neighbour, house.second_reviewer):
        client = signed_in(person)
        assert client.get(f"/viec/ky/{house.round.pk}/doi-han/").status_code == 404
        assert client.get(f"/viec/ky/phan/{house.report.pk}/").status_code == 404
        for act in ("ngoai-le", "thu-hoi", "giao-lai"):
            answer = client.post(f"/viec/ky/phan/{house.report.pk}/{act}/", {
                "den": "30/11/2025", "ly_do": "x"})
            assert answer.status_code == 404
    assert _row(house).state == "not_started"
