"""Lists of people: any order of columns, each line read on its own, faults said beside it."""

from __future__ import annotations

from typing import Any

import pytest

from nhasan.domain.problems import Invalid
from nhasan.domain.rosters import (
    MOST_LINES,
    Entry,
    KnownUnit,
    entries_of,
    lines_kept,
    lines_of,
    proposed,
)

UNITS = (
    KnownUnit("XA-BABE", "UBND xã Ba Bể", "xã Ba Bể"),
    KnownUnit("XA-CHORA", "UBND xã Chợ Rã", "xã Chợ Rã"),
    KnownUnit("XA-TL1", "UBND xã Tân Lập", "xã Tân Lập"),
    KnownUnit("XA-TL2", "UBND xã Tân Lập", "xã Tân Lập"),
)
HEAD = ["STT", "Họ và tên", "Tên đăng nhập", "Đơn vị", "Vai trò", "Thư điện tử"]


def _read(*rows: list[str], taken: Any = ()) -> list[Entry]:
    return entries_of(lines_of([HEAD, *rows]), UNITS, set(taken))


def _row(**more: str) -> list[str]:
    given = {"name": "Hoàng Thị Mai", "username": "mai", "unit": "XA-BABE",
             "role": "Người nhập", "email": "", **more}
    return ["1", *given.values()]


def test_a_line_names_a_person_a_unit_and_a_role() -> None:
    [entry] = _read(_row(email="mai@example.vn"))
    assert entry.faults == ()
    assert (entry.username, entry.role, entry.line.email) == ("mai", "enterer", "mai@example.vn")
    assert entry.unit is not None
    assert entry.unit.code == "XA-BABE"
    assert entry.line.number == 2


@pytest.mark.parametrize("unit", ["xa-babe", "UBND xã Ba Bể", "xa ba be", "XÃ  BA BỂ"])
def test_a_unit_is_known_by_any_of_its_names(unit: str) -> None:
    [entry] = _read(_row(unit=unit))
    assert entry.unit == UNITS[0]


def test_the_head_is_found_below_a_title_and_in_any_order() -> None:
    lines = lines_of([
        ["DANH SÁCH CÁN BỘ", "", ""], [], ["Cơ quan", "Email", "HỌ VÀ TÊN *"],
        ["XA-BABE", "a@b.vn", " Lý  A Páo "], ["", "", ""], ["XA-CHORA", "", "Ma Thị Hoa"]])
    assert [(each.number, each.name, each.unit) for each in lines] == [
        (4, "Lý A Páo", "XA-BABE"), (6, "Ma Thị Hoa", "XA-CHORA")]


@pytest.mark.parametrize("table", [
    [], [["a", "b"]], [["Họ và tên", "Vai trò"], ["Mai", "x"]], [HEAD], [HEAD, ["", " "]],
    [HEAD, *([_row()] * (MOST_LINES + 1))],
])
def test_what_is_no_list_is_refused(table: list[list[str]]) -> None:
    with pytest.raises(Invalid):
        lines_of(table)


@pytest.mark.parametrize(("change", "fault"), [
    ({"name": ""}, "Thiếu họ và tên."),
    ({"unit": ""}, "Thiếu đơn vị."),
    ({"unit": "Xã Lạ"}, "Không có đơn vị “Xã Lạ”"),
    ({"unit": "xã Tân Lập"}, "hãy ghi mã: XA-TL1, XA-TL2"),
    ({"role": "Vua"}, "Không có vai trò “Vua”"),
    ({"username": "Hoàng Mai"}, "chữ thường không dấu"),
    ({"username": "da-co"}, "Đã có tài khoản tên “da-co”."),
    ({"email": "mai@"}, "Địa chỉ thư “mai@” chưa đúng."),
    ({"email": f"mai@{'a.' * 100}vn"}, "chưa đúng."),
    ({"name": "M" * 121}, "Họ và tên dài quá 120 chữ."),
    ({"name": "Mai\x00"}, "Dòng này có ký tự không hiểu được."),
    ({"unit": "XA-\ud800"}, "Dòng này có ký tự không hiểu được."),
    ({"role": "\x01"}, "Dòng này có ký tự không hiểu được."),
])
def test_what_is_wrong_is_said_beside_the_line(change: dict[str, str], fault: str) -> None:
    [wrong, right] = _read(_row(**change), _row(username="khac"), taken=["da-co"])
    assert fault in " ".join(str(each) for each in wrong.faults)
    assert right.faults == ()


def test_a_name_written_twice_is_told_with_its_first_line() -> None:
    [first, second] = _read(_row(), _row())
    assert first.faults == ()
    assert str(second.faults[0]) == "Tên đăng nhập “mai” đã ghi ở dòng 2."


def test_names_of_accounts_are_proposed_and_never_collide() -> None:
    entries = _read(_row(username=""), _row(username=""), _row(username="mai.ht3"),
                    taken=["mai.ht"])
    assert [each.username for each in entries] == ["mai.ht2", "mai.ht4", "mai.ht3"]
    assert not any(each.faults for each in entries)


@pytest.mark.parametrize(("name", "wanted"), [
    ("Hoàng Thị Mai", "mai.ht"), ("Đỗ Đức", "duc.d"), ("Páo", "pao"), ("  ", "nguoi-dung"),
    ("Y Krông H'Mai", "hmai.yk"),
])
def test_a_name_for_a_person(name: str, wanted: str) -> None:
    assert proposed(name, ()) == wanted


def test_no_role_is_a_role_to_be_given_later() -> None:
    [entry] = _read(_row(role=""))
    assert (entry.role, entry.faults) == ("", ())


def test_lines_that_a_page_kept_are_taken_as_strictly_as_from_a_file() -> None:
    row = ["Mai", "", "XA", "", ""]
    [line] = lines_kept([[7, " Mai  \ud800 ", *row[1:]]])
    assert (line.number, line.name) == (7, "Mai \ufffd")
    assert len(lines_kept([[2, *row]] * MOST_LINES)) == MOST_LINES
    with pytest.raises(Invalid, match="dài quá 200 người"):
        lines_kept([[2, *row]] * (MOST_LINES + 1))


@pytest.mark.parametrize("rows", [
    None, {}, 7, [1], [[]], [[1]], [[float("inf"), "a", "", "b", "", ""]],
    [[True, "a", "", "b", "", ""]], [[0, "a", "", "b", "", ""]], [[10**9, "a", "", "b", "", ""]],
    [[2, "a", "", "b", "", 5]], [[2, "a", "", "b", "", "", ""]], [[2, "a", "", "b", "", ""], 7],
])
def test_lines_that_are_not_whole_are_none(rows: object) -> None:
    assert lines_kept(rows) == []


def test_a_name_proposed_fits_an_account() -> None:
    assert len(proposed("x" * 120, {"x" * 56})) <= 64
