"""The front page: everything on it comes from releases."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.interfaces.portal import census
from tests.interfaces.portal.pages import words


def test_the_map_of_shares_is_computed_from_the_release(reader: Client) -> None:
    said = words(reader.get("/"))
    assert ("Trong 5 tỉnh có số, ở 3 tỉnh cứ 10 người có từ 8 người trở lên là dân tộc thiểu số"
            in said)
    # 165055 + 22608 + 56067 + 1680 + 335 of 283360
    assert "Bắc Kạn 245.745 86,7" in said
    assert "Tỷ lệ người dân tộc thiểu số trong dân số tỉnh (%), 2019" in said
    assert "từ 80 (3 tỉnh)" in said
    assert "chưa có: 58 tỉnh" in said
    assert "Hoàng Sa" in said


def test_what_is_new_is_listed_and_readable(reader: Client) -> None:
    page = reader.get("/")
    said = words(page)
    assert "25/11/2025 Dân số năm tỉnh" in said
    for sign in ("bảo mật", "chưa có", "Đã đếm và không có trường hợp nào."):
        assert sign in said


def test_main_figures_follow_the_releases(reader: Client, people: dict[str, Any]) -> None:
    assert "Những con số chính" not in words(reader.get("/"))
    census.decided(people["drafter"], ("province", "region"), ("region", "country"))
    census.release(people, days=1)
    said = words(reader.get("/"))
    assert "Những con số chính" in said
    minority = sum(
        int(number) for numbers in census.CENSUS["2019"].values() for number in numbers[1:])
    assert f"{minority / 1e6:.1f}".replace(".", ",") + " triệu" in said
    assert "người thuộc 5 dân tộc thiểu số" in said
    assert "Số bên cạnh là dân số năm 2019." in said
