"""What reading a cell gives: the entry as typed, and at most one thing to say about it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from nhasan.domain.answers import Entry
from nhasan.domain.observations import Figure
from nhasan.domain.problems import phrase
from nhasan.domain.validation import Finding, Severity

# Full-width characters of East Asian keyboards; superscripts and the like stay unreadable.
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_SPACES = re.compile(r"[\s\u00a0\u2000-\u200b\u202f\u205f\u2060\u3000\ufeff]+")

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
MESSAGES: dict[str, tuple[Severity, str]] = {
    "not-a-number": (_E, phrase(
        "“{text}” không phải là số. Hãy nhập số; gõ “...” nếu chưa thu thập được, “x” nếu "
        "không áp dụng, “c” nếu là số bảo mật.")),
    "formula-error": (_E, phrase(
        "Ô mang lỗi công thức “{text}” của bảng tính. Hãy sửa công thức hoặc gõ thẳng số.")),
    "ask-integer": (_E, phrase(
        "Cột này chỉ nhận số nguyên mà ô ghi “{text}”. Nếu dấu phẩy ngăn cách hàng nghìn, hãy "
        "gõ lại “{thousands}”.")),
    "ask-decimal": (_E, phrase(
        "“{text}” là {thousands} hay {fraction}? Hãy gõ lại cho rõ: “{thousands}” hoặc "
        "“{retyped}”.")),
    "fraction": (_E, phrase("Cột này chỉ nhận số nguyên mà ô ghi “{text}”.")),
    "fraction-thousands": (_E, phrase(
        "Cột này chỉ nhận số nguyên mà ô ghi “{text}”. Nếu số đã mất dấu ngăn cách hàng nghìn "
        "khi chuyển tệp, hãy gõ lại cho đủ: “{thousands}”.")),
    "too-many-decimals": (_E, phrase(
        "Cột này nhận nhiều nhất {decimals} chữ số sau dấu phẩy mà ô ghi “{text}”. Hãy làm "
        "tròn, ví dụ {rounded}.")),
    "negative": (_E, phrase("“{text}” là số âm. Ô này nhận số từ {minimum} trở lên.")),
    "below-minimum": (_E, phrase("“{text}” nhỏ quá. Ô này nhận số từ {minimum} trở lên.")),
    "above-maximum": (_E, phrase("“{text}” lớn quá. Ô này nhận số đến {maximum}.")),
    "too-large": (_E, phrase("“{text}” lớn quá mức ghi được. Hãy xem lại số và đơn vị tính.")),
    "percent-sign": (_E, phrase("Ô này không tính bằng %. Hãy bỏ dấu % và xem lại số.")),
    "ask-dash": (_E, phrase(
        "Dấu “{text}” chưa rõ nghĩa. Gõ 0 nếu không có, “x” nếu không áp dụng, “...” nếu "
        "chưa thu thập được.")),
    "ask-none": (_E, phrase(
        "“{text}” là 0 hay chưa có số liệu? Gõ 0 nếu không có, “...” nếu chưa thu thập được.")),
    "not-a-choice": (_E, phrase("“{text}” không có trong các lựa chọn: {choices}.")),
    "not-finite": (_E, phrase("Ô không mang một số xác định. Hãy gõ lại số.")),
    "lone-comma": (_W, phrase(
        "Đã hiểu “{text}” là {fraction} (phần lẻ sau dấu phẩy). Nếu là {thousands}, hãy gõ "
        "“{thousands}”.")),
    "read-as": (_N, phrase("Đã hiểu “{text}” là {read}.")),
    "english-notation": (_N, phrase("Đã hiểu “{text}” (cách viết tiếng Anh) là {read}.")),
    "word-marker": (_N, phrase("Đã hiểu “{text}” là “{marker}”.")),
    "tick": (_N, phrase(
        "Đã hiểu “{text}” là không áp dụng. Nếu bạn muốn đánh dấu, hãy chọn: {choices}.")),
}


@dataclass(frozen=True, slots=True)
class Reading:
    """What was typed, what it means, and what there is to say about it.

    An error always leaves the entry without a figure; a warning or a note never does.
    """

    entry: Entry
    finding: Finding | None = None


def plain(text: str) -> str:
    """Return the text in NFC with ordinary digits and single spaces, trimmed."""
    return _SPACES.sub(" ", unicodedata.normalize("NFC", text).translate(_WIDE)).strip()


def name_key(text: str) -> str:
    """Return the letters and digits of a text without diacritics, case, spaces or hyphens."""
    flat = unicodedata.normalize("NFD", text.casefold()).replace("đ", "d")
    return "".join(char for char in flat if char.isalnum())


def told(code: str, text: str, figure: Figure | None = None, /, **facts: object) -> Reading:
    """Return a reading that says the message of that code about the text."""
    severity, message = MESSAGES[code]
    quoted = plain(text)
    quoted = quoted if len(quoted) <= 40 else quoted[:39] + "…"
    finding = Finding(
        code.removesuffix("-thousands"), severity, message.format(text=quoted, **facts),
    )
    return Reading(Entry(text, figure), finding)
