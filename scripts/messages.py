"""Gather every sentence a person may see, and keep the catalogues of other languages abreast.

Run by the checkout's own Python, for it reads templates with Django and catalogues with Babel.
Vietnamese is the language of the source; ``locale/en`` and others are translations of it.
"""

import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

from scripts import places

SOURCE = places.ROOT / "src" / "nhasan"
_LOCALE = SOURCE / "locale"
# Each with the places of its singular, its plural and (marked c) its context; None: the first.
_KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "phrase": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}


def _source(path: Path) -> bytes:
    """Return a file as Python: a template says its marked sentences in Python, too."""
    text = path.read_text(encoding="utf-8")
    return (text if path.suffix == ".py" else templatize(text, origin=str(path))).encode()


def catalogue() -> Catalog:
    """Return every marked sentence of the source, with where it stands."""
    found = Catalog(project="Nhà Sàn", charset="utf-8")
    files = [*SOURCE.rglob("*.py"), *SOURCE.rglob("*.html"), *SOURCE.rglob("*.txt")]
    for path in sorted(files):
        if "migrations" in path.parts or "static" in path.parts:
            continue
        place = str(path.relative_to(places.ROOT))
        for line, sentence, _, context in extract("python", BytesIO(_source(path)), _KEYWORDS):
            if sentence:
                found.add(sentence, locations=[(place, line)], context=context)
    return _unmistaken(found)


def _unmistaken(found: Catalog) -> Catalog:
    """Take “% c” in “5 % của cả nước” for what it is: only `%(name)s` is filled in this house."""
    for message in found:
        if "%(" not in str(message.id):
            message.flags.discard("python-format")
    return found


def read(path: Path) -> Catalog:
    """Return a translated catalogue."""
    with path.open("rb") as file:
        return _unmistaken(read_po(file, locale=path.parent.parent.name))


def compiled(path: Path) -> list[str]:
    """Write the catalogue that programs read beside the one that people do; return faults."""
    known = read(path)
    faults = [f"{message.id!r}: {fault}" for message, errors in known.check() for fault in errors]
    if not faults:
        with path.with_suffix(".mo").open("wb") as file:
            write_mo(file, known)
    return faults


def _empty(language: str) -> Catalog:
    return Catalog(
        locale=language,
        project="Nhà Sàn",
        charset="utf-8",
        fuzzy=False,
        header_comment=f"# Nhà Sàn: {language}. `make messages` brings it up to date.",
        last_translator="",
        language_team="",
        msgid_bugs_address="",
    )


def main() -> int:
    """Bring each language named on the command line, and each one there is, up to date.

    With `--compile` write what programs read, and nothing else.
    """
    if sys.argv[1:] == ["--compile"]:
        faults = [fault for path in sorted(_LOCALE.glob("*/LC_MESSAGES/*.po"))
                  for fault in compiled(path)]
        print("\n".join(faults))
        return 1 if faults else 0
    there = {path.parent.parent.name for path in _LOCALE.glob("*/LC_MESSAGES/django.po")}
    template = catalogue()
    for language in sorted(there | set(sys.argv[1:])):
        path = _LOCALE / language / "LC_MESSAGES" / "django.po"
        kept = read(path) if path.exists() else _empty(language)
        kept.update(template, no_fuzzy_matching=True)
        _unmistaken(kept)
        kept.fuzzy = False
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("wb") as file:
            write_po(file, kept, width=99, sort_by_file=True, ignore_obsolete=True)
        missing = sum(1 for message in kept if message.id and not message.string)
        print(f"{path.relative_to(places.ROOT)}: {len(kept)} câu, còn {missing} câu chưa dịch")
    return 0


if __name__ == "__main__":
    sys.exit(main())
