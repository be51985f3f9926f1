"""Maps: the outlines of the figure's own day, steps that can be read, marks that are no number."""

from __future__ import annotations

import json
import re
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nhasan.domain.observations import CONFIDENTIAL, NOT_APPLICABLE, NOT_REPORTED, Figure, reported
from nhasan.interfaces.maps import drawn
from nhasan.interfaces.outlines import Outlines, outlines_of, tiles_of
from nhasan.interfaces.scales import STEPS, scale_of

BEFORE, AFTER = date(2025, 6, 30), date(2025, 7, 1)


def provinces(day: date) -> Outlines:
    found = outlines_of("province", day, frozenset({"01"}))
    assert found is not None
    return found


@pytest.mark.parametrize(("day", "count"), [(BEFORE, 63), (AFTER, 34)])
def test_the_map_is_that_of_the_day(day: date, count: int) -> None:
    found = provinces(day)
    assert len(found.areas) == count
    assert ("06" in {area.code for area in found.areas}) == (day == BEFORE)
    assert all(area.path.startswith("M") and area.path.endswith("z") for area in found.areas)


@pytest.mark.parametrize("day", [BEFORE, AFTER])
def test_the_archipelagos_are_drawn_and_named(day: date) -> None:
    found = drawn(provinces(day), {}, name="t", title="Thử", areas=lambda _: "tỉnh")
    islets = re.search(r'class="dao" d="([^"]+)"', found.svg)
    assert islets
    assert islets[1].count("M") > 100
    assert "Quần đảo Hoàng Sa" in found.svg
    assert "Quần đảo Trường Sa" in found.svg


def test_a_province_is_drawn_alone_only_when_all_lie_in_it() -> None:
    communes = outlines_of("commune", AFTER, frozenset({"01840"}))
    assert communes is not None
    assert not communes.country
    assert len(communes.areas) == 92
    assert "Hoàng Sa" not in drawn(communes, {}, name="t", title="", areas=lambda _: "xã").svg
    assert outlines_of("commune", AFTER, frozenset({"01840", "00004"})) is None
    assert outlines_of("commune", AFTER, frozenset({"00004"})) is None
    assert outlines_of("region", AFTER, frozenset({"R1"})) is None


def test_hidden_and_missing_areas_are_marked_and_counted() -> None:
    figures = {"01": reported(5), "02": CONFIDENTIAL, "04": NOT_REPORTED, "06": NOT_APPLICABLE,
               "08": reported(0)}
    found = drawn(provinces(BEFORE), figures, name="t", title="Thử", areas=lambda _: "tỉnh")
    words = [key.words for key in found.key]
    assert words[-3:] == ["bảo mật: 1 tỉnh", "chưa có: 59 tỉnh", "không áp dụng: 1 tỉnh"]
    marked = dict(re.findall(r'<path ([^>]+?) vector[^>]+><title>([^:]+):', found.svg))
    by_name = {name: look for look, name in marked.items()}
    assert "t-gach-5" in by_name["Hà Giang"]
    assert "t-trang-5" in by_name["Bắc Kạn"]
    assert 'class="b5"' in found.svg or 'class="b4"' in found.svg
    assert "Hà Nội: 5<" in found.svg
    assert "Hà Giang: bảo mật<" in found.svg


def test_names_cannot_smuggle_markup() -> None:
    found = drawn(provinces(BEFORE), {}, name="t", title="<script>", areas=lambda _: "<b>")
    assert "<script>" not in found.svg


numbers = st.decimals(min_value=-10**9, max_value=10**9, places=2, allow_nan=False)


@given(st.lists(numbers, max_size=70))
def test_steps_are_few_ascending_and_none_is_empty(values: list[Decimal]) -> None:
    scale = scale_of(values)
    assert list(scale.bounds) == sorted(set(scale.bounds))
    assert len(scale.bounds) <= STEPS  # three steps on either side of 0, else five
    if any(value < 0 for value in values) and any(value > 0 for value in values):
        assert Decimal(0) in scale.bounds
    steps = {scale.step(value) for value in values}
    if scale.bounds:
        assert steps == set(range(1, len(scale.bounds) + 2))
    shades = [scale.shade(step) for step in range(1, len(scale.bounds) + 2)]
    assert shades == sorted(set(shades))


@given(st.lists(numbers, min_size=2, max_size=70))
def test_loss_and_gain_never_share_a_hue(values: list[Decimal]) -> None:
    scale = scale_of(values)
    if min(values) < 0 <= max(values):
        assert all((scale.darkness(value) < 0) == (value < 0) for value in values)
    else:
        assert all(scale.darkness(value) > 0 for value in values)


def test_a_map_of_loss_and_gain_says_how_many_are_below_nothing() -> None:
    figures = {"01": Figure(Decimal(2)), "02": Figure(Decimal(-1)), "04": Figure(Decimal(-3))}
    found = drawn(provinces(BEFORE), figures, name="t", title="", areas=lambda _: "tỉnh")
    assert found.signs == (1, 2)
    assert 'class="b-am' in found.svg
    assert any(key.words.startswith("từ 0 (1 tỉnh") for key in found.key)


def test_an_area_with_a_figure_leads_to_its_page_and_no_other_does() -> None:
    found = drawn(provinces(BEFORE), {"06": reported(5)}, name="t", title="",
                  areas=lambda _: "tỉnh", address=lambda code: f"/dia-ban/province/{code}/")
    assert found.svg.count("<a href=") == 1
    assert 'href="/dia-ban/province/06/"' in found.svg


@given(st.lists(numbers, min_size=1, max_size=70))
def test_more_is_never_lighter(values: list[Decimal]) -> None:
    scale = scale_of(values)
    shades = [scale.darkness(value) for value in sorted(values)]
    assert shades == sorted(shades)


@given(st.dictionaries(st.sampled_from(["01", "02", "04", "06"]),
                       st.one_of(numbers.map(Figure), st.just(CONFIDENTIAL))))
def test_every_area_is_counted_once(figures: dict[str, Figure]) -> None:
    found = drawn(provinces(BEFORE), figures, name="t", title="", areas=lambda _: "tỉnh")
    counts = [int(match[1]) for key in found.key
              if (match := re.search(r"(\d+) tỉnh\)?$", key.words))]
    assert sum(counts) == 63


def _brought(folder: Path, features: list[dict[str, object]] | str, **entry: str) -> None:
    """Lay outlines of an installation's own into its folder."""
    facts = {"file": "own.geojson", "level": "commune", "within": "province:19",
             "map_from": "2025-07-01", "map_to": "", **entry}
    folder.mkdir(exist_ok=True)
    (folder / "own.geojson").write_text(
        features if isinstance(features, str) else json.dumps({"features": features}), "utf-8")
    (folder / "index.json").write_text(json.dumps([facts]), "utf-8")


def _square(code: str, west: float = 105.0) -> dict[str, object]:
    ring = [[west, 22], [west + 1, 22], [west + 1, 23], [west, 23], [west, 22]]
    return {"properties": {"code": code, "name": "Ô"},
            "geometry": {"type": "Polygon", "coordinates": [ring]}}


def test_outlines_of_the_installation_come_before_those_shipped(
    settings: Any, tmp_path: Path,
) -> None:
    settings.BOUNDARIES = tmp_path / "own"
    wanted = ("commune", AFTER, frozenset({"01840"}))
    assert len(outlines_of(*wanted).areas) == 92  # type: ignore[union-attr]
    _brought(tmp_path / "own", [_square("01840"), _square("01843", 106)])
    assert len(outlines_of(*wanted).areas) == 2  # type: ignore[union-attr]
    beyond = outlines_of("commune", AFTER, frozenset({"01840", "01849"}))
    assert beyond is not None
    assert len(beyond.areas) == 92, "the own file does not hold them all"
    assert len(outlines_of("commune", date(2019, 1, 1), frozenset({"01840"})).areas) == 122  # type: ignore[union-attr]


@pytest.mark.parametrize(("features", "entry"), [
    ("{not json", {}), ("[]", {}), ([{"properties": {}}], {}), ([], {}),
    ([_square("01840")], {"file": "../own.geojson"}), ([_square("01840")], {"map_from": "nay"}),
    ([_square("01840")], {"file": "gone.geojson"}),
])
def test_a_bad_file_of_outlines_takes_no_page_away(
    settings: Any, tmp_path: Path, features: Any, entry: dict[str, str],
) -> None:
    settings.BOUNDARIES = tmp_path / "own"
    _brought(tmp_path / "own", features, **entry)
    found = outlines_of("commune", AFTER, frozenset({"01840"}))
    assert found is not None
    assert len(found.areas) == 92


def test_a_map_of_the_country_without_the_archipelagos_is_not_taken(
    settings: Any, tmp_path: Path,
) -> None:
    settings.BOUNDARIES = tmp_path / "own"
    _brought(tmp_path / "own", [_square("01")], level="province", within="")
    assert len(provinces(AFTER).areas) == 34


@given(st.integers(1, 1000))
def test_every_area_without_outlines_has_a_square_within_the_drawing(count: int) -> None:
    found = tiles_of("commune", [(f"{number:05}", f"Xã {number}") for number in range(count)])
    assert found is not None
    assert (found.tiled, found.country) == (True, False)
    corners = [tuple(map(int, re.findall(r"-?\d+", area.path)[:3])) for area in found.areas]
    assert len({(x, y) for x, y, _side in corners}) == count
    sides = {side for _x, _y, side in corners}
    assert len(sides) == 1
    assert min(sides) > 5
    for x, y, side in corners:
        assert (x + side) / 5 <= found.width
        assert (y + side) / 5 <= found.height
        assert not any(x < a < x + side and y < b < y + side for a, b, _side in corners[:50])


def test_squares_stand_in_the_order_of_codes_and_none_are_too_many() -> None:
    found = tiles_of("province", [("04", "Cao Bằng"), ("02", "Hà Giang"), ("01", "Hà Nội")])
    assert found is not None
    assert [area.name for area in found.areas] == ["Hà Nội", "Hà Giang", "Cao Bằng"]
    shown = str(drawn(found, {"04": reported(Decimal(7))}, name="t", title="Thử",
                      areas=lambda _: "tỉnh").svg)
    assert "<title>Cao Bằng: 7</title>" in shown
    assert "Hoàng Sa" not in shown
    assert tiles_of("commune", []) is None
    assert tiles_of("commune", [(str(number), "x") for number in range(1001)]) is None
