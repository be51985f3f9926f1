"""Forms, dataflows and the catalogue: what is asked, and what may be published of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nhasan.catalogue import operations as catalogue
from nhasan.catalogue import queries as listed
from nhasan.collection import operations as collection
from nhasan.collection import queries as forms
from nhasan.interfaces.jobs.loading.house import Load
from nhasan.interfaces.jobs.loading.people import MINISTRY
from nhasan.metadata import operations as metadata
from nhasan.metadata import queries as known

LICENCE = "Được tự do sao chép, chia sẻ, kết hợp; phải ghi nguồn (Nghị định 47/2020/NĐ-CP Điều 18)"


def load_forms(load: Load) -> None:
    """Draft and publish every version of a report form that is not there yet."""
    present = {
        (form.identifier, known.version)
        for form in forms.forms() for known in form.versions.all()
    }
    for name in load.files("forms"):
        facts = load.json(name)
        if (facts["id"], str(facts["version"])) in present:
            continue
        collection.draft_form(
            actor=load.actor, definition=facts, dataflow=facts.get("dataflow", ""), at=load.at,
        )
        collection.publish_form(
            actor=load.actor, form=facts["id"], version=str(facts["version"]), at=load.at,
        )
    load.tell(f"{len(forms.forms())} biểu mẫu báo cáo")


def _source(facts: Mapping[str, Any]) -> str:
    """Return the source with its address behind it, as releases keep the two together."""
    said, address = str(facts["source"]), facts["source_url"]
    return f"{said} ({address})" if address else said


def load_dataflows(load: Load) -> None:
    """Draft every dataflow, put it in force, and list its dataset in the catalogue."""
    named = {facts["id"]: facts for facts in load.json("dimensions.json")}
    present = {flow.identifier for flow in known.dataflows()}
    for facts in load.json("dataflows.json"):
        if facts["id"] not in present:
            metadata.draft_dataflow(
                actor=load.actor, agency="NHASAN", identifier=facts["id"], version="1.0.0",
                name_vi=facts["name_vi"], description=facts["description"],
                subject=facts["subject"], source=_source(facts),
                dimensions=[
                    (name, named[name]["name_vi"], named[name]["code_list"] or "")
                    for name in facts["dimensions"]
                ],
                indicators=facts["indicators"],
                policy={
                    **facts["policy"], "map_date": facts.get("map_date", {}),
                    "roll_up": facts.get("roll_up", []),
                },
                illustrative=bool(facts.get("illustrative")), at=load.at,
            )
            metadata.put_in_force(
                actor=load.actor, kind="dataflow", identifier=facts["id"], version="1.0.0",
                on=load.today, at=load.at,
            )
        if listed.open_dataset(facts["id"]) is None:
            catalogue.propose(
                actor=load.actor, unit=MINISTRY, identifier=facts["id"],
                title_vi=facts["name_vi"], description_vi=facts["description"],
                dataflow=facts["id"], licence=LICENCE, access="open", at=load.at,
            )
            catalogue.issue(actor=load.actor, identifier=facts["id"], at=load.at)
    load.tell(f"{len(known.dataflows())} luồng dữ liệu, đã ghi vào danh mục")
