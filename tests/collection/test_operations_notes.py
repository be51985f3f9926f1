"""Notes and papers beside cells: kept, taken back, refused; and who may see them."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import Attachment, CellNote
from nhasan.collection.operations import Evidence
from nhasan.collection.operations.notes import EVIDENCE_LIMIT, MOST_EVIDENCE
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import Invalid, NotFound, WrongState
from tests import factories
from tests.breaking import refused

pytestmark = pytest.mark.django_db
AT = factories.AT
CELL = "ho/tay/ngheo"
PDF = Evidence("bien-ban.pdf", b"%PDF-1.7 bien ban")


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def keep(world: factories.World, cell: str = CELL, **more: Any) -> Any:
    by = more.pop("by", world.officer)
    return operations.keep_note(
        actor=factories.actor(by), assignment=world.report.pk, cell=cell, at=AT, **more)


def beside(world: factories.World) -> dict[str, queries.Beside]:
    return queries.notes_of(queries.assignment(factories.HOUSE, world.report.pk))


def test_a_note_stands_at_its_cell_with_its_writer(world: factories.World) -> None:
    keep(world, text="  Số liệu rà soát tháng 10. ")
    note = beside(world)[CELL].note
    assert note is not None
    assert (note.text, note.by_name, note.at) == (
        "Số liệu rà soát tháng 10.", "Hoàng Thị Mai", AT)


def test_a_note_is_written_over_and_taken_back(world: factories.World) -> None:
    keep(world, text="cũ")
    keep(world, text="mới", by=world.colleague)
    note = beside(world)[CELL].note
    assert note is not None
    assert (note.text, note.by_name) == ("mới", "Nông Văn Bình")
    keep(world, text="  ")
    assert beside(world) == {}


def test_a_cell_of_the_machine_may_have_a_note(world: factories.World) -> None:
    keep(world, "ho/tong/ty_le", text="Tỷ lệ tính trên hộ thường trú.")
    assert list(beside(world)) == ["ho/tong/ty_le"]


def test_a_paper_is_kept_as_it_is_and_its_note_stays(world: factories.World) -> None:
    keep(world, text="Theo biên bản.")
    keep(world, paper=PDF)
    found = beside(world)[CELL]
    assert found.note is not None
    assert found.note.text == "Theo biên bản."
    [paper] = found.papers
    assert (paper.name, paper.size, paper.kind, paper.cell) == (
        "bien-ban.pdf", len(PDF.content), "evidence", CELL)


def test_the_same_paper_again_is_once(world: factories.World) -> None:
    keep(world, paper=PDF)
    keep(world, paper=PDF)
    keep(world, "ho/nung/ngheo", paper=PDF)
    assert [len(each.papers) for each in beside(world).values()] == [1, 1]


def test_papers_are_not_among_the_uploaded_workbooks(world: factories.World) -> None:
    keep(world, paper=PDF)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    assert queries.attachments(row) == []
    [paper] = queries.evidence_of(row)
    assert queries.evidence(row, paper.pk) == paper
    with pytest.raises(NotFound):
        queries.evidence(queries.assignment(factories.HOUSE, world.other_report.pk), paper.pk)


@pytest.mark.parametrize(("name", "content"), [
    ("x.exe", b"MZ"), ("khong-duoi", b"%PDF-1.7"), ("x.pdf", b"<html>"), ("x.png", b"%PDF-1.7"),
    ("x.pdf", b"%PDF-" + b"0" * EVIDENCE_LIMIT),
])
def test_an_unfit_paper_is_refused_and_nothing_is_kept(
    world: factories.World, name: str, content: bytes,
) -> None:
    with pytest.raises(Invalid):
        keep(world, text="x", paper=Evidence(name, content))
    assert beside(world) == {}


def test_no_more_papers_than_so_many(world: factories.World) -> None:
    Attachment.objects.bulk_create(
        Attachment(assignment=world.report, name="x.pdf", digest="0" * 64, size=1,
                   uploaded_at=AT, uploaded_by="1", kind="evidence", cell=CELL)
        for _ in range(MOST_EVIDENCE)
    )
    with pytest.raises(Invalid):
        keep(world, paper=PDF)


@pytest.mark.parametrize("cell", ["", "ho", "ho/tay", "la/tay/tong", "ho/la/tong", "ho/tay/la"])
def test_a_cell_that_the_form_does_not_have_is_refused(
    world: factories.World, cell: str,
) -> None:
    with pytest.raises(Invalid):
        keep(world, cell, text="x")


def test_others_find_no_such_report(world: factories.World) -> None:
    for stranger in (world.neighbour, world.other_officer):
        with pytest.raises(NotFound):
            keep(world, by=stranger, text="x")


def test_what_was_sent_gets_no_new_note(world: factories.World) -> None:
    factories.sent(world.report, world.officer)
    with pytest.raises(WrongState):
        keep(world, text="x")


def test_one_note_a_cell(world: factories.World) -> None:
    keep(world, text="x")
    refused("cell_note_once", lambda: CellNote.objects.create(
        assignment=world.report, cell=CELL, text="y", at=AT, by="1", by_name="x"))
    assert CellNote.objects.within(EVERYTHING).count() == 1


def test_notes_are_read_in_two_questions(
    world: factories.World, django_assert_num_queries: Any,
) -> None:
    for cell in ("ho/tay/tong", "ho/nung/tong", "ho/mong/tong"):
        keep(world, cell, text="x", paper=PDF)
    row = queries.assignment(factories.HOUSE, world.report.pk)
    with django_assert_num_queries(2):
        assert len(queries.notes_of(row)) == 3
