"""What the database itself promises of artefacts: named once, frozen once in force."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.domain.access import EVERYTHING
from nhasan.metadata import operations
from nhasan.metadata.models import (
    Code,
    CodeList,
    Component,
    Correspondence,
    CorrespondenceItem,
    CriteriaSet,
    Dataflow,
    DataStructure,
    Indicator,
    IndicatorSet,
    SeriesBreak,
)
from nhasan.organisations.models import OrganisationUnit
from tests import factories
from tests.breaking import refused
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db

ARTEFACTS: dict[str, Any] = {
    "code_list": CodeList, "correspondence": Correspondence, "indicator_set": IndicatorSet,
    "data_structure": DataStructure, "dataflow": Dataflow, "criteria_set": CriteriaSet,
}
PROMISES = {
    kind: {
        "once": f"{kind}_named_once", "known": f"{kind}_state_known",
        "one": f"{kind}_one_in_force", "forward": f"{kind}_state_goes_forward_update",
        "update": f"{kind}_in_force_frozen_update", "delete": f"{kind}_in_force_frozen_delete",
    }
    for kind in ARTEFACTS
}
NAMES = (
    "code_list_named_once", "code_list_state_known", "code_list_one_in_force",
    "code_list_state_goes_forward", "code_list_in_force_frozen",
    "correspondence_named_once", "correspondence_state_known", "correspondence_one_in_force",
    "correspondence_state_goes_forward", "correspondence_in_force_frozen",
    "indicator_set_named_once", "indicator_set_state_known", "indicator_set_one_in_force",
    "indicator_set_state_goes_forward", "indicator_set_in_force_frozen",
    "data_structure_named_once", "data_structure_state_known", "data_structure_one_in_force",
    "data_structure_state_goes_forward", "data_structure_in_force_frozen",
    "dataflow_named_once", "dataflow_state_known", "dataflow_one_in_force",
    "dataflow_state_goes_forward", "dataflow_in_force_frozen",
    "criteria_set_named_once", "criteria_set_state_known", "criteria_set_one_in_force",
    "criteria_set_state_goes_forward", "criteria_set_in_force_frozen",
)
"""Written out, so that one who looks for a promise by its name finds it here."""


def test_every_promise_made_here_is_tried() -> None:
    made = {name for names in PROMISES.values() for name in names.values()}
    assert {name.removesuffix("_update").removesuffix("_delete") for name in made} == set(NAMES)


@pytest.fixture(autouse=True)
def shelf() -> None:
    """One artefact of each kind in force as version 1, and again as a draft, version 2."""
    for version in ("1", "2"):
        operations.draft_code_list(
            actor=HOUSE, agency="THU", identifier="CL", version=version, name_vi="Danh mục",
            name_en="", source="", codes=[{"code": "a", "name_vi": "A"}], at=AT,
        )
        operations.draft_correspondence(
            actor=HOUSE, agency="THU", identifier="DC", version=version, name_vi="Đối chiếu",
            source="", from_list="CL", to_list="CL", items=[("a", "a", "")], at=AT,
        )
        operations.draft_indicator_set(
            actor=HOUSE, agency="THU", identifier="BO", version=version, name_vi="Bộ",
            source="", decision={"number": "1"}, completeness="", illustrative=True, at=AT,
            indicators=[{"key": "01", "name_vi": "Số hộ"}],
        )
        operations.draft_dataflow(
            actor=HOUSE, agency="THU", identifier="LUONG", version=version, name_vi="Luồng",
            description="", subject="", source="", dimensions=[("D", "Phân tổ", "CL")],
            indicators=["BO:01"], policy={}, illustrative=True, at=AT,
        )
        operations.draft_criteria(
            actor=HOUSE, agency="THU", identifier="TC", version=version, name_vi="Tiêu chí",
            about="commune", legal_basis="Quyết định thử", source="", at=AT,
            rules={"classes": [{"code": "1", "label": "Một"}]},
        )
    for kind, identifier in (("code_list", "CL"), ("correspondence", "DC"),
                             ("indicator_set", "BO"), ("dataflow", "LUONG"),
                             ("criteria_set", "TC")):
        operations.put_in_force(
            actor=HOUSE, kind=kind, identifier=identifier, version="1", on=None, at=AT,
        )


def _rows(kind: str, state: str) -> Any:
    return ARTEFACTS[kind].objects.filter(state=state)


@pytest.mark.parametrize("kind", ARTEFACTS)
def test_an_artefact_is_named_once_and_in_force_once(kind: str) -> None:
    names = PROMISES[kind]
    refused(names["once"], lambda: _rows(kind, "draft").update(version="1"))
    refused(names["one"], lambda: _rows(kind, "draft").update(state="in_force"))


@pytest.mark.parametrize("kind", ARTEFACTS)
def test_states_are_known_and_go_forward(kind: str) -> None:
    names = PROMISES[kind]
    refused(names["known"], lambda: _rows(kind, "draft").update(state="asleep"))
    refused(names["forward"], lambda: _rows(kind, "in_force").update(state="draft"))
    _rows(kind, "in_force").update(state="retired")
    for state in ("draft", "in_force"):
        refused(names["forward"],
                lambda wanted=state: _rows(kind, "retired").update(state=wanted))


@pytest.mark.parametrize("column", [
    "agency", "identifier", "version", "name_vi", "name_en", "source",
])
@pytest.mark.parametrize("kind", ARTEFACTS)
def test_what_is_in_force_or_retired_is_not_edited(kind: str, column: str) -> None:
    names = PROMISES[kind]
    refused(names["update"], lambda: _rows(kind, "in_force").update(**{column: "khác"}))
    assert _rows(kind, "draft").update(**{column: "khác"}) == 1
    _rows(kind, "in_force").update(state="retired")
    refused(names["update"], lambda: _rows(kind, "retired").update(**{column: "khác"}))


@pytest.mark.parametrize("kind", ARTEFACTS)
def test_what_is_in_force_is_not_erased(kind: str) -> None:
    refused(PROMISES[kind]["delete"],
            lambda: _rows(kind, "in_force")._raw_delete(using="default"))


@pytest.mark.parametrize(("kind", "promise", "change"), [
    ("indicator_set", "indicator_set_in_force_frozen_update", {"completeness": "khác"}),
    ("indicator_set", "indicator_set_in_force_frozen_update", {"illustrative": False}),
    ("indicator_set", "indicator_set_content_frozen_update", {"decision": {"number": "2"}}),
    ("indicator_set", "indicator_set_basis_frozen_update", {"document_digest": "0" * 64}),
    ("indicator_set", "indicator_set_basis_frozen_update", {"document_name": "khác.pdf"}),
    ("indicator_set", "indicator_set_basis_frozen_update", {"amends": "0"}),
    ("indicator_set", "indicator_set_basis_frozen_update", {"difference": {"added": []}}),
    ("indicator_set", "indicator_set_basis_frozen_update", {"impact": {"forms": []}}),
    ("dataflow", "dataflow_in_force_frozen_update", {"description": "khác"}),
    ("dataflow", "dataflow_content_frozen_update", {"indicators": []}),
    ("dataflow", "dataflow_content_frozen_update", {"policy": {"public": "x"}}),
    ("dataflow", "dataflow_content_frozen_update", {"subject": "khác"}),
    ("dataflow", "dataflow_content_frozen_update", {"illustrative": False}),
    ("criteria_set", "criteria_set_in_force_frozen_update", {"rules": {}}),
    ("criteria_set", "criteria_set_in_force_frozen_update", {"about": "village"}),
    ("criteria_set", "criteria_set_in_force_frozen_update", {"legal_basis": "khác"}),
    ("criteria_set", "criteria_set_in_force_frozen_update", {"note": "khác"}),
    ("criteria_set", "criteria_set_in_force_frozen_update", {"form": "khác"}),
])
def test_what_an_artefact_rests_on_is_frozen_too(
    kind: str, promise: str, change: dict[str, Any],
) -> None:
    refused(promise, lambda: _rows(kind, "in_force").update(**change))
    assert _rows(kind, "draft").update(**change) == 1


def test_criteria_are_about_something_known() -> None:
    refused("criteria_set_subject_known",
            lambda: _rows("criteria_set", "draft").update(about="moon"))


def test_a_correspondence_in_force_keeps_its_lists() -> None:
    other = CodeList.objects.get(state="draft")
    for end in ("from_list", "to_list"):
        rows = _rows("correspondence", "in_force").exclude(**{end: other})
        if rows.exists():
            refused("correspondence_content_frozen_update",
                    lambda wanted=end, held=rows: held.update(**{wanted: other}))
    refused("correspondence_content_frozen_update",
            lambda: _rows("correspondence", "in_force").update(
                from_list=other, to_list=other))


def test_a_dataflow_in_force_keeps_its_structure() -> None:
    other = DataStructure.objects.get(state="draft")
    refused("dataflow_in_force_frozen_update",
            lambda: _rows("dataflow", "in_force").update(structure=other))


OWNED = {
    "code": (Code, "code_list", {"code": "b", "name_vi": "B", "position": 2}),
    "indicator": (Indicator, "indicator_set", {"key": "02", "name_vi": "B", "position": 2}),
    "component": (Component, "structure", {"identifier": "E", "name_vi": "E", "position": 2}),
    "correspondence_item": (CorrespondenceItem, "correspondence",
                            {"from_code": "b", "to_code": "b"}),
}
FROZEN_PARTS = (
    "code_in_force_frozen", "indicator_in_force_frozen", "component_in_force_frozen",
    "correspondence_item_in_force_frozen", "code_not_moved_into_force",
    "indicator_not_moved_into_force", "component_not_moved_into_force",
    "correspondence_item_not_moved_into_force",
)


@pytest.mark.parametrize("part", OWNED)
def test_nothing_is_added_changed_moved_or_erased_in_what_is_in_force(part: str) -> None:
    model, owner, more = OWNED[part]
    assert f"{part}_in_force_frozen" in FROZEN_PARTS
    assert f"{part}_not_moved_into_force" in FROZEN_PARTS
    settled = model.objects.filter(**{f"{owner}__state": "in_force"})
    drafted = model.objects.filter(**{f"{owner}__state": "draft"})
    home = getattr(settled.get(), owner)
    change = next(iter(more.items()))
    refused(f"{part}_in_force_frozen_insert",
            lambda: model.objects.create(**{owner: home}, **more))
    refused(f"{part}_in_force_frozen_update",
            lambda: model.objects.filter(pk=settled.get().pk).update(**dict([change])))
    refused(f"{part}_in_force_frozen_delete",
            lambda: model.objects.filter(pk=settled.get().pk).delete())
    made = model.objects.create(**{owner: getattr(drafted.get(), owner)}, **more)
    refused(f"{part}_not_moved_into_force_update",
            lambda: model.objects.filter(pk=made.pk).update(**{owner: home}))
    made.delete()


@pytest.mark.parametrize(("part", "promise", "same"), [
    ("code", "code_once_in_list", {"code": "a"}),
    ("indicator", "indicator_once_in_set", {"key": "01"}),
    ("component", "component_once_in_structure", {"identifier": "D"}),
    ("correspondence_item", "correspondence_pair_once", {"from_code": "a", "to_code": "a"}),
])
def test_a_part_is_there_once(part: str, promise: str, same: dict[str, Any]) -> None:
    model, owner, more = OWNED[part]
    home = getattr(model.objects.get(**{f"{owner}__state": "draft"}), owner)
    refused(promise, lambda: model.objects.create(**{owner: home, **more, **same}))


@pytest.mark.parametrize(("promise", "change"), [
    ("indicator_adds_known", {"adds_over_area": "sideways"}),
    ("indicator_adds_known", {"adds_over_time": "sideways"}),
    ("indicator_decimals_sane", {"decimals": 10}),
    ("indicator_decimals_sane", {"decimals": -1}),
])
def test_an_indicator_makes_sense(promise: str, change: dict[str, Any]) -> None:
    rows = Indicator.objects.filter(indicator_set__state="draft")
    refused(promise, lambda: Indicator.objects.filter(pk=rows.get().pk).update(**change))


def _break(**said: Any) -> SeriesBreak:
    facts = {"key": "01", "before_version": "1", "before_key": "01", "kind": "unit", **said}
    return SeriesBreak.objects.create(
        indicator_set=IndicatorSet.objects.get(state="in_force"), **facts)


def test_a_set_and_its_name_have_one_owner() -> None:
    factories.units()
    unit = OrganisationUnit.objects.filter(code="SO-TN")
    [home] = unit.within(EVERYTHING)
    refused("indicator_set_one_owner_insert", lambda: IndicatorSet.objects.create(
        agency="X", identifier="BO", version="9", name_vi="Chiếm tên", unit=home))
    refused("indicator_set_one_owner_update",
            lambda: _rows("indicator_set", "draft").update(unit=home))
    alone = IndicatorSet.objects.create(
        agency="X", identifier="RIENG", version="1", name_vi="Riêng", unit=home,
        state="in_force")
    refused("indicator_set_basis_frozen_update",
            lambda: IndicatorSet.objects.filter(pk=alone.pk).update(unit=None))


def test_a_break_is_of_a_known_kind_once_and_for_ever() -> None:
    made = _break()
    refused("series_break_once", _break)
    refused("series_break_kind_known", lambda: _break(key="02", kind="mood"))
    refused("series_break_frozen_update",
            lambda: SeriesBreak.objects.filter(pk=made.pk).update(words="khác"))
    refused("series_break_frozen_delete",
            lambda: SeriesBreak.objects.filter(pk=made.pk).delete())
