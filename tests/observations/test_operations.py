"""Approved answers become observations once; a newer value supersedes, nothing is erased."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from nhasan.collection import operations
from nhasan.collection.operations import Change
from nhasan.domain.access import EVERYTHING
from nhasan.domain.observations import unscaled
from nhasan.observations import operations as operations_of_store
from nhasan.observations.models import Batch, Observation
from nhasan.observations.operations import ingest, ingest_approved
from nhasan.organisations.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
LATER = AT + timedelta(days=1)


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def observations(**wanted: Any) -> list[Observation]:
    return list(Observation.objects.within(EVERYTHING).filter(**wanted).order_by("pk"))


def pulse(at: Any = AT) -> int:
    return ingest_approved(actor=factories.HOUSE, at=at)


def test_only_what_was_approved_enters(world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    assert pulse() == 0
    assert observations() == []


def test_every_bound_cell_becomes_one_observation(world: factories.World) -> None:
    factories.approved(world.report, world.officer, world.reviewer)
    assert pulse() == 1
    found = {(row.indicator, row.breakdown): row for row in observations()}
    assert len(found) == 9 + 3
    poor = found["THU:03", "ETHNIC_GROUP=02"]
    assert (poor.value, poor.decimals, poor.status) == (11, 0, "A")
    assert (poor.area_level, poor.area_code, poor.period) == ("commune", "01900", "2025")
    assert (poor.cell, poor.known_from, poor.known_to) == ("ho/tay/ngheo", AT, None)
    land = found["THU:07", "VILLAGE=Bó Lù"]
    assert land.value is not None
    assert unscaled(land.value, land.decimals) == Decimal("12.5")


def test_sums_and_rates_are_never_stored(world: factories.World) -> None:
    factories.approved(world.report, world.officer, world.reviewer)
    pulse()
    cells = {row.cell for row in observations()}
    assert not {cell for cell in cells if "/tong/" in cell or cell.endswith("/ty_le")}


def test_the_four_kinds_of_nothing_stay_four(world: factories.World) -> None:
    factories.approved(world.report, world.officer, world.reviewer, {
        **factories.ANSWERS, "ho/tay/ngheo": "0", "ho/nung/ngheo": "...",
        "ho/mong/ngheo": "x", "thon/o1/ho": "c",
    })
    pulse()
    kinds = {row.cell: (row.status, row.value) for row in observations()}
    assert kinds["ho/tay/ngheo"] == ("A", 0)
    assert kinds["ho/nung/ngheo"] == ("L", None)
    assert kinds["ho/mong/ngheo"] == ("M", None)
    assert kinds["thon/o1/ho"] == ("Q", None)


def test_running_twice_is_running_once(world: factories.World) -> None:
    sent = factories.approved(world.report, world.officer, world.reviewer)
    assert (pulse(), pulse()) == (1, 0)
    assert ingest(actor=factories.HOUSE, submission=sent.pk, at=LATER) is None
    assert Batch.objects.within(EVERYTHING).count() == 1
    assert AuditEvent.objects.filter(action="batch.ingest").exists()


def test_a_correction_supersedes_and_the_old_value_stays(world: factories.World) -> None:
    sent = factories.approved(world.report, world.officer, world.reviewer)
    pulse()
    operations.reopen(
        actor=factories.actor(world.reviewer), submission=sent.pk, note="Sửa số", at=AT)
    pulse(LATER)
    assert observations(known_to__isnull=True) == []
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/tay/ngheo", "12", 1)], at=LATER)
    again = factories.send(world.report, world.officer, at=LATER)
    operations.approve(actor=factories.actor(world.reviewer), submission=again.pk, at=LATER)
    pulse(LATER)
    history = observations(cell="ho/tay/ngheo")
    assert [(row.value, row.known_to) for row in history] == [(11, LATER), (12, None)]


def test_that_one_unit_has_nothing_takes_no_figure_of_another_away(
    world: factories.World,
) -> None:
    for code, nung in (("SO-GD", "100"), ("SO-YT", "...")):
        factories.organisations.open_unit(
            actor=factories.HOUSE, code=code, name=code, short_name=code, kind="department",
            parent="SO-TN", opened=None, at=AT)
        by = factories.person(code.lower(), code, code, "enterer")
        report = factories.give(world.round, code, "19", "province")
        factories.approved(report, by, world.reviewer, {
            **factories.ANSWERS, "ho/nung/tong": nung, "ho/nung/dtts": "48"})
        pulse()
    stands = {row.cell: row for row in observations(known_to=None, area_code="19")}
    assert stands["ho/nung/tong"].value == 100  # of the one that has a figure
    assert stands["ho/tay/tong"].batch == observations(known_to=None)[-1].batch


def test_one_that_cannot_be_moved_holds_back_no_other(
    world: factories.World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture,
) -> None:
    first = factories.approved(world.report, world.officer, world.reviewer)
    real = operations_of_store.ingest

    def stumble(*, submission: Any, **others: Any) -> Any:
        if submission == first.pk:
            raise RuntimeError("on purpose")
        return real(submission=submission, **others)

    monkeypatch.setattr(operations_of_store, "ingest", stumble)
    assert pulse() == 0
    assert str(first.pk) in caplog.text
    monkeypatch.setattr(operations_of_store, "ingest", real)
    assert pulse() == 1
