from nhasan.domain.tabulation import Count, Median, Rate, Tabulation, Within
from nhasan.engines.tabulation_judge import judged
from tests.engines.test_tabulating import COLUMNS, LADDERS, ONE


def test_a_cell_is_counted_by_hand():
    plan = Tabulation(COLUMNS, LADDERS, (
        Count("people"), Rate("old", (Within("age", 60),)), Median("age", "age")),
        "weight", 3)
    rows = [ONE, ONE | {"age": 61, "weight": 2500, "commune": "c2"},
            ONE | {"ethnic": "01", "age": 5}, ONE | {"age": None, "weight": 0}]
    found = judged(plan, rows)
    province = (("province", "P"), ("bloc", "minorities"), ("both", "_T"))
    # 3.5 people, rounded half up; 2.5 of them old: 71.43 %; half of the weight lies at 61.
    assert found[province] == {"people": 4, "old": 714, "age": 610}
    country = (("country", "VN"), ("all", "_T"), ("both", "_T"))
    assert found[country] == {"people": 5, "old": 556, "age": 610}
    assert (("commune", "c3"), ("group", "01"), ("sex", "F")) not in found
