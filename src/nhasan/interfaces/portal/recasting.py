"""A release read on the map of another day, as its table page and its files show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from django.utils.translation import gettext as _

from nhasan.domain.observations import unscaled
from nhasan.domain.recast import Finding, Why
from nhasan.domain.words import date_text
from nhasan.engines.arrow import COVERAGE, DECIMALS, STATUS, VALUE
from nhasan.engines.recasting import BY, kinds_of
from nhasan.engines.recomputing import AGAIN
from nhasan.interfaces import map_choice
from nhasan.interfaces.map_choice import Option, Wanted, key_words, options
from nhasan.interfaces.portal.holdings import Cell, Holding, figure_of
from nhasan.interfaces.portal.wording import level_word
from nhasan.releases import queries as releases


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

    def above(self, place: tuple[str, str], period: str, top: str) -> str:
        """Return the area of the level `top` in which a place lies on this map."""
        held = ":".join(place)
        while held and held.partition(":")[0] != top:
            held = self.stock.parents.get(held, "")
        return held.partition(":")[2]

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
        self[by] = key_words(kinds_of(by))
        return self[by]


def read_on(held: Holding, asked: Wanted) -> Holding:
    """Return a release on the map that is asked for; as it was reported when none is."""
    return _mapped(held, asked, releases.map_edition()) if asked.day else held


@lru_cache(maxsize=24)
def _mapped(held: Holding, asked: Wanted, edition: tuple[int, ...]) -> Mapped:
    """Read once for each map; a release that was withdrawn is another holding, and refuses."""
    return Mapped(releases.on_map(held.page, asked.day or date.min, asked.kind))


def fitting(shown: Holding, asked: Wanted) -> Wanted:
    """Return what is asked, with a word when its key is none between the two maps."""
    return map_choice.fitting(asked, shown.found.keys) if isinstance(shown, Mapped) else asked


def keys(shown: Holding, asked: Wanted) -> list[Option]:
    """Return the ways to share out a split area that there are between these two maps."""
    if not isinstance(shown, Mapped):
        return []
    return options(shown.found.keys, shown.found.documents, asked)


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
    return Legend(shown.found.day, key_words(marks.by),
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
            keys=key_words(marks.by)))
    if marks.again:
        told.append(_("Tỷ lệ của nơi đổi địa giới được tính lại từ các số đã quy đổi"))
    return tuple(told)
