"""The map asked about a day."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from fractions import Fraction

import pytest

from nhasan.areas import operations, queries
from nhasan.areas.operations import NewArea, NewLink
from nhasan.domain.correspondence import KeyKind, Part
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY

pytestmark = pytest.mark.django_db
EVE = date(2025, 6, 30)


@pytest.fixture
def house() -> factories.World:
    made = factories.world()
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("region", "R2", "Vùng", "Trung du", "country", "VN", None, MAP_DAY),
        NewArea("province", "06", "Tỉnh", "Tỉnh Bắc Kạn", "region", "R2", None, MAP_DAY),
        NewArea("district", "061", "Huyện", "Pác Nặm", "province", "06", None, MAP_DAY),
        NewArea("commune", "01840", "Xã", "Khang Ninh", "district", "061", None, MAP_DAY),
        NewArea("commune", "01900", "Xã", "Bằng Lũng", "district", "061", None, MAP_DAY),
    ])
    operations.enact(
        actor=HOUSE, decree="1683", title="Sắp xếp", on=MAP_DAY, source="thử", at=AT,
        links=[NewLink("commune", "01840", "01900", "full", "both"),
               NewLink("commune", "01900", "01903", "partial", "office", doubtful=True),
               NewLink("commune", "01999", "01903", "full")],
    )
    for unit, level, code in (("XA-BABE", "commune", "01900"), ("XA-CHORA", "commune", "01903"),
                              ("XA-CB", "commune", "01500"), ("SO-TN", "province", "19")):
        operations.give_jurisdiction(
            actor=HOUSE, unit=unit, level=level, code=code, valid_from=MAP_DAY, valid_to=None,
            at=AT,
        )
    return made


def test_a_day_decides_which_map(house: factories.World) -> None:
    def names(day: date) -> list[str]:
        return [area.name for area in queries.areas(on=day, level="commune")]

    assert names(EVE) == ["Khang Ninh", "Bằng Lũng"]
    assert names(MAP_DAY) == ["Bảo Lạc", "Ba Bể", "Chợ Rã"]
    for day, name in ((EVE, "Bằng Lũng"), (MAP_DAY, "Ba Bể")):
        found = queries.area("commune", "01900", on=day)
        assert found is not None
        assert found.name == name
    assert [each.name for each in queries.versions("commune", "01900")] == ["Bằng Lũng", "Ba Bể"]


def test_a_search_looks_past_diacritics_and_at_codes(house: factories.World) -> None:
    assert [each.name for each in queries.areas(on=MAP_DAY, search="cho ra")] == ["Chợ Rã"]
    assert [each.name for each in queries.areas(on=EVE, search="01900")] == ["Bằng Lũng"]
    assert [each.name for each in queries.areas(on=MAP_DAY, parent=("province", "04"))] == [
        "Bảo Lạc"]


def test_what_lies_beneath_at_any_depth(house: factories.World) -> None:
    assert [each.code for each in queries.within("commune", "region", "R2", on=EVE)] == [
        "01840", "01900"]
    assert [each.code for each in queries.within("province", "province", "19", on=MAP_DAY)] == [
        "19"]
    assert queries.within("commune", "province", "06", on=MAP_DAY) == []
    assert queries.within("province", "province", "06", on=MAP_DAY) == []


def test_what_lies_above(house: factories.World) -> None:
    commune = queries.area("commune", "01840", on=EVE)
    assert commune is not None
    assert [each.name for each in queries.parents(commune, on=EVE)] == [
        "Việt Nam", "Trung du", "Tỉnh Bắc Kạn", "Pác Nặm"]
    assert queries.parents(commune, on=MAP_DAY) == []
    country = queries.area("country", "VN", on=EVE)
    assert country is not None
    many = queries.parents_of([commune, country], on=EVE)
    assert many == {commune.pk: queries.parents(commune, on=EVE), country.pk: []}


def test_the_line_of_an_area(house: factories.World) -> None:
    [old, new] = queries.versions("commune", "01900")
    assert [(kin.link.kind, kin.area.name) for kin in queries.successors(old) if kin.area] == [
        ("partial", "Chợ Rã")]
    assert [(kin.link.kind, kin.area.name) for kin in queries.predecessors(new) if kin.area] == [
        ("full", "Khang Ninh")]
    assert queries.predecessors(old) == []
    assert queries.successors(new) == []
    cho_ra = queries.area("commune", "01903", on=MAP_DAY)
    assert cho_ra is not None
    assert {(kin.link.old_code, kin.area is None) for kin in queries.predecessors(cho_ra)} == {
        ("01900", False), ("01999", True)}
    assert [link.new_code for link in queries.links(old="01840")] == ["01900"]
    assert len(queries.links(new="01903")) == 2


def test_former_names(house: factories.World) -> None:
    assert [each.name for each in queries.former("khang", on=MAP_DAY)] == ["Khang Ninh"]
    assert queries.former("khang", on=EVE) == []
    assert queries.former("  ", on=MAP_DAY) == []


def test_counts_of_two_days(house: factories.World) -> None:
    before, after = queries.tally(EVE), queries.tally(MAP_DAY)
    assert before.levels == {"country": 1, "region": 1, "province": 1, "district": 1,
                             "commune": 2}
    assert before.below == {"06": Counter(commune=2, district=1)}
    assert after.levels == {"country": 1, "province": 2, "commune": 3}
    assert after.below == {"04": Counter(commune=1), "19": Counter(commune=2)}


def test_names_of_many_areas_at_once(house: factories.World) -> None:
    wanted = [("commune", "01900"), ("province", "19"), ("province", "01900")]
    assert queries.names(wanted, on=MAP_DAY) == {
        ("commune", "01900"): "Ba Bể", ("province", "19"): "Thái Nguyên"}


def test_who_can_be_asked(house: factories.World) -> None:
    manager = factories.actor(house.manager)
    receiver = house.manager.unit

    def asked(kind: str, on: date = MAP_DAY) -> list[str]:
        return [each.unit.code for each in queries.answering(manager, receiver, kind=kind, on=on)]

    assert asked("commune") == ["XA-BABE", "XA-CHORA"]
    assert asked("commune", EVE) == []
    assert asked("focal") == []
    assert queries.answering(
        factories.actor(house.neighbour), receiver, kind="commune", on=MAP_DAY) == []


def test_jurisdictions_are_read_within_ones_branch(house: factories.World) -> None:
    own = queries.jurisdictions(factories.actor(house.officer), on=MAP_DAY)
    assert [each.code for each in own] == ["01900"]
    assert queries.jurisdictions(factories.actor(house.officer), on=EVE) == []
    province = queries.jurisdictions(
        factories.actor(house.manager), on=MAP_DAY, unit=house.manager.unit_id)
    assert [each.code for each in province] == ["19"]
    assert queries.responsible("commune", "01900", on=EVE) is None


def test_the_tree_is_handed_to_plans_whole(house: factories.World) -> None:
    rows = queries.tree_rows()
    assert ("commune", "01840", "district", "061", None, MAP_DAY) in rows
    assert len(rows) == 11


def test_the_check_counts_and_names_every_doubt(house: factories.World) -> None:
    checked = queries.check_map()
    assert checked.counts[(EVE, "commune")] == 2
    assert checked.counts[(MAP_DAY, "province")] == 2
    said = " | ".join(checked.doubts)
    assert "01900 → 01903: hai cách đọc khác nhau" in said
    assert "01999 → 01903: mã cũ không phải xã ngày 30/6/2025" in said
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("commune", "09999", "Xã", "Lạc", "province", "77", MAP_DAY)])
    assert any("Lạc (commune 09999) thuộc province 77" in each
               for each in queries.check_map().doubts)


@pytest.fixture
def split() -> None:
    """A goes to A and B by both readings, to C by one; the map has the km² of two of them."""
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("province", "A", "Tỉnh", "Cũ", "country", "VN", None, MAP_DAY),
        *(NewArea("province", code, "Tỉnh", code, "country", "VN", MAP_DAY, None, area_km2=km2)
          for code, km2 in (("A", "10.5"), ("B", "31.5"), ("C", "1"))),
    ])
    operations.enact(
        actor=HOUSE, decree="1", title="Tách", on=MAP_DAY, source="thử", at=AT,
        links=[NewLink("province", "A", "A", "partial", "both"),
               NewLink("province", "A", "B", "partial", "office"),
               NewLink("province", "A", "C", "full", "resolutions", doubtful=True)])


def test_between_two_days_the_office_is_followed(split: None) -> None:
    found = queries.between("province", EVE, MAP_DAY)
    assert found.parts["A"] == (Part("A", None), Part("B", None))
    weighed = queries.between("province", EVE, MAP_DAY, KeyKind.AREA).parts["A"]
    assert weighed == (Part("A", Fraction(1, 4), KeyKind.AREA),
                       Part("B", Fraction(3, 4), KeyKind.AREA))
    back = queries.between("province", MAP_DAY, EVE)
    assert back.parts["B"] == (Part("A"),)
    assert back.parts["C"] == (), "it is an heir by no reading that is followed"


def test_days_of_one_map_are_one_day(split: None) -> None:
    assert queries.drawn_on(MAP_DAY + timedelta(days=90)) == MAP_DAY
    assert queries.drawn_on(EVE) == queries.drawn_on(date(1990, 1, 1)) == EVE


def test_every_change_of_the_map_is_another_edition(split: None) -> None:
    before = queries.edition()
    operations.enact(actor=HOUSE, decree="2", title="Nhập", on=MAP_DAY, source="thử", at=AT,
                     links=[NewLink("province", "Z", "A", "full")])
    assert queries.edition() != before
