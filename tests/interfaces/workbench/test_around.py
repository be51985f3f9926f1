"""Around the cells: earlier periods, carrying over, how a column is filled."""

from __future__ import annotations

from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.test import Client

from nhasan.collection import queries
from nhasan.metadata import operations as metadata
from tests import factories
from tests.interfaces.workbench.test_entry import boxes, data, plain

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> factories.World:
    """The report of 2024 is approved; the officer is signed in."""
    made = factories.world(period="2024")
    factories.approved(made.report, made.officer, made.reviewer)
    client.force_login(made.officer)
    return made


@pytest.fixture
def now(world: factories.World) -> Any:
    return factories.give(factories.round_of(period="2025"), "XA-BABE", "01900")


def page_of(client: Client, row: Any, more: str = "") -> str:
    return client.get(f"/viec/bao-cao/{row.pk}/{more}").content.decode()


def test_the_period_before_is_offered_beside_the_cells(client: Client, now: Any) -> None:
    page = page_of(client, now)
    assert data(page, "grid-earlier") == {"previous": {"label": "Năm 2024"}}
    assert data(page, "grid-previous")["ho/tay/tong"] == "62"


def test_the_same_quarter_of_last_year_is_offered_too(
    client: Client, world: factories.World,
) -> None:
    for period in ("2024-Q3", "2025-Q2"):
        row = factories.give(factories.round_of(period=period), "XA-BABE", "01900")
        factories.approved(row, world.officer, world.reviewer)
    row = factories.give(factories.round_of(period="2025-Q3"), "XA-BABE", "01900")
    earlier = data(page_of(client, row), "grid-earlier")
    assert earlier["previous"] == {"label": "Quý II năm 2025"}
    assert earlier["year"]["label"] == "Quý III năm 2024"
    assert earlier["year"]["values"]["ho/tay/tong"] == "62"


def test_figures_are_carried_over_coloured_and_taken_back(client: Client, now: Any) -> None:
    assert 'id="lay-ky-truoc"' in page_of(client, now)
    response = client.post(f"/viec/bao-cao/{now.pk}/lay-ky-truoc/")
    assert response["Location"] == f"/viec/bao-cao/{now.pk}/?lay=1"
    page = page_of(client, now, "?lay=1")
    assert "Đã lấy số kỳ trước vào 12 ô trống" in plain(page)
    assert boxes(page)["ho/tay/tong"]["value"] == "62"
    assert page.count("o-vua-dan") == 12
    assert 'id="lay-ky-truoc"' not in page
    client.post(f"/viec/bao-cao/{now.pk}/hoan-tac/", {"number": "1", "ve": "bang"})
    assert boxes(page_of(client, now))["ho/tay/tong"]["value"] == ""


def test_only_the_last_save_is_offered_to_be_taken_back(
    client: Client, world: factories.World, now: Any,
) -> None:
    client.post(f"/viec/bao-cao/{now.pk}/lay-ky-truoc/")
    for number in ("0", "2", "x", "9" * 30):
        assert "Đã lấy số kỳ trước" not in page_of(client, now, f"?lay={number}")
    factories.fill(now, world.officer, {"thon/o1/ghi_chu": "x"}, ())
    assert "Đã lấy số kỳ trước" not in page_of(client, now, "?lay=1")


def test_without_an_earlier_report_nothing_is_offered(client: Client) -> None:
    made = factories.world()
    client.force_login(made.officer)
    page = page_of(client, made.report)
    assert data(page, "grid-earlier") == {}
    assert "lay-ky-truoc" not in page
    assert "data-compare" not in page
    assert client.post(f"/viec/bao-cao/{made.report.pk}/lay-ky-truoc/").status_code == 409


def test_a_column_says_how_it_is_filled(client: Client) -> None:
    form = deepcopy(factories.FORM)
    form["tables"][0]["columns"][0]["columns"][0]["note"] = "Đếm cả hộ tạm trú trên 6 tháng."
    made = factories.world(form=form)
    client.force_login(made.officer)
    page = page_of(client, made.report)
    words = plain(page)
    assert "Tổng số hộ, Số hộ Đơn vị tính: hộ. Đếm cả hộ tạm trú trên 6 tháng." in words
    assert "Chỉ tiêu: Số hộ dân cư" in words
    assert 'href="/viec/chi-tieu/THU/1.0.0/ma/01/"' in page
    assert words.count("Số hộ dân cư") == 1
    assert data(page, "grid-about")["ho/tong"] == "Đếm cả hộ tạm trú trên 6 tháng."


def test_the_page_asks_no_more_for_more_notes(
    client: Client, world: factories.World, now: Any, django_assert_max_num_queries: Any,
) -> None:
    client.get(f"/viec/bao-cao/{now.pk}/")
    with django_assert_max_num_queries(50):
        client.get(f"/viec/bao-cao/{now.pk}/")
    assert queries.notes_of(now) == {}


def test_a_report_keeps_the_definitions_it_was_asked_with(client: Client, now: Any) -> None:
    metadata.draft_indicator_set(
        actor=factories.HOUSE, agency="THU", identifier="THU", version="2.0.0", name_vi="Bộ mới",
        source="", decision={"number": "9"}, completeness="", illustrative=True, at=factories.AT,
        indicators=[{"key": key, "name_vi": f"Tên mới {key}"} for key in ("01", "02", "03")])
    metadata.put_in_force(
        actor=factories.HOUSE, kind="indicator_set", identifier="THU", version="2.0.0",
        on=date(2025, 12, 1), at=factories.AT)
    page = page_of(client, now)
    assert "/THU/1.0.0/" in page
    assert "Tên mới" not in page
    assert "/THU/2.0.0/" not in page
