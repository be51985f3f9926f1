/** The tables on the page as rows and columns of cells: what is typed, what is computed. */

import { check, compute, type Values } from "../../rules/grid";
import type { Decimal } from "../../rules/decimal";
import { type Column, type Finding, type Grid, isNumeric, type Row, type Table } from "../../rules/kinds";
import { display } from "../../rules/numbers";
import { NOTHING, type Outside } from "../../rules/references";
import { type Field, fieldOf } from "./field";
import type { Line, Place } from "./paste";
import { pictureOf } from "./unusual";

export interface Position {
  readonly table: string;
  readonly row: number;
  readonly column: number;
}

export class Sheet {
  /** What each cell says now. */
  readonly texts = new Map<string, string>();
  readonly inputs = new Map<string, Field>();
  private readonly computed = new Map<string, HTMLElement>();
  private readonly differences = new Map<string, HTMLElement>();
  private readonly lines = new Map<string, Line[]>();
  private readonly positions = new Map<string, Position>();
  private readonly columns = new Map<string, Column>();
  private readonly order = new Map<string, number>();
  private readonly atFirst: number;
  private values = new Map<Table, Values>();

  constructor(
    readonly form: HTMLElement,
    readonly grid: Grid,
    private readonly previous: ReadonlyMap<string, Decimal>,
    private readonly outside: Outside = NOTHING,
  ) {
    for (const table of grid.tables) {
      for (const row of table.rows) {
        for (const column of table.columns) {
          this.columns.set(`${table.id}/${row.id}/${column.id}`, column);
        }
      }
      const element = form.querySelector(`table[data-table="${CSS.escape(table.id)}"]`);
      if (element) this.readTable(table, element);
    }
    for (const found of form.querySelectorAll<HTMLElement>("[data-difference]")) {
      this.differences.set(found.dataset["difference"] ?? "", found);
    }
    this.atFirst = this.count();
  }

  private readTable(table: Table, element: Element): void {
    const columnAt = new Map(table.columns.map((column, at) => [column.id, at]));
    const labels = new Map(table.rows.map((row: Row) => [row.id, row.label]));
    const lines: Line[] = [];
    // A heading of a group is a line too: in the workbook it takes a row
    for (const tr of element.querySelectorAll<HTMLElement>("tr[data-row], tr.nhom")) {
      const places: (Place | null)[] = table.columns.map(() => null);
      for (const found of tr.querySelectorAll<HTMLElement>("[data-cell], [data-computed]")) {
        const cell = found.dataset["cell"] ?? found.dataset["computed"] ?? "";
        const column = columnAt.get(cell.slice(cell.lastIndexOf("/") + 1));
        if (column === undefined) continue;
        const kind = table.columns[column];
        const field = kind ? fieldOf(found, kind) : null;
        places[column] = { cell, typed: field !== null && !field.fixed };
        this.positions.set(cell, { table: table.id, row: lines.length, column });
        this.order.set(cell, this.order.size);
        if (field) this.addInput(cell, field);
        else this.computed.set(cell, found);
      }
      lines.push({ label: labels.get(tr.dataset["row"] ?? "") ?? "", places });
    }
    this.lines.set(table.id, lines);
  }

  private addInput(cell: string, field: Field): void {
    this.inputs.set(cell, field);
    this.texts.set(cell, field.text);
  }

  linesOf(table: string): readonly Line[] {
    return this.lines.get(table) ?? [];
  }

  positionOf(cell: string): Position | undefined {
    return this.positions.get(cell);
  }

  columnOf(cell: string): Column | undefined {
    return this.columns.get(cell);
  }

  text(cell: string): string {
    return this.texts.get(cell) ?? "";
  }

  /** The element that shows a cell, typed or computed. */
  element(cell: string): HTMLElement | undefined {
    return this.inputs.get(cell)?.place ?? this.computed.get(cell);
  }

  /** The words that tell people where a cell is. */
  where(cell: string): string {
    return this.inputs.get(cell)?.place.getAttribute("aria-label") ?? cell;
  }

  shown(cell: string): string {
    return this.computed.get(cell)?.textContent?.trim() ?? this.text(cell);
  }

  set(cell: string, text: string): void {
    const field = this.inputs.get(cell);
    if (!field) return;
    field.text = text;
    this.texts.set(cell, field.text);
  }

  /** Shows which cells a paste has just filled, and no others. */
  highlight(cells: Iterable<string>): void {
    for (const box of this.form.querySelectorAll(".o-vua-dan")) box.classList.remove("o-vua-dan");
    for (const cell of cells) this.inputs.get(cell)?.place.closest("td")?.classList.add("o-vua-dan");
  }

  /** The next cell people fill in that direction, or nothing at the edge. */
  neighbour(cell: string, down: number, right: number): Field | undefined {
    const from = this.positions.get(cell);
    if (!from) return undefined;
    const lines = this.linesOf(from.table);
    let { row, column } = from;
    for (;;) {
      row += down;
      column += right;
      const line = lines[row];
      if (!line || column < 0 || column >= line.places.length) return undefined;
      const place = line.places[column];
      const field = place?.typed ? this.inputs.get(place.cell) : undefined;
      if (field && !field.fixed) return field;
    }
  }

  /** The cells of a table that people fill, in the order of the page. */
  private fillable(table: string): Field[] {
    const places = this.linesOf(table).flatMap((line) => line.places);
    const fields = places.flatMap((place) => (place?.typed && this.inputs.get(place.cell)) || []);
    return fields.filter((field) => !field.fixed);
  }

  /** The cell that comes so many later, row by row. */
  following(cell: string, by: number): Field | undefined {
    const own = this.inputs.get(cell);
    const fields = this.fillable(this.positions.get(cell)?.table ?? "");
    return own && fields[fields.indexOf(own) + by];
  }

  /** The first cell of the table of a cell, or its last one (-1). */
  end(cell: string, which: number): Field | undefined {
    return this.fillable(this.positions.get(cell)?.table ?? "").at(which);
  }

  /** Fills the cells of the machine. */
  recompute(): void {
    this.values = new Map(this.grid.tables.map((table) => [table, compute(table, this.texts)]));
    for (const values of this.values.values()) {
      for (const [cell, value] of values) {
        const element = this.computed.get(cell);
        const column = this.columns.get(cell);
        if (!element || !column) continue;
        write(element, display(value, column.kind));
      }
    }
    for (const [cell, element] of this.differences) write(element, this.difference(cell));
  }

  private difference(cell: string): string {
    const before = this.previous.get(cell);
    return before ? this.change(cell, before) : "";
  }

  /** The change of a cell against an earlier number, with its sign; nothing while it is empty. */
  change(cell: string, before: Decimal): string {
    const column = this.columns.get(cell);
    const now = [...this.values.values()].map((values) => values.get(cell)).find(Boolean);
    if (!column || !now || !isNumeric(column.kind)) return "";
    const change = now.minus(before);
    const text = display(change, column.kind);
    return !change.isNegative && /[1-9]/.test(text) ? `+${text}` : text;
  }

  /** What the rules find in what is typed, in the order of the page. */
  findings(others: readonly Finding[]): Finding[] {
    const found = check(this.grid, this.texts, this.outside, this.values);
    const place = (finding: Finding): number => this.order.get(finding.cell) ?? -1;
    return [...found, ...others].sort((one, other) => place(one) - place(other));
  }

  /** An unusual figure beside what is usual there. */
  picture(code: string, cell: string): HTMLElement[] {
    const now = [...this.values.values()].map((values) => values.get(cell)).find(Boolean);
    return pictureOf(code, cell, this.columns.get(cell), now, this.outside);
  }

  /** How many cells of the whole form are filled; this page may hold only some of them. */
  progress(): { filled: number; all: number } {
    const { total, filled } = this.form.dataset;
    const here = this.count();
    if (total === undefined || filled === undefined) return { filled: here, all: this.texts.size };
    return { filled: Number(filled) + here - this.atFirst, all: Number(total) };
  }

  private count(): number {
    return [...this.texts.values()].filter((text) => text.trim()).length;
  }
}

/** Writes the text of a computed cell, which stands before its marks, if it changed. */
function write(element: HTMLElement, text: string): void {
  const first = element.firstChild;
  if (!(first instanceof Text)) element.prepend(text);
  else if (first.data !== text) first.data = text;
}
