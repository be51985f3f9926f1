"""Who somebody is, whom one sees, and whether the trail is whole."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from nhasan.domain.access import EVERYTHING, Permission, Scope
from nhasan.domain.lifecycle import LIFECYCLES
from nhasan.domain.problems import Forbidden, NotFound
from nhasan.organisations import operations, queries
from nhasan.organisations.authority import ScopedQuerySet, UnscopedQuery
from nhasan.organisations.models import AuditEvent, OrganisationUnit, User
from tests import factories
from tests.breaking import sql
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
TODAY = AT.date()


@pytest.fixture
def house() -> factories.World:
    return factories.world()


ASKED: tuple[Callable[[Any], Any], ...] = (
    list, len, bool, lambda rows: rows.count(), lambda rows: rows.exists(),
    lambda rows: rows.first(), lambda rows: list(rows.iterator()),
    lambda rows: rows.aggregate(), lambda rows: rows.update(pk=None), lambda rows: rows.delete(),
    lambda rows: list(rows.values_list("pk")), lambda rows: rows.get(pk=1),
    lambda rows: rows.in_bulk(), lambda rows: rows.filter(pk=1).last(),
    lambda rows: rows.earliest("pk"), lambda rows: list(rows.union(rows)),
    lambda rows: rows.contains(rows.model(pk=1)),
)


def _scoped() -> list[Any]:
    return [
        manager for model in apps.get_models() for manager in model._meta.managers
        if isinstance(manager.get_queryset(), ScopedQuerySet)
    ]


@pytest.mark.parametrize("ask", ASKED)
def test_an_owned_table_refuses_to_be_asked_without_a_scope(
    house: factories.World, ask: Callable[[Any], Any],
) -> None:
    assert len(_scoped()) > 10
    for manager in _scoped():
        with pytest.raises(UnscopedQuery):
            ask(manager.all())


def test_a_scope_is_a_branch_and_nothing_beside_it(house: factories.World) -> None:
    rows = OrganisationUnit.objects
    own = {unit.code for unit in rows.within(factories.actor(house.reviewer).may(Permission.READ))}
    assert own == {"SO-TN", "XA-BABE", "XA-CHORA"}
    assert list(rows.within(Scope(frozenset()))) == []
    with pytest.raises(UnscopedQuery):
        rows.within(EVERYTHING, by="somebody")
    with pytest.raises(NotFound):
        rows.within(factories.actor(house.reviewer).may(Permission.READ)).one(code="XA-CB")


def test_a_path_is_not_a_beginning_of_another_number(house: factories.World) -> None:
    """Unit 1 does not reach into unit 12: every step of a path ends in a stroke."""
    assert Scope(frozenset({"/1/"})).covers("/1/5/")
    assert not Scope(frozenset({"/1/"})).covers("/12/")
    assert all(unit.path.endswith("/") for unit in OrganisationUnit.objects.within(EVERYTHING))


def test_an_actor_holds_the_roles_of_that_day(house: factories.World) -> None:
    assert factories.actor(house.officer).can(Permission.ENTER)
    assert not queries.actor_for(house.officer, date(2024, 12, 31)).can(Permission.ENTER)
    assert queries.actor_named("xa-babe", TODAY) == factories.actor(house.officer)
    assert queries.actor_named("khong-ai", TODAY) is None
    operations.deactivate_account(actor=HOUSE, user=house.officer.pk, at=AT)
    assert queries.actor_named("xa-babe", TODAY) is None


def test_units_are_found_without_diacritics(house: factories.World) -> None:
    found = queries.units(factories.actor(house.administrator), search="ba be")
    assert [unit.code for unit in found] == ["XA-BABE"]
    communes = queries.units(factories.actor(house.reviewer), kind="commune")
    assert [unit.code for unit in communes] == ["XA-BABE", "XA-CHORA"]
    assert queries.unit_of(house.officer).code == "XA-BABE"


def test_people_are_listed_with_their_roles(house: factories.World) -> None:
    found = queries.people(factories.actor(house.administrator), on=TODAY, search="quan-ly")
    assert [(each.name, [role[1] for role in each.roles]) for each in found] == [
        ("Trần Quốc Huy", ["Người quản lý chỉ tiêu và biểu mẫu", "Người duyệt"])]
    for words in ("do minh chau", "ĐỖ MINH", "cong-bo"):
        [found_person] = queries.people(
            factories.actor(house.administrator), on=TODAY, search=words)
        assert found_person.name == "Đỗ Minh Châu"
    assert queries.people(factories.actor(house.reviewer), on=TODAY) == []
    counts = queries.accounts_by_unit(factories.actor(house.administrator))
    assert counts[house.officer.unit_id] == 2
    assert queries.accounts_by_unit(factories.actor(house.neighbour)) == {}


def test_one_person_is_found_only_by_those_who_administer(house: factories.World) -> None:
    assert queries.person(factories.actor(house.administrator), house.officer.pk) == house.officer
    with pytest.raises(Forbidden):
        queries.person(factories.actor(house.neighbour), house.officer.pk)


def test_the_trail_is_read_where_one_administers(house: factories.World) -> None:
    province = factories.person("quan-tri-tn", "Lường Sơn", "SO-TN", "administrator")
    factories.sent(house.report, house.officer)
    acts = {event.action for event in queries.audit(factories.actor(province))}
    assert acts == {"draft.name_rows", "draft.save", "submission.submit"}
    assert list(queries.audit_actions(factories.actor(province))) == sorted(acts)
    named = queries.audit(factories.actor(province), search="hoàng thị mai", limit=2)
    assert len(named) == 2
    with pytest.raises(Forbidden):
        queries.audit(factories.actor(house.neighbour))


def test_the_clock_acts_before_the_eyes_of_the_whole_house(house: factories.World) -> None:
    province = factories.person("quan-tri-tn", "Lường Sơn", "SO-TN", "administrator")

    def clock_is_seen(who: Any) -> bool:
        return queries.audit(factories.actor(who), action="round.open").exists()

    assert clock_is_seen(house.administrator)
    assert not clock_is_seen(province)
    operations.open_unit(
        actor=HOUSE, code="NHA-KHAC", name="Nhà khác", short_name="Khác", kind="ministry",
        parent=None, opened=None, at=AT,
    )
    assert not clock_is_seen(house.administrator)


def _tampered(statement: str, *values: Any) -> None:
    """Change a sealed line with the guards of the database taken away."""
    sql("DROP TRIGGER audit_event_append_only_update"
        + (" ON organisations_auditevent" if connection.vendor == "postgresql" else ""))
    sql("DROP TRIGGER audit_event_facts_frozen_update"
        + (" ON organisations_auditevent" if connection.vendor == "postgresql" else ""))
    sql("DROP TRIGGER audit_event_append_only_delete"
        + (" ON organisations_auditevent" if connection.vendor == "postgresql" else ""))
    sql(statement, *values)


@pytest.mark.parametrize("change", [
    "actor_name = 'người khác'", "unit_path = '/9/'", "action = 'submission.approve'",
    "facts = '{}'", "subject_id = '999'", "digest = 'aa'",
])
def test_a_line_changed_behind_the_guards_is_detected(
    house: factories.World, change: str,
) -> None:
    operations.seal_audit(actor=HOUSE, at=AT)
    assert queries.audit_is_whole()
    middle = AuditEvent.objects.order_by("place")[3]
    _tampered(f"UPDATE organisations_auditevent SET {change} WHERE id = %s", middle.pk)
    assert not queries.audit_is_whole()


def test_a_line_taken_out_behind_the_guards_is_detected(house: factories.World) -> None:
    operations.seal_audit(actor=HOUSE, at=AT)
    middle = AuditEvent.objects.order_by("place")[3]
    _tampered("DELETE FROM organisations_auditevent WHERE id = %s", middle.pk)
    assert not queries.audit_is_whole()


def test_lives_are_complete() -> None:
    """Every state can be reached and has words; every action is possible somewhere."""
    for life in LIFECYCLES:
        reached = {life.initial, *life.transitions.values()}
        assert reached == set(life.states), life.name
        assert {state for state, _ in life.transitions} <= set(life.states), life.name
        assert {action for _, action in life.transitions} == set(life.actions), life.name
        assert set(life.permissions) <= set(life.actions), life.name
        assert set(life.waits_for) == set(life.states), life.name


def test_nobody_is_deleted(house: factories.World) -> None:
    assert not [name for name in dir(operations) if name.startswith(("delete", "remove"))]
    assert User.scoped.within(EVERYTHING).filter(pk=house.officer.pk).exists()
