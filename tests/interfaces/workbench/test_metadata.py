"""Indicator sets, indicators and code lists on screen."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.metadata import operations, queries
from tests import factories
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def root_manager(house: factories.World) -> Any:
    return factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager")


def _draft(version: str = "2.0.0", names: tuple[tuple[str, str], ...] = ()) -> None:
    operations.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="THU", version=version, name_vi="Bộ chỉ tiêu thử",
        source="thử", decision={"number": "12/2025/QĐ"}, completeness="3 trên 3",
        illustrative=True, at=AT,
        indicators=[
            {"key": key, "name_vi": name, "unit": "hộ", "group_code": "I", "group_name": "Hộ",
             "adds_over_area": "sum"}
            for key, name in names
        ],
    )


CHANGED = (("01", "Số hộ dân cư, kể cả hộ tạm trú"), ("02", "Số hộ dân tộc thiểu số"),
           ("04", "Số hộ thoát nghèo"))


def test_the_list_names_sets_states_and_sizes(house: factories.World) -> None:
    said = words(signed_in(house.officer).get("/viec/chi-tieu/"))
    assert "Bộ chỉ tiêu thử THU:THU(1.0.0) số liệu minh hoạ" in said
    assert "đang áp dụng 01/01/2025 6" in said


def test_a_search_needs_no_diacritics(house: factories.World) -> None:
    client = signed_in(house.officer)
    said = words(client.get("/viec/chi-tieu/", {"q": "ho ngheo"}))
    assert "1 chỉ tiêu tìm thấy" in said
    assert "Số hộ nghèo" in said
    assert "Không có chỉ tiêu nào." in words(client.get("/viec/chi-tieu/", {"q": "cá voi"}))


def test_one_set_group_by_group(house: factories.World) -> None:
    _draft(names=CHANGED)
    client = signed_in(house.officer)
    said = words(client.get("/viec/chi-tieu/THU/2.0.0/"))
    assert "bản thảo" in said
    assert "12/2025/QĐ" in said
    assert "I Hộ 01 Số hộ dân cư, kể cả hộ tạm trú hộ" in said
    found = words(client.get("/viec/chi-tieu/THU/2.0.0/", {"q": "thoat"}))
    assert "1 chỉ tiêu" in found
    assert "Số hộ dân tộc thiểu số" not in found
    assert client.get("/viec/chi-tieu/THU/9.9.9/").status_code == 404


def test_an_indicator_says_everything_and_where_it_is_used(house: factories.World) -> None:
    operations.draft_dataflow(
        actor=HOUSE, agency="THU", identifier="HO", version="1.0.0", name_vi="Hộ thử",
        description="", subject="", source="", dimensions=(), indicators=["THU:03"], policy={},
        illustrative=True, at=AT,
    )
    client = signed_in(house.officer)
    said = words(client.get("/viec/chi-tieu/THU/1.0.0/ma/03/"))
    assert "Số hộ nghèo" in said
    assert "Đơn vị tính hộ" in said
    assert "cộng được từ các đơn vị cấp dưới" in said
    assert "Biểu mẫu hỏi chỉ tiêu này Hộ nghèo theo dân tộc Biểu 01/THU , phiên bản 1.0.0" in said
    assert "Bộ dữ liệu có chỉ tiêu này Hộ thử" in said
    assert client.get("/viec/chi-tieu/THU/1.0.0/ma/99/").status_code == 404


def test_what_a_new_version_touches_is_seen_before_it_is_in_force(
    house: factories.World, root_manager: Any,
) -> None:
    _draft(names=CHANGED)
    client = signed_in(root_manager)
    assert "Đưa vào áp dụng" in words(client.get("/viec/chi-tieu/THU/2.0.0/"))
    address = "/viec/chi-tieu/THU/2.0.0/ap-dung/"
    said = words(client.get(address))
    assert "Hộ nghèo theo dân tộc, phiên bản 1.0.0" in said
    assert "THU:THU(1.0.0) . Nếu đang áp dụng, bản đó thôi áp dụng từ cùng ngày." in said
    assert "Thêm mới 04 Số hộ thoát nghèo" in said
    assert "Bỏ đi 03 Số hộ nghèo" in said
    assert "Tên chỉ tiêu Số hộ dân cư Số hộ dân cư, kể cả hộ tạm trú" in said
    assert "Hộ nghèo theo dân tộc, năm 2025: 2 đơn vị chưa xong" in said
    assert queries.indicator_set("THU", "2.0.0").state == "draft"  # type: ignore[union-attr]
    wrong = client.post(address, {"ngay": "mai"})
    assert wrong.status_code == 422
    assert "Ngày chưa đọc được" in words(wrong)
    done = client.post(address, {"ngay": "01/01/2026"}, follow=True)
    assert "Bộ chỉ tiêu được áp dụng từ ngày 01/01/2026" in words(done)
    new, old = queries.indicator_set("THU", "2.0.0"), queries.indicator_set("THU", "1.0.0")
    assert new is not None
    assert old is not None
    assert (new.state, new.in_force_from) == ("in_force", date(2026, 1, 1))
    assert (old.state, old.in_force_to) == ("retired", date(2026, 1, 1))


@pytest.mark.parametrize(("act", "version", "day", "why"), [
    ("thoi-ap-dung", "1.0.0", "01/01/0001", "phải sau ngày bắt đầu áp dụng"),
    ("thoi-ap-dung", "1.0.0", "31/12/9999", "ngày phải từ"),
    ("ap-dung", "2.0.0", "31/12/9999", "ngày phải từ"),
])
def test_a_day_that_was_mistyped_settles_nothing(
    house: factories.World, root_manager: Any, act: str, version: str, day: str, why: str,
) -> None:
    operations.amend_indicator_set(
        actor=HOUSE, identifier="THU", version="2.0.0", name_vi="Bộ", decision={}, at=AT)
    page = signed_in(root_manager).post(
        f"/viec/chi-tieu/THU/{version}/{act}/", {"ngay": day})
    assert page.status_code == 422
    assert why in words(page)
    held = queries.indicator_set("THU", "1.0.0")
    assert held is not None
    assert held.state == "in_force"


def test_a_set_is_retired_once(house: factories.World, root_manager: Any) -> None:
    client, address = signed_in(root_manager), "/viec/chi-tieu/THU/1.0.0/thoi-ap-dung/"
    assert "không mở lại được" in words(client.get(address))
    assert client.post(address, {"ngay": "01/01/2026"}).status_code == 302
    assert client.post(address, {"ngay": "01/01/2026"}).status_code == 409
    assert client.get("/viec/chi-tieu/THU/1.0.0/ap-dung/").status_code == 409


def test_an_empty_set_is_not_put_in_force(house: factories.World, root_manager: Any) -> None:
    _draft(names=())
    page = signed_in(root_manager).post(
        "/viec/chi-tieu/THU/2.0.0/ap-dung/", {"ngay": "01/01/2026"})
    assert page.status_code == 422
    assert "bộ chỉ tiêu chưa có chỉ tiêu nào" in words(page)


@pytest.mark.parametrize("who", ["officer", "reviewer", "manager", "neighbour", "publisher"])
def test_only_managers_of_the_whole_house_settle_sets(house: factories.World, who: str) -> None:
    client = signed_in(getattr(house, who))
    assert "Thôi áp dụng" not in words(client.get("/viec/chi-tieu/THU/1.0.0/"))
    for act in ("ap-dung", "thoi-ap-dung"):
        answer = client.post(f"/viec/chi-tieu/THU/1.0.0/{act}/", {"ngay": "01/01/2026"})
        assert answer.status_code == 403
    assert queries.indicator_set("THU", "1.0.0").state == "in_force"  # type: ignore[union-attr]


def test_code_lists_show_aliases_and_how_two_numberings_meet(house: factories.World) -> None:
    for identifier, codes in (
        ("DT_1979", [("04", "Mường", [], ["Mol"]), ("05", "Thái", ["Tai"], [])]),
        ("DT_2008", [("06", "Mường", [], []), ("05", "Thái", [], [])]),
    ):
        operations.draft_code_list(
            actor=HOUSE, agency="THU", identifier=identifier, version="1", name_vi=identifier,
            name_en="", source="Quyết định thử", at=AT,
            codes=[{"code": code, "name_vi": name, "aliases": aliases, "other_names": others}
                   for code, name, aliases, others in codes],
        )
    operations.draft_correspondence(
        actor=HOUSE, agency="THU", identifier="DC", version="1", name_vi="Hai cách đánh số",
        source="thử", from_list="DT_1979", to_list="DT_2008", at=AT,
        items=[("04", "06", "ghép theo tên"), ("05", "05", "")],
    )
    client = signed_in(house.officer)
    assert "DT_1979 → DT_2008" in words(client.get("/viec/danh-muc-ma/"))
    one = words(client.get("/viec/danh-muc-ma/DT_1979/1/"))
    assert "04 Mường Mol" in one
    assert "05 Thái Tai" in one
    found = words(client.get("/viec/danh-muc-ma/DT_1979/1/", {"q": "mol"}))
    assert "Mường" in found
    assert "Thái" not in found
    pair = client.get("/viec/danh-muc-ma/doi-chieu/DC/1/")
    assert "2 dòng, trong đó 1 mã giống nhau" in words(pair)
    assert "04 Mường 06 Mường ghép theo tên" in words(pair)
    assert '<strong class="ma">06</strong>' in pair.content.decode()
    assert client.get("/viec/danh-muc-ma/DT_1979/2/").status_code == 404
    assert client.get("/viec/danh-muc-ma/doi-chieu/XX/1/").status_code == 404
