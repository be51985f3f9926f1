"""The door for work without a network: the worker, the page, and what a form carries for both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from nhasan.collection import operations
from nhasan.collection.operations import Change
from tests import factories
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def test_the_worker_may_answer_for_the_workbench(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    script = tmp_path / "worker.js"
    script.write_text("// worker", encoding="utf-8")
    monkeypatch.setattr("django.contrib.staticfiles.finders.find", lambda _: str(script))
    answer = client.get("/ngoai-tuyen.js")
    assert answer.content == b"// worker"
    assert answer["Content-Type"] == "text/javascript; charset=utf-8"
    assert answer["Service-Worker-Allowed"] == "/viec/"
    assert "no-cache" in answer["Cache-Control"]
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "worker-src 'self'" in policy


def test_without_the_built_worker_there_is_none(
    client: Client, monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.contrib.staticfiles.finders.find", lambda _: None)
    assert client.get("/ngoai-tuyen.js").status_code == 404


def test_a_browser_learns_how_to_keep_the_workbench(client: Client) -> None:
    answer = client.get("/ngoai-tuyen.webmanifest")
    assert answer["Content-Type"] == "application/manifest+json"
    said = answer.json()
    assert (said["start_url"], said["scope"]) == ("/viec/", "/viec/")
    page = client.get("/dang-nhap/").content.decode()
    assert '<link rel="manifest" href="/ngoai-tuyen.webmanifest">' in page


def test_the_page_without_a_network_names_nobody(world: factories.World) -> None:
    page = signed_in(world.officer).get("/ngoai-tuyen/")
    assert "Máy đang không có mạng" in words(page)
    assert "Hoàng Thị Mai" not in page.content.decode()
    assert "<script" not in page.content.decode()


def test_each_page_says_whose_it_is(world: factories.World) -> None:
    page = signed_in(world.officer).get("/viec/may-nay/").content.decode()
    said = f'<meta name="person" content="{world.officer.pk}" data-unit="XA-BABE" data-enters>'
    assert said in page
    assert 'data-sign-out="/dang-nhap/"' in page
    assert '<meta name="person"' not in Client().get("/dang-nhap/").content.decode()


def test_a_form_says_which_save_it_shows(world: factories.World) -> None:
    client = signed_in(world.officer)
    address = f"/viec/bao-cao/{world.report.pk}/"
    assert 'data-seen="0"' in client.get(address).content.decode()
    operations.save_cells(
        actor=factories.actor(world.colleague), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/tay/tong", "62")], at=factories.AT)
    page = client.get(address).content.decode()
    for said in ('data-seen="1"', 'data-parts="1"', f'data-report="{world.report.pk}"'):
        assert said in page


def test_what_waits_is_told_beside_the_form(world: factories.World) -> None:
    page: Any = signed_in(world.officer).get(f"/viec/bao-cao/{world.report.pk}/")
    for said in ("Đã lưu trên máy này, chưa gửi", "Gửi khi có mạng", "Rút ra để sửa"):
        assert said in words(page)
