"""Who is signed in, the key to what a computer sealed, and deliveries: over HTTP, once."""

from __future__ import annotations

import base64
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from nhasan.collection import queries
from nhasan.collection.models import Submission
from nhasan.domain.access import EVERYTHING
from tests import factories

pytestmark = pytest.mark.django_db
SESSION = "/api/v1/offline/session"


@pytest.fixture
def world(client: Client) -> factories.World:
    made = factories.world()
    factories.fill(made.report, made.officer)
    client.force_login(made.officer)
    return made


def put(client: Client, world: factories.World, name: Any, **more: Any) -> Any:
    body = {
        "person": str(world.officer.pk), "send": True, "changes": [], "reasons": {},
        "seen": queries.last_revision(world.report), **more,
    }
    return client.put(
        f"/api/v1/assignments/{world.report.pk}/deliveries/{name}", body,
        content_type="application/json")


def test_the_key_is_told_to_its_person_alone(client: Client, world: factories.World) -> None:
    mine = client.get(SESSION)
    assert mine["Cache-Control"] == "no-store"
    said = mine.json()
    assert (said["person"], said["unit"]) == (str(world.officer.pk), "XA-BABE")
    assert len(base64.b64decode(said["key"])) == 32
    assert client.get(SESSION).json()["key"] == said["key"]
    client.force_login(world.colleague)
    assert client.get(SESSION).json()["key"] != said["key"]
    client.logout()
    assert client.get(SESSION).status_code == 401


def test_the_key_follows_from_the_secret_of_the_house(
    client: Client, world: factories.World, settings: Any,
) -> None:
    before = client.get(SESSION).json()["key"]
    settings.SECRET_KEY = "another"
    client.force_login(world.officer)
    assert client.get(SESSION).json()["key"] != before


def test_the_token_that_is_told_is_taken(world: factories.World) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(world.officer)
    assert put(strict, world, uuid4()).status_code == 403
    token = strict.get(SESSION).json()["token"]
    answer = strict.put(
        f"/api/v1/assignments/{world.report.pk}/deliveries/{uuid4()}",
        {"person": str(world.officer.pk), "send": False, "seen": 0},
        content_type="application/json", headers={"X-CSRFToken": token})
    assert answer.json()["arrival"] == "saved"


def test_a_delivery_is_answered_with_its_receipt_every_time(
    client: Client, world: factories.World,
) -> None:
    name = uuid4()
    change = {"cell": "ho/tay/tong", "text": "63", "base": 1}
    first = put(client, world, name, changes=[change])
    again = put(client, world, name, changes=[change])
    assert first.status_code == again.status_code == 200
    said = first.json()
    assert said["arrival"] == "sent"
    assert said["message"] == "Đã gửi."
    assert said["submission"] == again.json()["submission"] == str(name)
    assert said["receipt"] == again.json()["receipt"]
    assert said["receipt"].startswith("01900-2025-")
    assert Submission.objects.within(EVERYTHING).count() == 1


def test_what_was_not_sent_says_why(client: Client, world: factories.World) -> None:
    wrong = put(client, world, uuid4(), changes=[
        {"cell": "ho/tay/dtts", "text": "70", "base": 1}]).json()
    assert wrong["arrival"] == "stopped"
    assert wrong["message"].startswith("Còn 1 chỗ phải sửa hoặc giải thích.")
    assert wrong["findings"][0]["cell"] == "ho/tay/dtts"
    met = put(client, world, uuid4(), changes=[
        {"cell": "ho/tay/dtts", "text": "60", "base": 1}]).json()
    assert met["arrival"] == "met"
    assert met["conflicts"][0]["theirs"] == "70"
    assert met["message"].startswith("Có 1 ô người khác cũng vừa sửa.")
    assert Submission.objects.within(EVERYTHING).count() == 0


def test_a_whole_large_form_travels_at_once(client: Client, world: factories.World) -> None:
    many = [{"cell": "ho/tay/tong", "text": "62", "base": 1}] * 10_000
    assert put(client, world, uuid4(), changes=many, send=False).status_code == 200
    assert put(client, world, uuid4(), changes=[*many, many[0]]).status_code == 422


def test_another_person_and_odd_bodies_are_refused(
    client: Client, world: factories.World,
) -> None:
    other = put(client, world, uuid4(), person=str(world.colleague.pk))
    assert other.status_code == 409
    assert other.json()["code"] == "another-person"
    assert put(client, world, "khong-phai-ma").status_code == 422
    assert put(client, world, uuid4(), seen=-1).status_code == 422
    assert put(client, world, uuid4(), them="x").status_code == 422
    client.force_login(world.neighbour)
    assert put(client, world, uuid4(), person=str(world.neighbour.pk)).status_code == 404
