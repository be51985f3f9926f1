"""What stands beside a cell, as every door hands it to the browser."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from nhasan.collection.queries import Assignment, Beside


def beside_json(row: Assignment, found: Beside) -> dict[str, Any]:
    """Return the note and the papers of one cell, the same in an answer and on a page."""
    return {
        "cell": found.cell, "text": found.note.text if found.note else "",
        "by": found.note.by_name if found.note else "",
        "papers": [
            {"name": each.name, "url": reverse("workbench:evidence", args=[row.pk, each.pk])}
            for each in found.papers
        ],
    }
