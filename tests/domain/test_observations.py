"""A figure says why it is there or why it is not; a key is written in one way only."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.observations import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Confidentiality,
    Figure,
    Status,
    breakdown_parts,
    breakdown_text,
    reported,
    scaled,
    unscaled,
)

DIMENSIONS = st.from_regex(r"[A-Z][A-Z_]{0,11}", fullmatch=True)
CODES = st.text(min_size=1, max_size=30)


def test_zero_not_reported_not_applicable_and_confidential_are_four_things() -> None:
    four = {reported(0), NOT_REPORTED, NOT_APPLICABLE, CONFIDENTIAL}
    assert len(four) == 4
    assert [figure.value for figure in (NOT_REPORTED, NOT_APPLICABLE, CONFIDENTIAL)] == [None] * 3
    assert reported(0).value == 0


@pytest.mark.parametrize("status", [each for each in Status if each is not Status.REPORTED])
def test_a_value_without_being_reported_is_refused(status: Status) -> None:
    with pytest.raises(ValueError, match="exactly when it is reported"):
        Figure(Decimal(1), status)


def test_being_reported_without_a_value_is_refused() -> None:
    with pytest.raises(ValueError, match="exactly when it is reported"):
        Figure(None, Status.REPORTED)


def test_only_what_is_confidential_is_withheld() -> None:
    assert CONFIDENTIAL.confidentiality is Confidentiality.CONFIDENTIAL
    free = (reported("1.5"), NOT_REPORTED, NOT_APPLICABLE)
    assert {figure.confidentiality for figure in free} == {Confidentiality.FREE}


@given(st.integers(-(10**15), 10**15), st.integers(0, 6))
def test_what_is_stored_as_a_whole_number_comes_back(units: int, decimals: int) -> None:
    assert scaled(unscaled(units, decimals), decimals) == units


@pytest.mark.parametrize(
    ("value", "decimals", "stored"),
    [("0.5", 0, 1), ("1.5", 0, 2), ("-0.5", 0, -1), ("36.05", 1, 361), ("99999999999.999999", 6,
     99999999999999999), ("2.344", 2, 234), ("2.345", 2, 235)],
)
def test_halves_are_rounded_away_from_zero(value: str, decimals: int, stored: int) -> None:
    assert scaled(Decimal(value), decimals) == stored


@given(st.dictionaries(DIMENSIONS, CODES, max_size=5))
def test_a_breakdown_comes_back_from_its_text(parts: dict[str, str]) -> None:
    assert breakdown_parts(breakdown_text(parts)) == parts


@given(st.lists(st.tuples(DIMENSIONS, CODES), unique_by=lambda pair: pair[0]))
def test_a_breakdown_is_written_in_one_way(pairs: list[tuple[str, str]]) -> None:
    assert breakdown_text(dict(pairs)) == breakdown_text(dict(reversed(pairs)))


@given(st.dictionaries(DIMENSIONS, CODES), st.dictionaries(DIMENSIONS, CODES))
def test_two_breakdowns_never_share_a_text(one: dict[str, str], other: dict[str, str]) -> None:
    assert (breakdown_text(one) == breakdown_text(other)) == (one == other)


def test_a_name_that_a_unit_typed_does_not_break_the_key_apart() -> None:
    parts = {"VILLAGE": "Tổ 1; 2 = khu A (50%)", "SEX": "F"}
    text = breakdown_text(parts)
    assert text.count(";") == 1
    assert breakdown_parts(text) == parts
