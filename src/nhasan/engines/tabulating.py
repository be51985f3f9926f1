"""Tabulations in DuckDB: unit data from Parquet files, the answer to a Parquet file.

A run has a database of its own in memory. It can read the files that it is given and write the
one that it was asked for, and nothing else. What is not finished is not there: the answer gets
its name when it is whole and on the disk.

The answer has one row a cell: for each ladder the rung and the code, then a column for each
measure, an integer of 10**-decimals units, and beside it `NAME_se`, its standard error, where
the plan has a sample design. A missing number means that the cell has nothing to divide by.
"""

# Statements are put together from the compiler's own names; paths are quoted, codes are given
# as parameters.
# ruff: noqa: S608

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from ibis.backends.sql.compilers.duckdb import compiler

from nhasan.domain.sampling_errors import Moments, checked_strata, standard_error
from nhasan.domain.tabulation import (
    Kind,
    Ladder,
    Lonely,
    MedianFromParts,
    Tabulation,
    TabulationNonsense,
    UnplacedCode,
    WeightMissing,
)
from nhasan.engines import tabulation
from nhasan.engines.duckdb import LOCKS, ROUND_RATIO
from nhasan.engines.engine import TooLarge
from nhasan.engines.tabulation import BAD, CELLS, CLUSTER, STRATUM, Step

# Both are at least zero, and small enough (see the compiler).
ROUND_SHARE = (
    "CREATE TEMP MACRO round_share(above, below) AS "
    "(2 * above + below) // nullif(2 * below, 0)")
ERRORS = "errors"
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Told:
    """What is to be known about a run beside its figures."""

    cells: int
    lonely_strata: tuple[str, ...] = ()


def tabulate(
    plan: Tabulation, units: Sequence[Path], target: Path, keep: Path | None = None,
    *, memory_limit: str = "1GB", threads: int = 2,
) -> Told:
    """Run a plan over files of unit data and write its answer.

    `keep` takes what is needed to tabulate one part again, when only its rows have changed: a
    part is a code of the second rung of the first ladder.
    """
    if keep and not _in_parts(plan):
        raise TabulationNonsense(reason="phương án này không chia phần để giữ lại được")
    written = [path for path in (target, keep) if path]
    with _opened(plan, units, written, memory_limit, threads) as run:
        run.see(plan, units)
        run.rise(plan)
        if keep:
            run.write(f'SELECT * FROM "{tabulation.kept_name()}"', keep)
        return run.answer(plan, target)


def tabulate_part(
    plan: Tabulation, part: str, units: Sequence[Path], kept: Path, target: Path, keep: Path,
    *, memory_limit: str = "1GB", threads: int = 2,
) -> Told:
    """Tabulate one part again; write its cells and those of all rungs above, new.

    What is written replaces the part's cells and every cell from the second rung upwards. A
    median cannot be had in this way.
    """
    if plan.medians:
        raise MedianFromParts(name=plan.medians[0].name)
    if not _in_parts(plan):
        raise TabulationNonsense(reason="phương án này không tính lại từng phần được")
    with _opened(plan, [*units, kept], [target, keep], memory_limit, threads) as run:
        run.see(plan, units)
        run.rise(plan, part, kept)
        run.write(f'SELECT * FROM "{tabulation.kept_name()}"', keep)
        return run.answer(plan, target)


def _in_parts(plan: Tabulation) -> bool:
    """Tell whether the plan has parts of which the sums can be kept."""
    return not plan.design and bool(plan.ladders) and len(plan.ladders[0].rungs) > 1


@contextmanager
def _opened(
    plan: Tabulation, read: Sequence[Path], written: Sequence[Path], memory_limit: str,
    threads: int,
) -> Iterator[_Run]:
    """Open a database that knows these files and no others."""
    if not read:
        raise TabulationNonsense(reason="không có tệp dữ liệu nào")
    connection = duckdb.connect(config={"memory_limit": memory_limit, "threads": threads})
    asides = [_aside(path) for path in written]
    try:
        known = [str(path) for path in (*read, *asides)]
        connection.execute(f"SET allowed_paths = [{', '.join(map(_quoted, known))}]")
        for lock in ("SET preserve_insertion_order = false", *LOCKS):
            connection.execute(lock)
        for macro in (ROUND_RATIO, ROUND_SHARE):
            connection.execute(macro)
        yield _Run(connection, _script(plan))
        for aside, path in zip(asides, written, strict=True):
            _settle(aside, path)
    except (duckdb.ConversionException, duckdb.OutOfRangeException) as wrong:
        raise TooLarge() from wrong
    finally:
        connection.close()
        for aside in asides:
            aside.unlink(missing_ok=True)


class _Statement(NamedTuple):
    """The words of a statement, and the name under which its result is kept."""

    name: str
    words: str


class _Script(NamedTuple):
    """All that a plan says to DuckDB, in order.

    `rising` begins with the finest cells; `medians` and `moments` may be without statements.
    """

    rising: tuple[_Statement, ...]
    medians: tuple[_Statement, ...]
    moments: str
    answer: str


@lru_cache(maxsize=32)
def _script(plan: Tabulation) -> _Script:
    """Return a plan's statements; a plan that is run again is not compiled again."""
    upwards = tabulation.cascade(plan)
    found, medians = tabulation.answer(plan, upwards.whole), []
    for number, measure in enumerate(plan.medians):
        base, cascade = tabulation.median_steps(plan, number)
        last = Step(f"medians_{number}", tabulation.median(plan, measure, cascade.whole))
        medians += [base, *cascade.steps, last]
        found = tabulation.joined(
            plan, found, tabulation.reference(plan, last.name, [measure.name]))
    sampled = bool(plan.design and plan.ratios)
    if sampled:
        names = [f"{measure.name}_se" for measure in plan.ratios]
        found = tabulation.joined(plan, found, tabulation.reference(plan, ERRORS, names))
    rising = [Step(CELLS, tabulation.cells(plan)), *upwards.steps]
    return _Script(
        tuple(_Statement(step.name, _sql(step.expression)) for step in rising),
        tuple(_Statement(step.name, _sql(step.expression)) for step in medians),
        _sql(tabulation.moments(plan, upwards.whole)) if sampled else "",
        _sql(tabulation.named(plan, found)))


class _Run:
    """One run: statements kept under their names in a database of its own."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, script: _Script) -> None:
        self._connection = connection
        self.script = script

    def see(self, plan: Tabulation, units: Sequence[Path]) -> None:
        """Show the rows, and the codes above codes."""
        paths = ", ".join(_quoted(str(path)) for path in units)
        files = f"read_parquet([{paths}])"
        found = {row[0] for row in self._connection.execute(
            f"DESCRIBE SELECT * FROM {files}").fetchall()}
        for name in plan.columns:
            if name not in found:
                raise TabulationNonsense(reason=f"tệp dữ liệu không có cột “{name}”")
        columns = ", ".join(_column(plan, name) for name in plan.columns)
        self._connection.execute(
            f"CREATE VIEW units AS SELECT {columns} FROM {files}")
        for number, ladder in enumerate(plan.ladders):
            for at, rung in enumerate(ladder.rungs[1:], start=1):
                self._load(tabulation.parents(number, at), {
                    "code": list(rung.parents), "parent": list(rung.parents.values())})

    def keep(self, statement: _Statement) -> None:
        """Run a statement and keep its result under its name."""
        self._connection.execute(f'CREATE TABLE "{statement.name}" AS {statement.words}')

    def rise(self, plan: Tabulation, part: str = "", kept: Path | None = None) -> None:
        """Count the finest cells and add them up; of other parts than this, take what is kept."""
        for statement in self.script.rising:
            self.keep(statement)
            if statement.name == CELLS:
                self.check_cells(plan)
            if kept and statement.name == tabulation.kept_name():
                self.replace_part(statement.name, part, kept)

    def write(self, statement: str, path: Path) -> None:
        """Write the result of a statement aside of the file that it will be."""
        self._connection.execute(
            f"COPY ({statement}) TO {_quoted(str(_aside(path)))} "
            "(FORMAT parquet, COMPRESSION zstd)")

    def check_cells(self, plan: Tabulation) -> None:
        """Refuse codes without a place, and rows without a weight."""
        for number, ladder in enumerate(plan.ladders):
            self._check_codes(number, ladder)
        if plan.design:
            for column, name in zip(
                (plan.design.stratum, plan.design.cluster), (STRATUM, CLUSTER),
                strict=True,
            ):
                if self._rows(f'SELECT 1 FROM cells WHERE "{name}" IS NULL LIMIT 1'):
                    raise UnplacedCode(column=column, codes="—")
        if plan.weight:
            bad = self._rows(f"SELECT sum({BAD}) FROM cells")[0][0]
            if bad:
                raise WeightMissing(rows=bad, column=plan.weight)

    def _check_codes(self, number: int, ladder: Ladder) -> None:
        name = tabulation.key(number)
        codes = {row[0] for row in self._rows(f'SELECT DISTINCT "{name}" FROM cells')}
        placed = ladder.rungs[1].parents if len(ladder.rungs) > 1 else codes - {None}
        lost = sorted(code or "—" for code in codes if code not in placed)
        if lost:
            raise UnplacedCode(column=ladder.column, codes=", ".join(lost[:_SHOWN]))

    def replace_part(self, name: str, part: str, kept: Path) -> None:
        """Put the kept sums of all other parts beside the new ones of a part."""
        code = tabulation.key(0)
        others = self._rows(f'SELECT DISTINCT "{code}" FROM "{name}"')
        if any(other != part for other, in others):
            raise TabulationNonsense(reason=f"tệp dữ liệu không chỉ có phần “{part}”")
        self._connection.execute(
            f'INSERT INTO "{name}" SELECT * FROM read_parquet({_quoted(str(kept))}) '
            f'WHERE "{code}" <> ?', [part])

    def answer(self, plan: Tabulation, target: Path) -> Told:
        """Write the measures of every cell."""
        for statement in self.script.medians:
            self.keep(statement)
        lonely = self._load_errors(plan) if plan.design and plan.ratios else []
        self.write(self.script.answer, target)
        count = self._rows(
            f"SELECT count(*) FROM read_parquet({_quoted(str(_aside(target)))})")[0][0]
        return Told(count, tuple(lonely))

    def _load_errors(self, plan: Tabulation) -> list[str]:
        """Take the spread between clusters, and keep the standard errors as a table."""
        if plan.design is None:
            raise TypeError("errors need a sample design")
        clusters = dict(self._rows(
            f"SELECT {STRATUM}, count(DISTINCT cluster) FROM cells GROUP BY 1"))
        lonely = checked_strata(
            clusters, plan.design.strata,
            lonely_is_certain=plan.design.lonely is Lonely.CERTAIN)
        # The columns of the statement: the cell, the stratum, then five sums for each measure.
        width = 2 * len(plan.ladders)
        by_cell: dict[tuple[str, ...], dict[str, Sequence[int]]] = defaultdict(dict)
        for row in self._rows(self.script.moments):
            by_cell[row[:width]][row[width]] = [int(one) for one in row[width + 1:]]
        columns: dict[str, list[Any]] = {
            name: [cell[at] for cell in by_cell]
            for at, name in enumerate(
                name(number) for number in range(len(plan.ladders))
                for name in (tabulation.rung, tabulation.key))
        }
        for number, measure in enumerate(plan.ratios):
            fixed = 0 if measure.parts[1] else plan.unit
            factor = measure.per * 10**measure.decimals
            columns[f"{measure.name}_se"] = [
                standard_error(
                    {name: Moments(*sums[5 * number:5 * number + 5])
                     for name, sums in strata.items()}, clusters, fixed, factor)
                for strata in by_cell.values()
            ]
        self._load(ERRORS, columns, width)
        return lonely

    def _load(self, name: str, columns: dict[str, list[Any]], texts: int | None = None) -> None:
        """Keep columns as a table: the first `texts` of them hold codes, the rest numbers."""
        kinds = ["VARCHAR" if texts is None or at < texts else "BIGINT"
                 for at in range(len(columns))]
        heads = ", ".join(
            f"{_name(column)} {kind}" for column, kind in zip(columns, kinds, strict=True))
        lists = ", ".join(f"unnest(CAST(? AS {kind}[]))" for kind in kinds)
        self._connection.execute(f'CREATE TABLE "{name}" ({heads})')
        self._connection.execute(
            f'INSERT INTO "{name}" SELECT {lists}', list(columns.values()))

    def _rows(self, statement: str) -> list[tuple[Any, ...]]:
        return self._connection.execute(statement).fetchall()


def _sql(expression: Any) -> str:
    """Return a statement that gives the types it promises: DuckDB's own sums are wider."""
    said = compiler.to_sqlglot(expression).sql(dialect="duckdb")
    columns = ", ".join(
        f"CAST({_name(name)} AS BIGINT) AS {_name(name)}" if kind.is_int64() else _name(name)
        for name, kind in expression.schema().items())
    return f"SELECT {columns} FROM ({said})"


def _column(plan: Tabulation, name: str) -> str:
    """Return a column as the plan takes it: products with weights need room."""
    quoted = _name(name)
    if plan.columns[name] is Kind.CODE:
        return f"CAST({quoted} AS VARCHAR) AS {quoted}"
    return f"CAST({quoted} AS BIGINT) AS {quoted}" if plan.weight or plan.medians else quoted


def _name(column: str) -> str:
    return '"' + column.replace('"', '""') + '"'


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}.{os.getpid()}")


def _settle(aside: Path, path: Path) -> None:
    """Make sure that a written file is on the disk, and give it its name."""
    with aside.open("rb") as file:
        os.fsync(file.fileno())
    aside.replace(path)
