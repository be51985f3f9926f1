"""Search: any name of a group, without diacritics; places, indicators and tables too."""

from __future__ import annotations

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhasan.interfaces.portal.searching import named_groups
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
