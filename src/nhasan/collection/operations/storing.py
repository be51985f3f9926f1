"""Store many rows of a draft at once, new ones and changed ones alike."""

from __future__ import annotations

import json
from collections.abc import Sequence

from django.db import connection

from nhasan.collection.models import Assignment, DraftRow

# PostgreSQL takes all rows as one document: escaping each row's text on our side took longer
# than everything else that happens to an upload.
_TABLE = DraftRow._meta.db_table
_STORE = f"""
    INSERT INTO {_TABLE} (assignment_id, "table", "row", cells)
    SELECT %s, item->>0, item->>1, item->2 FROM jsonb_array_elements(%s::jsonb) AS item
    ON CONFLICT (assignment_id, "table", "row") DO UPDATE SET cells = excluded.cells
"""  # noqa: S608 - the name of our own table


def store_rows(row: Assignment, touched: Sequence[DraftRow]) -> None:
    """Store rows of a draft; the name of a row decides whether it is new, not its number."""
    if connection.vendor == "postgresql":
        rows = [[each.table, each.row, each.cells] for each in touched]
        document = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
        with connection.cursor() as cursor:
            cursor.execute(_STORE, [row.pk, document])
        return
    for each in touched:
        each.pk = None
    DraftRow.objects.bulk_create(
        touched, batch_size=500, update_conflicts=True, update_fields=["cells"],
        unique_fields=["assignment", "table", "row"],
    )
