"""The ethnic groups: by family, one by one, with names that they share."""

from __future__ import annotations

from django.test import Client

from tests.interfaces.portal.census import ADDRESS
from tests.interfaces.portal.pages import table, words


def test_groups_stand_by_language_family(reader: Client) -> None:
    said = words(reader.get("/dan-toc/"))
    assert "6 dân tộc" in said
    assert "Ngữ hệ Thái - Ka Đai (2 dân tộc)" in said
    assert "Ngữ hệ Mông - Dao (2 dân tộc)" in said


def test_a_group_shows_its_names_and_where_it_lives(reader: Client) -> None:
    page = reader.get("/dan-toc/18/")
    said = words(page)
    assert "Dân tộc Sán Dìu" in said
    assert "Mán (cũng là tên gọi khác của Dao)" in said
    assert "18 theo danh mục năm 1979; 17 theo danh mục năm 2008" in said
    assert table(page)[0] == ["Địa bàn", "Sán Dìu", "% dân số của nơi đó"]
    assert table(page)[1] == ["Thái Nguyên", "56.477", "4,74"]
    assert "Quần đảo Trường Sa" in said
    assert f"{ADDRESS}?ETHNIC_GROUP=18" in page.content.decode()
    assert 'class="sap"' not in page.content.decode()


def test_a_code_that_is_no_group_is_not_found(reader: Client) -> None:
    assert reader.get("/dan-toc/55/").status_code == 404
    assert reader.get("/dan-toc/_T/").status_code == 404
