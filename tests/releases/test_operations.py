"""Releases: from a run to a numbered statement, and what can no longer be undone."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from nhasan.catalogue import operations as catalogue
from nhasan.domain.problems import Conflict, Forbidden, Invalid, NotFound, WrongState
from nhasan.observations import operations as observations
from nhasan.processing import operations as processing
from nhasan.releases import folder, operations, queries
from nhasan.releases.models import CalendarEntry, Change, Distribution, Release
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, Stage, decide
from tests.releases.conftest import NAME, House, listed

LATER = AT + timedelta(hours=2)


def correct(house: House, cell: str, text: str) -> None:
    """Report another figure for a cell of the first commune."""
    world = house.stage.world
    reviewer = factories.actor(world.reviewer)
    collection = factories.collection
    first = collection_submission(house)
    collection.reopen(actor=reviewer, submission=first, note="sửa", at=LATER)
    observations.ingest_approved(actor=HOUSE, at=LATER)
    collection.save_cells(
        actor=factories.actor(world.officer), assignment=world.report.pk, channel="screen",
        changes=[collection.Change(cell, text, 1)], at=LATER,
    )
    second = factories.send(world.report, world.officer, at=LATER)
    collection.approve(actor=reviewer, submission=second.pk, at=LATER)
    observations.ingest_approved(actor=HOUSE, at=LATER)


def collection_submission(house: House) -> object:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id FROM collection_submission WHERE assignment_id = %s AND state = 'approved'",
            [house.stage.world.report.pk],
        )
        return cursor.fetchone()[0]


def test_a_release_goes_from_draft_to_published(house: House) -> None:
    drafted = house.drafted(notes="Lần đầu")
    assert (drafted.urn, drafted.state) == ("THU:THU(1.0.0)", "draft")
    assert queries.datasets() == []
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    assert queries.datasets() == []
    assert operations.publish_due(actor=HOUSE, at=AT) == 1
    said = queries.release_of(house.drafter, drafted.pk)
    assert (said.state, said.published_at) == ("published", AT)
    place = settings.RELEASES / "THU" / "THU" / "1.0.0"
    manifest = json.loads((place / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["urn"] == "THU:THU(1.0.0)"
    assert manifest["illustrative"] is True
    assert (place / "data" / "indicator=THU.03" / "part.parquet").is_file()
    assert not folder.draft_folder(drafted.pk).exists()
    assert operations.publish_due(actor=HOUSE, at=AT) == 0


def test_nobody_approves_their_own_draft(house: House) -> None:
    drafted = house.drafted()
    with pytest.raises(operations.SamePerson):
        operations.approve(actor=house.drafter, release=drafted.pk, at=AT)


def test_only_those_who_may_publish_touch_a_release(house: House) -> None:
    drafted = house.drafted()
    officer = factories.actor(house.stage.world.officer)
    with pytest.raises(Forbidden):
        operations.approve(actor=officer, release=drafted.pk, at=AT)
    with pytest.raises(Forbidden):
        operations.draft(actor=officer, run=drafted.run.pk, at=AT)
    stranger = factories.actor(house.stage.world.neighbour)
    with pytest.raises(NotFound):
        queries.release_of(stranger, drafted.pk)


def test_one_branch_does_not_speak_for_the_whole_dataset(house: House) -> None:
    province = factories.actor(factories.person("tn", "Ma Thị Tư", "SO-TN", "publisher"))
    run = processing.request_run(actor=province, dataflow=FLOW, at=AT)
    assert operations.run_requested(actor=HOUSE, at=AT) == 1
    with pytest.raises(operations.OfOneBranch, match="Thái Nguyên"):
        operations.draft(actor=province, run=run.pk, at=AT)


@pytest.mark.parametrize("facts", [None, {"issue": False}, {"access": "restricted"}])
def test_what_the_catalogue_does_not_list_as_open_is_not_released(
    stage: Stage, facts: dict[str, object] | None,
) -> None:
    decide(stage.publisher)
    if facts is not None:
        listed(**facts)  # type: ignore[arg-type]
    house = House(stage, stage.publisher, stage.publisher)
    with pytest.raises(operations.NotListed):
        house.drafted()


def test_a_dataset_taken_off_the_list_is_not_published(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    catalogue.withdraw(actor=HOUSE, identifier="BO-THU", reason="thử", at=AT)
    assert operations.publish_due(actor=HOUSE, at=AT) == 0


def test_a_release_waits_for_its_day(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, publish_on=LATER, at=AT)
    assert operations.publish_due(actor=HOUSE, at=AT) == 0
    assert operations.publish_due(actor=HOUSE, at=LATER) == 1


def test_one_release_of_a_dataset_is_in_hand_at_a_time(house: House) -> None:
    drafted = house.drafted()
    with pytest.raises(Conflict):
        operations.draft(actor=house.drafter, run=drafted.run.pk, at=AT)
    assert len(list((settings.RELEASES / ".drafts").iterdir())) == 1
    operations.discard(actor=house.drafter, release=drafted.pk, reason="nhầm kỳ", at=AT)
    assert not folder.draft_folder(drafted.pk).exists()
    assert operations.draft(actor=house.drafter, run=drafted.run.pk, at=AT).version == "1.0.0"


def test_what_was_approved_is_not_discarded(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    with pytest.raises(WrongState):
        operations.discard(actor=house.drafter, release=drafted.pk, reason="x", at=AT)


def test_the_same_again_is_not_released(house: House) -> None:
    first = house.published()
    with pytest.raises(Invalid):
        operations.draft(actor=house.drafter, run=first.run.pk, at=AT)


def test_a_correction_is_a_new_patch(house: House) -> None:
    house.published()
    correct(house, "ho/tay/tong", "64")
    assert house.published(LATER).version == "1.0.1"
    newest, older = queries.dataset(NAME).versions
    assert (newest.version, older.version) == ("1.0.1", "1.0.0")
    assert newest.changes == {"gone": [], "new": [], "figures": True}
    # The first statement still stands as it was said.
    key = {"REF_AREA": ["01900"], "INDICATOR": ["THU:01"], "ETHNIC_GROUP": ["02"]}
    assert queries.figures(NAME, key, version="1.0.0").rows[0].value == 62
    assert queries.figures(NAME, key).rows[0].value == 64


def test_a_code_that_is_gone_must_be_explained(house: House) -> None:
    house.published()
    processing.set_plan(actor=house.drafter, dataflow=FLOW, at=AT)
    drafted = house.drafted(LATER)
    assert drafted.version == "2.0.0"
    with pytest.raises(operations.Undecided):
        operations.approve(actor=house.approver, release=drafted.pk, at=LATER)
    review = queries.review_of(house.approver, drafted.pk)
    gone = [change for change in review.changes if change.kind == "gone"]
    assert {(change.dimension, change.code) for change in gone} == {
        ("AREA_LEVEL", "province"), ("REF_AREA", "19"), ("INDICATOR", "THU:TY_LE"),
    }
    for change in gone:
        operations.decide_gone(
            actor=house.drafter, release=drafted.pk, dimension=change.dimension,
            code=change.code, decided="gone", at=LATER,
        )
    operations.approve(actor=house.approver, release=drafted.pk, at=LATER)
    assert operations.publish_due(actor=HOUSE, at=LATER) == 1
    newest, *_ = queries.dataset(NAME).versions
    assert ("REF_AREA", "19", "gone") in newest.changes["gone"]
    with pytest.raises(NotFound):
        operations.decide_gone(
            actor=house.drafter, release=drafted.pk, dimension="REF_AREA", code="19",
            decided="19", at=LATER,
        )


def test_files_that_were_touched_are_not_approved(house: House) -> None:
    drafted = house.drafted()
    table = folder.draft_folder(drafted.pk) / "THU.csv"
    table.write_text(table.read_text(encoding="utf-8") + "x", encoding="utf-8")
    with pytest.raises(folder.Damaged):
        operations.approve(actor=house.approver, release=drafted.pk, at=AT)


def test_a_pulse_killed_between_moving_and_saying_loses_nothing(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    final = settings.RELEASES / "THU" / "THU" / "1.0.0"
    folder.put_in_place(folder.draft_folder(drafted.pk), final)
    assert operations.publish_due(actor=HOUSE, at=AT) == 1
    assert queries.datasets()[0].version == "1.0.0"


def test_a_release_that_was_touched_after_approval_is_not_said(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    (folder.draft_folder(drafted.pk) / "codes.json").write_text("{}", encoding="utf-8")
    assert operations.publish_due(actor=HOUSE, at=AT) == 0
    assert queries.datasets() == []
    assert not (settings.RELEASES / "THU").exists()


def test_a_withdrawn_release_says_why_and_shows_nothing(house: House) -> None:
    said = house.published()
    with pytest.raises(Invalid):
        operations.withdraw(actor=house.approver, release=said.pk, reason=" ", at=LATER)
    operations.withdraw(
        actor=house.approver, release=said.pk, reason="Sai đơn vị tính", at=LATER,
    )
    page = queries.dataset(NAME, "1.0.0")
    assert (page.withdrawn_because, page.files) == ("Sai đơn vị tính", ())
    with pytest.raises(queries.Withdrawn):
        queries.figures(NAME, {}, version="1.0.0")
    assert queries.datasets() == []
    assert house.published(LATER).version == "1.0.1"


def test_the_calendar_is_kept_by_the_next_release(house: House) -> None:
    operations.announce(
        actor=house.drafter, dataflow=FLOW, title="Hộ nghèo 2025", due=date(2025, 12, 1), at=AT,
    )
    assert [line.done for line in queries.calendar()] == [False]
    house.published()
    line, = queries.calendar()
    assert (line.done, line.address) == (True, "/data/THU/THU/1.0.0")
    assert queries.calendar(date(2026, 1, 1)) == []


def key(row: object) -> object:
    pk = row.pk  # type: ignore[attr-defined]
    return pk if connection.vendor == "postgresql" or isinstance(pk, int) else pk.hex


def broken(sql: str, *values: object) -> str:
    """Return what the database says when it is asked to break a promise."""
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        connection.cursor().execute(sql, values)
    return str(refused.value)


@pytest.mark.parametrize("change", [
    "manifest = '{}'", "content = 'x'", "version = '9.0.0'", "title_vi = 'x'", "notes = 'x'",
    "drafted_by = 'x'", "illustrative = NOT illustrative",
])
def test_release_frozen(house: House, change: str) -> None:
    said = house.published()
    refused = broken(f"UPDATE releases_release SET {change} WHERE id = %s", key(said))
    assert "release_frozen" in refused


def test_release_frozen_from_approval_on_and_never_deleted(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    assert "release_frozen" in broken(
        "UPDATE releases_release SET content = 'x' WHERE id = %s", key(drafted))
    assert "release_frozen" in broken("DELETE FROM releases_release WHERE id = %s", key(drafted))


def test_release_forward_only(house: House) -> None:
    said = house.published()
    for state in ("draft", "approved"):
        assert "release_forward_only" in broken(
            "UPDATE releases_release SET state = %s WHERE id = %s", state, key(said))


def test_release_published_for_good(house: House) -> None:
    said = house.published()
    moved = "2020-01-01 00:00:00+00:00"
    assert "release_published_for_good" in broken(
        "UPDATE releases_release SET published_at = %s WHERE id = %s", moved, key(said))


def test_release_withdrawn_for_good(house: House) -> None:
    said = house.published()
    operations.withdraw(actor=house.approver, release=said.pk, reason="sai", at=LATER)
    assert "release_withdrawn_for_good" in broken(
        "UPDATE releases_release SET withdrawn_because = 'khác' WHERE id = %s", key(said))


@pytest.mark.parametrize(("change", "promise"), [
    ("state = 'half'", "release_state_known"),
    ("state = 'approved'", "release_approved_before_published"),
    ("approved_by = drafted_by", "release_approved_by_another"),
])
def test_release_constraints(house: House, change: str, promise: str) -> None:
    drafted = house.drafted()
    said = broken(f"UPDATE releases_release SET {change} WHERE id = %s", key(drafted))
    # An unknown state is refused twice; which promise speaks first is the database's choice.
    assert promise in said or "release_forward_only" in said


def test_release_published_has_a_day_and_withdrawn_with_a_reason(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    assert "release_published_has_a_day" in broken(
        "UPDATE releases_release SET state = 'published' WHERE id = %s", key(drafted))
    operations.publish_due(actor=HOUSE, at=AT)
    assert "release_withdrawn_with_a_reason" in broken(
        "UPDATE releases_release SET state = 'withdrawn' WHERE id = %s", key(drafted))


def twin(said: Release, **facts: object) -> None:
    """Try to enter the same release once more."""
    copied = {
        field.attname: getattr(said, field.attname) for field in Release._meta.concrete_fields
    }
    with transaction.atomic():
        Release.objects.create(**{**copied, "id": uuid4(), "state": "draft", **facts})


def test_release_numbered_once_and_one_in_hand(house: House) -> None:
    said = house.published()
    with pytest.raises(IntegrityError) as refused:
        twin(said)
    assert "release_numbered_once" in str(refused.value) or "UNIQUE" in str(refused.value)
    twin(said, version="3.0.0")
    with pytest.raises(IntegrityError) as refused:
        twin(said, version="4.0.0")
    assert "release_one_in_hand" in str(refused.value) or "UNIQUE" in str(refused.value)


@pytest.mark.parametrize(("table", "promise"), [
    ("distribution", "distribution_stays"), ("change", "change_stays"),
])
def test_nothing_moves_from_a_draft_into_what_is_out(
    house: House, table: str, promise: str,
) -> None:
    said = house.published()
    correct(house, "ho/tay/tong", "64")
    draft = house.drafted(LATER)
    Distribution.objects.create(
        release=draft, format="csv", path="x.csv", media_type="text/csv", size=1, digest="x")
    Change.objects.create(release=draft, kind="new", dimension="SEX", code="F")
    moved = f"UPDATE releases_{table} SET release_id = %s WHERE release_id = %s"
    assert promise in broken(moved, key(said), key(draft))


@pytest.mark.parametrize("table", ["distribution", "change"])
def test_distribution_closed_and_change_closed(house: House, table: str) -> None:
    house.published()
    correct(house, "ho/tay/tong", "64")
    said = house.published(LATER)
    promise = {"distribution": "distribution_closed", "change": "change_closed"}[table]
    column = {"distribution": "digest", "change": "decided"}[table]
    for sql in (
        f"UPDATE releases_{table} SET {column} = 'x' WHERE release_id = %s",
        f"DELETE FROM releases_{table} WHERE release_id = %s",
    ):
        assert promise in broken(sql, key(said))
    more: dict[str, Any] = {
        "change": lambda: Change.objects.create(
            release=said, kind="new", dimension="SEX", code="F"),
        "distribution": lambda: Distribution.objects.create(
            release=said, format="csv", path="x.csv", media_type="text/csv", size=1, digest="x"),
    }
    with pytest.raises(DatabaseError, match=promise), transaction.atomic():
        more[table]()


@pytest.mark.parametrize("make", [
    lambda draft: Distribution.objects.create(
        release=draft, format="csv", path="THU.csv", media_type="x", size=1, digest="x"),
    lambda draft: [Change.objects.create(release=draft, kind="figures") for _ in range(2)],
    lambda draft: Change.objects.create(release=draft, kind="other"),
    lambda draft: [
        CalendarEntry.objects.create(
            dataflow="X", title_vi="x", due=date(2026, 1, 1), announced_at=AT)
        for _ in range(2)
    ],
], ids=["distribution_once", "change_once", "change_kind_known", "calendar_entry_once"])
def test_small_promises(house: House, make: object) -> None:
    drafted = house.drafted()
    with pytest.raises(IntegrityError), transaction.atomic():
        make(drafted)  # type: ignore[operator]

