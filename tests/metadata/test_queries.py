"""Finding what is measured, in the version that counts."""

from __future__ import annotations

import pytest

from nhasan.metadata import operations, queries
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def house() -> factories.World:
    made = factories.world()
    operations.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="THU", version="2.0.0", name_vi="Bộ sửa",
        source="", decision={}, completeness="", illustrative=True, at=AT,
        indicators=[
            {"key": "01", "name_vi": "Số hộ dân cư", "unit": "hộ", "adds_over_area": "sum"},
            {"key": "03", "name_vi": "Số hộ nghèo đa chiều", "unit": "hộ",
             "adds_over_area": "sum", "cites": {"set": "THU", "key": "02"}},
            {"key": "09", "name_vi": "Số hộ mới", "group_code": "I", "group_name": "Hộ"},
        ],
    )
    return made


def test_the_version_in_force_counts_until_another_is_asked_for() -> None:
    found, asked = queries.indicator_set("THU"), queries.indicator_set("THU", "2.0.0")
    assert found is not None
    assert asked is not None
    assert (found.version, asked.version) == ("1.0.0", "2.0.0")
    assert queries.indicator_set("KHONG") is None
    assert queries.indicator_set("THU", "3") is None
    [one, two] = queries.indicator_sets()
    assert (one.size, two.size) == (6, 3)  # type: ignore[attr-defined]


def test_version_ten_follows_version_nine() -> None:
    for version in ("1.9.0", "1.10.0", "1.2.0"):
        operations.draft_code_list(
            actor=HOUSE, agency="THU", identifier="CL", version=version, name_vi=version,
            name_en="", source="", at=AT, codes=[{"code": "a", "name_vi": version}],
        )
    found = queries.code_list("CL")
    assert found is not None
    assert found.version == "1.10.0"
    operations.put_in_force(
        actor=HOUSE, kind="code_list", identifier="CL", version="1.9.0", on=None, at=AT)
    assert queries.code_names("CL") == {"a": "1.9.0"}
    assert queries.newest([]) is None


def test_an_indicator_is_named_by_its_ref() -> None:
    found = queries.indicator("THU:03")
    assert found is not None
    assert (found.name_vi, found.ref) == ("Số hộ nghèo", "THU:03")
    assert queries.indicator("THU:09") is None
    assert queries.indicator("KHONG:01") is None
    assert queries.indicator("rác") is None
    many = queries.indicators_by_ref(["THU:01", "THU:09", "KHONG:01", "rác"])
    assert list(many) == ["THU:01"]


def test_exactly_one_version_of_an_indicator() -> None:
    asked = queries.indicator_set("THU", "2.0.0")
    assert asked is not None
    found = queries.indicator_in(asked, "03")
    assert found is not None
    assert found.name_vi == "Số hộ nghèo đa chiều"
    assert queries.indicator_in(asked, "05") is None
    assert queries.groups(asked) == [("", "", 2), ("I", "Hộ", 1)]
    assert [row.key for row in queries.indicators(asked, search="ngheo")] == ["03"]
    assert [row.key for row in queries.indicators(asked, group="I")] == ["09"]


def test_a_search_may_keep_to_what_is_in_force() -> None:
    assert len(queries.search_indicators("ho ngheo")) == 2
    assert len(queries.search_indicators("ho ngheo", in_force=True)) == 1
    assert len(queries.search_indicators("ho", limit=3)) == 3


def test_what_a_new_version_changes() -> None:
    asked = queries.indicator_set("THU", "2.0.0")
    assert asked is not None
    found = queries.difference(asked)
    assert found.before == "THU:THU(1.0.0)"
    assert [each.key for each in found.added] == ["09"]
    assert [each.key for each in found.dropped] == ["02", "05", "06", "07"]
    assert [(each.key, [change.field for change in each.fields]) for each in found.changed] == [
        ("03", ["name_vi"])]
    assert [row.key for row in queries.new_indicators(asked)] == ["09"]
    first = queries.predecessor(asked)
    assert first is not None
    assert first.version == "1.0.0"
    assert not queries.difference(first)
    assert queries.new_indicators(first) == []


def test_where_an_indicator_is_used() -> None:
    operations.draft_dataflow(
        actor=HOUSE, agency="THU", identifier="LUONG", version="1", name_vi="Luồng",
        description="", subject="", source="", dimensions=[], indicators=["THU:02"], policy={},
        illustrative=False, at=AT,
    )
    found = queries.indicator("THU:02")
    assert found is not None
    assert [flow.identifier for flow in queries.dataflows_with([found.ref])] == ["LUONG"]
    assert queries.dataflows_with(["THU:01"]) == []
    assert [row.key for row in queries.citing(found)] == ["03"]
    flow = queries.dataflow("LUONG")
    assert flow is not None
    assert flow.urn == "THU:LUONG(1)"
    assert queries.dataflow("KHONG") is None


def test_code_lists_and_how_they_meet() -> None:
    for identifier, code in (("A", "04"), ("B", "06")):
        operations.draft_code_list(
            actor=HOUSE, agency="THU", identifier=identifier, version="1", name_vi=identifier,
            name_en="", source="", at=AT,
            codes=[{"code": code, "name_vi": "Mường", "aliases": ["Muong"]}],
        )
    operations.draft_correspondence(
        actor=HOUSE, agency="THU", identifier="DC", version="1", name_vi="Đối chiếu", source="",
        from_list="A", to_list="B", items=[("04", "06", ""), ("04", "05", "")], at=AT,
    )
    assert queries.correspondence("A", "B") == {"04": ("05", "06")}
    assert queries.correspondence("B", "A") == {}
    assert [each.identifier for each in queries.correspondences()] == ["DC"]
    assert [each.to_code for each in queries.correspondence_items("DC", "1")] == ["05", "06"]
    assert queries.correspondence_items("DC", "2") == []
    assert queries.code_names("A") == {"04": "Mường"}
    assert queries.aliases("A") == {"04": ("Muong",)}
    assert queries.codes("KHONG") == []
    assert queries.search_codes("KHONG", "x") == []
    [row] = queries.code_rows(["A"])["A"]
    assert (row.id, row.label, row.code) == ("04", "Mường", "04")
    found = queries.code_list_version("A", "1")
    assert found is not None
    assert [code.code for code in queries.codes_of(found, search="muong")] == ["04"]
    assert queries.codes_of(found, search="khác") == []
    assert queries.code_list_version("A", "2") is None
    assert {each.identifier for each in queries.code_lists()} == {"A", "B"}
