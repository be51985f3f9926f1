"""The line of an area: drawn in columns of time, branch by branch."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.area_lines import AreaLine, Place, Stand, Strand

FIRST, SECOND = date(2020, 2, 1), date(2025, 7, 1)


def _line(focus: str, *strands: tuple[str, str, date, str]) -> AreaLine:
    keys = {focus, *(end for old, new, _, _ in strands for end in (old, new) if end)}
    return AreaLine(
        focus, {key: Stand(key, "commune", key, key) for key in keys},
        tuple(Strand(old, new, on, kind, f"NQ-{on.year}") for old, new, on, kind in strands))


def test_a_place_stands_from_the_change_that_made_it_to_the_one_that_ended_it() -> None:
    found = _line("c", ("a", "b", FIRST, "full"), ("b", "c", SECOND, "full"),
                  ("x", "c", SECOND, "partial"))
    assert found.days == (FIRST, SECOND)
    placed = found.laid_out()
    assert {key: place[:2] for key, place in placed.items()} == {
        "a": (0, 0), "b": (1, 1), "x": (1, 1), "c": (2, 2)}
    assert placed["c"].row == (placed["b"].row + placed["x"].row) / 2
    assert [strand.old for strand in found.origins] == ["b", "x"]
    assert found.heirs == ()
    assert found.decrees(SECOND) == ("NQ-2025",)


def test_a_place_that_outlived_a_change_of_others_is_as_long_as_it_stood() -> None:
    later = date(2026, 4, 30)
    found = _line("e", ("a", "b", FIRST, "full"), ("b", "d", SECOND, "full"),
                  ("d", "e", later, "full"), ("a", "c", FIRST, "partial"),
                  ("c", "e", later, "full"))
    assert found.laid_out()["c"][:2] == (1, 2)


def test_the_area_itself_is_at_one_height_on_both_sides() -> None:
    found = _line("m", *((f"o{n}", "m", FIRST, "full") for n in range(5)),
                  ("m", "n1", SECOND, "partial"), ("m", "n2", SECOND, "partial"))
    placed = found.laid_out()
    assert placed["m"] == Place(1, 1, 2)
    assert [placed["n1"].row, placed["n2"].row] == [1.5, 2.5]


def test_an_area_without_changes_or_in_a_circle_is_still_laid_out() -> None:
    assert _line("a").laid_out() == {"a": Place(0, 0, 0)}
    circle = _line("a", ("a", "b", FIRST, "full"), ("b", "a", SECOND, "full"))
    assert set(circle.laid_out()) == {"a", "b"}
    ended = _line("a", ("a", "", SECOND, "ended"))
    assert ended.laid_out() == {"a": Place(0, 0, 0)}


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 5), st.integers(0, 5)), max_size=20))
def test_no_two_places_of_one_side_lie_on_one_another(edges: list[tuple[int, int, int]]) -> None:
    reached, strands = {"0-0"}, []
    for step, old, new in sorted(set(edges)):
        if (heir := f"{step}-{new}") in reached:
            reached.add(f"{step + 1}-{old}")
            strands.append((f"{step + 1}-{old}", heir, date(2020 - step, 1, 1), "full"))
    found = _line("0-0", *strands)
    placed = found.laid_out()
    for column in range(len(found.days) + 1):
        rows = sorted(place.row for place in placed.values()
                      if place.first <= column <= place.last)
        assert all(later - row >= 1 for row, later in pairwise(rows))
