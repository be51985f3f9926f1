"""Lists of accounts, people who move, units that merge; how an office is reached."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from nhasan.collection import queries as collection
from nhasan.domain.access import EVERYTHING, Actor, Permission
from nhasan.domain.problems import Conflict, Forbidden, Invalid, NotFound
from nhasan.organisations import operations, queries
from nhasan.organisations.models import AuditEvent, OrganisationUnit, RoleAssignment, User
from nhasan.organisations.operations import NewAccount
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
TODAY = AT.date()
TOMORROW = TODAY + timedelta(days=1)


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def province(house: factories.World) -> Actor:
    """The administrator of one province."""
    return factories.actor(factories.person("quan-tri-tn", "Lường Sơn", "SO-TN", "administrator"))


def _new(username: str, **more: Any) -> NewAccount:
    return NewAccount(**{
        "username": username, "name": "Người Mới", "unit": "XA-CHORA", "role": "enterer",
        "email": "", "password": "mot-mat-khau-dai-1", **more})


def _open(actor: Actor, *accounts: NewAccount) -> int:
    return operations.open_accounts(
        actor=actor, accounts=accounts, valid_from=TODAY, at=AT)


def _user(username: str) -> User:
    return User.scoped.within(EVERYTHING).get(username=username)


def _roles(user: Any) -> set[tuple[str, str]]:
    rows = RoleAssignment.objects.within(EVERYTHING).filter(user=user, valid_to__isnull=True)
    return set(rows.values_list("role", "unit__code"))


def _unit(code: str) -> OrganisationUnit:
    return OrganisationUnit.objects.within(EVERYTHING).get(code=code)


def test_a_list_of_accounts_is_opened(house: factories.World, province: Actor) -> None:
    assert _open(province, _new("a", email="a@example.vn"), _new("b", role="")) == 2
    assert _user("a").email == "a@example.vn"
    assert _user("a").must_change_password
    assert _user("a").check_password("mot-mat-khau-dai-1")
    assert factories.actor(_user("a")).can(Permission.ENTER)
    assert not factories.actor(_user("b")).can(Permission.READ)
    assert "mot-mat-khau" not in str(list(AuditEvent.objects.values()))
    assert "mot-mat-khau" not in repr(_new("x"))


@pytest.mark.parametrize(("wrong", "problem"), [
    ({"unit": "XA-CB"}, NotFound), ({"username": "xa-babe"}, Conflict),
    ({"role": "emperor"}, Invalid), ({"password": "ngan"}, Invalid),
])
def test_a_list_is_opened_whole_or_not_at_all(
    house: factories.World, province: Actor, wrong: dict[str, str], problem: type[Exception],
) -> None:
    with pytest.raises(problem):
        _open(province, _new("a"), _new(**{"username": "b", **wrong}))
    assert not User.scoped.within(EVERYTHING).filter(username="a").exists()


def test_an_empty_list_is_refused_and_so_is_who_may_not(house: factories.World) -> None:
    with pytest.raises(Invalid):
        _open(HOUSE)
    with pytest.raises(Forbidden):
        _open(factories.actor(house.manager), _new("a"))


def test_a_person_moves_and_the_drafts_stay(house: factories.World, province: Actor) -> None:
    factories.fill(house.report, house.officer)
    moved = operations.move_account(
        actor=province, user=house.officer.pk, unit="XA-CHORA", roles=["enterer", "reader"],
        at=AT)
    assert moved.unit.code == "XA-CHORA"
    assert _roles(house.officer) == {("enterer", "XA-CHORA"), ("reader", "XA-CHORA")}
    who = factories.actor(_user("xa-babe"))
    assert [row.unit.code for row in collection.owed(who)] == ["XA-CHORA"]
    [left] = collection.owed(factories.actor(house.colleague))
    assert (left.unit.code, left.filled > 0) == ("XA-BABE", True)


def test_roles_elsewhere_stay_and_roles_held_there_are_not_given_twice(
    house: factories.World, province: Actor,
) -> None:
    for role, unit in (("reader", "SO-TN"), ("enterer", "XA-CHORA")):
        operations.assign_role(actor=HOUSE, user=house.officer.pk, role=role, unit=unit,
                               valid_from=TODAY, at=AT)
    operations.move_account(actor=province, user=house.officer.pk, unit="XA-CHORA",
                            roles=["enterer"], at=AT)
    assert _roles(house.officer) == {("reader", "SO-TN"), ("enterer", "XA-CHORA")}


def test_nobody_moves_into_or_out_of_anothers_branch(
    house: factories.World, province: Actor,
) -> None:
    def move(user: Any, unit: str) -> Any:
        return operations.move_account(
            actor=province, user=user, unit=unit, roles=[], at=AT)

    for user, unit in ((house.officer.pk, "XA-CB"), (house.neighbour.pk, "XA-BABE"),
                       (house.officer.pk, "BO")):
        with pytest.raises(NotFound):
            move(user, unit)
    with pytest.raises(Conflict):
        move(house.officer.pk, "XA-BABE")
    with pytest.raises(Invalid):
        move(int(province.id), "XA-BABE")
    operations.close_unit(actor=HOUSE, code="XA-BABE", successor="XA-CHORA", closed=TODAY, at=AT)
    with pytest.raises(Invalid):
        move(house.other_officer.pk, "XA-BABE")


def test_people_of_a_merged_unit_go_on_at_its_successor(
    house: factories.World, province: Actor,
) -> None:
    with pytest.raises(Invalid):
        operations.hand_over_people(actor=province, unit="XA-BABE", at=AT)
    operations.deactivate_account(actor=HOUSE, user=house.colleague.pk, at=AT)
    before = _roles(house.officer)
    assert before == {("enterer", "XA-BABE")}
    operations.close_unit(actor=HOUSE, code="XA-BABE", successor="XA-CHORA", closed=TODAY, at=AT)
    assert operations.hand_over_people(actor=province, unit="XA-BABE", at=AT) == 1
    assert _user("xa-babe").unit.code == "XA-CHORA"
    assert _roles(house.officer) == {("enterer", "XA-CHORA")}
    assert _user(house.colleague.username).unit.code == "XA-BABE"
    who = factories.actor(_user("xa-babe"), TOMORROW)
    assert {row.unit.code for row in collection.owed(who)} == {"XA-BABE", "XA-CHORA"}
    assert operations.hand_over_people(actor=province, unit="XA-BABE", at=AT) == 0


def test_how_an_office_is_reached(house: factories.World, province: Actor) -> None:
    operations.set_contact(
        actor=province, unit="XA-BABE", email="a@b.vn", phone="0208 3 876 123", at=AT)
    assert (_unit("XA-BABE").email, _unit("XA-BABE").phone) == ("a@b.vn", "0208 3 876 123")
    with pytest.raises(NotFound):
        operations.set_contact(actor=province, unit="XA-CB", email="", phone="", at=AT)


def test_who_enters_for_a_unit_is_counted(house: factories.World) -> None:
    units = [_unit(code).pk for code in ("XA-BABE", "XA-CHORA", "XA-CB")]
    assert queries.entering_accounts(TODAY, units) == {units[0]: 2, units[1]: 1}
    operations.deactivate_account(actor=HOUSE, user=house.colleague.pk, at=AT)
    assert queries.entering_accounts(TODAY, units[:1]) == {units[0]: 1}
