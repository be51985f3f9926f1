"""Every life is a table that holds together, and what is final stays final."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.access import Permission
from nhasan.domain.lifecycle import (
    ARTEFACT,
    ASSIGNMENT,
    LIFECYCLES,
    RELEASE,
    ROUND,
    RUN,
    SUBMISSION,
    Lifecycle,
)
from nhasan.domain.problems import WrongState

each_life = pytest.mark.parametrize("life", LIFECYCLES, ids=lambda life: life.name)


def _reachable(life: Lifecycle) -> set[str]:
    found = {life.initial}
    while True:
        more = {after for (state, _), after in life.transitions.items() if state in found} - found
        if not more:
            return found
        found |= more


@each_life
def test_every_state_can_be_reached_and_has_words(life: Lifecycle) -> None:
    assert _reachable(life) == set(life.states)
    assert all(life.states.values())
    assert set(life.waits_for) == set(life.states)


@each_life
def test_every_action_has_words_and_no_word_is_idle(life: Lifecycle) -> None:
    used = {action for _, action in life.transitions}
    assert used == set(life.actions)
    assert set(life.permissions) <= used
    assert all(isinstance(needed, Permission) for needed in life.permissions.values())


@each_life
def test_a_state_that_waits_for_nobody_is_left_by_no_ordinary_step(life: Lifecycle) -> None:
    """Only opening again, retiring or withdrawing leads out of a state that is done."""
    extraordinary = {"reopen", "retire", "withdraw", "open_again", "give_again"}
    for (state, action) in life.transitions:
        if not life.waits_for[state]:
            assert action in extraordinary, f"{life.name}: {state} waits for nobody"


@given(st.sampled_from(LIFECYCLES), st.data())
def test_what_the_table_does_not_say_is_refused_in_words(
    life: Lifecycle, data: st.DataObject
) -> None:
    state = data.draw(st.sampled_from(sorted(life.states)))
    action = data.draw(st.sampled_from(sorted(life.actions)))
    if life.allows(state, action):
        assert life.after(state, action) == life.transitions[state, action]
    else:
        with pytest.raises(WrongState) as refused:
            life.after(state, action)
        assert life.actions[action] in str(refused.value)
        assert life.states[state] in str(refused.value)


def test_a_report_goes_from_hand_to_hand() -> None:
    state = ASSIGNMENT.initial
    for action, expected in (
        ("enter", "in_progress"), ("submit", "submitted"), ("send_back", "returned"),
        ("enter", "returned"), ("submit", "submitted"), ("approve", "approved"),
        ("reopen", "returned"), ("submit", "submitted"), ("withdraw_mended", "returned"),
        ("submit", "submitted"), ("withdraw", "in_progress"),
    ):
        state = ASSIGNMENT.after(state, action)
        assert state == expected


@pytest.mark.parametrize(
    ("life", "state", "action"),
    [
        (ASSIGNMENT, "not_started", "submit"),
        (ASSIGNMENT, "in_progress", "approve"),
        (ASSIGNMENT, "submitted", "enter"),
        (ASSIGNMENT, "approved", "enter"),
        (ASSIGNMENT, "approved", "submit"),
        (SUBMISSION, "returned", "approve"),
        (SUBMISSION, "approved", "send_back"),
        (SUBMISSION, "approved", "withdraw"),
        (SUBMISSION, "withdrawn", "approve"),
        (ASSIGNMENT, "approved", "withdraw"),
        (ARTEFACT, "in_force", "edit"),
        (ARTEFACT, "retired", "put_in_force"),
        (ROUND, "closed", "close"),
        (RUN, "done", "start"),
        (RELEASE, "draft", "publish"),
        (RELEASE, "published", "approve"),
        (RELEASE, "withdrawn", "publish"),
    ],
)
def test_no_step_is_skipped_and_nothing_final_is_undone(
    life: Lifecycle, state: str, action: str
) -> None:
    assert not life.allows(state, action)


def test_who_answers_for_a_report_does_not_approve_it() -> None:
    assert ASSIGNMENT.permissions["submit"] is Permission.ENTER
    assert ASSIGNMENT.permissions["approve"] is Permission.REVIEW
