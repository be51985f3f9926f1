"""An approval taken back, and a release beside the one before it."""

from __future__ import annotations

import pytest
from django.conf import settings

from nhasan.catalogue import operations as catalogue
from nhasan.domain.problems import Invalid, WrongState
from nhasan.releases import folder, operations, queries
from tests.factories import AT, HOUSE
from tests.releases.conftest import House
from tests.releases.test_operations import LATER, broken, correct, key


def test_an_approval_is_taken_back_before_it_is_said(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, publish_on=LATER, at=AT)
    with pytest.raises(Invalid):
        operations.recall(actor=house.drafter, release=drafted.pk, reason=" ", at=AT)
    operations.recall(actor=house.drafter, release=drafted.pk, reason="sai kỳ", at=AT)
    again = queries.release_of(house.drafter, drafted.pk)
    assert (again.state, again.approved_by, again.publish_on) == ("draft", "", None)
    assert operations.publish_due(actor=HOUSE, at=LATER) == 0
    operations.approve(actor=house.approver, release=drafted.pk, at=LATER)
    assert operations.publish_due(actor=HOUSE, at=LATER) == 1
    with pytest.raises(WrongState):
        operations.recall(actor=house.drafter, release=drafted.pk, reason="muộn", at=LATER)


def test_what_left_the_list_after_approval_is_taken_back_and_given_up(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    catalogue.withdraw(actor=HOUSE, identifier="BO-THU", reason="thử", at=AT)
    assert operations.publish_due(actor=HOUSE, at=AT) == 0
    operations.recall(actor=house.approver, release=drafted.pk, reason="không còn mở", at=AT)
    operations.discard(actor=house.drafter, release=drafted.pk, reason="không còn mở", at=AT)
    assert not queries.in_hand(HOUSE)


def test_a_folder_that_a_killed_pulse_moved_comes_back(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    final = settings.RELEASES / "THU" / "THU" / "1.0.0"
    folder.put_in_place(folder.draft_folder(drafted.pk), final)
    operations.recall(actor=house.approver, release=drafted.pk, reason="sai kỳ", at=AT)
    assert not final.exists()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    assert operations.publish_due(actor=HOUSE, at=AT) == 1


def test_an_approval_that_is_taken_back_changes_nothing_else(house: House) -> None:
    drafted = house.drafted()
    operations.approve(actor=house.approver, release=drafted.pk, at=AT)
    assert "release_approval_frozen" in broken(
        "UPDATE releases_release SET approved_by = 'x' WHERE id = %s", key(drafted))
    assert "release_frozen" in broken(
        "UPDATE releases_release SET state = 'draft', content = 'x' WHERE id = %s", key(drafted))


def test_a_revision_is_told_figure_by_figure(house: House) -> None:
    first = house.published()
    assert queries.compared(house.approver, first.pk) is None
    correct(house, "ho/tay/tong", "64")
    drafted = house.drafted(LATER)
    found = queries.compared(house.approver, drafted.pk)
    assert found is not None
    assert found.before.version == "1.0.0"
    told = {(row.key[2], *row.key[4:], row.key[0]): (row.before, row.after)
            for row in found.revision.rows}
    area, group, _village, indicator = "01900", "02", "_T", "THU:01"
    before, after = told[area, group, _village, indicator]
    assert before
    assert before.value == 62
    assert after
    assert after.value == 64
    assert ("01900", "_T", "_T", "THU:01") in told
    assert ("19", "_T", "_T", "THU:01") in told
    assert not any(area == "01903" for area, *_rest in told)
    assert set(found.revision.counts()) == {"changed"}


def test_a_revision_tells_no_small_count(house: House) -> None:
    house.published()
    correct(house, "ho/tay/ngheo", "4")
    drafted = house.drafted(LATER)
    found = queries.compared(house.approver, drafted.pk)
    assert found is not None
    hidden = {row.key for row in found.revision.rows if row.after and row.after.value is None}
    assert any(key[0] == "THU:03" and key[2] == "01900" and key[4] == "02" for key in hidden)
    for row in found.revision.rows:
        for figure in (row.before, row.after):
            if row.key[0] == "THU:03" and row.key[4] != "_T" and figure and figure.value:
                assert figure.value >= 5
