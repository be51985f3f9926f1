"""The map as it stood on a chosen day."""

from __future__ import annotations

from datetime import date

import pytest

from nhasan.areas import operations
from nhasan.areas.operations import NewArea, NewLink
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("province", "06", "Tỉnh", "Bắc Kạn", "country", "VN", None, MAP_DAY),
        NewArea("district", "061", "Huyện", "Pác Nặm", "province", "06", None, MAP_DAY),
        NewArea("commune", "01900", "Xã", "Bằng Lũng", "district", "061", None, MAP_DAY),
        NewArea("commune", "01840", "Xã", "Khang Ninh", "district", "061", None, MAP_DAY),
    ])
    operations.enact(
        actor=HOUSE, decree="1683/NQ-UBTVQH15", title="Sắp xếp", on=MAP_DAY, source="thử", at=AT,
        links=[
            NewLink("commune", "01840", "01900", "full", "both"),
            NewLink("commune", "01900", "01903", "partial", "office", doubtful=True),
        ],
    )
    return made


def test_the_map_of_two_days(house: factories.World) -> None:
    client = signed_in(house.officer)
    before = words(client.get("/viec/dia-gioi/", {"ngay": "30/06/2025"}))
    assert "Bản đồ đúng như ngày 30/06/2025: 1 tỉnh, thành phố; 1 đơn vị cấp huyện; 2 đơn" \
        in before
    assert "06 Tỉnh Bắc Kạn 1 đơn vị cấp huyện, 2 đơn vị cấp xã" in before
    after = words(client.get("/viec/dia-gioi/", {"ngay": "1/7/2025"}))
    assert "2 tỉnh, thành phố; 3 đơn vị cấp xã" in after
    assert "Tỉnh Bắc Kạn" not in after
    assert "Bản đồ đúng như ngày 25/11/2025" in words(client.get("/viec/dia-gioi/"))


@pytest.mark.parametrize("text", ["hôm qua", "31/02/2025", "2025", "<b>"])
def test_a_day_that_cannot_be_read_is_asked_again_gently(
    house: factories.World, text: str,
) -> None:
    page = signed_in(house.officer).get("/viec/dia-gioi/", {"ngay": text})
    assert page.status_code == 200
    assert "chưa đọc được. Hãy viết ngày/tháng/năm, ví dụ 30/06/2025." in words(page)
    assert "“<b>”" not in page.content.decode()


@pytest.mark.parametrize("typed", ["30-6-2025", "30.06.2025", "2025-06-30", " 30/6/2025 "])
def test_a_day_is_understood_in_several_spellings(house: factories.World, typed: str) -> None:
    said = words(signed_in(house.officer).get("/viec/dia-gioi/", {"ngay": typed}))
    assert "Bản đồ đúng như ngày 30/06/2025" in said


def test_a_day_before_the_map_is_known_is_said_so(house: factories.World) -> None:
    client = signed_in(house.officer)
    for day in ("29/06/2025", "01/01/1950"):
        said = words(client.get("/viec/dia-gioi/", {"ngay": day}))
        assert "đúng như ngày" not in said
        assert "Trước ngày 30/06/2025 hệ thống chưa biết đủ địa giới của tỉnh nào." in said
        assert "Những nơi khác ghi như ngày 30/06/2025" in said
    one = words(client.get("/viec/dia-gioi/commune/01840/", {"ngay": "01/01/1950"}))
    assert "Hệ thống chỉ biết chắc đơn vị này từ ngày 30/06/2025." in one
    assert "chỉ biết chắc" not in words(
        client.get("/viec/dia-gioi/commune/01840/", {"ngay": "30/06/2025"}))


def test_a_province_known_for_longer_is_named(house: factories.World) -> None:
    since = date(2004, 8, 31)
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("province", "08", "Tỉnh", "Tuyên Quang", "country", "VN", None, MAP_DAY,
                known_from=since),
        NewArea("district", "070", "Huyện", "Chiêm Hoá", "province", "08", None, MAP_DAY,
                known_from=since),
    ])
    client = signed_in(house.officer)
    said = words(client.get("/viec/dia-gioi/", {"ngay": "01/04/2019"}))
    assert "Trước ngày 30/06/2025 hệ thống chỉ biết địa giới của: Tỉnh Tuyên Quang" in said
    assert "từ ngày 31/08/2004" in said
    assert "chưa biết đủ địa giới của nơi nào" not in said
    before = words(client.get("/viec/dia-gioi/", {"ngay": "30/08/2004"}))
    assert "Ngày 30/08/2004 chưa biết đủ địa giới của nơi nào." in before
    one = words(client.get("/viec/dia-gioi/district/070/", {"ngay": "01/04/2019"}))
    assert "chỉ biết chắc" not in one


def test_a_place_is_found_with_what_it_lies_in(house: factories.World) -> None:
    client = signed_in(house.officer)
    wanted = {"q": "Khang Ninh, Bắc Kạn", "ngay": "30/06/2025"}
    assert "01840 Xã Khang Ninh" in words(client.get("/viec/dia-gioi/", wanted))
    later = words(client.get("/viec/dia-gioi/", {"q": "khang ninh, bac kan"}))
    assert "01840 Xã Khang Ninh 01/07/2025 Xã Ba Bể" in later
    elsewhere = words(client.get("/viec/dia-gioi/", {**wanted, "q": "Khang Ninh, Cao Bằng"}))
    assert "Không có đơn vị nào mang tên hoặc mã này" in elsewhere


def test_a_search_finds_old_names_and_what_became_of_them(house: factories.World) -> None:
    client = signed_in(house.officer)
    said = words(client.get("/viec/dia-gioi/", {"q": "khang ninh"}))
    assert "Không có đơn vị nào mang tên hoặc mã này vào ngày đã chọn." in said
    assert "01840 Xã Khang Ninh 01/07/2025 Xã Ba Bể" in said
    now = words(client.get("/viec/dia-gioi/", {"q": "ba be"}))
    assert "01900 Xã Ba Bể Tỉnh Thái Nguyên" in now
    by_code = words(client.get("/viec/dia-gioi/", {"q": "01900", "ngay": "30/06/2025"}))
    assert "Xã Bằng Lũng Huyện Pác Nặm, Tỉnh Bắc Kạn" in by_code


def test_an_area_page_draws_its_line_with_the_same_as_a_table(house: factories.World) -> None:
    page = signed_in(house.officer).get("/viec/dia-gioi/commune/01900/")
    said = words(page)
    assert "Xã Ba Bể: lập từ Xã Khang Ninh" in said
    assert "Xã Bằng Lũng: sau đó thành Xã Chợ Rã" in said, "the other place has its own drawing"
    assert 'href="/viec/dia-gioi/commune/01840/?ngay=30%2F06%2F2025"' in page.content.decode()
    assert "Xã Khang Ninh 01840 01/07/2025 toàn bộ Xã Ba Bể 01900 1683/NQ-UBTVQH15" in said


def test_a_code_that_was_used_twice_is_two_places(house: factories.World) -> None:
    client = signed_in(house.officer)
    said = words(client.get("/viec/dia-gioi/commune/01900/"))
    assert said.count("Xã Ba Bể") >= 1
    assert "Mã này từng thuộc về những nơi có tên khác nhau" in said
    assert "Xã Khang Ninh 01840 toàn bộ, 1683/NQ-UBTVQH15; hai nguồn khớp nhau" in said
    assert "còn nghi vấn: hai nguồn đọc khác nhau" in said
    assert "chỉ có trong bảng chuyển đổi của Cục Thống kê" in said
    before = words(client.get("/viec/dia-gioi/commune/01900/", {"ngay": "30/06/2025"}))
    assert "Xã Bằng Lũng Theo bản đồ ngày 30/06/2025." in before
    assert "Thuộc Huyện Pác Nặm , Tỉnh Bắc Kạn" in before


def test_a_province_shows_its_districts_and_their_communes(house: factories.World) -> None:
    client = signed_in(house.officer)
    said = words(client.get("/viec/dia-gioi/province/06/", {"ngay": "30/06/2025"}))
    assert "061 Huyện Pác Nặm 2 xã, phường, thị trấn" in said
    assert "01840 Xã Khang Ninh" in said
    gone = words(client.get("/viec/dia-gioi/province/06/"))
    assert "Ngày 25/11/2025 không có đơn vị nào mang mã này ở cấp này" in gone
    assert client.get("/viec/dia-gioi/province/77/").status_code == 404


def test_an_area_names_who_answers_for_its_figures(house: factories.World) -> None:
    operations.give_jurisdiction(
        actor=HOUSE, unit="XA-BABE", level="commune", code="01900", valid_from=MAP_DAY,
        valid_to=None, at=AT,
    )
    said = words(signed_in(house.officer).get("/viec/dia-gioi/commune/01900/"))
    assert "Đơn vị phụ trách số liệu Xã Ba Bể" in said
