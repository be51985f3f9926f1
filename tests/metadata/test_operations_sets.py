"""Sets by decision: amended, edited, compared, put in force, and what is kept of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from nhasan.domain.dependencies import CircularFormula
from nhasan.domain.indicators import Difference, DroppedInFormula
from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState
from nhasan.metadata import operations, queries
from nhasan.metadata.models import Indicator, IndicatorSet, SeriesBreak
from nhasan.storage.store import Store
from tests import factories
from tests.factories import AT, HOUSE

pytestmark = pytest.mark.django_db
NEW_YEAR = date(2026, 1, 1)
DECISION = {"number": "12/2025/QĐ-TEST", "date": "2025-12-01", "issuer": "Bộ thử"}


@pytest.fixture
def house() -> factories.World:
    return factories.world()


@pytest.fixture
def root_manager(house: factories.World) -> Any:
    return factories.actor(factories.person("quan-ly-bo", "Vũ Minh Đức", "BO", "manager"))


def _amend(actor: Any = HOUSE, identifier: str = "THU", version: str = "2.0.0") -> IndicatorSet:
    return operations.amend_indicator_set(
        actor=actor, identifier=identifier, version=version, name_vi="Bộ sửa đổi",
        decision=DECISION, at=AT,
    )


def _put(was: str = "", actor: Any = HOUSE, identifier: str = "THU", version: str = "2.0.0",
         **said: Any) -> Indicator:
    held = IndicatorSet.objects.get(identifier=identifier, version=version)
    row = queries.indicator_in(held, was) if was else None
    sheet = queries.sheet_of(row) if row else {"decimals": 0, "name_vi": "Chỉ tiêu mới"}
    return operations.put_indicator(
        actor=actor, identifier=identifier, version=version, was=was, at=AT,
        sheet={**sheet, **said},
    )


def _drop(key: str, actor: Any = HOUSE, version: str = "2.0.0") -> None:
    operations.drop_indicator(
        actor=actor, identifier="THU", version=version, key=key, at=AT)


def _in_force(actor: Any = HOUSE, identifier: str = "THU", version: str = "2.0.0",
              on: date = NEW_YEAR, impact: Mapping[str, Any] | None = None) -> IndicatorSet:
    return operations.put_in_force(
        actor=actor, kind="indicator_set", identifier=identifier, version=version, on=on, at=AT,
        impact=impact,
    )


def _local(actor: Any, identifier: str = "SO-TN-RIENG", unit: str = "SO-TN",
           version: str = "1.0.0") -> IndicatorSet:
    return operations.draft_indicator_set(
        actor=actor, agency="SO-TN", identifier=identifier, version=version, unit=unit,
        name_vi="Bộ riêng của tỉnh", source="", decision={}, completeness="",
        illustrative=True, indicators=[{"key": "R1", "name_vi": "Số làng nghề"}], at=AT,
    )


def test_an_amendment_begins_as_a_copy(house: factories.World) -> None:
    made = _amend()
    before = queries.indicator_set("THU", "1.0.0")
    assert before is not None
    assert (made.amends, made.state, made.agency) == ("1.0.0", "draft", "THU")
    assert queries.sheets(made) == queries.sheets(before)
    assert not queries.difference(made)
    assert made.completeness == "", "how complete another decision was entered says nothing here"
    assert made.source == made.decision.get("text", "")
    with pytest.raises(operations.VersionExists):
        _amend()
    with pytest.raises(NotFound):
        _amend(identifier="KHONG")


def test_what_was_edited_is_the_difference_and_is_kept_with_the_set(
    house: factories.World,
) -> None:
    _amend()
    _put("01", concept="Hộ có đăng ký thường trú.", break_words="Không kể hộ tạm trú.")
    _put("02", name_vi="Số hộ đồng bào dân tộc thiểu số")
    _put("03", key="30")
    _drop("05")
    _put(key="09", name_vi="Số hộ thoát nghèo", unit="hộ")
    made = _in_force(impact={"forms": [["THU-HO-NGHEO", "1.0.0"]]})
    found = queries.difference(made)
    assert found.before == "THU:THU(1.0.0)"
    assert [each.key for each in found.added] == ["09"]
    assert [each.key for each in found.dropped] == ["05"]
    assert {each.key: each.kinds for each in found.changed} == {
        "01": ("redefined",), "02": ("renamed",), "30": ("recoded",)}
    assert made.impact == {"forms": [["THU-HO-NGHEO", "1.0.0"]]}
    assert [row.key for row in queries.new_indicators(made)] == ["09"]
    kept = IndicatorSet.objects.get(pk=made.pk)
    assert Difference.of(kept.difference) == found
    assert [(row.key, row.before_key, row.kind, row.on, row.words, row.changed)
            for row in SeriesBreak.objects.order_by("key")] == [
        ("01", "01", "redefined", NEW_YEAR, "Không kể hộ tạm trú.", ["concept"]),
        ("30", "03", "recoded", NEW_YEAR, "", ["key"]),
    ]


def test_breaks_are_followed_back_through_the_keys_an_indicator_had(
    house: factories.World,
) -> None:
    _amend()
    _put("03", unit="nghìn hộ")
    _in_force()
    _amend(version="3.0.0")
    _put("03", version="3.0.0", key="30")
    _in_force(version="3.0.0", on=date(2027, 1, 1))
    assert [(row.key, row.kind) for row in queries.breaks("THU:30")] == [
        ("30", "recoded"), ("03", "unit")]
    assert queries.breaks("THU:01") == []


def test_a_break_says_which_correspondence_leads_across_it(house: factories.World) -> None:
    for identifier in ("CU", "MOI"):
        operations.draft_code_list(
            actor=HOUSE, agency="THU", identifier=identifier, version="1", name_vi=identifier,
            name_en="", source="", codes=[{"code": "1", "name_vi": "Một"}], at=AT)
    link = operations.draft_correspondence(
        actor=HOUSE, agency="THU", identifier="CU-MOI", version="1", name_vi="Cũ sang mới",
        source="", from_list="CU", to_list="MOI", items=[("1", "1", "")], at=AT)
    _amend()
    _put("02", breakdowns=[{"name": "Dân tộc", "period": "Năm"}], correspondence="CU-MOI")
    _in_force()
    [found] = queries.breaks("THU:02")
    assert (found.kind, found.correspondence) == ("breakdown", link)


def test_formulas_hold_together_before_a_set_is_in_force(house: factories.World) -> None:
    _amend()
    _put(key="TL", name_vi="Tỷ lệ hộ nghèo", formula="[03] / [01] * 100")
    _drop("03")
    with pytest.raises(DroppedInFormula, match="“TL” gọi đến “03”"):
        _in_force()
    with pytest.raises(CircularFormula, match="03 → TL → 03"):
        _put(key="03", name_vi="Số hộ nghèo", formula="[TL] * [01]")
    with pytest.raises(DroppedInFormula, match="“TL” gọi đến “03”"):
        _in_force()
    _put(key="03", name_vi="Số hộ nghèo")
    assert queries.indicator_set("THU").version == "1.0.0"  # type: ignore[union-attr]
    _put("03", formula="")
    assert _in_force().state == "in_force"


def test_formulas_that_go_round_through_another_set_are_refused(house: factories.World) -> None:
    operations.draft_indicator_set(
        actor=HOUSE, agency="THU", identifier="KHAC", version="1.0.0", name_vi="Bộ khác",
        source="", decision={}, completeness="", illustrative=True, at=AT,
        indicators=[{"key": "X", "name_vi": "Số hộ", "unit": "hộ", "adds_over_area": "sum",
                     "formula": "[THU:01] + [THU:02]"}])
    _in_force(identifier="KHAC", version="1.0.0")
    _amend()
    for formula, circle in (("[KHAC:X]", "01 → KHAC:X → 01"), ("[THU:01]", "01 → 01")):
        with pytest.raises(CircularFormula, match=circle):
            _put("01", formula=formula)
        Indicator.objects.filter(indicator_set__version="2.0.0", key="01").update(formula=formula)
        with pytest.raises(CircularFormula, match=circle):
            _in_force()


def test_a_version_begins_after_the_one_before_it(house: factories.World) -> None:
    _amend()
    with pytest.raises(Invalid, match="phải sau ngày áp dụng của phiên bản trước"):
        _in_force(on=date(2025, 1, 1))


@pytest.mark.parametrize(("said", "reason"), [
    ({"key": ""}, "chưa có mã"), ({"key": "a:b"}, "hãy bỏ dấu đó"),
    ({"key": "01"}, "mã này đã có trong bộ"), ({"key": "x", "name_vi": ""}, "chưa có tên"),
    ({"key": "x", "decimals": 10}, "từ 0 đến 9"), ({"key": "x", "formula": "[1"}, "vị trí"),
    ({"key": "x", "value_kind": "lạ"}, "lựa chọn"), ({"key": "x" * 41}, "dài quá 40 chữ"),
    ({"key": "x", "concept": "a\x01"}, "có ký tự không hiểu được"),
    ({"key": "x", "area_levels": ["làng"]}, "không có cấp hành chính “làng”"),
])
def test_a_sheet_that_is_wrong_is_refused_in_words(
    house: factories.World, said: dict[str, Any], reason: str,
) -> None:
    made = _amend()
    with pytest.raises(operations.BadSheet, match=reason):
        _put(**said)
    assert made.indicators.count() == 6


def test_a_draft_says_what_it_rests_on_and_keeps_the_paper(
    house: factories.World, settings: Any, tmp_path: Path,
) -> None:
    settings.STORE = tmp_path / "store"
    _amend()
    said = operations.describe_indicator_set(
        actor=HOUSE, identifier="THU", version="2.0.0", name_vi="Bộ mới", source="Công báo",
        completeness="đủ", decision={"number": "13"}, document=b"%PDF", at=AT,
        document_name="quyet-dinh.pdf",
    )
    assert said.decision == {**DECISION, "number": "13"}
    assert Store(tmp_path / "store").open(said.document_digest).read() == b"%PDF"
    again = operations.describe_indicator_set(
        actor=HOUSE, identifier="THU", version="2.0.0", name_vi="Bộ mới hơn", source="",
        completeness="", decision={}, at=AT,
    )
    assert (again.document_name, again.document_digest) == (
        "quyet-dinh.pdf", said.document_digest)


def test_a_file_replaces_all_indicators_or_none(house: factories.World) -> None:
    made = _amend()
    Indicator.objects.filter(indicator_set=made, key="01").update(cites={"set": "X", "key": "1"})
    good = [{"key": "01", "name_vi": "Số hộ", "decimals": 0},
            {"key": "99", "name_vi": "Mới", "decimals": 1}]
    with pytest.raises(operations.BadSheet):
        operations.replace_indicators(
            actor=HOUSE, identifier="THU", version="2.0.0", at=AT,
            rows=[*good, {"key": "", "name_vi": "Hỏng", "decimals": 0}])
    assert made.indicators.count() == 6
    operations.replace_indicators(
        actor=HOUSE, identifier="THU", version="2.0.0", rows=good, at=AT)
    assert list(made.indicators.order_by("position").values_list("key", "cites")) == [
        ("01", {"set": "X", "key": "1"}), ("99", {})]


def test_a_draft_may_be_thrown_away_and_nothing_else(house: factories.World) -> None:
    _amend()
    operations.discard_indicator_set(actor=HOUSE, identifier="THU", version="2.0.0", at=AT)
    assert queries.indicator_set("THU", "2.0.0") is None
    with pytest.raises(WrongState):
        operations.discard_indicator_set(actor=HOUSE, identifier="THU", version="1.0.0", at=AT)


@pytest.mark.parametrize("act", [
    lambda: _put("01", name_vi="Khác", version="1.0.0"),
    lambda: _drop("01", version="1.0.0"),
    lambda: operations.replace_indicators(
        actor=HOUSE, identifier="THU", version="1.0.0", rows=[], at=AT),
    lambda: operations.describe_indicator_set(
        actor=HOUSE, identifier="THU", version="1.0.0", name_vi="", source="", completeness="",
        decision={}, at=AT),
])
def test_what_is_in_force_is_not_edited(
    house: factories.World, act: Callable[[], Any],
) -> None:
    with pytest.raises(WrongState):
        act()


def test_what_is_not_there_is_not_found(house: factories.World) -> None:
    _amend()
    for act in (lambda: _drop("99"), lambda: operations.put_indicator(
            actor=HOUSE, identifier="THU", version="2.0.0", was="99", at=AT,
            sheet={"key": "99", "name_vi": "x", "decimals": 0})):
        with pytest.raises(NotFound):
            act()


def test_a_province_keeps_its_own_set_and_cannot_touch_the_national_one(
    house: factories.World,
) -> None:
    manager, neighbour = factories.actor(house.manager), factories.actor(house.neighbour)
    _amend()
    made = _local(manager)
    _put(actor=manager, identifier="SO-TN-RIENG", version="1.0.0", key="R2")
    for act in (lambda who: _amend(who, version="3.0.0"), lambda who: _in_force(who)):
        with pytest.raises(Forbidden):
            act(manager)
    with pytest.raises(NotFound):
        _put(actor=neighbour, identifier="SO-TN-RIENG", version="1.0.0", key="R3")
    for name in ("SO-TN-RIENG", "KHONG-CO"):  # another's and nobody's look alike
        with pytest.raises(NotFound):
            _in_force(neighbour, name, "1.0.0")
    with pytest.raises(NotFound):
        _local(neighbour, unit="SO-TN", identifier="KHAC")
    assert _in_force(manager, "SO-TN-RIENG", "1.0.0").state == "in_force"
    assert made.indicators.count() == 2


def test_a_name_belongs_to_its_first_owner(house: factories.World) -> None:
    with pytest.raises(operations.VersionExists):
        _local(factories.actor(house.manager), identifier="THU", version="9.0.0")
    _local(factories.actor(house.manager))
    with pytest.raises(operations.VersionExists):
        _local(HOUSE, unit="", version="2.0.0")


def test_a_local_draft_is_seen_at_home_and_above_only(
    house: factories.World, root_manager: Any,
) -> None:
    manager, neighbour = factories.actor(house.manager), factories.actor(house.neighbour)
    _local(manager)

    def seen(who: Any) -> list[bool]:
        return [
            queries.indicator_set("SO-TN-RIENG", actor=who) is not None,
            "SO-TN-RIENG" in [each.identifier for each in queries.indicator_sets(who)],
            bool(queries.search_indicators("lang nghe", actor=who)),
            bool(queries.versions("SO-TN-RIENG", who)),
        ]

    for who in (neighbour, None):
        assert seen(who) == [False] * 4
    for who in (manager, root_manager):
        assert seen(who) == [True] * 4
    _in_force(manager, "SO-TN-RIENG", "1.0.0")
    assert seen(neighbour) == [True] * 4
    assert queries.indicator("SO-TN-RIENG:R1") is not None


@pytest.mark.parametrize("act", [
    lambda who: _amend(who, version="3.0.0"), lambda who: _put(actor=who, key="x"),
    lambda who: _drop("01", actor=who), lambda who: operations.replace_indicators(
        actor=who, identifier="THU", version="2.0.0", rows=[], at=AT),
    lambda who: operations.discard_indicator_set(
        actor=who, identifier="THU", version="2.0.0", at=AT),
    lambda who: operations.describe_indicator_set(
        actor=who, identifier="THU", version="2.0.0", name_vi="", source="", completeness="",
        decision={}, at=AT),
])
def test_the_national_set_is_kept_by_managers_of_the_whole_house(
    house: factories.World, act: Callable[[Any], Any],
) -> None:
    _amend()
    for who in (house.manager, house.neighbour, house.officer, house.publisher):
        with pytest.raises(Forbidden):
            act(factories.actor(who))


def test_versions_come_newest_first(house: factories.World) -> None:
    for version in ("1.9.0", "1.10.0"):
        _amend(version=version)
    assert [each.version for each in queries.versions("THU")] == ["1.10.0", "1.9.0", "1.0.0"]


def test_a_dropped_indicator_keeps_its_name_for_the_figures_there_are(
    house: factories.World,
) -> None:
    _amend()
    _drop("03")
    _drop("07")
    _in_force()
    found = queries.indicator("THU:07")
    assert found is not None
    assert (found.name_vi, found.decimals, found.indicator_set.state) == (
        "Diện tích đất sản xuất của thôn", 2, "retired")
    assert queries.standing(["THU:01", "THU:07", "THU:99"]) == {"THU:01"}
    assert set(queries.indicators_by_ref(["THU:01", "THU:03", "THU:99"])) == {
        "THU:01", "THU:03"}


def test_a_formula_may_read_another_set_only_while_that_has_it(house: factories.World) -> None:
    _amend()
    _drop("03")
    _in_force()
    manager = factories.actor(house.manager)
    _local(manager)
    _put("R1", actor=manager, identifier="SO-TN-RIENG", version="1.0.0",
         formula="[THU:03] * 2")
    with pytest.raises(DroppedInFormula, match="gọi đến “THU:03”"):
        _in_force(manager, "SO-TN-RIENG", "1.0.0")
    _put("R1", actor=manager, identifier="SO-TN-RIENG", version="1.0.0",
         formula="[THU:01] * 2")
    assert _in_force(manager, "SO-TN-RIENG", "1.0.0").state == "in_force"


def test_what_another_has_changed_meanwhile_is_not_written_over(house: factories.World) -> None:
    made = _amend()
    row = queries.indicator_in(made, "01")
    assert row is not None
    seen, sheet = queries.digest_of(row), queries.sheet_of(row)
    operations.put_indicator(
        actor=HOUSE, identifier="THU", version="2.0.0", was="01", at=AT, seen=seen,
        sheet={**sheet, "concept": "của người thứ nhất"})
    with pytest.raises(operations.ChangedMeanwhile):
        operations.put_indicator(
            actor=HOUSE, identifier="THU", version="2.0.0", was="01", at=AT, seen=seen,
            sheet={**sheet, "concept": "của người thứ hai"})
    assert queries.indicator_in(made, "01").concept == "của người thứ nhất"  # type: ignore[union-attr]
