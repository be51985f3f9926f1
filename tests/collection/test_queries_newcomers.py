"""Who has filled in new indicators: by the cells that ask for them, within authority."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from nhasan.collection import operations, queries
from nhasan.collection.queries.newcomers import fillings, places
from nhasan.domain.problems import Problem
from tests import factories
from tests.factories import AT

pytestmark = pytest.mark.django_db
NEW = {"THU:03", "THU:07"}


@pytest.fixture
def house() -> factories.World:
    return factories.world()


def test_the_cells_of_new_indicators_are_found(house: factories.World) -> None:
    found = places(queries.form_version("THU-HO-NGHEO"), NEW)
    assert found.holds("ho", "tay", "ngheo")
    assert found.holds("thon", "o1", "dat")
    assert not found.holds("ho", "tay", "tong")
    assert not found.holds("khac", "tay", "ngheo")


def test_a_row_may_ask_for_an_indicator(house: factories.World) -> None:
    factories.publish({
        "id": "DONG", "version": "1", "title": "Theo dòng", "tables": [{
            "id": "b", "title": "b", "rows": [
                {"id": "cu", "label": "Cũ", "bind": {"INDICATOR": "THU:01"}},
                {"id": "moi", "label": "Mới", "bind": {"INDICATOR": "THU:03"}}],
            "columns": [{"id": "so", "label": "Số"}]}]})
    found = places(queries.form_version("DONG"), NEW)
    assert found.holds("b", "moi", "so")
    assert not found.holds("b", "cu", "so")


def test_who_filled_nothing_of_them_comes_first(house: factories.World) -> None:
    factories.fill(house.other_report, house.other_officer, {"ho/tay/tong": "62"}, ())
    factories.fill(house.report, house.officer)
    found = fillings(factories.actor(house.manager), NEW)
    assert [(each.report.unit.code, each.filled) for each in found] == [
        ("XA-CHORA", 0), ("XA-BABE", 4)]


def test_what_was_emptied_or_taken_back_does_not_count(house: factories.World) -> None:
    factories.fill(house.report, house.officer)
    operations.save_cells(
        actor=factories.actor(house.officer), assignment=house.report.pk, channel="screen", at=AT,
        changes=[operations.Change("ho/tay/ngheo", "", 1)])
    operations.take_back(
        actor=factories.actor(house.manager), assignment=house.other_report.pk, reason="thử",
        at=AT)
    [only] = fillings(factories.actor(house.manager), NEW)
    assert only.filled == 3


def test_only_the_receiver_sees_it_and_only_of_what_is_asked(house: factories.World) -> None:
    for person in (house.neighbour, house.officer):
        assert not fillings(factories.actor(person), NEW)
    assert not fillings(factories.actor(house.manager), {"THU:99"})
    with pytest.raises(Problem):
        queries.form_version("THU:99")


def test_it_takes_as_many_queries_for_any_number_of_reports(
    house: factories.World, django_assert_max_num_queries: Callable[..., Any],
) -> None:
    factories.fill(house.report, house.officer)
    factories.fill(house.other_report, house.other_officer)
    with django_assert_max_num_queries(4):
        assert len(fillings(factories.actor(house.manager), NEW)) == 2
