"""The pages of docs/reference that are written from the code say what the code says now."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

from tests.house import code

_REFUSALS = {"Problem", "NotFound", "Forbidden", "Conflict", "Invalid"}
_REFERENCE = code.ROOT / "docs" / "reference"


def _environment() -> dict[str, str]:
    """Return an environment in which nothing of the house is set."""
    paths = os.pathsep.join([str(code.ROOT / "src"), str(code.ROOT)])
    kept = {name: value for name, value in os.environ.items() if not name.startswith("NHASAN_")}
    return {**kept, "PYTHONPATH": paths, "PYTHONUTF8": "1"}


def test_the_written_pages_are_current() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.reference", "--check"],
        cwd=code.ROOT, env=_environment(), capture_output=True, text=True, check=False,
    )
    assert done.returncode == 0, f"run `make reference`:\n{done.stdout}{done.stderr[-2000:]}"


def test_every_problem_and_operation_of_the_source_is_on_its_page() -> None:
    """Read the source as text, so that the generator cannot leave one out unseen."""
    told = (_REFERENCE / "operations.md").read_text(encoding="utf-8")
    refused = (_REFERENCE / "problems.md").read_text(encoding="utf-8")
    names = [
        name for module in code.modules()
        for name in re.findall(r'^@operation\("([a-z_.]+)"\)', module.text, re.MULTILINE)
    ]
    raised = [
        name for module in code.modules()
        for name, node in code.classes(module).items()
        if any(base in _REFUSALS for base in map(ast.unparse, node.bases))
    ]
    assert len(names) > 20
    assert len(raised) > 10
    assert [name for name in names if f"`{name}`" not in told] == []
    assert [name for name in raised if f"`{name}`" not in refused] == []


def test_every_page_is_linked_from_the_index_or_its_folder() -> None:
    docs: Path = code.ROOT / "docs"
    found = []
    for page in sorted(docs.rglob("*.md")):
        lists = [each for each in (docs / "index.md", page.parent / "README.md") if each != page]
        told = [
            f"({os.path.relpath(page, each.parent)})" in each.read_text(encoding="utf-8")
            for each in lists if each.exists()
        ]
        if page != docs / "index.md" and not any(told):
            found.append(str(page.relative_to(docs)))
    assert not found, code.said(found)


def test_every_word_of_the_glossary_is_a_class_or_in_italics() -> None:
    known = {name for module in code.modules() for name in code.classes(module)}
    text = (code.ROOT / "docs" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| ([^|]+) \|", text.split("## Four statuses")[0], re.MULTILINE)
    words = [word.strip() for row in rows[1:] for word in row.split(",")]
    assert len(words) > 40
    assert [word for word in words if word not in known and not word.startswith("*")] == []
