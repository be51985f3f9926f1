"""What was found in a report, in templates: `{% load findings %}`."""

from __future__ import annotations

from django import template

from nhasan.interfaces import findings

register = template.Library()


@register.filter
def told(text: str | None) -> str:
    """Return a finding's sentence in the reader's language; what stays Vietnamese says so."""
    return findings.told_html(text or "")


@register.filter
def told_where(text: str | None) -> str:
    """Return where a finding is: sheet and cell in the reader's words, labels as in the form."""
    return findings.told(text or "")
