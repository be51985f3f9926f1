"""What stands in the square brackets of a derived indicator's formula.

    operand    = indicator [" weighted " indicator] ["@" when] {"|" condition}
    when       = "previous" | "last_year"
    condition  = dimension ("=" | "<>") code {"," code}

`[0301]` is an indicator of the same set, `[SET:0301]` one of another. `[0301 @previous]` is its
figure one period before. `[0301 | ETHNIC_GROUP <> 01]` is the sum over every ethnic group but
one, `[0301 | ETHNIC_GROUP = _T]` the figure of all of them: the denominator of a share.
`[0405 weighted 0101]` is the average of 0405 over the parts of the place, each with its 0101
as the weight. Everything else of the formula is the language of `formulas`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nhasan.domain.formulas import Tree, columns
from nhasan.domain.periods import Period
from nhasan.domain.problems import Invalid, phrase

PREVIOUS = "previous"
LAST_YEAR = "last_year"
_CONDITION = re.compile(r"\s*(?P<dim>[A-Z][A-Z0-9_]*)\s*(?P<sign>=|<>|≠)\s*(?P<codes>.*\S)\s*")
_WEIGHTED = " weighted "


class BadOperand(Invalid):
    """Brackets of a formula that cannot be read."""

    code = "bad-operand"
    message = phrase("Trong công thức, “[{operand}]” chưa đúng: {reason}.")


@dataclass(frozen=True, slots=True)
class Condition:
    """Which codes of a breakdown are meant: these, or all but these."""

    dimension: str
    codes: tuple[str, ...]
    without: bool = False

    def holds(self, code: str) -> bool:
        """Tell whether a code is meant."""
        return (code in self.codes) is not self.without

    @property
    def adds(self) -> bool:
        """Tell whether several codes are added up, instead of one being looked at."""
        return self.without or len(self.codes) > 1


@dataclass(frozen=True, slots=True)
class OperandText:
    """One operand as it was read; `text` is how it was written, the name of its value."""

    text: str
    indicator: str
    when: str = ""
    weight: str = ""
    conditions: tuple[Condition, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """Return the indicators behind the operand."""
        return (self.indicator, self.weight) if self.weight else (self.indicator,)

    def period(self, asked: str) -> str:
        """Return the period the operand is read at when a figure of `asked` is computed."""
        if self.when == PREVIOUS:
            return str(Period.parse(asked).previous())
        if self.when == LAST_YEAR:
            return str(Period.parse(asked).same_last_year())
        return asked


def operand(text: str) -> OperandText:
    """Return what the text between square brackets means, or refuse saying what is wrong."""
    head, *tail = text.split("|")
    name, at, when = head.partition("@")
    name, weighted, weight = name.strip(), "", ""
    if _WEIGHTED in name:
        name, weighted, weight = (part.strip() for part in name.partition(_WEIGHTED))
    if at and when.strip() not in (PREVIOUS, LAST_YEAR):
        raise BadOperand(operand=text, reason=phrase(
            "sau dấu @ chỉ viết previous (kỳ trước) hoặc last_year (cùng kỳ năm trước)"))
    if not name or (weighted and not weight) or " " in name + weight:
        raise BadOperand(operand=text, reason=phrase(
            "trước hết phải là mã một chỉ tiêu, mã không có dấu cách"))
    conditions = tuple(_condition(text, part) for part in tail)
    if len({each.dimension for each in conditions}) != len(conditions):
        raise BadOperand(operand=text, reason=phrase("một phân tổ được nói hai lần"))
    return OperandText(text, name, when.strip(), weight, conditions)


def _condition(text: str, part: str) -> Condition:
    found = _CONDITION.fullmatch(part)
    if found is None:
        raise BadOperand(operand=text, reason=phrase(
            "điều kiện viết như ETHNIC_GROUP = 05,06 hoặc ETHNIC_GROUP <> 01"))
    codes = tuple(code.strip().strip("\"'") for code in found["codes"].split(","))
    return Condition(found["dim"], codes, found["sign"] != "=")


def operands(tree: Tree) -> tuple[OperandText, ...]:
    """Return the operands of a formula, each once, in the order they are written."""
    return tuple(operand(text) for text in columns(tree))


def reads(tree: Tree) -> tuple[str, ...]:
    """Return the indicators that a formula reads, as they are written, each once."""
    return tuple(dict.fromkeys(name for each in operands(tree) for name in each.reads))
