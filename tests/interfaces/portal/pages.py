"""How tests of the portal look at a page: its words, and its table as cells."""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser
from typing import Any

_ROW, _CELL = ("tr",), ("th", "td")


def words(response: Any) -> str:
    """Return what a page says, without tags, on one line."""
    shown = re.sub(r"<(script|title)\b.*?</\1>", "", response.content.decode(), flags=re.S)
    said = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown)).split())
    return re.sub(r" (?=[.,;:)])|(?<=\() ", "", said)


class _Tables(HTMLParser):
    """Collects the cells of the table of figures, line by line."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[list[str]] = []
        self.links: list[str] = []
        self._inside = False
        self._cell = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = dict(attrs)
        if tag == "table":
            self._inside = facts.get("id") == "bang-so-lieu"
        if self._inside and tag in _ROW:
            self.lines.append([])
        if self._inside and tag in _CELL:
            self._cell = True
            self.lines[-1].append("")
        if self._inside and tag == "a" and facts.get("href"):
            self.links.append(str(facts["href"]))

    def handle_endtag(self, tag: str) -> None:
        if tag in _CELL:
            self._cell = False
        if tag == "table":
            self._inside = False

    def handle_data(self, data: str) -> None:
        if self._cell:
            self.lines[-1][-1] += data


def table(response: Any) -> list[list[str]]:
    """Return the lines of the table of figures, the head first."""
    seen = _Tables()
    seen.feed(response.content.decode())
    return seen.lines


def figure_links(response: Any) -> list[str]:
    """Return the address of each figure's own page, line by line."""
    seen = _Tables()
    seen.feed(response.content.decode())
    return [link for link in seen.links if "/o/" in link]


def download(response: Any, name: str) -> str:
    """Return the address of the file of that name which a table page offers."""
    found = re.search(rf'href="([^"]+figures\.{name}[^"]*)"', response.content.decode())
    assert found, "the page offers no such file"
    return found[1].replace("&amp;", "&")
