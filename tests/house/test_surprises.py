"""Rules 2 and 7: nothing happens by surprise, and no circle hides in a disguise."""

import ast

from tests.house import code

_CLOCKS = {
    "datetime.now",
    "datetime.utcnow",
    "datetime.today",
    "date.today",
    "timezone.now",
    "time.time",
    "Now",
}
# With a moment given they only convert it; without one they read the clock.
_CLOCKS_WHEN_EMPTY = {"timezone.localdate", "timezone.localtime", "localdate", "localtime"}
_MAY_READ_THE_CLOCK = {"nhasan.interfaces.http", "nhasan.interfaces.jobs.pulse"}
_MAY_IMPORT_LATE = {"nhasan.engines"}  # an engine is loaded only when it is asked for
_BANNED = ("django.db.models.signals", "django.dispatch", "django.contrib.admin")
_OVERRIDDEN = {"save", "delete", "clean", "full_clean", "refresh_from_db"}


def _reads_the_clock(call: ast.Call) -> bool:
    name = ast.unparse(call.func)
    return name in _CLOCKS or (name in _CLOCKS_WHEN_EMPTY and not call.args)


def test_the_clock_is_read_in_two_files() -> None:
    found = []
    for module in code.modules():
        if module.dotted in _MAY_READ_THE_CLOCK:
            continue
        for node in ast.walk(module.tree):
            if isinstance(node, ast.Call) and _reads_the_clock(node):
                found.append(f"{module.name}:{node.lineno} {ast.unparse(node)[:60]}")
            if isinstance(node, ast.keyword) and node.arg in ("auto_now", "auto_now_add"):
                found.append(f"{module.name}:{node.lineno} {node.arg}")
    assert not found, code.said(found)


def test_no_signals_and_no_admin_site() -> None:
    found = [
        f"{module.name}:{line} imports {name}"
        for module in code.modules()
        for name, line in module.imports()
        if name.startswith(_BANNED) or name.endswith(".ModelForm")
    ]
    assert not found, code.said(found)


def test_no_table_overrides_how_it_is_saved() -> None:
    found = [
        f"{module.name}:{inner.lineno} {name}.{inner.name}"
        for module in code.model_modules()
        for name, node in code.models(module).items()
        for inner in node.body
        if isinstance(inner, ast.FunctionDef) and inner.name in _OVERRIDDEN
    ]
    assert not found, code.said(found)


def test_no_import_hides_in_a_function_or_behind_type_checking() -> None:
    found = []
    for module in code.modules():
        if "TYPE_CHECKING" in module.text:
            found.append(f"{module.name} uses TYPE_CHECKING")
        if module.dotted in _MAY_IMPORT_LATE:
            continue
        for function in code.functions(module.tree):
            found += [
                f"{module.name}:{node.lineno} imports inside {function.name}"
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
    assert not found, code.said(found)
