"""Sending: a draft becomes a submission, once, whole, and not before it is ready."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import Submission
from nhasan.collection.operations import Change, NotReady
from nhasan.collection.operations.entry import RoundClosed
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Conflict, Forbidden, NotFound, WrongState
from nhasan.organisations.models import AuditEvent
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def count() -> int:
    return Submission.objects.within(EVERYTHING).count()


def test_a_submission_holds_the_answers_and_what_they_add_up_to(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    assert sent.answers["cells"]["ho/tay/tong"] == ["62", "62", "A"]
    assert sent.answers["open_rows"] == {"thon": [{"id": "o1", "label": "Bó Lù"}]}
    assert sent.computed["ho/tong/ngheo"] == "28"
    assert sent.computed["ho/tong/ty_le"] == "15.5"
    assert sent.submitted_by == world.officer
    assert not sent.late
    assert sent.receipt.startswith("01900-2025-")
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.state == "submitted"
    line = AuditEvent.objects.filter(action="submission.submit").latest("id")
    assert (line.actor, line.subject_id) == (str(world.officer.pk), str(sent.pk))


def test_sending_twice_is_sending_once(world: factories.World) -> None:
    factories.fill(world.report, world.officer)
    name = uuid4()
    first = factories.send(world.report, world.officer, submission=name)
    again = factories.send(world.report, world.officer, submission=name)
    assert first == again
    assert count() == 1


def test_a_second_page_cannot_send_another(world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    with pytest.raises(WrongState):
        factories.send(world.report, world.colleague)
    assert count() == 1


def test_the_id_of_another_report_is_refused(world: factories.World) -> None:
    name = uuid4()
    factories.fill(world.report, world.officer)
    factories.send(world.report, world.officer, submission=name)
    factories.fill(world.other_report, world.other_officer)
    with pytest.raises(Conflict):
        factories.send(world.other_report, world.other_officer, submission=name)


def test_a_neighbour_learns_nothing_from_a_known_id(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    for stranger in (world.other_officer, world.neighbour):
        with pytest.raises(NotFound):
            factories.send(world.report, stranger, submission=sent.pk)
        with pytest.raises(NotFound):
            queries.submission(factories.actor(stranger), sent.pk)
    with pytest.raises(Forbidden):
        factories.send(world.report, world.publisher, submission=sent.pk)


def test_an_unfinished_report_names_what_is_missing(world: factories.World) -> None:
    answers = {**factories.ANSWERS, "ho/tay/dtts": "70", "ho/nung/tong": "nhiều"}
    del answers["ho/mong/ngheo"]
    factories.fill(world.report, world.officer, answers)
    with pytest.raises(NotReady) as refused:
        factories.send(world.report, world.officer)
    found = {(finding.code, finding.cell) for finding in refused.value.findings}
    assert found == {
        ("dtts-trong-tong", "ho/tay/dtts"), ("not-a-number", "ho/nung/tong"),
        ("blank", "ho/mong/ngheo"),
    }
    assert count() == 0
    assert queries.assignment(factories.HOUSE, world.report.pk).state == "in_progress"


def test_a_warning_passes_with_a_reason(world: factories.World) -> None:
    factories.fill(world.report, world.officer, {**factories.ANSWERS, "ho/tay/ngheo": "40"})
    with pytest.raises(NotReady) as refused:
        factories.send(world.report, world.officer)
    assert [finding.code for finding in refused.value.findings] == ["nhieu-ho-ngheo"]
    key = "nhieu-ho-ngheo|ho/tay/ngheo"
    operations.explain(
        actor=factories.actor(world.officer), assignment=world.report.pk,
        reasons={key: "Lũ quét cuốn trôi ruộng."}, at=factories.AT)
    sent = factories.send(world.report, world.officer)
    assert sent.answers["reasons"] == {key: "Lũ quét cuốn trôi ruộng."}


def test_a_late_report_says_that_it_is_late(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer, at=factories.AT + timedelta(days=5))
    assert sent.late


def test_after_the_round_closed_nothing_is_sent_and_nothing_is_lost(
    world: factories.World,
) -> None:
    factories.fill(world.report, world.officer)
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=factories.AT)
    with pytest.raises(RoundClosed):
        factories.send(world.report, world.officer)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert queries.draft(row).answers.cells["ho/tay/tong"].text == "62"


def test_a_jump_from_the_period_before_asks_for_a_reason(world: factories.World) -> None:
    factories.approved(world.report, world.officer, world.reviewer)
    later = factories.round_of(period="2026", due=factories.TODAY + timedelta(days=400))
    report = factories.give(later, "XA-BABE", "01900")
    factories.fill(report, world.officer, {
        **factories.ANSWERS, "ho/tay/tong": "862", "ho/tay/dtts": "861"})
    with pytest.raises(NotReady) as refused:
        factories.send(report, world.officer)
    assert {(finding.code, finding.cell) for finding in refused.value.findings} == {
        ("unusual-change", "ho/tay/tong"), ("unusual-change", "ho/tay/dtts")}


def test_a_returned_report_is_mended_and_sent_again(world: factories.World) -> None:
    first = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=first.pk, note="",
        reasons={"ho/tay/tong": "Năm trước 82 hộ."}, at=factories.AT)
    operations.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        changes=[Change("ho/tay/tong", "82", 1)], at=factories.AT)
    second = factories.send(world.report, world.officer)
    assert second.sequence == 2
    assert second.receipt != first.receipt
    first.refresh_from_db()
    assert first.state == "returned"
    assert first.answers["cells"]["ho/tay/tong"][0] == "62"
    assert second.answers["cells"]["ho/tay/tong"][0] == "82"


def test_what_nobody_decided_on_is_withdrawn_and_leaves_the_list(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    reviewer = factories.actor(world.reviewer)
    assert queries.to_review(reviewer) == [sent]
    operations.withdraw(
        actor=factories.actor(world.officer), submission=sent.pk, note=" Nhầm cột. ",
        at=factories.AT)
    assert queries.to_review(reviewer) == []
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.state == "in_progress"
    assert [each.state for each in queries.submissions_of(row)] == ["withdrawn"]
    [told] = queries.reviews(row)
    assert (told.decision, told.note, told.by_name) == (
        "withdrawn", "Nhầm cột.", world.officer.name)
    line = AuditEvent.objects.filter(action="submission.withdraw").latest("id")
    assert line.actor == str(world.officer.pk)
    with pytest.raises(WrongState):
        operations.approve(actor=reviewer, submission=sent.pk, at=factories.AT)


def test_a_withdrawn_report_is_mended_and_sent_again(world: factories.World) -> None:
    first = factories.sent(world.report, world.officer)
    officer = factories.actor(world.officer)
    operations.withdraw(actor=officer, submission=first.pk, note="", at=factories.AT)
    operations.save_cells(
        actor=officer, assignment=world.report.pk, channel="screen", at=factories.AT,
        changes=[Change("ho/tay/ngheo", "12", 1)])
    second = factories.send(world.report, world.officer)
    assert (second.sequence, second.state) == (2, "submitted")
    assert second.answers["cells"]["ho/tay/ngheo"] == ["12", "12", "A"]
    first.refresh_from_db()
    assert first.answers["cells"]["ho/tay/ngheo"] == ["11", "11", "A"]
    with pytest.raises(WrongState):
        operations.withdraw(actor=officer, submission=first.pk, note="", at=factories.AT)


def test_withdrawing_what_was_mended_brings_its_reasons_back(world: factories.World) -> None:
    first = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(world.reviewer), submission=first.pk, note="Xem lại.", reasons={},
        at=factories.AT)
    second = factories.send(world.report, world.officer)
    operations.withdraw(
        actor=factories.actor(world.officer), submission=second.pk, note="", at=factories.AT)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert row.state == "returned"
    told = queries.return_reasons(row)
    assert told is not None
    assert told.note == "Xem lại."


def test_a_decision_that_came_first_stands(world: factories.World) -> None:
    sent = factories.approved(world.report, world.officer, world.reviewer)
    with pytest.raises(WrongState):
        operations.withdraw(
            actor=factories.actor(world.officer), submission=sent.pk, note="", at=factories.AT)
    sent.refresh_from_db()
    assert sent.state == "approved"


def test_only_the_unit_itself_withdraws(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    for stranger, refusal in (
        (world.reviewer, Forbidden), (world.other_officer, NotFound), (world.neighbour, NotFound),
    ):
        with pytest.raises(refusal):
            operations.withdraw(
                actor=factories.actor(stranger), submission=sent.pk, note="", at=factories.AT)
    sent.refresh_from_db()
    assert sent.state == "submitted"


def test_after_the_round_closed_nothing_is_withdrawn(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=factories.AT)
    with pytest.raises(RoundClosed):
        operations.withdraw(
            actor=factories.actor(world.officer), submission=sent.pk, note="", at=factories.AT)
