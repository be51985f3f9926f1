"""The parts that every page is made of, as a reader receives them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django import forms
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.template.loader import render_to_string
from django.test import RequestFactory

import nhasan.interfaces

TEMPLATES = Path(nhasan.interfaces.__file__).parent / "templates"


class Ask(forms.Form):
    """A form with one field of each kind."""

    name = forms.CharField(label="Họ tên", help_text="Như trong quyết định.")
    note = forms.CharField(label="Ghi chú", required=False, widget=forms.Textarea)
    agree = forms.BooleanField(label="Tôi đã xem lại")
    why = forms.ChoiceField(
        label="Vì sao?", choices=[("a", "Không khớp"), ("b", "Nhầm đơn vị")],
        widget=forms.RadioSelect,
    )
    file = forms.FileField(label="Tệp")


@pytest.mark.parametrize(
    ("state", "word"),
    [
        ("not_started", "chưa nhập"),
        ("in_progress", "đang nhập"),
        ("submitted", "đã gửi"),
        ("returned", "bị trả lại"),
        ("approved", "đã duyệt"),
        ("overdue", "quá hạn"),
    ],
)
def test_a_status_is_a_word(state: str, word: str) -> None:
    shown = render_to_string("parts/status.html", {"state": state})
    assert re.sub(r"<[^>]*>", "", shown).strip() == word


def test_each_error_leads_to_a_field_that_is_there() -> None:
    form = Ask({"name": ""})
    page = render_to_string("parts/error_summary.html", {"form": form}) + "".join(
        render_to_string("parts/field.html", {"field": field}) for field in form
    )
    targets = re.findall(r'href="#([^"]+)"', page)
    assert len(targets) == 4
    for target in targets:
        assert f'id="{target}"' in page


def test_help_and_errors_belong_to_their_field() -> None:
    page = "".join(
        render_to_string("parts/field.html", {"field": field}) for field in Ask({"name": ""})
    )
    described = re.findall(r'aria-describedby="([^"]+)"', page)
    assert len(described) >= 4
    for name in " ".join(described).split():
        assert f'id="{name}"' in page


def test_what_may_stay_empty_says_so() -> None:
    form = Ask()
    optional = render_to_string("parts/field.html", {"field": form["note"]})
    needed = render_to_string("parts/field.html", {"field": form["name"]})
    assert "(không bắt buộc)" in optional
    assert "(không bắt buộc)" not in needed


def test_no_errors_no_summary() -> None:
    assert render_to_string("parts/error_summary.html", {"form": Ask()}).strip() == ""
    assert render_to_string("parts/error_summary.html", {"errors": []}).strip() == ""


def test_errors_of_a_workbook_are_listed_with_their_links() -> None:
    errors = [{"href": "#c-1", "text": "Đán Mẩy, cuối năm: 20", "rest": "không khớp."}]
    page = render_to_string("parts/error_summary.html", {"errors": errors, "title": "Còn 1 lỗi"})
    assert 'href="#c-1"' in page
    assert "không khớp." in page
    assert "Còn 1 lỗi" in page


def test_pages_of_a_list_keep_what_was_asked() -> None:
    page = Paginator(range(2300), 10).page(2)
    request = RequestFactory().get("/", {"q": "tay", "trang": "2"})
    shown = render_to_string("parts/pagination.html", {"page": page}, request)
    assert "Trang 2 trên 230, có 2.300 mục" in shown
    assert 'href="?q=tay&amp;trang=3"' in shown
    assert 'href="?q=tay&amp;trang=1"' in shown


def test_a_message_of_failure_is_spoken_at_once() -> None:
    messages = [Message(constants.ERROR, "Hỏng"), Message(constants.SUCCESS, "Đã gửi")]
    shown = render_to_string("parts/messages.html", {"messages": messages})
    assert shown.index("bao-loi") < shown.index('role="alert"') < shown.index("Hỏng")
    assert shown.index("bao-tot") < shown.index('role="status"') < shown.index("Đã gửi")


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: path.name)
def test_no_style_or_script_is_written_into_a_page(path: Path) -> None:
    """The content security policy would drop it in silence."""
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|javascript:", text)
    assert not re.search(r"<script(?![^>]*\ssrc=)", text)
