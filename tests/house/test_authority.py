"""Rule 6: every owned table is read within a scope; every open table says why it is open."""

import ast

from tests.house import code

_AUTHORITY = "nhasan.organisations.authority"


def _settings(node: ast.ClassDef) -> dict[str, ast.expr]:
    return {
        target.id: line.value
        for line in node.body
        if isinstance(line, ast.Assign)
        for target in line.targets
        if isinstance(target, ast.Name)
    }


def _constants(module: code.Module) -> dict[str, ast.expr]:
    """Return the words that a module names at its top."""
    return {
        ast.unparse(node.targets[0]): node.value
        for node in module.tree.body
        if isinstance(node, ast.Assign)
    }


def _inherited(name: str, tables: dict[str, ast.ClassDef]) -> dict[str, ast.expr]:
    node = tables[name]
    above: dict[str, ast.expr] = {}
    for base in node.bases:
        if isinstance(base, ast.Name) and base.id in tables:
            above.update(_inherited(base.id, tables))
    return {**above, **_settings(node)}


def _faults(name: str, known: dict[str, ast.expr], words: dict[str, ast.expr]) -> list[str]:
    if "OWNER" not in known:
        return [f"{name} does not name its OWNER"]
    owner = ast.literal_eval(known["OWNER"])
    if owner is None:
        why = known.get("OPEN_BECAUSE")
        if isinstance(why, ast.Name):
            why = words.get(why.id)
        said = ast.literal_eval(why) if why is not None else ""
        return [] if len(said) > 20 else [f"{name} is open and does not say why (OPEN_BECAUSE)"]
    managers = [ast.unparse(value) for value in known.values()]
    if any("ScopedQuerySet" in manager for manager in managers):
        return []
    return [f"{name} is owned by {owner!r} and has no ScopedQuerySet"]


def test_every_table_names_its_owner_or_says_why_it_is_open() -> None:
    found = []
    for module in code.model_modules():
        tables = code.models(module)
        for name, node in tables.items():
            if not code.is_abstract(node):
                known = _inherited(name, tables)
                found += _faults(f"{module.name} {name}", known, _constants(module))
    assert code.model_modules()
    assert not found, code.said(found)


def test_scope_becomes_sql_in_one_file() -> None:
    """Nobody else spells out what lies below a unit."""
    found = [
        f"{module.name} filters by path itself"
        for module in code.within(*code.APPS, "interfaces")
        if "__path__startswith" in module.text and module.dotted != _AUTHORITY
    ]
    assert not found, code.said(found)
