"""The signed paper of a report, and how final its figures are."""

from __future__ import annotations

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import Attachment, FigureLevel, PaperCheck
from nhasan.collection.operations.papers import MOST_PAPERS
from nhasan.collection.operations.reviewing import OwnReport
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState
from tests import factories
from tests.breaking import refused

pytestmark = pytest.mark.django_db
AT = factories.AT
PDF = b"%PDF-1.7\n% so lieu minh hoa"


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def test_the_unit_brings_a_signed_paper_and_the_reviewer_compares(
    world: factories.World,
) -> None:
    sent = factories.sent(world.report, world.officer)
    kept = operations.attach_signed(
        actor=factories.actor(world.officer), assignment=world.report.pk, name="ký.pdf",
        content=PDF, at=AT)
    assert kept.kind == "signed"
    reviewer = factories.actor(world.reviewer)
    assert queries.paper_of(queries.attachment(reviewer, kept.pk))[1] == PDF
    with pytest.raises(Invalid, match="không khớp"):
        operations.compare_paper(actor=reviewer, submission=sent.pk, attachment=kept.pk,
                                 agrees=False, note=" ", at=AT)
    operations.compare_paper(actor=reviewer, submission=sent.pk, attachment=kept.pk,
                             agrees=False, note="Ô hộ nghèo Tày: giấy ghi 12.", at=AT)
    said = queries.paper_checks(sent)[0]
    assert (said.agrees, said.by_name) == (False, "Dương Thu Hà")


def test_only_a_pdf_or_a_picture_is_a_paper(world: factories.World) -> None:
    with pytest.raises(Invalid, match="PDF hoặc ảnh"):
        operations.attach_signed(
            actor=factories.actor(world.officer), assignment=world.report.pk, name="x.pdf",
            content=b"<html>", at=AT)


def test_others_neither_bring_nor_compare(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    kept = operations.attach_signed(
        actor=factories.actor(world.officer), assignment=world.report.pk, name="ký.pdf",
        content=PDF, at=AT)
    with pytest.raises(NotFound):
        operations.attach_signed(
            actor=factories.actor(world.other_officer), assignment=world.report.pk,
            name="ký.pdf", content=PDF, at=AT)
    for stranger, problem in ((world.neighbour, NotFound), (world.officer, Forbidden)):
        with pytest.raises(problem):
            operations.compare_paper(
                actor=factories.actor(stranger), submission=sent.pk, attachment=kept.pk,
                agrees=True, note="", at=AT)
    other = factories.sent(world.other_report, world.other_officer)
    with pytest.raises(NotFound):  # the paper of another report
        operations.compare_paper(
            actor=factories.actor(world.reviewer), submission=other.pk, attachment=kept.pk,
            agrees=True, note="", at=AT)


def test_figures_become_firmer_only_and_each_change_is_dated(world: factories.World) -> None:
    factories.fill(world.report, world.officer)
    sent = operations.submit(
        actor=factories.actor(world.officer), assignment=world.report.pk,
        submission=factories.uuid4(), level="estimate", at=AT)
    assert queries.level_of(sent) == "estimate"
    reviewer = factories.actor(world.reviewer)
    for level in ("provisional", "official"):
        operations.declare_level(
            actor=reviewer, submission=sent.pk, level=level, note="theo niên giám", at=AT)
    assert [each.level for each in queries.levels(sent)] == [
        "official", "provisional", "estimate"]
    with pytest.raises(Invalid, match="mở lại"):
        operations.declare_level(
            actor=reviewer, submission=sent.pk, level="estimate", note="", at=AT)
    with pytest.raises(Invalid, match="mức"):
        operations.declare_level(
            actor=reviewer, submission=sent.pk, level="sure", note="", at=AT)


def test_figures_sent_without_a_word_are_official(world: factories.World) -> None:
    assert queries.level_of(factories.sent(world.report, world.officer)) == "official"


def test_what_was_said_of_a_paper_and_of_a_level_never_changes(world: factories.World) -> None:
    sent = factories.sent(world.report, world.officer)
    kept = operations.attach_signed(
        actor=factories.actor(world.officer), assignment=world.report.pk, name="ký.pdf",
        content=PDF, at=AT)
    PaperCheck.objects.create(attachment=kept, submission=sent, agrees=True, at=AT, by="1",
                              by_name="x")
    level = FigureLevel.objects.create(submission=sent, level="provisional", at=AT, by="1",
                                       by_name="x")
    checks, levels = PaperCheck.objects.within(EVERYTHING), FigureLevel.objects.within(EVERYTHING)
    refused("paper_check_frozen", lambda: checks.update(agrees=False))
    refused("paper_check_frozen", lambda: checks.delete())
    refused("figure_level_frozen", lambda: levels.update(level="estimate"))
    refused("figure_level_frozen", lambda: levels.delete())
    refused("figure_level_known", lambda: FigureLevel.objects.create(
        submission=sent, level="sure", at=AT, by="1", by_name="x"))
    assert level.pk


def test_a_file_is_of_a_known_kind(world: factories.World) -> None:
    refused("attachment_kind_known", lambda: Attachment.objects.create(
        assignment=world.report, name="x", digest="0" * 64, size=1, uploaded_at=AT,
        uploaded_by="1", kind="other"))


def test_who_had_a_hand_in_the_figures_says_nothing_of_them(world: factories.World) -> None:
    both = factories.person("kiem", "Hà Kiêm Nhiệm", "SO-TN", "enterer", "reviewer")
    sent = factories.sent(world.report, both)
    kept = operations.attach_signed(
        actor=factories.actor(both), assignment=world.report.pk, name="ký.pdf", content=PDF,
        at=AT)
    with pytest.raises(OwnReport):
        operations.compare_paper(actor=factories.actor(both), submission=sent.pk,
                                 attachment=kept.pk, agrees=True, note="", at=AT)
    with pytest.raises(OwnReport):
        operations.declare_level(actor=factories.actor(both), submission=sent.pk,
                                 level="official", note="", at=AT)


def test_nothing_is_said_of_what_was_taken_back(world: factories.World) -> None:
    factories.fill(world.report, world.officer)
    sent = operations.submit(
        actor=factories.actor(world.officer), assignment=world.report.pk,
        submission=factories.uuid4(), level="estimate", at=AT)
    operations.withdraw(
        actor=factories.actor(world.officer), submission=sent.pk, note="", at=AT)
    with pytest.raises(WrongState):
        operations.declare_level(actor=factories.actor(world.reviewer), submission=sent.pk,
                                 level="official", note="", at=AT)


def _bring(world: factories.World, number: int) -> None:
    operations.attach_signed(
        actor=factories.actor(world.officer), assignment=world.report.pk, name="ký.pdf",
        content=PDF + str(number).encode(), at=AT)


def test_signed_copies_come_to_an_end(world: factories.World) -> None:
    for number in range(MOST_PAPERS):
        _bring(world, number)
    with pytest.raises(Invalid, match=f"đã có {MOST_PAPERS} tệp"):
        _bring(world, MOST_PAPERS)


def test_a_report_that_was_taken_back_takes_no_signed_copy(world: factories.World) -> None:
    operations.take_back(
        actor=factories.actor(world.manager), assignment=world.report.pk, reason="giao nhầm",
        at=AT)
    with pytest.raises(Invalid, match="không phải gửi nữa"):
        _bring(world, 1)
