"""Search over what was published: datasets, indicators, groups and places."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from nhasan.domain.cube import AREA_LEVEL, FIXED, INDICATOR, REF_AREA, TOTAL
from nhasan.domain.identity import Urn
from nhasan.domain.words import normalised
from nhasan.releases import folder
from nhasan.releases.queries.pages import card_of, latest
from nhasan.releases.queries.shelf import opened

_STOPS = re.compile(r"[.,;?!()“”\"]")
_OPEN_I = re.compile(r"\b(h|k|l|m|s|t|qu)i\b")  # tỉ, kĩ, lí: both spellings are taught
_EVERYDAY = (
    (r"(?:thanh pho |tp ?)?(?:hcm|ho chi minh)", "ho chi minh"), ("sai gon|saigon", "ho chi minh"),
)
DATASET, MEASURE, GROUP, AREA = "dataset", "indicator", "group", "area"
_FIRST = {DATASET: 0, MEASURE: 1, AREA: 2, GROUP: 3}


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing that was found, and where to read on."""

    kind: str
    label: str
    detail: str
    address: str


def plain(text: str) -> str:
    """Return text as a search of what was published compares it.

    Marks and stops are looked past; `tỉ lệ` is `tỷ lệ`; everyday names of a city are its name.
    """
    words = normalised(_STOPS.sub(" ", text))
    words = _OPEN_I.sub(r"\1y", words)
    for known, name in _EVERYDAY:
        words = re.sub(rf"\b{known}\b", name, words)
    return words


def search(text: str, limit: int = 20) -> list[Hit]:
    """Return what holds every word of the text, typed with or without diacritics."""
    words = plain(text).split()
    if not words:
        return []
    found: dict[tuple[str, str, str], tuple[tuple[int, bool, int, str], Hit]] = {}
    for row in latest():
        card = card_of(row)
        hit = Hit(DATASET, card.title, card.subject, card.address)
        searched = plain(f"{card.title} | {card.subject} | {card.name}")
        for each, where in ((hit, searched), *_entries(
            row.urn, folder.published_folder(row.urn), card.title, card.address,
        )):
            if all(word in where for word in words):
                starts = where.startswith(words[0])
                rank = (_FIRST[each.kind], not starts, len(each.label), each.label)
                found.setdefault((each.kind, each.label, each.address), (rank, each))
    return [hit for _, hit in sorted(found.values(), key=lambda pair: pair[0])[:limit]]


@lru_cache(maxsize=500)
def _entries(
    urn: Urn, place: Path, title: str, address: str,
) -> tuple[tuple[Hit, str], ...]:
    """Return what may be found in a release; `place` tells two houses of one process apart."""
    return tuple(_made(urn, title, address))


def _made(urn: Urn, title: str, address: str) -> Iterator[tuple[Hit, str]]:
    for dim in opened(urn).dims:
        if dim.id in FIXED and dim.id not in (INDICATOR, REF_AREA):
            continue
        kind = {INDICATOR: MEASURE, REF_AREA: AREA}.get(dim.id, GROUP)
        for code in dim.codes:
            if code.code == TOTAL:
                continue
            asked = {dim.id: code.code}
            if kind == AREA:
                asked[AREA_LEVEL] = code.level
            names = (code.label, code.code, *code.extra.get("search", ()))
            hit = Hit(kind, code.label, title, f"{address}?{urlencode(asked)}")
            yield hit, plain(" | ".join(names))
