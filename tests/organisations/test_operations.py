"""Units, accounts and roles: what each act leaves, what it refuses, what the trail says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.auth.hashers import check_password

from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Forbidden, Invalid, NotFound, Problem
from nhasan.organisations import operations, queries
from nhasan.organisations.models import AuditEvent, OrganisationUnit, StepLease, User
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def province(house: factories.World) -> Actor:
    """The administrator of one province."""
    return factories.actor(factories.person("quan-tri-tn", "Lường Sơn", "SO-TN", "administrator"))


def _unit(code: str) -> OrganisationUnit:
    return OrganisationUnit.objects.within(EVERYTHING).get(code=code)


def _open(actor: Actor, **more: Any) -> OrganisationUnit:
    return operations.open_unit(**{
        "actor": actor, "code": "XA-MOI", "name": "Xã Mới", "short_name": "Mới",
        "kind": "commune", "parent": "SO-TN", "opened": TODAY, "at": AT, **more,
    })


def test_a_unit_hangs_under_its_parent(house: factories.World, province: Actor) -> None:
    made = _open(province)
    assert made.path == f"{_unit('SO-TN').path}{made.pk}/"
    assert queries.unit_by_code("XA-MOI") == made
    line = AuditEvent.objects.get(action="unit.open", facts__code="XA-MOI")
    assert (line.actor, line.subject_id) == (province.id, str(made.pk))


@pytest.mark.parametrize(("more", "problem"), [
    ({"code": "XA-BABE"}, Conflict), ({"parent": "SO-CB"}, NotFound),
    ({"parent": "XA-CB"}, NotFound), ({"parent": None}, Forbidden),
    ({"kind": "empire"}, Invalid),
])
def test_a_unit_is_refused_outside_of_ones_branch(
    house: factories.World, province: Actor, more: dict[str, Any], problem: type[Problem],
) -> None:
    with pytest.raises(problem):
        _open(province, **more)


def test_a_closed_unit_hangs_under_its_successor_with_all_below(house: factories.World) -> None:
    operations.open_unit(
        actor=HOUSE, code="TRAM", name="Trạm", short_name="Trạm", kind="department",
        parent="XA-BABE", opened=None, at=AT,
    )
    closed = operations.close_unit(
        actor=HOUSE, code="XA-BABE", successor="XA-CHORA", closed=TODAY, at=AT,
    )
    assert closed.path == f"{_unit('XA-CHORA').path}{closed.pk}/"
    assert str(_unit("TRAM").path).startswith(str(closed.path))
    heir = factories.person("thua-ke", "Người kế", "XA-CHORA", "reader")
    assert factories.actor(heir).may(Permission.READ).covers(str(closed.path))


@pytest.mark.parametrize("successor", ["XA-BABE", "TRAM"])
def test_a_unit_does_not_succeed_itself(house: factories.World, successor: str) -> None:
    operations.open_unit(
        actor=HOUSE, code="TRAM", name="Trạm", short_name="Trạm", kind="department",
        parent="XA-BABE", opened=None, at=AT,
    )
    with pytest.raises(Invalid):
        operations.close_unit(
            actor=HOUSE, code="XA-BABE", successor=successor, closed=TODAY, at=AT,
        )


def test_a_unit_is_closed_only_within_ones_branch(
    house: factories.World, province: Actor,
) -> None:
    for code, heir in (("XA-CB", "XA-BABE"), ("XA-BABE", "XA-CB")):
        with pytest.raises(NotFound):
            operations.close_unit(
                actor=province, code=code, successor=heir, closed=TODAY, at=AT,
            )


def _account(actor: Actor, **more: Any) -> User:
    return operations.open_account(**{
        "actor": actor, "username": "moi", "name": "Người Mới", "unit": "XA-BABE",
        "password": "mot-mat-khau-dai-1", "must_change_password": True, "at": AT, **more,
    })


def test_an_account_keeps_no_password_in_the_trail(
    house: factories.World, province: Actor,
) -> None:
    made = _account(province)
    assert check_password("mot-mat-khau-dai-1", made.password)
    assert made.password.startswith("argon2")
    assert "mot-mat-khau" not in str(list(AuditEvent.objects.values()))


@pytest.mark.parametrize(("more", "problem"), [
    ({"username": "xa-babe"}, Conflict), ({"unit": "SO-CB"}, NotFound),
    ({"password": "ngan"}, Invalid), ({"password": "123456789012345"}, Invalid),
])
def test_an_account_that_does_not_fit_is_refused(
    house: factories.World, province: Actor, more: dict[str, Any], problem: type[Problem],
) -> None:
    with pytest.raises(problem):
        _account(province, **more)


def test_an_account_with_a_role_is_one_act(house: factories.World, province: Actor) -> None:
    given: dict[str, Any] = {
        "actor": province, "username": "moi", "name": "Người Mới", "unit": "XA-BABE",
        "password": "mot-mat-khau-dai-1", "valid_from": TODAY, "at": AT,
    }
    with pytest.raises(Invalid):
        operations.open_account_with_role(**given, role="emperor")
    assert not User.scoped.within(EVERYTHING).filter(username="moi").exists()
    made = operations.open_account_with_role(**given, role="reader")
    assert factories.actor(made).can(Permission.READ)
    assert not factories.actor(made).can(Permission.ENTER)


def test_ones_own_password_is_ones_own(house: factories.World) -> None:
    who = factories.actor(house.officer)
    changed = operations.change_password(
        actor=who, password="mat-khau-moi-cua-toi", at=AT,
    )
    assert not changed.must_change_password
    with pytest.raises(Invalid, match="khác mật khẩu đang dùng"):
        operations.change_password(actor=who, password="mat-khau-moi-cua-toi", at=AT)
    with pytest.raises(Forbidden):
        operations.reset_password(
            actor=who, user=house.colleague.pk, password="mat-khau-moi-cua-toi", at=AT,
        )


def test_an_administrator_gives_roles_to_others_from_today_on(
    house: factories.World, province: Actor,
) -> None:
    def give(user: Any, valid_from: date) -> Any:
        return operations.assign_role(
            actor=province, user=user, role="reviewer", unit="SO-TN", valid_from=valid_from, at=AT)

    with pytest.raises(Invalid, match="giao vai trò cho mình"):
        give(province.id, TODAY)
    with pytest.raises(Invalid, match="không lùi ngày"):
        give(house.officer.pk, TODAY - timedelta(days=1))
    assert give(house.officer.pk, TODAY).valid_from == TODAY


ACTS: tuple[Callable[..., Any], ...] = (
    lambda actor, pk: operations.reset_password(
        actor=actor, user=pk, password="mat-khau-moi-cua-toi", at=AT),
    lambda actor, pk: operations.deactivate_account(actor=actor, user=pk, at=AT),
    lambda actor, pk: operations.activate_account(actor=actor, user=pk, at=AT),
    lambda actor, pk: operations.rename_account(actor=actor, user=pk, name="Tên khác", at=AT),
    lambda actor, pk: operations.assign_role(
        actor=actor, user=pk, role="reader", unit="SO-TN", valid_from=TODAY, at=AT),
)


@pytest.mark.parametrize("act", ACTS)
def test_people_elsewhere_are_not_found(
    house: factories.World, province: Actor, act: Callable[..., Any],
) -> None:
    with pytest.raises(NotFound):
        act(province, house.neighbour.pk)


@pytest.mark.parametrize("act", ACTS[:4])
def test_who_acts_above_is_not_taken_over(
    house: factories.World, province: Actor, act: Callable[..., Any],
) -> None:
    operations.assign_role(
        actor=HOUSE, user=house.officer.pk, role="publisher", unit="BO", valid_from=TODAY, at=AT,
    )
    with pytest.raises(operations.BeyondScope):
        act(province, house.officer.pk)


@pytest.mark.parametrize("act", ACTS)
def test_only_administrators_administer(house: factories.World, act: Callable[..., Any]) -> None:
    for who in (house.reviewer, house.manager, house.publisher, house.neighbour):
        with pytest.raises(Forbidden):
            act(factories.actor(who), house.officer.pk)


def test_a_role_is_given_over_ones_own_branch_only(
    house: factories.World, province: Actor,
) -> None:
    for unit in ("BO", "SO-CB"):
        with pytest.raises(NotFound):
            operations.assign_role(
                actor=province, user=house.officer.pk, role="reader", unit=unit,
                valid_from=TODAY, at=AT,
            )


def test_a_role_holds_from_its_day_to_its_end(house: factories.World, province: Actor) -> None:
    tomorrow = TODAY + timedelta(days=1)
    given = operations.assign_role(
        actor=province, user=house.officer.pk, role="reviewer", unit="SO-TN",
        valid_from=tomorrow, at=AT,
    )
    assert not factories.actor(house.officer).can(Permission.REVIEW)
    assert factories.actor(house.officer, tomorrow).can(Permission.REVIEW)
    with pytest.raises(operations.RoleHeld):
        operations.assign_role(
            actor=province, user=house.officer.pk, role="reviewer", unit="SO-TN",
            valid_from=TODAY, at=AT,
        )
    end = tomorrow + timedelta(days=5)
    operations.end_role(actor=province, assignment=given.pk, on=end, at=AT)
    assert factories.actor(house.officer, end - timedelta(days=1)).can(Permission.REVIEW)
    assert not factories.actor(house.officer, end).can(Permission.REVIEW)
    with pytest.raises(Conflict):
        operations.end_role(
            actor=province, assignment=given.pk, on=end + timedelta(days=9), at=AT,
        )


def test_a_role_ended_on_its_day_may_be_given_again(
    house: factories.World, province: Actor,
) -> None:
    for _ in range(2):
        given = operations.assign_role(
            actor=province, user=house.officer.pk, role="reader", unit="SO-TN",
            valid_from=TODAY, at=AT,
        )
        operations.end_role(actor=province, assignment=given.pk, on=date(2020, 1, 1), at=AT)
        assert not any(
            each.role == "reader" and each.valid_to is None
            for each in queries.role_history(house.officer)
        )


def test_the_trail_is_sealed_in_order_and_stays_whole(house: factories.World) -> None:
    first = operations.seal_audit(actor=HOUSE, at=AT)
    assert first == AuditEvent.objects.count()
    assert operations.seal_audit(actor=HOUSE, at=AT) == 0
    factories.fill(house.report, house.officer)
    assert operations.seal_audit(actor=HOUSE, at=AT) == 2
    assert queries.audit_is_whole()
    places = list(AuditEvent.objects.order_by("place").values_list("place", flat=True))
    assert places == list(range(1, first + 3))


def test_a_lease_is_held_by_one_until_it_runs_out() -> None:
    def take(holder: str, minute: int) -> bool:
        at = AT + timedelta(minutes=minute)
        return operations.take_lease(
            step="x", holder=holder, until=at + timedelta(minutes=5), at=at,
        )

    assert take("một", 0)
    assert not take("hai", 1)
    assert take("hai", 6)
    operations.free_lease(step="x", holder="một", at=AT + timedelta(minutes=7))
    assert not take("ba", 7)
    operations.free_lease(step="x", holder="hai", at=AT + timedelta(minutes=7))
    assert take("ba", 7)
    assert StepLease.objects.get(step="x").holder == "ba"
