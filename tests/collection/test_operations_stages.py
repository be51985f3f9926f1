"""A report goes from stage to stage; at each moment it is plain who looks at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import CollectionRound, ReportingObligation
from nhasan.collection.operations.reviewing import OfAnotherReceiver
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Invalid, NotFound, WrongState
from nhasan.observations.operations import ingest_approved
from nhasan.organisations.models import OrganisationUnit
from nhasan.organisations.queries import notices
from tests import factories

pytestmark = pytest.mark.django_db
AT = factories.AT
STAGES = [
    {"id": "head", "name": "Lãnh đạo xã", "unit": "own"},
    {"id": "focal", "name": "Sở duyệt", "unit": "receiver"},
    {"id": "ministry", "name": "Bộ duyệt", "unit": "above"},
]


class Chain:
    """A world whose round goes through three stages, with a person at each."""

    def __init__(self, stages: list[dict[str, str]]) -> None:
        self.world = factories.world()
        receiver = OrganisationUnit.objects.within(EVERYTHING).get(code="SO-TN")
        obligation = ReportingObligation.objects.create(
            identifier="BA-BUOC", form=self.world.round.form_version.form, receiver=receiver,
            title_vi="Ba bước", stages=stages)
        CollectionRound.objects.within(EVERYTHING).filter(pk=self.world.round.pk).update(
            obligation=obligation)
        self.head = factories.person("lanh-dao", "Vi Văn Lãnh", "XA-BABE", "reviewer")
        self.ministry = factories.person("bo-duyet", "Lò Thị Bộ", "BO", "reviewer")

    def row(self) -> Any:
        return queries.assignment(factories.HOUSE, self.world.report.pk)

    def waiting(self, user: Any) -> list[Any]:
        return [each.pk for each in queries.to_review(factories.actor(user))]

    def approve(self, user: Any, sent: Any, at: datetime = AT) -> Any:
        return operations.approve(actor=factories.actor(user), submission=sent.pk, at=at)

    def mend(self, by: Any, cell: str, text: str) -> None:
        base = queries.draft(self.row()).versions[cell]
        operations.save_cells(
            actor=factories.actor(by), assignment=self.world.report.pk, channel="screen", at=AT,
            changes=[operations.Change(cell, text, base)])


@pytest.fixture
def chain() -> Chain:
    return Chain(STAGES)


def test_each_stage_passes_on_and_the_last_one_approves(chain: Chain) -> None:
    sent = factories.sent(chain.world.report, chain.world.officer)
    people = (chain.head, chain.world.reviewer, chain.ministry)
    for place, person in enumerate(people):
        assert [bool(chain.waiting(each)) for each in people] == [
            other == place for other in range(3)]
        assert chain.row().state == "submitted"
        found = chain.approve(person, sent, AT + timedelta(hours=place))
    assert found.state == "approved"
    row = chain.row()
    assert (row.state, row.stage, row.reader) == ("approved", "", None)
    assert [(each.decision, each.stage) for each in reversed(queries.reviews(row))] == [
        ("passed_on", "head"), ("passed_on", "focal"), ("approved", "ministry")]


def test_figures_enter_the_store_only_after_the_last_stage(chain: Chain) -> None:
    sent = factories.sent(chain.world.report, chain.world.officer)
    chain.approve(chain.head, sent)
    chain.approve(chain.world.reviewer, sent)
    assert ingest_approved(actor=factories.HOUSE, at=AT) == 0
    chain.approve(chain.ministry, sent)
    assert ingest_approved(actor=factories.HOUSE, at=AT) == 1


def test_nobody_decides_out_of_turn(chain: Chain) -> None:
    sent = factories.sent(chain.world.report, chain.world.officer)
    for early in (chain.world.reviewer, chain.ministry):
        with pytest.raises(OfAnotherReceiver):
            chain.approve(early, sent)
    chain.approve(chain.head, sent)
    with pytest.raises(OfAnotherReceiver):
        chain.approve(chain.head, sent)
    with pytest.raises(NotFound):
        chain.approve(chain.world.neighbour, sent)


def test_any_stage_sends_back_and_it_begins_again_at_the_first(chain: Chain) -> None:
    sent = factories.sent(chain.world.report, chain.world.officer)
    chain.approve(chain.head, sent)
    operations.send_back(
        actor=factories.actor(chain.world.reviewer), submission=sent.pk, note="",
        reasons={"ho/tay/ngheo": "xem lại"}, at=AT)
    row = chain.row()
    assert (row.state, row.stage, row.reader) == ("returned", "", None)
    factories.send(chain.world.report, chain.world.officer)
    assert chain.row().stage == "head"
    assert chain.waiting(chain.head)


def test_the_unit_takes_back_what_only_its_own_head_let_through(chain: Chain) -> None:
    sent = factories.sent(chain.world.report, chain.world.officer)
    chain.approve(chain.head, sent)
    officer = factories.actor(chain.world.officer)
    operations.withdraw(actor=officer, submission=sent.pk, note="", at=AT)
    again = factories.send(chain.world.report, chain.world.officer)
    chain.approve(chain.head, again)
    chain.approve(chain.world.reviewer, again)
    with pytest.raises(WrongState):
        operations.withdraw(actor=officer, submission=again.pk, note="", at=AT)
    assert chain.row().stage == "ministry"


def test_a_named_unit_elsewhere_looks_at_it_and_reads_it(chain: Chain) -> None:
    factories.organisations.open_unit(
        actor=factories.HOUSE, code="SO-TC", name="Sở Tài chính", short_name="STC",
        kind="department", parent="BO", opened=None, at=AT)
    money = factories.person("tai-chinh", "Phan Thị Tài", "SO-TC", "reviewer")
    ReportingObligation.objects.within(EVERYTHING).update(stages=[
        {"id": "money", "name": "Sở Tài chính xem", "unit": "SO-TC"}, STAGES[1]])
    sent = factories.sent(chain.world.report, chain.world.officer)
    assert chain.waiting(money) == [sent.pk]
    assert queries.submission(factories.actor(money), sent.pk).pk == sent.pk
    paper = operations.attach_signed(
        actor=factories.actor(chain.world.officer), assignment=chain.world.report.pk,
        name="ký.pdf", content=b"%PDF-1.7", at=AT)
    assert queries.attachment(factories.actor(money), paper.pk).pk == paper.pk
    chain.approve(money, sent)
    assert chain.waiting(chain.world.reviewer) == [sent.pk]
    with pytest.raises(NotFound):  # its turn is over, and so is its look
        queries.submission(factories.actor(money), sent.pk)


def test_a_stage_at_a_unit_that_is_not_there_is_told(chain: Chain) -> None:
    ReportingObligation.objects.within(EVERYTHING).update(stages=[
        {"id": "x", "name": "x", "unit": "KHONG-CO"}])
    factories.fill(chain.world.report, chain.world.officer)
    with pytest.raises(Invalid, match="không có"):
        factories.send(chain.world.report, chain.world.officer)


def test_what_was_corrected_stands_beside_what_was_asked(chain: Chain) -> None:
    world = chain.world
    sent = factories.sent(world.report, world.officer)
    assert queries.corrections_of(sent) == ()
    operations.send_back(
        actor=factories.actor(chain.head), submission=sent.pk, note="",
        reasons={"ho/tay/ngheo": "nhiều quá", "ho/nung/ngheo": "xem lại"}, at=AT)
    chain.mend(world.officer, "ho/tay/ngheo", "10")
    again = factories.send(world.report, world.officer)
    found = queries.corrections_of(again)
    assert [(each.cell, each.before, each.after, each.ignored) for each in found] == [
        ("ho/nung/ngheo", "9", "9", True), ("ho/tay/ngheo", "11", "10", False)]


def test_the_story_of_a_cell_tells_who_when_how_and_why(chain: Chain) -> None:
    world = chain.world
    sent = factories.sent(world.report, world.officer)
    operations.send_back(
        actor=factories.actor(chain.head), submission=sent.pk, note="",
        reasons={"ho/tay/ngheo": "nhiều quá"}, at=AT)
    chain.mend(world.colleague, "ho/tay/ngheo", "10")
    told = queries.story_of(chain.row(), "ho/tay/ngheo")
    assert sorted((each.kind, each.by, each.after or each.words) for each in told) == [
        ("asked", "Vi Văn Lãnh", "nhiều quá"), ("saved", "Hoàng Thị Mai", "11"),
        ("saved", "Nông Văn Bình", "10"), ("sent", "Hoàng Thị Mai", "11")]
    assert queries.story_of(chain.row(), "ho/tay/dtts")[0].kind in ("sent", "saved")


def _told(user: Any) -> list[str]:
    return [each.kind for each in notices(factories.actor(user))]


def test_the_people_concerned_are_told_and_no_others(chain: Chain) -> None:
    world = chain.world
    sent = factories.sent(world.report, world.officer)
    assert _told(chain.head) == ["report_waits"]
    operations.send_back(
        actor=factories.actor(chain.head), submission=sent.pk, note="xem lại", reasons={},
        at=AT)
    assert _told(world.officer) == ["report_returned"]
    again = factories.send(world.report, world.officer)
    for person in (chain.head, world.reviewer, chain.ministry):
        chain.approve(person, again)
    assert "report_approved" in _told(world.officer)
    assert _told(world.neighbour) == _told(world.other_officer) == []


def test_a_unit_that_finds_its_own_mistake_asks_once(chain: Chain) -> None:
    world = chain.world
    sent = factories.sent(world.report, world.officer)
    officer = factories.actor(world.officer)
    with pytest.raises(WrongState):
        operations.ask_correction(actor=officer, submission=sent.pk, reason="sai", at=AT)
    for person in (chain.head, world.reviewer, chain.ministry):
        chain.approve(person, sent)
    with pytest.raises(Invalid, match="số nào sai"):
        operations.ask_correction(actor=officer, submission=sent.pk, reason=" ", at=AT)
    assert operations.ask_correction(
        actor=officer, submission=sent.pk, reason="Nhầm cột hộ nghèo.", at=AT)
    assert not operations.ask_correction(
        actor=officer, submission=sent.pk, reason="Nhầm cột hộ nghèo.", at=AT)
    assert _told(world.reviewer) == ["correction_asked"]
    with pytest.raises(NotFound):
        operations.ask_correction(
            actor=factories.actor(world.other_officer), submission=sent.pk, reason="x", at=AT)
