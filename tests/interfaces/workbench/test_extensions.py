"""Later days: asked for from the report, answered by the receiver, seen by both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.collection import queries
from nhasan.collection.queries import regime
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
ASKED = {"den": "05/12/2025", "ly_do": "Thôn Bó Lù bị chia cắt do lũ"}


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture(autouse=True)
def morning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nhasan.interfaces.http.moment", lambda: AT)


def _asked(house: factories.World) -> Any:
    signed_in(house.officer).post(f"/viec/bao-cao/{house.report.pk}/gia-han/", ASKED)
    [found] = regime.extensions(HOUSE)
    return found


def test_a_unit_asks_and_the_receiver_grants(house: factories.World) -> None:
    client, address = signed_in(house.officer), f"/viec/bao-cao/{house.report.pk}/gia-han/"
    report = client.get(f"/viec/bao-cao/{house.report.pk}/").content.decode()
    assert f'href="{address}"' in report
    assert "Đã gửi đề nghị gia hạn" in words(client.post(address, ASKED, follow=True))
    receiver = signed_in(house.reviewer)
    listed = words(receiver.get("/viec/gia-han/"))
    assert "1 đề nghị đang chờ trả lời" in listed
    assert ASKED["ly_do"] in listed
    [found] = regime.extensions(HOUSE)
    assert ASKED["ly_do"] in words(receiver.get(f"/viec/gia-han/{found.pk}/"))
    board = words(receiver.get(f"/viec/ky/{house.round.pk}/"))
    assert "1 đề nghị gia hạn đang chờ trả lời: Xã Ba Bể" in board
    done = receiver.post(f"/viec/gia-han/{found.pk}/tra-loi/", {
        "den": "04/12/2025", "ghi_chu": "", "viec": "cho"}, follow=True)
    assert "Đã cho Xã Ba Bể gửi đến hết ngày 04/12/2025" in words(done)
    row = queries.assignment(HOUSE, house.report.pk)
    assert row.due == date(2025, 12, 4)
    assert "còn 7 ngày làm việc (thứ Năm 04/12)" in words(client.get("/viec/"))
    assert "hạn riêng" in words(receiver.get(f"/viec/ky/{house.round.pk}/"))
    assert "Được gia hạn" in words(client.get(address))


def test_a_refusal_needs_a_word(house: factories.World) -> None:
    found, receiver = _asked(house), signed_in(house.reviewer)
    address = f"/viec/gia-han/{found.pk}/tra-loi/"
    silent = receiver.post(address, {"den": "05/12/2025", "ghi_chu": "", "viec": "khong"})
    assert silent.status_code == 422
    assert "hãy viết lý do không cho gia hạn" in words(silent)
    receiver.post(address, {"den": "", "ghi_chu": "Cần số để họp", "viec": "khong"})
    said = words(signed_in(house.officer).get(f"/viec/bao-cao/{house.report.pk}/gia-han/"))
    assert "Không được gia hạn" in said
    assert "Cần số để họp" in said
    assert queries.assignment(HOUSE, house.report.pk).due == date(2025, 11, 28)


@pytest.mark.parametrize(("change", "said"), [
    ({"den": "hôm nào"}, "Ngày chưa đọc được"),
    ({"den": "20/11/2025"}, "ngày xin gia hạn phải sau hạn gửi"),
    ({"ly_do": ""}, "Trường này là bắt buộc"),
])
def test_what_does_not_fit_is_asked_again(
    house: factories.World, change: dict[str, str], said: str,
) -> None:
    page = signed_in(house.officer).post(
        f"/viec/bao-cao/{house.report.pk}/gia-han/", {**ASKED, **change})
    assert page.status_code == 422
    assert said in words(page)
    kept = "05/12/2025" if "ly_do" in change else ASKED["ly_do"]
    assert kept in page.content.decode()
    assert not regime.extensions(HOUSE)


def test_a_grant_names_a_later_day(house: factories.World) -> None:
    found, receiver = _asked(house), signed_in(house.reviewer)
    address = f"/viec/gia-han/{found.pk}/tra-loi/"
    for day, said in (("", "Hãy ghi ngày được gửi đến."),
                      ("20/11/2025", "ngày gia hạn phải sau hạn gửi")):
        page = receiver.post(address, {"den": day, "ghi_chu": "x", "viec": "cho"})
        assert page.status_code == 422
        assert said in words(page)
    assert regime.extension(HOUSE, found.pk).state == "asked"


def test_a_request_is_taken_back_before_it_is_answered(house: factories.World) -> None:
    found, client = _asked(house), signed_in(house.officer)
    again = client.post(f"/viec/bao-cao/{house.report.pk}/gia-han/", ASKED)
    assert "đang chờ trả lời" in words(again)
    done = client.post(f"/viec/bao-cao/{house.report.pk}/gia-han/rut/", follow=True)
    assert "Đã rút lại đề nghị gia hạn" in words(done)
    assert regime.extension(HOUSE, found.pk).state == "withdrawn"


def test_only_the_unit_asks_and_only_the_receiver_answers(house: factories.World) -> None:
    found = _asked(house)
    address = f"/viec/bao-cao/{house.report.pk}/gia-han/"
    for person in (house.other_officer, house.neighbour, house.reviewer):
        assert signed_in(person).post(address, ASKED).status_code == 404
    for person in (house.officer, house.neighbour):
        answer = signed_in(person).post(
            f"/viec/gia-han/{found.pk}/tra-loi/", {"den": "05/12/2025", "viec": "cho"})
        assert answer.status_code == 404
    assert regime.extension(HOUSE, found.pk).state == "asked"


def test_who_may_only_look_is_told_who_answers(house: factories.World) -> None:
    found = _asked(house)
    looks_on = factories.person("chi-quan-ly", "Lò Văn Pánh", "SO-TN", "manager")
    manager, reviewer = signed_in(looks_on), signed_in(house.reviewer)
    assert "Người có vai duyệt báo cáo của đơn vị nhận trả lời; bạn chỉ xem." in words(
        manager.get("/viec/gia-han/"))
    assert "cho gia hạn hoặc không; bạn chỉ xem" in words(
        manager.get(f"/viec/gia-han/{found.pk}/"))
    listed = reviewer.get("/viec/gia-han/")
    assert "bạn chỉ xem" not in words(listed)
    assert "Trả lời" in words(listed)
