"""Code lists, correspondences and dataflows: open to everybody."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from django.db.models import Q

from nhasan.domain.forms import Row
from nhasan.domain.words import normalised
from nhasan.metadata.models import (
    Artefact,
    Code,
    CodeList,
    Component,
    Correspondence,
    CorrespondenceItem,
    CriteriaSet,
    Dataflow,
)

A = TypeVar("A", bound=Artefact)


def newest(found: Iterable[A]) -> A | None:
    """Return the artefact that counts: the version in force, else the highest number."""
    return max(found, key=lambda each: (each.state == "in_force", _numbers(each.version)),
               default=None)


def _numbers(version: str) -> tuple[tuple[int, str], ...]:
    """Return a version as it is ordered: 1.9 before 1.10, words by their letters."""
    return tuple(
        (int(part), "") if part.isdigit() else (-1, part) for part in version.split(".")
    )


def code_lists() -> Sequence[CodeList]:
    """Return every code list, newest version last."""
    return list(CodeList.objects.order_by("identifier", "version"))


def code_list(identifier: str) -> CodeList | None:
    """Return the code list of that id: the version in force, else the newest."""
    return newest(CodeList.objects.filter(identifier=identifier))


def codes(identifier: str) -> Sequence[Code]:
    """Return the codes of a list in official order."""
    found = code_list(identifier)
    return list(found.codes.order_by("position")) if found else []


def code_names(identifier: str) -> dict[str, str]:
    """Return code → Vietnamese name of a list, in official order."""
    return {code.code: code.name_vi for code in codes(identifier)}


def code_rows(identifiers: Iterable[str]) -> dict[str, tuple[Row, ...]]:
    """Return the codes of lists as rows of a report form."""
    return {
        identifier: tuple(
            Row(id=code.code, label=code.name_vi, code=code.code) for code in codes(identifier)
        )
        for identifier in identifiers
    }


def aliases(identifier: str) -> dict[str, tuple[str, ...]]:
    """Return code → spellings that may decide a match (never the ambiguous other names)."""
    return {code.code: tuple(code.aliases) for code in codes(identifier)}


def other_numberings(identifier: str) -> dict[str, dict[str, str]]:
    """Return the names by code of every list that a list corresponds to, by their version."""
    linked = Correspondence.objects.filter(from_list__identifier=identifier).values_list(
        "to_list__identifier", "to_list__version",
    ).distinct()
    return {version: code_names(listed) for listed, version in linked}


def correspondence(from_list: str, to_list: str) -> Mapping[str, tuple[str, ...]]:
    """Return how the codes of one list map to another's."""
    found = newest(Correspondence.objects.filter(
        from_list__identifier=from_list, to_list__identifier=to_list,
    ))
    mapping: dict[str, list[str]] = {}
    for item in found.items.order_by("from_code", "to_code") if found else ():
        mapping.setdefault(item.from_code, []).append(item.to_code)
    return {code: tuple(targets) for code, targets in mapping.items()}


def search_codes(identifier: str, words: str, *, limit: int = 50) -> Sequence[Code]:
    """Return codes found by name, alias or other name, typed with or without marks."""
    found = code_list(identifier)
    if found is None:
        return []
    wanted = normalised(words)
    return list(
        Code.objects.filter(Q(search__contains=wanted) | Q(code=words.strip()), code_list=found)
        .order_by("position")[:limit]
    )


def dataflows() -> Sequence[Dataflow]:
    """Return every dataflow, in order of its name."""
    return list(Dataflow.objects.select_related("structure").order_by("identifier", "version"))


def dataflow(identifier: str) -> Dataflow | None:
    """Return a dataflow: the version in force, else the newest."""
    return newest(Dataflow.objects.filter(identifier=identifier).select_related("structure"))


@dataclass(frozen=True, slots=True)
class Dimension:
    """A breakdown dimension of a dataflow as a door needs it."""

    id: str
    name_vi: str
    code_list: str


def dimensions(flow: Dataflow) -> tuple[Dimension, ...]:
    """Return the breakdown dimensions of a dataflow, in order."""
    rows = Component.objects.filter(structure=flow.structure).select_related("code_list")
    return tuple(
        Dimension(row.identifier, row.name_vi, row.code_list.identifier if row.code_list else "")
        for row in rows.order_by("position")
    )


def correspondences() -> Sequence[Correspondence]:
    """Return every correspondence with its two lists, in order of its name."""
    return list(
        Correspondence.objects.select_related("from_list", "to_list")
        .order_by("identifier", "version")
    )


def correspondence_items(identifier: str, version: str) -> Sequence[CorrespondenceItem]:
    """Return the pairs of a correspondence, in the order of the old codes."""
    return list(
        CorrespondenceItem.objects.filter(
            correspondence__identifier=identifier, correspondence__version=version,
        ).order_by("from_code", "to_code")
    )


def code_list_version(identifier: str, version: str) -> CodeList | None:
    """Return exactly that version of a code list."""
    return CodeList.objects.filter(identifier=identifier, version=version).first()


def codes_of(found: CodeList, *, search: str = "") -> Sequence[Code]:
    """Return the codes of one version of a list in official order."""
    rows = Code.objects.filter(code_list=found)
    if search:
        rows = rows.filter(Q(search__contains=normalised(search)) | Q(code=search.strip()))
    return list(rows.order_by("position"))


def dataflows_with(refs: Iterable[str]) -> Sequence[Dataflow]:
    """Return the dataflows that hold figures of any of these indicators."""
    wanted = set(refs)
    return [flow for flow in dataflows() if wanted.intersection(flow.indicators)]


def criteria_sets() -> Sequence[CriteriaSet]:
    """Return every set of criteria, those in force first."""
    found = CriteriaSet.objects.order_by("identifier", "-version")
    return sorted(found, key=lambda each: each.state != "in_force")


def criteria_set(identifier: str, version: str) -> CriteriaSet | None:
    """Return one version of the criteria of that id."""
    return CriteriaSet.objects.filter(identifier=identifier, version=version).first()
