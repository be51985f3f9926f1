"""Notes and papers over the API: kept, refused, always JSON."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests import factories

pytestmark = pytest.mark.django_db
CELL = "ho/tay/ngheo"


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    client.force_login(made.officer)
    return made


def put(client: Client, world: factories.World, **body: Any) -> Any:
    return client.put(
        f"/api/v1/assignments/{world.report.pk}/notes", body, content_type="application/json")


def hand_in(client: Client, world: factories.World, name: str, content: bytes) -> Any:
    return client.post(
        f"/api/v1/assignments/{world.report.pk}/evidence",
        {"cell": CELL, "file": SimpleUploadedFile(name, content)})


def test_a_note_is_kept_and_comes_back(client: Client, world: factories.World) -> None:
    response = put(client, world, cell=CELL, text="Theo biên bản.")
    assert response.status_code == 200
    assert response.json() == {
        "cell": CELL, "text": "Theo biên bản.", "by": "Hoàng Thị Mai", "papers": []}
    assert put(client, world, cell=CELL, text="").json()["text"] == ""


def test_a_paper_is_kept_beside_the_note(client: Client, world: factories.World) -> None:
    put(client, world, cell=CELL, text="Theo biên bản.")
    answer = hand_in(client, world, "bien-ban.pdf", b"%PDF-1.7").json()
    assert answer["text"] == "Theo biên bản."
    [paper] = answer["papers"]
    assert paper["name"] == "bien-ban.pdf"
    assert b"".join(client.get(paper["url"]).streaming_content) == b"%PDF-1.7"


def test_what_is_unfit_is_refused_in_words(client: Client, world: factories.World) -> None:
    response = hand_in(client, world, "x.exe", b"MZ")
    assert response.status_code == 422
    assert "chỉ nhận tệp PDF" in response.json()["message"]
    assert put(client, world, cell="la/la/la", text="x").status_code == 422
    assert put(client, world, cell=CELL, text="x", more=1).status_code == 422


def test_strangers_find_no_report(client: Client, world: factories.World) -> None:
    for stranger in (world.neighbour, world.other_officer):
        client.force_login(stranger)
        assert put(client, world, cell=CELL, text="x").status_code == 404
        assert hand_in(client, world, "x.pdf", b"%PDF-1.7").status_code == 404
    client.logout()
    assert put(client, world, cell=CELL, text="x").status_code == 401
