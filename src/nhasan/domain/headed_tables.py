"""Tables as offices send them: the head row is found by its words, columns come in any order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.words import normalised

MOST_LINES = 15_000
_HEAD_WITHIN = 20
_LONGEST = 200

Lines = list[tuple[int, dict[str, str]]]


def below_head(table: Sequence[Sequence[str]], heads: Mapping[str, Collection[str]],
               enough: Callable[[Collection[str]], bool], *, no_head: str,
               no_line: str = phrase("dưới dòng đầu bảng không có dòng nào")) -> Lines:
    """Return the lines below the head row: the number of each in the file, its cells by name.

    `heads` gives each column its words, plain and small; `enough` tells whether a row that has
    these columns is the head. Lines with nothing in these columns are passed over, cells that are
    not there are "". A table without a head, without a line, or too long is refused.
    """
    head, columns = _head(table, heads, enough, no_head)
    found = []
    for number, row in enumerate(table[head + 1:], head + 2):
        cells = {
            name: _clean(row[columns[name]]) if columns.get(name, len(row)) < len(row) else ""
            for name in heads}
        if any(cells.values()):
            found.append((number, cells))
    if not found:
        raise Invalid(reason=no_line)
    if len(found) > MOST_LINES:
        raise Invalid(reason=phrase("bảng dài quá; hãy chia thành nhiều tệp"))
    return found


def _head(table: Sequence[Sequence[str]], heads: Mapping[str, Collection[str]],
          enough: Callable[[Collection[str]], bool], no_head: str) -> tuple[int, dict[str, int]]:
    for at, row in enumerate(table[:_HEAD_WITHIN]):
        columns: dict[str, int] = {}
        for spot, cell in enumerate(row):
            name = next((name for name, words in heads.items()
                         if normalised(_clean(cell)) in words), None)
            if name is not None:
                columns.setdefault(name, spot)
        if enough(columns.keys()):
            return at, columns
    raise Invalid(reason=no_head)


def _clean(text: str) -> str:
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())[
        :_LONGEST]
