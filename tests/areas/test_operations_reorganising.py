"""Reorganisations: rehearsed without a trace, enacted whole on their day, once."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Any

import pytest

from nhasan.areas import operations, queries
from nhasan.areas.models import Area, AreaChange, Jurisdiction, Reorganisation
from nhasan.areas.operations import Decree, NewDecision
from nhasan.domain.access import EVERYTHING
from nhasan.domain.area_classes import NewClass
from nhasan.domain.correspondence import KeyKind
from nhasan.domain.problems import Forbidden, Invalid, NotFound, WrongState
from nhasan.domain.reorganisation import Line
from nhasan.organisations.models import AuditEvent, Notification
from nhasan.organisations.queries import unit_by_code
from tests import factories
from tests.breaking import refused, sql
from tests.factories import AT, HOUSE, MAP_DAY

pytestmark = pytest.mark.django_db
ON = date(2026, 1, 1)
THEN = datetime(2026, 1, 1, 0, 5, tzinfo=AT.tzinfo)
DECREE = Decree("1700/NQ-UBTVQH", "Sắp xếp xã", ON, "Ủy ban Thường vụ Quốc hội", "văn bản thử")


@pytest.fixture(autouse=True)
def house() -> None:
    factories.units()
    factories.country()
    for unit, code in (("XA-BABE", "01900"), ("XA-CHORA", "01903"), ("XA-CB", "01500")):
        operations.give_jurisdiction(actor=HOUSE, unit=unit, level="commune", code=code,
                                     valid_from=MAP_DAY, valid_to=None, at=AT)
    operations.define_scheme(actor=HOUSE, code="KV", name_vi="Khu vực", kinds=[("III", "III")],
                             note="", at=AT)
    operations.classify(
        actor=HOUSE, scheme="KV", decision=NewDecision("861", MAP_DAY), at=AT,
        lines=[NewClass("commune", "01900", "III", MAP_DAY, number=1),
               NewClass("commune", "01500", "III", MAP_DAY, number=2)])


def _line(number: int, old: str, new: str, kind: str = "full", name: str = "Ba Bể",
          parent: str = "19", **more: Any) -> Line:
    return Line(number, "commune", old, new, kind, name, "Xã", "province", parent, **more)


MERGER = [_line(2, "01900", "01900", unit="XA-BABE"), _line(3, "01903", "01900")]


def _draft(lines: list[Line] = MERGER, decree: Decree = DECREE) -> Reorganisation:
    return operations.draft_reorganisation(actor=HOUSE, decree=decree, lines=lines, at=AT)


def _decided(lines: list[Line] = MERGER) -> Reorganisation:
    return operations.decide_reorganisation(actor=HOUSE, pk=_draft(lines).pk, at=AT)


def test_a_rehearsal_tells_who_is_touched_and_writes_nothing() -> None:
    before = (Area.objects.count(), AreaChange.objects.count())
    found = queries.rehearse(_draft())
    assert not found.flaws
    assert [unit.code for unit in found.units] == ["XA-BABE", "XA-CHORA"]
    assert [(unit.code, heir.code) for unit, heir in found.closing] == [("XA-CHORA", "XA-BABE")]
    assert before == (Area.objects.count(), AreaChange.objects.count())


def test_what_is_decided_waits_for_its_day_and_is_enacted_once() -> None:
    row = _decided()
    assert operations.enact_due(actor=HOUSE, at=AT) == 0
    assert queries.area("commune", "01903", on=ON) is not None
    assert operations.enact_due(actor=HOUSE, at=THEN) == 1
    assert operations.enact_due(actor=HOUSE, at=THEN) == 0
    row.refresh_from_db()
    assert (row.state, row.change.decree) == ("enacted", DECREE.number)
    old, new = queries.versions("commune", "01900")
    assert (old.valid_to, old.ended_by, new.valid_from, new.established_by) == (
        ON, DECREE.number, ON, DECREE.number)
    assert queries.area("commune", "01903", on=ON) is None
    assert queries.area("commune", "01903", on=ON - timedelta(days=1)) is not None
    [line] = queries.lines("commune", "01900")
    assert len(line.origins) == 2


def test_who_answered_hands_over_and_who_is_done_closes() -> None:
    _decided()
    operations.enact_due(actor=HOUSE, at=THEN)
    closed, heir = unit_by_code("XA-CHORA"), unit_by_code("XA-BABE")
    assert closed is not None
    assert heir is not None
    assert (closed.closed, closed.successor_id) == (ON, heir.pk)
    held = Jurisdiction.objects.within(EVERYTHING).filter(level="commune")
    assert sorted((row.unit.code, row.code, row.valid_from, row.valid_to) for row in held.filter(
        code__in=("01900", "01903")).select_related("unit")) == [
        ("XA-BABE", "01900", MAP_DAY, ON), ("XA-BABE", "01900", ON, None),
        ("XA-CHORA", "01903", MAP_DAY, ON)]


def test_classes_end_with_their_places_and_go_on_over_a_renaming() -> None:
    _decided([*MERGER, _line(4, "01500", "01500", "renamed", "Bảo Lạc Mới", "04")])
    operations.enact_due(actor=HOUSE, at=THEN)
    scheme = queries.scheme("KV")
    assert scheme is not None
    assert [row.area.title for row in queries.members(scheme, on=ON)] == ["Xã Bảo Lạc Mới"]
    eve = queries.members(scheme, on=ON - timedelta(days=1))
    assert [row.area.title for row in eve] == ["Xã Bảo Lạc", "Xã Ba Bể"]
    renamed = queries.responsible("commune", "01500", on=ON)
    assert renamed is not None
    assert renamed.unit.code == "XA-CB", "one unit answered, and nobody else was named"


def test_the_shares_of_the_decree_carry_old_figures_over() -> None:
    _decided([_line(2, "01900", "01900", "partial", share="0,4"),
              _line(3, "01900", "01909", "partial", "Nam Mẫu", share="3/5")])
    operations.enact_due(actor=HOUSE, at=THEN)
    found = queries.between("commune", ON - timedelta(days=1), ON, KeyKind.TABLE)
    assert {part.code: part.share for part in found.parts["01900"]} == {
        "01900": Fraction(2, 5), "01909": Fraction(3, 5)}


@pytest.mark.parametrize(("lines", "reason"), [
    ([_line(2, "01900", "01900", unit="LA")], "Không có đơn vị mang mã “LA”"),
    ([_line(2, "01900", "01903")], "vẫn là của Xã Chợ Rã"),
    ([_line(2, "09999", "01999")], "không có đơn vị mang mã 09999"),
])
def test_what_is_not_right_is_not_decided(lines: list[Line], reason: str) -> None:
    row = _draft(lines)
    with pytest.raises(operations.NotYetRight, match=reason):
        operations.decide_reorganisation(actor=HOUSE, pk=row.pk, at=AT)
    assert queries.reorganisation(row.pk).state == "draft"  # type: ignore[union-attr]


def test_one_that_the_map_does_not_allow_any_more_stays_and_says_why() -> None:
    first, second = _decided(), _draft([_line(2, "01903", "01903")], Decree("2", "x", ON))
    assert "cũng đang chờ thay đổi 01903" in str(queries.rehearse(second).warnings[0].words)
    operations.decide_reorganisation(actor=HOUSE, pk=second.pk, at=AT)
    assert operations.enact_due(actor=HOUSE, at=THEN) == 1
    second.refresh_from_db()
    first.refresh_from_db()
    assert (first.state, second.state) == ("enacted", "decided")
    assert queries.rehearse(second).stops
    assert not AuditEvent.objects.filter(
        action="reorganisation.enact", subject_id=str(second.pk)).exists()


def test_a_change_on_record_for_a_later_day_stops_an_earlier_one() -> None:
    _decided()
    operations.enact_due(actor=HOUSE, at=THEN)
    early = _draft([_line(2, "01900", "01900")], Decree("3", "x", date(2025, 12, 1)))
    assert any("sau ngày của văn bản này" in str(flaw.words)
               for flaw in queries.rehearse(early).stops)


def test_a_draft_is_mended_recalled_and_given_up() -> None:
    row = _draft([_line(2, "01900", "01903")])
    operations.edit_reorganisation(actor=HOUSE, pk=row.pk, decree=DECREE, lines=MERGER, at=AT)
    operations.decide_reorganisation(actor=HOUSE, pk=row.pk, at=AT)
    with pytest.raises(WrongState):
        operations.edit_reorganisation(
            actor=HOUSE, pk=row.pk, decree=DECREE, lines=MERGER, at=AT)
    operations.recall_reorganisation(actor=HOUSE, pk=row.pk, at=AT)
    operations.discard_reorganisation(actor=HOUSE, pk=row.pk, at=AT)
    assert operations.enact_due(actor=HOUSE, at=THEN) == 0
    again = _draft()
    with pytest.raises(operations.DecreeEntered):
        _draft()
    with pytest.raises(Invalid):
        _draft(decree=Decree(" ", "x", ON))
    with pytest.raises(WrongState):
        operations.enact_reorganisation(actor=HOUSE, pk=again.pk, at=THEN)
    operations.decide_reorganisation(actor=HOUSE, pk=again.pk, at=AT)
    with pytest.raises(Invalid):
        operations.enact_reorganisation(actor=HOUSE, pk=again.pk, at=AT)
    with pytest.raises(NotFound):
        operations.decide_reorganisation(actor=HOUSE, pk=10**6, at=AT)


def test_a_day_that_can_only_have_been_mistyped_is_refused() -> None:
    for day in (date(1, 1, 1), date(9999, 12, 31)):
        with pytest.raises(Invalid, match="ngày phải từ"):
            _draft(decree=Decree("1701/NQ-UBTVQH", "Sắp xếp xã", day))


def test_who_keeps_one_branch_does_not_touch_the_map() -> None:
    who = factories.actor(factories.person("quan-ly", "Trần Huy", "SO-TN", "manager"))
    row = _draft()
    with pytest.raises(Forbidden):
        operations.draft_reorganisation(actor=who, decree=DECREE, lines=MERGER, at=AT)
    for act in (operations.decide_reorganisation, operations.recall_reorganisation,
                operations.discard_reorganisation, operations.enact_reorganisation):
        with pytest.raises(Forbidden):
            act(actor=who, pk=row.pk, at=THEN)


def test_the_database_keeps_what_was_settled() -> None:
    row = _decided()
    mine = Reorganisation.objects.filter(pk=row.pk)
    refused("reorganisation_settled_frozen", lambda: mine.update(lines=[]))
    refused("reorganisation_settled_frozen", mine.delete)
    refused("reorganisation_forward_only_update", lambda: mine.update(state="discarded"))
    refused("reorganisation_enacted_has_change", lambda: mine.update(state="enacted"))
    refused("reorganisation_once", lambda: Reorganisation.objects.create(
        decree=row.decree, on=row.on, title="x", drafted_at=AT))
    draft = _draft(decree=Decree("9", "x", ON))
    refused("reorganisation_state_known", lambda: sql(
        "INSERT INTO areas_reorganisation (decree, title, issuer, \"on\", source, lines, state,"
        " drafted_at, drafted_by_name, decided_by_name)"
        " VALUES ('x', 'x', '', '2026-01-01', '', '[]', 'odd', %s, '', '')", draft.drafted_at))


def test_who_keeps_the_map_is_told_once_that_a_reorganisation_could_not_be_enacted() -> None:
    row = _decided()
    # The map moves on meanwhile.
    Area.objects.filter(code="01903", valid_to=None).update(valid_to=date(2025, 12, 1))
    assert operations.enact_due(actor=HOUSE, at=THEN) == 0
    assert operations.enact_due(actor=HOUSE, at=THEN + timedelta(minutes=1)) == 0
    [told] = Notification.objects.within(EVERYTHING).filter(kind="reorganisation_stuck")
    assert told.unit.parent_id is None
    assert told.path == f"/viec/sap-xep/{row.pk}/"
    assert "01903" in told.facts["reason"]
    operations.recall_reorganisation(actor=HOUSE, pk=row.pk, at=THEN)
    assert operations.enact_due(actor=HOUSE, at=THEN) == 0
    assert Notification.objects.within(EVERYTHING).filter(
        kind="reorganisation_stuck").count() == 1
