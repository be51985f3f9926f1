"""Promises kept by the database where Django has no constraint for them.

`Frozen` and `NoOverlap` become triggers on SQLite and PostgreSQL. Every promise is named;
the name is what the database says when it refuses, and what its test looks for.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

_POSTGRES = """
CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $promise$
BEGIN
  {first}IF {condition} THEN
    RAISE EXCEPTION USING ERRCODE = 'check_violation', MESSAGE = '{name}';
  END IF;
  IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
  RETURN NEW;
END $promise$;
CREATE TRIGGER {name} {timing} {event} ON {table} FOR EACH ROW EXECUTE FUNCTION {name}();
"""
_TAKE_TURNS = "PERFORM pg_advisory_xact_lock(hashtext('{turns}'));\n  "
_SQLITE = """
CREATE TRIGGER {name} {timing} {event} ON {table} WHEN {condition}
BEGIN SELECT RAISE(ABORT, '{name}'); END;
"""


class Trigger(migrations.RunPython):
    """A step that speaks to the database alone.

    It is handed no models: making those of every app anew, trigger by trigger, took more than
    half of the time of all migrations.
    """

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any,
                          to_state: Any) -> None:
        """Do the step."""
        step: Any = self.code
        step(None, schema_editor)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any,
                           to_state: Any) -> None:
        """Take the step back."""
        step: Any = self.reverse_code
        step(None, schema_editor)


class Promise(Trigger):
    """A named trigger that refuses a change; the condition speaks of OLD and NEW."""

    def __init__(self, name: str, table: str, event: str, condition: str,
                 timing: str = "BEFORE", *, turns: str = "") -> None:
        """Describe the trigger: `event` is INSERT, UPDATE or DELETE.

        Promises of the same `turns` wait for one another's transactions, so that what each of
        them wrote is seen by the next (SQLite has one writer at a time anyway).
        """
        self.promise = name
        self.again = False  # made before, and taken up again after a change of its table
        facts = {
            "name": name, "table": table, "event": event, "condition": condition,
            "timing": timing,
            "first": _TAKE_TURNS.format(turns=turns) if turns else "",
        }

        def keep(apps: Any, schema_editor: Any) -> None:
            vendor = schema_editor.connection.vendor
            template = _POSTGRES if vendor == "postgresql" else _SQLITE
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(template.format(**facts))

        def drop(apps: Any, schema_editor: Any) -> None:
            on = f" ON {table}" if schema_editor.connection.vendor == "postgresql" else ""
            with schema_editor.connection.cursor() as cursor:
                cursor.execute(f"DROP TRIGGER IF EXISTS {name}{on}")

        self.keep, self.drop = keep, drop
        super().__init__(keep, drop)


def frozen(name: str, table: str, when: str, columns: tuple[str, ...] = ()) -> list[Promise]:
    """Return promises that rows are neither changed nor deleted while `when` holds of OLD.

    With `columns`, only a change of those columns is refused (deletion always is).
    """
    changed = " OR ".join(f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in columns)
    update = f"({when}) AND ({changed})" if columns else when
    return [
        Promise(f"{name}_update", table, "UPDATE", update),
        Promise(f"{name}_delete", table, "DELETE", when),
    ]


def around(promises: list[Promise], *changes: Any) -> list[Any]:
    """Return changes of a table that keeps promises: these are laid down and taken up again.

    SQLite changes a table by making it anew, and loses its triggers on the way.
    """
    for each in promises:
        each.again = True
    laid_down = [Trigger(each.drop, each.keep) for each in promises]
    return [*laid_down, *changes, *promises]


def no_overlap(name: str, table: str, same: tuple[str, ...],
               start: str = "valid_from", end: str = "valid_to") -> list[Promise]:
    """Return promises that the half-open ranges of rows alike in `same` never overlap."""
    alike = " AND ".join(f"other.{column} = NEW.{column}" for column in same)
    condition = (
        f"EXISTS (SELECT 1 FROM {table} other WHERE {alike} AND other.id <> NEW.id"  # noqa: S608
        f" AND COALESCE(other.{start}, '0001-01-01') < COALESCE(NEW.{end}, '9999-12-31')"
        f" AND COALESCE(NEW.{start}, '0001-01-01') < COALESCE(other.{end}, '9999-12-31'))"
    )
    return [
        Promise(f"{name}_insert", table, "INSERT", condition, "AFTER", turns=name),
        Promise(f"{name}_update", table, "UPDATE", condition, "AFTER", turns=name),
    ]
