"""A report beside the one it corrects."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.corrections import corrections

TEXTS = st.dictionaries(st.sampled_from(["t/a/x", "t/b/x", "t/c/x"]),
                        st.sampled_from(["", "1", "2", " 1 "]))


def _answers(texts: dict[str, str]) -> Answers:
    return Answers({cell: Entry(text) for cell, text in texts.items()})


def test_what_was_asked_comes_first_and_what_stayed_is_said() -> None:
    found = corrections(
        _answers({"t/a/x": "1", "t/b/x": "5", "t/c/x": "7"}),
        _answers({"t/a/x": "1", "t/b/x": "6", "t/c/x": "8"}),
        {"t/c/x": "xem lại", "t/a/x": "nhầm đơn vị"},
    )
    assert [(each.cell, each.changed, each.ignored) for each in found] == [
        ("t/a/x", False, True), ("t/c/x", True, False), ("t/b/x", True, False),
    ]


@given(TEXTS, TEXTS)
def test_nothing_is_told_of_a_cell_that_says_the_same(old: dict[str, str],
                                                      new: dict[str, str]) -> None:
    found = {each.cell for each in corrections(_answers(old), _answers(new), {})}
    for cell in {*old, *new}:
        same = old.get(cell, "").strip() == new.get(cell, "").strip()
        assert (cell in found) is not same
