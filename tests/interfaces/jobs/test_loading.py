"""The demonstration: loaded through operations, equal to its sources, once is enough."""

from __future__ import annotations

from datetime import date
from io import BytesIO, StringIO
from pathlib import Path

import pytest
from django.contrib.auth.hashers import check_password
from django.core.management import call_command
from django.core.management.base import CommandError
from openpyxl import load_workbook

from nhasan.areas import queries as areas
from nhasan.collection import queries as collection
from nhasan.collection.models import Submission
from nhasan.domain.access import EVERYTHING, Actor
from nhasan.formats.forms.workbook import read_form
from nhasan.metadata import queries as metadata
from nhasan.observations.models import Observation
from nhasan.organisations import queries as organisations
from nhasan.organisations.models import AuditEvent
from nhasan.releases import queries as releases

HOUSE = Actor.house("test")


@pytest.fixture(autouse=True)
def clock() -> None:
    """Leave the clock alone: what a load opens or leaves shut must suit the pulse's own day."""


@pytest.fixture
def demo(db: None, settings: object, tmp_path: Path) -> str:
    """Load the demonstration into an empty house of its own; return what was said."""
    for name in ("VAR", "STORE", "RELEASES", "RUNS"):
        setattr(settings, name, tmp_path / name.lower())
    said = StringIO()
    call_command("load_demo", stdout=said)
    return said.getvalue()


@pytest.mark.sqlite_only
def test_the_demonstration(demo: str) -> None:
    """One load, many looks: loading takes long, so it is looked at from every side at once."""
    _the_map_is_whole()
    _the_sets_are_there()
    _old_periods_are_filled_by_those_who_answer_now()
    _a_name_of_the_other_numbering_is_told()
    _several_communes_can_be_tried()
    _releases_equal_their_sources()
    _a_release_that_lost_a_figure_would_be_noticed()
    _everything_left_an_audit_line()
    _loading_again_changes_nothing()


def _the_map_is_whole() -> None:
    counts = areas.check_map().counts
    before, after = date(2025, 6, 30), date(2025, 7, 1)
    assert [counts[before, level] for level in ("province", "district", "commune")] == [
        63, 696, 10035,
    ]
    assert (counts[after, "province"], counts[after, "commune"]) == (34, 3321)
    assert (after, "district") not in counts
    old, new = (areas.area("province", "19", on=day) for day in (before, after))
    assert old is not None
    assert new is not None
    assert old.pk != new.pk
    assert len(areas.within("commune", "province", "06", on=date(2019, 4, 1))) == 122
    assert len(areas.within("commune", "province", "06", on=date(2024, 6, 1))) == 108
    assert len(areas.within("commune", "province", "19", on=after)) == 92
    kinds = areas.scheme("KHU-VUC")
    assert kinds is not None
    sorted_then = areas.sorted_areas(kinds, on=before, beneath=("province", "06"))
    assert (len(sorted_then.classes), len(sorted_then.unknown)) == (57, 51)
    assert areas.members(kinds, on=after) == [], "codes that were used again have no class"


def _the_sets_are_there() -> None:
    chosen = metadata.indicator_set("NHASAN132")
    assert chosen is not None
    assert chosen.illustrative
    rows = list(metadata.indicators(chosen))
    assert len(rows) == 132
    assert all(metadata.indicator(f"{row.cites['set']}:{row.cites['key']}") for row in rows)
    first, second = (metadata.code_names(name) for name in ("CL_ETHNIC_1979", "CL_ETHNIC_2008"))
    assert (first["04"], second["04"]) == ("Hoa", "Mường")
    assert metadata.correspondence("CL_ETHNIC_1979", "CL_ETHNIC_2008")["04"] == ("06",)


def _old_periods_are_filled_by_those_who_answer_now() -> None:
    board = organisations.unit_by_code("bdt-06")
    heir = organisations.unit_by_code("so-dttg-19")
    assert board is not None
    assert heir is not None
    assert board.successor_id == heir.pk
    sent = Submission.objects.within(EVERYTHING).get(
        assignment__unit=board, assignment__round__identifier="CENSUS-2019",
    )
    assert sent.submitted_by is not None
    assert sent.submitted_by.unit_id == heir.pk
    assert collection.attachments(sent.assignment)


def _several_communes_can_be_tried() -> None:
    said = StringIO()
    call_command("demo_accounts", stdout=said)
    lines = said.getvalue().splitlines()
    password = lines[0].rpartition(": ")[2].rstrip(")")
    states = {"xa-ba-be": "in_progress", "xa-cho-ra": "in_progress", "xa-thanh-mai": "returned"}
    for username, state in states.items():
        assert any(line.startswith(f"  {username} ") for line in lines)
        found = organisations.actor_named(username, date(2099, 1, 1))
        assert found is not None
        account = organisations.person(HOUSE, int(found.id))
        assert check_password(password, account.password)
        assert state in {
            row.state for row in collection.owed(found)
            if row.round.form_version.form.identifier == "ND255-2025-01"
        }
    assert "chưa có mật khẩu" in lines[-1]
    head = organisations.actor_named("xa-ba-be-lanh-dao", date(2099, 1, 1))
    officer = organisations.actor_named("xa-ba-be", date(2099, 1, 1))
    assert head is not None
    assert officer is not None
    [staged] = [row for row in collection.owed(officer) if row.round.obligation]
    assert [each.unit for each in collection.stages(staged)] == ["own", "receiver"]
    assert staged.round.illustrative


def _a_name_of_the_other_numbering_is_told() -> None:
    actor = organisations.actor_named("xa-ba-be", date(2099, 1, 1))
    assert actor is not None
    row = next(
        each for each in collection.owed(actor)
        if each.round.form_version.form.identifier == "ND255-2025-01"
    )
    read = (collection.layout_of(row), collection.workbook_context(row),
            collection.spellings_of(row))
    template = collection.workbook(row)
    sheet, address = read_form(template, *read).places["dt/04/dan_so"]
    book = load_workbook(BytesIO(template))
    line = book[sheet][book[sheet][address].row]
    named = next(cell for cell in line if cell.value == "Hoa")
    named.value = "Mường"
    changed = BytesIO()
    book.save(changed)
    said = [finding.message for finding in read_form(changed.getvalue(), *read).findings]
    assert any("04" in words and "Mường" in words and "06" in words for words in said)


def _releases_equal_their_sources() -> None:
    said = StringIO()
    call_command("verify", "demo", stdout=said)
    assert " 0 khác" in said.getvalue().splitlines()[-1]
    page = releases.figures(
        "NHASAN:ETHNIC_POPULATION",
        {"AREA_LEVEL": ["province"], "REF_AREA": ["06"], "ETHNIC_GROUP": ["02"]},
    )
    assert [str(row.value) for row in page.rows] == ["165055"]


def _a_release_that_lost_a_figure_would_be_noticed() -> None:
    hidden = releases.figures_arrow
    try:
        releases.figures_arrow = lambda name, selection: hidden(name, selection).slice(1)
        with pytest.raises(CommandError):
            call_command("verify", "demo", stdout=StringIO())
    finally:
        releases.figures_arrow = hidden


def _everything_left_an_audit_line() -> None:
    acts = set(AuditEvent.objects.values_list("action", flat=True))
    assert {
        "unit.open", "indicator_set.draft", "artefact.put_in_force", "form.publish", "round.open",
        "workbook.receive", "submission.submit", "submission.approve", "batch.ingest",
    } <= acts
    assert organisations.audit_is_whole()


def _loading_again_changes_nothing() -> None:
    def state() -> tuple[int, ...]:
        return (
            Submission.objects.within(EVERYTHING).count(),
            Observation.objects.within(EVERYTHING).count(), len(releases.datasets()),
            AuditEvent.objects.exclude(action__startswith="batch.").count(),
        )

    before = state()
    call_command("load_demo", stdout=StringIO())
    assert state() == before
