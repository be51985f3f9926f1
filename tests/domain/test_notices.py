"""Every kind of notice is a sentence that can be filled, and says when something is missing."""

from __future__ import annotations

from string import Formatter

import pytest

from nhasan.domain.notices import KINDS, is_urgent, words_of


@pytest.mark.parametrize("kind", KINDS)
def test_a_sentence_is_filled_with_its_facts(kind: str) -> None:
    holes = {name for _, name, _, _ in Formatter().parse(KINDS[kind].sentence) if name}
    said = str(words_of(kind, {name: f"<{name}>" for name in holes}))
    assert all(f"<{name}>" in said for name in holes)
    assert "{" not in said


@pytest.mark.parametrize("kind", KINDS)
def test_a_forgotten_fact_shows_as_a_question_mark(kind: str) -> None:
    assert "{" not in str(words_of(kind, {}))


def test_a_fact_with_braces_is_only_text() -> None:
    assert "{0}" in str(words_of("report_approved", {"report": "Biểu {0}"}))


def test_a_kind_that_is_no_longer_known_is_still_read() -> None:
    assert str(words_of("once_known", {"a": "b"})) == "once_known"
    assert not is_urgent("once_known")


def test_what_presses_is_told_apart() -> None:
    assert is_urgent("overdue")
    assert not is_urgent("due_soon")
