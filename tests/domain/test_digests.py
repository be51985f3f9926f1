"""The letter of a day: its hours, its words, its id, and how long to wait after a failure."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from nhasan.domain.calendar import Calendar, Decided
from nhasan.domain.digests import (
    MOST_ATTEMPTS,
    MOST_TOLD,
    OfficeHours,
    Told,
    digest,
    message_id,
    pause_after,
)

DAY = date(2025, 12, 1)  # a Monday


def _digest(*told: Told) -> tuple[str, str]:
    made = digest(name="Hoàng Thị Mai", unit="Xã Ba Bể", day=DAY, told=told,
                  site="https://nhasan.example.vn")
    return made.subject, made.body


@pytest.mark.parametrize(("hour", "quiet"), [
    (6, True), (7, False), (12, False), (16, False), (17, True), (23, True)])
def test_letters_go_out_in_office_hours(hour: int, quiet: bool) -> None:
    assert OfficeHours(7, 17).is_quiet(datetime(2025, 12, 1, hour), Calendar()) is quiet


def test_letters_rest_on_days_off() -> None:
    rest = Calendar(decided=[Decided(DAY, False, "nghỉ")])
    assert OfficeHours().is_quiet(datetime(2025, 12, 1, 9), rest)
    assert OfficeHours().is_quiet(datetime(2025, 11, 30, 9), Calendar())


@pytest.mark.parametrize("text", ["", "7", "17-7", "0-25", "bảy-mười"])
def test_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        OfficeHours.of(text)


def test_hours_are_read() -> None:
    assert OfficeHours.of("8-16") == OfficeHours(8, 16)


def test_what_presses_stands_first() -> None:
    subject, body = _digest(
        Told("“A” còn 3 ngày.", "/viec/1/", False), Told("“B” đã quá hạn.", "/viec/2/", True))
    assert subject == "Nhà Sàn: 1 việc cần làm sớm, 2 thông báo chưa xem"
    assert "Kính gửi Hoàng Thị Mai, Xã Ba Bể" in body
    assert "Thứ Hai 01/12/2025, bạn có 2 thông báo chưa xem." in body
    assert body.index("Cần làm sớm:") < body.index("1. “B”") < body.index("Thông báo khác:")
    assert "2. “A” còn 3 ngày.\n   https://nhasan.example.vn/viec/1/" in body
    assert "https://nhasan.example.vn/viec/thong-bao/" in body


def test_without_anything_pressing_there_are_no_headings() -> None:
    subject, body = _digest(Told("“A” còn 3 ngày.", "/viec/1/", False))
    assert subject == "Nhà Sàn: 1 thông báo chưa xem"
    assert "Cần làm sớm" not in body
    assert "Thông báo khác" not in body


def test_what_somebody_typed_cannot_pass_for_a_line_of_ours() -> None:
    typed = "Xin lùi hạn vì lụt\n\n2. Gửi mật khẩu\n   http://x"
    _subject, body = _digest(Told(typed, "/viec/", urgent=True))
    assert "1. Xin lùi hạn vì lụt 2. Gửi mật khẩu http://x" in body.splitlines()


def test_a_long_list_is_cut_and_says_so() -> None:
    _, body = _digest(*(Told(f"Việc {n}", "/viec/", n % 2 == 0) for n in range(MOST_TOLD + 7)))
    assert sum(line.endswith("/viec/") for line in body.splitlines()) == MOST_TOLD
    assert "và 7 thông báo khác." in body


def test_the_id_of_a_letter_is_known_beforehand() -> None:
    assert message_id(7, DAY, "a.vn") == message_id(7, DAY, "a.vn")
    assert len({message_id(7, DAY, "a.vn"), message_id(8, DAY, "a.vn"),
                message_id(7, DAY + timedelta(days=1), "a.vn")}) == 3


def test_pauses_grow_and_end() -> None:
    pauses = [pause_after(n) for n in range(1, MOST_ATTEMPTS)]
    assert all(each is not None for each in pauses)
    assert pauses == sorted(pauses, key=lambda each: each or timedelta(0))
    assert pause_after(MOST_ATTEMPTS) is None
