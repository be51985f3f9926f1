"""A finished run, listed in the catalogue, ready to be released."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest

from nhasan.catalogue import operations as catalogue
from nhasan.domain.access import Actor
from nhasan.processing import operations as processing
from nhasan.releases import operations, queries
from nhasan.releases.models import Release
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, Stage, decide, stage

__all__ = ["stage"]
NAME = f"THU:{FLOW}"


@dataclass(frozen=True, slots=True)
class House:
    """Two people who may publish, and a dataset that may be published."""

    stage: Stage
    drafter: Actor
    approver: Actor

    def run(self, at: datetime = AT) -> Any:
        """Return a finished run of what is known."""
        asked = processing.request_run(actor=self.drafter, dataflow=FLOW, at=at)
        assert operations.run_requested(actor=HOUSE, at=at) == 1
        return asked.pk

    def drafted(self, at: datetime = AT, notes: str = "") -> Release:
        """Return a draft of what is known."""
        return operations.draft(actor=self.drafter, run=self.run(at), notes=notes, at=at)

    def published(self, at: datetime = AT) -> Release:
        """Return a release of what is known, published."""
        found = self.drafted(at)
        operations.approve(actor=self.approver, release=found.pk, at=at)
        assert operations.publish_due(actor=HOUSE, at=at) == 1
        return queries.release_of(self.drafter, found.pk)


def listed(*, issue: bool = True, access: str = "open") -> None:
    """Propose the dataset for the catalogue, and issue it."""
    catalogue.propose(
        actor=HOUSE, unit="BO", identifier="BO-THU", title_vi="Hộ nghèo theo dân tộc",
        description_vi="Số hộ và hộ nghèo của các xã", dataflow=FLOW, licence="CC BY 4.0",
        access=access, at=AT,
    )
    if issue:
        catalogue.issue(actor=HOUSE, identifier="BO-THU", at=AT)


@pytest.fixture
def house(stage: Stage, settings: Any) -> House:
    # The cubes here are tiny: plain Python is done before a database is open.
    settings.ENGINE = "reference:"
    second = factories.person("cong-bo-2", "Vi Thị Hoa", "BO", "publisher")
    decide(stage.publisher, threshold=5, dimensions=["ETHNIC_GROUP"])
    listed()
    return House(stage, stage.publisher, factories.actor(second))
