"""Computed cells as Excel formulas that give what the domain gives: missing stays missing.

An empty or marked cell is `#N/A` inside a formula and an empty text at its end, so that
a rate of nothing shows nothing instead of zero.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from nhasan.domain.forms import Column, Kind
from nhasan.domain.formulas import ColumnValue, Number, Operation, Tree, parse
from nhasan.domain.problems import Invalid
from nhasan.formats.forms.grid import a1

FORMULA_LIMIT = 8_000
MOST_CHOICES = 6
MOST_ARGUMENTS = 200


class Untranslatable(Exception):
    """The formula has no equal in Excel; the cell then holds its value alone."""


def row_formula(
    column: Column, line: int, places: Mapping[str, tuple[int, Kind]],
) -> str | None:
    """Return the Excel formula of a computed column in a line, or nothing.

    `places` gives the sheet column and the kind of every column of the table.
    """
    try:
        tree = parse(column.formula or "")
        text = _text(tree, line, places)
    except (Untranslatable, Invalid):
        return None
    digits = column.kind.decimals if column.kind.name == "decimal" else 0
    formula = f'=IFERROR(ROUND({text},{digits}),"")'
    return formula if len(formula) <= FORMULA_LIMIT else None


def sum_formula(lines: Sequence[int], column: int, kind: Kind) -> str | None:
    """Return the formula that adds up the given lines of a column, or nothing."""
    if not kind.numeric or not lines:
        return None
    ranges = [
        a1(first, column) if first == last else f"{a1(first, column)}:{a1(last, column)}"
        for first, last in _runs(lines)
    ]
    formula = f'=IF({_spread("COUNT", ranges)}=0,"",{_spread("SUM", ranges)})'
    return formula if len(formula) <= FORMULA_LIMIT else None


def _spread(function: str, ranges: Sequence[str]) -> str:
    """Call a function that takes at most 255 arguments on any number of ranges."""
    parts = [
        f"{function}({','.join(ranges[at:at + MOST_ARGUMENTS])})"
        for at in range(0, len(ranges), MOST_ARGUMENTS)
    ]
    return parts[0] if len(parts) == 1 else f"({'+'.join(parts)})"


def _runs(lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    ordered = sorted(set(lines))
    first = last = ordered[0]
    for line in ordered[1:]:
        if line != last + 1:
            yield first, last
            first = line
        last = line
    yield first, last


def _text(tree: Tree, line: int, places: Mapping[str, tuple[int, Kind]]) -> str:
    if isinstance(tree, Number):
        return format(tree.value, "f")
    if isinstance(tree, ColumnValue):
        return _reference(tree.column, line, places)
    operands = [_text(operand, line, places) for operand in tree.operands]
    if tree.name in _WRITTEN:
        return _WRITTEN[tree.name].format(*operands)
    if tree.name in ("+", "-", "*", "/", "<", "<=", "=", "<>", ">=", ">"):
        return f"({operands[0]}{tree.name}{operands[1]})"
    return _call(tree, operands, line, places)


_WRITTEN = {
    "and": "AND({0},{1})", "or": "OR({0},{1})", "not": "NOT({0})", "neg": "(-({0}))",
    "if": "IF({0},{1},{2})", "abs": "ABS({0})",
}


def _call(
    tree: Operation, operands: list[str], line: int, places: Mapping[str, tuple[int, Kind]],
) -> str:
    if tree.name == "round":
        return f"ROUND({operands[0]},{operands[1] if len(operands) > 1 else 0})"
    if tree.name == "coalesce":
        text = operands[-1]
        for operand in reversed(operands[:-1]):
            text = f"IFERROR({operand},{text})"
        return text
    plain = [_plain_cell(operand, line, places) for operand in tree.operands]
    if all(plain) and tree.name in ("sum", "min", "max"):
        cells = ",".join(cell for cell in plain if cell)
        return f"IF(COUNT({cells})=0,NA(),{tree.name.upper()}({cells}))"
    if tree.name == "sum":
        some = ",".join(f"ISNUMBER({operand})" for operand in operands)
        total = "+".join(f"IFERROR({operand},0)" for operand in operands)
        return f"IF(OR({some}),{total},NA())"
    raise Untranslatable(tree.name)


def _plain_cell(tree: Tree, line: int, places: Mapping[str, tuple[int, Kind]]) -> str | None:
    """Return the bare address of a numeric column, which SUM, MIN and MAX can look at."""
    if not isinstance(tree, ColumnValue) or tree.column not in places:
        return None
    column, kind = places[tree.column]
    return a1(line, column) if kind.numeric else None


def _reference(name: str, line: int, places: Mapping[str, tuple[int, Kind]]) -> str:
    if name not in places:
        raise Untranslatable(name)
    column, kind = places[name]
    cell = a1(line, column)
    otherwise = "NA()"
    if kind.name == "choice":
        if len(kind.choices) > MOST_CHOICES or not all(_is_number(c) for c, _ in kind.choices):
            raise Untranslatable(name)
        for code, label in reversed(kind.choices):
            otherwise = f'IF({cell}="{_quoted(label)}",{code},{otherwise})'
    return f"IF(ISNUMBER({cell}),{cell},{otherwise})"


def _is_number(code: str) -> bool:
    return code.removeprefix("-").isdigit()


def _quoted(text: str) -> str:
    return text.replace('"', '""')
