"""Datasets as the public sees them: cards, pages, files, the calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from nhasan.domain.access import EVERYTHING
from nhasan.domain.cube import AREA_LEVEL, INDICATOR, TIME_PERIOD
from nhasan.domain.disclosure import RULES
from nhasan.domain.identity import Urn, Version
from nhasan.domain.problems import NotFound, Problem, phrase
from nhasan.domain.release import MAP_RULES, File
from nhasan.domain.words import normalised
from nhasan.releases import folder
from nhasan.releases.models import CalendarEntry, Change, Release
from nhasan.releases.queries.shelf import Dim, Opened, opened


class Withdrawn(Problem):
    """Figures of a release that has been withdrawn; its page says why."""

    code = "release-withdrawn"
    status = 410
    message = phrase("Bản công bố này đã được thu hồi: {reason}")


@dataclass(frozen=True, slots=True)
class Card:
    """A dataset in a list: its latest published release in a few words."""

    name: str
    urn: str
    version: str
    title: str
    description: str
    subject: str
    publisher: str
    source: str
    licence: str
    published_at: datetime
    illustrative: bool
    first_period: str
    last_period: str
    indicators: int
    rows: int
    levels: tuple[str, ...]
    address: str
    source_address: str = ""


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One version of a dataset, with what it said otherwise than the one before."""

    version: str
    address: str
    state: str
    published_at: datetime
    notes: str
    changes: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class FileLine:
    """One file of a release."""

    format: str
    name: str
    media_type: str
    size: int
    sha256: str
    path: Path


@dataclass(frozen=True, slots=True)
class Page:
    """Everything about one version of a dataset but the figures."""

    card: Card
    dims: tuple[Dim, ...]
    versions: tuple[VersionLine, ...]
    files: tuple[FileLine, ...]
    policy: Mapping[str, Any]
    rules: Mapping[str, str]
    map_rule: str
    run: str
    plan: tuple[Mapping[str, Any], ...]
    withdrawn_because: str
    withdrawn_at: datetime | None
    manifest: Mapping[str, Any]

    def dim(self, identifier: str) -> Dim | None:
        """Return a dimension by its id."""
        return next((dim for dim in self.dims if dim.id == identifier), None)


_ADDRESSED = re.compile(r"(.*\S)\s+\((https?://[^\s()]+)\)")
_SAID = ("published", "withdrawn")
_COLUMNS = (
    "id", "agency", "identifier", "version", "state", "published_at", "title_vi", "notes",
    "withdrawn_because", "withdrawn_at", "dataflow",
)


@dataclass(frozen=True, slots=True)
class Said:
    """One release that was published, as the table has it."""

    id: Any
    agency: str
    identifier: str
    version: str
    state: str
    published_at: datetime
    title: str
    notes: str
    withdrawn_because: str
    withdrawn_at: datetime | None
    dataflow: str

    @property
    def urn(self) -> Urn:
        """Return its name."""
        return Urn(self.agency, self.identifier, Version.parse(self.version))


def said(**lookup: Any) -> list[Said]:
    """Return every release that was ever published, the newest version of each name first."""
    rows = Release.objects.within(EVERYTHING).filter(state__in=_SAID, **lookup)
    return sorted(
        (Said(*row) for row in rows.values_list(*_COLUMNS)),
        key=lambda one: (one.agency, one.identifier, one.urn.version), reverse=True,
    )


def latest() -> list[Said]:
    """Return the newest published release of every dataset, by title."""
    found: dict[str, Said] = {}
    for one in said(state="published"):
        found.setdefault(one.urn.name, one)
    return sorted(found.values(), key=lambda one: one.title)


def found_release(name: str, version: str = "") -> Said:
    """Return a release by the name of its dataset: a version, else the newest published."""
    agency, _, identifier = name.partition(":")
    rows = said(agency=agency, identifier=identifier)
    if version:
        rows = [row for row in rows if row.version == version]
    published = [row for row in rows if row.state == "published"]
    if not rows:
        raise NotFound()
    return (published or rows)[0]


def readable(name: str, version: str = "") -> Opened:
    """Return a release whose figures may be read, opened; refuse one that was withdrawn."""
    row = found_release(name, version)
    if row.state == "withdrawn":
        raise Withdrawn(reason=row.withdrawn_because)
    return opened(row.urn)


def datasets(text: str = "", *, illustrative: bool | None = None,
             subject: str = "") -> list[Card]:
    """Return the latest release of every dataset; `text` is found without diacritics."""
    cards = [card_of(row) for row in latest()]
    wanted = normalised(text)
    return [
        card for card in cards
        if (illustrative is None or card.illustrative == illustrative)
        and (not subject or card.subject == subject)
        and all(word in _searched(card) for word in wanted.split())
    ]


def indicator_datasets(ref: str) -> list[Card]:
    """Return the datasets that have figures of an indicator."""
    return [card_of(row) for row in latest() if ref in opened(row.urn).indicators]


def dataset(name: str, version: str = "") -> Page:
    """Return the page of a dataset: a version, else the newest published."""
    row = found_release(name, version)
    held = opened(row.urn)
    withdrawn = row.state == "withdrawn"
    policy = held.manifest.policy
    return Page(
        card=card_of(row), dims=held.dims, versions=_versions(row),
        files=() if withdrawn else tuple(_lines(held)), policy=policy,
        rules={} if policy.get("public") else RULES,
        map_rule=held.words["on"] or MAP_RULES[held.manifest.map_rule], run=held.manifest.run,
        plan=held.manifest.plan,
        withdrawn_because=row.withdrawn_because if withdrawn else "",
        withdrawn_at=row.withdrawn_at, manifest=held.manifest.to_json(),
    )


def file(name: str, format_or_path: str, version: str = "") -> FileLine:
    """Return one file of a release, by its format (`csv`) or by its path in the folder."""
    held = readable(name, version)
    for line in _lines(held):
        if format_or_path in (line.format, line.name):
            return line
    raise NotFound()


@dataclass(frozen=True, slots=True)
class CalendarLine:
    """One promise of the calendar, and the release that kept it."""

    title: str
    due: date
    done: bool
    address: str


def calendar(from_day: date | None = None) -> list[CalendarLine]:
    """Return what will be released and when, from a day on, and what was."""
    rows = CalendarEntry.objects.select_related("release").order_by("due", "title_vi")
    if from_day is not None:
        rows = rows.filter(due__gte=from_day)
    return [
        CalendarLine(
            row.title_vi, row.due, row.release is not None,
            Urn.parse(row.release.urn).address if row.release else "",
        )
        for row in rows
    ]


def card_of(row: Said) -> Card:
    """Return the card of a release."""
    return _card(row.urn, row.published_at, folder.published_folder(row.urn))


@lru_cache(maxsize=2000)
def _card(urn: Urn, published_at: datetime, place: Path) -> Card:
    held = opened(urn)
    words, manifest = held.words, held.manifest
    periods = [code.code for dim in held.dims if dim.id == TIME_PERIOD for code in dim.codes]
    levels = [code.code for dim in held.dims if dim.id == AREA_LEVEL for code in dim.codes]
    source, source_address = sourced(manifest.source)
    return Card(
        name=urn.name, urn=str(urn), version=str(urn.version), title=words["title"],
        description=words["description"], subject=words["subject"],
        publisher=words["publisher"], source=source, licence=words["licence"],
        published_at=published_at, illustrative=manifest.illustrative,
        first_period=periods[0] if periods else "", last_period=periods[-1] if periods else "",
        indicators=len(manifest.codes.get(INDICATOR, ())), rows=manifest.rows,
        levels=tuple(levels), address=f"/data/{urn.agency}/{urn.id}",
        source_address=source_address,
    )


def sourced(text: str) -> tuple[str, str]:
    """Return the words of a source and its address, which stands in brackets at the end."""
    found = _ADDRESSED.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")


@lru_cache(maxsize=2000)
def _searched(card: Card) -> str:
    return normalised(" | ".join((card.title, card.description, card.subject, card.name)))


def _versions(row: Said) -> tuple[VersionLine, ...]:
    rows = said(agency=row.agency, identifier=row.identifier)
    changes: dict[Any, dict[str, Any]] = {one.id: {"gone": [], "new": []} for one in rows}
    of_all = (
        Change.objects.within(EVERYTHING).filter(release__in=list(changes))
        .order_by("dimension", "code")
        .values_list("release_id", "kind", "dimension", "code", "decided")
    )
    for release, kind, dimension, code, decided in of_all:
        if kind == "figures":
            changes[release]["figures"] = True
        else:
            changes[release][kind].append((dimension, code, decided))
    return tuple(
        VersionLine(one.version, one.urn.address, one.state, one.published_at, one.notes,
                    changes[one.id])
        for one in rows
    )


def _lines(held: Opened) -> Iterable[FileLine]:
    manifest = held.folder / folder.MANIFEST
    files: Sequence[File] = (
        *held.manifest.files, File(folder.MANIFEST, "", manifest.stat().st_size),
    )
    for one in sorted(files, key=lambda one: (one.path.startswith("data/"), one.path)):
        kind = one.path.rsplit(".", 1)[-1]
        yield FileLine(
            kind, one.path, folder.MEDIA_TYPES[kind], one.size, one.sha256,
            held.folder / one.path,
        )
