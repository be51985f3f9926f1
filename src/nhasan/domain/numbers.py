"""Numbers as people write them: read without guessing, shown in Vietnamese notation.

The column's type decides what a dot or a comma means. What stays ambiguous is asked, never
guessed in silence; what was typed is kept whatever happens. The browser reads by the same
rules (`frontend/rules/`), held to the same tables (`tests/spec/numbers.json`).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from nhasan.domain.answers import Entry
from nhasan.domain.forms import Kind
from nhasan.domain.observations import (
    CONFIDENTIAL,
    NOT_APPLICABLE,
    NOT_REPORTED,
    Figure,
    Status,
)
from nhasan.domain.readings import Reading, name_key, plain, told

# A stored figure is a 64-bit integer of 10**-decimals units: 18 digits always fit.
MOST_DIGITS = 18

MARKERS = {
    Status.NOT_REPORTED: "...",
    Status.NOT_APPLICABLE: "x",
    Status.CONFIDENTIAL: "c",
}
_SIGNS = {"...": NOT_REPORTED, "…": NOT_REPORTED, "x": NOT_APPLICABLE, "c": CONFIDENTIAL}
_WORDS = {
    "chuacosolieu": NOT_REPORTED,
    "khongcosolieu": NOT_REPORTED,
    "chuathuthap": NOT_REPORTED,
    "chuathuthapduoc": NOT_REPORTED,
    "khongapdung": NOT_APPLICABLE,
    "baomat": CONFIDENTIAL,
}
_NONE_WORDS = frozenset({"khong", "khongco", "ko", "kco", "koco"})
_DASHES = frozenset("-−–—－")
_MINUS = re.compile(r"^[-−–－] ?(?=[0-9.,])")


def read_text(text: str, kind: Kind, unit: str = "") -> Reading:
    """Read what a person typed into a cell of that kind; `unit` may allow a % sign."""
    words = plain(text)
    if kind.name == "text" or not words:
        return Reading(Entry(text))
    if kind.name == "choice":
        return _choice(text, words, kind)
    return _special(text, words) or _number(text, words, kind, unit)


def read_number(value: float | int, kind: Kind, unit: str = "") -> Reading:
    """Read a numeric cell of a workbook, which has no thousands separators to ask about."""
    entry = count_entry(value) if plain_counts(kind) else None
    if entry is not None:
        return Reading(entry)
    if not kind.numeric:
        return read_text(_bare(value), kind, unit)
    if isinstance(value, bool):
        return told("not-a-number", str(value).upper())
    if isinstance(value, float) and not math.isfinite(value):
        return told("not-finite", str(value))
    if abs(value) >= 10**MOST_DIGITS:
        return told("too-large", _bare(value))
    return _exact(value, kind)


def _exact(value: float | int, kind: Kind) -> Reading:
    # Fifteen digits are what a spreadsheet keeps; the rest is noise of binary fractions.
    exact = Decimal(value) if isinstance(value, int) else Decimal(format(value, ".15g"))
    places = _places(kind)
    if exact == exact.to_integral_value():
        text = notation(exact, 1 if places and abs(exact) >= 1000 else 0)
        return _within(text, exact, kind)
    text = notation(exact)
    if not places:
        return _fraction(text, exact)
    if places >= 3 and re.fullmatch(r"−?[1-9]\d{0,2},\d{3}", text):
        text += "0"  # so that the text, read again, does not look like lost thousands
    return _within(text, exact, kind)


def show(figure: Figure | None, kind: Kind) -> str:
    """Return the text for an input box; read again, it gives the same figure."""
    if figure is None:
        return ""
    if figure.value is None:
        return MARKERS[figure.status]
    if kind.name == "choice":
        return _choice_text(figure.value, kind)
    places = _places(kind)
    if not places:
        return notation(figure.value, 0)
    rounded = _rounded(figure.value, places)
    whole = rounded == rounded.to_integral_value()
    return notation(rounded, 1) if whole else notation(rounded)


def read_tidy(text: str, kind: Kind, unit: str = "") -> Entry:
    """Read what a person typed; a number gets the text its column writes: `1.234` for `1234`.

    What is no number, and what there is something to say about, stays as it was typed.
    """
    if text.isascii() and text.isdecimal() and len(text) <= 15 and plain_counts(kind):
        short = count_entry(int(text))
        if short is not None:
            return short
    reading = read_text(text, kind, unit)
    entry, figure = reading.entry, reading.entry.figure
    if not kind.numeric or reading.finding or figure is None or figure.value is None:
        return entry
    shown = show(figure, kind)
    return entry if shown == text else read_text(shown, kind, unit).entry


def display(value: Decimal | None, kind: Kind) -> str:
    """Return a figure as it is printed in a table: all decimals of its column, even zeros."""
    if value is None:
        return ""
    if kind.name == "choice":
        return _choice_text(value, kind)
    return notation(value, _places(kind))


def notation(value: Decimal, decimals: int | None = None) -> str:
    """Return a number in Vietnamese notation, rounded half up if `decimals` is given."""
    if decimals is None:
        text = format(value, "f")
        text = text.rstrip("0").rstrip(".") if "." in text else text
        whole, _, fraction = text.partition(".")
        text = f"{int(whole or 0):,}" + (f".{fraction}" if fraction else "")
        if whole.startswith("-") and not text.startswith("-"):
            text = "-" + text
    else:
        text = f"{_rounded(value, decimals):,.{decimals}f}"
    text = text.translate({44: ".", 46: ",", 45: "−"})
    return text[1:] if re.fullmatch(r"−[0,.]+", text) else text


def whole_kind(kind: Kind) -> bool:
    """Tell whether a numeric kind takes no decimals."""
    return kind.numeric and not _places(kind)


def rounded(value: Decimal, kind: Kind) -> Decimal:
    """Return a computed value with the decimals of its column, rounded half up."""
    return _rounded(value, _places(kind)) if kind.numeric else value


def plain_counts(kind: Kind) -> bool:
    """Tell whether a column takes every whole number from 0 on, as most do."""
    return kind.name == "integer" and kind.maximum is None and kind.minimum in (None, "0")


def count_entry(value: object) -> Entry | None:
    """Return the entry of a plain count in such a column: the short way of `read_number`."""
    if value.__class__ is not float and value.__class__ is not int:
        return None
    assert isinstance(value, (int, float))  # noqa: S101 - a bool is neither class
    if not 0 <= value < 1e15 or value != (count := int(value)):
        return None
    return Entry(f"{count:,}".replace(",", "."), Figure(Decimal(count)))


def _places(kind: Kind) -> int:
    return kind.decimals if kind.name == "decimal" else 0


def _rounded(value: Decimal, places: int) -> Decimal:
    if value.adjusted() + places > 24:  # beyond any figure we store; quantize would refuse
        return value
    return value.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def _bare(value: float | int) -> str:
    if isinstance(value, bool):
        return str(int(value))
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value) if isinstance(value, int) else format(value, ".15g").replace(".", ",")


def _special(text: str, words: str) -> Reading | None:
    """Read what is not a number on purpose: markers, dashes, words, spreadsheet errors."""
    found = _SIGNS.get(words.casefold())
    if found:
        return Reading(Entry(text, found))
    if words in _DASHES:
        return told("ask-dash", text)
    if words.startswith("#"):
        return told("formula-error", text)
    key = name_key(words)
    if key in _NONE_WORDS:
        return told("ask-none", text)
    named = _WORDS.get(key)
    return told("word-marker", text, named, marker=MARKERS[named.status]) if named else None


def _choice(text: str, words: str, kind: Kind) -> Reading:
    code = _choice_code(words, kind)
    if code is not None:
        exact = re.fullmatch(r"-?[0-9]{1,18}", code)
        return Reading(Entry(text, Figure(Decimal(code)) if exact else None))
    offered = offer(kind)
    if words.casefold() == "x":
        return told("tick", text, NOT_APPLICABLE, choices=offered)
    return _special(text, words) or told("not-a-choice", text, choices=offered)


def offer(kind: Kind) -> str:
    """Return the answers of a choice in the words that pages and workbooks offer."""
    return ", ".join(f"“{label}”" for _, label in kind.choices)


def _choice_code(words: str, kind: Kind) -> str | None:
    """Return the code meant: by code, then by label, then by label without diacritics."""
    for code, _ in kind.choices:
        if code == words:
            return code
    for code, label in kind.choices:
        if plain(label).casefold() == words.casefold():
            return code
    key = name_key(words)
    near = [code for code, label in kind.choices if key and key in (name_key(label), code)]
    return near[0] if len(near) == 1 else None


def _choice_text(value: Decimal, kind: Kind) -> str:
    for code, label in kind.choices:
        if re.fullmatch(r"-?[0-9]{1,18}", code) and Decimal(code) == value:
            return label if _choice_code(plain(label), kind) == code else code
    return notation(value)


_GROUPS = {
    # Grouped by spaces, maybe with decimals; by dots; by commas. Two groups or decimals are
    # needed before a dot or a comma is surely a thousands separator.
    "spaced": re.compile(r"([1-9]\d{0,2}(?: \d{3})+)(?:([.,])(\d+))?"),
    "dots": re.compile(r"([1-9]\d{0,2}(?:\.\d{3})+)(,)(\d+)|([1-9]\d{0,2}(?:\.\d{3}){2,})"),
    "commas": re.compile(r"([1-9]\d{0,2}(?:,\d{3})+)(\.)(\d+)|([1-9]\d{0,2}(?:,\d{3}){2,})"),
}
_LONE = re.compile(r"(\d*)([.,])(\d+)")


@dataclass(frozen=True, slots=True)
class _Parts:
    """The digits of a number and how they were marked: `mark` is the decimal mark, if any."""

    whole: str
    mark: str
    fraction: str
    grouped: bool = False
    english: bool = False
    lone: bool = False  # one mark that may as well be a thousands separator


def _parts(body: str) -> _Parts | None:
    if re.fullmatch(r"\d+", body, re.ASCII):
        return _Parts(body, "", "")
    for style, pattern in _GROUPS.items():
        found = pattern.fullmatch(body)
        if found:
            groups = [part or "" for part in found.groups()] + [""]
            whole = re.sub(r"\D", "", groups[0] or groups[3])
            return _Parts(whole, groups[1], groups[2], True, style == "commas")
    found = _LONE.fullmatch(body)
    if not found:
        return None
    whole, mark, fraction = found.groups()
    lone = len(fraction) == 3 and re.fullmatch(r"[1-9]\d{0,2}", whole) is not None
    return _Parts(whole or "0", mark, fraction, lone=lone)


def _number(text: str, words: str, kind: Kind, unit: str) -> Reading:
    body = words
    if body.endswith("%"):
        if unit != "%":
            return told("percent-sign", text)
        body = body[:-1].rstrip()
    negative = bool(_MINUS.match(body)) or bool(re.fullmatch(r"\([0-9][^()]*\)", body))
    body = _MINUS.sub("", body).strip("()") if negative else body.removeprefix("+").lstrip()
    parts = _parts(body) if body.isascii() else None
    if parts is None:
        return told("not-a-number", text)
    sign = "-" if negative else ""
    if len(parts.whole.lstrip("0")) + _places(kind) > MOST_DIGITS or len(parts.fraction) > 30:
        return told("too-large", text)
    value = Decimal(f"{sign}{parts.whole}.{parts.fraction or 0}")
    if not _places(kind):
        return _whole(text, parts, value, kind)
    return _decimal(text, parts, value, kind)


def _whole(text: str, parts: _Parts, value: Decimal, kind: Kind) -> Reading:
    thousands = Decimal(f"{parts.whole}{parts.fraction}").copy_sign(value)
    if parts.lone and parts.mark == ".":
        return _within(text, thousands, kind)
    if parts.lone:
        return told("ask-integer", text, thousands=notation(thousands, 0))
    if value != value.to_integral_value():
        return told("fraction", text) if parts.grouped else _fraction(text, value)
    said = "english-notation" if parts.english else "read-as" if parts.fraction else ""
    return _within(text, value, kind, said)


def _fraction(text: str, value: Decimal) -> Reading:
    thousands = value * 1000
    if thousands != thousands.to_integral_value() or abs(value) < 1:
        return told("fraction", text)
    return told("fraction-thousands", text, thousands=notation(thousands, 0))


def _decimal(text: str, parts: _Parts, value: Decimal, kind: Kind) -> Reading:
    if parts.lone:
        facts = {
            "thousands": _typed(Decimal(f"{parts.whole}{parts.fraction}").copy_sign(value)),
            "fraction": notation(value),
            "retyped": notation(value, min(kind.decimals, 3)),
        }
        if parts.mark == "." or kind.decimals < 3:
            return told("ask-decimal", text, **facts)
        return _within(text, value, kind, "lone-comma", **facts)
    said = "english-notation" if parts.english else "read-as" if parts.mark == "." else ""
    return _within(text, value, kind, said)


def _typed(value: Decimal) -> str:
    """Return a whole number the way that no column misreads: without separators."""
    return format(value.to_integral_value(), "f").replace("-", "−")


def _within(text: str, value: Decimal, kind: Kind, said: str = "", **facts: object) -> Reading:
    """Accept the value if it has few enough decimals and lies within the column's bounds."""
    value = value.normalize() + 0 if value else Decimal(0)
    value = value.quantize(Decimal(1)) if value.as_tuple().exponent > 0 else value  # type: ignore[operator]
    places = _places(kind)
    if value.adjusted() + 1 + _places(kind) > MOST_DIGITS:
        return told("too-large", text)
    if -value.as_tuple().exponent > places:  # type: ignore[operator]
        return told(
            "too-many-decimals", text, decimals=places, rounded=notation(value, places))
    refused = _out_of_bounds(value, kind)
    if refused:
        bounds = {
            "minimum": notation(Decimal(kind.minimum or 0)),
            "maximum": notation(Decimal(kind.maximum or 0)),
        }
        return told(refused, text, **bounds)
    figure = Figure(value)
    if not said:
        return Reading(Entry(text, figure))
    return told(said, text, figure, read=show(figure, kind), **facts)


def _out_of_bounds(value: Decimal, kind: Kind) -> str:
    if kind.minimum is not None and value < Decimal(kind.minimum):
        return "negative" if value < 0 and Decimal(kind.minimum) >= 0 else "below-minimum"
    if kind.maximum is not None and value > Decimal(kind.maximum):
        return "above-maximum"
    return ""
