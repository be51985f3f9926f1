"""The illustrative round says what it is, covers every commune, and has every state in it."""

from collections import Counter

import pytest


@pytest.fixture
def shown(facts):
    return facts("illustrative.json")


def test_it_says_that_it_is_not_real(shown):
    assert shown["label"] == "số liệu minh hoạ"
    for held in shown["rounds"]:
        assert held["illustrative"]
        assert "minh hoạ" in held["title"]


def test_every_commune_has_parameters_and_a_state(shown, facts):
    communes = {unit["key"] for unit in facts("organisations.json")["units"]
                if unit["kind"] == "commune"}
    assert {commune["unit"] for commune in shown["communes"]} == communes
    for held in shown["rounds"]:
        assert set(held["plan"]) == communes
    states = Counter(state for held in shown["rounds"] for state in held["plan"].values())
    assert set(states) == {"approved", "submitted", "returned", "in_progress", "not_started"}


def test_someone_is_late(shown):
    assert any(held["due_offset_days"] < 0 for held in shown["rounds"])


def test_mixes_are_whole_and_of_known_groups(shown, code_lists):
    groups = {code["code"] for code in code_lists["CL_ETHNIC_1979"]["codes"][:54]}
    for commune in shown["communes"]:
        assert set(commune["mix"]) <= groups
        assert sum(commune["mix"].values()) == pytest.approx(1, abs=1e-9)
        assert all(share >= 0 for share in commune["mix"].values())
        assert 0 < commune["poor_rate"] + commune["near_poor_rate"] < 1
        assert commune["households"] < commune["population"]


def test_some_counts_are_small_enough_to_need_protection(shown, facts):
    [flow] = [flow for flow in facts("dataflows.json") if flow.get("illustrative")]
    small = [commune for commune in shown["communes"] for share in commune["mix"].values()
             if 0 < round(commune["population"] * share) < flow["policy"]["minimum"]]
    assert len(small) > 5
