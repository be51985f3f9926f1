"""Rule 5: every write is an operation: keyword-only, actor and time given, one name each."""

import ast
import re
from collections import Counter

from tests.house import code

_ALWAYS_A_WRITE = {
    "create",
    "bulk_create",
    "bulk_update",
    "get_or_create",
    "update_or_create",
}
# A dict and a digest have these too: they write only when asked of rows.
_A_WRITE_OF_ROWS = {"update", "delete"}
_ROWS = re.compile(
    r"\.objects\b|\.scoped\b|\.(within|filter|exclude|all|order_by|select_for_update)\("
)
_SQL_WRITE = re.compile(r"^\s*(INSERT|UPDATE|DELETE|REPLACE|TRUNCATE|COPY|MERGE) ")
# The authority writes audit lines; promises.py writes triggers, from migrations.
_ALLOWED = {"organisations/authority.py", "organisations/promises.py"}


def _may_write(module: code.Module) -> bool:
    return module.parts[1] == "operations" or "/".join(module.parts) + ".py" in _ALLOWED


def _is_a_write(verb: str, of: str, given: list[ast.expr]) -> bool:
    if verb == "save":  # a workbook's is given a path, a row's nothing by position
        return not given
    return verb in _ALWAYS_A_WRITE or (verb in _A_WRITE_OF_ROWS and bool(_ROWS.search(of)))


def _writes(module: code.Module) -> list[str]:
    found = []
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            verb, of = node.func.attr, ast.unparse(node.func.value)
            if _is_a_write(verb, of, node.args):
                found.append(f"{module.name}:{node.lineno} {of[:60]}.{verb}(…)")
        if isinstance(node, ast.Constant) and _SQL_WRITE.match(str(node.value)):
            found.append(f"{module.name}:{node.lineno} SQL {node.value[:40]!r}")
    return found


def test_only_operations_write() -> None:
    found = [
        each
        for module in code.within(*code.APPS, "interfaces", "project")
        if not _may_write(module)
        for each in _writes(module)
    ]
    assert not found, code.said(found)


def _operations() -> list[tuple[code.Module, ast.FunctionDef, str]]:
    found = []
    for module in code.within(*code.APPS):
        for function in code.functions(module.tree):
            for mark in function.decorator_list:
                if isinstance(mark, ast.Call) and ast.unparse(mark.func) == "operation":
                    found.append((module, function, str(ast.literal_eval(mark.args[0]))))
    return found


def test_operations_take_actor_and_time_by_keyword() -> None:
    found = []
    for module, function, name in _operations():
        given = function.args
        keywords = {argument.arg for argument in given.kwonlyargs}
        if given.args or given.posonlyargs or given.vararg or not {"actor", "at"} <= keywords:
            found.append(f"{module.name}:{function.lineno} {name}")
    assert not found, code.said(found)


def test_operations_live_in_operations_and_have_one_name_each() -> None:
    operations = _operations()
    names = Counter(name for _, _, name in operations)
    found = [f"{name} names {count} operations" for name, count in names.items() if count > 1]
    found += [
        f"{module.name}:{function.lineno} {name} is not in operations"
        for module, function, name in operations
        if module.parts[1] != "operations"
    ]
    found += [
        f"{module.name}:{function.lineno} {name!r} is not spelt thing.verb"
        for module, function, name in operations
        if not re.fullmatch(r"[a-z_]+\.[a-z_]+", name)
    ]
    assert operations
    assert not found, code.said(found)
