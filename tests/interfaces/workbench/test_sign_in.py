"""Signing in: who, the password, and nothing learnt by a stranger."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from nhasan.organisations.models import AuditEvent, User
from tests import factories

pytestmark = pytest.mark.django_db
PAGE = "/dang-nhap/"


@pytest.fixture
def officer() -> User:
    factories.units()
    made: User = factories.person(
        "xa-babe", "Hoàng Thị Mai", "XA-BABE", "enterer", password=factories.PASSWORD)
    return made



@pytest.mark.usefixtures("officer")
def test_the_right_password_leads_to_one_s_work(client: Client) -> None:
    response = client.post(PAGE, {"username": "xa-babe", "password": factories.PASSWORD})
    assert response["Location"] == "/viec/"
    page = client.get("/viec/").content.decode()
    assert "Hoàng Thị Mai" in page
    assert "Xã Ba Bể" in page
    assert AuditEvent.objects.filter(action="account.sign_in").count() == 1


@pytest.mark.usefixtures("officer")
def test_a_wrong_password_is_said_gently_and_the_name_is_kept(client: Client) -> None:
    response = client.post(PAGE, {"username": "xa-babe", "password": "sai-roi-nhe"})
    page = response.content.decode()
    assert response.status_code == 422
    assert "Tên đăng nhập hoặc mật khẩu chưa đúng" in page
    assert 'value="xa-babe"' in page
    assert "sai-roi-nhe" not in page
    assert not AuditEvent.objects.filter(action="account.sign_in").exists()


@pytest.mark.usefixtures("officer")
def test_five_wrong_passwords_lock_the_door_for_a_while(client: Client) -> None:
    for _ in range(5):
        response = client.post(PAGE, {"username": "xa-babe", "password": "sai-roi-nhe"})
    assert response.status_code == 429
    assert "Tạm khoá đăng nhập" in response.content.decode()
    again = client.post(PAGE, {"username": "xa-babe", "password": factories.PASSWORD})
    assert again.status_code == 429


@pytest.mark.parametrize(("asked", "led"), [
    ("/viec/da-gui/", "/viec/da-gui/"), ("https://example.org/", "/viec/"),
    ("//example.org/viec/", "/viec/"), ("javascript:alert(1)", "/viec/"), ("", "/viec/"),
    ("workbench:people", "/viec/"), ("_", "/viec/"), ("%25", "/viec/"),
])
@pytest.mark.usefixtures("officer")
def test_one_is_led_back_inside_the_house_only(client: Client, asked: str, led: str) -> None:
    response = client.post(
        PAGE, {"username": "xa-babe", "password": factories.PASSWORD, "next": asked})
    assert response["Location"] == led


@pytest.mark.parametrize("path", [
    "/viec/", "/viec/da-gui/", "/viec/bao-cao/1/", "/viec/bao-cao/1/nop-tep/",
    "/viec/mat-khau/",
])
def test_every_page_of_the_workbench_is_closed(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 302
    assert response["Location"].startswith("/dang-nhap/?next=%2Fviec%2F")


def test_signing_out_wants_a_press_and_closes_the_door(client: Client, officer: User) -> None:
    client.force_login(officer)
    assert client.get("/dang-xuat/").status_code == 405
    response = client.post("/dang-xuat/", follow=True)
    assert "Bạn đã đăng xuất" in response.content.decode()
    assert client.get("/viec/").status_code == 302


def test_a_first_password_is_changed_before_anything_else(client: Client) -> None:
    factories.units()
    person = factories.person(
        "moi", "Người Mới", "XA-BABE", "enterer", password=factories.PASSWORD,
        must_change_password=True)
    client.force_login(person)
    assert client.get("/viec/")["Location"] == "/viec/mat-khau/"
    assert "do người quản trị đặt" in client.get("/viec/mat-khau/").content.decode()
    response = client.post("/viec/mat-khau/", {
        "present": factories.PASSWORD, "wanted": "ba con trau cay ruong",
        "again": "ba con trau cay ruong"})
    assert response["Location"] == "/viec/"
    assert client.get("/viec/").status_code == 200
    person.refresh_from_db()
    assert person.check_password("ba con trau cay ruong")


@pytest.mark.parametrize(("given", "said"), [
    ({"present": "sai"}, "Mật khẩu đang dùng chưa đúng"),
    ({"again": "khac-hoan-toan-roi"}, "chưa giống nhau"),
    ({"wanted": "123456789012", "again": "123456789012"}, "Dữ liệu chưa đúng"),
    ({"wanted": ""}, "Hãy nhập mật khẩu mới"),
    ({"wanted": factories.PASSWORD, "again": factories.PASSWORD}, "khác mật khẩu đang dùng"),
])
def test_a_password_that_will_not_do_is_refused(
    client: Client, officer: User, given: dict[str, str], said: str,
) -> None:
    client.force_login(officer)
    response = client.post("/viec/mat-khau/", {
        "present": factories.PASSWORD, "wanted": "ba con trau cay ruong",
        "again": "ba con trau cay ruong", **given})
    assert response.status_code == 422
    assert said in response.content.decode()
    officer.refresh_from_db()
    assert officer.check_password(factories.PASSWORD)


@pytest.mark.parametrize(("proxied", "locked"), [(True, False), (False, True)])
def test_wrong_passwords_are_counted_by_the_address_the_proxy_tells(
    client: Client, officer: User, settings: Any, proxied: bool, locked: bool,
) -> None:
    """Without a proxy of ours the header is a visitor's own word, and counts for nothing."""
    settings.HTTPS = proxied
    for _ in range(5):
        client.post(PAGE, {"username": "xa-babe", "password": "sai"},
                    headers={"X-Real-IP": "203.0.113.7"})
    right = {"username": "xa-babe", "password": factories.PASSWORD}
    answer = client.post(PAGE, right, headers={"X-Real-IP": "198.51.100.9"})
    assert (answer.status_code == 429) is locked
    assert (answer.status_code == 302) is not locked


def test_guesses_of_the_present_password_are_counted(client: Client, officer: User) -> None:
    client.force_login(officer)
    for _ in range(5):
        client.post("/viec/mat-khau/", {
            "present": "đoán mò", "wanted": "ba con trau cay ruong",
            "again": "ba con trau cay ruong"})
    client.post("/viec/mat-khau/", {
        "present": factories.PASSWORD, "wanted": "ba con trau cay ruong",
        "again": "ba con trau cay ruong"})
    officer.refresh_from_db()
    assert officer.check_password(factories.PASSWORD)


def test_a_browser_that_asks_for_english_still_begins_in_vietnamese(client: Client) -> None:
    page = client.get(PAGE, headers={"Accept-Language": "en-US,en;q=0.9"}).content.decode()
    assert '<html lang="vi">' in page
