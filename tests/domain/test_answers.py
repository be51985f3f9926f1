"""Nothing typed is lost on the way to the store and back."""

import json
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.answers import Answers, Entry
from nhasan.domain.forms import Row
from nhasan.domain.observations import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Figure,
    reported,
)

NUMBERS = st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-(10**12),
                      max_value=10**12)
FIGURES = st.one_of(
    st.none(), NUMBERS.map(Figure), st.sampled_from([NOT_REPORTED, NOT_APPLICABLE, CONFIDENTIAL])
)
ENTRIES = st.builds(Entry, text=st.text(max_size=40), figure=FIGURES)
ROWS = st.builds(Row, id=st.text(min_size=1, max_size=8), label=st.text(max_size=20))
ANSWERS = st.builds(
    Answers,
    cells=st.dictionaries(st.text(min_size=1, max_size=20), ENTRIES, max_size=6),
    open_rows=st.dictionaries(st.text(max_size=8), st.lists(ROWS, max_size=3).map(tuple)),
    reasons=st.dictionaries(st.text(max_size=20), st.text(max_size=40)),
)


@given(ENTRIES)
def test_an_entry_comes_back_from_json(entry: Entry) -> None:
    assert Entry.from_json(json.loads(json.dumps(entry.as_json()))) == entry


@given(ANSWERS)
def test_answers_come_back_from_json(answers: Answers) -> None:
    assert Answers.from_json(json.loads(json.dumps(answers.as_json()))) == answers


def test_a_value_is_stored_as_decimal_text() -> None:
    """A binary float would turn 0.1 into something else."""
    assert Entry("0,10", reported("0.10")).as_json() == ["0,10", "0.10", "A"]
    assert Entry("0", reported(0)).as_json() == ["0", "0", "A"]


def test_zero_and_the_three_absences_are_stored_apart() -> None:
    entries = [Entry("0", reported(0)), Entry("...", NOT_REPORTED), Entry("x", NOT_APPLICABLE),
               Entry("c", CONFIDENTIAL)]
    assert [entry.as_json()[1:] for entry in entries] == [
        ["0", "A"], [None, "L"], [None, "M"], [None, "Q"]
    ]


def test_what_could_not_be_read_is_kept_as_it_was_typed() -> None:
    entry = Entry("mười hai")
    assert entry.as_json() == ["mười hai", None, ""]
    assert Entry.from_json(entry.as_json()).figure is None


def test_answers_of_an_older_shape_are_still_read() -> None:
    read = Answers.from_json({"cells": {"ho/tay/so": ["5", "5", "A"]}})
    assert read.cells["ho/tay/so"].figure == Figure(Decimal(5))
    assert read.open_rows == {}
    assert read.reasons == {}
