"""The house's own source, read as syntax trees, for the rules that no linter can say."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "nhasan"
APPS = (
    "organisations",
    "areas",
    "metadata",
    "catalogue",
    "collection",
    "observations",
    "processing",
    "releases",
    "federation",
)
BEAMS = ("engines", "formats", "storage")
DOORS = ("workbench", "portal", "openrosa", "sdmx", "opendata", "api", "exchange", "jobs")


@dataclass(frozen=True)
class Module:
    """One file of Python."""

    path: Path

    @property
    def name(self) -> str:
        """Its path, as a person would write it in a message."""
        return str(self.path.relative_to(ROOT))

    @property
    def parts(self) -> tuple[str, ...]:
        """The folders and the name below the package, without the suffix."""
        return self.path.relative_to(SOURCE).with_suffix("").parts

    @property
    def dotted(self) -> str:
        """Its name when imported."""
        parts = [part for part in self.parts if part != "__init__"]
        return ".".join(["nhasan", *parts])

    @property
    def tree(self) -> ast.Module:
        """Its syntax tree."""
        return _parsed(self.path)

    @property
    def text(self) -> str:
        """Its source."""
        return self.path.read_text(encoding="utf-8")

    def is_in(self, *rooms: str) -> bool:
        """Tell whether it lies in one of these top folders."""
        return self.parts[0] in rooms

    def imports(self) -> Iterator[tuple[str, int]]:
        """Yield every imported name in full, with its line, wherever it is imported."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                for name in node.names:
                    yield name.name, node.lineno
            elif isinstance(node, ast.ImportFrom):
                for name in node.names:
                    yield f"{node.module}.{name.name}", node.lineno


@cache
def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


@cache
def modules() -> tuple[Module, ...]:
    """Return every module of the house but its migrations."""
    return tuple(
        Module(path)
        for path in sorted(SOURCE.rglob("*.py"))
        if "migrations" not in path.parts and "node_modules" not in path.parts
    )


def within(*rooms: str) -> list[Module]:
    """Return the modules of these top folders."""
    return [module for module in modules() if module.is_in(*rooms)]


def classes(module: Module) -> dict[str, ast.ClassDef]:
    """Return the classes that a module defines at its top."""
    return {node.name: node for node in module.tree.body if isinstance(node, ast.ClassDef)}


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef]:
    """Yield every function below a node."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            yield node


def model_modules() -> list[Module]:
    """Return the modules that define tables."""
    return [
        module
        for module in within(*APPS)
        if module.parts[1] == "models" and module.parts[-1] != "__init__"
    ]


def models(module: Module) -> dict[str, ast.ClassDef]:
    """Return the tables of a module, abstract ones too."""
    found: dict[str, ast.ClassDef] = {}
    for name, node in classes(module).items():
        bases = [ast.unparse(base) for base in node.bases]
        if any(base in ("models.Model", "AbstractBaseUser") or base in found for base in bases):
            found[name] = node
    return found


def is_abstract(node: ast.ClassDef) -> bool:
    """Tell whether a model is only there to be inherited from."""
    return any(
        isinstance(inner, ast.ClassDef)
        and inner.name == "Meta"
        and any(ast.unparse(line) == "abstract = True" for line in inner.body)
        for inner in node.body
    )


def said(problems: list[str]) -> str:
    """Return the findings of a rule, one a line, for an assertion's message."""
    return "\n" + "\n".join(problems)
