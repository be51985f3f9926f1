"""The small parts of a package, read by a parser: properties, the list of sheets, relations."""

from __future__ import annotations

import xml.parsers.expat as expat
from collections.abc import Mapping
from dataclasses import dataclass

from nhasan.formats.forms.refusals import WorkbookDamaged


@dataclass(slots=True)
class Tag:
    """One element: its name and its attributes' names without prefixes, and the text within."""

    name: str
    attributes: Mapping[str, str]
    text: str = ""


def tags(xml: bytes) -> list[Tag]:
    """Return every element of a part in the order in which they open; an empty part has none."""
    if not xml:
        return []
    found: list[Tag] = []
    opened: list[Tag] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        tag = Tag(_local(name), {_local(key): value for key, value in attributes.items()})
        found.append(tag)
        opened.append(tag)

    def end(_name: str) -> None:
        opened.pop()

    def text(words: str) -> None:
        for tag in opened[-2:]:  # of the element and of the one around it, as properties need
            tag.text += words

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = text
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, ValueError) as error:
        raise WorkbookDamaged from error
    return found


def _local(name: str) -> str:
    return name.rpartition(":")[2]
