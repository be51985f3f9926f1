"""What a change of a set touches, floor by floor: asked here, shown before, kept with the set."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from nhasan.catalogue import queries as catalogue
from nhasan.collection import queries as collection
from nhasan.domain.access import Actor
from nhasan.domain.indicators import Difference
from nhasan.metadata import queries
from nhasan.observations import queries as observations
from nhasan.releases import queries as releases

Impact = dict[str, list[dict[str, Any]]]


def changed_refs(identifier: str, change: Difference) -> list[str]:
    """Return the refs of what is dropped or changed, as figures know them until now."""
    keys = [each.was for each in change.changed] + [each.key for each in change.dropped]
    return [f"{identifier}:{key}" for key in keys]


def impact(actor: Actor, refs: Iterable[str]) -> Impact:
    """Return everything that hangs on these indicators, as plain data that can be kept."""
    wanted = list(refs)
    found = collection.touched_by(actor, wanted)
    flows = queries.dataflows_with(wanted)
    held = observations.series_of(actor, wanted)
    return {
        "forms": [
            {"title": each.form.title_vi, "code": each.form.code, "form": each.form.identifier,
             "version": each.version}
            for each in found.forms
        ],
        "obligations": [
            {"title": each.title_vi, "identifier": each.identifier}
            for each in found.obligations
        ],
        "rounds": [
            {"title": each.title_vi, "pk": each.pk, "due": each.due.isoformat(),
             "owed": found.owed.get(each.pk, 0)}
            for each in found.rounds
        ],
        "series": [
            {"ref": ref, "values": each.values, "first": each.first, "last": each.last}
            for ref, each in held.items()
        ],
        "dataflows": [{"title": each.name_vi, "urn": each.urn} for each in flows],
        **_published(actor, {each.identifier for each in flows}),
    }


def _published(actor: Actor, flows: set[str]) -> Mapping[str, list[dict[str, Any]]]:
    return {
        "releases": [
            {"title": card.title, "urn": card.urn, "address": card.address}
            for card in (releases.datasets() if flows else ()) if card.name in flows
        ],
        "records": [
            {"title": each.dataset.title_vi, "identifier": each.dataset.identifier}
            for each in catalogue.records(actor)
            if each.dataset.dataflow and each.dataset.dataflow.identifier in flows
        ],
    }
