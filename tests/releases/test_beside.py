"""One release beside another: nothing that either hides is given away by both together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nhasan.domain.observations import Status
from nhasan.processing import operations as processing
from nhasan.processing import queries as runs
from nhasan.releases import beside, operations
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, decide
from tests.releases.conftest import House

LATER = AT + timedelta(days=1)


def test_a_run_is_protected_with_what_was_said_before_in_sight(house: House) -> None:
    first = house.published()
    again = house.run(LATER)
    assert beside.runs_said(FLOW) == [first.run_id]
    log = runs.suppression_log(house.drafter, again)
    assert log["after"] == [str(first.run_id)]
    hidden = [runs.output(house.drafter, pk).cube.statuses.count(Status.CONFIDENTIAL)
              for pk in (first.run_id, again)]
    assert hidden[0] == hidden[1] > 0


def test_a_withdrawn_release_was_read_as_well(house: House) -> None:
    first = house.published()
    operations.withdraw(actor=house.approver, release=first.pk, reason="sai", at=LATER)
    assert beside.runs_said(FLOW) == [first.run_id]


def test_a_run_that_did_not_look_at_the_last_release_is_not_drafted(house: House) -> None:
    house.published()
    asked = processing.request_run(actor=house.drafter, dataflow=FLOW, at=LATER)
    processing.run_requested(actor=HOUSE, at=LATER)
    with pytest.raises(beside.NotBeside):
        operations.draft(actor=house.drafter, run=asked.pk, at=LATER)


@pytest.mark.parametrize("weaker", [
    {"threshold": 3, "dimensions": ["ETHNIC_GROUP"]}, {"public": "đã công khai"},
    {"threshold": 5, "dimensions": ["VILLAGE"]},
    {"threshold": 5, "dimensions": ["ETHNIC_GROUP"], "interval": 1},
])
def test_a_weaker_policy_than_the_last_release_used_is_refused(
        house: House, weaker: dict[str, object]) -> None:
    first = house.published()
    decide(house.drafter, **weaker)
    run = house.run(LATER)
    with pytest.raises(beside.WeakerPolicy) as refused:
        operations.draft(actor=house.drafter, run=run, at=LATER)
    assert first.version in str(refused.value)


def test_a_stronger_policy_is_welcome(house: House) -> None:
    house.published()
    decide(house.drafter, threshold=100, interval=100, share=50,
           limits=[["THU:03", "THU:01"]])
    assert operations.draft(actor=house.drafter, run=house.run(LATER), at=LATER)


def test_a_run_whose_figures_are_lost_stops_the_next(house: House) -> None:
    first = house.published()
    (runs.folder(first.run_id) / runs.PROTECTED).unlink()
    asked = processing.request_run(actor=house.drafter, dataflow=FLOW, at=LATER)
    assert operations.run_requested(actor=HOUSE, at=LATER) == 0
    assert str(first.run_id) in runs.run(house.drafter, asked.pk).problem
