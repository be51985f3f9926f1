"""What was filled without a network arrives once, as its person saw it, met cell by cell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from nhasan.collection import operations, queries
from nhasan.collection.models import Revision, Submission
from nhasan.collection.operations import AnotherPerson, Arrival, Change, Delivered
from nhasan.collection.operations.entry import RoundClosed
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Conflict, Forbidden, NotFound, WrongState
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    made = factories.world()
    factories.fill(made.report, made.officer)
    return made


def deliver(world: factories.World, changes: Mapping[str, tuple[str, int]] | None = None, *,
            user: Any = None, name: UUID | None = None, send: bool = True,
            seen: int | None = None, **more: Any) -> Delivered:
    who = factories.actor(user or world.officer)
    asked = {
        "actor": who, "assignment": world.report.pk, "delivery": name or uuid4(),
        "person": who.id, "reasons": {}, "send": send, "at": factories.AT,
        "changes": [Change(cell, *each) for cell, each in (changes or {}).items()],
        "seen": queries.last_revision(world.report) if seen is None else seen, **more,
    }
    return operations.deliver(**asked)


def count() -> int:
    return Submission.objects.within(EVERYTHING).count()


def text_of(world: factories.World, cell: str) -> str:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    found = queries.draft(row).answers.cells.get(cell)
    return found.text if found else ""


def version_of(world: factories.World, cell: str) -> int:
    row = queries.assignment(factories.HOUSE, world.report.pk)
    return queries.draft(row).versions[cell]


def save(world: factories.World, cell: str, text: str) -> None:
    operations.save_cells(
        actor=factories.actor(world.colleague), assignment=world.report.pk, channel="screen",
        changes=[Change(cell, text, version_of(world, cell))], at=factories.AT)


def test_cells_and_report_arrive_together(world: factories.World) -> None:
    name = uuid4()
    done = deliver(world, {"ho/tay/tong": ("63", 1)}, name=name)
    assert done.arrival is Arrival.SENT
    assert done.submission is not None
    assert done.submission.pk == name
    assert done.submission.answers["cells"]["ho/tay/tong"] == ["63", "63", "A"]
    last = Revision.objects.within(EVERYTHING).filter(assignment=world.report).latest("number")
    assert (last.channel, last.by) == ("offline", str(world.officer.pk))


def test_twice_is_once_from_whichever_computer(world: factories.World) -> None:
    name = uuid4()
    first = deliver(world, {"ho/tay/tong": ("63", 1)}, name=name)
    again = deliver(world, {"ho/tay/tong": ("63", 1)}, name=name)
    third = deliver(world, {"ho/tay/tong": ("63", 1)}, name=name, user=world.colleague)
    assert first.submission == again.submission == third.submission
    assert count() == 1


def test_what_was_sent_back_is_not_sent_again_by_an_old_file(world: factories.World) -> None:
    name = uuid4()
    deliver(world, {"ho/tay/tong": ("63", 1)}, name=name)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=name, note="",
        reasons={"ho/tay/tong": "Xem lại."}, at=factories.AT)
    save(world, "ho/tay/tong", "64")
    again = deliver(world, {"ho/tay/tong": ("63", 1)}, name=name)
    assert again.arrival is Arrival.SENT
    assert again.submission is not None
    assert again.submission.state == "returned"
    assert text_of(world, "ho/tay/tong") == "64"
    assert count() == 1


def test_two_people_meet_at_the_cell_and_nothing_is_sent(world: factories.World) -> None:
    seen = queries.last_revision(world.report)
    save(world, "ho/tay/tong", "64")
    done = deliver(
        world, {"ho/tay/tong": ("63", 1), "ho/nung/tong": ("49", 1)}, seen=seen)
    assert done.arrival is Arrival.MET
    [met] = done.conflicts
    assert (met.cell, met.mine, met.theirs) == ("ho/tay/tong", "63", "64")
    assert text_of(world, "ho/tay/tong") == "64"
    assert text_of(world, "ho/nung/tong") == "49"
    assert count() == 0


def test_a_report_changed_meanwhile_is_looked_at_before_it_goes(world: factories.World) -> None:
    seen, name = queries.last_revision(world.report), uuid4()
    save(world, "ho/mong/ngheo", "9")
    done = deliver(world, {"ho/tay/tong": ("63", 1)}, seen=seen, name=name)
    assert done.arrival is Arrival.CHANGED
    assert list(done.others) == ["Nông Văn Bình"]
    assert text_of(world, "ho/tay/tong") == "63"
    assert count() == 0
    looked = deliver(world, name=name)
    assert looked.arrival is Arrival.SENT


def test_ones_own_saves_from_elsewhere_stop_nothing(world: factories.World) -> None:
    seen = queries.last_revision(world.report)
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/mong/ngheo", "9", 1)], at=factories.AT)
    assert deliver(world, seen=seen).arrival is Arrival.SENT


def test_what_is_wrong_is_kept_and_not_sent(world: factories.World) -> None:
    done = deliver(world, {"ho/tay/dtts": ("70", 1), "ho/nung/ngheo": ("", 1)})
    assert done.arrival is Arrival.STOPPED
    assert {finding.code for finding in done.findings} == {"dtts-trong-tong", "blank"}
    assert text_of(world, "ho/tay/dtts") == "70"
    assert count() == 0


def test_a_reason_travels_with_what_it_explains(world: factories.World) -> None:
    done = deliver(
        world, {"ho/tay/ngheo": ("40", 1)},
        reasons={"nhieu-ho-ngheo|ho/tay/ngheo": "Mới rà soát lại."})
    assert done.arrival is Arrival.SENT
    assert done.submission is not None
    assert done.submission.answers["reasons"] == {
        "nhieu-ho-ngheo|ho/tay/ngheo": "Mới rà soát lại."}


def test_cells_alone_can_be_delivered(world: factories.World) -> None:
    changes = {"ho/tay/tong": ("63", 1)}
    assert deliver(world, changes, send=False).arrival is Arrival.SAVED
    assert deliver(world, changes, send=False).arrival is Arrival.SAVED
    assert text_of(world, "ho/tay/tong") == "63"
    assert version_of(world, "ho/tay/tong") == 2
    assert count() == 0


def test_many_cells_ask_the_database_as_often_as_few(world: factories.World) -> None:
    counts = []
    for cells in (["ho/tay/tong"], list(factories.ANSWERS)[:9]):
        changes = {cell: ("7", version_of(world, cell)) for cell in cells}
        with CaptureQueriesContext(connection) as asked:
            deliver(world, changes, send=False)
        counts.append(len(asked))
    assert counts[0] == counts[1] < 30


def test_it_goes_in_the_name_of_who_filled_it_alone(world: factories.World) -> None:
    with pytest.raises(AnotherPerson):
        deliver(world, {"ho/tay/tong": ("63", 1)}, person=str(world.colleague.pk))
    assert text_of(world, "ho/tay/tong") == "62"


def test_strangers_find_nothing_and_learn_nothing(world: factories.World) -> None:
    name = uuid4()
    deliver(world, name=name)
    for stranger in (world.other_officer, world.neighbour):
        with pytest.raises(NotFound):
            deliver(world, user=stranger, name=name)
    with pytest.raises(Forbidden):
        deliver(world, user=world.publisher, name=name)


def test_the_id_of_another_report_is_refused(world: factories.World) -> None:
    name = uuid4()
    factories.fill(world.other_report, world.other_officer)
    factories.send(world.other_report, world.other_officer, submission=name)
    with pytest.raises(Conflict):
        deliver(world, name=name)


def test_a_colleague_sent_it_meanwhile(world: factories.World) -> None:
    factories.send(world.report, world.colleague)
    with pytest.raises(WrongState):
        deliver(world)
    assert count() == 1


def test_a_closed_round_takes_nothing_and_says_so(world: factories.World) -> None:
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=factories.AT)
    with pytest.raises(RoundClosed):
        deliver(world, {"ho/tay/tong": ("63", 1)})
