"""Indicator sets and indicators: open to every official, and to the public once in force.

A local set belongs to a unit. Its draft is seen by those who may read that unit's papers,
and by nobody else: without an actor only what everybody may see is found.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.db import models
from django.db.models import Q

from nhasan.domain.access import Actor, Permission
from nhasan.domain.indicators import FIELDS, Difference, compare
from nhasan.domain.words import normalised
from nhasan.metadata.models import Indicator, IndicatorSet, SeriesBreak
from nhasan.metadata.queries.lists import newest
from nhasan.organisations.models import OrganisationUnit


def _seen(actor: Actor | None, owner: str = "") -> Q:
    """Return which sets may be seen; `owner` is the path to them from another table."""
    seen = ~Q(**{f"{owner}state": "draft"}) | Q(**{f"{owner}unit__isnull": True})
    if actor is not None:
        own = OrganisationUnit.objects.within(actor.may(Permission.READ)).values("pk")
        seen |= Q(**{f"{owner}unit__in": own})
    return seen


def indicator_sets(actor: Actor | None = None) -> Sequence[IndicatorSet]:
    """Return every indicator set one may see with the number of its indicators (`.size`)."""
    return list(
        IndicatorSet.objects.filter(_seen(actor)).select_related("unit")
        .annotate(size=models.Count("indicators")).order_by("identifier", "version")
    )


def indicator_set(identifier: str, version: str = "",
                  actor: Actor | None = None) -> IndicatorSet | None:
    """Return a set: the version asked for, else the one in force, else the newest."""
    found = IndicatorSet.objects.filter(_seen(actor), identifier=identifier).select_related("unit")
    return found.filter(version=version).first() if version else newest(found)


def versions(identifier: str, actor: Actor | None = None) -> Sequence[IndicatorSet]:
    """Return the versions of a set that one may see, with their sizes, newest first."""
    found = [each for each in indicator_sets(actor) if each.identifier == identifier]
    ordered = []
    while found:
        last = newest([each for each in found if each.state == "draft"] or found)
        if last is None:
            break
        ordered.append(last)
        found.remove(last)
    return ordered


def indicators(found: IndicatorSet, *, search: str = "",
               group: str = "") -> models.QuerySet[Indicator]:
    """Return the indicators of a set in official order."""
    rows = Indicator.objects.filter(indicator_set=found).select_related("indicator_set")
    if search:
        rows = rows.filter(search__contains=normalised(search))
    if group:
        rows = rows.filter(group_code=group)
    return rows.order_by("position")


def indicator(ref: str) -> Indicator | None:
    """Return the indicator named `SET:key` of the set's version in force (else the newest).

    One that was dropped is found in the last version that had it: its figures keep their name.
    """
    return indicators_by_ref([ref]).get(ref)


def _counting(identifier: str, on: date | None) -> IndicatorSet | None:
    """Return the version of a set that counts: now, or as it was in force on a day."""
    if on is None:
        return indicator_set(identifier)
    then = IndicatorSet.objects.filter(
        Q(in_force_from__isnull=True) | Q(in_force_from__lte=on),
        Q(in_force_to__isnull=True) | Q(in_force_to__gt=on),
        identifier=identifier, state__in=("in_force", "retired"),
    ).select_related("unit")
    return newest(then) or indicator_set(identifier)


def indicators_by_ref(refs: Iterable[str], *, on: date | None = None) -> dict[str, Indicator]:
    """Return the indicators of many refs at once; refs that name nothing are absent.

    They are those of the versions that count now, or that were in force on a day.
    """
    wanted: dict[str, set[str]] = {}
    for ref in refs:
        identifier, _, key = ref.partition(":")
        wanted.setdefault(identifier, set()).add(key)
    found: dict[str, Indicator] = {}
    for identifier, keys in wanted.items():
        owner = _counting(identifier, on)
        if owner is None:
            continue
        for row in Indicator.objects.filter(indicator_set=owner, key__in=keys):
            row.indicator_set = owner
            found[f"{identifier}:{row.key}"] = row
        missing = {key for key in keys if f"{identifier}:{key}" not in found}
        if missing:
            found |= _dropped(owner, missing)
    return found


def _dropped(owner: IndicatorSet, keys: set[str]) -> dict[str, Indicator]:
    """Return indicators that the version which counts has no more, as they were said last."""
    rows = (
        Indicator.objects.filter(
            indicator_set__identifier=owner.identifier, indicator_set__state="retired",
            key__in=keys,
        ).select_related("indicator_set")
    )
    versions_of: dict[str, list[IndicatorSet]] = {}
    by_place = {}
    for row in rows:
        versions_of.setdefault(row.key, []).append(row.indicator_set)
        by_place[row.key, row.indicator_set_id] = row
    found = {}
    for key, held in versions_of.items():
        last = newest(held)
        if last is not None:
            found[f"{owner.identifier}:{key}"] = by_place[key, last.pk]
    return found


def standing(refs: Iterable[str]) -> set[str]:
    """Return those refs whose indicator is in force."""
    return {
        ref for ref, row in indicators_by_ref(refs).items()
        if row.indicator_set.state == "in_force"
    }


def search_indicators(words: str, *, in_force: bool = False, limit: int = 50,
                      actor: Actor | None = None) -> Sequence[Indicator]:
    """Return indicators whose name or code holds the words, typed with or without marks."""
    seen = _seen(actor, "indicator_set__")
    rows = Indicator.objects.filter(seen).select_related("indicator_set")
    if in_force:
        rows = rows.filter(indicator_set__state="in_force")
    wanted = normalised(words)
    return list(rows.filter(search__contains=wanted).order_by("indicator_set", "position")[:limit])


def indicator_in(found: IndicatorSet, key: str) -> Indicator | None:
    """Return one indicator of exactly that version of a set."""
    return (
        Indicator.objects.filter(indicator_set=found, key=key)
        .select_related("indicator_set").first()
    )


def groups(found: IndicatorSet) -> Sequence[tuple[str, str, int]]:
    """Return the groups of a set in official order: code, name, how many indicators."""
    counted: dict[tuple[str, str], int] = {}
    rows = Indicator.objects.filter(indicator_set=found).order_by("position")
    for code, name in rows.values_list("group_code", "group_name"):
        counted[(code, name)] = counted.get((code, name), 0) + 1
    return [(code, name, number) for (code, name), number in counted.items()]


def citing(found: Indicator, actor: Actor | None = None) -> Sequence[Indicator]:
    """Return the indicators of other sets that were taken from this one."""
    return list(
        Indicator.objects.filter(
            _seen(actor, "indicator_set__"),
            cites__set=found.indicator_set.identifier, cites__key=found.key,
        ).select_related("indicator_set").order_by("indicator_set__identifier", "position")
    )


def sheet_of(row: Indicator) -> dict[str, Any]:
    """Return the full sheet of an indicator as plain data."""
    return {name: getattr(row, name) for name in FIELDS}


def digest_of(row: Indicator) -> str:
    """Return what tells whether a sheet is still as somebody read it."""
    text = json.dumps(sheet_of(row), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode()).hexdigest()


def digest_of_set(found: IndicatorSet) -> str:
    """Return what tells whether the sheets of a set are still as somebody looked at them."""
    text = "\n".join(digest_of(row) for row in indicators(found))
    return hashlib.sha256(text.encode()).hexdigest()


def sheets(found: IndicatorSet) -> list[dict[str, Any]]:
    """Return the sheets of a set in official order."""
    return [sheet_of(row) for row in indicators(found)]


def predecessor(found: IndicatorSet) -> IndicatorSet | None:
    """Return the version that a set follows: the one in force, else the last one that was."""
    settled = IndicatorSet.objects.filter(
        agency=found.agency, identifier=found.identifier,
    ).exclude(pk=found.pk).exclude(state="draft")
    return newest(settled)


def difference(found: IndicatorSet) -> Difference:
    """Return what a set says otherwise than the version before it.

    Of a draft it is looked for now; once in force, it is what was shown and kept.
    """
    if found.state != "draft":
        return Difference.of(found.difference)
    before = predecessor(found)
    return compared(before, found) if before is not None else Difference()


def compared(before: IndicatorSet, after: IndicatorSet) -> Difference:
    """Return what one version of a set says otherwise than another."""
    return compare(sheets(before), sheets(after), name=before.urn)


def new_indicators(found: IndicatorSet) -> Sequence[Indicator]:
    """Return the indicators that this version brought: no earlier version had them.

    The first version of a set brought nothing new: there was nothing before it.
    """
    keys = [each.key for each in difference(found).added]
    return list(indicators(found).filter(key__in=keys))


def breaks(ref: str) -> Sequence[SeriesBreak]:
    """Return the breaks in the series of an indicator, the latest first.

    A series that went on under another key is followed back to the keys it had before.
    """
    identifier, _colon, key = ref.partition(":")
    known = list(
        SeriesBreak.objects.filter(indicator_set__identifier=identifier)
        .select_related("indicator_set", "correspondence").order_by("-on", "-pk")
    )
    found = []
    for each in known:
        if each.key == key:
            found.append(each)
            key = each.before_key
    return found
