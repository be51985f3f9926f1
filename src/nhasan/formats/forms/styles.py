"""The look of a workbook: paper, ink and a quiet indigo, as on the screens."""

from __future__ import annotations

from typing import Any

FONT = "Times New Roman"
INK = "#1D1C2A"
QUIET = "#504D5F"
HEADER_FILL = "#E2E6F3"
COMPUTED_FILL = "#F3EEE4"
HEADING_FILL = "#F0F2F9"
LINE = "#857C6D"
RED = "#A81E22"

_BASE: dict[str, Any] = {
    "font_name": FONT, "font_size": 11, "font_color": INK, "valign": "vcenter", "locked": True,
}
_CELL: dict[str, Any] = {"border": 1, "border_color": LINE}
_HEADER: dict[str, Any] = {
    **_CELL, "bold": True, "align": "center", "text_wrap": True, "bg_color": HEADER_FILL,
}

STYLES: dict[str, dict[str, Any]] = {
    "official": {"text_wrap": True, "valign": "top"},
    "official_strong": {"bold": True, "text_wrap": True, "valign": "top"},
    "title": {"bold": True, "font_size": 14, "align": "center", "text_wrap": True},
    "period": {"italic": True, "align": "center"},
    "illustrative": {"bold": True, "font_color": RED},
    "unit": {"italic": True, "align": "right"},
    "header": _HEADER,
    "number_line": {
        **_CELL, "italic": True, "font_size": 9, "align": "center", "bg_color": HEADER_FILL,
    },
    "code": {**_CELL, "align": "center", "num_format": "@"},
    "label": {**_CELL, "text_wrap": True},
    "label_strong": {**_CELL, "text_wrap": True, "bold": True},
    "name": {**_CELL, "text_wrap": True, "locked": False, "num_format": "@"},
    "heading": {**_CELL, "bold": True, "text_wrap": True, "bg_color": HEADING_FILL},
    "input": {**_CELL, "locked": False, "align": "right"},
    "words": {**_CELL, "locked": False, "text_wrap": True, "num_format": "@"},
    "choice": {**_CELL, "locked": False, "align": "center"},
    "computed": {**_CELL, "bold": True, "align": "right", "bg_color": COMPUTED_FILL},
    "shown": {**_CELL, "align": "right"},
    "note": {"italic": True, "font_size": 10, "font_color": QUIET, "text_wrap": True,
             "valign": "top"},
    "note_line": {"italic": True, "font_color": QUIET},
    "sign": {"bold": True, "align": "center"},
    "sign_hint": {"italic": True, "align": "center"},
    "guide": {"text_wrap": True, "valign": "top", "font_size": 12},
    "guide_strong": {"text_wrap": True, "valign": "top", "font_size": 12, "bold": True},
    "guide_title": {"bold": True, "font_size": 16},
}


class Palette:
    """The formats of one workbook, each made once."""

    def __init__(self, workbook: Any) -> None:
        self._workbook = workbook
        self._made: dict[tuple[str, int, int, bool], Any] = {}

    def get(self, name: str, *, decimals: int = -1, indent: int = 0, quoted: bool = False) -> Any:
        """Return a format by name.

        `decimals` sets the number format; `indent` steps a label in; `quoted` keeps a text
        that begins like a formula a text when somebody edits it.
        """
        key = (name, decimals, indent, quoted)
        if key not in self._made:
            look = {**_BASE, **STYLES[name]}
            if decimals >= 0:
                look["num_format"] = "#,##0" + ("." + "0" * decimals if decimals else "")
            if indent:
                look["indent"] = indent
            if quoted:
                look["quote_prefix"] = True
            self._made[key] = self._workbook.add_format(look)
        return self._made[key]


def begins_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet could take the text for a formula."""
    return text[:1] in ("=", "+", "-", "@", "\t", "\r")
