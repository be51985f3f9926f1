"""The 40 indicators of `benchmarks/indicators.py`, said twice: as a plan, and by hand in SQL.

`BY_HAND` is written as one would write it into a statement, and is not made from the plan: that
both give the same figures is part of the measurement.
"""

from __future__ import annotations

from benchmarks._indicators_world import CODES, NUMBERS
from nhasan.domain.tabulation import (
    Count,
    Kind,
    Ladder,
    Mean,
    Measure,
    OneOf,
    Rate,
    Sum,
    Tabulation,
    Within,
)

ADULT, OF_AGE = Within("age", 15), Within("age", 15, 59)


def _is(column: str, *codes: str) -> OneOf:
    return OneOf(column, codes)


MEASURES: tuple[Measure, ...] = (
    Count("people"), Count("under_5", (Within("age", None, 4),)),
    Count("pupils", (Within("age", 6, 14),)), Count("of_age", (OF_AGE,)),
    Count("old", (Within("age", 60),)), Count("very_old", (Within("age", 80),)),
    Count("urban", (_is("urban", "U"),)), Count("heads", (_is("relation", "1"),)),
    Count("married", (ADULT, _is("marital", "2"))),
    Count("widowed", (ADULT, _is("marital", "3"))),
    Count("at_school", (_is("school_now", "1"),)),
    Count("left_school", (Within("age", 6, 17), _is("school_now", "3"))),
    Count("secondary", (ADULT, _is("school_level", "3", "4"))),
    Count("university", (ADULT, _is("school_level", "6", "7"))),
    Count("farmers", (OF_AGE, _is("job", "farm", "forest"))),
    Count("traders", (OF_AGE, _is("job", "trade"))),
    Count("without_work", (OF_AGE, _is("job", "none"))),
    Count("insured", (_is("insurance", "1", "2", "3"),)),
    Count("poor", (_is("poor", "poor"),)), Count("near_poor", (_is("poor", "near"),)),
    Count("poor_children", (Within("age", None, 15), _is("poor", "poor"))),
    Count("spring_water", (_is("water", "spring", "rain"),)),
    Count("far_from_school", (Within("age", 6, 14), Within("to_school", 5))),
    Count("far_from_clinic", (Within("to_clinic", 20),)),
    Sum("income", "income"), Sum("land", "land", (_is("job", "farm"),)),
    Sum("children", "children", (_is("sex", "F"), Within("age", 15, 49))),
    Rate("literacy", (_is("literate", "Y"),), (ADULT,)),
    Rate("language_kept", (_is("language", "1"),)),
    Rate("school_rate", (_is("school_now", "1"),), (Within("age", 6, 14),)),
    Rate("work_rate", (_is("job", "farm", "forest", "trade", "craft", "office"),), (OF_AGE,)),
    Rate("grid_rate", (_is("light", "grid"),), decimals=2),
    Rate("internet_rate", (_is("internet", "Y"),), (ADULT,), decimals=2),
    Rate("toilet_rate", (_is("toilet", "1", "2"),)),
    Rate("solid_house", (_is("house", "1", "2"),)),
    Mean("mean_age", "age"), Mean("mean_grade", "grade", (ADULT,), decimals=2),
    Mean("mean_to_school", "to_school", (Within("age", 6, 14),)),
    Mean("mean_to_clinic", "to_clinic"), Mean("mean_income", "income", (OF_AGE,)),
)

# name: what is above the line, what is below it (none: a total), and the factor.
BY_HAND: dict[str, tuple[str, str, int]] = {
    "people": ("count(*)", "", 1), "under_5": ("count_if(age <= 4)", "", 1),
    "pupils": ("count_if(age BETWEEN 6 AND 14)", "", 1),
    "of_age": ("count_if(age BETWEEN 15 AND 59)", "", 1),
    "old": ("count_if(age >= 60)", "", 1), "very_old": ("count_if(age >= 80)", "", 1),
    "urban": ("count_if(urban = 'U')", "", 1), "heads": ("count_if(relation = '1')", "", 1),
    "married": ("count_if(age >= 15 AND marital = '2')", "", 1),
    "widowed": ("count_if(age >= 15 AND marital = '3')", "", 1),
    "at_school": ("count_if(school_now = '1')", "", 1),
    "left_school": ("count_if(age BETWEEN 6 AND 17 AND school_now = '3')", "", 1),
    "secondary": ("count_if(age >= 15 AND school_level IN ('3', '4'))", "", 1),
    "university": ("count_if(age >= 15 AND school_level IN ('6', '7'))", "", 1),
    "farmers": ("count_if(age BETWEEN 15 AND 59 AND job IN ('farm', 'forest'))", "", 1),
    "traders": ("count_if(age BETWEEN 15 AND 59 AND job = 'trade')", "", 1),
    "without_work": ("count_if(age BETWEEN 15 AND 59 AND job = 'none')", "", 1),
    "insured": ("count_if(insurance IN ('1', '2', '3'))", "", 1),
    "poor": ("count_if(poor = 'poor')", "", 1), "near_poor": ("count_if(poor = 'near')", "", 1),
    "poor_children": ("count_if(age <= 15 AND poor = 'poor')", "", 1),
    "spring_water": ("count_if(water IN ('spring', 'rain'))", "", 1),
    "far_from_school": ("count_if(age BETWEEN 6 AND 14 AND to_school >= 5)", "", 1),
    "far_from_clinic": ("count_if(to_clinic >= 20)", "", 1),
    "income": ("sum(income)", "", 1),
    "land": ("sum(CASE WHEN job = 'farm' THEN land ELSE 0 END)", "", 1),
    "children": ("sum(CASE WHEN sex = 'F' AND age BETWEEN 15 AND 49 THEN children ELSE 0 END)",
                 "", 1),
    "literacy": ("count_if(age >= 15 AND literate = 'Y')", "count_if(age >= 15)", 1000),
    "language_kept": ("count_if(language = '1')", "count(*)", 1000),
    "school_rate": ("count_if(age BETWEEN 6 AND 14 AND school_now = '1')",
                    "count_if(age BETWEEN 6 AND 14)", 1000),
    "work_rate": ("count_if(age BETWEEN 15 AND 59 AND job <> 'none')",
                  "count_if(age BETWEEN 15 AND 59)", 1000),
    "grid_rate": ("count_if(light = 'grid')", "count(*)", 10000),
    "internet_rate": ("count_if(age >= 15 AND internet = 'Y')", "count_if(age >= 15)", 10000),
    "toilet_rate": ("count_if(toilet IN ('1', '2'))", "count(*)", 1000),
    "solid_house": ("count_if(house IN ('1', '2'))", "count(*)", 1000),
    "mean_age": ("sum(age)", "count(*)", 10),
    "mean_grade": ("sum(CASE WHEN age >= 15 THEN grade ELSE 0 END)", "count_if(age >= 15)", 100),
    "mean_to_school": ("sum(CASE WHEN age BETWEEN 6 AND 14 THEN to_school ELSE 0 END)",
                       "count_if(age BETWEEN 6 AND 14)", 10),
    "mean_to_clinic": ("sum(to_clinic)", "count(*)", 10),
    "mean_income": ("sum(CASE WHEN age BETWEEN 15 AND 59 THEN income ELSE 0 END)",
                    "count_if(age BETWEEN 15 AND 59)", 10),
}


def plan(ladders: tuple[Ladder, ...]) -> Tabulation:
    """Return the plan."""
    columns = dict.fromkeys(("commune", "ethnic", "sex", *CODES), Kind.CODE)
    return Tabulation(
        columns | dict.fromkeys(("age", *NUMBERS), Kind.NUMBER), ladders, MEASURES)
