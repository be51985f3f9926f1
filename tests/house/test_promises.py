"""Rule 8: every promise of the database is named, and a test tries to break it."""

import ast
import importlib
import re
from collections import Counter
from functools import cache
from pathlib import Path

from nhasan.organisations.promises import Promise
from tests.house import code

_EVENT = re.compile(r"_(insert|update|delete)$")


def _constraints(tree: ast.AST) -> list[tuple[ast.Call, ast.expr | None]]:
    """Return each constraint that a module declares, with its name as it is written."""
    return [
        (node, next((word.value for word in node.keywords if word.arg == "name"), None))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Constraint")
    ]


def _migrations() -> list[Path]:
    return sorted(code.SOURCE.glob("*/migrations/[0-9]*.py"))


@cache
def _named() -> tuple[str, ...]:
    """Return the names of the constraints that migrations make."""
    found = []
    for path in _migrations():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        made = [ast.literal_eval(name) for _, name in _constraints(tree) if name is not None]
        found += [name for name in made if name not in _renewed(tree)]
    return tuple(found)


def _renewed(tree: ast.AST) -> set[str]:
    """Return the names of the constraints that a migration takes away to make them anew."""
    return {
        ast.literal_eval(_name_of(call))
        for call, _ in _constraints(tree)
        if ast.unparse(call.func).endswith("RemoveConstraint")
    }


def _name_of(call: ast.Call) -> ast.expr:
    """Return the name that a call takes away, given by keyword or in the second place."""
    named = [each.value for each in call.keywords if each.arg == "name"]
    return named[0] if named else call.args[1]


@cache
def _triggers() -> tuple[str, ...]:
    """Return the names of the triggers that migrations make."""
    found = []
    for path in _migrations():
        if "nhasan.organisations.promises" not in path.read_text(encoding="utf-8"):
            continue
        app = path.parent.parent.name
        module = importlib.import_module(f"nhasan.{app}.migrations.{path.stem}")
        for operation in module.Migration.operations:
            if isinstance(operation, Promise) and not operation.again:
                found.append(operation.promise)
    return tuple(found)


@cache
def _words_of_tests() -> frozenset[str]:
    """Return every string that a test outside this folder writes down."""
    words: set[str] = set()
    for path in (code.ROOT / "tests").rglob("*.py"):
        if "house" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                words.add(node.value)
    return frozenset(words)


def test_every_constraint_has_a_name() -> None:
    found = [
        f"{module.name}:{call.lineno} {ast.unparse(call)[:60]}"
        for module in code.model_modules()
        for call, name in _constraints(module.tree)
        if name is None
    ]
    assert not found, code.said(found)


def test_no_two_promises_share_a_name() -> None:
    counted = Counter([*_named(), *_triggers()])
    found = [name for name, count in counted.items() if count > 1]
    assert counted
    assert not found, code.said(found)


def test_every_promise_has_a_test_that_tries_to_break_it() -> None:
    """The name stands in a test: whole, or, for a trigger, without the event it watches."""
    words = _words_of_tests()
    found = [
        f"no test tries to break {name}"
        for name in [*_named(), *_triggers()]
        if name not in words and _EVENT.sub("", name) not in words
    ]
    assert not found, code.said(found)
