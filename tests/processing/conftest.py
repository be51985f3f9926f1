"""A world with approved figures, ready to be added up."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from nhasan.domain.access import Actor
from nhasan.metadata import operations as metadata
from nhasan.observations import operations as observations
from nhasan.processing import operations as processing
from tests import factories
from tests.factories import AT, HOUSE, World

FLOW = "THU"
ETHNIC = (("02", "Tày"), ("06", "Nùng"), ("08", "Mông"))


@dataclass(frozen=True, slots=True)
class Stage:
    """A world whose reports of two communes are in the store."""

    world: World
    publisher: Actor


@pytest.fixture
def stage(db: None, settings: Any, tmp_path: Path) -> Stage:
    settings.RUNS = tmp_path / "runs"
    settings.WORKING = tmp_path / "working"
    settings.RELEASES = tmp_path / "releases"
    made = factories.world()
    dataflow()
    enter(made)
    return Stage(made, factories.actor(made.publisher))


def enter(made: World) -> None:
    """Report both communes, approve them, and bring them into the store."""
    factories.approved(made.report, made.officer, made.reviewer)
    factories.approved(
        made.other_report, made.other_officer, made.reviewer,
        {**factories.ANSWERS, "ho/mong/ngheo": "3", "ho/tay/tong": "100"},
    )
    assert observations.ingest_approved(actor=HOUSE, at=AT) == 2


def dataflow() -> None:
    """Put the dataflow of the form in force."""
    metadata.draft_code_list(
        actor=HOUSE, agency="THU", identifier="CL_ETHNIC", version="1.0.0", name_vi="Dân tộc",
        name_en="", source="thử", at=AT,
        codes=[{"code": code, "name_vi": name, "aliases": [], "other_names": []}
               for code, name in ETHNIC],
    )
    metadata.draft_dataflow(
        actor=HOUSE, agency="THU", identifier=FLOW, version="1.0.0", name_vi="Hộ nghèo",
        description="Hộ nghèo theo dân tộc", subject="Giảm nghèo", source="Số liệu minh hoạ",
        dimensions=[("ETHNIC_GROUP", "Dân tộc", "CL_ETHNIC"), ("VILLAGE", "Thôn", "")],
        indicators=[f"THU:{key}" for key in ("01", "02", "03", "05", "06", "07")],
        policy={}, illustrative=True, at=AT,
    )
    for kind, identifier in (("code_list", "CL_ETHNIC"), ("dataflow", FLOW)):
        metadata.put_in_force(
            actor=HOUSE, kind=kind, identifier=identifier, version="1.0.0", on=None, at=AT,
        )


RATE: list[Any] = [
    "THU:TY_LE", "[ngheo] / [tong] * 100",
    [["ngheo", "THU:03", []], ["tong", "THU:01", []]], 1,
]


def decide(who: Actor, **policy: Any) -> None:
    """Decide how the dataflow is added up and protected."""
    processing.set_plan(
        actor=who, dataflow=FLOW, levels=[["commune", "province"]], derive=[RATE], at=AT,
    )
    processing.set_policy(
        actor=who, dataflow=FLOW, reason="Quyết định thử",
        at=AT, **(policy or {"public": "Số liệu thử đã công khai"}),
    )
