"""A table of the public, read on the map of another day."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from nhasan.areas import operations as areas
from nhasan.areas.operations import NewArea, NewLink, NewShare
from nhasan.domain.access import Actor
from nhasan.engines.recasting import TableOnMap, recast_table
from nhasan.releases.queries import recasting
from nhasan.releases.queries.keeping import Shelf
from tests.factories import AT, HOUSE
from tests.interfaces.portal.census import ADDRESS, ENDED
from tests.interfaces.portal.pages import figure_links, table, words

DAY = {"ngay": "2025-07-01", "ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"}


HEIR_OF_HA_GIANG = NewLink("province", "02", "01", "full")


@pytest.fixture
def lost(people: dict[str, Actor]) -> Client:
    """Bắc Kạn and Thái Nguyên are one province; Cao Bằng is split; Hà Giang has no heir."""
    areas.register(actor=HOUSE, source="bản đồ thử", at=AT, areas=[
        NewArea("province", code, "Tỉnh", name, "country", "VN", ENDED, None, area_km2=km2)
        for code, name, km2 in (("01", "Hà Nội", "10"), ("04", "Cao Bằng", "30"),
                                ("05", "Pác Bó", "10"), ("19", "Thái Nguyên", "20"))
    ])
    enacted("202", NewLink("province", "01", "01", "full"),
            NewLink("province", "06", "19", "full"), NewLink("province", "19", "19", "full"),
            NewLink("province", "04", "04", "partial"), NewLink("province", "04", "05", "partial"))
    return Client()


@pytest.fixture
def merged(lost: Client) -> Client:
    """Hà Giang went into Hà Nội."""
    enacted("203", HEIR_OF_HA_GIANG)
    return lost


def enacted(decree: str, *links: NewLink) -> None:
    areas.enact(actor=HOUSE, decree=decree, title="Sắp xếp", on=ENDED, source="thử", at=AT,
                links=links)


def rows(reader: Client, asked: dict[str, str]) -> list[dict[str, Any]]:
    answer = reader.get(f"{ADDRESS}/figures.csv", asked)
    assert answer.status_code == 200
    return [row for row in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
            if row["AREA_LEVEL"] == "province"]


def test_as_reported_the_page_offers_the_newest_map(merged: Client) -> None:
    page = merged.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"})
    assert ["Bắc Kạn", "165.055"] in table(page)
    assert "Như đã báo cáo" in words(page)
    assert "ngay=2025-07-01" in page.content.decode()


def test_on_the_new_map_whole_provinces_add_up(merged: Client) -> None:
    page = merged.get(ADDRESS, DAY)
    assert ["Thái Nguyên", "315.459"] in table(page)  # 165.055 and 150.404
    assert ["Hà Nội", "211.938"] in table(page)
    said = words(page)
    assert "quy đổi theo bản đồ ngày 01/07/2025" in said
    assert "nhận phần của đơn vị bị tách mà chưa chọn cách chia" in said
    assert ["Pác Bó", "chưa có"] in table(page)
    assert not figure_links(page), "a figure on another map has no page of its own"


def test_who_may_have_taken_in_a_lost_province_tells_nothing(lost: Client) -> None:
    page = lost.get(ADDRESS, {**DAY, "chia": "deu"})
    assert ["Hà Nội", "19.236"] in table(page), "it lay in another region"
    assert ["Thái Nguyên", "chưa có"] in table(page)
    assert "1 tỉnh không rõ nhập về đâu" in words(page)


def test_a_split_by_area_is_an_estimate_in_page_and_files(merged: Client) -> None:
    asked = {**DAY, "chia": "dien-tich"}
    page = merged.get(ADDRESS, asked)
    lines = {line[0]: line[1] for line in table(page)}
    assert lines["Cao Bằng"] == "≈ 162.433 (ước tính, chia theo diện tích)"  # ¾ of 216.577
    assert lines["Pác Bó"].startswith("≈ 54.144")
    assert "Số có dấu ≈ là ước tính: nơi bị tách được chia theo diện tích." in words(page)
    told = {row["REF_AREA"]: (row["OBS_VALUE"], row["OBS_STATUS"]) for row in rows(merged, asked)}
    assert told["05"] == ("54144", "E")
    assert told["19"] == ("315459", "A")
    book = load_workbook(io.BytesIO(merged.get(f"{ADDRESS}/figures.xlsx", asked).content))
    marked = {cell.value for sheet in book for line in sheet for cell in line
              if cell.number_format.startswith('"≈ "')}
    assert {162433, 54144} <= marked
    assert 315459 not in marked


def offered(page: Any) -> list[str]:
    return re.findall(r'<option value="([^"]*)"', page.content.decode().partition("l-chia")[2])


def test_only_keys_that_there_are_between_the_maps_are_offered(merged: Client) -> None:
    page = merged.get(ADDRESS, DAY)
    assert offered(page) == ["", "dien-tich", "deu"]
    wrong = merged.get(ADDRESS, {**DAY, "chia": "bang"})
    assert "Cách chia đã chọn không dùng được" in words(wrong)
    assert 'aria-describedby="l-chia-loi"' in wrong.content.decode()
    areas.set_shares(
        actor=HOUSE, level="province", on=ENDED, number="12/QĐ-UBND", source="thử", at=AT,
        shares=[NewShare("04", "04", Fraction(9, 10)), NewShare("04", "05", Fraction(1, 10))])
    page = merged.get(ADDRESS, {**DAY, "chia": "bang"})
    assert offered(page) == ["", "bang", "dien-tich", "deu"]
    assert "chia theo bảng của 12/QĐ-UBND (ước tính)" in page.content.decode()
    lines = {line[0]: line[1] for line in table(page)}
    assert lines["Pác Bó"] == "≈ 21.658 (ước tính, chia theo bảng quy định)"  # of 216.577
    assert offered(merged.get(ADDRESS, {**DAY, "ngay": "2019-01-01"})) == [], "nothing is split"


def test_the_sum_of_a_country_stays(merged: Client) -> None:
    plain = {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"}
    for asked in (plain, {**DAY, "chia": "deu"}):
        assert sum(int(row["OBS_VALUE"]) for row in rows(merged, asked)) == 743974


def share(page: Any, place: str) -> str:
    return {line[0]: line[1] for line in table(page)}[place]


def test_shares_are_told_of_recast_parts_and_recast_wholes(merged: Client) -> None:
    whole = table(merged.get(ADDRESS, {**DAY, "ETHNIC_GROUP": "_T"}))
    total = {line[0]: line[1] for line in whole}["Thái Nguyên"]
    page = merged.get(ADDRESS, {**DAY, "hien": "ty-le"})
    told = 100 * 315459 / int(total.replace(".", ""))
    assert share(page, "Thái Nguyên") == f"{told:.2f}".replace(".", ",")
    assert share(page, "Pác Bó") == "chưa có"
    assert not figure_links(page)
    split = merged.get(ADDRESS, {**DAY, "hien": "ty-le", "chia": "deu"})
    assert "(ước tính, chia đều)" in share(split, "Pác Bó")


@pytest.mark.parametrize("day", ["hôm qua", "2025-13-01", "0001-01-01"])
def test_a_day_that_cannot_be_read_is_said_beside_its_field(merged: Client, day: str) -> None:
    page = merged.get(ADDRESS, {**DAY, "ngay": day})
    assert page.status_code == 200
    assert ["Bắc Kạn", "165.055"] in table(page)
    assert 'id="l-ngay-loi"' in page.content.decode()
    assert merged.get(f"{ADDRESS}/figures.csv", {"ngay": day}).status_code == 422


def test_a_program_hears_of_a_key_that_nobody_knows(merged: Client) -> None:
    page = merged.get(f"{ADDRESS}/figures.csv", {"ngay": "2025-07-01", "chia": "x"})
    assert page.status_code == 422


def test_a_map_that_is_mended_gives_another_page(lost: Client) -> None:
    before = lost.get(ADDRESS, DAY)
    enacted("203", HEIR_OF_HA_GIANG)
    after = lost.get(ADDRESS, DAY)
    assert before.headers["ETag"] != after.headers["ETag"]
    assert ["Hà Nội", "211.938"] in table(after)
    assert "max-age=31536000" not in lost.get(
        f"{ADDRESS}/1.0.0/figures.csv", DAY).headers["Cache-Control"]


def test_days_of_one_map_are_read_once(merged: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []

    def counted(*given: object) -> TableOnMap:
        read.append(given)
        return recast_table(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(recasting, "recast_table", counted)
    monkeypatch.setattr(recasting, "_shelf", Shelf(recasting.MOST_FIGURES))
    pages = [merged.get(ADDRESS, {**DAY, "ngay": f"{day:%Y-%m-%d}"})
             for day in (ENDED, date(2026, 1, 1), date(2031, 5, 6))]
    assert table(pages[0]) == table(pages[1]) == table(pages[2])
    assert len(read) == 1
    assert "bản đồ ngày 06/05/2031" in words(pages[2])
