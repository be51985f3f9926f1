"""Rule 9: one word for one thing, and small rooms."""

import re
from pathlib import Path

from tests.house import code

_DUSTY = {"utils", "helpers", "common", "misc", "base", "services", "managers"}
_LONGEST = 400
_ROW = re.compile(r"^\|([^|]+)\|")


def _ours() -> list[Path]:
    folders = [code.ROOT / name for name in ("src", "tests", "scripts", "benchmarks")]
    return [
        path
        for folder in folders
        if folder.is_dir()
        for path in sorted(folder.rglob("*.py"))
        if "migrations" not in path.parts
    ]


def _glossary() -> set[str]:
    """Return the words of the first column of the glossary's tables."""
    lines = (code.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
    cells = [match[1] for line in lines if (match := _ROW.match(line))]
    return {word.strip(" `*") for cell in cells for word in cell.split(",")}


def test_no_vague_name_gathers_dust() -> None:
    found = [
        str(path.relative_to(code.ROOT))
        for path in _ours()
        if _DUSTY & {part.removesuffix(".py").removeprefix("test_") for part in path.parts}
    ]
    assert not found, code.said(found)


def test_no_file_hides_two_ideas() -> None:
    found = [
        f"{path.relative_to(code.ROOT)}: {lines} lines"
        for path in _ours()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > _LONGEST
    ]
    assert not found, code.said(found)


def test_every_table_is_a_word_of_the_glossary() -> None:
    words = _glossary()
    found = [
        f"{module.name}: {name} is not in docs/glossary.md"
        for module in code.model_modules()
        for name, node in code.models(module).items()
        if not code.is_abstract(node) and name not in words
    ]
    assert "OrganisationUnit" in words
    assert not found, code.said(found)
