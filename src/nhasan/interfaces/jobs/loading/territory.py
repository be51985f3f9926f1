"""What is shipped about places beyond their names: into which classes documents sorted them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from nhasan.areas import operations, queries
from nhasan.domain.area_classes import NewClass
from nhasan.interfaces.jobs.loading.house import Load, day


def load_classes(load: Load) -> None:
    """Define every scheme and record the classes that its documents gave."""
    present = {found.code for found in queries.schemes()}
    for facts in load.json("area_classes.json"):
        if facts["code"] in present:
            continue
        operations.define_scheme(
            actor=load.actor, code=facts["code"], name_vi=facts["name"], note=facts["note"],
            kinds=[(code, name) for code, name in facts["kinds"]], at=load.at)
        for decision in facts["decisions"]:
            _classify(load, facts["code"], decision)
    load.tell(f"{len(queries.schemes())} cách phân loại địa bàn")


def _classify(load: Load, scheme: str, facts: Mapping[str, Any]) -> None:
    signed = day(facts["signed"])
    if signed is None:
        return
    operations.classify(
        actor=load.actor, scheme=scheme, at=load.at,
        decision=operations.NewDecision(
            facts["number"], signed, facts["title"], facts["source"],
            [(level, code) for level, code in facts["complete_within"]]),
        lines=[
            NewClass(row["level"], row["code"], row["class"], day(row["valid_from"]),
                     day(row["valid_to"]), basis=row["basis"], number=number)
            for number, row in enumerate(load.csv(facts["file"]), 2)
        ],
    )
