"""The map: counts of every map day, versions without overlap, links that lead somewhere."""

from collections import Counter, defaultdict
from itertools import pairwise


def test_counts_are_those_of_the_map_of_each_day(facts, below):
    for wanted in facts("areas/counts.json"):
        place = wanted["within"] or "country:VN"
        found = below(place, wanted["on"])[wanted["level"]]
        assert len(found) == wanted["count"], wanted


def test_the_issue_counts_are_among_them(facts):
    said = {(row["on"], row["within"], row["level"]): row["count"]
            for row in facts("areas/counts.json")}
    assert said["2025-06-30", "", "province"] == 63
    assert said["2025-06-30", "", "district"] == 696
    assert said["2025-06-30", "", "commune"] == 10035
    assert said["2025-07-01", "", "province"] == 34
    assert said["2025-07-01", "", "commune"] == 3321
    assert said["2024-06-01", "province:06", "commune"] == 108
    assert said["2019-04-01", "province:06", "commune"] == 122
    assert said["2025-07-01", "province:19", "commune"] == 92


def test_no_two_versions_of_a_unit_overlap(areas):
    versions = defaultdict(list)
    for row in areas:
        versions[row["level"], row["code"]].append((row["valid_from"], row["valid_to"]))
    for key, spans in versions.items():
        for (_, end), (start, _) in pairwise(sorted(spans)):
            assert end, key
            assert end <= start, key


def test_every_parent_stands_when_the_child_begins_and_when_it_ends(areas):
    spans = defaultdict(list)
    for row in areas:
        spans[row["level"], row["code"]].append((row["valid_from"], row["valid_to"] or "9999"))
    for row in areas:
        if not row["parent_level"]:
            assert row["code"] == "VN"
            continue
        parents = spans[row["parent_level"], row["parent_code"]]
        first, end = row["valid_from"], row["valid_to"] or "9999"
        covering = sorted(span for span in parents if span[0] < end and first < span[1])
        assert covering, row
        assert covering[0][0] <= first, row
        assert covering[-1][1] >= end, row


def test_names_are_clean(areas):
    for row in areas:
        assert row["name"] == " ".join(row["name"].split()), row
        assert row["name"][0].isupper(), row
        assert row["unit_type"], row


def test_a_code_used_again_is_another_unit(areas):
    names = {row["valid_from"]: row["name"] for row in areas
             if (row["level"], row["code"]) == ("commune", "01843")}
    assert names == {"": "Phường Phùng Chí Kiên", "2025-07-01": "Phường Bắc Kạn"}


def test_links_lead_from_units_that_ended_to_units_that_began(changes, standing):
    before = {row["code"] for row in standing("2025-06-30", "commune")}
    after = {row["code"] for row in standing("2025-07-01", "commune")}
    links = [row for row in changes
             if row["level"] == "commune" and row["date"] == "2025-07-01"]
    assert {row["new_code"] for row in links} == after
    assert {row["old_code"] for row in links if row["old_known"] == "1"} == before
    unknown = {row["old_code"] for row in links if row["old_known"] == "0"}
    assert not unknown & before
    assert len(unknown) == 17
    assert len({row["old_code"] for row in links if row["doubtful"] == "1"}) == 31
    assert Counter(row["kind"] for row in links)["partial"] == 989 + 4 + 23


def test_every_province_of_63_has_one_successor_of_34(changes, standing):
    links = {row["old_code"]: row["new_code"] for row in changes
             if row["level"] == "province" and row["date"] == "2025-07-01"}
    assert set(links) == {row["code"] for row in standing("2025-06-30", "province")}
    assert set(links.values()) == {row["code"] for row in standing("2025-07-01", "province")}
    assert links["06"] == "19"


def test_the_earlier_changes_of_bac_kan_name_their_decrees(changes):
    earlier = [row for row in changes if row["date"] < "2025-07-01"]
    assert {(row["decree"], row["date"]) for row in earlier} == {
        ("892/NQ-UBTVQH13", "2015-03-12"), ("855/NQ-UBTVQH14", "2020-02-01"),
        ("722/NQ-UBTVQH15", "2023-04-10"),
    }
    ended = [row for row in earlier if not row["new_code"]]
    assert len(ended) == 14
    assert all(row["kind"] == "ended" and row["note"] for row in ended)


def test_doubts_are_listed(table):
    texts = Counter(row["doubt"] for row in table("areas/doubts.csv"))
    assert sorted(texts.values(), reverse=True)[:5] == [51, 31, 17, 14, 5]
    assert not any("trùng thời gian" in text for text in texts)


def test_classification_of_bac_kan_agrees_with_the_counts_by_district(table, below):
    district = {row["code"]: row["parent_code"]
                for row in below("province:06", "2024-06-01")["commune"]}
    classes = {row["code"]: row["class"] for row in table("areas/classification.csv")}
    assert set(classes) == set(district)
    stated = table("raw/reference/area_classification_bac_kan_2021_2025_by_district.csv")
    for row in stated:
        inside = [classes[code] for code, place in district.items()
                  if place == row["district_code"]]
        assert len(inside) == int(row["communes"])
        for name, column in (("I", "area_1"), ("II", "area_2"), ("III", "area_3")):
            assert inside.count(name) <= int(row[column]), row
            if "" not in inside:
                assert inside.count(name) == int(row[column]), row


def test_boundaries_draw_the_units_of_their_map(facts, below):
    for drawn in facts("boundaries/index.json"):
        shapes = facts(f"boundaries/{drawn['file']}")["features"]
        day = drawn["map_from"] or "2019-04-01"
        units = below(drawn.get("within", "country:VN"), day)[drawn["level"]]
        assert {shape["properties"]["code"] for shape in shapes} == \
            {row["code"] for row in units}, drawn["file"]
        assert len(shapes) == drawn["unit_count"]
        assert drawn["source"]
        assert drawn["licence"]
