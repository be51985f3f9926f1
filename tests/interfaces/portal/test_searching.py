"""Search: any name of a group, without diacritics; places, indicators and tables too."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea
from nhasan.interfaces.portal.searching import marked, named_groups
from nhasan.releases.queries import plain
from tests.factories import AT, HOUSE
from tests.interfaces.portal.census import ENDED
from tests.interfaces.portal.pages import words


def test_another_name_without_diacritics_finds_the_group(reader: Client) -> None:
    page = reader.get("/tim/", {"q": "cao lan"})
    said = words(page)
    assert "Dân tộc Sán Chay" in said
    assert "“Cao Lan” là tên gọi khác." in said
    assert 'href="/dan-toc/15/"' in page.content.decode()
    assert "tên gọi của nhiều dân tộc" not in said


def test_a_name_that_groups_share_lists_them_all(reader: Client) -> None:
    said = words(reader.get("/tim/", {"q": "MAN"}))
    assert "“MAN” là tên gọi của nhiều dân tộc. Hãy chọn một." in said
    assert "Dân tộc Dao" in said
    assert "Dân tộc Sán Dìu" in said


@pytest.mark.parametrize("typed", ["bac kan", "Bắc Kạn", "BẮC  KẠN", "kan"])
def test_a_province_of_before_is_found(reader: Client, typed: str) -> None:
    page = reader.get("/tim/", {"q": typed})
    assert 'href="/dia-ban/province/06/"' in page.content.decode()


def test_indicators_and_tables_are_found(reader: Client) -> None:
    page = reader.get("/tim/", {"q": "dan so"})
    assert 'href="/chi-tieu/DEM/DS/"' in page.content.decode()
    assert "Dân số năm tỉnh" in words(page)


def test_nothing_found_shows_ways_on(reader: Client) -> None:
    said = words(reader.get("/tim/", {"q": "qwertyuiop"}))
    assert "Không tìm thấy gì" in said
    assert "Mọi bộ số liệu" in said


def test_the_nearest_name_comes_first(reader: Client) -> None:
    assert named_groups("tay")[0].group.name == "Tày"
    assert named_groups("zzz") == []


@given(typed=st.text(max_size=150))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_typed_is_answered(reader: Client, typed: str) -> None:
    page = reader.get("/tim/", {"q": typed.encode("utf-8", "replace").decode()})
    assert page.status_code == (400 if "\x00" in typed else 200)
    assert "<script>" not in page.content.decode()


@pytest.mark.parametrize("typed", [
    "Tày Bắc Kạn 2019", "tay bac kan 2019", "người Tày ở tỉnh Bắc Kạn năm 2019",
    "Bắc Kạn, Tày, 2019", "dân số Tày Bắc Kạn 2019",
])
def test_a_question_for_one_figure_is_answered_with_it(reader: Client, typed: str) -> None:
    page = reader.get("/tim/", {"q": typed})
    said = words(page)
    assert "Dân số theo dân tộc: Tày, Bắc Kạn, 2019 165.055 người" in said
    assert 'href="/dan-toc/02/"' in page.content.decode()
    assert 'href="/dia-ban/province/06/"' in page.content.decode()


def test_without_a_year_the_newest_figure_answers(reader: Client) -> None:
    said = words(reader.get("/tim/", {"q": "Mông Hà Giang"}))
    assert "Dân số theo dân tộc: Mông, Hà Giang, 2019 292.677 người" in said


def test_a_question_about_a_place_keeps_the_place(reader: Client) -> None:
    page = reader.get("/tim/", {"q": "bắc kạn 2019"})
    assert 'href="/dia-ban/province/06/"' in page.content.decode()
    assert "283.360 người" in words(page)


@pytest.mark.parametrize("typed", ["người Mông", "dân tộc Mông", "nguoi mong"])
def test_little_words_are_looked_past(reader: Client, typed: str) -> None:
    assert 'href="/dan-toc/08/"' in reader.get("/tim/", {"q": typed}).content.decode()


@pytest.mark.parametrize(("typed", "meant"), [("Bắc Kạnn", "bắc kạn"), ("dan soo", "dân số")])
def test_a_slip_of_the_hand_is_asked_about(reader: Client, typed: str, meant: str) -> None:
    said = words(reader.get("/tim/", {"q": typed}))
    assert f"Có phải bạn tìm: {meant}" in said
    assert "Có phải bạn tìm" not in words(reader.get("/tim/", {"q": meant}))


def test_a_place_that_is_no_more_is_found_without_figures(reader: Client) -> None:
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("commune", "01897", "Xã", "Xã Hà Hiệu", "province", "06", None, ENDED)])
    for typed in ("xã Hà Hiệu", "ha hieu", "xã Hà Hiệu, Bắc Kạn"):
        page = reader.get("/tim/", {"q": typed})
        assert 'href="/dia-ban/commune/01897/"' in page.content.decode(), typed
        assert "đến hết ngày 30/06/2025" in words(page)


def test_the_words_looked_for_are_marked_and_nothing_else_is_let_in() -> None:
    assert marked("Số hộ nghèo <b>", "ho ngheo") == (
        "Số <mark>hộ</mark> <mark>nghèo</mark> &lt;b&gt;")


def test_both_spellings_and_everyday_names_are_one() -> None:
    assert plain("Tỉ lệ") == plain("tỷ lệ")
    assert plain("TP.HCM") == plain("Sài Gòn") == plain("thành phố Hồ Chí Minh") == "ho chi minh"
    assert plain("Kinh tế") == "kinh te"
