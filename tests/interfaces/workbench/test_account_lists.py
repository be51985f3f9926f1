"""Accounts from a list on screen: read, shown line by line, opened, passwords shown once."""

from __future__ import annotations

import html
import io
import json
import re
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nhasan.domain.access import EVERYTHING, Permission
from nhasan.organisations.models import User
from tests import factories
from tests.interfaces.workbench.seeing import signed_in, words

pytestmark = pytest.mark.django_db
ADDRESS = "/viec/nguoi-dung/danh-sach/"
HEAD = "Họ và tên,Tên đăng nhập,Đơn vị,Vai trò,Thư điện tử\n"
RIGHT = "Ma Thị Hoa,,xã ba bể,Người nhập,hoa@example.vn\n"
WRONG = "Lý A Sú,xa-babe,Xã Lạ,Người nhập,\n"


@pytest.fixture
def client() -> Client:
    factories.world()
    return signed_in(factories.person("quan-tri-tn", "Lường Sơn", "SO-TN", "administrator"))


def _sent(client: Client, text: str | bytes, name: str = "ds.csv") -> Any:
    content = text.encode() if isinstance(text, str) else text
    return client.post(ADDRESS, {"tep": SimpleUploadedFile(name, content)})


def _kept(page: Any) -> str:
    found = re.search(r'name="dong" value="([^"]*)"', page.content.decode())
    assert found is not None
    return html.unescape(found[1])


def test_a_list_is_shown_before_anything_is_opened(client: Client) -> None:
    page = _sent(client, HEAD + RIGHT + WRONG)
    said = words(page)
    assert "1 dòng lập được tài khoản." in said
    assert "1 dòng cần sửa." in said
    assert "Dòng 3 : Không có đơn vị “Xã Lạ” trong phạm vi bạn quản trị." in said
    assert "Dòng 3 : Đã có tài khoản tên “xa-babe”." in said
    assert "hoa.mt máy đặt" in said
    assert not User.scoped.within(EVERYTHING).filter(username="hoa.mt").exists()


def test_right_lines_are_opened_and_passwords_shown_once(client: Client) -> None:
    page = _sent(client, HEAD + RIGHT + WRONG)
    answer = client.post(f"{ADDRESS}lap/", {"dong": _kept(page)})
    shown = client.get(answer["Location"])
    assert "Đã lập 1 tài khoản" in words(shown)
    password = re.search(r"\b[a-z0-9]{4}(-[a-z0-9]{4}){3}\b", words(shown))
    assert password is not None
    made = User.scoped.within(EVERYTHING).get(username="hoa.mt")
    assert made.check_password(password[0])
    assert (made.email, made.unit.code) == ("hoa@example.vn", "XA-BABE")
    assert factories.actor(made, made.created_at.date()).can(Permission.ENTER)
    assert password[0] not in words(client.get(answer["Location"]))
    twice = client.post(f"{ADDRESS}lap/", {"dong": _kept(page)})
    assert twice.status_code == 302
    again = User.scoped.within(EVERYTHING).filter(username__startswith="hoa.mt")
    assert again.count() == 2


def test_a_workbook_made_from_the_template_is_read(client: Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get(ADDRESS, {"mau": "1"}).content))
    book.active.append(["Ma Thị Hoa", "hoa", "XA-CHORA", "Người duyệt", ""])
    out = io.BytesIO()
    book.save(out)
    page = _sent(client, out.getvalue(), "ds.xlsx")
    assert "1 dòng lập được tài khoản." in words(page)
    assert "Người duyệt tài khoản mới" in words(page)


@pytest.mark.parametrize(("text", "said"), [
    ("a,b\n", "không thấy dòng đầu bảng"), (HEAD, "không có người nào"),
    (b"\xff\xfe\x00", "không đọc được tệp"),
])
def test_what_is_no_list_is_told(client: Client, text: str | bytes, said: str) -> None:
    page = _sent(client, text)
    assert page.status_code == 422
    assert said in words(page)


def test_without_a_file_and_without_lines_one_is_asked_again(client: Client) -> None:
    page = client.post(ADDRESS, {})
    assert page.status_code == 422
    assert "Bạn chưa chọn tệp danh sách." in words(page)
    for text in ("", "{}", "[1]", '[["x"]]', "[[1,2]]", "[" * 100_000,
                 '[[1e999,"A","","XA-BABE","",""]]'):
        assert client.post(f"{ADDRESS}lap/", {"dong": text}).status_code == 422


def test_a_list_changed_on_the_way_opens_nothing_elsewhere(client: Client) -> None:
    page = client.post(f"{ADDRESS}lap/", {
        "dong": '[[2,"Kẻ Lạ","ke-la","XA-CB","administrator",""]]'})
    assert page.status_code == 422
    assert "Không có đơn vị “XA-CB”" in words(page)
    assert not User.scoped.within(EVERYTHING).filter(username="ke-la").exists()


def test_the_page_before_and_after_are_for_administrators(client: Client) -> None:
    assert "Tải mẫu danh sách (XLSX)" in words(client.get(ADDRESS))
    assert "chỉ hiện một lần" in words(client.get(f"{ADDRESS}mat-khau/"))
    officer = signed_in(User.scoped.within(EVERYTHING).get(username="xa-babe"))
    for name in ("", "mat-khau/", "?mau=1"):
        assert officer.get(f"{ADDRESS}{name}").status_code == 403
    assert officer.post(f"{ADDRESS}lap/").status_code == 403


def test_a_list_grown_on_the_way_is_refused(client: Client) -> None:
    before = User.scoped.within(EVERYTHING).count()
    rows = [[2 + at, f"Ma Thị {at}", "", "XA-BABE", "", ""] for at in range(201)]
    page = client.post(f"{ADDRESS}lap/", {"dong": json.dumps(rows)})
    assert page.status_code == 422
    assert "danh sách dài quá 200 người" in words(page)
    assert User.scoped.within(EVERYTHING).count() == before


@pytest.mark.parametrize(("name", "email", "said"), [
    ("M" * 121, "", "Họ và tên dài quá 120 chữ."),
    ("Mai", f"a@{'b.' * 100}vn", "chưa đúng."),
    ("Mai\x00", "", "Dòng này có ký tự không hiểu được."),
    ("Mai \ud800", "", "Dòng này có ký tự không hiểu được."),
])
def test_what_no_database_holds_is_told_by_line(client: Client, name: str, email: str,
                                                said: str) -> None:
    page = client.post(f"{ADDRESS}lap/", {
        "dong": json.dumps([[5, name, "", "XA-BABE", "", email]])})
    assert page.status_code == 422
    assert "Dòng 5" in words(page)
    assert said in words(page)
