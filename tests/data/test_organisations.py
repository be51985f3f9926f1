"""Organisations: who answers for which area, now and on every earlier map."""

from collections import Counter


def units(facts):
    return {unit["key"]: unit for unit in facts("organisations.json")["units"]}


def test_counts(facts):
    kinds = Counter(unit["kind"] for unit in facts("organisations.json")["units"])
    assert kinds["ministry"] == 1
    assert kinds["focal"] == 34
    assert kinds["board"] == 63
    assert kinds["commune"] == 92
    assert kinds["department"] >= 4


def test_parents_come_before_children_and_keys_are_unique(facts):
    seen = set()
    for unit in facts("organisations.json")["units"]:
        assert unit["key"] not in seen
        assert not unit["parent"] or unit["parent"] in seen
        seen.add(unit["key"])


def test_every_province_of_each_map_has_one_unit_that_answers_for_it(facts, standing):
    for day, kind in (("2019-04-01", "board"), ("2026-06-30", "focal")):
        held = Counter(
            area["code"] for unit in facts("organisations.json")["units"]
            for area in unit["jurisdictions"]
            if area["level"] == "province" and area["from"] <= day
            and (not area["to"] or day < area["to"])
        )
        assert held == Counter(row["code"] for row in standing(day, "province")), kind


def test_a_closed_board_hangs_under_the_department_of_its_new_province(facts, changes):
    found = units(facts)
    successor = {row["old_code"]: row["new_code"] for row in changes
                 if row["level"] == "province" and row["date"] == "2025-07-01"}
    for code, new in successor.items():
        unit = found[f"bdt-{code}"]
        assert unit["closed"] == "2025-07-01"
        assert unit["successor"] == unit["parent"] == f"so-dttg-{new}"
    assert found["bdt-06"]["name"] == "Ban Dân tộc tỉnh Bắc Kạn"
    assert found["bdt-06"]["successor"] == "so-dttg-19"


def test_the_92_communes_report_to_thai_nguyen(facts, below):
    found = {unit["jurisdictions"][0]["code"]: unit for unit in units(facts).values()
             if unit["kind"] == "commune"}
    communes = below("province:19", "2026-06-30")["commune"]
    assert set(found) == {row["code"] for row in communes}
    assert {unit["parent"] for unit in found.values()} == {"so-dttg-19"}
    assert {unit["name"].split()[1] for unit in found.values()} == {"xã", "phường"}


def test_departments_own_indicators_that_exist(facts, indicators):
    owned = [reference for unit in units(facts).values()
             for reference in unit.get("indicators", [])]
    assert owned
    assert len(owned) == len(set(owned))
    assert set(owned) <= set(indicators)
