"""Several hands at the same moment: one number stands, one submission is made. No browser here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from threading import Barrier, Thread
from uuid import uuid4

import pytest
from django.db import connection

from nhasan.collection import operations, queries
from nhasan.collection.operations import Change
from nhasan.domain.problems import Problem
from nhasan.organisations import operations as organisations
from tests import factories

pytestmark = pytest.mark.both_databases
HANDS = 6


@pytest.fixture
def world() -> factories.World:
    made = factories.world()
    factories.fill(made.report, made.officer)
    return made


def together(act: Callable[[int], str]) -> Counter[str]:
    """Let several threads act at the same moment and count what they were told."""
    told: list[str] = []
    start = Barrier(HANDS)

    def hand(number: int) -> None:
        try:
            start.wait()
            told.append(act(number))
        except Problem as refused:
            told.append(refused.code)
        finally:
            connection.close()

    hands = [Thread(target=hand, args=(number,)) for number in range(HANDS)]
    for each in hands:
        each.start()
    for each in hands:
        each.join()
    return Counter(told)


def test_one_press_repeated_makes_one_submission(world: factories.World) -> None:
    name = uuid4()
    actor = factories.actor(world.officer)

    def send(_: int) -> str:
        return str(operations.submit(
            actor=actor, assignment=world.report.pk, submission=name, at=factories.AT).pk)

    assert together(send) == {str(name): HANDS}
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert len(queries.submissions_of(row)) == 1


def test_two_pages_cannot_both_send(world: factories.World) -> None:
    actor = factories.actor(world.officer)

    def send(_: int) -> str:
        operations.submit(
            actor=actor, assignment=world.report.pk, submission=uuid4(), at=factories.AT)
        return "sent"

    assert together(send) == {"sent": 1, "wrong-state": HANDS - 1}


def test_one_of_several_saves_of_a_cell_stands(world: factories.World) -> None:
    actor = factories.actor(world.officer)

    def save(number: int) -> str:
        outcome = operations.save_cells(
            actor=actor, assignment=world.report.pk, channel="screen", at=factories.AT,
            changes=[Change("ho/tay/tong", str(100 + number), 1),
                     Change(f"ho/{('tay', 'nung', 'mong')[number % 3]}/ngheo", "7", 1)])
        return "conflict" if "ho/tay/tong" in {
            each.cell for each in outcome.conflicts} else "saved"

    assert together(save) == {"saved": 1, "conflict": HANDS - 1}
    row = queries.assignment(factories.HOUSE, world.report.pk)
    cells = queries.draft(row).answers.cells
    assert [cells[f"ho/{each}/ngheo"].text for each in ("tay", "nung", "mong")] == ["7"] * 3
    numbers = [each.number for each in queries.revisions(row)]
    assert len(set(numbers)) == len(numbers)


def test_a_request_is_answered_or_its_report_taken_back(world: factories.World) -> None:
    asked = operations.ask_extension(
        actor=factories.actor(world.officer), assignment=world.report.pk, at=factories.AT,
        until=date(2025, 12, 1), reason="Đang lụt")
    reviewer, manager = factories.actor(world.reviewer), factories.actor(world.manager)

    def answer(number: int) -> str:
        if number % 2:
            operations.take_back(actor=manager, assignment=world.report.pk, reason="Thôi",
                                 at=factories.AT)
            return "taken back"
        operations.decide_extension(actor=reviewer, extension=asked.pk, until=date(2025, 12, 1),
                                    note="", at=factories.AT)
        return "granted"

    told = together(answer)
    found = queries.extension_of(world.report)
    assert found is not None
    assert told["taken back"] == 1
    assert (told["granted"], found.state) in ((1, "granted"), (0, "refused"))


def test_two_units_are_not_closed_into_each_other(world: factories.World) -> None:
    units = ("XA-BABE", "XA-CHORA")

    def close(number: int) -> str:
        code, successor = units[number % 2], units[(number + 1) % 2]
        organisations.close_unit(
            actor=factories.HOUSE, code=code, successor=successor, closed=factories.TODAY,
            at=factories.AT)
        return code

    assert len(together(close).keys() & set(units)) == 1
