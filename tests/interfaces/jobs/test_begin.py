"""A house begins with what the product ships and one administrator, and nobody else."""

from __future__ import annotations

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from nhasan.collection import queries as collection
from nhasan.domain.access import EVERYTHING, Actor
from nhasan.metadata import queries as metadata
from nhasan.organisations.models import User
from nhasan.organisations.queries import calendar

PASSWORD = "đầu tiên là một câu dài"


def _begin(monkeypatch: pytest.MonkeyPatch, password: str, *more: str) -> str:
    said = StringIO()
    monkeypatch.setattr("sys.stdin", StringIO(f"{password}\n"))
    call_command("begin", "quan-tri", "--name", "Quản trị viên", *more, stdout=said)
    return said.getvalue()


@pytest.mark.django_db
def test_a_house_begins_twice_as_once(monkeypatch: pytest.MonkeyPatch) -> None:
    said = _begin(monkeypatch, PASSWORD)
    assert "quan-tri" in said
    assert PASSWORD not in said
    assert metadata.indicator_set("NHASAN132") is not None
    assert len(list(collection.forms())) == 22
    assert not calendar().is_working(date(2026, 2, 17))
    assert {each.state for each in collection.obligations(Actor.house("test"))} == {"draft"}
    assert list(User.scoped.within(EVERYTHING).values_list("username")) == [
        ("quan-tri",)
    ]

    assert "đã có" in _begin(monkeypatch, "không ai đọc câu này")

    client = Client()
    answer = client.post("/dang-nhap/", {"username": "quan-tri", "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get("/viec/")["Location"] == "/viec/mat-khau/"


@pytest.mark.django_db
def test_a_weak_first_password_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="ký tự"):
        _begin(monkeypatch, "ngắn")


@pytest.mark.django_db
def test_an_unknown_unit_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="Không tìm thấy"):
        _begin(monkeypatch, PASSWORD, "--unit", "khong-co")
