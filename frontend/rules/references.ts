/** What a rule may read, as `domain/references.py` says it; both are held to `tests/spec/rules.json`. */

import { Decimal } from "./decimal";
import { columns, type Tree } from "./formulas";
import type { Grid, Row } from "./kinds";
import { type Usual, usualOf } from "./outliers";

const SHAPE = /^(?:([^!@/]+)!)?([^!@]*)(?:@([a-z_]+))?$/;
const SOURCES = new Set(["", "previous", "last_year", "below", "sent", "owed"]);
const COUNTS = new Set(["sent", "owed"]);
const OF_MANY = new Set(["sum", "min", "max", "coalesce"]);

/** One name in square brackets, taken apart. Without a table it means the row at hand. */
export interface Reference {
  readonly text: string;
  readonly form: string;
  readonly table: string;
  readonly row: string;
  readonly column: string;
  readonly source: string;
  /** Under which name its figures come from outside; nothing for the form itself. */
  readonly key: string;
}

const known = new Map<string, Reference | null>();

/** What a name in brackets means; nothing when it cannot be read. */
export function reference(text: string): Reference | null {
  let found = known.get(text);
  if (found === undefined) known.set(text, (found = read(text)));
  return found;
}

function read(text: string): Reference | null {
  const match = SHAPE.exec(text);
  if (!match) return null;
  const [, form = "", place = "", source = ""] = match;
  const parts = place.split("/");
  if (!SOURCES.has(source) || (parts.length !== 1 && parts.length !== 3)) return null;
  const key = form || source ? `${form}@${source}` : "";
  if (COUNTS.has(source)) {
    return form && place === "" ? { text, form, table: "", row: "", column: "", source, key } : null;
  }
  if (parts.includes("") || (source === "below" && !form)) return null;
  const [table = "", row = "", column = ""] = parts.length === 3 ? parts : ["", "", place];
  return { text, form, table, row, column, source, key };
}

/** The address of the cell, seen from a row. */
export function cellOf(found: Reference, table = "", row = ""): string {
  if (COUNTS.has(found.source)) return "";
  return `${found.table || table}/${found.row || row}/${found.column}`;
}

/** Whether it asks how many units reported, and not for a figure. */
export function isCount(found: Reference): boolean {
  return COUNTS.has(found.source);
}

/** What a tree reads, as far as it can be read. */
export function references(tree: Tree): Reference[] {
  return columns(tree).flatMap((name) => reference(name) ?? []);
}

export function isFilled(row: Row): boolean {
  return !row.heading && row.sum.length === 0;
}

/** The tree with every row in place of `*`, where a function takes many numbers. */
export function spread(tree: Tree, grid: Grid): Tree {
  if (tree.kind !== "operation") return tree;
  const operands = tree.operands.flatMap((operand) => {
    const many = OF_MANY.has(tree.name) ? everyRow(operand, grid) : null;
    return many ?? [spread(operand, grid)];
  });
  return { kind: "operation", name: tree.name, operands };
}

function everyRow(operand: Tree, grid: Grid): Tree[] | null {
  const found = operand.kind === "column" ? reference(operand.column) : null;
  if (!found || found.row !== "*" || found.form) return null;
  const table = grid.tables.find(({ id }) => id === found.table);
  const source = found.source ? `@${found.source}` : "";
  return (table?.rows ?? []).filter(isFilled).map(({ id }) => ({
    kind: "column",
    column: `${found.table}/${id}/${found.column}${source}`,
  }));
}

/** Figures that a form is compared with and that are not in it; they travel with the page. */
export interface Outside {
  readonly figures: ReadonlyMap<string, ReadonlyMap<string, Decimal>>;
  readonly own: ReadonlyMap<string, Usual>;
  readonly peers: ReadonlyMap<string, Usual>;
  readonly whose: string;
  /** The unit's own values in the periods before, the newest first. */
  readonly periods: readonly string[];
  readonly past: ReadonlyMap<string, readonly (Decimal | null)[]>;
}

export interface OutsideJson {
  readonly figures?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly own?: Readonly<Record<string, readonly (string | number | null)[]>>;
  readonly peers?: Readonly<Record<string, readonly (string | number | null)[]>>;
  readonly whose?: string;
  readonly periods?: readonly string[];
  readonly past?: Readonly<Record<string, readonly (string | null)[]>>;
}

export const NOTHING: Outside = outsideOf({});

export function outsideOf(json: OutsideJson): Outside {
  const figures = Object.entries(json.figures ?? {}).map(
    ([key, cells]) =>
      [key, new Map(Object.entries(cells).map(([cell, value]) => [cell, Decimal.of(value)] as const))] as const,
  );
  const usual = (part: OutsideJson["own"]): Map<string, Usual> =>
    new Map(Object.entries(part ?? {}).map(([cell, data]) => [cell, usualOf(data)]));
  const past = Object.entries(json.past ?? {}).map(
    ([cell, values]) => [cell, values.map((value) => (value === null ? null : Decimal.of(value)))] as const,
  );
  return {
    figures: new Map(figures), own: usual(json.own), peers: usual(json.peers), whose: json.whose ?? "",
    periods: json.periods ?? [], past: new Map(past),
  };
}
