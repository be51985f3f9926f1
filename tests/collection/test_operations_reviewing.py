"""Review: by the receiver, with reasons, never by the sender."""

from __future__ import annotations

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import Review
from nhasan.collection.operations.reviewing import OfAnotherReceiver, OwnReport
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState
from nhasan.organisations.models import AuditEvent
from nhasan.organisations.operations import assign_role
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def test_approving_leaves_a_decision_and_an_audit_line(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    found = operations.approve(
        actor=factories.actor(world.reviewer), submission=sent.pk, at=AT)
    assert found.state == "approved"
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.state == "approved"
    decision = queries.reviews(row)[0]
    assert (decision.decision, decision.by_name) == ("approved", "Dương Thu Hà")
    line = AuditEvent.objects.filter(action="submission.approve").latest("id")
    assert line.actor == str(world.reviewer.pk)


def test_nobody_approves_what_they_sent(world: factories.World) -> None:
    assign_role(
        actor=factories.HOUSE, user=world.officer.pk, role="reviewer", unit="SO-TN",
        valid_from=factories.MAP_DAY, at=AT)
    sent = factories.sent(world.report, world.officer)
    with pytest.raises(OwnReport):
        operations.approve(actor=factories.actor(world.officer), submission=sent.pk, at=AT)
    with pytest.raises(OwnReport):
        operations.send_back(
            actor=factories.actor(world.officer), submission=sent.pk, reasons={}, note="sửa",
            at=AT)
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_nobody_approves_what_they_typed_and_another_sent(world: factories.World) -> None:
    both = factories.person("kiem", "Hà Kiêm Nhiệm", "SO-TN", "enterer", "reviewer")
    factories.fill(world.report, both)
    sent = factories.send(world.report, world.officer)
    assert queries.written_by(factories.actor(both), [world.report]) == {world.report.pk}
    with pytest.raises(OwnReport):
        operations.approve(actor=factories.actor(both), submission=sent.pk, at=AT)
    assert operations.approve(
        actor=factories.actor(world.reviewer), submission=sent.pk, at=AT).state == "approved"


def test_nobody_decides_over_the_head_of_the_receiver(world: factories.World) -> None:
    above = factories.actor(factories.person("bo", "Vũ Thị Bộ", "BO", "reviewer"))
    sent = factories.sent(world.report, world.officer)
    assert queries.submission(above, sent.pk) == sent
    assert queries.to_review(above) == []
    with pytest.raises(OfAnotherReceiver):
        operations.approve(actor=above, submission=sent.pk, at=AT)
    with pytest.raises(OfAnotherReceiver):
        operations.send_back(actor=above, submission=sent.pk, reasons={}, note="sửa", at=AT)


def test_only_the_receiver_reviews(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    with pytest.raises(NotFound):
        operations.approve(actor=factories.actor(world.neighbour), submission=sent.pk, at=AT)
    for without in (world.officer, world.publisher):
        with pytest.raises(Forbidden):
            operations.approve(actor=factories.actor(without), submission=sent.pk, at=AT)
    assert queries.to_review(factories.actor(world.neighbour)) == []
    assert [each.pk for each in queries.to_review(factories.actor(world.reviewer))] == [sent.pk]


def test_sending_back_wants_a_reason_and_keeps_it_by_cell(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    reviewer = factories.actor(world.reviewer)
    with pytest.raises(Invalid):
        operations.send_back(
            actor=reviewer, submission=sent.pk, reasons={"ho/tay/tong": "  "}, note=" ", at=AT)
    with pytest.raises(Invalid):
        operations.send_back(
            actor=reviewer, submission=sent.pk, reasons={"ho/lạ/tong": "sai"}, note="", at=AT)
    operations.send_back(
        actor=reviewer, submission=sent.pk, reasons={"ho/tay/tong": "Năm trước 82 hộ."},
        note="Mời xem lại.", at=AT)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.state == "returned"
    returned = queries.return_reasons(row)
    assert returned is not None
    assert returned.reasons == {"ho/tay/tong": "Năm trước 82 hộ."}
    assert queries.owed(factories.actor(world.officer))[0].pk == row.pk


def test_a_decision_is_made_once(world: factories.World) -> None:
    sent = factories.approved(world.report, world.officer, world.reviewer)
    with pytest.raises(WrongState):
        operations.approve(actor=factories.actor(world.reviewer), submission=sent.pk, at=AT)
    with pytest.raises(WrongState):
        operations.send_back(
            actor=factories.actor(world.second_reviewer), submission=sent.pk, reasons={},
            note="sửa", at=AT)


def test_approving_together_is_all_or_none(world: factories.World) -> None:
    first = factories.sent(world.report, world.officer)
    second = factories.approved(world.other_report, world.other_officer, world.reviewer)
    with pytest.raises(WrongState):
        operations.approve_many(
            actor=factories.actor(world.second_reviewer), submissions=[first.pk, second.pk],
            at=AT)
    first.refresh_from_db()
    assert first.state == "submitted"
    assert Review.objects.within(EVERYTHING).count() == 1


def test_a_reopened_report_is_sent_again_as_another(world: factories.World) -> None:
    sent = factories.approved(world.report, world.officer, world.reviewer)
    with pytest.raises(Invalid):
        operations.reopen(
            actor=factories.actor(world.reviewer), submission=sent.pk, note=" ", at=AT)
    operations.reopen(
        actor=factories.actor(world.reviewer), submission=sent.pk, note="Có số mới", at=AT)
    again = factories.send(world.report, world.officer)
    assert (again.sequence, again.state) == (2, "submitted")
