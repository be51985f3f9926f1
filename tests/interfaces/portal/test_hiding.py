"""What is hidden stays hidden, on every page and in every file; what is invented says so."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.factories import AT
from tests.interfaces.portal.pages import words
from tests.releases.conftest import House, house, stage

__all__ = ["house", "stage"]


@pytest.mark.django_db
def test_a_hidden_figure_stays_hidden(house: House, client: Client) -> None:
    house.published(AT)
    base = "/data/THU/THU/1.0.0/o"
    page = client.get(f"{base}/THU:03/commune/01903/2025/08/_T")
    said = words(page)
    assert page.status_code == 200
    assert "Số này được bảo mật" in said
    assert "Số đếm từ 1 đến 4 không hiện, ghi là bảo mật" in said
    assert "số liệu minh hoạ" in said
    assert " 3 hộ" not in said
    table = client.get("/data/THU/THU", {
        "INDICATOR": "THU:03", "AREA_LEVEL": "commune", "ETHNIC_GROUP": "08", "VILLAGE": "_T"})
    assert "bảo mật" in words(table)
    file = client.get("/data/THU/THU/1.0.0/figures.csv", {"INDICATOR": "THU:03"})
    assert ",Q,C," in file.content.decode()
    assert file["Content-Disposition"].endswith('THU-1.0.0-so-lieu-minh-hoa.csv"')
    edition = words(client.get("/data/THU/THU/1.0.0/ban-cong-bo"))
    assert "bảo mật: " in edition
    assert "Đã giải mọi dòng tổng cùng một lúc" in edition
