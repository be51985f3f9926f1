"""Policies: what they ask for, and which of two shows more."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.domain.problems import Invalid
from nhasan.domain.protection_policy import DisclosurePolicy

BASE: dict[str, Any] = {
    "threshold": 5, "indicators": frozenset({"a", "b"}), "limits": (("a", "b"),), "share": 10,
    "zero_allowed": False, "dimensions": frozenset({"SEX", "AGE"}),
}


def policy(**changed: Any) -> DisclosurePolicy:
    return DisclosurePolicy(**{**BASE, **changed})


@pytest.mark.parametrize("changed", [
    {"threshold": 4}, {"share": 5}, {"limits": ()}, {"indicators": frozenset({"a"})},
    {"zero_allowed": True}, {"dimensions": frozenset({"SEX"})}, {"interval": 2},
    {"threshold": 0, "indicators": frozenset(), "public": "nguồn"},
])
def test_what_could_show_more_is_weaker(changed: dict[str, Any]) -> None:
    assert policy(**changed).weaker_than(policy())
    if "interval" not in changed:
        assert not policy().weaker_than(policy(**changed))


@pytest.mark.parametrize("changed", [
    {}, {"threshold": 6}, {"interval": 9}, {"share": 20},
    {"dimensions": frozenset()}, {"indicators": frozenset({"a", "b", "c"})},
    {"dimensions": frozenset({"SEX", "AGE", "ETHNIC_GROUP"})},
])
def test_what_hides_as_much_is_not_weaker(changed: dict[str, Any]) -> None:
    assert not policy(**changed).weaker_than(policy())


def test_nothing_is_weaker_than_to_show_everything() -> None:
    assert not policy().weaker_than(DisclosurePolicy(public="nguồn"))


def test_a_hidden_count_may_be_any_below_the_threshold() -> None:
    assert policy(zero_allowed=True, share=0).room(3) == 3
    assert policy(share=0).room(3) == 4  # zero is hidden too
    assert policy(threshold=2, share=0, zero_allowed=True).room(1) == 1


def test_the_range_is_as_wide_as_the_policy_asks() -> None:
    assert policy(interval=7).room(3) == 7
    assert policy(interval=7, share=50).room(21) == 11
    assert policy(interval=7).room(3, one=100) == 700


@pytest.mark.parametrize("changed", [{"interval": -1}, {"share": -1}, {"limits": (("a", "a"),)}])
def test_what_means_nothing_is_refused(changed: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        policy(**changed)


def test_a_policy_comes_back_from_json() -> None:
    assert DisclosurePolicy.from_json(policy(interval=7).to_json()) == policy(interval=7)


def test_a_policy_of_before_asks_for_the_usual_room() -> None:
    old = {"threshold": 5, "indicators": ["a"]}
    assert DisclosurePolicy.from_json(old).room(1) == 3
