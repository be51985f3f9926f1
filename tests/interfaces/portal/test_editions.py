"""Lists of what was published, one release, the calendar, the map page, places, indicators."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.test import Client

from nhasan.releases import operations
from tests.factories import AT, HOUSE
from tests.interfaces.portal.census import ADDRESS, REF
from tests.interfaces.portal.pages import table, words


def test_datasets_are_found_without_diacritics(reader: Client) -> None:
    assert "Dân số năm tỉnh" in words(reader.get("/so-lieu/"))
    assert "Có 1 bộ số liệu." in words(reader.get("/so-lieu/", {"q": "dan so nam tinh"}))
    nothing = words(reader.get("/so-lieu/", {"q": "học sinh"}))
    assert "Không có bộ số liệu nào như vậy" in nothing
    assert "Không có bộ số liệu nào như vậy" in words(
        reader.get("/so-lieu/", {"linh_vuc": "Giáo dục"}))


def test_a_release_shows_files_and_how_it_was_protected(reader: Client) -> None:
    page = reader.get(f"{ADDRESS}/1.0.0/ban-cong-bo")
    said = words(page)
    assert "Không ẩn số nào, vì số liệu này đã công khai: Tổng điều tra thử đã công bố." in said
    assert "01/04/2009, 01/04/2019" in said
    assert "có số: 86 · bảo mật: 0 · chưa có: 12 · không áp dụng: 0" in said
    assert f'href="{ADDRESS}/1.0.0/files/DAN_SO.csv"' in page.content.decode()
    assert "Bản đầu tiên." in said


def test_the_calendar_shows_promises(reader: Client, people: dict[str, Any]) -> None:
    assert "Chưa có bản nào được hẹn trước." in words(reader.get("/lich-cong-bo/"))
    operations.announce(
        actor=HOUSE, dataflow="DAN_SO", title="Dân số 2024", due=date(2025, 12, 31), at=AT)
    assert "31/12/2025 Dân số 2024" in words(reader.get("/lich-cong-bo/"))
    assert "Sắp có: Dân số 2024" in words(reader.get("/"))


def test_the_map_page_shows_an_indicator(reader: Client) -> None:
    page = reader.get("/ban-do/", {"so": "DEM:DAN_SO|DEM:DS"})
    assert "Dân số theo dân tộc" in words(page)
    assert table(page)[1][0] == "Hà Nội"
    assert reader.get("/ban-do/", {"so": "không có"}).status_code == 200


def test_a_place_shows_its_figures(reader: Client) -> None:
    said = words(reader.get("/dia-ban/province/06/"))
    assert "Bắc Kạn" in said
    assert "Tày nhiều nhất" in said or "Tày cao nhất: 165.055" in said
    assert "Dân số theo dân tộc 283.360 người (2019)" in said
    assert reader.get("/dia-ban/province/99/").status_code == 404
    assert reader.get("/dia-ban/xa/06/").status_code == 404


def test_an_indicator_shows_its_meaning_and_its_tables(reader: Client) -> None:
    page = reader.get("/chi-tieu/DEM/DS/")
    said = words(page)
    assert "Quyết định 01/QĐ-DEM" in said
    assert "Cộng được từ cấp dưới lên cấp trên." in said
    assert f"{ADDRESS}?INDICATOR={REF.replace(':', '%3A')}" in page.content.decode()
    assert reader.get("/chi-tieu/DEM/KHONG/").status_code == 404
    assert reader.get("/chi-tieu/KHONG/DS/").status_code == 404
    assert "Dân số theo dân tộc (người)" in words(reader.get("/chi-tieu/"))


def test_the_map_is_drawn_for_the_group_the_period_and_the_share_asked(reader: Client) -> None:
    page = reader.get("/ban-do/", {"so": "DEM:DAN_SO|DEM:DS", "ETHNIC_GROUP": "02",
                                   "TIME_PERIOD": "2009", "hien": "ty-le"})
    lines = table(page)
    assert lines[0] == ["Địa bàn", "Tày"]
    assert ["Thái Nguyên", "11,69"] in lines
    said = words(page)
    assert "Dân số theo dân tộc (% trong từng địa bàn): Tày, theo tỉnh, 2009" in said
    html = page.content.decode()
    assert '<option value="02" selected>Tày</option>' in html
    assert '<a href="/dia-ban/province/19/">Thái Nguyên</a>' in html
    newest = reader.get("/ban-do/", {"so": "DEM:DAN_SO|DEM:DS", "ETHNIC_GROUP": "bay"})
    assert "tổng số, mọi dân tộc, theo tỉnh, 2019" in words(newest)
