/** The rules of a form, as `domain/rules.py` asks them; both are held to `tests/spec/rules.json`. */

import { Decimal } from "./decimal";
import { evaluate, parse, type Tree } from "./formulas";
import type { Column, Finding, Grid, Kind, Row, Rule, Severity, Table } from "./kinds";
import { filled } from "./messages";
import { display, notation } from "./numbers";
import { cellOf, isCount, isFilled, type Outside, type Reference, reference, references, spread } from "./references";

export type Values = ReadonlyMap<string, Decimal | null>;
type Find = (wanted: Reference) => Decimal | null;

interface Bound {
  readonly rule: Rule;
  readonly tree: Tree;
  readonly reads: readonly Reference[];
}

const boundOf = new WeakMap<Grid, Bound[]>();

function bound(grid: Grid): Bound[] {
  let found = boundOf.get(grid);
  if (!found) {
    found = grid.rules.map((rule) => {
      const tree = spread(parse(rule.test), grid);
      return { rule, tree, reads: references(tree) };
    });
    boundOf.set(grid, found);
  }
  return found;
}

export class Judge {
  constructor(
    private readonly grid: Grid,
    private readonly values: ReadonlyMap<Table, Values>,
    private readonly outside: Outside,
  ) {}

  /** What the rules of the rows of a table find broken. */
  *ofRows(table: Table, isBegun: (row: Row) => boolean): Generator<Finding> {
    const rules = bound(this.grid).filter(({ rule }) => rule.each === table.id);
    if (rules.length === 0) return;
    for (const row of table.rows) {
      if (!isFilled(row) || !isBegun(row)) continue;
      const find = (wanted: Reference): Decimal | null => this.find(wanted, table, row);
      for (const one of rules) {
        if (evaluate(one.tree, valuesOf(one, find)) !== false) continue;
        const column = columnOf(table, one);
        yield {
          code: one.rule.id,
          severity: one.rule.severity as Severity,
          message: this.told(one.rule, find, table),
          cell: `${table.id}/${row.id}/${column.id}`,
          where: `${row.label}, ${column.label}`,
        };
      }
    }
  }

  /** What the rules of the whole form find broken. */
  *ofForm(): Generator<Finding> {
    const find = (wanted: Reference): Decimal | null => this.find(wanted);
    for (const one of bound(this.grid)) {
      if (one.rule.each || !isAny(one, find)) continue;
      if (evaluate(one.tree, valuesOf(one, find)) !== false) continue;
      const cell = one.rule.cell || this.firstCell(one);
      const [, row, column] = this.at(cell) ?? [];
      yield {
        code: one.rule.id,
        severity: one.rule.severity as Severity,
        message: this.told(one.rule, find),
        cell,
        where: row && column ? `${row.label}, ${column.label}` : "",
      };
    }
  }

  private find(wanted: Reference, table?: Table, row?: Row): Decimal | null {
    const cell = cellOf(wanted, table?.id, row?.id);
    if (wanted.key) return this.outside.figures.get(wanted.key)?.get(cell) ?? null;
    const named = wanted.table ? this.table(wanted.table) : table;
    return (named && this.values.get(named)?.get(cell)) ?? null;
  }

  private table(id: string): Table | undefined {
    return this.grid.tables.find((table) => table.id === id);
  }

  private at(cell: string): [Table, Row, Column] | undefined {
    const [tableId = "", rowId, columnId] = cell.split("/");
    const table = this.table(tableId);
    const row = table?.rows.find(({ id }) => id === rowId);
    const column = table?.columns.find(({ id }) => id === columnId);
    return table && row && column ? [table, row, column] : undefined;
  }

  private firstCell({ reads }: Bound): string {
    const own = reads.filter(({ key }) => !key).map((found) => cellOf(found));
    const typed = own.find((cell) => {
      const [, row, column] = this.at(cell) ?? [];
      return !(row && column) || (row.sum.length === 0 && column.formula === null);
    });
    return typed ?? own[0] ?? "";
  }

  private told(rule: Rule, find: Find, table?: Table): string {
    return rule.message.replace(/\{([^{}]+)\}/g, (whole, name: string) => {
      const words = this.fact(name, find, table);
      return words === null ? whole : words || filled("chưa nhập", {});
    });
  }

  /** A number of a sentence as people write it, "" when it is not there. */
  private fact(name: string, find: Find, table?: Table): string | null {
    if (name.includes("[")) return this.reckoned(name, find);
    const wanted = reference(name);
    if (!wanted) return null;
    const kind = this.kindOf(wanted, table);
    const value = find(wanted);
    if (!value) return "";
    return kind ? display(value, kind) : notation(value);
  }

  private reckoned(formula: string, find: Find): string {
    const tree = spread(parse(formula), this.grid);
    const value = evaluate(tree, new Map(references(tree).map((found) => [found.text, find(found)])));
    if (!(value instanceof Decimal)) return "";
    return notation(value.decimals === 0 ? value : value.rounded(2));
  }

  private kindOf(wanted: Reference, table?: Table): Kind | undefined {
    if (isCount(wanted)) return undefined;
    const named = wanted.table && !wanted.form ? this.table(wanted.table) : table;
    return named?.columns.find(({ id }) => id === wanted.column)?.kind;
  }
}

function valuesOf({ reads }: Bound, find: Find): Map<string, Decimal | null> {
  return new Map(reads.map((found) => [found.text, find(found)]));
}

/** Whether anything of the form that a rule reads is there. */
function isAny({ reads }: Bound, find: Find): boolean {
  const own = reads.filter(({ key }) => !key);
  return own.length === 0 || own.some((found) => find(found) !== null);
}

/** Where a rule of rows is told: at its own column, or at the first one typed. */
function columnOf(table: Table, { rule, reads }: Bound): Column {
  const byId = new Map(table.columns.map((column) => [column.id, column]));
  const used = reads
    .filter((found) => !found.table && !found.form)
    .flatMap((found) => byId.get(found.column) ?? []);
  const typed = used.filter(({ formula }) => formula === null);
  return byId.get(rule.column) ?? typed[0] ?? used[0] ?? (table.columns[0] as Column);
}
