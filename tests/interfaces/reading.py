"""How tests read a page of another language: is a sentence of the house left untranslated?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

from scripts import messages

_SAID = ("title", "aria-label", "placeholder", "alt", "content", "data-nhan", "data-xong",
         "data-hong")
_HOLE = re.compile(r"%\(\w+\)[sd]|\{\w*\}|</?\w+>")
_LEAST = 12
"""Shorter words of the house are words of the data, too: a column may be called “Dân tộc”."""


class _Reader(HTMLParser):
    """Collects what a page says, but for scripts and for what is marked as Vietnamese."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._open: list[tuple[str, bool]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        quiet = tag in ("script", "style") or (tag != "html" and facts.get("lang") == "vi")
        if not quiet:
            self.said += [facts[name] or "" for name in _SAID if name in facts]
        if tag not in ("meta", "link", "input", "br", "img", "hr", "wbr", "path", "use"):
            self._open.append((tag, quiet))

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not any(quiet for _tag, quiet in self._open):
            self.said.append(data)


def said(page: str) -> str:
    """Return all that a page says, in its text and to those who hear it, on one line."""
    reader = _Reader()
    reader.feed(page)
    return " ".join(" ".join(reader.said).split())


@cache
def sentences() -> frozenset[str]:
    """Return the sentences of the house, as the pieces that stand between their facts."""
    return frozenset(
        piece for message in messages.catalogue() if message.id
        for piece in _pieces(message.id[0] if isinstance(message.id, tuple) else message.id)
    )


def _pieces(sentence: str) -> Iterator[str]:
    for piece in _HOLE.split(sentence):
        words = " ".join(piece.split())
        if len(words) > _LEAST and not words.isascii():
            yield words


def left_over(page: str, data: str) -> list[str]:
    """Return the Vietnamese sentences of the house on a page; `data` may say what it likes."""
    words = said(page)
    return sorted(each for each in sentences() if each in words and each not in data)
