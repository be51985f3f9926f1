"""A list of people for whom accounts are to be opened, as an office keeps it in a table.

The head row is found by its words, wherever it stands; columns come in any order. Each line
is read on its own: what is wrong with it is said beside it, the others are not held up.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from nhasan.domain.access import ROLES
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.words import Words, normalised

MOST_LINES = 200
LONGEST_NAME, LONGEST_EMAIL = 120, 200
_HEAD_WITHIN = 20
_HIGHEST_NUMBER = 100_000
_LONGEST_PROPOSED = 56
_ODD = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_ODD_SHOWN = "\ufffd"  # stands where a sign was that no database keeps and no page shows
_USERNAME = re.compile(r"[a-z0-9]([a-z0-9.-]{0,62}[a-z0-9])?")
_EMAIL = re.compile(r"[^@\s]+@[a-z0-9-]+(\.[a-z0-9-]+)+", re.IGNORECASE)

NAME, USERNAME, UNIT, ROLE, EMAIL = "name", "username", "unit", "role", "email"
HEADS: Mapping[str, tuple[str, ...]] = {
    # In the language of the page, too: the list to fill in is given out in that language.
    NAME: ("ho va ten", "ho ten", "ten nguoi dung", "full name", "name"),
    USERNAME: ("ten dang nhap", "tai khoan", "username"),
    UNIT: ("don vi", "ma don vi", "co quan", "unit"),
    ROLE: ("vai tro", "quyen", "role"),
    EMAIL: ("thu dien tu", "email", "e mail", "dia chi thu dien tu"),
}
_NEEDED = (NAME, UNIT)

MISSING_NAME = phrase("Thiếu họ và tên.")
LONG_NAME = phrase("Họ và tên dài quá {most} chữ.")
ODD_SIGNS = phrase("Dòng này có ký tự không hiểu được.")
MISSING_UNIT = phrase("Thiếu đơn vị.")
UNKNOWN_UNIT = phrase("Không có đơn vị “{unit}” trong phạm vi bạn quản trị.")
SEVERAL_UNITS = phrase("“{unit}” có thể là {count} đơn vị; hãy ghi mã: {codes}.")
UNKNOWN_ROLE = phrase("Không có vai trò “{role}”. Ghi một trong: {roles}.")
ODD_USERNAME = phrase(
    "Tên đăng nhập “{username}” chỉ được gồm chữ thường không dấu, số, dấu chấm, gạch ngang.")
TAKEN_USERNAME = phrase("Đã có tài khoản tên “{username}”.")
TWICE_USERNAME = phrase("Tên đăng nhập “{username}” đã ghi ở dòng {line}.")
ODD_EMAIL = phrase("Địa chỉ thư “{email}” chưa đúng.")


@dataclass(frozen=True, slots=True)
class Line:
    """One line as it was written, with its number in the file."""

    number: int
    name: str
    username: str
    unit: str
    role: str
    email: str


@dataclass(frozen=True, slots=True)
class KnownUnit:
    """A unit that a line may name: by its code, its name or its short name."""

    code: str
    name: str
    short_name: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line read: whom an account is for, or what is wrong."""

    line: Line
    username: str
    unit: KnownUnit | None
    role: str
    faults: tuple[Words, ...] = ()


def lines_of(table: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines below the head row; refuse a table without one, empty or too long."""
    head, columns = _head(table)
    found = [
        Line(number, **{
            name: _clean(row[columns[name]]) if columns.get(name, len(row)) < len(row) else ""
            for name in HEADS
        })
        for number, row in enumerate(table[head + 1 :], head + 2)
        if any(_clean(cell) for cell in row)
    ]
    if not found:
        raise Invalid(reason=phrase("dưới dòng đầu bảng không có người nào"))
    return _few(found)


def lines_kept(rows: Any) -> list[Line]:
    """Return the lines that a page kept meanwhile, taken no less strictly than from a file.

    None are returned when they are not whole; a list too long is refused.
    """
    if not isinstance(rows, list) or not all(map(_is_line, rows)):
        return []
    return _few([Line(row[0], *map(_clean, row[1:])) for row in rows])


def _is_line(row: Any) -> bool:
    return (
        isinstance(row, list) and len(row) == len(HEADS) + 1 and type(row[0]) is int
        and 0 < row[0] < _HIGHEST_NUMBER and all(isinstance(each, str) for each in row[1:]))


def _few(lines: list[Line]) -> list[Line]:
    if len(lines) > MOST_LINES:
        raise Invalid(reason=phrase("danh sách dài quá 200 người; hãy chia thành vài tệp"))
    return lines


def _head(table: Sequence[Sequence[str]]) -> tuple[int, dict[str, int]]:
    for number, row in enumerate(table[:_HEAD_WITHIN]):
        words = [normalised(cell).replace("*", "").strip() for cell in row]
        columns = {
            name: next(words.index(each) for each in known if each in words)
            for name, known in HEADS.items() if any(each in words for each in known)
        }
        if all(name in columns for name in _NEEDED):
            return number, columns
    raise Invalid(reason=phrase(
        "không thấy dòng đầu bảng; cần ít nhất cột “Họ và tên” và cột “Đơn vị”"))


def _clean(text: str) -> str:
    return _ODD.sub(_ODD_SHOWN, " ".join(text.split())).removeprefix("'")


def entries_of(lines: Sequence[Line], units: Sequence[KnownUnit],
               taken: Collection[str]) -> list[Entry]:
    """Return what each line comes to, beside the units and the names of accounts there are."""
    by_word = _by_word(units)
    written: dict[str, int] = {}
    for line in lines:
        if line.username:
            written.setdefault(line.username.lower(), line.number)
    used = {*taken, *written}
    entries = []
    for line in lines:
        username = line.username.lower() or proposed(line.name, used)
        used.add(username)
        unit, role = by_word.get(normalised(line.unit), ()), role_of(line.role)
        faults = [
            *_text_faults(line), *_unit_faults(line, unit), *_role_faults(line, role),
            *_username_faults(line, username, taken, written),
        ]
        entries.append(Entry(
            line, username, unit[0] if len(unit) == 1 else None, role or "", tuple(faults)))
    return entries


def _by_word(units: Sequence[KnownUnit]) -> dict[str, tuple[KnownUnit, ...]]:
    """Return code, name and short name → the units called so; a code names one alone."""
    found: dict[str, tuple[KnownUnit, ...]] = {}
    for unit in units:
        for word in {normalised(unit.name), normalised(unit.short_name)}:
            found[word] = (*found.get(word, ()), unit)
    return found | {normalised(unit.code): (unit,) for unit in units}


def _text_faults(line: Line) -> Iterator[Words]:
    if not line.name:
        yield Words(MISSING_NAME)
    if len(line.name) > LONGEST_NAME:
        yield Words(LONG_NAME, {"most": LONGEST_NAME})
    if any(_ODD_SHOWN in text for text in (
            line.name, line.username, line.unit, line.role, line.email)):
        yield Words(ODD_SIGNS)


def _unit_faults(line: Line, found: Sequence[KnownUnit]) -> Iterator[Words]:
    if not line.unit:
        yield Words(MISSING_UNIT)
    elif not found:
        yield Words(UNKNOWN_UNIT, {"unit": line.unit})
    elif len(found) > 1:
        codes = ", ".join(each.code for each in found[:5])
        yield Words(SEVERAL_UNITS, {"unit": line.unit, "count": len(found), "codes": codes})


def _role_faults(line: Line, role: str | None) -> Iterator[Words]:
    if role is None:
        names = ", ".join(each.name for each in ROLES.values())
        yield Words(UNKNOWN_ROLE, {"role": line.role, "roles": names})
    if line.email and (
            len(line.email) > LONGEST_EMAIL or not _EMAIL.fullmatch(line.email)):
        yield Words(ODD_EMAIL, {"email": line.email})


def _username_faults(line: Line, username: str, taken: Collection[str],
                     written: Mapping[str, int]) -> Iterator[Words]:
    if not line.username:
        return
    if not _USERNAME.fullmatch(username):
        yield Words(ODD_USERNAME, {"username": line.username})
    elif username in taken:
        yield Words(TAKEN_USERNAME, {"username": username})
    elif written[username] != line.number:
        yield Words(TWICE_USERNAME, {"username": username, "line": written[username]})


def role_of(text: str) -> str | None:
    """Return the id of the role that a text names, "" for none; nothing when it is unknown."""
    wanted = normalised(text)
    if not wanted:
        return ""
    return next(
        (role.id for role in ROLES.values() if wanted in (role.id, normalised(role.name))), None)


def proposed(name: str, used: Collection[str]) -> str:
    """Return a free name of an account for a person: `mai.ht` for Hoàng Thị Mai."""
    words = [re.sub(r"[^a-z0-9]", "", word) for word in normalised(name).split()]
    words = [word for word in words if word] or ["nguoi-dung"]
    first = words[-1] + ("." + "".join(word[0] for word in words[:-1]) if words[:-1] else "")
    first = first[:_LONGEST_PROPOSED].rstrip(".-")
    number, found = 1, first
    while found in used:
        number += 1
        found = f"{first}{number}"
    return found
