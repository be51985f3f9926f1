"""Classes of areas: given by a document, kept to the place and its days, never rewritten."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from nhasan.areas import operations, queries
from nhasan.areas.models import AreaClass
from nhasan.areas.operations import NewArea, NewDecision, NewLink
from nhasan.domain.area_classes import NewClass, Verdict
from nhasan.domain.problems import Forbidden, Invalid, NotFound
from tests import factories
from tests.breaking import refused, sql
from tests.factories import AT, HOUSE, MAP_DAY

pytestmark = pytest.mark.django_db
RENAMED, START, END = date(2023, 4, 10), date(2021, 6, 4), date(2026, 1, 1)
FIRST = NewDecision("861/QĐ-TTg", START, "Danh sách xã khu vực", "văn bản",
                    complete_within=[("province", "06")])


@pytest.fixture(autouse=True)
def country() -> None:
    factories.country()
    operations.register(actor=HOUSE, source="thử", at=AT, areas=[
        NewArea("province", "06", "Tỉnh", "Bắc Kạn", "country", "VN", None, MAP_DAY),
        NewArea("commune", "01900", "Xã", "Cao Thượng", "province", "06", None, MAP_DAY),
        NewArea("commune", "01840", "Xã", "Vân Tùng", "province", "06", None, RENAMED),
        NewArea("commune", "01840", "Thị trấn", "Vân Tùng", "province", "06", RENAMED, MAP_DAY),
        NewArea("commune", "01843", "Xã", "Cốc Đán", "province", "06", None, MAP_DAY),
        NewArea("commune", "01846", "Xã", "Thượng Ân", "province", "06", None, MAP_DAY),
    ])
    operations.enact(actor=HOUSE, decree="722", title="Lập thị trấn", on=RENAMED, source="thử",
                     at=AT, links=[NewLink("commune", "01840", "01840", "renamed")])
    operations.define_scheme(actor=HOUSE, code="KHU-VUC", name_vi="Xã khu vực I, II, III",
                             kinds=[("I", "Khu vực I"), ("II", "Khu vực II"),
                                    ("III", "Khu vực III")], note="", at=AT)


def _line(code: str, kind: str, since: date = START, until: date | None = END,
          **more: Any) -> NewClass:
    return NewClass("commune", code, kind, since, until, **more)


def _classify(*lines: NewClass, decision: NewDecision = FIRST, actor: Any = HOUSE) -> Any:
    return operations.classify(
        actor=actor, scheme="KHU-VUC", decision=decision, lines=lines, at=AT)


def _on(day: date) -> dict[str, str]:
    found = queries.scheme("KHU-VUC")
    assert found is not None
    return {row.area.title: row.kind for row in queries.members(found, on=day)}


def _sorting(*lines: NewClass) -> queries.Sorting:
    found = queries.scheme("KHU-VUC")
    assert found is not None
    return queries.sorting(found, lines)


def test_a_class_goes_over_a_renaming_and_ends_with_its_place() -> None:
    _classify(_line("01840", "III"), _line("01900", "khu vực I"))
    assert _on(START) == {"Xã Vân Tùng": "III", "Xã Cao Thượng": "I"}
    assert _on(RENAMED) == {"Thị trấn Vân Tùng": "III", "Xã Cao Thượng": "I"}
    assert _on(MAP_DAY) == {}, "01900 is the code of another commune by then"
    [outcome] = _sorting(_line("01900", "II")).outcomes
    assert [str(words) for words in outcome.words] == [
        "Thôi từ ngày 01/07/2025, khi đơn vị này thôi tồn tại."]


def test_a_later_document_replaces_for_its_days_and_the_old_stays_on_record() -> None:
    _classify(_line("01900", "III"), _line("01843", "II"))
    amended = date(2024, 7, 19)
    _classify(_line("01900", "II", amended), decision=NewDecision("698/QĐ-TTg", amended))
    assert _on(date(2024, 7, 18))["Xã Cao Thượng"] == "III"
    assert _on(amended)["Xã Cao Thượng"] == "II"
    [old] = AreaClass.objects.filter(replaced_at__isnull=False)
    assert (old.kind, old.valid_from, old.valid_to) == ("III", START, MAP_DAY)
    latest, first = queries.classes_of(old.area)
    assert (latest.decision.number, first.decision.number) == ("698/QĐ-TTg", "861/QĐ-TTg")
    assert (first.valid_from, first.valid_to) == (START, amended)


def test_the_difference_is_told_before_anything_is_written() -> None:
    _classify(_line("01900", "III"), _line("01843", "II"))
    told = _sorting(
        _line("01900", "III"), _line("01843", "I"), _line("01846", "I", number=4),
        _line("01846", "I", number=5), _line("99999", "I"), _line("01840", "IV"),
        _line("01840", "I", END, START), _line("01900", "I", name="Chợ Rã"),
        _line("01843", "I", part="Bản", name="xã cốc đán"))
    assert [each.verdict for each in told.outcomes] == [
        Verdict.SAME, Verdict.CHANGED, Verdict.NEW, *[Verdict.FAULT] * 5, Verdict.NEW]
    said = [str(each.words[0]) for each in told.of(Verdict.FAULT)]
    assert said[0] == "Địa bàn này đã có ở dòng 4."
    assert said[1] == "Ngày 04/06/2021 không có đơn vị nào mang mã 99999 ở cấp này."
    assert said[2] == "Không có loại “IV”. Ghi một trong: I, II, III."
    assert said[4] == (
        "Mã 01900 ngày 04/06/2021 là Xã Cao Thượng, không phải “Chợ Rã”. Hãy xem lại mã.")


def test_a_list_is_taken_whole_or_not_at_all() -> None:
    with pytest.raises(operations.ClassesFaulty, match="1 dòng chưa đúng, dòng đầu là 3"):
        _classify(_line("01900", "III", number=2), _line("99999", "I", number=3))
    assert _on(START) == {}
    _classify(_line("01900", "III"))
    with pytest.raises(operations.NothingToClassify):
        _classify(_line("01900", "III"))
    with pytest.raises(Invalid):
        _classify(_line("01843", "I"), decision=NewDecision(" ", START))


def test_what_nobody_recorded_is_told_from_what_has_no_class() -> None:
    _classify(_line("01900", "III"), _line("01843", ""))
    found = queries.scheme("KHU-VUC")
    assert found is not None
    told = queries.sorted_areas(found, on=START, beneath=("province", "06"))
    assert told.classes == {"01900": "III"}
    assert told.unknown == {"01843"}
    assert told.outside == {"01840", "01846"}, "the decision lists all of the province"
    later = queries.sorted_areas(found, on=MAP_DAY, beneath=("province", "19"))
    assert later.unknown == {"01900", "01903"}
    assert not later.classes


def test_villages_of_a_commune_have_classes_of_their_own() -> None:
    _classify(_line("01900", "I", part="Khuổi Tăng"), _line("01900", "III"))
    assert _on(START) == {"Xã Cao Thượng": "III"}
    place = queries.area("commune", "01900", on=START)
    assert place is not None
    assert [(row.part, row.kind) for row in queries.classes_of(place)] == [
        ("", "III"), ("Khuổi Tăng", "I")]


def test_the_whole_house_sorts_areas_and_nobody_else() -> None:
    factories.units()
    province = factories.actor(factories.person("quan-ly", "Trần Huy", "SO-TN", "manager"))
    with pytest.raises(Forbidden):
        _classify(_line("01900", "III"), actor=province)
    with pytest.raises(Forbidden):
        operations.define_scheme(actor=province, code="X", name_vi="X", kinds=[("1", "1")],
                                 note="", at=AT)
    with pytest.raises(NotFound):
        operations.classify(actor=HOUSE, scheme="LA", decision=FIRST, lines=[], at=AT)


@pytest.mark.parametrize(("kinds", "problem"), [
    ([], Invalid), ([("I", "a"), ("I", "b")], Invalid), ([("I", "a")], operations.SchemeExists)])
def test_a_scheme_is_defined_once_with_classes(kinds: Any, problem: type[Exception]) -> None:
    code = "KHU-VUC" if problem is operations.SchemeExists else "MOI"
    with pytest.raises(problem):
        operations.define_scheme(
            actor=HOUSE, code=code, name_vi="Mới", kinds=kinds, note="", at=AT)


def test_the_database_keeps_one_class_for_a_place_and_a_day_and_what_was_said() -> None:
    _classify(_line("01900", "III"))
    held = AreaClass.objects.get()

    def again(**more: Any) -> AreaClass:
        facts = {"scheme": held.scheme, "decision": held.decision, "area": held.area,
                 "kind": "I", "valid_from": START, "valid_to": MAP_DAY, "recorded_at": AT}
        return AreaClass.objects.create(**{**facts, **more})

    refused("class_scheme_once", lambda: sql(
        "INSERT INTO areas_classscheme (code, name_vi, kinds, note) VALUES (%s, 'x', '[]', '')",
        "KHU-VUC"))
    refused("area_class_no_overlap", again)
    refused("area_class_within_life_insert", lambda: again(valid_to=END))
    refused("area_class_within_life_insert", lambda: again(valid_to=None))
    refused("area_class_ends_after_start", lambda: again(part="x", valid_to=START))
    refused("area_class_kept", lambda: AreaClass.objects.update(kind="I"))
    refused("area_class_kept", lambda: AreaClass.objects.all().delete())
    replaced = again(replaced_at=AT)
    refused("area_class_kept", lambda: AreaClass.objects.filter(pk=replaced.pk).update(
        replaced_at=None))
