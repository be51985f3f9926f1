"""Shares: percent of a whole that was released, and none where part or whole is not told."""

from __future__ import annotations

import csv
import io
from decimal import Decimal

import pytest
from django.test import Client

from nhasan.domain.observations import CONFIDENTIAL, NOT_APPLICABLE, NOT_REPORTED, Figure, reported
from nhasan.interfaces.portal.holdings import Cell
from nhasan.interfaces.portal.shares import share
from tests.interfaces.portal.census import ADDRESS
from tests.interfaces.portal.pages import download, table, words


def of(figure: Figure) -> Cell:
    return Cell((), figure, 0, "")


@pytest.mark.parametrize(("part", "whole", "expected"), [
    (reported(1), of(reported(8)), Figure(Decimal("12.5"))),
    (reported(0), of(reported(8)), Figure(Decimal(0))),
    (CONFIDENTIAL, of(reported(8)), CONFIDENTIAL),
    (NOT_REPORTED, of(reported(8)), NOT_REPORTED),
    (reported(3), of(CONFIDENTIAL), CONFIDENTIAL),
    (reported(3), of(NOT_REPORTED), NOT_REPORTED),
    (reported(3), None, NOT_REPORTED),
    (reported(0), of(reported(0)), NOT_APPLICABLE),
])
def test_a_share_is_told_only_where_both_are(
    part: Figure, whole: Cell | None, expected: Figure,
) -> None:
    assert share(part, whole) == expected


def test_a_group_in_each_province(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019", "hien": "ty-le",
                                "sap": "-0"})
    lines = table(page)
    assert lines[1:3] == [["Cao Bằng", "59,90"], ["Bắc Kạn", "58,25"]]  # 165.055 of 283.360
    assert ["Hà Nội", "0,24"] in lines
    said = words(page)
    assert "Dân số theo dân tộc (% trong từng địa bàn): Tày, theo tỉnh, 2019" in said
    assert "cao nhất: Cao Bằng (59,90%)" in said
    assert "Đơn vị: %" in said


def test_the_groups_of_a_province_make_up_the_whole(reader: Client) -> None:
    page = reader.get(ADDRESS, {"REF_AREA": "06", "TIME_PERIOD": "2019", "hien": "ty-le"})
    lines = table(page)
    assert ["Tày", "58,25"] in lines
    assert lines[-1] == ["Tổng số", "100,00"]


def test_a_province_in_the_region_above_it(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019", "hien": "phan-bo"})
    lines = table(page)
    assert ["Bắc Kạn", "22,77"] in lines  # 165.055 of 724.738
    assert ["Hà Nội", "100,00"] in lines
    assert "(% của cả vùng)" in words(page)


def test_what_lacks_a_whole_has_no_share(reader: Client) -> None:
    lines = table(reader.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2009",
                                       "hien": "ty-le"}))
    assert ["Bắc Kạn", "chưa có"] in lines  # one group was not reported, so the total is not known
    assert ["Thái Nguyên", "11,69"] in lines


def test_a_page_of_totals_says_why_all_is_the_same(reader: Client) -> None:
    said = words(reader.get(ADDRESS, {"TIME_PERIOD": "2019", "hien": "ty-le"}))
    assert "Đang xem tổng số, nên tỷ lệ luôn là 100%. Hãy chọn một dân tộc ở trên." in said


def test_the_switch_keeps_the_choice(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"})
    html = page.content.decode().replace("&amp;", "&")
    assert "ETHNIC_GROUP=02&TIME_PERIOD=2019&hien=ty-le" not in html.split("<nav class")[0]
    assert "ETHNIC_GROUP=02" in html.split('class="chuyen"')[1].split("</nav>")[0]
    assert "hien=ty-le" in html.split('class="chuyen"')[1].split("</nav>")[0]
    assert "Số người" in words(page)


def test_files_keep_figures_with_the_whole_of_each_share(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019", "hien": "ty-le"})
    answer = reader.get(download(page, "csv"))
    found = {
        (line["REF_AREA"], line["ETHNIC_GROUP"]): line["OBS_VALUE"]
        for line in csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    }
    assert (found["06", "02"], found["06", "_T"]) == ("165055", "283360")


def test_an_unknown_way_shows_figures(reader: Client) -> None:
    asked = {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"}
    plain = table(reader.get(ADDRESS, asked))
    assert table(reader.get(ADDRESS, {**asked, "hien": "gi-do"})) == plain
    national = reader.get(ADDRESS, {"AREA_LEVEL": "region", **asked, "hien": "phan-bo"})
    assert table(national)[-1] == ["Trung du và miền núi phía Bắc", "724.738"]
