"""An indicator set as SDMX-ML 2.1: a code list of indicators under their groups, and its concept.

Codes of SDMX may hold letters, digits, `_`, `@`, `$` and `-`; the key as the law writes it, and
every other field of a sheet, stands in an annotation whose type is the field's name. A file of
others that has no such annotations is read by its codes, names and parents.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError
from xml.sax.saxutils import escape, quoteattr

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from nhasan.domain.indicators import FIELDS, ODD_SIGNS, Sheet
from nhasan.domain.problems import phrase
from nhasan.domain.words import Words
from nhasan.formats.structure.sheets import (
    Fault,
    Reading,
    SetFile,
    StructureFormat,
    table,
    text_of,
)

_NS = "http://www.sdmx.org/resources/sdmxml/schemas/v2_1/"
_STR, _COM = f"{{{_NS}structure}}", f"{{{_NS}common}}"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAMED = ("name_vi", "name_en")
_GROUP = "G_"
_MEASURE = "INDICATOR"


def identifier(text: str) -> str:
    """Return the nearest id that SDMX allows."""
    return re.sub(r"[^A-Za-z0-9_@$-]", "_", text) or "_"


def _agency(text: str) -> str:
    found = re.sub(r"[^A-Za-z0-9_-]", "_", text)
    return found if found[:1].isalpha() else f"A_{found}"


def write(found: SetFile) -> bytes:
    """Return the structure message, without signs that XML cannot hold."""
    return ODD_SIGNS.sub("", "".join(_message(found))).encode()


def _message(found: SetFile) -> Iterator[str]:
    agency, name = _agency(found.agency), identifier(found.identifier)
    held = (
        f'agencyID={quoteattr(agency)} version={quoteattr(found.version)}'
    )
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<mes:Structure xmlns:mes="{_NS}message" xmlns:str="{_NS}structure" '
        f'xmlns:com="{_NS}common">\n'
        f"<mes:Header><mes:ID>{name}</mes:ID><mes:Test>false</mes:Test>"
        "<mes:Prepared>2025-01-01T00:00:00</mes:Prepared>"
        f"<mes:Sender id={quoteattr(agency)}/></mes:Header>\n<mes:Structures>\n"
        f'<str:Codelists><str:Codelist id="CL_{name}" {held}>'
        f"{_annotations(_about(found))}{_names(found.name_vi)}\n"
    )
    ids = _Ids()
    parents = {}
    for sheet in found.sheets:
        group = (str(sheet.get("group_code") or ""), str(sheet.get("group_name") or ""))
        if any(group) and group not in parents:
            parents[group] = ids.fresh(_GROUP + (group[0] or "0"))
            yield (
                f"<str:Code id={quoteattr(parents[group])}>"
                f"{_annotations([('group_code', group[0]), ('group_name', group[1])])}"
                f"{_names(group[1] or group[0])}</str:Code>\n"
            )
    for sheet in found.sheets:
        group = (str(sheet.get("group_code") or ""), str(sheet.get("group_name") or ""))
        yield _code(sheet, ids.fresh(str(sheet["key"])), parents.get(group, ""))
    yield (
        "</str:Codelist></str:Codelists>\n"
        f'<str:Concepts><str:ConceptScheme id="CS_{name}" {held}>{_names(found.name_vi)}'
        f'<str:Concept id="{_MEASURE}">{_names("Chỉ tiêu", "Indicator")}'
        f'<str:CoreRepresentation><str:Enumeration><Ref id="CL_{name}" {held} '
        'package="codelist" class="Codelist"/></str:Enumeration></str:CoreRepresentation>'
        "</str:Concept></str:ConceptScheme></str:Concepts>\n</mes:Structures>\n</mes:Structure>\n"
    )


class _Ids:
    """Ids that stay one each though several keys come down to the same letters."""

    def __init__(self) -> None:
        self._taken: set[str] = set()

    def fresh(self, text: str) -> str:
        wanted = found = identifier(text)
        number = 2
        while found in self._taken:
            found, number = f"{wanted}_{number}", number + 1
        self._taken.add(found)
        return found


def _about(found: SetFile) -> list[tuple[str, str]]:
    said = [("identifier", found.identifier), ("source", found.source)]
    said += [(f"decision_{name}", str(text)) for name, text in found.decision.items()]
    return [*said, ("illustrative", "true" if found.illustrative else "")]


def _code(sheet: Sheet, code: str, parent: str) -> str:
    said = [(name, text_of(name, sheet.get(name))) for name in FIELDS if name not in _NAMED]
    under = f"<str:Parent><Ref id={quoteattr(parent)}/></str:Parent>" if parent else ""
    names = _names(str(sheet["name_vi"]), str(sheet.get("name_en") or ""))
    return f"<str:Code id={quoteattr(code)}>{_annotations(said)}{names}{under}</str:Code>\n"


def _annotations(said: list[tuple[str, str]]) -> str:
    """Return what is not empty as annotations: the type is the field, the text its value."""
    found = "".join(
        f"<com:Annotation><com:AnnotationType>{escape(name)}</com:AnnotationType>"
        f'<com:AnnotationText xml:lang="vi">{escape(text)}</com:AnnotationText></com:Annotation>'
        for name, text in said if text
    )
    return f"<com:Annotations>{found}</com:Annotations>" if found else ""


def _names(vietnamese: str, english: str = "") -> str:
    more = f'<com:Name xml:lang="en">{escape(english)}</com:Name>' if english else ""
    return f'<com:Name xml:lang="vi">{escape(vietnamese)}</com:Name>{more}'


def read(data: bytes) -> Reading:
    """Return the sheets of the first code list in a structure message."""
    try:
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError):
        return Reading(faults=[Fault(Words(phrase("tệp không đọc được như một tệp XML")))])
    listed = root.find(f".//{_STR}Codelist")
    if listed is None:
        return Reading(faults=[Fault(Words(phrase(
            "tệp không có danh sách chỉ tiêu nào theo SDMX-ML 2.1")))])
    codes = listed.findall(f"{_STR}Code")
    parents = {_parent(code) for code in codes} - {""}
    groups = {code.get("id", ""): code for code in codes if code.get("id") in parents}
    held = [_sheet(code, groups) for code in codes if code.get("id") not in groups]
    lines = [[text_of(name, sheet.get(name)) for name in FIELDS] for sheet in held]
    return table([list(FIELDS), *lines], listed.get("id", ""), first=0)


def _sheet(code: Element, groups: dict[str, Element]) -> dict[str, Any]:
    said: dict[str, Any] = {"key": code.get("id", ""), "decimals": "0"}
    group = groups.get(_parent(code))
    if group is not None:
        said |= {"group_code": group.get("id", ""), "group_name": _name(group, "vi")}
        said |= _annotated(group)
    said |= {"name_vi": _name(code, "vi"), "name_en": _name(code, "en", only=True)}
    return {name: _value(name, value) for name, value in (said | _annotated(code)).items()}


def _value(name: str, value: Any) -> Any:
    """Return lists as lists: `text_of` writes them again for the table."""
    if name == "breakdowns":
        pairs = (line.partition("|") for line in str(value).splitlines())
        return [{"name": first.strip(), "period": rest.strip()} for first, _bar, rest in pairs]
    if name in ("dimensions", "area_levels"):
        return [part.strip() for part in str(value).split(";") if part.strip()]
    return value


def _parent(code: Element) -> str:
    found = code.find(f"{_STR}Parent/Ref")
    return found.get("id", "") if found is not None else ""


def _annotated(element: Element) -> dict[str, str]:
    found = {}
    for each in element.findall(f"{_COM}Annotations/{_COM}Annotation"):
        name = each.findtext(f"{_COM}AnnotationType", "")
        if name in FIELDS:
            found[name] = each.findtext(f"{_COM}AnnotationText", "")
    return found


def _name(element: Element, language: str, *, only: bool = False) -> str:
    names = element.findall(f"{_COM}Name")
    found = next((each for each in names if each.get(_LANG) == language), None)
    if found is None and names and not only:
        found = names[0]
    return (found.text or "") if found is not None else ""


SDMX = StructureFormat(
    "sdmx", "application/vnd.sdmx.structure+xml;version=2.1", "xml", write, read)
