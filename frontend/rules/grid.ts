/** What a form adds up to and what is wrong in it, as `domain/checking.py` says it. */

import { Decimal } from "./decimal";
import { columns, evaluate, parse, type Tree } from "./formulas";
import { type Column, type Finding, type Grid, isNumeric, isWhole, type Reading, type Row, type Table } from "./kinds";
import { messageOf, severityOf } from "./messages";
import { readText, rounded } from "./numbers";
import { unusual } from "./outliers";
import { isFilled, NOTHING, type Outside } from "./references";
import { Judge, type Values } from "./rules";

export type { Values } from "./rules";

const FRACTIONS = new Set(["fraction", "ask-integer"]);

export type Texts = ReadonlyMap<string, string>;

export function cellId(table: Table, row: Row, column: Column): string {
  return `${table.id}/${row.id}/${column.id}`;
}

/** The words that tell people where a cell is. */
export function place(row: Row, column: Column): string {
  return `${row.label}, ${column.label}`;
}

/** The cells people fill, row by row. */
export function* typedCells(table: Table): Generator<[cell: string, row: Row, column: Column]> {
  for (const row of table.rows) {
    if (row.heading || row.sum.length > 0) continue;
    for (const column of table.columns) {
      if (column.formula === null) yield [cellId(table, row, column), row, column];
    }
  }
}

const readBefore = new WeakMap<Column, Map<string, Reading>>();

/** Reads a cell once: a keystroke changes one cell and leaves thousands as they were. */
export function reading(column: Column, text: string): Reading {
  let known = readBefore.get(column);
  if (!known) readBefore.set(column, (known = new Map()));
  let found = known.get(text);
  if (!found) {
    if (known.size > 20_000) known.clear();
    known.set(text, (found = readText(text, column.kind, column.unit)));
  }
  return found;
}

/** The values of what was typed, and of every cell that the machine fills. */
export function compute(table: Table, texts: Texts): Values {
  const found = new Map<string, Decimal | null>();
  for (const [cell, , column] of typedCells(table)) {
    const text = texts.get(cell);
    if (text) found.set(cell, reading(column, text).figure?.value ?? null);
  }
  const derived = derivedColumns(table);
  const plainColumns = table.columns.filter((column) => column.formula === null);
  const byRow = new Map<string, Map<string, Decimal | null>>();
  for (const row of rowsInOrder(table)) {
    const values = new Map<string, Decimal | null>();
    for (const column of plainColumns) {
      const cell = cellId(table, row, column);
      if (row.sum.length > 0) found.set(cell, sumOf(row, column, byRow));
      values.set(column.id, found.get(cell) ?? null);
    }
    for (const [column, tree] of derived) {
      const value = evaluate(tree, values);
      const kept = value instanceof Decimal ? rounded(value, column.kind) : null;
      values.set(column.id, kept);
      found.set(cellId(table, row, column), kept);
    }
    byRow.set(row.id, values);
  }
  return found;
}

function sumOf(
  row: Row,
  column: Column,
  byRow: ReadonlyMap<string, ReadonlyMap<string, Decimal | null>>,
): Decimal | null {
  if (!isNumeric(column.kind)) return null;
  const parts = row.sum
    .map((name) => byRow.get(name)?.get(column.id) ?? null)
    .filter((value) => value !== null);
  return parts.length > 0 ? parts.reduce((total, value) => total.plus(value)) : null;
}

/** Names so that each comes after what it needs; what stands in a circle is left out. */
function ordered(needs: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  for (;;) {
    const ready = [...needs].filter(
      ([name, used]) => !done.has(name) && used.every((other) => !needs.has(other) || done.has(other)),
    );
    if (ready.length === 0) return [...done];
    for (const [name] of ready) done.add(name);
  }
}

const derivedOf = new WeakMap<Table, (readonly [Column, Tree])[]>();

function derivedColumns(table: Table): (readonly [Column, Tree])[] {
  let found = derivedOf.get(table);
  if (!found) {
    const trees = new Map<string, readonly [Column, Tree]>();
    for (const column of table.columns) {
      if (column.formula !== null) trees.set(column.id, [column, parse(column.formula)]);
    }
    const needs = new Map([...trees].map(([name, [, tree]]) => [name, columns(tree)]));
    found = ordered(needs).map((name) => trees.get(name) as readonly [Column, Tree]);
    derivedOf.set(table, found);
  }
  return found;
}

/** Rows people fill, then sums: subtotals before the totals that use them. */
function rowsInOrder(table: Table): Row[] {
  const sums = new Map(table.rows.filter((row) => row.sum.length > 0).map((row) => [row.id, row]));
  const order = ordered(new Map([...sums].map(([name, row]) => [name, row.sum])));
  const filledRows = table.rows.filter((row) => !row.heading && row.sum.length === 0);
  return [...filledRows, ...order.map((name) => sums.get(name) as Row)];
}

/** What is wrong or strange in what was typed; empty cells are left in peace. */
export function check(
  grid: Grid,
  texts: Texts,
  outside: Outside = NOTHING,
  computed?: ReadonlyMap<Table, Values>,
): Finding[] {
  const values = computed ?? new Map(grid.tables.map((table) => [table, compute(table, texts)]));
  const judge = new Judge(grid, values, outside);
  const found = grid.tables.flatMap((table) => {
    const unread = [...unreadCells(table, texts)];
    return [
      ...lostThousands(table, unread),
      ...unread.map(({ finding }) => finding),
      ...judge.ofRows(table, (row) => isBegun(table, row, texts)),
      ...unusualFigures(table, values.get(table) ?? new Map(), outside),
    ];
  });
  return [...found, ...judge.ofForm()];
}

interface Unread {
  readonly column: Column;
  readonly text: string;
  readonly finding: Finding;
}

function* unreadCells(table: Table, texts: Texts): Generator<Unread> {
  for (const [cell, row, column] of typedCells(table)) {
    const read = reading(column, texts.get(cell) ?? "");
    if (read.finding && read.finding.severity !== "note") {
      yield { column, text: read.text, finding: { ...read.finding, cell, where: place(row, column) } };
    }
  }
}

function lostThousands(table: Table, unread: readonly Unread[]): Finding[] {
  const byColumn = new Map<Column, Unread[]>();
  for (const item of unread) {
    if (!isWhole(item.column.kind) || !FRACTIONS.has(item.finding.code)) continue;
    byColumn.set(item.column, [...(byColumn.get(item.column) ?? []), item]);
  }
  const found: Finding[] = [];
  for (const [column, items] of byColumn) {
    const [first] = items;
    if (!first || items.length < 2) continue;
    const facts = { count: items.length, example: first.text.trim() };
    const where = [table.title, column.label].filter(Boolean).join(", ");
    found.push({ ...of("thousands-lost", facts), cell: first.finding.cell, where });
  }
  return found;
}

function of(code: string, facts: Readonly<Record<string, string | number>>): Omit<Finding, "cell" | "where"> {
  return { code, severity: severityOf(code), message: messageOf(code, facts) };
}

function isBegun(table: Table, row: Row, texts: Texts): boolean {
  return table.columns.some((column) => texts.get(cellId(table, row, column))?.trim());
}

function* unusualFigures(table: Table, values: Values, outside: Outside): Generator<Finding> {
  const { own, peers, whose } = outside;
  if (own.size === 0 && peers.size === 0) return;
  const numeric = table.columns.filter((column) => isNumeric(column.kind));
  for (const row of table.rows) {
    if (!isFilled(row)) continue;
    for (const column of numeric) {
      const cell = cellId(table, row, column);
      const now = values.get(cell);
      const found = now ? unusual(column, now, own.get(cell), peers.get(cell), whose) : null;
      if (found) yield { ...found, severity: "warning", cell, where: place(row, column) };
    }
  }
}
