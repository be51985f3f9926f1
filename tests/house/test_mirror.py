"""Rule 10: what is promised is tested, in the place where one would look for it."""

import ast

from tests.house import code


def _says_something(module: code.Module) -> bool:
    """Tell whether a module defines anything: one that only gathers names is tested by them."""
    return any(
        isinstance(node, ast.FunctionDef | ast.ClassDef | ast.AsyncFunctionDef)
        for node in module.tree.body
    )


def test_pillars_and_beams_are_mirrored_by_their_tests() -> None:
    found = []
    for module in code.within("domain", *code.BEAMS):
        *folders, name = module.parts
        wanted = code.ROOT.joinpath("tests", *folders, f"test_{name}.py")
        if name != "__init__" and _says_something(module) and not wanted.exists():
            found.append(f"{module.name} has no {wanted.relative_to(code.ROOT)}")
    assert not found, code.said(found)


def test_every_app_has_tests_of_its_operations_and_queries() -> None:
    found = []
    for app in code.APPS:
        for face in ("operations", "queries"):
            source = code.SOURCE / app
            if not (source / f"{face}.py").exists() and not (source / face).is_dir():
                continue
            tests = code.ROOT / "tests" / app
            if not list(tests.glob(f"test_{face}*.py")) and not (tests / face).is_dir():
                found.append(f"{app}/{face} has no tests/{app}/test_{face}.py")
    assert not found, code.said(found)


def test_every_test_file_holds_a_test() -> None:
    found = []
    for path in sorted((code.ROOT / "tests").rglob("test_*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        if not any(function.name.startswith("test_") for function in code.functions(tree)):
            found.append(str(path.relative_to(code.ROOT)))
    assert not found, code.said(found)
