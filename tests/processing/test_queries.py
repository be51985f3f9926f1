"""Processing: what runs give, and to whom."""

from __future__ import annotations

from decimal import Decimal

import pytest

from nhasan.domain.cube import TOTAL, Cube
from nhasan.domain.observations import Status
from nhasan.domain.problems import WrongState
from nhasan.processing import operations, queries
from nhasan.processing.computation import Recipe
from tests import factories
from tests.factories import AT, HOUSE
from tests.processing.conftest import FLOW, Stage, decide

BA_BE, CHO_RA, THAI_NGUYEN = ("commune", "01900"), ("commune", "01903"), ("province", "19")


def run(stage: Stage, **policy: object) -> queries.Output:
    decide(stage.publisher, **policy)
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    operations.run_requested(actor=HOUSE, at=AT)
    return queries.output(stage.publisher, asked.pk)


def figure(cube: Cube, indicator: str, area: tuple[str, str], group: str = TOTAL,
           village: str = TOTAL) -> tuple[Decimal | None, Status, str]:
    at = cube.index()[f"THU:{indicator}", *area, "2025", group, village]
    row = cube.row(at)
    return row.value, row.status, row.coverage


def test_groups_and_communes_are_added_up_and_rates_come_last(stage: Stage) -> None:
    cube = run(stage).cube
    assert figure(cube, "01", BA_BE)[:2] == (Decimal(62 + 48 + 71), Status.REPORTED)
    assert figure(cube, "01", CHO_RA)[0] == Decimal(100 + 48 + 71)
    assert figure(cube, "01", THAI_NGUYEN, "02") == (Decimal(162), Status.REPORTED, "2/2")
    assert figure(cube, "03", THAI_NGUYEN)[0] == Decimal(28 + 23)
    assert figure(cube, "TY_LE", THAI_NGUYEN)[0] == Decimal("12.8")
    # A yes or no of a village does not add up, and neither do the names of villages.
    assert not any(row.key[0] == "THU:06" and row.key[1] == "province" for row in cube.rows())


def test_a_whole_with_a_missing_part_is_not_reported(stage: Stage) -> None:
    factories.areas.register(actor=HOUSE, source="thử", at=AT, areas=[
        factories.NewArea("commune", "01906", "Xã", "Thượng Minh", "province", "19",
                          factories.MAP_DAY),
    ])
    cube = run(stage).cube
    assert figure(cube, "01", THAI_NGUYEN) == (None, Status.NOT_REPORTED, "2/3")


def test_a_threshold_hides_small_counts_and_what_gives_them_away(stage: Stage) -> None:
    output = run(stage, threshold=5, dimensions=["ETHNIC_GROUP"])
    assert figure(output.cube, "03", CHO_RA, "08")[:2] == (None, Status.CONFIDENTIAL)
    assert figure(output.cube, "03", CHO_RA, "06")[1] is Status.CONFIDENTIAL
    assert figure(output.cube, "TY_LE", CHO_RA, "08")[1] is Status.CONFIDENTIAL
    log = queries.suppression_log(stage.publisher, output.run.pk)
    assert log["counts"] == output.run.suppressed
    assert log["counts"]["primary"] == 1
    assert log["counts"]["secondary"] >= 1
    assert "3" not in {str(part) for cell in log["suppressed"] for part in cell}
    # Inside the house the figures are still there, in the full cube of the run.
    full = queries.read_cube(queries.folder(output.run.pk) / queries.FULL)
    assert figure(full, "03", CHO_RA, "08")[0] == Decimal(3)


def test_sources_say_where_and_name_nobody(stage: Stage) -> None:
    output = run(stage)
    used = {origin for origin in output.cube.origins if origin >= 0}
    assert used == set(output.sources)
    said = str(output.sources)
    assert "Xã Ba Bể" in said
    assert "Hộ nghèo theo dân tộc" in said
    for person in (stage.world.officer, stage.world.reviewer):
        assert person.name not in said


def test_a_run_that_is_not_done_has_no_output(stage: Stage) -> None:
    decide(stage.publisher)
    asked = operations.request_run(actor=stage.publisher, dataflow=FLOW, at=AT)
    with pytest.raises(WrongState):
        queries.output(stage.publisher, asked.pk)


def test_a_preview_shows_what_the_actor_may_read(stage: Stage) -> None:
    decide(stage.publisher, threshold=5)
    whole = queries.preview(stage.publisher, FLOW, AT, {"AREA_LEVEL": ["province"]})
    assert figure(whole, "03", THAI_NGUYEN)[0] == Decimal(51)
    own = queries.preview(factories.actor(stage.world.officer), FLOW, AT)
    assert set(own.select({"AREA_LEVEL": ["commune"]}).column("REF_AREA")) == {"01900"}
    assert figure(own, "03", THAI_NGUYEN)[1] is Status.NOT_REPORTED


def test_a_recipe_is_kept_as_json(stage: Stage) -> None:
    decide(stage.publisher)
    kept = queries.recipe(FLOW)
    assert Recipe.from_json(kept.to_json()) == kept
    assert kept.levels == (("commune", "province"),)
    assert queries.recipe("KHONG-CO") == Recipe()
