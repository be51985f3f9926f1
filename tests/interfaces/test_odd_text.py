"""Text that no database holds, and text without measure, is refused wherever it stands."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world()


@pytest.fixture
def officer(client: Client, world: factories.World) -> Client:
    client.force_login(world.officer)
    return client


@pytest.mark.parametrize("path", [
    "/data/NHASAN/%00", "/data/%00/POVERTY", "/chi-tieu/%00/x/", "/tim/?q=%00",
])
def test_a_visitor_is_told(client: Client, path: str) -> None:
    assert client.get(path).status_code in (400, 404)


@pytest.mark.parametrize("path", [
    "/viec/dia-gioi/?q=%00", "/viec/dia-gioi/commune/%00/", "/viec/chi-tieu/?q=%00",
    "/viec/chi-tieu/%00/1/", "/viec/danh-muc-ma/%00/1/", "/viec/bieu-mau/%00/1.0/",
])
def test_an_official_is_told(officer: Client, path: str) -> None:
    assert officer.get(path).status_code in (400, 404)


def test_a_field_of_a_form_is_told(officer: Client, world: factories.World) -> None:
    answer = officer.post(f"/viec/bao-cao/{world.report.pk}/ly-do/", {"ly-do:x|y": "\x00"})
    assert answer.status_code == 400
    assert "ký tự lạ" in answer.content.decode()


@pytest.mark.parametrize("reasons", [
    {"a|b": "\x00"}, {"a\x00|b": "vì"}, {"không có gạch": "vì"}, {"a|b": "\ud800"},
])
def test_a_body_is_told(
    officer: Client, world: factories.World, reasons: dict[str, str],
) -> None:
    answer = officer.put(
        f"/api/v1/assignments/{world.report.pk}/reasons", json.dumps({"reasons": reasons}),
        content_type="application/json")
    assert answer.status_code in (400, 422)


def test_reasons_are_kept_up_to_a_measure(officer: Client, world: factories.World) -> None:
    def explain(first: int) -> int:
        reasons = {f"unusual-change|o/{number}/x": "vì" for number in range(first, first + 200)}
        return officer.put(
            f"/api/v1/assignments/{world.report.pk}/reasons", {"reasons": reasons},
            content_type="application/json").status_code

    assert [explain(first) for first in range(0, 1200, 200)] == [200] * 5 + [422]


def test_a_page_number_without_end_is_the_first_page(
    officer: Client, world: factories.World,
) -> None:
    address = f"/viec/bao-cao/{world.report.pk}/"
    assert officer.get(address, {"trang": "9" * 5000}).status_code == 200
    assert officer.post(address, {"seen": "[" * 100_000}).status_code in (200, 302, 422)
