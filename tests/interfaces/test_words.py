"""What the filters of `{% load words %}` put on a page."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.test import override_settings
from django.utils.translation import override

from nhasan.domain.observations import CONFIDENTIAL, NOT_APPLICABLE, NOT_REPORTED, reported
from nhasan.interfaces.notation import period_text

TODAY = date(2025, 11, 25)


def shown(expression: str, value: object) -> str:
    """Return what a page shows for the expression over `v`."""
    page = Template("{% load words %}{{ " + expression + " }}")
    return page.render(Context({"v": value, "today": TODAY}))


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("v|number", 1845492, "1.845.492"),
        ("v|number:1", Decimal("36.14"), "36,1"),
        ("v|number", -5, "−5"),
        ("v|number", 0, "0"),
        ("v|number", None, ""),
        ("v|change", 6, "+6"),
        ("v|change:1", Decimal("-2.84"), "−2,8"),
        ("v|day", date(2025, 7, 1), "01/07/2025"),
        ("v|day", None, ""),
        ("v|stamp", datetime(2025, 11, 19, 18, 42, tzinfo=UTC), "20/11/2025, 01:42"),
        ("v|stamp:today", datetime(2025, 11, 19, 18, 42, tzinfo=UTC), "20/11, 01:42"),
        ("v|vi_number", 1845492, "1.845.492"),
        ("v|vi_change", 6, "+6"),
        ("v|weekday_date", date(2025, 11, 28), "thứ Sáu 28/11"),
        ("v|weekday_date:today", date(2024, 12, 12), "thứ Năm 12/12/2024"),
        ("v|due_words:today", date(2025, 11, 28), "còn 3 ngày làm việc (thứ Sáu 28/11)"),
        ("v|due_words:today", date(2025, 11, 21), "quá hạn 2 ngày làm việc"),
        ("v|figure", reported(282014), "282.014"),
        ("v|figure:1", reported("36.1"), "36,1"),
        ("v|figure", reported(0), "0"),
        ("v|figure", NOT_REPORTED, "chưa có"),
        ("v|figure", NOT_APPLICABLE, "không áp dụng"),
        ("v|figure", CONFIDENTIAL, "bảo mật"),
        ("v|figure", None, "chưa có"),
        ("v|normalised", "Đắk Lắk", "dak lak"),
    ],
)
def test_a_page_speaks_as_the_office_does(expression: str, value: object, text: str) -> None:
    assert shown(expression, value) == text


def test_a_moment_is_shown_by_the_clock_of_viet_nam() -> None:
    late = datetime(2025, 11, 19, 18, 42, tzinfo=UTC)
    assert shown("v|moment", late) == "01:42 thứ Năm 20/11"
    assert shown("v|day", late) == "20/11/2025"


@pytest.mark.parametrize(
    ("expression", "value", "text"),
    [
        ("v|number", Decimal("1845492.5"), "1,845,492.5"),
        ("v|number:1", Decimal("36.14"), "36.1"),
        ("v|change", -1234, "−1,234"),
        ("v|vi_number", Decimal("1845492.5"), "1.845.492,5"),
        ("v|vi_change:1", Decimal("-1234.56"), "−1.234,6"),
        ("v|day", date(2025, 7, 1), "1 Jul 2025"),
        ("v|stamp", datetime(2025, 11, 19, 18, 42, tzinfo=UTC), "20 Nov 2025, 01:42"),
        ("v|moment:today", datetime(2025, 11, 19, 18, 42, tzinfo=UTC), "01:42 Thursday 20 Nov"),
        ("v|weekday_date:today", date(2024, 12, 12), "Thursday 12 Dec 2024"),
        ("v|due_words:today", date(2025, 11, 28), "3 working days left (Friday 28 Nov)"),
        ("v|due_words:today", date(2025, 11, 26), "1 working day left (Wednesday 26 Nov)"),
        ("v|due_words:today", date(2025, 11, 24), "1 working day overdue"),
        ("v|figure:1", reported("1036.1"), "1,036.1"),
        ("v|figure", CONFIDENTIAL, "confidential"),
    ],
)
def test_a_page_in_english_speaks_english(expression: str, value: object, text: str) -> None:
    with override("en"):
        assert shown(expression, value) == text


@pytest.mark.parametrize(
    ("text", "vietnamese", "english"),
    [
        ("2025", "Năm 2025", "Year 2025"),
        ("2024-2025", "Năm học 2024–2025", "School year 2024–2025"),
        ("2025-S2", "6 tháng cuối năm 2025", "Second half of 2025"),
        ("2025-11-05", "Ngày 05/11/2025", "5 Nov 2025"),
        ("khi nào", "khi nào", "khi nào"),
    ],
)
def test_a_period_is_called_as_its_reader_calls_it(
    text: str, vietnamese: str, english: str
) -> None:
    assert period_text(text) == vietnamese
    with override("en"):
        assert period_text(text) == english


@override_settings(USE_THOUSAND_SEPARATOR=True, THOUSAND_SEPARATOR=" ")
def test_no_setting_changes_how_a_number_is_written() -> None:
    assert shown("v|number", 1845492) == "1.845.492"
