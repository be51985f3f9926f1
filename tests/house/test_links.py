"""What the documentation points to is there."""

import re
from pathlib import Path

from tests.house import code

_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_CODE = re.compile(r"```.*?```|`[^`]*`", re.DOTALL)


def _documents() -> list[Path]:
    return [*sorted(code.ROOT.glob("*.md")), *sorted((code.ROOT / "docs").rglob("*.md"))]


def test_every_link_leads_somewhere() -> None:
    found = []
    for path in _documents():
        text = _CODE.sub("", path.read_text(encoding="utf-8"))
        found += [
            f"{path.relative_to(code.ROOT)} → {target}"
            for target in _LINK.findall(text)
            if "://" not in target and not (path.parent / target).exists()
        ]
    assert _documents()
    assert not found, code.said(found)


def test_every_decision_is_listed() -> None:
    listed = (code.ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    pages = sorted((code.ROOT / "docs" / "adr").glob("[0-9]*.md"))
    assert pages
    assert [page.name for page in pages if page.name not in listed] == []
