"""What a reader's words mean: a group, a place, a year, and the words that are left.

People type a question, not an index entry: “Tày Bắc Kạn 2019”, “người Mông”, “hộ nghòe”. Names
are taken out first, the longest first; little words are looked past; a word that no name and no
title has may be a slip of the hand.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from urllib.parse import urlencode

from nhasan.domain.cube import AREA_LEVEL, INDICATOR, REF_AREA, TIME_PERIOD, TOTAL
from nhasan.interfaces.portal import peoples, wording
from nhasan.interfaces.portal.choice import LEVELS
from nhasan.interfaces.portal.drawing import shown
from nhasan.interfaces.portal.holdings import Cell, Holding, holding
from nhasan.interfaces.portal.peoples import Group
from nhasan.releases import queries as releases

Place = tuple[str, str, str]
Name = Group | Place

_YEAR = re.compile(r"(?:19|20)\d\d")
_LITTLE = frozenset((
    "nguoi", "dan", "toc", "tinh", "xa", "phuong", "huyen", "quan", "thi", "tran", "thanh", "pho",
    "nam", "o", "tai", "cua", "va", "cho", "theo",
))
_LONGEST = 6  # words of a name
_NEAR = 0.72  # how like a slip must be to the word that was meant
_MOST = 8
_PLAIN_ENOUGH = 4  # letters of a word that may be another name of a group


@dataclass(frozen=True, slots=True)
class Question:
    """A question taken apart; `rest` are the words that are no name and no year."""

    group: Group | None
    place: Place | None
    year: str
    rest: tuple[str, ...]

    @property
    def several(self) -> bool:
        """Tell whether it asks for two things at once, so that one figure may answer it."""
        return sum(map(bool, (self.group, self.place, self.year, self.rest))) > 1


@dataclass(frozen=True, slots=True)
class Answer:
    """A figure that answers a question, or the table to look in."""

    label: str
    number: str
    address: str
    detail: str


def question(text: str, cards: tuple[releases.Card, ...]) -> Question:
    """Return what the words mean."""
    names = _names(cards, peoples.groups())
    group: Group | None = None
    place: Place | None = None
    year, rest = "", []
    words = releases.plain(text).split()
    while words:
        size = next((size for size in range(min(_LONGEST, len(words)), 0, -1)
                     if " ".join(words[:size]) in names), 0)
        found = names.get(" ".join(words[:size]))
        if isinstance(found, Group) and group is None:
            group = found
        elif isinstance(found, tuple) and place is None:
            place = found
        elif _YEAR.fullmatch(words[0]) and not year:
            year, size = words[0], 1
        else:
            size = 1
            rest.append(words[0])
        words = words[size:]
    return Question(group, place, year, _telling(rest))


def _telling(words: Sequence[str]) -> tuple[str, ...]:
    """Return the words without those that every question has; “dân số” is none of them."""
    kept = []
    for at, word in enumerate(words):
        after = words[at + 1] if at + 1 < len(words) else ""
        if word not in _LITTLE or (word, after) == ("dan", "so"):
            kept.append(word)
    return tuple(kept)


@lru_cache(maxsize=4)
def _names(cards: tuple[releases.Card, ...], groups: tuple[Group, ...]) -> dict[str, Name]:
    """Return every name of a group and of a place that has figures; the largest area first."""
    found: dict[str, Name] = {}
    for group in groups:
        found.setdefault(releases.plain(group.name), group)
    places = [
        (level, code, label) for card in cards
        for (level, code), label in holding(card.name, card.version).places.items()
    ]
    for place in sorted(places, key=lambda one: LEVELS.index(one[0])):
        found.setdefault(releases.plain(place[2]), place)
    known = _words(cards, groups)
    for group in groups:
        for name in (*group.aliases, *group.others):
            # “Hộ”, “Xá”, “Lê” are other names of groups, too, but not within a sentence.
            plain = releases.plain(name)
            if " " in plain or (len(plain) >= _PLAIN_ENOUGH and plain not in known):
                found.setdefault(plain, group)
    found.pop("", None)
    return found


def answers(asked: Question, cards: tuple[releases.Card, ...]) -> list[Answer]:
    """Return the figures that answer a question which asks for two things at once."""
    found: list[Answer] = []
    for card in cards if asked.several else ():
        held = holding(card.name, card.version)
        if _holds(asked, held):
            found += _of(asked, held)
    return found[:_MOST]


def _holds(asked: Question, held: Holding) -> bool:
    codes = held.stock.codes
    return (
        (asked.group is None or asked.group.code in codes.get(peoples.DIM, ()))
        and (asked.place is None or asked.place[:2] in held.places)
        and (not asked.year or asked.year in codes[TIME_PERIOD])
    )


def _of(asked: Question, held: Holding) -> Iterator[Answer]:
    place = asked.place or next(
        ((level, code, "") for level, code in held.places if level == "country"), None)
    for ref, facts in held.indicators.items():
        told = releases.plain(f"{facts['label']} {held.page.card.title}")
        if not all(word in told for word in asked.rest):
            continue
        where: dict[str, tuple[str, ...]] = {INDICATOR: (ref,)}
        if asked.group:
            where[peoples.DIM] = (asked.group.code,)
        if asked.year:
            where[TIME_PERIOD] = (asked.year,)
        if place:
            where |= {AREA_LEVEL: (place[0],), REF_AREA: (place[1],)}
        cell = _newest(held, where) if place else None
        if cell is None and asked.place:
            continue
        if cell:
            where[TIME_PERIOD] = (cell.key[held.dims.index(TIME_PERIOD)],)
        number = f"{shown(cell)} {held.unit(ref)}".strip() if cell else ""
        query = urlencode([(dim, code) for dim, codes in where.items() for code in codes])
        yield Answer(wording.chosen(held, where), number, f"{held.page.card.address}?{query}",
                     held.page.card.title)


def latest(ref: str, cards: tuple[releases.Card, ...]) -> str:
    """Return the newest undivided figure of the whole country that an indicator has, in words."""
    for card in cards:
        held = holding(card.name, card.version)
        country = next((code for level, code in held.places if level == "country"), "")
        cell = _newest(held, {INDICATOR: (ref,), AREA_LEVEL: ("country",), REF_AREA: (country,)}
                       ) if country and ref in held.indicators else None
        if cell and cell.figure.value is not None:
            return ", ".join([
                f"{shown(cell)} {held.unit(ref)}".strip(), held.places["country", country],
                held.label(TIME_PERIOD, cell.key[held.dims.index(TIME_PERIOD)]),
            ])
    return ""


def _newest(held: Holding, where: dict[str, tuple[str, ...]]) -> Cell | None:
    """Return the newest figure that nothing divides but what was asked."""
    at = held.dims.index(TIME_PERIOD)
    order = {period: rank for rank, period in enumerate(held.stock.codes[TIME_PERIOD])}
    cells = held.cells(where)
    for dim in held.stock.breakdowns:
        place = held.dims.index(dim)
        codes = {cell.key[place] for cell in cells}
        if len(codes) > 1 and dim not in where:
            cells = [cell for cell in cells if cell.key[place] == TOTAL]
    return max(cells, key=lambda cell: order[cell.key[at]], default=None)


def meant(text: str, cards: tuple[releases.Card, ...]) -> str:
    """Return the text with likely slips put right; nothing when there is nothing to mend."""
    known = _words(cards, peoples.groups())
    mended = []
    for word in releases.plain(text).split():
        near = word if word in known or word.isdecimal() else _nearest(word, known)
        mended.append(known.get(near, near))
    found = " ".join(mended)
    return found if releases.plain(found) != releases.plain(text) else ""


def _nearest(word: str, known: Mapping[str, str]) -> str:
    """Return the word that was meant: letters that changed places before letters that differ."""
    near = get_close_matches(word, known, 5, _NEAR)
    return next((each for each in near if sorted(each) == sorted(word)), (*near, word)[0])


@lru_cache(maxsize=4)
def _words(cards: tuple[releases.Card, ...], groups: tuple[Group, ...]) -> dict[str, str]:
    """Return every word of names and titles, as it is compared and as it is written most."""
    texts = [group.name for group in groups] + [card.title for card in cards]
    for card in cards:
        held = holding(card.name, card.version)
        texts += [*held.places.values(), *(str(one["label"]) for one in held.indicators.values())]
    written = Counter(word for text in texts for word in re.findall(r"\w+", text.lower()))
    found: dict[str, str] = {}
    for word, _count in written.most_common():
        found.setdefault(releases.plain(word), word)
    found.pop("", None)
    return found
