"""An act that came second is told so, as any other refusal; it never ends in a fault."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from django.db import IntegrityError

from nhasan.domain.access import EVERYTHING, Actor
from nhasan.domain.problems import Conflict
from nhasan.metadata.models import Indicator
from nhasan.organisations import authority
from nhasan.organisations.models import AuditEvent, OrganisationUnit, RoleAssignment
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
VERB = "test.open_unseen"


@pytest.fixture
def verb() -> Iterator[None]:
    yield
    authority.OPERATIONS.pop(VERB, None)


def test_a_range_taken_meanwhile_is_a_conflict(verb: None) -> None:
    house = factories.world()

    @authority.operation(VERB)
    def hold_unseen(*, actor: Actor, at: datetime) -> RoleAssignment:
        """Give a role without a look, as an act does whose look came before another's write."""
        held = RoleAssignment.objects.within(EVERYTHING).filter(user=house.officer).first()
        assert held is not None
        return RoleAssignment.objects.create(
            user=house.officer, role=held.role, unit=held.unit, valid_from=held.valid_from)

    with pytest.raises(Conflict):
        hold_unseen(actor=HOUSE, at=AT)


def test_what_was_put_in_force_meanwhile_is_a_conflict(verb: None) -> None:
    factories.world()

    @authority.operation(VERB)
    def rename_unseen(*, actor: Actor, at: datetime) -> None:
        """Write without a look, as an act does whose look came before another's write."""
        Indicator.objects.filter(indicator_set__state="in_force").update(name_vi="Khác")

    with pytest.raises(Conflict):
        rename_unseen(actor=HOUSE, at=AT)


def test_the_same_thing_made_twice_at_once_is_a_conflict(verb: None) -> None:
    factories.world()

    @authority.operation(VERB)
    def open_unseen(*, actor: Actor, code: str | None, at: datetime) -> OrganisationUnit:
        """Write without a look, as an act does whose look came before another's write."""
        return OrganisationUnit.objects.create(
            code=code,  # type: ignore[misc]
            name="Xã", short_name="Xã", kind="commune", opened=AT.date(),
        )

    with pytest.raises(Conflict):
        open_unseen(actor=HOUSE, code="XA-BABE", at=AT)
    with pytest.raises(IntegrityError):  # a fault of ours is never taken for a race
        open_unseen(actor=HOUSE, code=None, at=AT)
    assert not AuditEvent.objects.filter(action=VERB).exists()
