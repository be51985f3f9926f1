"""The rules that are kept as tables of examples in tests/spec, printed for people."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from scripts import places
from scripts.reference_tables import code, page, table

_STATUS = {"A": "", "L": "chưa có", "M": "không áp dụng", "Q": "bảo mật"}


def _spec(name: str) -> Any:
    path = places.ROOT / "tests" / "spec" / f"{name}.json"
    return json.loads(path.read_text(encoding="utf-8"))


def _kind(kind: Mapping[str, Any]) -> str:
    said = [str(kind["name"])]
    if kind.get("decimals"):
        said.append(f"{kind['decimals']} decimals")
    if "minimum" in kind and kind["minimum"] is None:
        said.append("may be negative")
    if kind.get("maximum"):
        said.append(f"at most {kind['maximum']}")
    return ", ".join(said + [f"{word} = {one}" for one, word in kind.get("choices", ())])


def _understood(row: Mapping[str, Any]) -> str:
    if row["value"] is not None:
        return code(row["value"])
    return _STATUS.get(row["status"], "") or "(not taken)"


def numbers() -> str:
    """Return the page of how a typed cell is read and a figure shown."""
    spec = _spec("numbers")
    parts = []
    for kind, about in spec["kinds"].items():
        read = [row for row in spec["read"] if row["kind"] == kind]
        shown = [row for row in spec["show"] if row["kind"] == kind]
        part = [f"## {kind}", f"A column of kind: {_kind(about)}."]
        if read:
            part.append(table(
                ("typed or pasted", "understood as", "", "said beside the cell"),
                [(code(row["text"]) or "(nothing)", _understood(row), row["severity"],
                  row["message"]) for row in read],
            ))
        if shown:
            part.append(table(
                ("value", "in its box", "on a page"),
                [(code(row["value"]) if row["value"] is not None else _STATUS[row["status"]],
                  code(row["shown"]), code(row["displayed"])) for row in shown],
            ))
        parts.append("\n\n".join(part))
    cells = table(
        ("kind", "cell of a workbook", "as if typed", "understood as", "finding"),
        [(row["kind"], code(repr(row["number"])), code(row["text"]),
          code(row["value"]) if row["value"] is not None else "", code(row["code"]))
         for row in spec["read_number"]],
    )
    return page(
        "Reading and showing numbers",
        "What a person types or pastes, and what the system takes it for. The kind of the column "
        "decides; what could be two things is asked, never guessed. The server and the browser "
        "are held to this table. `⍽` stands for a space that does not break, wide or narrow, "
        "`␣` for a space at an end.",
        "tests/spec/numbers.json", *parts,
        f"## Numbers in the cells of a workbook\n\n{cells}",
    )


def formulas() -> str:
    """Return the page of the formula language."""
    spec = _spec("formulas")
    values = ", ".join(
        f"{code(f'[{name}]')} = {value if value is not None else '(missing)'}"
        for name, value in spec["values"].items()
    )
    gives = table(
        ("formula", "gives"),
        [(code(row["formula"]), _result(row["result"])) for row in spec["evaluate"]],
    )
    refused = table(
        ("formula", "at character", "reason"),
        [(code(_cut(row["formula"])) or "(nothing)", str(row["position"]), row["reason"])
         for row in spec["refuse"]],
    )
    return page(
        "Formulas",
        "The language of computed columns, checks and derived indicators: `[column]` of the same "
        "row, `+ - * /`, comparisons, `and or not`, and `sum if abs round min max coalesce`. A "
        "missing operand makes the result missing; so does a division by zero.",
        "tests/spec/formulas.json",
        f"## Examples\n\nWith {values}.\n\n{gives}", f"## Refused\n\n{refused}",
    )


def _cut(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:40]}… ({len(text)} characters)"


def _result(result: Any) -> str:
    if result is None:
        return "(missing)"
    if isinstance(result, bool):
        return "true" if result else "false"
    return code(result)


def grids() -> str:
    """Return the page of whole report forms: typed, computed, found."""
    parts = []
    for each in _spec("grids")["grids"]:
        part = [f"## {each['name'].capitalize()}"]
        if each["cells"]:
            part.append(table(("cell", "typed"), _pairs(each["cells"])))
        computed = {cell: value for cell, value in each["computed"].items() if value is not None}
        if computed:
            part.append(table(("cell", "computed"), _pairs(computed)))
        if each["findings"]:
            part.append(table(
                ("cell", "severity", "said beside it"),
                [(code(found["cell"]), found["severity"], found["message"])
                 for found in each["findings"]],
            ))
        parts.append("\n\n".join(part))
    return page(
        "Report forms: sums, rates and checks",
        "What is typed into a form, what it adds up to, and what is said about it. A computed "
        "row adds what was reported in its column; in it a computed column uses its own formula, "
        "so the rate of a total is a rate of totals. The server and the browser are held to "
        "these examples.",
        "tests/spec/grids.json", *parts,
    )


def _pairs(cells: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(code(cell), code(value)) for cell, value in cells.items()]


def plans() -> str:
    """Return the page of how figures are added up and derived."""
    parts = []
    for each in _spec("plans"):
        head = ("indicator", "level", "area", "period", "group", "value")
        given = [(*row[:5], _figure(row[5], row[6])) for row in each["rows"]]
        gives = [(*row[:5], _figure(row[5], row[6]), row[7]) for row in each["gives"]]
        steps = "\n".join(f"- {_step(step)}" for step in each["steps"])
        parts.append("\n\n".join([
            f"## {each['name'].capitalize()}", table(head, given), steps,
            table((*head, "parts there of parts asked"), gives),
        ]))
    return page(
        "Adding up",
        "How figures rise from communes to provinces, how groups add up to a total, and how a "
        "rate is taken. Every engine gives these answers. `c1` and `c2` lie in `p1`; `c3` moves "
        "from `p2` to `p3` on 1 July 2025.",
        "tests/spec/plans.json", *parts,
    )


def _figure(value: str | None, status: str) -> str:
    return code(value) if value is not None else _STATUS[status]


def _step(step: Mapping[str, Any]) -> str:
    if step["step"] == "rollup":
        day = f", on the map of {step['on']}" if step.get("on") else ""
        return (f"roll up {_list(step['indicators'])} from {step['from_level']} to "
                f"{step['to_level']}{day}")
    if step["step"] == "total":
        return (f"total of {_list(step['indicators'])} over `{step['dimension']}` from "
                f"{_list(step['parts'])}")
    operands = ", ".join(_operand(each) for each in step["operands"])
    return (f"derive `{step['indicator']}` = `{step['formula']}` with {operands}, "
            f"{step['decimals']} decimals")


def _operand(operand: Sequence[Any]) -> str:
    name, indicator, at = operand
    place = "".join(f" at {dimension} = {value}" for dimension, value in at)
    return f"`[{name}]` = {indicator}{place}"


def _list(names: Iterable[str]) -> str:
    return ", ".join(code(name) for name in names)


def disclosure() -> str:
    """Return the page of what is hidden around a small count."""
    parts = []
    for each in _spec("disclosure"):
        rows = [
            (code(key), str(value),
             "**bảo mật**" if each["shows"][key] is None else str(each["shows"][key]))
            for key, value in each["cells"].items()
        ]
        parts.append(f"## {each['name'].capitalize()}\n\nThreshold {each['threshold']}.\n\n"
                     + table(("cell", "is", "shows"), rows))
    return page(
        "Protection of small counts",
        "A cell is `area:group`; `_T` is the total of the groups, `VN` the whole of the areas. "
        "A count below the threshold is hidden, then as many others as it takes that no sum "
        "gives it away. Why: [explanation](../explanation/protection-of-small-numbers.md).",
        "tests/spec/disclosure.json", *parts,
    )


def deadlines() -> str:
    """Return the page of schedules: the days of a round, and what is refused."""
    spec = _spec("deadlines")
    days = table(
        ("what", "schedule", "period", "days"),
        [(row["what"], code(json.dumps(row["schedule"], ensure_ascii=False)), row["period"],
          _days(row)) for row in spec["days"]],
    )
    refused = table(
        ("what", "schedule", "said"),
        [(row["what"], code(json.dumps(row["schedule"], ensure_ascii=False)), row["says"])
         for row in spec["refuse"]],
    )
    return page(
        "Deadlines: from an obligation to the days of a round",
        "A schedule is data: how often, which days the figures speak of, when the round opens, "
        "is due and is locked. Working days are those of the office calendar that is shipped: "
        "holidays of the law, Tết by the moon, days in place of those on a weekend, days that "
        "were swapped.",
        "tests/spec/deadlines.json", days, f"## Refused\n\n{refused}",
    )


def _days(row: Mapping[str, Any]) -> str:
    told = [f"{name} {day}" for name, day in {**row["events"], **row["days"]}.items()]
    return "<br>".join(told)
