"""A world made once: what its making wrote is written for the next test, without the making.

Making a small world through operations asks a thousand questions of the database. Its end is
always the same, so the first making in a process is watched, and where a later test begins from
the same empty house the writes are repeated as they were: same statements, same numbers of rows.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import wraps
from typing import Any, ParamSpec, TypeVar

from django.db import connection

from nhasan.organisations.models import AuditEvent, OrganisationUnit

Given = ParamSpec("Given")
Made = TypeVar("Made")
_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class _Recording:
    """What one making wrote, where the counters of PostgreSQL stood before and after, its end."""

    writes: list[tuple[str, Any, bool]]
    before: Mapping[str, int | None]
    after: Mapping[str, int | None]
    made: Any


def replayed(make: Callable[Given, Made]) -> Callable[Given, Made]:
    """Make a world by its function the first time, and by its recorded writes from then on.

    A test that commits (no transaction around it) or begins with something in the house is given
    the true making.
    """
    recordings: dict[str, _Recording] = {}

    @wraps(make)
    def world(*given: Given.args, **named: Given.kwargs) -> Made:
        if not connection.in_atomic_block or _inhabited():
            return make(*given, **named)
        key = repr((connection.vendor, given, sorted(named.items())))
        if key in recordings:
            _replay(recordings[key])
        else:
            recordings[key] = _record(lambda: make(*given, **named))
        return deepcopy(recordings[key].made)  # type: ignore[no-any-return]

    return world


def _inhabited() -> bool:
    return bool(OrganisationUnit._base_manager.exists() or AuditEvent._base_manager.exists())


def _record(make: Callable[[], Any]) -> _Recording:
    before = _counters()
    with _watched() as writes:
        made = make()
    return _Recording(writes, before, _counters(), deepcopy(made))


@contextmanager
def _watched() -> Generator[list[tuple[str, Any, bool]], None, None]:
    writes: list[tuple[str, Any, bool]] = []

    def watch(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any,
    ) -> Any:
        if sql.lstrip().startswith(_WRITES):
            writes.append((sql, params, many))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(watch):
        yield writes


def _replay(recording: _Recording) -> None:
    moved = {name: at for name, at in recording.before.items() if recording.after[name] != at}
    with connection.cursor() as cursor:
        if moved:  # the row that follows a counter's value has the number that it had
            cursor.execute("SELECT " + ", ".join(
                f"setval('{name}', {at or 1}, {'true' if at else 'false'})"
                for name, at in moved.items()))
        for sql, params, many in recording.writes:
            (cursor.executemany if many else cursor.execute)(sql, params)


def _counters() -> dict[str, int | None]:
    """Return where the counters stand that no rollback turns back; SQLite has none of these."""
    if connection.vendor != "postgresql":
        return {}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quote_ident(schemaname) || '.' || quote_ident(sequencename), last_value "
            "FROM pg_sequences WHERE schemaname = current_schema()")
        return dict(cursor.fetchall())
