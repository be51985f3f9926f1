"""Rule 10: every word that a person sees is Vietnamese in the source, and can be translated."""

import ast
import re
import string
from pathlib import Path

from babel.messages.catalog import Message

from scripts import messages
from tests.house import code

_CATALOGUES = sorted((code.SOURCE / "locale").glob("*/LC_MESSAGES/django.po"))
_VIETNAMESE = re.compile(
    "[àáảãạăằắẳẵặâầấẩẫậđèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵ]", re.IGNORECASE
)
_MARKS = {
    "_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy",
    "phrase",
}
_NOT_SHOWN = re.compile(
    r"{%\s*blocktrans(?:late)?\b.*?{%\s*endblocktrans(?:late)?\s*%}"
    r"|Nhà Sàn"  # a name, the same in every language
    r"|{%\s*comment\b.*?{%\s*endcomment\s*%}|<!--.*?-->|{#.*?#}|{%.*?%}|{{.*?}}",
    re.DOTALL,
)
_NAMED = re.compile(r"%\((\w+)\)[sd]")


def _templates() -> list[Path]:
    return sorted(code.SOURCE.rglob("templates/**/*.html"))


def _holes(text: str) -> set[str]:
    """Return the names that a sentence is filled with, in either way of writing them."""
    try:
        braces = {name for _, name, _, _ in string.Formatter().parse(text) if name}
    except ValueError:
        braces = set()
    return set(_NAMED.findall(text)) | braces


def _faults(message: Message, translated: Message | None) -> str:
    said = translated.string if translated else ""
    if not said or (isinstance(said, tuple) and not all(said)):
        return "is not translated"
    if translated is not None and translated.fuzzy:
        return "is only guessed (fuzzy)"
    first = message.id[-1] if isinstance(message.id, tuple) else message.id
    second = said[-1] if isinstance(said, tuple) else said
    if _edges(str(first)) != _edges(str(second)):
        return "begins or ends with other spaces"
    return "" if _holes(str(first)) == _holes(str(second)) else "is filled with other names"


def _edges(text: str) -> tuple[str, str]:
    """Return the spaces at both ends: a sentence may be put together with what follows."""
    return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]


def test_every_sentence_is_translated() -> None:
    found = []
    template = messages.catalogue()
    for path in _CATALOGUES:
        known = messages.read(path)
        found += [
            f"{message.locations[0][0]}: {message.id!r} {fault}"
            for message in template
            if message.id and (fault := _faults(message, known.get(message.id, message.context)))
        ]
    assert not found, code.said(found)


def test_every_catalogue_can_be_compiled() -> None:
    found = [fault for path in _CATALOGUES for fault in messages.compiled(path)]
    assert not found, code.said(found)


def test_templates_mark_what_they_say() -> None:
    found = []
    for path in _templates():
        shown = _NOT_SHOWN.sub("", path.read_text(encoding="utf-8"))
        found += [
            f"{path.relative_to(code.ROOT)}: {line.strip()[:80]}"
            for line in shown.splitlines()
            if _VIETNAMESE.search(line)
        ]
    assert not found, code.said(found)


def _unmarked(module: code.Module) -> list[str]:
    excused: set[int] = set()
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in _MARKS:
            excused |= {id(inner) for inner in ast.walk(node)}
        if isinstance(node, ast.Expr):  # a docstring
            excused.add(id(node.value))
    return [
        f"{module.name}:{node.lineno} {node.value[:60]!r}"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in excused
        and _VIETNAMESE.search(node.value)
    ]


def test_doors_mark_what_they_say() -> None:
    """The clock's door speaks to the one who installs, and loads data: neither is translated."""
    found = [
        each
        for module in code.within("interfaces")
        if "jobs" not in module.parts
        for each in _unmarked(module)
    ]
    assert not found, code.said(found)
