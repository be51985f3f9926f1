"""A unit's own workbook, pointed at once, is read into the draft; next time it is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.models import WorkbookMapping
from nhasan.collection.operations.entry import RoundClosed
from nhasan.collection.operations.mapping import EmptyWorkbook, LinesUnsettled, NothingMapped
from nhasan.domain.access import EVERYTHING
from nhasan.domain.problems import NotFound
from nhasan.formats.forms.mapping import SheetMapping
from nhasan.formats.forms.refusals import NotAWorkbook
from tests import factories
from tests.breaking import refused
from tests.formats.forms.odd import LINES, workbook

pytestmark = pytest.mark.django_db
AT = factories.AT
# In the small world nobody spells Mông otherwise
PLAIN = [[*line[:1], "Mông", *line[2:]] if "H'Mông" in line else line for line in LINES]
MADE = SheetMapping("Tổng hợp", "ho", 4, 6, 1, columns={2: "tong", 3: "dtts", 4: "ngheo"})


@pytest.fixture
def world() -> factories.World:
    return factories.world()


def report(world: factories.World) -> Any:
    return queries.assignment(factories.HOUSE, world.report.pk)


def bring(world: factories.World, content: bytes | None = None, by: Any = None) -> Any:
    return operations.bring_own_workbook(
        actor=factories.actor(by or world.officer), assignment=world.report.pk,
        name="Tổng hợp.xlsx", content=workbook(PLAIN) if content is None else content, at=AT)


def take(world: factories.World, file: Any, *parts: SheetMapping, by: Any = None) -> Any:
    return operations.take_own_workbook(
        actor=factories.actor(by or world.officer), assignment=world.report.pk, file=file.pk,
        parts=parts or [MADE], at=AT)


def texts(world: factories.World) -> dict[str, str]:
    cells = queries.draft(report(world)).answers.cells
    return {cell: entry.text for cell, entry in cells.items()}


def test_bringing_a_workbook_changes_nothing_but_keeps_it(world: factories.World) -> None:
    file = bring(world)
    assert (file.kind, file.cells, file.findings) == ("own", None, [])
    assert report(world).state == "not_started"
    assert texts(world) == {}
    assert list(queries.own_sheets(file)) == ["Tổng hợp"]


def test_what_it_says_becomes_one_save_that_can_be_taken_back(world: factories.World) -> None:
    factories.fill(world.report, world.officer, {"ho/tay/tong": "5"}, villages=())
    got = take(world, bring(world))
    assert got.cells == 9
    assert texts(world)["ho/nung/tong"] == "1.048"
    assert texts(world)["ho/tay/tong"] == "62"
    newest = queries.revisions(report(world))[0]
    assert newest.channel == "mapped"
    operations.undo_revision(
        actor=factories.actor(world.officer), assignment=world.report.pk,
        number=newest.number, at=AT)
    assert texts(world) == {"ho/tay/tong": "5"}


def test_the_rules_speak_of_it_by_sheet_and_cell(world: factories.World) -> None:
    lines = [list(line) for line in PLAIN]
    lines[8][3] = 99
    got = take(world, bring(world, workbook(lines)))
    [told] = [each for each in got.findings if each.code == "dtts-trong-tong"]
    assert told.where.startswith("Trang “Tổng hợp”, ô D9: Tày")
    file = queries.attachment(factories.HOUSE, got.attachment.pk)
    assert file.cells == 9
    assert any(each["code"] == "dtts-trong-tong" for each in file.findings)


def test_the_mapping_is_kept_for_next_time_and_only_once(world: factories.World) -> None:
    take(world, bring(world))
    take(world, bring(world))
    [kept] = WorkbookMapping.objects.within(EVERYTHING)
    assert (kept.unit.code, kept.made_by_name) == ("XA-BABE", "Hoàng Thị Mai")
    lines = [["Năm sau"], *PLAIN]
    merged = ("A6:A7", "B6:B7", "C6:D6", "E6:E7", "F6:F7")
    file = bring(world, workbook(lines, merged, "2026"))
    fit = queries.fitting_mapping(
        factories.actor(world.officer), report(world), queries.own_sheets(file))
    assert fit is not None
    assert (fit.kept, fit.parts[0].sheet, fit.parts[0].first) == (kept, "2026", 7)


def test_the_database_keeps_one_mapping_a_layout(world: factories.World) -> None:
    take(world, bring(world))
    [kept] = WorkbookMapping.objects.within(EVERYTHING)
    refused("workbook_mapping_once", lambda: WorkbookMapping.objects.create(
        unit=kept.unit, form=kept.form, fingerprint=kept.fingerprint, name="x", mapping={},
        made_at=AT, made_by_name="x"))


def test_a_neighbour_is_not_offered_how_others_read(world: factories.World) -> None:
    take(world, bring(world))
    other = queries.assignment(factories.HOUSE, world.other_report.pk)
    assert queries.mappings(factories.actor(world.other_officer), other) == []


def test_lines_that_are_not_known_stop_the_whole(world: factories.World) -> None:
    file = bring(world, workbook(LINES))
    with pytest.raises(LinesUnsettled):
        take(world, file)
    assert texts(world) == {}
    take(world, file, replace(MADE, spelled={"hmong": "mong"}))
    assert texts(world)["ho/mong/tong"] == "71"


def test_a_preview_says_what_would_be_written_and_writes_nothing(world: factories.World) -> None:
    factories.fill(world.report, world.officer, {"ho/tay/tong": "62", "ho/nung/tong": "1"},
                   villages=())
    file = bring(world)
    found = queries.own_preview(report(world), queries.own_sheets(file), [MADE])
    changed = {each.cell: (each.before, each.after.text) for each in found.changes}
    assert changed["ho/nung/tong"] == ("1", "1.048")
    assert "ho/tay/tong" not in changed
    assert (len(changed), found.same) == (8, 1)
    assert texts(world) == {"ho/tay/tong": "62", "ho/nung/tong": "1"}


def test_a_first_guess_reads_the_form_of_the_report(world: factories.World) -> None:
    sheets = queries.own_sheets(bring(world))
    found = queries.guess_mapping(report(world), sheets)
    assert found == MADE
    assert queries.guess_mapping(report(world), sheets, sheet="Tổng hợp", table="thon") is None


def test_what_is_no_workbook_or_says_nothing_is_refused(world: factories.World) -> None:
    with pytest.raises(NotAWorkbook):
        bring(world, b"a,b")
    with pytest.raises(EmptyWorkbook):
        bring(world, workbook([]))
    with pytest.raises(NothingMapped):
        take(world, bring(world), replace(MADE, columns={5: "tong"}))
    assert queries.attachments(report(world))[0].cells is None


def test_others_find_neither_report_nor_file(world: factories.World) -> None:
    file = bring(world)
    with pytest.raises(NotFound):
        bring(world, by=world.other_officer)
    with pytest.raises(NotFound):
        take(world, file, by=world.other_officer)
    with pytest.raises(NotFound):
        operations.take_own_workbook(
            actor=factories.actor(world.other_officer), assignment=world.other_report.pk,
            file=file.pk, parts=[MADE], at=AT)


def test_a_closed_round_takes_nothing(world: factories.World) -> None:
    file = bring(world)
    operations.close_round(actor=factories.HOUSE, round_id=world.round.pk, at=AT)
    with pytest.raises(RoundClosed):
        take(world, file)
    with pytest.raises(RoundClosed):
        bring(world)
