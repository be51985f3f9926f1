"""The board of new indicators: nothing new, not asked for yet, not filled in, filled in."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.metadata import operations as metadata
from tests import factories
from tests.factories import AT, HOUSE, INDICATORS
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
PAGE = "/viec/tien-do/chi-tieu-moi/"
NEW = ("08", "Số hộ có nước sạch", "hộ", 0, "sum")


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def _amended() -> None:
    metadata.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="THU", version="2.0.0", name_vi="Bộ chỉ tiêu thử",
        source="thử", decision={}, completeness="", illustrative=True, at=AT,
        indicators=[
            {"key": key, "name_vi": name, "unit": unit, "decimals": decimals,
             "adds_over_area": adds}
            for key, name, unit, decimals, adds in (*INDICATORS, NEW)
        ],
    )
    metadata.put_in_force(
        actor=HOUSE, kind="indicator_set", identifier="THU", version="2.0.0",
        on=date(2025, 11, 1), at=AT)


def test_the_board_goes_from_nothing_new_to_who_has_not_filled(house: factories.World) -> None:
    client = signed_in(house.manager)
    assert "Không có bộ chỉ tiêu đang áp dụng nào" in words(client.get(PAGE))
    _amended()
    page = client.get(PAGE)
    said = words(page)
    assert "Chưa có báo cáo nào hỏi các chỉ tiêu mới này." in said
    assert 'href="/viec/yeu-cau-dot-xuat/"' in page.content.decode()
    assert "1 chỉ tiêu mới của Bộ chỉ tiêu thử, phiên bản 2.0.0" in said
    form: dict[str, Any] = {
        "id": "NUOC-SACH", "version": "1.0.0", "title": "Nước sạch", "tables": [{
            "id": "nuoc", "title": "Nước sạch",
            "rows": [{"id": "xa", "label": "Toàn xã"}],
            "columns": [{"id": "ho", "label": "Hộ", "bind": {"INDICATOR": "THU:08"}}]}]}
    factories.publish(form)
    held = factories.round_of(form, period="2025")
    report = factories.give(held, "XA-BABE", "01900")
    factories.give(held, "XA-CHORA", "01903")
    assert "2 trên 2 báo cáo chưa điền ô nào" in words(client.get(PAGE, {"bo": "THU"}))
    factories.fill(report, house.officer, {"nuoc/xa/ho": "12"}, ())
    said = words(client.get(PAGE, {"bo": "KHONG-CO"}))
    assert "1 trên 2 báo cáo chưa điền ô nào" in said
    assert said.index("Xã Chợ Rã") < said.index("Xã Ba Bể")
    neighbour = words(signed_in(house.neighbour).get(PAGE))
    assert "Xã Ba Bể" not in neighbour
