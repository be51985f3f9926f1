"""Numbers, days and figures as an office in Viet Nam writes them, or its readers abroad.

Everything here is text for people. Files for machines never pass through this page.
How numbers and days are written is a `Notation`, Vietnamese unless a door hands in another.
Sentences are `Words`: a Vietnamese sentence with the facts it is filled with, so that a
door may translate the sentence before the facts go in.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation

from nhasan.domain.observations import Figure, Status
from nhasan.domain.problems import phrase

MINUS = "\N{MINUS SIGN}"


@dataclass(frozen=True, slots=True)
class Notation:
    """How numbers and days are written: the marks in a number, the months when they are named."""

    thousands: str
    decimal: str
    months: tuple[str, ...] = ()


VIETNAMESE = Notation(thousands=".", decimal=",")
# Months are named: 05/11/2025 is a day of May to one reader of English and of November to another.
ENGLISH = Notation(
    thousands=",",
    decimal=".",
    months=("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)

_WEEKDAYS = (
    phrase("thứ Hai"),
    phrase("thứ Ba"),
    phrase("thứ Tư"),
    phrase("thứ Năm"),
    phrase("thứ Sáu"),
    phrase("thứ Bảy"),
    phrase("Chủ nhật"),
)
_SATURDAY = 5

_WIDE = Context(prec=200)  # a long number is shown in full, never rounded by the context

_APOSTROPHES = "'`\N{ACUTE ACCENT}\N{LEFT SINGLE QUOTATION MARK}\N{RIGHT SINGLE QUOTATION MARK}"
_SAME_LETTER = {
    "đ": "d",
    "ð": "d",
    "ƀ": "b",
    "\N{MODIFIER LETTER APOSTROPHE}": "",
} | dict.fromkeys(_APOSTROPHES, "")

_ABSENT = {
    Status.NOT_REPORTED: phrase("chưa có"),
    Status.NOT_APPLICABLE: phrase("không áp dụng"),
    Status.CONFIDENTIAL: phrase("bảo mật"),
}

Number = Decimal | int | float | str


@dataclass(frozen=True, slots=True)
class Words:
    """A sentence in Vietnamese and the facts that fill it; a fact may be a sentence too."""

    template: str
    facts: Mapping[str, object] = field(default_factory=dict)

    def said(self, translate: Callable[[str], str] = str) -> str:
        """Return the sentence after `translate` has turned it and its facts."""
        facts = {
            name: fact.said(translate) if isinstance(fact, Words) else fact
            for name, fact in self.facts.items()
        }
        return translate(self.template).format(**facts)

    def __str__(self) -> str:
        """Return the sentence in Vietnamese."""
        return self.said()


def decimal_of(value: Number) -> Decimal:
    """Return the number exactly as it is printed by the machine; `ValueError` if it is none."""
    try:
        found = value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"not a number: {value!r}") from None
    if not found.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return found


def number_text(
    value: Number, decimals: int | None = None, notation: Notation = VIETNAMESE,
) -> str:
    """Return `1.845.492`, `36,1` or `−5`; in English `1,845,492`, `36.1`.

    Without `decimals` the number keeps the places that it came with; with them it is
    rounded half up, as published tables are.
    """
    number = decimal_of(value)
    if decimals is not None:
        number = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)
    whole, _, rest = f"{number.copy_abs():,f}".partition(".")
    sign = MINUS if number < 0 else ""
    places = notation.decimal + rest if rest else ""
    return sign + whole.replace(",", notation.thousands) + places


def change_text(
    value: Number, decimals: int | None = None, notation: Notation = VIETNAMESE,
) -> str:
    """Return a difference with its sign: `+6`, `−11`, `0`."""
    text = number_text(value, decimals, notation)
    grows = decimal_of(value) > 0 and any(digit in text for digit in "123456789")
    return f"+{text}" if grows else text


def number_from(text: str, notation: Notation = VIETNAMESE) -> Decimal:
    """Return the number that `number_text` wrote in the same notation."""
    plain = text.replace(notation.thousands, "").replace(notation.decimal, ".")
    return Decimal(plain.replace(MINUS, "-"))


def date_text(day: date, notation: Notation = VIETNAMESE) -> str:
    """Return `28/11/2025`; in English `28 Nov 2025`."""
    return f"{_short_day(day, notation)}{' ' if notation.months else '/'}{day.year}"


def stamp_text(
    moment: datetime, today: date | None = None, notation: Notation = VIETNAMESE,
) -> str:
    """Return `28/11/2025, 09:42`; the year is left out when `today` lies in the same one."""
    return f"{_near(moment.date(), today, notation)}, {moment:%H:%M}"


def weekday_words(
    day: date, today: date | None = None, notation: Notation = VIETNAMESE,
) -> Words:
    """Return `thứ Sáu 28/11`; the year is added when `today` lies in another one."""
    weekday = Words(_WEEKDAYS[day.weekday()])
    near = _near(day, today or day, notation)
    return Words("{weekday} {day}", {"weekday": weekday, "day": near})


def moment_words(
    moment: datetime, today: date | None = None, notation: Notation = VIETNAMESE,
) -> Words:
    """Return `09:42 thứ Năm 20/11`, in the time zone that the moment is given in."""
    day = weekday_words(moment.date(), today, notation)
    return Words("{time} {day}", {"time": f"{moment:%H:%M}", "day": day})


def working_days(start: date, end: date, holidays: Collection[date] = ()) -> int:
    """Return how many working days lie after `start` up to and with `end`.

    Monday to Friday, holidays left out; negative when `end` comes before `start`.
    """
    if end < start:
        return -working_days(end, start, holidays)
    days = (start + timedelta(days=n) for n in range(1, (end - start).days + 1))
    return sum(1 for day in days if day.weekday() < _SATURDAY and day not in holidays)


def due_words(
    due: date, today: date, left: int | None = None, notation: Notation = VIETNAMESE,
) -> Words:
    """Say how far the due date is: `còn 3 ngày làm việc (thứ Sáu 28/11)`.

    `left` is how many working days there are by the office calendar, less than 0 afterwards;
    without it, Monday to Friday are counted.
    """
    left = working_days(today, due) if left is None else left
    facts = {"days": abs(left), "day": weekday_words(due, today, notation)}
    if due < today:
        if left == 0:
            return Words(phrase("vừa quá hạn ({day})"), facts)
        if left == -1:
            return Words(phrase("quá hạn 1 ngày làm việc"))
        return Words(phrase("quá hạn {days} ngày làm việc"), facts)
    if due == today:
        return Words(phrase("hạn là hôm nay ({day})"), facts)
    if left == 0:
        return Words(phrase("không còn ngày làm việc nào trước hạn ({day})"), facts)
    if left == 1:
        return Words(phrase("còn 1 ngày làm việc ({day})"), facts)
    return Words(phrase("còn {days} ngày làm việc ({day})"), facts)


def figure_words(
    figure: Figure, decimals: int | None = None, notation: Notation = VIETNAMESE,
) -> Words:
    """Return the figure's number, or the words that say why there is none."""
    if figure.value is None:
        return Words(_ABSENT[figure.status])
    return Words("{number}", {"number": number_text(figure.value, decimals, notation)})


def normalised(text: str) -> str:
    """Return the text as a search compares it.

    No diacritics, đ as d, small letters, dashes as spaces, apostrophes gone: `Đắk Lắk`,
    `ĐẮK  LẮK` and `dak lak` are one, and so are `M'nông` and `Mnông`.
    """
    letters = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return " ".join("".join(_plain(letter) for letter in letters).split())


def _plain(letter: str) -> str:
    """Return the letter without what a search looks past."""
    if letter in _SAME_LETTER:
        return _SAME_LETTER[letter]
    category = unicodedata.category(letter)
    if category == "Pd":
        return " "
    return "" if category in ("Mn", "Cf") else letter


def _near(day: date, today: date | None, notation: Notation) -> str:
    """Return the day, without its year when `today` lies in the same one."""
    if today is not None and today.year == day.year:
        return _short_day(day, notation)
    return date_text(day, notation)


def _short_day(day: date, notation: Notation) -> str:
    """Return `28/11`; in English `28 Nov`."""
    if notation.months:
        return f"{day.day} {notation.months[day.month - 1]}"
    return f"{day.day:02}/{day.month:02}"
