"""Authority: the only file that knows how scope becomes SQL and an act becomes an audit line.

An owned table names its owner (`OWNER = "unit"`, the path of relations to an organisation
unit) and uses `ScopedQuerySet`. A query that was never put `within` a scope refuses to run.
A table that is open to every official says `OWNER = None` and why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from functools import wraps
from typing import Any, ParamSpec, Self, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import IntegrityError, models, transaction

from nhasan.domain.access import Actor, Scope
from nhasan.domain.problems import Conflict, NotFound


class UnscopedQuery(RuntimeError):
    """A query on an owned table that was never put within a scope."""


M = TypeVar("M", bound=models.Model)


class ScopedQuerySet(models.QuerySet[M]):
    """A query set that runs only after `within(scope)`."""

    _within = False

    def within(self, scope: Scope, by: str = "") -> Self:
        """Return the rows whose owner lies in the scope.

        `by` names another owner than the table's first, from the model's `ALSO_BY`: a report
        is the sender's to fill and the receiver's to review.
        """
        model: Any = self.model
        if by and by not in getattr(model, "ALSO_BY", ()):
            raise UnscopedQuery(f"{model.__name__} has no owner {by!r}")
        owner = by or model.OWNER
        lookup = f"{owner}__path__startswith" if owner else "path__startswith"
        wanted = models.Q()
        for path in sorted(scope.paths):
            wanted |= models.Q(**{lookup: path})
        found = self.filter(wanted) if scope.paths else self.none()
        found._within = True
        return found

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]
        clone._within = self._within
        return clone

    def _checked(self) -> None:
        if not self._within:
            raise UnscopedQuery(
                f"{self.model.__name__} was asked without a scope: use .within(actor.may(…))"
            )

    def _fetch_all(self) -> None:
        self._checked()
        super()._fetch_all()

    def iterator(self, chunk_size: int | None = None) -> Iterator[M]:
        """Yield rows one by one, only within a scope."""
        self._checked()
        return super().iterator(chunk_size)

    def count(self) -> int:
        """Return how many rows, only within a scope."""
        self._checked()
        return super().count()

    def exists(self) -> bool:
        """Tell whether there are rows, only within a scope."""
        self._checked()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Return aggregates, only within a scope."""
        self._checked()
        return super().aggregate(*args, **kwargs)

    def update(self, **kwargs: Any) -> int:
        """Change rows, only within a scope."""
        self._checked()
        return super().update(**kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows, only within a scope."""
        self._checked()
        return super().delete()

    def one(self, **lookup: Any) -> M:
        """Return the one row of that description, or refuse as not found."""
        found = self.filter(**lookup).first()
        if found is None:
            raise NotFound()
        return found


P = ParamSpec("P")
R = TypeVar("R")
OPERATIONS: dict[str, Callable[..., Any]] = {}
_UNIQUE_VIOLATION = "23505"  # PostgreSQL's code
_SETTLED = ("_in_force_frozen_", "_set_content_frozen_", "_issued_frozen_")
"""Promises that refuse a change of what another act has put in force or issued meanwhile."""
_PLAIN = (str, int, bool, date, datetime, UUID)


def operation(name: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Return a decorator for a verb: one transaction, one audit line.

    The function takes `actor: Actor` and `at: datetime` by keyword. What it returns becomes
    the subject of the line when it is a row; plain arguments become its facts.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @wraps(function)
        def act(*args: P.args, **kwargs: P.kwargs) -> R:
            actor, at = kwargs["actor"], kwargs["at"]
            if not isinstance(actor, Actor) or not isinstance(at, datetime):
                raise TypeError(f"{name}: actor and at are given by keyword")
            try:
                with transaction.atomic():
                    result = function(*args, **kwargs)
                    record(actor=actor, at=at, action=name, subject=result, facts={
                        key: value if isinstance(value, str | int | bool) else str(value)
                        for key, value in kwargs.items()
                        if key not in ("actor", "at", "password") and isinstance(value, _PLAIN)
                    })
            except IntegrityError as broken:
                if _came_second(broken):
                    raise Conflict() from broken
                raise
            return result

        OPERATIONS[name] = act
        return act

    return decorate


def _came_second(broken: IntegrityError) -> bool:
    """Tell whether the same thing was made by another act between our look and our write."""
    return (
        getattr(broken.__cause__, "sqlstate", "") == _UNIQUE_VIOLATION
        or "UNIQUE constraint failed" in str(broken)
        or "_no_overlap_" in str(broken)  # a range that another act has taken meanwhile
        or any(promise in str(broken) for promise in _SETTLED)
    )


def record(*, actor: Actor, at: datetime, action: str, subject: Any,
           facts: dict[str, Any]) -> None:
    """Write one audit line. Lines hold names, not foreign keys, so nothing blocks a deletion."""
    is_row = isinstance(subject, models.Model)
    apps.get_model("organisations", "AuditEvent").objects.create(
        at=at, actor=actor.id, actor_name=actor.name, unit_path=actor.unit_path,
        action=action,
        subject_type=type(subject)._meta.label if is_row else "",
        subject_id=str(subject.pk) if is_row else "",
        facts={key: _short(value) for key, value in facts.items()},
    )


def _short(value: Any) -> Any:
    return value[:500] if isinstance(value, str) else value

