"""Cells over the API: saved, in conflict, refused, repeated; always JSON, never a page."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    client.force_login(made.officer)
    return made


def address(world: factories.World, more: str = "/cells") -> str:
    return f"/api/v1/assignments/{world.report.pk}{more}"


def patch(client: Client, world: factories.World, *changes: tuple[str, str, int],
          **body: Any) -> Any:
    sent = {
        "changes": [
            {"cell": cell, "text": text, "base": base} for cell, text, base in changes],
        **body,
    }
    return client.patch(address(world), sent, content_type="application/json")


def text_of(world: factories.World, cell: str) -> str:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    found = queries.draft(row).answers.cells.get(cell)
    return found.text if found else ""


def test_a_change_is_saved_with_its_new_version(client: Client, world: factories.World) -> None:
    response = patch(client, world, ("ho/tay/tong", "62", 0))
    assert response.status_code == 200
    assert response.json() == {
        "saved": [{"cell": "ho/tay/tong", "text": "62", "version": 1}], "conflicts": [],
        "findings": [], "at": "2025-11-25T09:00:00+07:00",
    }
    assert text_of(world, "ho/tay/tong") == "62"


def test_findings_of_the_whole_draft_come_back(client: Client, world: factories.World) -> None:
    response = patch(client, world, ("ho/tay/tong", "62", 0), ("ho/tay/dtts", "70", 0))
    assert response.json()["findings"] == [{
        "code": "dtts-trong-tong", "severity": "error", "cell": "ho/tay/dtts",
        "message": "Hộ DTTS là 70, nhiều hơn tổng số hộ 62. Hãy xem lại hai số.",
        "where": "Tày, Tổng số hộ, Hộ DTTS",
    }]


def test_a_conflict_comes_back_beside_what_was_saved(
    client: Client, world: factories.World,
) -> None:
    operations.save_cells(
        actor=factories.actor(world.colleague), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/tay/tong", "15")], at=factories.AT)
    said = patch(client, world, ("ho/tay/tong", "62", 0), ("ho/nung/tong", "48", 0)).json()
    assert said["conflicts"] == [{
        "cell": "ho/tay/tong", "theirs": "15", "theirs_by": "Nông Văn Bình", "version": 1}]
    assert [each["cell"] for each in said["saved"]] == ["ho/nung/tong"]
    settled = patch(client, world, ("ho/tay/tong", "62", 1)).json()
    assert settled["saved"] == [{"cell": "ho/tay/tong", "text": "62", "version": 2}]


def test_a_lost_answer_is_repeated_without_harm(client: Client, world: factories.World) -> None:
    first = patch(client, world, ("ho/tay/tong", "62", 0))
    again = patch(client, world, ("ho/tay/tong", "62", 0))
    assert first.json() == again.json()


def test_reasons_travel_with_the_cells(client: Client, world: factories.World) -> None:
    key = "nhieu-ho-ngheo|ho/tay/ngheo"
    assert patch(client, world, reasons={key: "Lũ quét."}).status_code == 200
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.reasons == {key: "Lũ quét."}


@pytest.mark.parametrize("body", [
    {"changes": [{"cell": "ho/tay/tong", "text": "1", "base": 0, "force": True}]},
    {"changes": [{"cell": "ho/tay/tong", "text": 62}]},
    {"changes": [{"cell": "ho/tay", "text": "62"}]},
    {"changes": [{"cell": "ho/tay/lạ", "text": "62"}]},
    {"changes": [{"cell": "ho/tong/tong", "text": "62"}]},
    {"changes": [{"cell": "ho/tay/tong", "text": "1", "base": -1}]},
    {"changes": [{"cell": "ho/tay/tong", "text": "1"}] * 501},
    {"changes": [{"cell": "ho/tay/tong", "text": "x" * 2001}]},
    {"change": []},
    [],
])
def test_a_body_of_another_shape_is_refused_and_writes_nothing(
    client: Client, world: factories.World, body: Any,
) -> None:
    response = client.patch(address(world), body, content_type="application/json")
    assert response.status_code == 422
    assert set(response.json()) == {"code", "message"}
    assert text_of(world, "ho/tay/tong") == ""


def test_what_is_no_json_is_refused(client: Client, world: factories.World) -> None:
    response = client.patch(address(world), "{", content_type="application/json")
    assert response.status_code == 400
    assert set(response.json()) == {"code", "message"}


def test_a_stranger_is_asked_to_sign_in(client: Client, world: factories.World) -> None:
    client.logout()
    response = patch(client, world, ("ho/tay/tong", "62", 0))
    assert (response.status_code, response.json()["code"]) == (401, "sign-in")


def test_a_request_without_the_token_of_the_page_is_refused(world: factories.World) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(world.officer)
    response = patch(client, world, ("ho/tay/tong", "62", 0))
    assert (response.status_code, response.json()["code"]) == (403, "csrf")
    assert text_of(world, "ho/tay/tong") == ""


def test_a_neighbour_finds_nothing(client: Client, world: factories.World) -> None:
    for stranger in (world.other_officer, world.neighbour):
        client.force_login(stranger)
        assert patch(client, world, ("ho/tay/tong", "62", 0)).status_code == 404
        assert client.get(address(world, "")).status_code == 404
    client.force_login(world.reviewer)
    refused = patch(client, world, ("ho/tay/tong", "62", 0))
    assert (refused.status_code, refused.json()["code"]) == (403, "forbidden")


def test_a_closed_round_says_so(client: Client, world: factories.World) -> None:
    operations.close_round(
        actor=factories.HOUSE, round_id=world.round.pk, at=factories.AT)
    refused = patch(client, world, ("ho/tay/tong", "62", 0))
    assert (refused.status_code, refused.json()["code"]) == (409, "round-closed")
    assert "vẫn được giữ" in refused.json()["message"]


def test_the_draft_reads_back_as_it_was_saved(client: Client, world: factories.World) -> None:
    factories.fill(world.report, world.officer, {
        **factories.ANSWERS, "ho/tay/ngheo": "...", "ho/tay/tong": "1.062"})
    said = client.get(address(world, "")).json()
    cells = {each["cell"]: each for each in said["cells"]}
    assert cells["ho/tay/tong"] == {
        "cell": "ho/tay/tong", "text": "1.062", "value": "1062", "status": "A", "version": 1}
    assert (cells["ho/tay/ngheo"]["value"], cells["ho/tay/ngheo"]["status"]) == (None, "L")
    assert cells["thon/o1/dat"]["value"] == "12.5"
    assert said["computed"]["ho/tong/tong"] == "1181"
    assert said["open_rows"] == {"thon": [{"id": "o1", "label": "Bó Lù"}]}
    assert (said["state"], said["period"], said["due"]) == ("in_progress", "2025", "2025-11-28")


def test_rows_reasons_and_undo(client: Client, world: factories.World) -> None:
    def put(more: str, body: Any) -> Any:
        return client.put(address(world, more), body, content_type="application/json")

    rows = [{"id": "o1", "label": "Bó Lù"}]
    assert put("/rows/thon", {"rows": rows}).json() == {"rows": rows}
    assert put("/rows/ho", {"rows": rows}).status_code == 422
    assert put("/reasons", {"reasons": {"a|b": "vì"}}).json() == {"reasons": {"a|b": "vì"}}
    patch(client, world, ("thon/o1/ho", "44", 0))
    undone = client.post(
        address(world, "/undo"), {"revision": 1}, content_type="application/json").json()
    assert undone["saved"] == [{"cell": "thon/o1/ho", "text": "", "version": 2}]
    missing = client.post(
        address(world, "/undo"), {"revision": 9}, content_type="application/json")
    assert missing.status_code == 422


@pytest.mark.parametrize("path", [
    "/api/v1/", "/api/v1/nothing", "/api/v1/assignments/999999",
    "/api/v1/assignments/1/nothing",
])
def test_what_is_not_there_is_said_in_json(
    client: Client, world: factories.World, path: str,
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert response["Content-Type"].startswith("application/json")
    assert response.json()["code"] == "not-found"


@pytest.mark.parametrize("name", ["0", "-1", "99999999999999999999", "abc"])
def test_an_id_that_cannot_be_is_refused_gently(
    client: Client, world: factories.World, name: str,
) -> None:
    response = client.get(f"/api/v1/assignments/{name}")
    assert response.status_code in (404, 422)
    assert set(response.json()) == {"code", "message"}


def test_the_interface_is_documented(client: Client, world: factories.World) -> None:
    spec = client.get("/api/v1/openapi.json").json()
    assert spec["openapi"].startswith("3.1")
    cells = spec["paths"]["/api/v1/assignments/{assignment}/cells"]["patch"]
    assert {"200", "400", "401", "403", "404", "409", "422"} <= set(cells["responses"])
    assert spec["components"]["schemas"]["ChangeIn"]["additionalProperties"] is False
