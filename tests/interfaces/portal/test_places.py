"""The page of a place: its groups with shares, and what became of it."""

from __future__ import annotations

from django.test import Client

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea, NewLink
from nhasan.interfaces.portal import answers
from tests.factories import AT, HOUSE
from tests.interfaces.portal.census import ENDED
from tests.interfaces.portal.pages import figure_links, table, words


def merged() -> None:
    """Let Bắc Kạn and Thái Nguyên become one province on 1 July 2025."""
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("province", "19", "Tỉnh", "Thái Nguyên", "country", "VN", ENDED, None)])
    areas.enact(
        actor=HOUSE, decree="202/2025/QH15", on=ENDED, title="Sắp xếp", source="thử", at=AT,
        links=[NewLink("province", old, "19", "full") for old in ("06", "19")],
    )


def test_a_place_shows_its_groups_with_shares_and_sources(reader: Client) -> None:
    page = reader.get("/dia-ban/province/06/")
    lines = table(page)
    assert lines[0] == ["Dân tộc", "Giá trị", "Tỷ lệ (%)"]
    assert lines[1] == ["Tày", "165.055", "58,25"]
    assert lines[-1] == ["Tổng số", "283.360", "100,00"]
    assert all(reader.get(link).status_code == 200 for link in figure_links(page))


def test_a_place_that_is_no_more_says_so_and_leads_on(reader: Client) -> None:
    merged()
    answers.drawn.clear()
    page = reader.get("/dia-ban/province/06/")
    said = words(page)
    assert "Tỉnh Bắc Kạn không còn từ ngày 01/07/2025" in said
    assert "Nay thuộc: Tỉnh Thái Nguyên" in said
    assert 'href="/dia-ban/province/19/"' in page.content.decode()
    after = words(reader.get("/dia-ban/province/19/"))
    assert "không còn" not in after
    assert "Đến hết ngày 30/06/2025." in after
    assert "Từ ngày 01/07/2025 đến nay. Lập từ: Tỉnh Bắc Kạn, Tỉnh Thái Nguyên." in after
    assert "Tỉnh Thái Nguyên: lập từ 2 đơn vị cũ" in after


def test_a_place_without_figures_has_a_page_too(reader: Client) -> None:
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("commune", "01897", "Xã", "Hà Hiệu", "province", "06", None, ENDED)])
    said = words(reader.get("/dia-ban/commune/01897/"))
    assert "Xã Hà Hiệu không còn từ ngày 01/07/2025" in said
    assert "Chưa có số liệu nào được công bố riêng cho nơi này." in said
    assert reader.get("/dia-ban/commune/99999/").status_code == 404
