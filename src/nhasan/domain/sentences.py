"""Sentences with holes, and which of them a finished text was made from.

What was found in a report is kept as it was said, in Vietnamese, and never changes. A door
that speaks another language takes the text apart again: `Words` have a sentence to translate.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nhasan.domain.words import Words

_HOLE = re.compile(r"\{(\w+)\}")


class Sentences:
    """A table of sentences; of several that fit a text, the one that says most of it wins."""

    def __init__(self, templates: Iterable[str]) -> None:
        """Keep the sentences, the longest first."""
        order = sorted(set(templates), key=lambda each: -len(_HOLE.sub("", each)))
        self._known = [(re.compile(_pattern(each), re.DOTALL), each) for each in order]

    def words_of(self, text: str) -> Words | None:
        """Return the sentence that a text was made from, with its facts; nothing if none was.

        A fact that is a sentence of the table itself comes back as `Words`, too.
        """
        for pattern, template in self._known:
            found = pattern.fullmatch(text)
            if found:
                facts = found.groupdict(default="")
                return Words(template, {name: self._fact(facts[name], text) for name in facts})
        return None

    def _fact(self, fact: str, text: str) -> Words | str:
        return (self.words_of(fact) if len(fact) < len(text) else None) or fact


def _pattern(template: str) -> str:
    """Return the pattern of every text that a sentence makes."""
    pieces = _HOLE.split(template)
    return "".join(_written(pieces)) + re.escape(pieces[-1])


def _written(pieces: list[str]) -> Iterator[str]:
    seen: set[str] = set()
    for at in range(1, len(pieces), 2):
        before, name, after = pieces[at - 1 : at + 2]
        if name in seen:
            yield f"{re.escape(before)}(?P={name})"
        elif before.endswith(" ") and after[:1] in ("", " "):
            # Filled with nothing, it leaves no second space behind.
            yield f"{re.escape(before[:-1])}(?: (?P<{name}>.+?))?"
        else:
            yield f"{re.escape(before)}(?P<{name}>.*?)"
        seen.add(name)
