"""Two releases side by side: nothing that differs is left out, nothing hidden is told."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.cube import TOTAL, Cube, CubeRow, dimensions
from nhasan.domain.disclosure import DisclosurePolicy, protect
from nhasan.domain.observations import Figure, Status
from nhasan.domain.revision import revision

DIMS = dimensions(["ETHNIC_GROUP"])
KEYS = [("I", "commune", area, "2025", group) for area in ("1", "2") for group in ("01", "02")]
Said = dict[tuple[str, ...], int]


def cube(figures: Said, decimals: int = 0) -> Cube:
    return Cube.of(DIMS, [
        CubeRow(key, Decimal(value), Status.REPORTED, decimals) for key, value in figures.items()
    ])


figures = st.dictionaries(st.sampled_from(KEYS), st.integers(0, 9))


@given(figures, figures)
def test_what_differs_is_told_and_nothing_else(old: Said, new: Said) -> None:
    found = revision(cube(old), cube(new))
    told = {
        row.key: (row.before and row.before.value, row.after and row.after.value)
        for row in found.rows
    }
    assert told == {
        key: (old.get(key), new.get(key)) for key in {*old, *new} if old.get(key) != new.get(key)
    }
    counts = found.counts()
    assert counts["new"] == len(new.keys() - old.keys())
    assert counts["gone"] == len(old.keys() - new.keys())
    assert counts["new"] + counts["changed"] + found.same == len(new)
    assert sum(sum(each.values()) for each in found.by_indicator().values()) == len(found.rows)
    assert [row.key for row in found.rows] == sorted(told, key=lambda key: (*key[1:4], key[0]))


@given(figures, figures)
def test_a_small_count_is_never_told(old: Said, new: Said) -> None:
    policy = DisclosurePolicy(threshold=5, indicators=frozenset({"I"}))
    shown = [protect(cube(said), policy)[0] for said in (old, new)]
    for row in revision(*shown).rows:
        for figure in (row.before, row.after):
            assert figure is None or figure.value is None or not 0 < figure.value < 5


def test_more_decimals_say_nothing_new() -> None:
    said: Said = {KEYS[0]: 3}
    found = revision(cube(said), cube(said, 2))
    assert (found.rows, found.same, found.uncovered()) == ((), 1, 0)


def test_a_figure_that_is_hidden_now_is_a_change() -> None:
    now = Cube.of(DIMS, [CubeRow(KEYS[0], None, Status.CONFIDENTIAL)])
    found = revision(cube({KEYS[0]: 7}), now)
    [row] = found.rows
    assert found.uncovered() == 1
    assert (row.kind, row.before, row.after) == (
        "changed", Figure(Decimal(7), Status.REPORTED), Figure(None, Status.CONFIDENTIAL),
    )


def test_a_breakdown_more_leaves_the_totals_where_they_were() -> None:
    narrow = Cube.of(dimensions([]), [CubeRow(KEYS[0][:4], Decimal(9), Status.REPORTED)])
    wide = cube({(*KEYS[0][:4], TOTAL): 9, KEYS[1]: 4})
    assert [row.kind for row in revision(narrow, wide).rows] == ["new"]
    assert [row.kind for row in revision(wide, narrow).rows] == ["gone"]
