"""Authority is a question about branches of a tree, answered without a database."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.access import EVERYTHING, ROLES, Actor, Grant, Permission, Scope
from nhasan.domain.problems import Forbidden

PATHS = st.lists(st.integers(1, 30), min_size=1, max_size=4).map(
    lambda ids: "/" + "".join(f"{number}/" for number in ids)
)
GRANTS = st.builds(Grant, role=st.sampled_from(sorted(ROLES)), path=PATHS)


def _person(*grants: Grant) -> Actor:
    return Actor("a", "Người thử", "/1/", grants)


def test_a_scope_covers_its_branch_and_no_neighbour() -> None:
    scope = Scope(frozenset({"/1/34/"}))
    assert scope.covers("/1/34/")
    assert scope.covers("/1/34/7/")
    assert not scope.covers("/1/")
    assert not scope.covers("/1/340/"), "a longer number is another unit"
    assert not scope.covers("/1/3/")


@given(PATHS)
def test_everything_covers_every_unit(path: str) -> None:
    assert EVERYTHING.covers(path)


@given(st.lists(GRANTS, max_size=4), st.sampled_from(list(Permission)), PATHS)
def test_one_may_exactly_where_a_role_gives_it(
    grants: list[Grant], permission: Permission, path: str
) -> None:
    given_there = any(
        permission in ROLES[grant.role].permissions and path.startswith(grant.path)
        for grant in grants
    )
    assert _person(*grants).may(permission).covers(path) == given_there


@given(st.sampled_from(sorted(ROLES)), PATHS)
def test_every_role_may_read_what_it_works_on(role: str, path: str) -> None:
    assert _person(Grant(role, path)).may(Permission.READ).covers(path)


def test_nobody_enters_and_approves_by_one_role() -> None:
    for role in ROLES.values():
        assert not {Permission.ENTER, Permission.REVIEW} <= role.permissions


def test_one_without_roles_may_nothing_and_is_told_so() -> None:
    stranger = _person()
    for permission in Permission:
        assert not stranger.can(permission)
        with pytest.raises(Forbidden):
            stranger.require(permission)


def test_the_house_may_everything() -> None:
    house = Actor.house("ingest_approved")
    assert all(house.may(permission) == EVERYTHING for permission in Permission)
    house.require_root(Permission.ADMINISTER)
    assert house.id == "house:ingest_approved"


@pytest.mark.parametrize(("path", "is_root"), [("/1/", True), ("/", True), ("/1/34/", False)])
def test_a_whole_house_is_a_root_of_the_tree(path: str, is_root: bool) -> None:
    person = _person(Grant("administrator", path))
    if is_root:
        person.require_root(Permission.ADMINISTER)
    else:
        with pytest.raises(Forbidden):
            person.require_root(Permission.ADMINISTER)


def test_a_root_by_another_role_is_not_enough() -> None:
    person = _person(Grant("reader", "/1/"), Grant("administrator", "/1/34/"))
    with pytest.raises(Forbidden):
        person.require_root(Permission.ADMINISTER)


def test_every_role_has_words_for_people() -> None:
    assert all(role.name and role.description.endswith(".") for role in ROLES.values())
    assert all(id_ == role.id for id_, role in ROLES.items())
