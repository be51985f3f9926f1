"""A figure explains itself, down to the report, and within the reader's authority."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.areas import operations as areas
from nhasan.areas.models import Area
from nhasan.areas.operations import NewArea, NewLink
from nhasan.metadata import operations as metadata
from nhasan.processing.operations import refresh_working_cube
from tests.factories import AT, HOUSE
from tests.interfaces.workbench.seeing import signed_in, words
from tests.processing.conftest import FLOW, Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.django_db
PAGE = f"/viec/so-lieu/{FLOW}/"
RATE = {"chi_tieu": "THU-TL:TL", "cap": "province", "dia_ban": "19", "ky": "2025"}


@pytest.fixture
def house(stage: Stage) -> Stage:
    metadata.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="THU-TL", version="1.0.0", name_vi="Tỷ lệ thử",
        source="thử", decision={}, completeness="", illustrative=True, at=AT, indicators=[{
            "key": "TL", "name_vi": "Tỷ lệ hộ nghèo", "unit": "%", "decimals": 1,
            "value_kind": "rate", "formula": "[THU:03] / [THU:01] * 100"}])
    metadata.put_in_force(actor=HOUSE, kind="indicator_set", identifier="THU-TL",
                          version="1.0.0", on=date(2025, 1, 1), at=AT)
    return stage


def asked(who: Any, **given: str) -> Any:
    return signed_in(who).get(PAGE, {**RATE, **given})


def test_a_rate_shows_its_formula_with_numbers_down_to_the_report(house: Stage) -> None:
    refresh_working_cube(actor=HOUSE, at=AT)
    reviewer = house.world.reviewer
    said = words(asked(reviewer))
    assert "12,8 %" in said  # 51 of 400, as the run says
    assert "[THU:03] / [THU:01] * 100" in said
    assert "51 hộ" in said
    assert "400 hộ" in said
    below = words(asked(reviewer, chi_tieu="THU:03"))
    assert "Cộng các địa bàn bên dưới" in below
    assert "Ba Bể 28 hộ" in below
    codes = words(asked(reviewer, chi_tieu="THU:03", cap="commune", dia_ban="01900"))
    assert "Tày 11 hộ" in codes
    page = asked(reviewer, chi_tieu="THU:03", cap="commune", dia_ban="01900", ETHNIC_GROUP="02")
    assert "Một đơn vị đã báo cáo số này" in words(page)
    assert "mã nhận" in words(page)
    assert "/viec/" in page.content.decode()


def test_before_the_first_beat_the_page_says_so_and_looks_again(house: Stage) -> None:
    page = asked(house.world.reviewer)
    assert "Số liệu đang được chuẩn bị" in words(page)
    assert 'hx-trigger="every 2s"' in page.content.decode()
    refresh_working_cube(actor=HOUSE, at=AT)
    settled = asked(house.world.reviewer)
    assert "khi tải lại trang" in words(settled)
    assert "hx-trigger" not in settled.content.decode()


def test_figures_of_other_units_are_not_told(house: Stage) -> None:
    refresh_working_cube(actor=HOUSE, at=AT)
    for area, level in (("01900", "commune"), ("19", "province")):
        said = words(asked(house.world.neighbour, cap=level, dia_ban=area))
        assert "chưa có" in said
        assert "12,8" not in said
        assert "mã nhận" not in said
    sibling = words(asked(house.world.other_officer, cap="commune", dia_ban="01900"))
    assert "28 hộ" not in sibling
    # A commune's officer sees the province without its sibling's part, so without a figure.
    own = words(asked(house.world.other_officer, chi_tieu="THU:03"))
    assert "23 hộ" in own
    assert "51" not in own


@pytest.mark.parametrize("given", [
    {"chi_tieu": "THU:99"}, {"cap": "thôn"}, {"ky": "hai không hai lăm"},
])
def test_what_is_not_there_is_not_found(house: Stage, given: dict[str, str]) -> None:
    assert asked(house.world.reviewer, **given).status_code == 404
    assert signed_in(house.world.reviewer).get("/viec/so-lieu/KHAC/", RATE).status_code == 404


def test_a_draft_has_no_figures(house: Stage) -> None:
    metadata.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="NHAP", version="1.0.0", name_vi="Bản thảo",
        source="", decision={}, completeness="", illustrative=True, at=AT,
        indicators=[{"key": "A", "name_vi": "Vòng", "formula": "[A] + [KHONG:CO]"}])
    assert asked(house.world.reviewer, chi_tieu="NHAP:A").status_code == 404


def test_without_an_area_it_is_the_reader_s_own(house: Stage) -> None:
    refresh_working_cube(actor=HOUSE, at=AT)
    page = signed_in(house.world.reviewer).get(PAGE, {"chi_tieu": "THU:01"})
    assert page.status_code == 200
    assert "Thái Nguyên" in words(page)


def test_the_page_asks_few_questions_whatever_is_beneath(
    house: Stage, django_assert_max_num_queries: Any,
) -> None:
    refresh_working_cube(actor=HOUSE, at=AT)
    reader = signed_in(house.world.reviewer)
    with django_assert_max_num_queries(30):
        assert "12,8 %" in words(reader.get(PAGE, RATE))


def merged(house: Stage) -> dict[str, str]:
    """On 1 January 2026 Ba Bể took in Chợ Rã; return what is asked of Ba Bể."""
    day = date(2026, 1, 1)
    Area.objects.filter(code__in=("01900", "01903"), valid_to=None).update(valid_to=day)
    areas.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("commune", "01900", "Xã", "Ba Bể", "province", "19", day, None)])
    areas.enact(actor=HOUSE, decree="9", title="Nhập", on=day, source="thử", at=AT, links=[
        NewLink("commune", code, "01900", "full") for code in ("01900", "01903")])
    refresh_working_cube(actor=HOUSE, at=AT)
    return {"cap": "commune", "dia_ban": "01900", "ngay": "2026-02-01"}


def test_the_periods_of_a_figure_are_read_on_the_map_of_a_day(house: Stage) -> None:
    given = merged(house)
    reviewer = house.world.reviewer
    said = words(asked(reviewer, chi_tieu="THU:03", **given))
    assert "Qua các kỳ, quy đổi theo bản đồ ngày 01/02/2026" in said
    assert "51 hộ cộng 2 nơi" in said
    rate = words(asked(reviewer, **given))
    assert "12,8 % tỷ lệ tính lại từ các số đã quy đổi" in rate
    tay = words(asked(reviewer, chi_tieu="THU:01", ETHNIC_GROUP="02", **given))
    assert "162 hộ cộng 2 nơi" in tay


def test_a_part_that_the_reader_may_not_see_leaves_the_whole_untold(house: Stage) -> None:
    given = merged(house)
    own = words(asked(house.world.other_officer, chi_tieu="THU:03", **given))
    assert "chưa đủ: 1/2" in own
    assert "51" not in own


def test_a_day_without_the_place_is_said_beside_its_field(house: Stage) -> None:
    refresh_working_cube(actor=HOUSE, at=AT)
    for day, said in (("1990-01-01", "Nơi này không có trên bản đồ ngày 01/01/1990"),
                      ("hôm nay", "chưa đọc được")):
        page = asked(house.world.reviewer, cap="commune", dia_ban="01903", chi_tieu="THU:03",
                     ngay=day)
        assert said in words(page)
        assert 'id="l-ngay-loi"' in page.content.decode()
