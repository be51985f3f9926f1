"""The choice “as reported, or on the map of a day”: asked in one way of officials and readers."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from django.utils.translation import gettext as _

from nhasan.domain.correspondence import KeyKind
from nhasan.domain.problems import Invalid
from nhasan.domain.words import date_text

MAP_DAY, SPLIT_BY = "ngay", "chia"
KEYS = {"": KeyKind.NONE, "bang": KeyKind.TABLE, "dien-tich": KeyKind.AREA,
        "deu": KeyKind.EQUAL}
NEWEST = date(2025, 7, 1)
"""The day of the last reorganisation of the whole country."""
_FIRST = date(1945, 9, 2)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The map that an address asks for; what it says wrong is kept for the page to show."""

    day: date | None = None
    key: str = ""
    wrong: str = ""
    key_wrong: str = ""

    @property
    def kind(self) -> KeyKind:
        """Return the key by which split areas are to be shared out."""
        return KEYS[self.key]

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Return what an address says to ask for this map again."""
        if self.day is None:
            return ()
        return ((MAP_DAY, self.day.isoformat()), *(((SPLIT_BY, self.key),) if self.key else ()))


class Way(NamedTuple):
    """One way to read a choice: its words, its address, and whether it is the present one."""

    label: str
    query: str
    now: bool


class Option(NamedTuple):
    """One way to share out a split area."""

    code: str
    label: str
    chosen: bool


def wanted(asked: Mapping[str, str]) -> Wanted:
    """Return the map that an address asks for; none when it asks for none."""
    text, key = asked.get(MAP_DAY, "").strip(), asked.get(SPLIT_BY, "")
    if not text:
        return Wanted()
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return Wanted(wrong=_("Ngày “{text}” chưa đọc được. Hãy chọn lại ngày của bản đồ.").format(
            text=text[:40]))
    if day < _FIRST:
        return Wanted(wrong=_("Không có bản đồ của ngày {day}.").format(day=date_text(day)))
    return Wanted(day, key if key in KEYS else "")


def strictly(asked: Mapping[str, str]) -> Wanted:
    """Return the map that a program asks for; refuse what cannot be read."""
    found = wanted(asked)
    if found.wrong or asked.get(SPLIT_BY, "") not in KEYS:
        raise Invalid(reason=found.wrong or _("“{name}” nhận: {known}").format(
            name=SPLIT_BY, known=", ".join(filter(None, KEYS))))
    return found


def ways(asked: Wanted, query: Callable[[Wanted], str]) -> list[Way]:
    """Return the ways to read a choice: as reported, on the last map, on one asked for."""
    days = dict.fromkeys(filter(None, (NEWEST, asked.day)))
    return [
        Way(_("Theo bản đồ ngày {day}").format(day=date_text(way.day)) if way.day
            else _("Như đã báo cáo"), query(way), way.day == asked.day)
        for way in (Wanted(), *(Wanted(day, asked.key) for day in days))
    ]


def fitting(asked: Wanted, there: Collection[KeyKind]) -> Wanted:
    """Return what is asked, with a word when its key is none between the two maps."""
    if not asked.key or asked.kind in there:
        return asked
    return replace(asked, key="", key_wrong=_(
        "Cách chia đã chọn không dùng được giữa hai bản đồ này. Hãy chọn cách khác.")
        if there else "")


def key_word(key: KeyKind) -> str:
    """Return by what a split area was shared out."""
    return {
        KeyKind.EQUAL: _("chia đều"), KeyKind.AREA: _("chia theo diện tích"),
        KeyKind.POPULATION: _("chia theo dân số"), KeyKind.TABLE: _("chia theo bảng quy định"),
    }.get(key, "")


def key_words(keys: Iterable[KeyKind]) -> str:
    """Return by which keys something was shared out."""
    return ", ".join(sorted(map(key_word, keys)))


def options(there: Collection[KeyKind], documents: Collection[str],
            asked: Wanted) -> list[Option]:
    """Return the ways to share out a split area that there are between two maps.

    None when nothing is split between them, so that nobody is asked for nothing.
    """
    table = _("chia theo bảng của {documents} (ước tính)").format(
        documents=", ".join(documents))
    words = {"": _("không chia, để trống"), "deu": _("chia đều (ước tính)"),
             "dien-tich": _("chia theo diện tích (ước tính)"), "bang": table}
    return [Option(code, words[code], code == asked.key)
            for code, kind in KEYS.items() if not code or kind in there] if there else []
