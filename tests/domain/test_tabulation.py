from fractions import Fraction

import pytest

from nhasan.domain.tabulation import (
    Atom,
    Count,
    Design,
    Kind,
    Ladder,
    Mean,
    Median,
    OneOf,
    Rate,
    Rung,
    Sum,
    Tabulation,
    TabulationNonsense,
    Within,
    median_of,
)

COLUMNS = {"sex": Kind.CODE, "age": Kind.NUMBER, "village": Kind.CODE}
SEXES = Ladder("sex", (Rung("sex"), Rung("both", {"M": "_T", "F": "_T"})))


def plan(*measures, **settings):
    return Tabulation(COLUMNS, (SEXES,), measures or (Count("people"),), **settings)


def test_sums_that_measures_share_are_taken_once():
    adults = (Within("age", 15),)
    found = plan(Count("adults", adults), Rate("old", (Within("age", 60),), adults),
                 Mean("age", "age"), Median("middle", "age"))
    assert found.atoms == (
        Atom(adults), Atom((*adults, Within("age", 60))),
        Atom((Within("age"),), "age"), Atom((Within("age"),)))
    assert [one.name for one in found.medians] == ["middle"]


def test_a_plan_stands_for_every_combination_of_rungs():
    villages = Ladder("village", (
        Rung("village"), Rung("xã", {"a": "x"}), Rung("all", {"x": "T"})))
    found = Tabulation(COLUMNS, (villages, SEXES), (Count("people"),)).rungs()
    assert len(found) == 6
    assert villages.path("a") == ["a", "x", "T"]


@pytest.mark.parametrize("make", [
    lambda: plan(Count("people", (OneOf("language", ("vi",)),))),
    lambda: plan(Sum("sum", "sex")),
    lambda: plan(Count("people", (OneOf("age", ("1",)),))),
    lambda: plan(Median("middle", "village")),
    lambda: plan(Count("people"), Mean("people", "age")),
    lambda: Tabulation(COLUMNS, (SEXES,), ()),
    lambda: Tabulation(COLUMNS, (SEXES, SEXES), (Count("people"),)),
    lambda: plan(Count("people", decimals=7)),
    lambda: plan(Rate("rate", (Within("age", 15),), per=0)),
    lambda: plan(weight="sex"),
    lambda: plan(weight_decimals=3),
    lambda: plan(design=Design("age", "village")),
    lambda: Ladder("sex", ()),
    lambda: Ladder("sex", (Rung("sex"), Rung("sex", {"M": "_T"}))),
    lambda: Ladder("sex", (Rung("sex"), Rung("both"))),
    lambda: Ladder("sex", (Rung("sex", {"M": "_T"}),)),
    lambda: Ladder("sex", (Rung("a"), Rung("b", {"M": "x", "F": "y"}), Rung("c", {"x": "_T"}))),
])
def test_nonsense_is_refused(make):
    with pytest.raises(TabulationNonsense):
        make()


def test_a_missing_value_fulfils_no_condition():
    assert not OneOf("job", ("farm",)).holds(None)
    assert not Within("age").holds(None)
    assert Within("age").holds(0)
    assert Within("age", 15, 59).holds(59)
    assert not Within("age", 15, 59).holds(60)


@pytest.mark.parametrize(("values", "median"), [
    ([], None), ([(5, 0)], None), ([(3, 1)], 3), ([(1, 1), (2, 1)], Fraction(3, 2)),
    ([(9, 1), (1, 1), (4, 1)], 4), ([(1, 1), (1, 1), (5, 1)], 1), ([(1, 1), (1, 1)], 1),
    ([(1, 3), (7, 1)], 1), ([(1, 2), (7, 1), (9, 1)], 4), ([(-3, 1), (0, 5), (8, 1)], 0),
])
def test_the_median_is_where_half_of_the_weight_is_reached(values, median):
    assert median_of(values) == median
