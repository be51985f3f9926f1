"""Derived indicators: what a formula means, and which formulas mean nothing.

Every part of a formula has a type: its unit, and whether it adds up. Counts and amounts add
up (`sum`). A rate, an average, an index does not (`rate`), nor a median, nor what neither is
(`none`: yes or no, the greater of two). A difference of two rates is a `change`, of which
nothing further is added or taken away, so no formula adds rates up in a roundabout way.
A derived figure is computed again at every level from what its operands are there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from nhasan.domain.cube import TOTAL
from nhasan.domain.formulas import ColumnValue, Number, Operation, Tree, evaluate, parse_number
from nhasan.domain.operands import Condition, OperandText, operand, operands
from nhasan.domain.problems import Invalid, phrase
from nhasan.domain.words import Words

SUM, RATE, MEDIAN, NONE, CHANGE = "sum", "rate", "median", "none", "change"
_RATES = ("rate", "average", "ratio", "index")
_SHARES = frozenset({"", "%", "‰", "lần", "điểm phần trăm", "điểm %"})


class Meaningless(Invalid):
    """A formula that can be read and means nothing; it says where and how to mend it."""

    code = "meaningless-formula"
    message = phrase("Công thức chưa dùng được ở “{place}”: {reason}. {mending}")


@dataclass(frozen=True, slots=True)
class Facts:
    """What a formula must know of an indicator."""

    ref: str
    unit: str = ""
    value_kind: str = "count"
    adds: bool = True
    dimensions: tuple[str, ...] = ()
    decimals: int = 0
    formula: str = ""

    @property
    def kind(self) -> str:
        """Return how the indicator's figures add up."""
        if self.value_kind == "median":
            return MEDIAN
        if self.value_kind in _RATES:
            return RATE
        return SUM if self.adds else NONE


@dataclass(frozen=True, slots=True)
class Known:
    """What there is to read: indicators by reference, and the codes of each breakdown."""

    indicators: Mapping[str, Facts]
    codes: Mapping[str, Collection[str]]
    owner: str = ""

    def ref(self, name: str) -> str:
        """Return the full name of an indicator that a formula names."""
        return name if ":" in name or not self.owner else f"{self.owner}:{name}"


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of one part of a formula; `constant` is its value when it reads nothing.

    What was multiplied by a number is `scaled`: đồng may have become triệu đồng.
    """

    adds: str
    unit: str = ""
    constant: Decimal | None = None
    place: str = ""
    scaled: bool = False

    @property
    def is_constant(self) -> bool:
        """Tell whether the part is a number that somebody wrote."""
        return self.constant is not None


def check(target: Facts, known: Known) -> Kind:
    """Return the type of an indicator's formula, or refuse it with place and mending."""
    tree = parse_number(target.formula)
    found = _Typing(known).of(tree)
    if found.is_constant:
        raise Meaningless(place=target.formula, reason=phrase("công thức không đọc chỉ tiêu nào"),
                          mending=phrase("Hãy viết mã chỉ tiêu trong ngoặc vuông."))
    if target.kind == SUM and found.adds != SUM:
        raise Meaningless(
            place=target.formula,
            reason=phrase("chỉ tiêu ghi là cộng được mà công thức ra số không cộng được"),
            mending=phrase("Hãy ghi chỉ tiêu là không cộng được từ các đơn vị cấp dưới."))
    _same_breakdowns(target, known, operands(tree))
    free = found.scaled or found.unit in _SHARES or "/" in found.unit or "·" in found.unit
    if not free and target.unit != found.unit:
        raise Meaningless(
            place=target.formula,
            reason=Words(phrase("công thức ra “{found}” nhưng chỉ tiêu ghi đơn vị “{said}”"),
                         {"found": found.unit, "said": target.unit or "-"}),
            mending=phrase("Hãy sửa đơn vị tính của chỉ tiêu, hoặc sửa công thức."))
    return found


def _same_breakdowns(target: Facts, known: Known, read: Collection[OperandText]) -> None:
    for each in read:
        for name in each.reads:
            held = known.indicators[known.ref(name)].dimensions
            said = {condition.dimension for condition in each.conditions}
            for dimension in target.dimensions:
                if dimension not in held and dimension not in said:
                    raise Meaningless(
                        place=f"[{each.text}]", reason=Words(phrase(
                            "chỉ tiêu được tính có phân tổ {dimension} mà chỉ tiêu này không có"),
                            {"dimension": dimension}),
                        mending=phrase("Hãy bỏ phân tổ đó, hoặc dùng chỉ tiêu có cùng phân tổ."))


class _Typing:
    """Types the parts of a formula from the leaves up."""

    def __init__(self, known: Known) -> None:
        self._known = known

    def of(self, tree: Tree) -> Kind:
        if isinstance(tree, Number):
            return Kind(NONE, constant=tree.value, place=f"{tree.value:f}")
        if isinstance(tree, ColumnValue):
            return self._operand(operand(tree.column))
        parts = [self.of(each) for each in tree.operands]
        if all(part.is_constant for part in parts):
            return self._constant(tree, parts)
        return _RULES.get(tree.name, _alike)(tree.name, parts)

    @staticmethod
    def _constant(tree: Operation, parts: list[Kind]) -> Kind:
        value = evaluate(tree, {})
        place = f" {tree.name} ".join(part.place for part in parts)
        if value is None:
            raise Meaningless(place=place, reason=phrase("phép chia cho 0"),
                              mending=phrase("Hãy sửa số chia."))
        return Kind(NONE, constant=Decimal(value), place=place)

    def _operand(self, read: OperandText) -> Kind:
        place = f"[{read.text}]"
        facts = self._facts(read.indicator, place)
        kind = facts.kind
        for condition in read.conditions:
            self._condition(condition, facts, place)
            if condition.adds and kind != SUM:
                raise _not_added(place, kind)
        if not read.weight:
            return Kind(kind, facts.unit, place=place)
        weight = self._facts(read.weight, place)
        if kind != RATE or weight.kind != SUM:
            raise Meaningless(
                place=place, reason=phrase("chỉ lấy bình quân của tỷ lệ hoặc số bình quân, với "
                                           "quyền số là chỉ tiêu cộng được"),
                mending=phrase("Trung vị không gộp được từ các phần; số cộng được thì cứ cộng."))
        return Kind(RATE, facts.unit, place=place)

    def _facts(self, name: str, place: str) -> Facts:
        found = self._known.indicators.get(self._known.ref(name))
        if found is None:
            raise Meaningless(
                place=place, reason=Words(phrase("không có chỉ tiêu “{name}”"), {"name": name}),
                mending=phrase("Hãy xem lại mã, hoặc viết BỘ:mã nếu chỉ tiêu ở bộ khác."))
        return found

    def _condition(self, condition: Condition, facts: Facts, place: str) -> None:
        if condition.dimension not in facts.dimensions:
            raise Meaningless(
                place=place, reason=Words(
                    phrase("chỉ tiêu này không có phân tổ {dimension}"),
                    {"dimension": condition.dimension}),
                mending=phrase("Hãy dùng chỉ tiêu có phân tổ đó, hoặc bỏ điều kiện."))
        codes = self._known.codes.get(condition.dimension, ())
        strange = next((code for code in condition.codes
                        if code not in codes and (code != TOTAL or condition.adds)), None)
        if strange is not None:
            raise Meaningless(
                place=place, reason=Words(
                    phrase("phân tổ {dimension} không có mã “{code}”"),
                    {"dimension": condition.dimension, "code": strange}),
                mending=phrase("Hãy chọn mã trong danh mục; mã giữ nguyên số 0 ở đầu."))


def _not_added(place: str, kind: str) -> Meaningless:
    if kind == MEDIAN:
        return Meaningless(
            place=place, reason=phrase("trung vị không cộng và không gộp được từ các phần"),
            mending=phrase("Hãy dùng trung vị đã được báo cáo đúng ở cấp đó."))
    return Meaningless(
        place=place, reason=phrase("tỷ lệ, số bình quân hay số có/không thì không cộng được"),
        mending=phrase("Hãy cộng tử số và cộng mẫu số, rồi chia; hoặc lấy bình quân có quyền số, "
                       "như [ty_le weighted dan_so]."))


def _one_unit(parts: list[Kind], *, constants: bool = True) -> str:
    named = [part for part in parts if not (constants and part.is_constant)]
    for part in named[1:]:
        if part.unit != named[0].unit:
            raise Meaningless(
                place=part.place, reason=Words(
                    phrase("đơn vị “{other}” đứng cùng đơn vị “{unit}” của {first}"),
                    {"other": part.unit or "-", "unit": named[0].unit or "-",
                     "first": named[0].place}),
                mending=phrase("Hãy dùng các chỉ tiêu cùng đơn vị tính, hoặc đổi về một đơn vị."))
    return named[0].unit if named else ""


def _joined(name: str, parts: list[Kind]) -> str:
    return f" {name} ".join(part.place for part in parts)


def _added(name: str, parts: list[Kind]) -> Kind:
    unit = _one_unit(parts)
    read = [part for part in parts if not part.is_constant]
    place = _joined(name, parts)
    if all(part.adds == SUM for part in read):
        return Kind(SUM if len(read) == len(parts) else NONE, unit, place=place)
    kinds = {part.adds for part in read}
    if CHANGE in kinds or MEDIAN in kinds or len(read) > 2 or len(kinds) > 1 or (
            len(read) == 2 and name != "-"):
        raise _not_added(next(p.place for p in read if p.adds != SUM),
                         MEDIAN if MEDIAN in kinds else RATE)
    return Kind(CHANGE, unit, place=place)


def _multiplied(name: str, parts: list[Kind]) -> Kind:
    read = [part for part in parts if not part.is_constant]
    place = _joined(name, parts)
    if len(read) == 1:
        (only,) = read
        (factor,) = (part.constant for part in parts if part.is_constant)
        if only.adds != SUM and factor is not None and factor <= 0:
            raise _not_added(place, only.adds)
        return replace(only, place=place, scaled=True)
    if any(part.adds != SUM for part in read):
        raise _not_added(next(p.place for p in read if p.adds != SUM), RATE)
    return Kind(NONE, "·".join(part.unit or "1" for part in read), place=place)


def _divided(name: str, parts: list[Kind]) -> Kind:
    above, below = parts
    place = _joined(name, parts)
    if below.is_constant:
        return _multiplied(name, parts)
    if below.adds != SUM:
        raise Meaningless(
            place=below.place, reason=phrase("mẫu số phải là số cộng được, không phải tỷ lệ, số "
                                             "bình quân hay trung vị"),
            mending=phrase("Hãy chia cho chỉ tiêu số đếm hoặc số lượng."))
    if above.adds not in (SUM, NONE):
        raise _not_added(above.place, above.adds)
    same = above.unit == below.unit
    return Kind(RATE, "" if same else f"{above.unit or '1'}/{below.unit or '1'}", place=place)


def _negated(name: str, parts: list[Kind]) -> Kind:
    (only,) = parts
    if only.adds != SUM:
        raise _not_added(only.place, only.adds)
    return replace(only, place=f"-{only.place}")


def _compared(name: str, parts: list[Kind]) -> Kind:
    """Return the type of a condition; it only chooses, so it need not add up."""
    return Kind(NONE, _one_unit(parts), place=_joined(name, parts))


def _chosen(name: str, parts: list[Kind]) -> Kind:
    return _alike(name, parts[1:])


def _rounded(name: str, parts: list[Kind]) -> Kind:
    return _alike(name, parts[:1])


def _alike(name: str, parts: list[Kind]) -> Kind:
    """Return the type of one chosen among parts of one unit and one kind."""
    unit = _one_unit(parts)
    kinds = {part.adds for part in parts if not part.is_constant}
    if len(kinds) > 1:
        raise _not_added(_joined(",", parts), RATE)
    kind = kinds.pop() if kinds else NONE
    return Kind(NONE if kind == SUM else kind, unit,
                place=f"{name}({', '.join(part.place for part in parts)})")


_RULES: Mapping[str, Callable[[str, list[Kind]], Kind]] = {
    "+": _added, "-": _added, "sum": _added, "*": _multiplied, "/": _divided, "neg": _negated,
    "if": _chosen, "round": _rounded,
    **dict.fromkeys(("<", "<=", "=", "<>", ">=", ">"), _compared),
    **dict.fromkeys(("and", "or", "not"), lambda name, parts: Kind(
        NONE, place=_joined(name, parts))),
}
