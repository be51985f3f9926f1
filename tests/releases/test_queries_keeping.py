"""What is kept for the next reader: bounded, and made once."""

from __future__ import annotations

import pytest

from nhasan.releases.queries.keeping import Shelf


class _Weight(list[int]):
    """Something as heavy as it is long."""


def test_a_shelf_keeps_no_more_than_it_can_bear() -> None:
    shelf: Shelf[int, _Weight] = Shelf(10)
    made: list[int] = []

    def get(key: int) -> None:
        shelf.get(key, lambda: (made.append(key), _Weight(range(4)))[1])

    for key in (1, 2, 1, 3, 1, 2):
        get(key)
    assert made == [1, 2, 3, 2], "the one that was asked for longest ago goes first"
    assert len(shelf) == 8
    with pytest.raises(ValueError, match="no"):
        shelf.get(9, _refuse)
    shelf.get(9, lambda: _Weight(range(50)))
    assert len(shelf) == 50, "what is too heavy is kept alone"


def _refuse() -> _Weight:
    raise ValueError("no")
