"""Findings are kept in Vietnamese and told in the reader's language."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils.translation import gettext, override

from nhasan.domain.checking import LOST
from nhasan.domain.forms import Kind
from nhasan.domain.numbers import read_text
from nhasan.domain.validation import Finding, Severity
from nhasan.interfaces.findings import SENTENCES, told, told_finding, told_html
from scripts import messages

# Where sentences of findings are written; what else is marked there is not one.
_WRITTEN_IN = ("domain/readings.py", "domain/matching.py", "domain/checking.py",
               "formats/forms/harvest.py", "formats/forms/rows.py", "formats/forms/reader.py",
               "formats/forms/mapped.py", "formats/forms/carrying.py")
_NO_FINDINGS = {
    " hay ", "quy tắc “{rule}” có mức “{level}” lạ",
    "bảng “{table}”, “{name}” nhắc đến phần không có: {missing}",
}
_PARTS = {"Cột {letter}", "Có phải {0}?", "chưa nhập", "Nếu đúng, viết một câu lý do."}


def test_no_sentence_of_a_finding_is_forgotten() -> None:
    written = {
        str(message.id) for message in messages.catalogue() if message.id
        for path, _line in message.locations if path.endswith(_WRITTEN_IN)
    }
    assert written - set(SENTENCES) - _NO_FINDINGS - _PARTS == set()


@pytest.mark.parametrize("template", SENTENCES)
def test_every_sentence_is_told_in_english(template: str) -> None:
    names = ("text", "thousands", "fraction", "retyped", "decimals", "rounded", "minimum",
             "maximum", "choices", "read", "marker", "code", "of_code", "name", "of_name",
             "numbering", "hint", "typed", "suggestions", "stated", "computed", "current",
             "previous", "count", "example", "first", "again", "limit", "names", "value",
             "cells", "table", "usual", "sheet", "cell", "column", "letter", "reason", "place",
             "found", "wanted", "times", "typical", "whose")
    facts = {name: f"«{name}»" for name in names}
    with override("en"):
        assert told(template.format(**facts)) == gettext(template).format(**facts)
    assert told(template.format(**facts)) == template.format(**facts)


def test_what_was_read_is_told_with_its_facts() -> None:
    finding = read_text("mười", Kind("integer")).finding
    assert finding is not None
    with override("en"):
        assert told(finding.message).startswith("“mười” is not a number. Enter a number;")
        assert told("“Tai” không có trong danh mục.") == "“Tai” is not in the list."
        assert told("Trang “1”, ô B7: Bó Lù, Số hộ") == "Sheet “1”, cell B7: Bó Lù, Số hộ"


def test_a_rule_of_a_form_says_that_it_is_vietnamese() -> None:
    rule = "Hộ DTTS <b> nhiều hơn tổng số hộ."
    page = Template("{% load findings %}{{ text|told }}")
    assert told_html(rule) == rule
    with override("en"):
        shown = page.render(Context({"text": rule}))
        assert shown == '<span lang="vi">Hộ DTTS &lt;b&gt; nhiều hơn tổng số hộ.</span>'
        assert page.render(Context({"text": None})) == ""


def test_a_whole_finding_is_told() -> None:
    kept = Finding("thousands-lost", Severity.ERROR, LOST.format(count=3, example="1,5"),
                   "ho/tay/tong", "Hộ nghèo, Số hộ")
    with override("en"):
        read = told_finding(kept)
    assert "3 cells have a fractional part, for example “1,5”" in read.message
    assert (read.code, read.cell, read.where) == (kept.code, kept.cell, kept.where)
    assert told_finding(kept) == kept
