"""What the database itself refuses, however the code may err. Each promise is tried by name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection, transaction
from django.db.utils import IntegrityError

from nhasan.collection.models import (
    Assignment,
    Attachment,
    CollectionRound,
    DraftRow,
    FormVersion,
    Review,
    Revision,
    Submission,
)
from nhasan.domain.access import EVERYTHING
from tests import factories

pytestmark = pytest.mark.django_db


class Filed:
    """One row of each kind, the submission approved."""

    def __init__(self) -> None:
        self.world = factories.world()
        self.sent = factories.approved(
            self.world.report, self.world.officer, self.world.reviewer)
        self.file = Attachment.objects.create(
            assignment=self.world.report, name="bieu.xlsx", digest="0" * 64, size=1,
            uploaded_at=factories.AT, uploaded_by="1")


@pytest.fixture
def filed() -> Filed:
    return Filed()


def rows(model: Any) -> Any:
    return model.objects.within(EVERYTHING)


def submission(filed: Filed, **more: Any) -> Any:
    return Submission.objects.create(**{
        "id": uuid4(), "assignment": filed.world.report, "sequence": 9, "receipt": "R-9",
        "form_version": filed.world.round.form_version, "answers": {}, "digest": "0" * 64,
        "submitted_at": factories.AT, "state": "returned", **more,
    })


def close(filed: Filed) -> None:
    rows(CollectionRound).filter(pk=filed.world.round.pk).update(state="closed")


def after_closing(filed: Filed) -> None:
    close(filed)
    submission(filed)


def update(model: Any, **values: Any) -> Callable[[Filed], Any]:
    return lambda filed: rows(model).update(**values)


def draft_row(filed: Filed) -> Any:
    return DraftRow.objects.create(assignment=filed.world.report, table="ho", row="tay")


def revision(filed: Filed, **more: Any) -> Any:
    return Revision.objects.create(**{
        "assignment": filed.world.report, "number": 1, "at": factories.AT, "by": "1",
        "by_name": "x", "channel": "screen", "changes": {}, **more})


ATTEMPTS: dict[str, Callable[[Filed], Any]] = {
    "form_version_once": lambda filed: FormVersion.objects.create(
        form=filed.world.round.form_version.form, version="1.0.0", definition={}),
    "form_version_state_known": lambda filed: FormVersion.objects.create(
        form=filed.world.round.form_version.form, version="2", definition={}, state="odd"),
    "form_version_in_force_frozen_update": lambda filed: FormVersion.objects.update(
        definition={}),
    "form_version_forward_only_update": lambda filed: FormVersion.objects.update(state="draft"),
    "submission_forward_only_update": update(Submission, state="withdrawn"),
    "form_version_in_force_frozen_delete": lambda filed: raw(
        "DELETE FROM collection_formversion"),
    "round_state_known": update(CollectionRound, state="odd"),
    "round_days_in_order": update(CollectionRound, due=date(2000, 1, 1)),
    "assignment_once": lambda filed: Assignment.objects.create(
        round=filed.world.round, unit=filed.world.report.unit,
        receiver=filed.world.report.receiver, area_level="commune", area_code="01900",
        due=date(2025, 11, 28)),
    "assignment_state_known": update(Assignment, state="odd"),
    "draft_row_once": draft_row,
    "revision_number_once": revision,
    "revision_channel_known": lambda filed: revision(filed, number=99, channel="fax"),
    "revision_frozen_update": update(Revision, changes={}),
    "revision_frozen_delete": lambda filed: rows(Revision).delete(),
    "attachment_frozen_update": update(Attachment, name="khác.xlsx"),
    "attachment_frozen_delete": lambda filed: rows(Attachment).delete(),
    "submission_sequence_once": lambda filed: submission(filed, sequence=1),
    "submission_one_standing": lambda filed: submission(filed, state="submitted"),
    "submission_state_known": lambda filed: submission(filed, state="odd"),
    "submission_content_frozen_update": update(Submission, answers={"cells": {}}),
    "submission_content_frozen_delete": lambda filed: raw("DELETE FROM collection_submission"),
    "submission_after_round_closed": after_closing,
    "review_frozen_update": update(Review, note="khác"),
    "review_frozen_delete": lambda filed: rows(Review).delete(),
    "review_decision_known": lambda filed: Review.objects.create(
        submission=filed.sent, decision="odd", at=factories.AT, by_name="x"),
}
UNIQUE = {name for name in ATTEMPTS if name.endswith(("_once", "_one_standing"))}


def raw(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.mark.parametrize("promise", sorted(ATTEMPTS))
def test_the_database_keeps_its_promise(filed: Filed, promise: str) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        ATTEMPTS[promise](filed)
    said = str(refused.value)
    # SQLite names the columns of a broken uniqueness, not the constraint
    assert promise in said or (promise in UNIQUE and "UNIQUE" in said)


def test_what_must_stay_possible_is_possible(filed: Filed) -> None:
    """A state may change and a form may be retired: the promises freeze content, not life."""
    rows(Submission).update(state="approved")
    rows(Submission).update(state="reopened")
    FormVersion.objects.update(state="retired")
    assert submission(filed, state="submitted").state == "submitted"
