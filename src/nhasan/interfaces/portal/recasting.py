"""A release read on the map of another day, as its table page and its files show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from nhasan.domain.correspondence import KeyKind
from nhasan.domain.observations import unscaled
from nhasan.domain.problems import Invalid
from nhasan.domain.recast import Finding, Why
from nhasan.domain.words import date_text
from nhasan.engines.arrow import COVERAGE, DECIMALS, STATUS, VALUE
from nhasan.engines.recasting import BY, kinds_of
from nhasan.engines.recomputing import AGAIN
from nhasan.interfaces.portal.choice import MAP_DAY, SPLIT_BY
from nhasan.interfaces.portal.filters import Option
from nhasan.interfaces.portal.holdings import Cell, Holding, figure_of
from nhasan.interfaces.portal.wording import level_word
from nhasan.releases import queries as releases

_KEYS = {"": KeyKind.NONE, "bang": KeyKind.TABLE, "dien-tich": KeyKind.AREA,
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

    @property
    def said(self) -> tuple[tuple[str, str], ...]:
        """Return what an address says to ask for this map again."""
        if self.day is None:
            return ()
        return ((MAP_DAY, self.day.isoformat()), *(((SPLIT_BY, self.key),) if self.key else ()))


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
    return Wanted(day, key if key in _KEYS else "")


def strictly(asked: Mapping[str, str]) -> Wanted:
    """Return the map that a program asks for; refuse what cannot be read."""
    found = wanted(asked)
    if found.wrong or asked.get(SPLIT_BY, "") not in _KEYS:
        raise Invalid(reason=found.wrong or _("“{name}” nhận: {known}").format(
            name=SPLIT_BY, known=", ".join(filter(None, _KEYS))))
    return found


class Mapped(Holding):
    """A release on another map: other areas, other figures, the same names for all else."""

    leads = False

    def __init__(self, found: releases.OnMap) -> None:
        """Keep the reading."""
        super().__init__(found.page)
        self.found = found

    def _table(self, selection: Mapping[str, Sequence[str]]) -> Any:
        return self.found.figures(selection)

    def day(self, period: str) -> date:
        """Return the day of the map: the same for every period."""
        return self.found.day

    def cells(self, selection: Mapping[str, Sequence[str]]) -> list[Cell]:
        """Return every figure of a selection."""
        table = self._table(selection)
        facts = zip(*(table[name].to_pylist() for name in (
            VALUE, DECIMALS, STATUS, COVERAGE, BY, AGAIN)), strict=True)
        keys_of = zip(*(table[dim].to_pylist() for dim in self.dims), strict=True)
        words = _Marks()
        return [
            Cell(key, figure_of(None if value is None else unscaled(value, at), status), at,
                 coverage, words[by], again)
            for key, (value, at, status, coverage, by, again) in zip(keys_of, facts, strict=True)
        ]


class _Marks(dict[str, str]):
    """What is said of figures that were reckoned by keys, each said once."""

    def __missing__(self, by: str) -> str:
        self[by] = _said(by)
        return self[by]


def _said(by: str) -> str:
    return ", ".join(sorted(key_word(key) for key in kinds_of(by)))


def read_on(held: Holding, asked: Wanted) -> Holding:
    """Return a release on the map that is asked for; as it was reported when none is."""
    return _mapped(held, asked, releases.map_edition()) if asked.day else held


@lru_cache(maxsize=24)
def _mapped(held: Holding, asked: Wanted, edition: tuple[int, ...]) -> Mapped:
    """Read once for each map; a release that was withdrawn is another holding, and refuses."""
    return Mapped(releases.on_map(held.page, asked.day or date.min, _KEYS[asked.key]))


def key_word(key: KeyKind) -> str:
    """Return by what a split area was shared out."""
    return {
        KeyKind.EQUAL: _("chia đều"), KeyKind.AREA: _("chia theo diện tích"),
        KeyKind.POPULATION: _("chia theo dân số"), KeyKind.TABLE: _("chia theo bảng quy định"),
    }.get(key, "")


def keys(shown: Holding, asked: Wanted) -> list[Option]:
    """Return the ways to share out a split area that there are between these two maps.

    None when nothing is split between them, so that nobody is asked for nothing.
    """
    if not isinstance(shown, Mapped):
        return []
    there = shown.found.keys
    table = _("chia theo bảng của {documents} (ước tính)").format(
        documents=", ".join(shown.found.documents))
    words = {"": _("không chia, để trống"), "deu": _("chia đều (ước tính)"),
             "dien-tich": _("chia theo diện tích (ước tính)"), "bang": table}
    return [Option(code, words[code], code == asked.key)
            for code, kind in _KEYS.items() if not code or kind in there] if there else []


@dataclass(frozen=True, slots=True)
class Legend:
    """What a page says of the map it reads on: marks, and what could not be carried over."""

    day: date
    estimated: str
    remarks: tuple[str, ...]
    again: bool = False


def legend(shown: Holding, levels: Iterable[str]) -> Legend | None:
    """Return what is to be said of figures on another map; nothing of those as reported."""
    if not isinstance(shown, Mapped):
        return None
    wanted_levels = tuple(levels)
    marks = shown.found.marks(wanted_levels)
    met = [one for one in shown.found.findings if one.level in wanted_levels]
    return Legend(shown.found.day, ", ".join(sorted(map(key_word, marks.by))),
                  tuple(_remarks(met)), marks.again)


def _remarks(met: Sequence[Finding]) -> Iterable[str]:
    """Return a sentence for each kind of finding, with the places that it was met at."""
    for why in Why:
        places = {(one.level, one.code): one for one in met if one.why is why}
        if places:
            level = next(iter(places))[0]
            yield _sentence(why).format(n=len(places), areas=level_word(level, len(places)))


def _sentence(why: Why) -> str:
    return {
        Why.STRAY: _("{n} {areas} có số liệu nhưng không có trên bản đồ của kỳ đó: bỏ ra ngoài."),
        Why.LOST: _("{n} {areas} không rõ nhập về đâu: số của các nơi này bỏ ra ngoài."),
        Why.SPLIT: _("{n} {areas} nhận phần của đơn vị bị tách mà chưa chọn cách chia: để trống."),
        Why.UNSURE: _("{n} {areas} có thể gồm cả nơi không rõ nhập về đâu: để trống."),
        Why.RATE: _("{n} {areas} đổi địa giới: tỷ lệ, số trung bình không cộng được, để trống."),
        Why.NO_MAP: _("{n} {areas} không có bản đồ của ngày này: bỏ ra ngoài."),
    }[why]


def note(shown: Holding) -> tuple[str, ...]:
    """Return what a file says of the map that its figures are read on."""
    if not isinstance(shown, Mapped):
        return ()
    marks = shown.found.marks()
    told = [_("Quy đổi theo bản đồ ngày {day}").format(day=date_text(shown.found.day))]
    if marks.by:
        told.append(_("Số có trạng thái E là ước tính: {keys}").format(
            keys=", ".join(sorted(map(key_word, marks.by)))))
    if marks.again:
        told.append(_("Tỷ lệ của nơi đổi địa giới được tính lại từ các số đã quy đổi"))
    return tuple(told)
