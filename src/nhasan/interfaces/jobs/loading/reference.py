"""Code lists, the map, indicator sets, organisations: the ground everything stands on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from nhasan.areas import operations as areas
from nhasan.areas import queries as map_queries
from nhasan.interfaces.jobs.loading.house import Load, day
from nhasan.metadata import operations as metadata
from nhasan.metadata import queries as known
from nhasan.organisations import operations as organisations
from nhasan.organisations import queries as units

MAP_SOURCE = (
    "Cục Thống kê: danh mục hành chính; Công văn 915/CTK-CSCL, 1027/CTK-CSCL; "
    "Nghị quyết 202/2025/QH15 và các Nghị quyết 1654 đến 1687/NQ-UBTVQH15"
)


def load_code_lists(load: Load) -> None:
    """Draft every code list and correspondence and put it in force."""
    present = {found.identifier for found in known.code_lists()}
    for name in load.files("codes"):
        facts = load.json(name)
        if facts["id"] in present:
            continue
        metadata.draft_code_list(
            actor=load.actor, agency=facts["agency"], identifier=facts["id"],
            version=facts["version"], name_vi=facts["name_vi"],
            name_en=facts.get("name_en", ""),
            source=" ".join(filter(None, (facts["source"], facts.get("note", "")))),
            codes=facts["codes"], at=load.at,
        )
        _in_force(load, "code_list", facts["id"], facts["version"])
    for facts in load.json("correspondences.json"):
        if known.correspondence(facts["from"], facts["to"]):
            continue
        metadata.draft_correspondence(
            actor=load.actor, agency="NHASAN", identifier=facts["id"], version="1.0.0",
            name_vi=f"{facts['from']} → {facts['to']}", source=facts["source"],
            from_list=facts["from"], to_list=facts["to"],
            items=[(link["from"], link["to"], link.get("evidence", ""))
                   for link in facts["links"]],
            at=load.at,
        )
        _in_force(load, "correspondence", facts["id"], "1.0.0")
    load.tell(f"{len(known.code_lists())} danh mục mã")


def load_criteria(load: Load) -> None:
    """Draft the criteria of decrees and put them in force, the older versions first."""
    present = {(found.identifier, found.version) for found in known.criteria_sets()}
    shipped = sorted((load.json(name) for name in load.files("criteria")),
                     key=lambda facts: facts["version"])
    for facts in shipped:
        if (facts["id"], facts["version"]) in present:
            continue
        metadata.draft_criteria(
            actor=load.actor, agency="NHASAN", identifier=facts["id"], version=facts["version"],
            name_vi=facts["title"], name_en=facts.get("title_en", ""), about=facts["about"],
            legal_basis=facts["legal_basis"], source=facts["source"], at=load.at,
            note=facts.get("note", ""), form=facts.get("form", ""),
            rules={part: facts[part] for part in
                   ("facts", "regions", "thresholds", "criteria", "classes") if part in facts},
        )
        _in_force(load, "criteria_set", facts["id"], facts["version"])
    load.tell(f"{len(known.criteria_sets())} bộ tiêu chí phân định")


def _in_force(load: Load, kind: str, identifier: str, version: str) -> None:
    metadata.put_in_force(
        actor=load.actor, kind=kind, identifier=identifier, version=version, on=None, at=load.at,
    )


def load_map(load: Load) -> None:
    """Register every dated unit of the map and the links between its versions."""
    if map_queries.area("country", "VN", on=load.today) is None:
        areas.register(
            actor=load.actor, source=MAP_SOURCE, at=load.at,
            areas=[
                areas.NewArea(
                    level=row["level"], code=row["code"], unit_type=row["unit_type"],
                    name=row["name"], parent_level=row["parent_level"],
                    parent_code=row["parent_code"], valid_from=day(row["valid_from"]),
                    valid_to=day(row["valid_to"]), established_by=row["established_by"],
                    ended_by=row["ended_by"], area_km2=row["area_km2"],
                    known_from=day(row["known_from"]),
                )
                for row in load.csv("areas/areas.csv")
            ],
        )
        _enact(load)
    load.tell("bản đồ hành chính các thời kỳ")


def _enact(load: Load) -> None:
    events: dict[tuple[str, str], list[dict[str, str]]] = defaultdict(list)
    for row in load.csv("areas/changes.csv"):
        events[row["decree"], row["date"]].append(row)
    for (decree, on), rows in sorted(events.items(), key=lambda item: item[0][1]):
        when = day(on)
        if when is None:
            continue
        areas.enact(
            actor=load.actor, decree=decree,
            title=f"Sắp xếp đơn vị hành chính ngày {when:%d/%m/%Y}", on=when, source=MAP_SOURCE,
            links=[
                areas.NewLink(
                    level=row["level"], old_code=row["old_code"], new_code=row["new_code"],
                    kind=row["kind"], agreement=row["agreement"],
                    doubtful=row["doubtful"] == "1", note=row["note"],
                )
                for row in rows
            ],
            at=load.at,
        )


def load_indicator_sets(load: Load) -> None:
    """Draft every indicator set and bring it to the state its decision has."""
    present = {found.identifier for found in known.indicator_sets()}
    for name in load.files("indicators"):
        facts = load.json(name)
        if facts["id"] not in present:
            _load_set(load, facts)
    load.tell(f"{len(known.indicator_sets())} bộ chỉ tiêu")


def _load_set(load: Load, facts: Mapping[str, Any]) -> None:
    groups = {group["code"]: group["name"] for group in facts["groups"]}
    metadata.draft_indicator_set(
        actor=load.actor, agency="NHASAN", identifier=facts["id"], version="1.0.0",
        name_vi=facts["name_vi"], source=facts["source"],
        decision={**facts["decision"], "agency": facts["agency_vi"],
                  "status": facts["status_text"]},
        completeness=facts["completeness"], illustrative=bool(facts.get("illustrative")),
        indicators=[_indicator(fields, groups) for fields in facts["indicators"]], at=load.at,
    )
    if facts["status"] == "draft":
        return
    metadata.put_in_force(
        actor=load.actor, kind="indicator_set", identifier=facts["id"], version="1.0.0",
        on=day(facts.get("valid_from")), at=load.at,
    )
    if facts["status"] in ("expired", "superseded"):
        metadata.retire(
            actor=load.actor, kind="indicator_set", identifier=facts["id"], version="1.0.0",
            on=day(facts.get("valid_to")), at=load.at,
        )


_TOLD_APART = ("lead_agency", "coordinating", "data_source")


def _indicator(fields: Mapping[str, Any], groups: Mapping[str, str]) -> dict[str, Any]:
    same = (
        "key", "official_code", "unit", "value_kind", "decimals", "dimensions", "area_levels",
        "disaggregations", "disaggregation_text", "period", "agency", "source",
        "national_code", "notes", "adds_over_area", "adds_over_time",
    )
    return {
        **{name: fields[name] for name in same},
        **{name: fields[name] for name in _TOLD_APART if name in fields},
        "group_code": fields["group"], "group_name": groups.get(fields["group"], ""),
        "name_vi": fields["name"], "status_text": fields["status"],
        "notes": fields["notes"].removesuffix(
            f"Nguồn số liệu: {fields.get('data_source')}").strip(),
        "breakdowns": [_breakdown(line) for line in fields.get("breakdowns", ())],
        "cites": fields.get("cites") or {}, "derived": fields.get("derived", []),
    }


def _breakdown(line: str) -> dict[str, str]:
    """Return a breakdown written as `name | period`."""
    name, _bar, period = line.partition("|")
    return {"name": name.strip(), "period": period.strip()}


def load_organisations(load: Load, focal: str) -> None:
    """Open the units of the house, close those that were succeeded, give jurisdictions.

    `focal` is the name that provincial focal departments bear in this installation.
    """
    facts = load.json("organisations.json")
    default = facts["name_options"]["focal"][0]
    for unit in facts["units"]:
        if units.unit_by_code(unit["key"]) is not None:
            continue
        name = unit["name"].replace(default, focal) if unit["kind"] == "focal" else unit["name"]
        short = unit["short_name"]
        organisations.open_unit(
            actor=load.actor, code=unit["key"], name=name,
            short_name=short.replace(default, focal) if unit["kind"] == "focal" else short,
            kind=unit["kind"], parent=unit["parent"] or None, opened=day(unit["opened"]),
            at=load.at,
        )
        closed = day(unit["closed"])
        if unit["successor"] and closed is not None:
            organisations.close_unit(
                actor=load.actor, code=unit["key"], successor=unit["successor"], closed=closed,
                at=load.at,
            )
        for held in unit["jurisdictions"]:
            areas.give_jurisdiction(
                actor=load.actor, unit=unit["key"], level=held["level"], code=held["code"],
                valid_from=day(held["from"]), valid_to=day(held["to"]), at=load.at,
            )
    load.tell(f"{len(facts['units'])} đơn vị")
