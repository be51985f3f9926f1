"""Messages about a cell quote it, briefly, and compare words without diacritics."""

import string

from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.readings import MESSAGES, name_key, plain, told
from nhasan.domain.validation import Severity


def test_long_text_is_quoted_in_part_and_kept_in_full() -> None:
    reading = told("not-a-number", "a" * 500)
    assert reading.entry.text == "a" * 500
    assert reading.finding is not None
    assert len(reading.finding.message) < 300


def test_every_message_that_stops_says_what_to_do() -> None:
    for code, (severity, message) in MESSAGES.items():
        assert message.endswith((".", "?", "”.")), code
        if severity is Severity.ERROR:
            assert any(word in message for word in ("ãy", "õ ", "nhận", "phải", "lựa chọn")), code
        assert all(name != "" for _, name, _, _ in string.Formatter().parse(message)), code


@given(st.text(max_size=20))
def test_words_lose_diacritics_once_and_for_all(text: str) -> None:
    key = name_key(text)
    assert name_key(key) == key
    assert plain(plain(text)) == plain(text)


def test_names_of_peoples_meet_without_diacritics() -> None:
    assert name_key("Xơ-Đăng") == name_key("xo dang") == "xodang"
    assert name_key("H’Mông") == "hmong"
