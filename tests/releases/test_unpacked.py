"""A large release is mapped indicator by indicator, and says what it says when it is read."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.identity import Urn
from nhasan.releases import folder, queries, unpacked
from nhasan.releases.queries import shelf
from nhasan.releases.queries.shelf import Columns
from tests.processing.conftest import decide
from tests.releases.conftest import NAME, House

KEYS = ("AREA_LEVEL", "REF_AREA", "TIME_PERIOD", "INDICATOR", "SEX")
CODES = st.lists(st.sampled_from("abcx"), max_size=3)  # nothing is called x


@pytest.fixture
def forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelf, "_shelf", shelf.OrderedDict())


def test_mapped_or_read_a_slice_is_the_same(
    house: House, forgotten: None, monkeypatch: pytest.MonkeyPatch,
) -> None:
    decide(house.drafter, threshold=10, interval=2)
    urn = Urn.parse(house.published().manifest["urn"])
    refs = shelf.opened(urn).indicators
    asked: list[dict[str, list[str]]] = [
        {"INDICATOR": [ref], **more} for ref in [*refs, "THU:KHONG"]
        for more in ({}, {"REF_AREA": ["01900"]}, {"AREA_LEVEL": ["province"]})]
    whole = [queries.figures_arrow(NAME, where) for where in asked]
    rows = [queries.figures(NAME, where).rows for where in asked]
    shelf._shelf.clear()
    monkeypatch.setattr(shelf, "LARGE", 0)
    monkeypatch.setattr(shelf.Opened, "columns", _never)
    for _again in range(2):
        assert [queries.figures_arrow(NAME, where) for where in asked] == whole
        assert [queries.figures(NAME, where).rows for where in asked] == rows
        shelf._shelf.clear()
    kept = unpacked.path_of(urn, next(iter(refs)))
    assert kept.parent.is_dir()
    assert kept.parent.parent != folder.published_folder(urn).parent


def _never(held: Any) -> None:
    raise AssertionError("a large release is not read whole")


@given(rows=st.sets(st.tuples(*[st.integers(0, 2)] * len(KEYS)), max_size=40),
       where=st.dictionaries(st.sampled_from(KEYS), CODES))
def test_halving_finds_what_looking_through_finds(
    rows: set[tuple[int, ...]], where: dict[str, list[str]],
) -> None:
    ordered = sorted(rows)
    nothing = pa.nulls(len(ordered))
    columns = Columns(
        {dim: np.array([row[at] for row in ordered], np.int16) for at, dim in enumerate(KEYS)},
        {dim: list("abc") for dim in KEYS},
        {dim: {code: at for at, code in enumerate("abc")} for dim in KEYS},
        nothing, nothing, nothing, nothing)
    by_looking = [
        at for at, row in enumerate(ordered)
        if all("abc"[row[KEYS.index(dim)]] in codes for dim, codes in where.items())]
    assert columns.chosen(where).tolist() == by_looking
