"""Cubes: columns of figures."""

import time
from decimal import Decimal

import pytest

from nhasan.domain.cube import TOTAL, Cube, CubeRow, dimensions
from nhasan.domain.observations import Confidentiality, Status
from nhasan.domain.problems import Invalid

DIMS = dimensions(["SEX", "ETHNIC_GROUP"])


def row(*key: str, value: str | None = "1", status: Status = Status.REPORTED,
        decimals: int = 0) -> CubeRow:
    return CubeRow(key, None if value is None else Decimal(value), status, decimals)


CUBE = Cube.of(DIMS, [
    row("S:1", "province", "02", "2019", "01", "F", value="12.5", decimals=1),
    row("S:1", "province", "01", "2019", "01", "F", value="7"),
    row("S:2", "province", "01", "2019", "01", "M", value=None, status=Status.CONFIDENTIAL),
])


def test_dimensions_have_one_order() -> None:
    assert DIMS == ("INDICATOR", "AREA_LEVEL", "REF_AREA", "TIME_PERIOD", "ETHNIC_GROUP", "SEX")
    with pytest.raises(ValueError, match="out of order"):
        Cube.empty(("AREA_LEVEL", "INDICATOR", "REF_AREA", "TIME_PERIOD"))


def test_rows_come_back_as_they_were_given() -> None:
    first, _, last = CUBE.rows()
    assert (first.value, first.decimals) == (Decimal("12.5"), 1)
    assert (last.value, last.status, last.conf) == (
        None, Status.CONFIDENTIAL, Confidentiality.CONFIDENTIAL,
    )


def test_a_reported_figure_has_a_value() -> None:
    with pytest.raises(ValueError, match="exactly when"):
        Cube.of(DIMS, [row("S:1", "province", "01", "2019", "01", "F", value=None)])


def test_a_key_names_every_dimension() -> None:
    with pytest.raises(ValueError, match="every dimension"):
        Cube.of(DIMS, [row("S:1", "province", "01", "2019")])


def test_selecting_and_sorting() -> None:
    assert [r.key[2] for r in CUBE.sorted().rows()] == ["01", "01", "02"]
    found = CUBE.select({"SEX": {"F"}, "REF_AREA": {"01", "02"}})
    assert [r.value for r in found.rows()] == [Decimal("12.5"), Decimal(7)]


def test_decimals_are_made_alike_without_changing_a_value() -> None:
    aligned = CUBE.aligned()
    assert list(aligned.decimals) == [1, 1, 0]
    assert [r.value for r in aligned.rows()] == [Decimal("12.5"), Decimal("7.0"), None]


def test_joining_widens_to_the_total() -> None:
    plain = Cube.of(dimensions([]), [row("S:1", "province", "01", "2018")])
    both = plain.joined(CUBE)
    assert both.dims == DIMS
    assert both.row(0).key == ("S:1", "province", "01", "2018", TOTAL, TOTAL)
    assert len(both) == 4


def test_two_figures_at_one_key_are_refused() -> None:
    with pytest.raises(Invalid):
        CUBE.joined(CUBE).index()


def test_the_digest_knows_content_and_not_order() -> None:
    turned = CUBE.take([2, 0, 1])
    assert turned.digest() == CUBE.digest()
    other = Cube.of(DIMS, [row("S:1", "province", "02", "2019", "01", "F", value="13")])
    assert other.digest() != CUBE.take([0]).digest()


def test_half_a_million_figures_are_handled_in_seconds() -> None:
    n = 500_000
    started = time.process_time()
    cube = Cube(
        DIMS,
        (["S:1"] * n, ["commune"] * n, [str(i % 9000) for i in range(n)], ["2019"] * n,
         [str(i // 9000) for i in range(n)], ["F"] * n),
        list(range(n)), [0] * n, ["A"] * n, [""] * n, [-1] * n,
    )
    assert len(cube.select({"REF_AREA": {"17"}})) == n // 9000 + 1
    assert cube.sorted().row(0).key[2] == "0"
    assert time.process_time() - started < 8
