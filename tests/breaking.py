"""Trying to break a promise of the database, by name.

A check constraint and a trigger are refused by their names on both databases. SQLite names
the columns of a broken uniqueness instead; they are looked up from the constraint.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, models, transaction


def refused(promise: str, attempt: Callable[[], Any]) -> None:
    """Make the attempt; pass only if the database refuses it in the name of the promise."""
    with pytest.raises(DatabaseError) as refusal, transaction.atomic():
        attempt()
    said = str(refusal.value)
    assert any(word in said for word in _words(promise)), f"{promise}: {said}"


def _words(promise: str) -> Iterator[str]:
    yield promise
    if connection.vendor == "postgresql":
        return
    for model in apps.get_models():
        for constraint in model._meta.constraints:
            if constraint.name == promise and isinstance(constraint, models.UniqueConstraint):
                table = model._meta.db_table
                columns = [model._meta.get_field(name).column for name in constraint.fields]
                yield ", ".join(f"{table}.{column}" for column in columns)
                yield promise


def sql(statement: str, *values: Any) -> None:
    """Write to the database behind everybody's back."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
