"""The formula language of derived columns and checks: parse, ask for columns, evaluate.

    formula     = either
    either      = both {"or" both}
    both        = negated {"and" negated}
    negated     = "not" negated | comparison
    comparison  = sum [("<" | "<=" | "=" | "<>" | ">=" | ">") sum]
    sum         = product {("+" | "-") product}
    product     = signed {("*" | "/") signed}
    signed      = "-" signed | number | "[" column "]" | name "(" formula {"," formula} ")"
                | "(" formula ")"

A formula gives a number or a condition, known when it is parsed. A missing operand makes the
result missing, and so does a division by zero; `sum`, `min` and `max` take what is there and
are missing only when nothing is; `coalesce` gives its first operand that is there; `if` looks
only at the branch it takes. Numbers are decimals of 28 digits, rounded half even, so that the
browser (`frontend/rules/`) gives the same figures.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

from nhasan.domain.problems import Invalid, phrase

CONTEXT = Context(prec=28, rounding=ROUND_HALF_EVEN, traps=[])
MOST_CHARACTERS = 4_000
MOST_NESTED = 30  # brackets within brackets: each costs the parser a dozen calls
DEEPEST = 200  # operations within operations, a long chain of + included
MOST_DECIMALS = 10

Value = Decimal | bool | None
Values = Mapping[str, Decimal | None]
Evaluator = Callable[[Values], Value]


class BadFormula(Invalid):
    """A formula that cannot be read; nothing is computed from it."""

    code = "bad-formula"
    message = phrase("Công thức “{formula}” chưa đúng ở vị trí {position}: {reason}.")


@dataclass(frozen=True, slots=True)
class Number:
    """A number written in the formula."""

    value: Decimal


@dataclass(frozen=True, slots=True)
class ColumnValue:
    """The value of a column in the same row."""

    column: str


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator (`+ - * / < <= = <> >= > and or not neg`) or a function with its operands."""

    name: str
    operands: tuple[Tree, ...]


Tree = Number | ColumnValue | Operation

_COMPARISONS = {
    "<": "<", "<=": "<=", "≤": "<=", "=": "=", "==": "=", "<>": "<>", "!=": "<>", "≠": "<>",
    ">=": ">=", "≥": ">=", ">": ">",
}
# Least and greatest number of operands of each function.
_FUNCTIONS = {
    "sum": (1, 200), "if": (3, 3), "abs": (1, 1), "round": (1, 2), "min": (1, 200),
    "max": (1, 200), "coalesce": (1, 200),
}
_CONDITIONS = frozenset({*_COMPARISONS.values(), "and", "or", "not"})
_TOKEN = re.compile(
    r"\s*(?:(?P<number>[0-9]+(?:\.[0-9]+)?)|\[(?P<column>[^\[\]]*)\]"
    r"|(?P<word>[A-Za-z_]+)|(?P<sign><=|>=|<>|==|!=|[-+*/(),<>=≤≥≠]))"
)


@lru_cache(maxsize=4096)
def parse(formula: str) -> Tree:
    """Return the tree of a formula, or refuse it naming the place and the reason."""
    if len(formula) > MOST_CHARACTERS:
        raise _bad(formula, MOST_CHARACTERS, phrase("công thức dài quá"))
    return _Parser(formula).whole()


def parse_number(formula: str) -> Tree:
    """Return the tree of a formula that gives a number."""
    tree = parse(formula)
    if gives_condition(tree):
        raise _bad(formula, 0, phrase("cần một phép tính ra số, không phải điều kiện"))
    return tree


def parse_condition(formula: str) -> Tree:
    """Return the tree of a formula that is true or false."""
    tree = parse(formula)
    if not gives_condition(tree):
        raise _bad(formula, 0, phrase("cần một điều kiện đúng hoặc sai, ví dụ [a] <= [b]"))
    return tree


def gives_condition(tree: Tree) -> bool:
    """Tell whether a tree gives true or false instead of a number."""
    while isinstance(tree, Operation) and tree.name == "if":
        tree = tree.operands[-1]
    return isinstance(tree, Operation) and tree.name in _CONDITIONS


def columns(tree: Tree) -> tuple[str, ...]:
    """Return the columns a tree reads, each once, in the order they are written."""
    return tuple(dict.fromkeys(_columns(tree)))


def _columns(tree: Tree) -> Iterator[str]:
    if isinstance(tree, ColumnValue):
        yield tree.column
    elif isinstance(tree, Operation):
        for operand in tree.operands:
            yield from _columns(operand)


def _depth(tree: Tree) -> int:
    deepest, waiting = 0, [(tree, 1)]
    while waiting:
        node, depth = waiting.pop()
        deepest = max(deepest, depth)
        if isinstance(node, Operation):
            waiting += [(operand, depth + 1) for operand in node.operands]
    return deepest


def evaluate(tree: Tree, values: Values) -> Value:
    """Return what the tree gives for the values of one row; missing is nothing, never zero."""
    return evaluator(tree)(values)


@lru_cache(maxsize=4096)
def evaluator(tree: Tree) -> Evaluator:
    """Return a function that evaluates the tree: take it once for many rows."""
    if isinstance(tree, Number):
        return lambda values: tree.value
    if isinstance(tree, ColumnValue):
        column = tree.column
        return lambda values: values.get(column)
    operands = [evaluator(operand) for operand in tree.operands]
    if tree.name == "if":
        return _choosing(*operands)
    if tree.name == "coalesce":
        return lambda values: next(
            (value for value in (each(values) for each in operands) if value is not None), None)
    if tree.name in _OF_MANY:
        return _gathering(_OF_MANY[tree.name], operands)
    return _applying(_APPLY[tree.name], operands)


def _choosing(condition: Evaluator, yes: Evaluator, no: Evaluator) -> Evaluator:
    def choose(values: Values) -> Value:
        chosen = condition(values)
        return None if chosen is None else (yes if chosen else no)(values)

    return choose


def _gathering(gather: Callable[..., Decimal], operands: list[Evaluator]) -> Evaluator:
    def gathered(values: Values) -> Value:
        present = [value for each in operands if (value := each(values)) is not None]
        return _finite(gather(present)) if present else None

    return gathered


def _applying(apply: Callable[..., Value], operands: list[Evaluator]) -> Evaluator:
    if len(operands) == 2:
        first, second = operands

        def applied_to_two(values: Values) -> Value:
            left, right = first(values), second(values)
            return None if left is None or right is None else _finite(apply(left, right))

        return applied_to_two

    (only,) = operands

    def applied(values: Values) -> Value:
        value = only(values)
        return None if value is None else _finite(apply(value))

    return applied


def _finite(value: Value) -> Value:
    return None if isinstance(value, Decimal) and not value.is_finite() else value


def _divide(left: Decimal, right: Decimal) -> Value:
    return CONTEXT.divide(left, right) if right else None


def _round(value: Decimal, places: Decimal = Decimal(0)) -> Decimal:
    step = Decimal(1).scaleb(-int(places))
    return value.quantize(step, rounding=ROUND_HALF_UP, context=CONTEXT)


def _total(values: list[Decimal]) -> Decimal:
    total = Decimal(0)
    for value in values:
        total = CONTEXT.add(total, value)
    return total


_OF_MANY: dict[str, Callable[..., Decimal]] = {"sum": _total, "min": min, "max": max}
_APPLY: dict[str, Callable[..., Value]] = {
    "+": CONTEXT.add, "-": CONTEXT.subtract, "*": CONTEXT.multiply, "/": _divide,
    "neg": CONTEXT.minus, "abs": CONTEXT.abs, "round": _round,
    "<": lambda a, b: a < b, "<=": lambda a, b: a <= b, "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b, ">=": lambda a, b: a >= b, ">": lambda a, b: a > b,
    "and": lambda a, b: a and b, "or": lambda a, b: a or b, "not": lambda a: not a,
}


def _bad(formula: str, position: int, reason: str) -> BadFormula:
    shown = formula if len(formula) <= 80 else formula[:79] + "…"
    return BadFormula(formula=shown, position=position + 1, reason=reason)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    position: int


def _tokens(formula: str) -> list[_Token]:
    found = []
    at = 0
    while formula[at:].strip():
        match = _TOKEN.match(formula, at)
        if match is None:
            while formula[at].isspace():
                at += 1
            raise _bad(formula, at, phrase("có ký tự không hiểu được"))
        kind = match.lastgroup or ""
        text = match.group(kind).strip()
        start = match.start(kind) - (kind == "column")
        if kind == "word":
            text = text.lower()
        elif kind == "column" and not text:
            raise _bad(formula, start, phrase("thiếu mã cột trong ngoặc vuông"))
        found.append(_Token(kind, text, start))
        at = match.end()
    return [*found, _Token("end", "", len(formula))]


class _Parser:
    """Recursive descent over the tokens; nesting is counted, so that it cannot run away."""

    def __init__(self, formula: str) -> None:
        self._formula = formula
        self._tokens = _tokens(formula)
        self._next = 0
        self._depth = 0

    def whole(self) -> Tree:
        tree = self._either()
        if self._token.kind != "end":
            raise self._refused(phrase("thừa từ chỗ này"))
        if _depth(tree) > DEEPEST:
            raise _bad(self._formula, 0, phrase("công thức dài quá"))
        return tree

    @property
    def _token(self) -> _Token:
        return self._tokens[self._next]

    def _refused(self, reason: str) -> BadFormula:
        return _bad(self._formula, self._token.position, reason)

    def _took(self, *texts: str) -> str:
        token = self._token
        if token.kind in ("sign", "word") and token.text in texts:
            self._next += 1
            return token.text
        return ""

    def _expect(self, text: str, reason: str) -> None:
        if not self._took(text):
            raise self._refused(reason)

    def _node(self, name: str, *operands: tuple[Tree, int], conditions: bool) -> Tree:
        """Return an operation after making sure that each operand is of the kind it needs."""
        for operand, position in operands:
            if gives_condition(operand) != conditions:
                wanted = (
                    phrase("cần một điều kiện đúng hoặc sai") if conditions
                    else phrase("cần một số, không phải điều kiện")
                )
                raise _bad(self._formula, position, wanted)
        return Operation(name, tuple(operand for operand, _ in operands))

    def _deeper(self) -> None:
        self._depth += 1
        if self._depth > MOST_NESTED:
            raise self._refused(phrase("công thức lồng nhau sâu quá"))

    def _placed(self, rule: str) -> tuple[Tree, int]:
        position = self._token.position
        return getattr(self, rule)(), position

    def _chain(self, rule: str, signs: tuple[str, ...], conditions: bool) -> Tree:
        """Read `rule {sign rule}`, from left to right."""
        left, position = self._placed(rule)
        while sign := self._took(*signs):
            right = self._placed(rule)
            left = self._node(sign, (left, position), right, conditions=conditions)
        return left

    def _either(self) -> Tree:
        return self._chain("_both", ("or",), conditions=True)

    def _both(self) -> Tree:
        return self._chain("_negated", ("and",), conditions=True)

    def _negated(self) -> Tree:
        if not self._took("not"):
            return self._comparison()
        self._deeper()
        operand = self._placed("_negated")
        self._depth -= 1
        return self._node("not", operand, conditions=True)

    def _comparison(self) -> Tree:
        left = self._placed("_sum")
        sign = self._took(*_COMPARISONS)
        if not sign:
            return left[0]
        return self._node(_COMPARISONS[sign], left, self._placed("_sum"), conditions=False)

    def _sum(self) -> Tree:
        return self._chain("_product", ("+", "-"), conditions=False)

    def _product(self) -> Tree:
        return self._chain("_signed", ("*", "/"), conditions=False)

    def _signed(self) -> Tree:
        token = self._token
        if token.kind in ("number", "column"):
            self._next += 1
            return Number(Decimal(token.text)) if token.kind == "number" else ColumnValue(
                token.text)
        self._deeper()
        tree = self._nested()
        self._depth -= 1
        return tree

    def _nested(self) -> Tree:
        if self._took("-"):
            return self._node("neg", self._placed("_signed"), conditions=False)
        if self._took("("):
            tree = self._either()
            self._expect(")", phrase("thiếu dấu ngoặc đóng"))
            return tree
        name = self._took(*_FUNCTIONS)
        if not name:
            raise self._refused(
                phrase("không có hàm này") if self._token.kind == "word"
                and self._token.text not in ("and", "or") else phrase("thiếu số hoặc cột"))
        self._expect("(", phrase("sau tên hàm phải có dấu ngoặc mở"))
        operands = [self._placed("_either")]
        while self._took(","):
            operands.append(self._placed("_either"))
        self._expect(")", phrase("thiếu dấu ngoặc đóng"))
        return self._call(name, operands)

    def _call(self, name: str, operands: list[tuple[Tree, int]]) -> Tree:
        least, most = _FUNCTIONS[name]
        if not least <= len(operands) <= most:
            raise self._refused(phrase("hàm nhận số tham số khác"))
        if name == "if":
            self._node(name, operands[0], conditions=True)
            branches = gives_condition(operands[1][0])
            self._node(name, *operands[1:], conditions=branches)
            return Operation(name, tuple(operand for operand, _ in operands))
        if name == "round" and len(operands) == 2:
            places = operands[1][0]
            if not (isinstance(places, Number) and places.value in range(MOST_DECIMALS + 1)):
                raise _bad(
                    self._formula, operands[1][1],
                    phrase("số chữ số lẻ phải là số nguyên từ 0 đến 10"))
        return self._node(name, *operands, conditions=False)
