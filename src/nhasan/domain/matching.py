"""Codes beside names: do they mean the same thing, and if not, what was probably meant?

Two official numberings of the ethnic groups are in use (1979 and 2008), and the same number
means different peoples in them. A code that disagrees with its name is never settled by a
guess: the finding says what each of the two would mean.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from nhasan.domain.problems import phrase
from nhasan.domain.readings import name_key, plain
from nhasan.domain.validation import Finding, Severity

# Words that may stand before a name without being part of it.
_PREFIXES = (
    "thành phố", "thị trấn", "đặc khu", "thị xã", "tỉnh", "quận", "huyện", "phường", "xã",
    "tp.", "tp", "dân tộc", "người",
)
# Of the office instead of the place it answers for
_OFFICES = ("ubnd", "uỷ ban nhân dân", "ủy ban nhân dân")
_APOSTROPHES = str.maketrans("‘’ʼ´`", "'''''")

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE
MESSAGES: dict[str, tuple[Severity, str]] = {
    "code-name-differ": (_E, phrase(
        "Mã {code} là {of_code}, nhưng ô tên ghi “{name}” (mã {of_name}). Hãy sửa mã hoặc tên.")),
    "other-numbering": (_E, phrase(
        "Mã {code} là {name} theo bảng {numbering}; bảng dùng ở đây gọi mã {code} là {of_code}. "
        "Nếu đúng là {name}, hãy ghi mã {of_name}.")),
    "unknown-name": (_E, phrase(
        "Mã {code} là {of_code}, nhưng ô tên ghi “{name}”, một tên không có trong danh mục. "
        "{hint}")),
    "unknown-code": (_E, phrase("Mã “{code}” không có trong danh mục. {hint}")),
    "unknown": (_E, phrase("“{name}” không có trong danh mục. {hint}")),
    "nothing-given": (_E, phrase("Dòng không có mã và không có tên.")),
    "several": (_E, phrase("“{name}” là tên của nhiều mục. {hint} Hãy ghi thêm mã.")),
    "code-completed": (_N, phrase("Đã hiểu mã “{typed}” là {code} ({of_code}).")),
}
HINT = phrase("Có phải {suggestions}?")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The settled code, or none; the finding that says why; and the codes worth offering."""

    code: str | None
    finding: Finding | None = None
    suggestions: tuple[str, ...] = ()


def bare_name(name: str) -> str:
    """Return a name in lower case, without leading words such as `UBND`, `tỉnh`, `dân tộc`."""
    text = plain(name).translate(_APOSTROPHES).casefold()
    return _without_first(_without_first(text, _OFFICES), _PREFIXES)


def _without_first(text: str, words: Iterable[str]) -> str:
    for word in words:
        rest = text.removeprefix(word + " ").strip()
        if rest != text and rest:
            return rest
    return text


def same_name(one: str, other: str) -> bool:
    """Tell whether two spellings name the same thing, diacritics and hyphens aside."""
    first, second = name_key(one), name_key(other)
    if first == second:
        return bool(first)
    first, second = name_key(bare_name(one)), name_key(bare_name(other))
    return bool(first) and first == second


class Names:
    """The names of one code list, ready to be looked up by any spelling.

    Build it once for a workbook: `agree` below is for a single line.
    """

    def __init__(
        self, names_by_code: Mapping[str, str],
        aliases: Mapping[str, Sequence[str]] | None = None,
        other_numberings: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """Keep official names, other names per code, and the names of other numberings."""
        self._names = dict(names_by_code)
        self._aliases = dict(aliases or {})
        self._others = dict(other_numberings or {})
        self._codes: dict[str, list[str]] = {}
        for code in self._names:
            self._codes.setdefault(_code_key(code), []).append(code)
        self._official = _index((code, name) for code, name in self._names.items())
        self._other_names = _index(
            (code, name) for code, names in self._aliases.items() for name in names
            if code in self._names)

    def codes_named(self, name: str) -> tuple[str, ...]:
        """Return the codes of a name: by official name first, by other names only then."""
        for index in (self._official, self._other_names):
            found = self._spelled(name, index)
            if found:
                return found
        return ()

    def agree(self, code: str, name: str) -> Verdict:
        """Say what a code and a name on one line mean together."""
        typed, name = plain(code), plain(name)
        known = self._code(typed)
        if not typed:
            return self._by_name(name)
        if known is None:
            return self._unknown_code(typed, name)
        if name and not self._is_called(known, name):
            return self._disagree(known, name)
        if known == typed:
            return Verdict(known)
        return Verdict(known, self._told(
            "code-completed", typed=typed, code=known, of_code=self._names[known]))

    def _spelled(self, name: str, index: Mapping[str, Mapping[str, str]]) -> tuple[str, ...]:
        for spelling in (plain(name), bare_name(name)):
            near = index.get(name_key(spelling), {})
            exact = tuple(code for code, said in near.items() if _accented(said, spelling))
            if near:
                return exact or tuple(near)
        return ()

    def _code(self, typed: str) -> str | None:
        """Return the known code of what was typed: 4 and "4.0" are 04 where codes have zeros."""
        if typed in self._names:
            return typed
        same = self._codes.get(_code_key(typed.removesuffix(".0")), [])
        return same[0] if len(same) == 1 else None

    def _is_called(self, code: str, name: str) -> bool:
        called = (self._names[code], *self._aliases.get(code, ()))
        if not any(same_name(known, name) for known in called):
            return False
        # A spelling that is exactly another code's official name belongs to that one.
        near = self._official.get(name_key(name), {})
        exact = [
            other for other, known in near.items() if plain(known).casefold() == name.casefold()]
        return not exact or code in exact

    def _by_name(self, name: str) -> Verdict:
        if not name:
            return Verdict(None, self._told("nothing-given"))
        codes = self.codes_named(name)
        if len(codes) == 1:
            return Verdict(codes[0])
        if codes:
            return Verdict(None, self._told("several", name=name, hint=self._hint(codes)), codes)
        return self._not_found("unknown", name, name=name)

    def _unknown_code(self, typed: str, name: str) -> Verdict:
        codes = self.codes_named(name) if name else ()
        if codes:
            finding = self._told("unknown-code", code=typed, hint=self._hint(codes))
            return Verdict(None, finding, codes)
        return self._not_found("unknown-code", name, code=typed)

    def _disagree(self, code: str, name: str) -> Verdict:
        codes = self.codes_named(name)
        of_code = self._names[code]
        if not codes:
            return self._not_found("unknown-name", name, code=code, of_code=of_code, name=name)
        for numbering, names in self._others.items():
            if code in names and same_name(names[code], self._names[codes[0]]):
                finding = self._told(
                    "other-numbering", code=code, name=self._names[codes[0]],
                    numbering=numbering, of_code=of_code, of_name=codes[0])
                return Verdict(None, finding, (codes[0], code))
        finding = self._told(
            "code-name-differ", code=code, of_code=of_code, name=name,
            of_name=" hoặc ".join(codes))
        return Verdict(None, finding, (*codes, code))

    def _not_found(self, message: str, name: str, /, **facts: str) -> Verdict:
        codes = self._near(name)
        return Verdict(None, self._told(message, hint=self._hint(codes), **facts), codes)

    def _near(self, name: str) -> tuple[str, ...]:
        keys = [*self._official, *self._other_names]
        near = get_close_matches(name_key(bare_name(name)), keys, n=3, cutoff=0.7)
        codes = [
            code for key in near
            for code in self._official.get(key) or self._other_names.get(key, {})]
        return tuple(dict.fromkeys(codes))[:3]

    def _hint(self, codes: Sequence[str]) -> str:
        if not codes:
            return ""
        named = phrase(" hay ").join(f"{self._names[code]} (mã {code})" for code in codes)
        return HINT.format(suggestions=named)

    def _told(self, code: str, /, **facts: str) -> Finding:
        severity, message = MESSAGES[code]
        return Finding(code, severity, message.format(**facts).strip())


def agree(
    code: str, name: str, names_by_code: Mapping[str, str],
    aliases: Mapping[str, Sequence[str]] | None = None,
    other_numberings: Mapping[str, Mapping[str, str]] | None = None,
) -> Verdict:
    """Say what a code and a name mean together; see `Names` for many lines."""
    return Names(names_by_code, aliases, other_numberings).agree(code, name)


def _code_key(code: str) -> str:
    """Return a code without case and leading zeros, which spreadsheets drop."""
    return code.casefold().lstrip("0") or "0"


def _index(pairs: Iterable[tuple[str, str]]) -> dict[str, dict[str, str]]:
    """Return, for each spelling without diacritics, the codes and the names so spelled."""
    found: dict[str, dict[str, str]] = {}
    for code, name in pairs:
        for spelling in (plain(name), bare_name(name)):
            key = name_key(spelling)
            if key:
                found.setdefault(key, {}).setdefault(code, name)
    return found


def _accented(one: str, other: str) -> bool:
    """Tell whether two names agree with their diacritics, hyphens and apostrophes aside."""

    def letters(text: str) -> str:
        flat = unicodedata.normalize("NFC", bare_name(text))
        return "".join(char for char in flat if char.isalnum())

    return letters(one) == letters(other)
