"""What was found in a report, in the reader's language.

Findings are kept as finished Vietnamese sentences, for what a unit was told must not change.
The rules of a form are data and speak Vietnamese to every reader.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from django.utils.html import format_html
from django.utils.translation import get_language, gettext

from nhasan.collection.queries.arrivals import SPOT
from nhasan.domain import checking, matching, outliers, readings
from nhasan.domain.sentences import Sentences
from nhasan.domain.validation import Finding
from nhasan.formats.forms import carrying, harvest, mapped, reader, rows

SENTENCES = (
    *(sentence for _severity, sentence in readings.MESSAGES.values()),
    *(sentence for _severity, sentence in matching.MESSAGES.values()),
    matching.HINT,
    checking.DIFFERS, checking.OFF, checking.NO_PARTS, *outliers.SENTENCES,
    *outliers.WHOSE.values(),
    checking.LOST,
    checking.BLANK, checking.BLANK_CHOICE, checking.BLANKS, checking.NO_ROWS,
    rows.DUPLICATE, rows.UNKNOWN, rows.NAMELESS, rows.TOO_MANY, rows.MISSING, rows.MOVED,
    rows.SHIFTED,
    harvest.FORMULA, harvest.FORMULAS, harvest.NO_RESULT, harvest.EXTERNAL, harvest.MERGED,
    harvest.DATE,
    reader.NO_SHEET, reader.RENAMED, reader.UNREAD, reader.NO_IDENTITY, reader.EMPTY,
    reader.STRAYS, reader.NO_COLUMN, reader.MOVED_COLUMNS, reader.REWORDED, reader.STRANGE,
    reader.LOST_REASON, *mapped.SENTENCES, *carrying.SENTENCES,
    SPOT, reader.WHERE,
)
_KNOWN = Sentences(SENTENCES)


def told(text: str) -> str:
    """Return a sentence of a finding, or of where it is, in the reader's language."""
    found = None if _is_vietnamese() else _translated(text, get_language() or "")
    return text if found is None else found


def told_html(text: str) -> str:
    """Return the same for a page, which says so when the words stay Vietnamese."""
    if _is_vietnamese() or not text:
        return text
    found = _translated(text, get_language() or "")
    return format_html('<span lang="vi">{}</span>', text) if found is None else found


def told_finding(finding: Finding) -> Finding:
    """Return a finding for the reader."""
    return replace(finding, message=told(finding.message), where=told(finding.where))


def _is_vietnamese() -> bool:
    return (get_language() or "vi").startswith("vi")


@lru_cache(maxsize=2_000)
def _translated(text: str, language: str) -> str | None:
    told = checking.answered(text)
    words = _KNOWN.words_of(told)
    if words is None:
        return None
    asked = f" {gettext(outliers.ASK)}" if told != text else ""
    # A fact that is empty leaves two spaces behind.
    return " ".join(f"{words.said(gettext)}{asked}".split())
