from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.sampling_errors import (
    EmptyStratum,
    LonelyCluster,
    checked_strata,
    moments,
    standard_error,
)

TOTALS = st.lists(st.tuples(st.integers(0, 500), st.integers(1, 900)), min_size=2, max_size=6)
SAMPLES = st.dictionaries(st.sampled_from("abc"), TOTALS, min_size=1)


def spread(held, ratio):
    """Return n / (n - 1) times the squares about the mean, as the books write it."""
    found = [y - ratio * x for y, x in held]
    mean = sum(found) / len(found)
    return Fraction(len(found), len(found) - 1) * sum((one - mean) ** 2 for one in found)


def counted(sample):
    return {stratum: len(held) for stratum, held in sample.items()}


def summed(sample):
    return {stratum: moments(held) for stratum, held in sample.items()}


@given(SAMPLES)
def test_the_error_of_a_ratio_is_what_the_definition_says(sample):
    pairs = [pair for held in sample.values() for pair in held]
    below = sum(x for _, x in pairs)
    ratio = Fraction(sum(y for y, _ in pairs), below)
    wanted = sqrt(sum(spread(held, ratio) for held in sample.values())) / below
    found = standard_error(summed(sample), counted(sample), 0, 10**6)
    assert found == pytest.approx(wanted * 10**6, abs=0.51)


@given(SAMPLES)
def test_the_error_of_a_total_is_what_the_definition_says(sample):
    wanted = sqrt(sum(spread(held, Fraction(0)) for held in sample.values()))
    found = standard_error(summed(sample), counted(sample), 1000, 10**6)
    assert found == pytest.approx(wanted * 1000, abs=0.51)


def test_a_worked_example():
    # Two strata of two clusters: totals 10, 14 and 3, 3. 2/1 · (4 + 4) = 16: the error is 4.
    sample = {"low": [(10, 0), (14, 0)], "high": [(3, 0), (3, 0)]}
    assert standard_error(summed(sample), counted(sample), 1, 1) == 4


def test_clusters_without_a_row_in_the_cell_count_as_nothing():
    shown, whole = {"a": [(6, 0)]}, {"a": [(6, 0), (0, 0), (0, 0)]}
    clusters = {"a": 3}
    assert standard_error(summed(shown), clusters, 1, 10) == \
        standard_error(summed(whole), clusters, 1, 10) == 60


def test_nothing_below_the_line_has_no_error():
    assert standard_error({"a": moments([(0, 0), (0, 0)])}, {"a": 2}, 0, 10) is None


def test_strata_that_show_no_spread_are_refused_unless_surveyed_as_a_whole():
    with pytest.raises(EmptyStratum, match="c"):
        checked_strata({"a": 2}, ["a", "c"], lonely_is_certain=True)
    with pytest.raises(LonelyCluster, match="b"):
        checked_strata({"a": 2, "b": 1}, [], lonely_is_certain=False)
    assert checked_strata({"a": 2, "b": 1}, [], lonely_is_certain=True) == ["b"]
    alone = {"b": moments([(9, 1)])}
    assert standard_error(alone, {"b": 1}, 1, 1) == 0
