"""The table page: what it shows by itself, what when asked, and that files say the same."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nhasan.domain.words import number_from
from nhasan.interfaces.portal import answers, drawing, tables
from nhasan.releases import operations
from tests.factories import AT
from tests.interfaces.portal import census
from tests.interfaces.portal.census import ADDRESS
from tests.interfaces.portal.pages import download, figure_links, table, words


def test_a_bare_address_shows_the_view_that_reads_best(reader: Client) -> None:
    page = reader.get(ADDRESS)
    lines = table(page)
    assert page.status_code == 200
    assert lines[0] == ["Địa bàn", "2009", "2019"]
    assert ["Bắc Kạn", "chưa đủ: 5/6", "283.360"] in lines
    assert [line[0] for line in lines[-2:]] == [
        "Đồng bằng sông Hồng", "Trung du và miền núi phía Bắc"]
    assert "Dân số theo dân tộc: tổng số, mọi dân tộc, theo tỉnh, 2009–2019" in words(page)


def test_one_group_by_province(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019", "sap": "-0"})
    lines = table(page)
    assert lines[0] == ["Địa bàn", "Tày"]
    assert lines[1] == ["Cao Bằng", "216.577"]
    assert ["Bắc Kạn", "165.055"] in lines
    assert lines[-1] == ["Trung du và miền núi phía Bắc", "724.738"]
    said = words(page)
    assert ("Trong 5 tỉnh có số, cao nhất: Cao Bằng (216.577); thấp nhất: Hà Nội (19.236)."
            in said)
    assert "Dân số theo dân tộc: Tày, theo tỉnh, 2019" in said
    assert "theo địa giới ngày 01/04/2019" in said
    assert "Quần đảo Hoàng Sa" in said
    assert "Quần đảo Trường Sa" in said
    assert "chưa có: 58 tỉnh" in said


@pytest.mark.parametrize("squares", [True, False])
def test_a_table_of_areas_without_outlines_has_a_square_for_each_or_says_so(
    reader: Client, monkeypatch: pytest.MonkeyPatch, squares: bool,
) -> None:
    asked = {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"}
    assert "Chưa có hình ranh giới" not in words(reader.get(ADDRESS, asked))
    monkeypatch.setattr(drawing, "outlines_of", lambda *_: None)
    if not squares:
        monkeypatch.setattr(drawing, "tiles_of", lambda *_: None)
    answers.drawn.clear()
    drawing._whole.cache_clear()
    page = reader.get(ADDRESS, asked)
    drawing._whole.cache_clear()
    answers.drawn.clear()
    said = words(page)
    in_place = "Chưa có hình ranh giới ngày 01/04/2019, nên mỗi ô vuông là một nơi"
    assert (in_place in said) == squares
    assert ("Không có bản đồ: chưa có hình ranh giới của các tỉnh này ngày 01/04/2019."
            in said) != squares
    assert ("<title>Bắc Kạn: 165.055</title>" in page.content.decode()) == squares
    assert "Quần đảo Hoàng Sa" not in said
    assert ["Bắc Kạn", "165.055"] in table(page)


def test_one_province_by_group(reader: Client) -> None:
    page = reader.get(ADDRESS, {"REF_AREA": "06", "TIME_PERIOD": "2019"})
    lines = table(page)
    assert lines[0] == ["Dân tộc", "Giá trị"]
    assert ["Sán Chay", "1.680"] in lines
    assert lines[-1] == ["Tổng số", "283.360"]
    assert "4 dòng" not in words(page)


def test_lines_and_columns_may_be_chosen(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "*", "TIME_PERIOD": "2019",
                                "dong": "ETHNIC_GROUP", "cot": "REF_AREA"})
    lines = table(page)
    assert lines[0] == ["Dân tộc", "Hà Nội", "Hà Giang", "Cao Bằng", "Bắc Kạn", "Thái Nguyên",
                        "Đồng bằng sông Hồng", "Trung du và miền núi phía Bắc"]
    assert next(line for line in lines if line[0] == "Tày")[4] == "165.055"


def test_every_number_leads_to_its_own_page(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "02", "TIME_PERIOD": "2019"})
    links = figure_links(page)
    assert len(links) == 7
    assert f"{ADDRESS}/1.0.0/o/{census.REF}/province/06/2019/02" in links
    assert all(reader.get(link).status_code == 200 for link in links)


@pytest.mark.parametrize("asked", [
    {}, {"ETHNIC_GROUP": "02"}, {"ETHNIC_GROUP": "*"}, {"ETHNIC_GROUP": ["02", "08"]},
    {"REF_AREA": "06"}, {"REF_AREA": ["06", "04"], "ETHNIC_GROUP": "*"},
    {"AREA_LEVEL": "region"}, {"TIME_PERIOD": "2009", "ETHNIC_GROUP": "18"},
    {"ETHNIC_GROUP": "*", "dong": "TIME_PERIOD", "cot": "ETHNIC_GROUP"},
])
def test_the_file_says_what_the_screen_says(reader: Client, asked: dict[str, Any]) -> None:
    page = reader.get(ADDRESS, asked)
    answer = reader.get(download(page, "csv"))
    assert answer.status_code == 200
    from_file = Counter(
        line["OBS_VALUE"] or line["OBS_STATUS"]
        for line in csv.DictReader(io.StringIO(answer.content.decode()))
    )
    on_screen = Counter(
        cell if cell in ("L", "M", "Q") else str(number_from(cell))
        for link in figure_links(page) for cell in [_cell(reader, page, link)]
    )
    assert from_file == on_screen


def _cell(reader: Client, page: Any, link: str) -> str:
    """Return what the screen says of one figure: its number, or the sign of why there is none."""
    found = re.search(rf'href="{re.escape(link)}">([^<]+)<', page.content.decode())
    assert found
    text = found[1]
    signs = {"chưa": "L", "không": "M", "bảo": "Q"}
    return signs.get(text.split()[0], text)


def test_a_long_table_comes_in_pages(reader: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "LINES", 2)
    monkeypatch.setattr(tables, "LINES", 2)
    answers.drawn.clear()
    asked = {"ETHNIC_GROUP": "15", "TIME_PERIOD": "2019", "sap": "ten"}
    seen = []
    for number in (1, 2, 3):
        page = reader.get(ADDRESS, {**asked, "trang": number})
        seen += [line[0] for line in table(page)[1:]]
        assert f"Trang {number} trên 3, có 5 mục" in words(page)
    assert seen == ["Bắc Kạn", "Cao Bằng", "Hà Giang", "Hà Nội", "Thái Nguyên",
                    "Đồng bằng sông Hồng", "Trung du và miền núi phía Bắc"]
    beyond = reader.get(ADDRESS, {**asked, "trang": 99})
    assert table(beyond)[1][0] == "Thái Nguyên"
    answers.drawn.clear()


def test_what_is_not_known_is_said_and_the_rest_is_shown(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": ["02", "KHONG-CO"]})
    assert page.status_code == 200
    assert "Bộ số liệu này không có: KHONG-CO." in words(page)
    assert "Tày" in words(page)


def test_nothing_at_a_place_is_said_gently(reader: Client) -> None:
    page = reader.get(ADDRESS, {"AREA_LEVEL": "region", "REF_AREA": "06"})
    assert page.status_code == 200
    assert "Không có số liệu nào cho lựa chọn này" in words(page)


_NAMES = st.one_of(
    st.sampled_from(["INDICATOR", "AREA_LEVEL", "REF_AREA", "TIME_PERIOD", "ETHNIC_GROUP", "dong",
                     "cot", "sap", "trang", "q"]),
    st.text(max_size=12),
)
_VALUES = st.one_of(
    st.sampled_from(["*", "", "02", "06", "province", "region", "2019", census.REF, "-0", "1",
                     "ETHNIC_GROUP", "REF_AREA", "TIME_PERIOD", "AREA_LEVEL", "ten", "-ten",
                     "99999999", "٣", "²", "\x00", "' or 1=1 --", "<script>", "../../etc"]),
    st.text(max_size=20),
)


@given(pairs=st.lists(st.tuples(_NAMES, _VALUES), max_size=9))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_address_breaks_a_page(reader: Client, pairs: list[tuple[str, str]]) -> None:
    query = urlencode([(name.encode("utf-8", "replace"), value.encode("utf-8", "replace"))
                       for name, value in pairs])
    page = reader.get(f"{ADDRESS}?{query}")
    assert page.status_code == (400 if "%00" in query else 200)
    assert "<script>" not in page.content.decode()
    file = reader.get(f"{ADDRESS}/1.0.0/figures.json?{query}")
    assert file.status_code in (200, 400, 422)
    if file.status_code == 200:
        json.loads(file.content)


def test_the_lasting_address_shows_the_same_table(reader: Client) -> None:
    page = reader.get(ADDRESS, {"ETHNIC_GROUP": "08", "sap": "-1"})
    found = re.search(r'rel="canonical" href="http://testserver([^"]+)"', page.content.decode())
    assert found
    lasting = found[1].replace("&amp;", "&")
    assert lasting.startswith(f"{ADDRESS}/1.0.0?")
    assert table(reader.get(lasting)) == table(page)
    assert "Tổng điều tra thử. Dân số theo dân tộc: Mông, theo tỉnh, 2009–2019. " in words(page)
    assert "CC BY 4.0" in words(page)


def test_a_newer_version_is_announced_and_a_withdrawn_one_keeps_its_address(
    reader: Client, people: dict[str, Any],
) -> None:
    before = table(reader.get(f"{ADDRESS}/1.0.0"))
    census.decided(people["drafter"], ("province", "region"), ("region", "country"))
    second = census.release(people, days=1)
    old = reader.get(f"{ADDRESS}/1.0.0")
    assert table(old) == before
    assert "Bạn đang xem bản cũ, 1.0.0" in words(old)
    new = reader.get(ADDRESS)
    assert "Bản công bố 1.1.0, ngày 26/11/2025" in words(new)
    assert table(new)[-3][0] == "Việt Nam"
    assert "Bạn đang xem bản cũ" not in words(new)
    edition = words(reader.get(f"{ADDRESS}/1.1.0/ban-cong-bo"))
    assert "Thêm 2 mã: Cả nước, Việt Nam." in edition

    operations.withdraw(
        actor=people["approver"], release=second.pk, reason="Nhầm một tỉnh", at=AT)
    page = reader.get(f"{ADDRESS}/1.1.0")
    assert page.status_code == 200
    assert "Bản công bố này đã được thu hồi" in words(page)
    assert "Nhầm một tỉnh" in words(page)
    assert table(page) == []
    assert reader.get(f"{ADDRESS}/1.1.0/figures.csv").status_code == 410
    assert "Bản công bố 1.0.0" in words(reader.get(ADDRESS))
    assert "Đã thu hồi." in words(reader.get(f"{ADDRESS}/1.0.0/ban-cong-bo"))


def test_addresses_that_lead_nowhere_help(reader: Client) -> None:
    for path in ("/data/DEM/KHONG_CO", f"{ADDRESS}/9.9.9", f"{ADDRESS}/bay-ba",
                 f"{ADDRESS}/1.0.0/o/khong/du", f"{ADDRESS}/1.0.0/figures.exe",
                 f"{ADDRESS}/1.0.0/files/../../manifest.json"):
        page = reader.get(path)
        assert page.status_code == 404, path
        assert "Dân số năm tỉnh" in words(page), path
    assert reader.get(f"{ADDRESS}/?ETHNIC_GROUP=02")["Location"] == f"{ADDRESS}?ETHNIC_GROUP=02"
