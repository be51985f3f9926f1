"""The letter that urges units to send a report, with a list of those that are late."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from datetime import UTC, date, datetime, time
from typing import Any

from nhasan.domain.words import date_text, normalised
from nhasan.formats.documents.official_letter import Frame, OfficialLetter

IN_TEXT = 12
"""So many late units stand in the letter itself; more of them stand in an annex."""
NAMED = 5
"""So many are addressed by name; more of them as those in the list."""
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML holds, and so no DOCX: control characters, U+FFFE, halves of pairs."""
_HEADS = ("STT", "Đơn vị", "Hạn gửi", "Quá hạn (ngày làm việc)", "Tình trạng")
_WIDTHS = (1.3, 6.9, 2.6, 2.7, 3.0)


@dataclass(frozen=True, slots=True)
class LateUnit:
    """One unit that is late: by when it should have sent, how late it is, how far it came.

    `came_back`: it had sent, and has not yet mended what was sent back.
    """

    name: str
    due: date
    days: int
    state: str
    came_back: bool = False


@dataclass(frozen=True, slots=True)
class Reminder:
    """Everything that the letter says."""

    agency: str
    parent: str
    place: str
    report: str
    legal_basis: str
    due: date
    sent: int
    late: Sequence[LateUnit]
    today: date
    until: date
    contact: str = ""
    signer_role: str = ""
    signer: str = ""


def letter(reminder: Reminder) -> bytes:
    """Return the letter as a DOCX file; its number, day and signature are left open.

    Characters that no DOCX can hold are left out.
    """
    late = [replace(each, **_writable(each)) for each in reminder.late]
    reminder = replace(reminder, **_writable(reminder), late=late)
    listed = len(late) > IN_TEXT
    to = ([each.name for each in late] if len(late) <= NAMED
          else ["Các đơn vị có tên trong danh sách " + ("kèm theo" if listed else "dưới đây")])
    made = OfficialLetter(Frame(
        agency=reminder.agency, parent=reminder.parent, place=reminder.place,
        symbol=initials(reminder.agency), year=reminder.today.year,
        subject="đôn đốc gửi báo cáo", to=to, signer_role=reminder.signer_role,
        signer=reminder.signer,
    ))
    for text in _text(reminder, listed):
        made.say(text)
    if not listed:
        _list(made, late)
    for text in _asking(reminder):
        made.say(text)
    made.sign()
    if listed:
        made.annex("Danh sách đơn vị chưa gửi báo cáo",
                   "(Kèm theo Công văn số            /            ngày       tháng       năm "
                   f"{reminder.today.year} của {reminder.agency})")
        _list(made, late)
    return _file(made, reminder)


def _writable(said: Reminder | LateUnit) -> dict[str, Any]:
    """Return the texts of it as a DOCX can hold them, by the names of the fields."""
    return {
        spot.name: _UNWRITABLE.sub("", text) for spot in fields(said)
        if isinstance(text := getattr(said, spot.name), str)
    }


def _text(reminder: Reminder, listed: bool) -> list[str]:
    basis = f"Căn cứ {reminder.legal_basis}, " if reminder.legal_basis else ""
    asked = f"{reminder.agency} đã giao các đơn vị gửi báo cáo “{reminder.report}”"
    first = f"{basis}{asked}, hạn gửi ngày {date_text(reminder.due)}."
    whole = reminder.sent + len(reminder.late)
    owing = "chưa gửi" + (" hoặc chưa gửi lại" if any(u.came_back for u in reminder.late) else "")
    where = "tại Phụ lục kèm theo" if listed else "dưới đây"
    return [
        first[0].upper() + first[1:],
        f"Đến ngày {date_text(reminder.today)}, đã nhận được {reminder.sent} trên {whole} báo "
        f"cáo; còn {len(reminder.late)} đơn vị {owing}, có danh sách {where}.",
    ]


def _asking(reminder: Reminder) -> list[str]:
    contact = f" ({reminder.contact})" if reminder.contact else ""
    return [
        f"{reminder.agency} đề nghị các đơn vị nêu trên hoàn thành và gửi báo cáo trên hệ thống "
        f"trước ngày {date_text(reminder.until)}. Đơn vị có vướng mắc thì xin gia hạn trên hệ "
        f"thống, nêu rõ lý do, hoặc liên hệ {reminder.agency}{contact} để được hướng dẫn.",
        "Trân trọng./.",
    ]


def _list(made: OfficialLetter, late: Sequence[LateUnit]) -> None:
    made.table(_HEADS, _WIDTHS, [
        (str(number), each.name, date_text(each.due), str(each.days), each.state)
        for number, each in enumerate(late, 1)
    ], numbers=(0, 2, 3))


def _file(made: OfficialLetter, reminder: Reminder) -> bytes:
    facts = made.document.core_properties
    facts.author, facts.title = reminder.agency, f"Đôn đốc gửi báo cáo: {reminder.report}"[:255]
    facts.language, facts.comments = "vi-VN", ""
    facts.created = facts.modified = datetime.combine(
        reminder.today, time(), tzinfo=UTC).replace(tzinfo=None)
    out = io.BytesIO()
    made.document.save(out)
    return out.getvalue()


def initials(agency: str) -> str:
    """Return the abbreviation of an agency for the symbol of its letters: `SDTTG`.

    A proposal: offices have registers of their own, and the clerk writes the number.
    """
    words = [word for word in normalised(agency).split() if word.isalpha() and word != "va"]
    return "".join(word[0] for word in words).upper()[:8]


def reach(phone: str, email: str) -> str:
    """Return how an office is reached, as the letter says it."""
    ways = (("điện thoại", phone), ("thư điện tử", email))
    return ", ".join(f"{way} {value}" for way, value in ways if value)


_PROVINCIAL = (" tỉnh ", " thành phố ")


def above(agency: str, kind: str) -> tuple[str, str, str]:
    """Return (parent agency, agency, place) as the head of a letter writes them.

    A department of a province stands under its People's Committee; a ministry under nobody.
    """
    for word in _PROVINCIAL:
        own, found, where = agency.partition(word)
        if found and kind in ("focal", "department"):
            return f"Ủy ban nhân dân{found}{where}".replace("  ", " "), own, where
    return "", agency, "Hà Nội" if kind == "ministry" else ""
