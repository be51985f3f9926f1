"""The line of an area: along the links of changes, never by a code that was used again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.areas import operations, queries
from nhasan.areas.operations import NewArea, NewLink
from tests import factories
from tests.factories import AT, HOUSE, MAP_DAY

pytestmark = pytest.mark.django_db
FIRST = date(2020, 2, 1)


@pytest.fixture(autouse=True)
def house() -> None:
    factories.country()
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("commune", "01840", "Xã", "Khang", "province", "06", None, FIRST),
        NewArea("commune", "01840", "Xã", "Khang Ninh", "province", "06", FIRST, MAP_DAY),
        NewArea("commune", "01900", "Xã", "Bằng Lũng", "province", "06", None, MAP_DAY),
    ])
    for on, decree, links in (
        (FIRST, "855", [NewLink("commune", "01840", "01840", "renamed"),
                        NewLink("commune", "01777", "01840", "partial")]),
        (MAP_DAY, "1683", [NewLink("commune", "01840", "01900", "full", "both"),
                           NewLink("commune", "01900", "01903", "partial", "office",
                                   doubtful=True),
                           NewLink("commune", "01841", "", "ended")]),
    ):
        operations.enact(actor=HOUSE, decree=decree, title="Sắp xếp", on=on, source="thử",
                         at=AT, links=links)


def _told(line: Any) -> set[tuple[str, str, str]]:
    return {(line.stands[each.old].title, line.stands[each.new].title if each.new else "",
             each.kind) for each in line.strands}


def test_a_line_goes_through_every_change() -> None:
    ba_be = queries.area("commune", "01900", on=MAP_DAY)
    assert ba_be is not None
    line = queries.line(ba_be)
    assert _told(line) == {("Xã Khang", "Xã Khang Ninh", "renamed"), ("", "Xã Khang Ninh",
                           "partial"), ("Xã Khang Ninh", "Xã Ba Bể", "full")}
    unknown = next(each for each in line.stands.values() if not each.known)
    assert (unknown.code, unknown.until) == ("01777", FIRST)
    assert not line.cut


def test_places_of_one_code_have_lines_of_their_own() -> None:
    ba_be, bang_lung = queries.lines("commune", "01900")
    assert "Xã Bằng Lũng" not in {each.title for each in ba_be.stands.values()}
    assert _told(bang_lung) == {("Xã Bằng Lũng", "Xã Chợ Rã", "partial")}
    assert bang_lung.strands[0].doubtful
    [khang] = queries.lines("commune", "01840")
    assert len(khang.stands) == 4, "both versions of the code lie on one line"
    assert queries.lines("commune", "01500") == []


def test_the_length_of_a_line_costs_a_few_queries(django_assert_max_num_queries: Any) -> None:
    found = queries.area("commune", "01900", on=MAP_DAY)
    assert found is not None
    with django_assert_max_num_queries(8):
        queries.line(found)


def test_a_line_that_is_too_long_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("nhasan.areas.queries.descent.MOST_STANDS", 1)
    found = queries.area("commune", "01900", on=MAP_DAY)
    assert found is not None
    assert queries.line(found).cut
