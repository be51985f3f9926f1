"""Indicator sets: every row kept, every key once, every citation leads to its row."""

from collections import Counter
from pathlib import Path


def test_every_collected_row_is_there_with_all_its_columns(table, sets):
    rows = table("raw/indicators.csv")
    assert len(rows) == 287
    kept = {"unit", "disaggregation_text", "period", "agency", "source", "status",
            "national_code", "notes", "name"}
    for name in {row["set"] for row in rows}:
        mine = [row for row in rows if row["set"] == name]
        found = sets[name]["indicators"]
        assert len(found) == len(mine)
        for row, item in zip(mine, found, strict=True):
            assert {column: row[column] for column in kept} == \
                {column: item[column] for column in kept}
            assert item["official_code"] == row["code"]
            assert ";".join(item["disaggregations"]) == row["disaggregations"]


def test_keys_are_unique_and_local_where_the_document_has_none(sets):
    for name, found in sets.items():
        keys = Counter(item["key"] for item in found["indicators"])
        assert set(keys.values()) == {1}, name
        for item in found["indicators"]:
            if not item["official_code"] and found["status"] != "local" and "cites" not in item:
                assert item["key"][0] == "L"
                assert item["key"][1:].isdigit()


def test_keys_can_be_written_in_a_reference(indicators):
    for reference in indicators:
        assert reference.count(":") == 1
        assert reference == reference.strip()
        assert not set(reference) & set(" ;=/|"), reference


def test_every_set_says_its_decision_state_and_how_complete_it_is(sets):
    for name, found in sets.items():
        assert found["decision"]["text"], name
        assert found["status"] in {"in_force", "expired", "superseded", "draft", "survey"}, name
        assert found["completeness"], name
        assert found["source"], name
        groups = {group["code"] for group in found["groups"]}
        assert {item["group"] for item in found["indicators"]} <= groups, name


def test_the_illustrative_set_has_132_in_12_groups_and_says_it_is_illustrative(sets):
    found = sets["NHASAN132"]
    assert len(found["indicators"]) == 132
    assert len(found["groups"]) == 12
    assert {item["group"] for item in found["indicators"]} == {
        group["code"] for group in found["groups"]}
    assert found["illustrative"]
    assert "minh hoạ" in found["name_vi"]
    assert not found["decision"]["number"]


def test_each_of_the_132_cites_a_row_of_its_own_and_bears_its_name(sets, indicators):
    cited = [f"{item['cites']['set']}:{item['cites']['key']}"
             for item in sets["NHASAN132"]["indicators"]]
    assert len(set(cited)) == 132
    for item, reference in zip(sets["NHASAN132"]["indicators"], cited, strict=True):
        assert item["name"] == indicators[reference]["name"]
        assert item["unit"], item["key"]


def test_every_quantity_of_our_own_cites_its_table_or_form(sets, facts, forms):
    for item in sets["PUBLISHED"]["indicators"]:
        assert item["cites"]["table"].startswith("data/published/")
        assert (len(item["unit"]), item["decimals"]) > (0, -1)
    for item in sets["BIEU-MAU"]["indicators"]:
        assert item["cites"]["form"] in forms


def test_cited_tables_are_shipped_with_their_source_note(sets):
    root = Path(__file__).resolve().parents[2]
    for item in sets["PUBLISHED"]["indicators"]:
        path = root / item["cites"]["table"]
        assert path.exists()
        assert "Nguồn / source" in path.with_suffix(".md").read_text(encoding="utf-8")


def test_only_totals_add_up(indicators):
    for reference, item in indicators.items():
        assert item["adds_over_area"] in {"sum", "none"}
        assert item["adds_over_time"] in {"sum", "none"}
        if item["value_kind"] in {"rate", "ratio", "average", "index", "yes_no"}:
            assert item["adds_over_area"] == "none", reference
    assert indicators["ND255-2025:L001"]["adds_over_area"] == "sum"
    assert indicators["VSDG-TT02-2025:3.3.2"]["adds_over_area"] == "none"  # cases per 100,000
    assert indicators["HTCTTK-xa:L001"]["adds_over_time"] == "sum"  # weddings
    assert indicators["ND255-2025:L001"]["adds_over_time"] == "none"  # people


def test_dimensions_of_indicators_are_known(indicators, facts):
    known = {item["id"] for item in facts("dimensions.json")}
    for reference, item in indicators.items():
        assert set(item["dimensions"]) <= known, reference


def test_eight_yearly_indicators_have_a_breakdown_every_five_years(sets):
    found = {
        item["key"]: [line.split(" | ")[0] for line in item["breakdowns"] if "5 năm" in line]
        for item in sets["VSDG-TT02-2025"]["indicators"]
        if any("|" in line for line in item["breakdowns"])
    }
    assert found == {
        "3.2.1": ["Dân tộc"], "3.2.2.a": ["Dân tộc"], "3.7.2": ["Nhóm tuổi 10-14"],
        "5.b.1": ["Khuyết tật"], "16.9.1": ["Dân tộc"], "17.8.1": ["Khuyết tật"],
        "17.19.1": ["Dân tộc"], "17.19.2": ["Dân tộc"],
    }


def test_agencies_breakdowns_and_sources_are_told_apart_in_the_words_of_the_source(sets):
    seen = 0
    for found in sets.values():
        for item in found["indicators"]:
            if item.get("lead_agency"):
                seen += 1
                assert f"hủ trì: {item['lead_agency']};" in item["agency"]
                assert item["agency"].endswith(item["coordinating"])
            assert item["notes"].endswith(item.get("data_source", ""))
            names = [line.split(" | ")[0] for line in item.get("breakdowns", ())]
            assert all(
                name in item["disaggregation_text"] or name.startswith("Nhóm tuổi 1")
                for name in names)
    assert seen > 50
