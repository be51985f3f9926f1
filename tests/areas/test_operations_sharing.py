"""Shares of split areas: by a document, the whole of every area, what was said kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import pytest

from nhasan.areas import operations, queries
from nhasan.areas.models import AreaLink, AreaShare, ShareDecision
from nhasan.areas.operations import NewArea, NewLink, NewShare, ShareWithoutLink
from nhasan.domain.access import Actor
from nhasan.domain.correspondence import KeyKind, Part, SharesUneven
from nhasan.domain.problems import Forbidden, Invalid
from tests.breaking import refused
from tests.factories import AT, HOUSE, MAP_DAY

pytestmark = pytest.mark.django_db
EVE = date(2025, 6, 30)
THIRD = Fraction(1, 3)


@pytest.fixture(autouse=True)
def split() -> None:
    """A was split into A, B and C; of B alone the extent is known. D was not split."""
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        *(NewArea("commune", code, "Xã", code, "province", "19", None, MAP_DAY)
          for code in "AD"),
        *(NewArea("commune", code, "Xã", code, "province", "19", MAP_DAY, None,
                  area_km2="2" if code == "B" else "") for code in "ABCD"),
    ])
    operations.enact(
        actor=HOUSE, decree="1683", title="Sắp xếp", on=MAP_DAY, source="thử", at=AT,
        links=[*(NewLink("commune", "A", code, "partial") for code in "ABC"),
               NewLink("commune", "D", "D", "full")])


def given(*shares: tuple[str, str, Fraction], actor: Actor = HOUSE) -> ShareDecision:
    return operations.set_shares(
        actor=actor, level="commune", on=MAP_DAY, number="12/QĐ-UBND", source="thử", at=AT,
        shares=[NewShare(*each) for each in shares])


def parts(kind: KeyKind = KeyKind.TABLE) -> Sequence[Part]:
    return queries.between("commune", EVE, MAP_DAY, kind).parts["A"]


def keys(since: date = EVE, until: date = MAP_DAY) -> set[KeyKind]:
    return set(queries.split_keys("commune", since, until))


def test_a_table_shares_out_and_comes_before_other_keys() -> None:
    assert {part.share for part in parts()} == {None}
    assert keys() == {KeyKind.EQUAL}, "no table yet, and extents are known of one part alone"
    given(("A", "A", THIRD), ("A", "B", THIRD), ("A", "C", THIRD))
    assert set(parts()) == {Part(code, THIRD, KeyKind.TABLE) for code in "ABC"}
    assert parts(KeyKind.EQUAL) == parts()
    assert {part.share for part in parts(KeyKind.NONE)} == {None}
    assert keys() == {KeyKind.EQUAL, KeyKind.TABLE}
    assert queries.share_sources("commune", EVE, MAP_DAY) == ("12/QĐ-UBND",)


def test_keys_are_those_of_the_two_maps_asked_for() -> None:
    given(("A", "B", Fraction(1)))
    assert keys(MAP_DAY, date(2030, 1, 1)) == set(), "nothing was split"
    assert keys(MAP_DAY, EVE) == set(), "walked back each came from one"
    assert queries.share_sources("commune", date(2030, 1, 1), MAP_DAY) == ()


def test_a_later_table_counts_and_the_earlier_one_stays_on_record() -> None:
    before = queries.edition()
    given(("A", "A", THIRD), ("A", "B", THIRD), ("A", "C", THIRD))
    given(("A", "B", Fraction(1)))
    assert parts() == (Part("B", Fraction(1), KeyKind.TABLE),)
    assert AreaShare.objects.filter(replaced_at=AT).count() == 3
    assert queries.edition() != before, "pages that were read on the map before are read anew"


@pytest.mark.parametrize("shares", [
    [("A", "A", THIRD), ("A", "B", THIRD)],
    [("A", "A", Fraction(3, 2)), ("A", "B", Fraction(-1, 2))],
    [("A", "A", Fraction(1, 10**13)), ("A", "B", 1 - Fraction(1, 10**13))],
])
def test_shares_that_are_not_the_whole_are_refused(
    shares: list[tuple[str, str, Fraction]],
) -> None:
    with pytest.raises(SharesUneven) as found:
        given(("D", "D", Fraction(1)), *shares)
    assert "đơn vị A" in str(found.value)
    assert not ShareDecision.objects.exists()


def test_a_reading_that_is_not_followed_takes_no_share() -> None:
    operations.enact(
        actor=HOUSE, decree="1684", title="Cách đọc khác", on=MAP_DAY, source="thử", at=AT,
        links=[NewLink("commune", "D", "B", "full", "resolutions", doubtful=True)])
    AreaLink.objects.filter(old_code="D", new_code="D").update(agreement="office")
    with pytest.raises(ShareWithoutLink):
        given(("D", "B", Fraction(1)))
    given(("A", "B", Fraction(1, 2)), ("A", "C", Fraction(1, 2)))
    AreaLink.objects.filter(old_code="A").update(agreement="office")
    AreaLink.objects.filter(old_code="A", new_code="C").update(agreement="resolutions")
    assert {part.by for part in parts()} == {KeyKind.NONE}, "a table with a strange heir is none"


def test_a_share_must_go_along_a_link_and_be_named_once() -> None:
    with pytest.raises(ShareWithoutLink, match=r"D sang A"):
        given(("D", "A", Fraction(1)))
    with pytest.raises(Invalid, match="hai lần"):
        given(("A", "B", Fraction(1, 2)), ("A", "B", Fraction(1, 2)))
    with pytest.raises(Invalid):
        given()


def test_only_who_keeps_the_map_gives_shares() -> None:
    with pytest.raises(Forbidden):
        given(("A", "B", Fraction(1)), actor=Actor("x", "Ai đó"))


def test_the_database_keeps_what_was_said() -> None:
    made = given(("A", "B", Fraction(1)))
    link = AreaLink.objects.get(new_code="B")
    for above, below in ((2, 1), (-1, 2), (1, 0)):
        refused("area_share_within_whole", lambda above=above, below=below: (
            AreaShare.objects.create(decision=made, link=link, numerator=above,
                                     denominator=below, replaced_at=AT)))
    refused("area_share_once", lambda: AreaShare.objects.create(
        decision=made, link=link, numerator=1, denominator=2))
    refused("area_share_frozen_update", lambda: AreaShare.objects.update(denominator=2))
    refused("area_share_frozen_delete", lambda: AreaShare.objects.all().delete())
    refused("area_share_decision_frozen_update", lambda: ShareDecision.objects.update(number="x"))
    AreaShare.objects.create(
        decision=made, link=link, numerator=1, denominator=1, replaced_at=AT)
    refused("area_share_decision_frozen_delete", lambda: ShareDecision.objects.create(
        number="y", recorded_at=AT).delete())
