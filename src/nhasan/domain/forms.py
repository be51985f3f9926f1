"""Report forms as tables: rows and columns in several levels, every cell bound to a key.

A `FormDefinition` is data (JSON). `layout()` expands it for one unit, with the codes and
areas of that day, into a `Layout`: plain rows, leaf columns and cells. The grid on screen,
the workbook and the printed page are faces of the same layout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from typing import Any

from nhasan.domain.observations import Key, breakdown_text
from nhasan.domain.problems import Invalid, phrase

AREA_DIMENSION = "REF_AREA"
INDICATOR_DIMENSION = "INDICATOR"


@dataclass(frozen=True, slots=True)
class Kind:
    """The type of a cell: `integer`, `decimal` (with decimals), `choice` or `text`.

    A choice holds its codes and labels; `yes`/`no` style criteria store 1 and 0.
    """

    name: str
    decimals: int = 0
    minimum: str | None = "0"
    maximum: str | None = None
    choices: tuple[tuple[str, str], ...] = ()

    @property
    def numeric(self) -> bool:
        """Tell whether the cell holds a number."""
        return self.name in ("integer", "decimal")


@dataclass(frozen=True, slots=True)
class Column:
    """A leaf column with the labels of the levels above it (`path`, outermost first)."""

    id: str
    label: str
    path: tuple[str, ...]
    kind: Kind
    bind: Mapping[str, str]
    formula: str | None = None
    unit: str = ""
    note: str = ""

    @property
    def computed(self) -> bool:
        """Tell whether the machine fills this column."""
        return self.formula is not None

    @property
    def full_label(self) -> str:
        """Return the labels from outermost to innermost, joined for a message."""
        return ", ".join((*self.path, self.label))


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `code` is shown beside the label; `sum` names the rows it adds up ("*" = all)."""

    id: str
    label: str
    code: str = ""
    indent: int = 0
    bind: Mapping[str, str] = field(default_factory=dict)
    sum: tuple[str, ...] = ()
    heading: bool = False

    @property
    def computed(self) -> bool:
        """Tell whether the machine fills this row."""
        return bool(self.sum)


@dataclass(frozen=True, slots=True)
class Rule:
    """What must hold in a form, in the formula language; true means all is well.

    `each` names the table in each of whose rows it is asked; without it, it is asked once of the
    whole form. `message` may name what it read as `{column}` or `{table/row/column}`, or a small
    computation of them. It is told at `column` of the row, or at `cell`. An error must be mended,
    a warning can be passed with a reason, a note informs.
    """

    id: str
    test: str
    message: str
    severity: str = "error"
    each: str = ""
    column: str = ""
    cell: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One expanded table of a form."""

    id: str
    title: str
    unit: str
    row_header: str
    rows: tuple[Row, ...]
    columns: tuple[Column, ...]
    bind: Mapping[str, str]
    open_rows: int = 0
    grows: bool = False  # some of its rows are known only when it is expanded for a unit

    def cell_computed(self, row: Row, column: Column) -> bool:
        """Tell whether the machine fills this cell."""
        return row.computed or column.computed

    def cells(self) -> Iterator[tuple[Row, Column]]:
        """Yield the cells people fill, row by row."""
        for row in self.rows:
            if row.heading or row.computed:
                continue
            for column in self.columns:
                if not column.computed:
                    yield row, column

    def row(self, row_id: str) -> Row | None:
        """Return the row of that id, if there is one."""
        return next((row for row in self.rows if row.id == row_id), None)

    def column(self, column_id: str) -> Column | None:
        """Return the column of that id, if there is one."""
        return next((column for column in self.columns if column.id == column_id), None)


@dataclass(frozen=True, slots=True)
class Layout:
    """A form expanded for one unit and one period."""

    form: str
    version: str
    tables: tuple[Table, ...]
    rules: tuple[Rule, ...] = ()

    def table(self, table_id: str) -> Table | None:
        """Return the table of that id, if there is one."""
        return next((table for table in self.tables if table.id == table_id), None)

    def cell_count(self) -> int:
        """Return how many cells people are asked to fill."""
        return sum(1 for table in self.tables for _ in table.cells())

    def key(self, table: Table, row: Row, column: Column, area: str, period: str) -> Key | None:
        """Return the observation key of a cell, or nothing when the cell is not a figure.

        `area` (`level:code`) is the unit's own area; a row that is itself an area wins.
        """
        bind = {**table.bind, **row.bind, **column.bind}
        indicator = bind.pop(INDICATOR_DIMENSION, "")
        where = bind.pop(AREA_DIMENSION, area)
        if not indicator or column.kind.name == "text":
            return None
        return Key(indicator, where, period, breakdown_text(bind))

    def keys(self, area: str, period: str) -> Iterator[tuple[str, Column, Key]]:
        """Yield the address, the column and the key of every cell that is a figure."""
        for table in self.tables:
            for row, column in table.cells():
                key = self.key(table, row, column, area, period)
                if key is not None:
                    yield cell_id(table.id, row.id, column.id), column, key


def cell_id(table_id: str, row_id: str, column_id: str) -> str:
    """Return the address of a cell, the same on screen, in a workbook and in a finding."""
    return f"{table_id}/{row_id}/{column_id}"


@dataclass(frozen=True, slots=True)
class Expansion:
    """What a definition needs from outside to become a layout.

    `codes`: rows per code list id. `areas`: rows per area level, for the unit's own area on
    the form's day, in official order, their `code` holding the unit type ("Xã", "Phường").
    `open_rows`: names that the unit typed, per table.
    """

    codes: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    areas: Mapping[str, Sequence[Row]] = field(default_factory=dict)
    open_rows: Mapping[str, Sequence[Row]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class FormDefinition:
    """A report form as it was published; `source` is the JSON it was read from."""

    id: str
    version: str
    code: str
    title: str
    legal_basis: str
    source: Mapping[str, Any]

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> FormDefinition:
        """Read a definition and refuse one that does not hold together."""
        for name in ("id", "version", "title", "tables"):
            if not data.get(name):
                raise Invalid(reason=f"biểu mẫu thiếu mục “{name}”")
        found = cls(
            data["id"], str(data["version"]), data.get("code", ""), data["title"],
            data.get("legal_basis", ""), data,
        )
        for table in data["tables"]:
            ids = [column.id for column in _columns(table["columns"], (), {})]
            if len(ids) != len(set(ids)):
                raise Invalid(reason=f"bảng “{table['id']}” có hai cột trùng mã")
        tuple(found._rules())  # refuses one with parts missing
        return found

    def code_lists(self) -> set[str]:
        """Return the ids of the code lists whose codes become rows."""
        return {
            item["codes"] for table in self.source["tables"] for item in table["rows"]
            if "codes" in item
        }

    def area_levels(self) -> set[str]:
        """Return the area levels whose units become rows."""
        return {
            item["areas"] for table in self.source["tables"] for item in table["rows"]
            if "areas" in item
        }

    def indicators(self) -> set[str]:
        """Return every indicator a cell is bound to."""
        found: set[str] = set()
        for table in self.source["tables"]:
            binds = [table.get("bind", {})]
            binds += [item.get("bind", {}) for item in table["rows"]]
            binds += [column.bind for column in _columns(table["columns"], (), {})]
            found |= {bind[INDICATOR_DIMENSION] for bind in binds if INDICATOR_DIMENSION in bind}
        return found

    def layout(self, expansion: Expansion) -> Layout:
        """Expand the definition into plain tables."""
        tables = tuple(self._table(table, expansion) for table in self.source["tables"])
        return Layout(self.id, self.version, tables, tuple(self._rules()))

    def _rules(self) -> Iterator[Rule]:
        """Yield the rules of the rows of each table, then those of the form."""
        for table in self.source["tables"]:
            for item in table.get("checks", ()):
                yield _rule({"each": table["id"], **item})
        for item in self.source.get("rules", ()):
            yield _rule(item)

    def _table(self, data: Mapping[str, Any], expansion: Expansion) -> Table:
        fixed: set[str] = set()
        parts = []
        open_rows = 0
        for item in data["rows"]:
            found = _rows(item, data["id"], expansion)
            if "open" in item:
                open_rows = int(item["open"])
            else:
                fixed.update(row.id for row in found)
            parts.append(("open" in item, found))
        rows = [  # a named row under the id of the form's own would make a total its own part
            row for named, found in parts for row in found if not (named and row.id in fixed)]
        return Table(
            id=data["id"], title=data.get("title", self.title), unit=data.get("unit", ""),
            row_header=data.get("row_header", ""), rows=tuple(_resolved(rows)),
            columns=tuple(_columns(data["columns"], (), {})),
            bind=data.get("bind", {}), open_rows=open_rows,
            grows=any("areas" in item or "open" in item for item in data["rows"]),
        )


_RULE_PARTS = frozenset(part.name for part in fields(Rule))


def _rule(data: Mapping[str, Any]) -> Rule:
    missing = {"id", "test", "message"} - {name for name, value in data.items() if value}
    strange = data.keys() - _RULE_PARTS
    if missing or strange:
        raise Invalid(reason=phrase("quy tắc “{rule}” thiếu hoặc thừa mục: {parts}").format(
            rule=data.get("id", "?"), parts=", ".join(sorted(missing | strange))))
    return Rule(**{name: str(value) for name, value in data.items()})


def _kind(data: Mapping[str, Any]) -> Kind:
    return Kind(
        name=data.get("kind", "integer"), decimals=int(data.get("decimals", 0)),
        minimum=None if data.get("minimum", 0) is None else str(data.get("minimum", 0)),
        maximum=None if data.get("maximum") is None else str(data["maximum"]),
        choices=tuple((str(code), str(label)) for code, label in data.get("choices", ())),
    )


def _columns(
    items: Sequence[Mapping[str, Any]], path: tuple[str, ...], bind: Mapping[str, str],
) -> Iterator[Column]:
    for item in items:
        merged = {**bind, **item.get("bind", {})}
        if "columns" in item:
            yield from _columns(item["columns"], (*path, item["label"]), merged)
        else:
            yield Column(
                id=item["id"], label=item["label"], path=path, kind=_kind(item), bind=merged,
                formula=item.get("formula"), unit=item.get("unit", ""), note=item.get("note", ""),
            )


def _rows(item: Mapping[str, Any], table: str, expansion: Expansion) -> list[Row]:
    indent = int(item.get("indent", 0))
    if "codes" in item:
        wanted = item.get("only")
        found = expansion.codes.get(item["codes"], ())
        rows = [row for row in found if wanted is None or row.id in wanted]
        dimension = item["dimension"]
        return [replace(row, indent=indent, bind={dimension: row.id}) for row in rows]
    if "areas" in item:
        level = item["areas"]
        return [
            replace(row, code=row.id, indent=indent, bind={AREA_DIMENSION: f"{level}:{row.id}"})
            for row in expansion.areas.get(level, ())
            if not item.get("kinds") or row.code in item["kinds"]
        ]
    if "open" in item:
        dimension = item["dimension"]
        return [
            replace(row, indent=indent, bind={dimension: row.label})
            for row in expansion.open_rows.get(table, ())
        ]
    return [
        Row(
            id=item["id"], label=item["label"], code=item.get("code", ""), indent=indent,
            bind=item.get("bind", {}), sum=tuple(item.get("sum", ())),
            heading=bool(item.get("heading", False)),
        )
    ]


def _resolved(rows: Sequence[Row]) -> Iterator[Row]:
    """Replace `*` in a sum by the ids of every row that people fill."""
    plain = tuple(row.id for row in rows if not row.computed and not row.heading)
    for row in rows:
        # With no rows yet, "*" stays: a total of nothing is still the machine's to fill.
        yield replace(row, sum=plain) if plain and row.sum == ("*",) else row
