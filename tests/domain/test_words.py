"""Numbers, days and figures as people read them."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.observations import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Figure,
    reported,
)
from nhasan.domain.words import (
    ENGLISH,
    VIETNAMESE,
    Notation,
    Words,
    change_text,
    date_text,
    due_words,
    figure_words,
    moment_words,
    normalised,
    number_from,
    number_text,
    stamp_text,
    weekday_words,
    working_days,
)

TUESDAY = date(2025, 11, 25)
numbers = st.decimals(allow_nan=False, allow_infinity=False, places=6)
days = st.dates(date(1950, 1, 1), date(2100, 1, 1))


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (1845492, None, "1.845.492"),
        (Decimal("36.1"), None, "36,1"),
        (-5, None, "−5"),
        (0, None, "0"),
        (999, None, "999"),
        ("1234.50", None, "1.234,50"),
        (Decimal("1E+3"), None, "1.000"),
        (Decimal("0.05"), 1, "0,1"),
        (Decimal("-0.04"), 1, "0,0"),
        (Decimal("2.5"), 0, "3"),
        (7, 2, "7,00"),
        (0.1, None, "0,1"),
        (99999999999999999999999999999999, 0, "99.999.999.999.999.999.999.999.999.999.999"),
    ],
)
def test_a_number_is_written_the_vietnamese_way(
    value: Decimal | int | float | str, decimals: int | None, text: str
) -> None:
    assert number_text(value, decimals) == text


@given(numbers)
def test_a_written_number_is_read_back_the_same(value: Decimal) -> None:
    assert number_from(number_text(value)) == value


@given(numbers, st.integers(0, 4))
def test_rounding_moves_a_number_by_half_a_place_at_most(value: Decimal, places: int) -> None:
    shown = number_from(number_text(value, places))
    assert abs(shown - value) <= Decimal("0.5").scaleb(-places)


@given(numbers, st.integers(0, 4))
def test_numbers_keep_their_order_on_screen(value: Decimal, places: int) -> None:
    with localcontext(Context(prec=60)):  # the sum itself must not be rounded
        more = value + Decimal("0.7")
    assert number_from(number_text(value, places)) <= number_from(number_text(more, places))


@pytest.mark.parametrize("value", ["", "mười", "NaN", "Infinity", "1,5"])
def test_what_is_no_number_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="number"):
        number_text(value)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (6, None, "+6"),
        (-11, None, "−11"),
        (0, None, "0"),
        (Decimal("34.9"), 1, "+34,9"),
        (Decimal("0.04"), 1, "0,0"),
    ],
)
def test_a_change_shows_its_sign(value: Decimal | int, decimals: int | None, text: str) -> None:
    assert change_text(value, decimals) == text


def test_days_and_moments() -> None:
    assert date_text(date(2025, 7, 1)) == "01/07/2025"
    assert str(weekday_words(date(2025, 11, 28))) == "thứ Sáu 28/11"
    assert str(weekday_words(date(2025, 11, 30))) == "Chủ nhật 30/11"
    assert str(moment_words(datetime(2025, 11, 20, 9, 42))) == "09:42 thứ Năm 20/11"


def test_the_year_is_said_when_it_is_another_one() -> None:
    assert str(weekday_words(date(2024, 12, 12), TUESDAY)) == "thứ Năm 12/12/2024"
    assert str(weekday_words(date(2025, 12, 12), TUESDAY)) == "thứ Sáu 12/12"


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (date(2025, 11, 28), "còn 3 ngày làm việc (thứ Sáu 28/11)"),
        (date(2025, 12, 12), "còn 13 ngày làm việc (thứ Sáu 12/12)"),
        (date(2025, 12, 30), "còn 25 ngày làm việc (thứ Ba 30/12)"),
        (date(2025, 11, 25), "hạn là hôm nay (thứ Ba 25/11)"),
        (date(2025, 11, 21), "quá hạn 2 ngày làm việc"),
        (date(2026, 1, 2), "còn 28 ngày làm việc (thứ Sáu 02/01/2026)"),
    ],
)
def test_a_due_date_is_said_in_working_days(due: date, said: str) -> None:
    assert str(due_words(due, TUESDAY)) == said


def test_weekends_are_not_counted() -> None:
    friday, saturday, sunday = (date(2025, 11, day) for day in (28, 29, 30))
    assert str(due_words(friday, saturday)) == "vừa quá hạn (thứ Sáu 28/11)"
    said = "không còn ngày làm việc nào trước hạn (Chủ nhật 30/11)"
    assert str(due_words(sunday, friday)) == said
    assert str(due_words(date(2025, 12, 1), friday)) == "còn 1 ngày làm việc (thứ Hai 01/12)"


def test_holidays_are_not_counted() -> None:
    holiday = date(2025, 11, 27)
    said = "còn 2 ngày làm việc (thứ Sáu 28/11)"
    assert str(due_words(date(2025, 11, 28), TUESDAY,
                         working_days(TUESDAY, date(2025, 11, 28), {holiday}))) == said


@given(days, st.integers(0, 400), st.integers(0, 400))
def test_working_days_add_up(start: date, first: int, second: int) -> None:
    middle = start + timedelta(days=first)
    end = middle + timedelta(days=second)
    whole = working_days(start, end)
    assert whole == working_days(start, middle) + working_days(middle, end)
    assert working_days(end, start) == -whole


@given(days, st.integers(0, 60))
def test_a_week_has_five_working_days(start: date, weeks: int) -> None:
    assert working_days(start, start + timedelta(weeks=weeks)) == 5 * weeks


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        (reported(0), "0"),
        (reported("282014"), "282.014"),
        (NOT_REPORTED, "chưa có"),
        (NOT_APPLICABLE, "không áp dụng"),
        (CONFIDENTIAL, "bảo mật"),
    ],
)
def test_zero_and_three_kinds_of_nothing_are_four_things(figure: Figure, said: str) -> None:
    assert str(figure_words(figure)) == said


def test_a_figure_is_shown_with_the_decimals_of_its_indicator() -> None:
    assert str(figure_words(reported("36.14"), 1)) == "36,1"


def test_a_sentence_is_translated_before_its_facts_go_in() -> None:
    english = {
        "còn {days} ngày làm việc ({day})": "{days} working days left ({day})",
        "thứ Sáu": "Friday",
    }
    words = due_words(date(2025, 11, 28), TUESDAY)
    assert words.said(lambda text: english.get(text, text)) == "3 working days left (Friday 28/11)"
    assert Words("{a}", {"a": "{not a field}"}).said() == "{not a field}"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Đắk Lắk", "dak lak"),
        ("ĐẮK  LẮK ", "dak lak"),
        ("M'nông", "mnong"),
        ("M\N{RIGHT SINGLE QUOTATION MARK}nông", "mnong"),
        ("Gia-rai", "gia rai"),
        ("Ơ Đu", "o du"),
        ("Ƀrâu", "brau"),
        ("Tổng số hộ (2019)", "tong so ho (2019)"),
        ("Bà Rịa \N{EN DASH} Vũng Tàu", "ba ria vung tau"),
        ("", ""),
    ],
)
def test_a_search_sees_plain_letters(text: str, plain: str) -> None:
    assert normalised(text) == plain


@given(st.text())
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert normalised(normalised(text)) == normalised(text)


@given(
    st.text(alphabet="aàáảãạăằắẳẵặâầấẩẫậeèéẻẽẹêềếểễệiìíỉĩịoòóỏõọôồốổỗộơờớởỡợuùúủũụưừứửữựyỳýỷỹỵđ ")
)
def test_vietnamese_becomes_plain_latin_whatever_its_case(text: str) -> None:
    assert normalised(text).isascii()
    assert normalised(text.upper()) == normalised(text)


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (Decimal("1845492.5"), None, "1,845,492.5"),
        (1845492, None, "1,845,492"),
        (Decimal("36.14"), 1, "36.1"),
        (-1234, None, "−1,234"),
        (999, 2, "999.00"),
        (0, None, "0"),
    ],
)
def test_a_number_is_written_the_english_way(
    value: Decimal | int, decimals: int | None, text: str
) -> None:
    assert number_text(value, decimals, ENGLISH) == text


@given(numbers, st.integers(0, 6) | st.none())
def test_the_two_notations_differ_in_their_marks_alone(
    value: Decimal, decimals: int | None
) -> None:
    swapped = str.maketrans(".,", ",.")
    for write in (number_text, change_text):
        assert write(value, decimals, ENGLISH) == write(value, decimals).translate(swapped)


@given(numbers, st.sampled_from([VIETNAMESE, ENGLISH]))
def test_a_number_is_read_back_in_the_notation_it_was_written_in(
    value: Decimal, notation: Notation
) -> None:
    assert number_from(number_text(value, notation=notation), notation) == value


@given(days, days)
def test_english_days_name_their_month_and_never_meet(first: date, second: date) -> None:
    texts = date_text(first, ENGLISH), date_text(second, ENGLISH)
    assert (texts[0] == texts[1]) is (first == second)
    assert first.strftime("%b") in texts[0]
    assert "/" not in texts[0]


def test_days_are_written_as_the_reader_writes_them() -> None:
    due, moment = date(2025, 11, 5), datetime(2025, 11, 5, 9, 42)
    assert date_text(due, ENGLISH) == "5 Nov 2025"
    assert stamp_text(moment) == "05/11/2025, 09:42"
    assert stamp_text(moment, TUESDAY) == "05/11, 09:42"
    assert stamp_text(moment, notation=ENGLISH) == "5 Nov 2025, 09:42"
    assert stamp_text(moment, TUESDAY, ENGLISH) == "5 Nov, 09:42"
    assert stamp_text(moment, date(2026, 1, 1), ENGLISH) == "5 Nov 2025, 09:42"
    assert str(weekday_words(due, notation=ENGLISH)) == "thứ Tư 5 Nov"
    assert str(moment_words(moment, TUESDAY, ENGLISH)) == "09:42 thứ Tư 5 Nov"
    assert str(due_words(due, TUESDAY, notation=ENGLISH)) == "quá hạn 14 ngày làm việc"
    assert str(figure_words(reported("1234.5"), 1, ENGLISH)) == "1,234.5"


def test_one_working_day_is_a_sentence_of_its_own() -> None:
    tomorrow, yesterday = TUESDAY + timedelta(days=1), TUESDAY - timedelta(days=1)
    assert due_words(tomorrow, TUESDAY).template == "còn 1 ngày làm việc ({day})"
    assert due_words(yesterday, TUESDAY).template == "quá hạn 1 ngày làm việc"
