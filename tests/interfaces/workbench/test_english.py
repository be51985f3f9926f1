"""The workbench in English: no sentence of the house stays behind, figures of reports do."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from nhasan.domain.access import ROLES
from tests import factories
from tests.interfaces.reading import left_over, said
from tests.interfaces.workbench.seeing import signed_in
from tests.interfaces.workbench.test_walls import (
    FOR_EVERYBODY,
    OF_THE_HOUSE,
    OWNED,
    place,
    stage,
)

__all__ = ["place", "stage"]
pytestmark = pytest.mark.django_db
# What the house holds, and the head of a column that a table to paste must bear.
DATA = json.dumps([factories.FORM, factories.INDICATORS, "Số liệu minh hoạ", "Đơn vị phụ trách"],
                  ensure_ascii=False)


def reading_english(user: Any) -> Client:
    """Return the browser of somebody who pressed “English”."""
    client = signed_in(user)
    answer = client.post(reverse("set_language"), {"language": "en", "next": "/viec/"})
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME]["max-age"] > 30 * 24 * 3600
    return client


def test_no_sentence_of_the_workbench_is_left_in_vietnamese(place: dict[str, Any]) -> None:
    client = reading_english(factories.person("toan-quyen", "Nobody Else", "BO", *ROLES))
    seen, found = 0, []
    for name, what in {**OWNED, **OF_THE_HOUSE, **FOR_EVERYBODY}.items():
        answer = client.get(reverse(f"workbench:{name}", kwargs=place[what]))
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        page = answer.content.decode()
        seen += 1
        assert '<html lang="en">' in page, name
        assert answer["Content-Language"] == "en"
        found += [f"{name}: {each}" for each in left_over(page, DATA)]
    assert seen > 30
    assert not found


def test_what_is_refused_is_said_in_english(place: dict[str, Any]) -> None:
    officer = reading_english(place["world"].officer)
    for address in ("/viec/khong-co/", reverse("workbench:run", kwargs=place["run"]),
                    reverse("workbench:person_open")):
        answer = officer.get(address)
        assert answer.status_code in (403, 404)
        assert not left_over(answer.content.decode(), DATA), address
    visitor = Client(headers={"Cookie": f"{settings.LANGUAGE_COOKIE_NAME}=en"})
    wrong = visitor.post("/dang-nhap/", {"username": "ai-do", "password": "sai"})
    assert "is not correct" in said(wrong.content.decode())
    assert not left_over(wrong.content.decode(), DATA)


def test_a_report_keeps_its_numbers_as_they_are_typed() -> None:
    world = factories.world()
    factories.fill(world.report, world.officer, {"ho/tay/tong": "1.234", "ho/tay/ngheo": "617"})
    client = reading_english(world.officer)
    page = client.get(reverse("workbench:report", args=[world.report.pk])).content.decode()
    assert 'value="1.234"' in page
    assert re.search(r'data-computed="ho/tay/ty_le">50,0<', page)
    assert "Numbers in a report are written the Vietnamese way" in said(page)
    handed = re.search(r'id="grid-words" type="application/json">(.*?)</script>', page)
    assert handed is not None
    assert json.loads(handed[1])["Lỗi {number}"] == "Error {number}"
    assert not left_over(page, DATA)


def test_findings_are_told_in_english_and_rules_of_forms_say_that_they_are_not() -> None:
    world = factories.world()
    answers = {"ho/tay/tong": "mười", "ho/nung/tong": "5", "ho/nung/dtts": "9"}
    factories.fill(world.report, world.officer, answers)
    client = reading_english(world.officer)
    page = client.get(reverse("workbench:report", args=[world.report.pk])).content.decode()
    assert "“mười” is not a number. Enter a number;" in said(page)
    rule = "Hộ DTTS là 9, nhiều hơn tổng số hộ 5. Hãy xem lại hai số."
    assert f'<span lang="vi">{rule}</span>' in page
    answer = client.get(reverse("api-1:draft", args=[world.report.pk])).json()
    told = [each["message"] for each in answer["findings"]]
    assert any(message.startswith("“mười” is not a number.") for message in told)


def test_days_and_counts_follow_the_reader() -> None:
    world = factories.world()
    home = said(reading_english(world.officer).get("/viec/").content.decode())
    assert "Today is Tuesday 25 Nov 2025." in home
    assert "3 working days left (Friday 28 Nov)" in home
    back = signed_in(world.officer)
    assert "Hôm nay là thứ Ba 25/11/2025." in said(back.get("/viec/").content.decode())


def test_the_other_language_is_offered_on_every_page_and_keeps_the_page() -> None:
    world = factories.world()
    client = signed_in(world.officer)
    address = reverse("workbench:report", args=[world.report.pk])
    page = client.get(address).content.decode()
    assert re.search(r'<button[^>]*name="language" value="en" lang="en">English</button>', page)
    assert f'<input type="hidden" name="next" value="{address}">' in page
    answer = client.post(reverse("set_language"), {"language": "en", "next": address})
    assert answer["Location"] == address
    assert 'lang="vi">Tiếng Việt</button>' in client.get(address).content.decode()
    client.post(reverse("set_language"), {"language": "vi", "next": address})
    assert '<html lang="vi">' in client.get(address).content.decode()
