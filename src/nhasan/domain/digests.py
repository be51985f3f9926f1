"""The one letter that a person gets on a day: when it may be written, and what it says.

Written in Vietnamese: a letter has no reader's language before it is opened.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from nhasan.domain.calendar import Calendar
from nhasan.domain.problems import phrase
from nhasan.domain.words import weekday_words

MOST_TOLD = 30
MOST_ATTEMPTS = 8
_PAUSES = (2, 5, 15, 30, 60, 120, 240)  # minutes before the second, third… attempt


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """From which hour letters go out, and before which; on working days only."""

    first: int = 7
    last: int = 17

    @classmethod
    def of(cls, text: str) -> OfficeHours:
        """Return the hours written as `7-17`; `ValueError` when they are none."""
        first, _, last = text.partition("-")
        hours = cls(int(first), int(last))
        if not 0 <= hours.first < hours.last <= 24:
            raise ValueError(f"not hours of a day: {text!r}")
        return hours

    def is_quiet(self, moment: datetime, calendar: Calendar) -> bool:
        """Tell whether nobody is written to at that moment (local time)."""
        return not (
            self.first <= moment.hour < self.last and calendar.is_working(moment.date())
        )


@dataclass(frozen=True, slots=True)
class Told:
    """One notice as a letter tells it."""

    words: str
    path: str
    urgent: bool


@dataclass(frozen=True, slots=True)
class Digest:
    """A letter ready to be sent."""

    subject: str
    body: str


_SUBJECT = phrase("Nhà Sàn: {count} thông báo chưa xem")
_SUBJECT_URGENT = phrase("Nhà Sàn: {urgent} việc cần làm sớm, {count} thông báo chưa xem")
_GREETING = phrase("Kính gửi {name}, {unit}")
_LEAD = phrase("{day}, bạn có {count} thông báo chưa xem.")
_URGENT = phrase("Cần làm sớm:")
_OTHERS = phrase("Thông báo khác:")
_MORE = phrase("và {count} thông báo khác.")
_WHERE = phrase("Xem tất cả: {address}")
_FOOT = phrase(
    "Thư gửi tự động trong giờ hành chính, mỗi ngày làm việc nhiều nhất một thư. Muốn thôi nhận "
    "thư, vào trang Thông báo và bỏ chọn “Gửi thư cho tôi khi có thông báo chưa xem”.")


def digest(*, name: str, unit: str, day: date, told: Sequence[Told], site: str) -> Digest:
    """Return the letter that tells a person of several notices, what presses first."""
    urgent = [each for each in told if each.urgent]
    others = [each for each in told if not each.urgent]
    count = len(told)
    subject = (_SUBJECT_URGENT if urgent else _SUBJECT).format(count=count, urgent=len(urgent))
    shown_urgent = urgent[:MOST_TOLD]
    shown_others = others[: MOST_TOLD - len(shown_urgent)]
    when = f"{weekday_words(day)}/{day.year}"
    lines = [
        _one_line(_GREETING.format(name=name, unit=unit)), "",
        _LEAD.format(day=when[0].upper() + when[1:], count=count), "",
        *_listed(_URGENT, shown_urgent, site, 1),
        *_listed(_OTHERS if urgent else "", shown_others, site, 1 + len(shown_urgent)),
    ]
    left = count - len(shown_urgent) - len(shown_others)
    lines += [_MORE.format(count=left), ""] if left else []
    lines += [_WHERE.format(address=f"{site}/viec/thong-bao/"), "", "--", _FOOT, ""]
    return Digest(subject, "\n".join(lines))


def _listed(title: str, told: Sequence[Told], site: str, first: int) -> list[str]:
    if not told:
        return []
    lines = [title] if title else []
    for number, each in enumerate(told, first):
        lines += [f"{number}. {_one_line(each.words)}", f"   {site}{each.path}"]
    return [*lines, ""]


def _one_line(text: str) -> str:
    """Return words on one line: what somebody typed cannot pass for a line of ours."""
    return " ".join(text.split())


def message_id(person: int, day: date, host: str) -> str:
    """Return the id of a person's letter of a day: the same however often it is handed over."""
    return f"<thong-bao.{day:%Y%m%d}.{person}@{host}>"


def pause_after(attempts: int) -> timedelta | None:
    """Return how long to wait after so many attempts; nothing when it is given up."""
    if attempts >= MOST_ATTEMPTS:
        return None
    return timedelta(minutes=_PAUSES[min(attempts, len(_PAUSES)) - 1])
