/** What the page is told about a form: the JSON of `grid_json` on the server. */

import type { Decimal } from "./decimal";

export interface Kind {
  readonly name: "integer" | "decimal" | "choice" | "text";
  readonly decimals?: number;
  readonly minimum?: string | null;
  readonly maximum?: string | null;
  readonly choices?: readonly (readonly [code: string, label: string])[];
}

/** A reported, L not reported, M not applicable, Q confidential. */
export type Status = "A" | "L" | "M" | "Q";

/** A value with its status; the value is there exactly when the status says reported. */
export interface Figure {
  readonly value: Decimal | null;
  readonly status: Status;
}

export type Severity = "error" | "warning" | "note";

export interface Finding {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly cell: string;
  readonly where: string;
}

/** What was typed means this, and there is this to say about it. */
export interface Reading {
  readonly text: string;
  readonly figure: Figure | null;
  readonly finding: Finding | null;
}

export interface Row {
  readonly id: string;
  readonly label: string;
  readonly sum: readonly string[];
  readonly heading: boolean;
}

export interface Column {
  readonly id: string;
  readonly label: string;
  readonly kind: Kind;
  readonly unit: string;
  readonly formula: string | null;
}

/** What must hold: in each row of the table `each`, or once in the whole form. */
export interface Rule {
  readonly id: string;
  readonly test: string;
  readonly message: string;
  readonly severity: string;
  readonly each: string;
  readonly column: string;
  readonly cell: string;
}

export interface Table {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly Row[];
  readonly columns: readonly Column[];
}

export interface Grid {
  readonly form: string;
  readonly version: string;
  readonly tables: readonly Table[];
  readonly rules: readonly Rule[];
}

export function isNumeric(kind: Kind): boolean {
  return kind.name === "integer" || kind.name === "decimal";
}

export function places(kind: Kind): number {
  return kind.name === "decimal" ? (kind.decimals ?? 0) : 0;
}

/** Whether a numeric kind takes no decimals. */
export function isWhole(kind: Kind): boolean {
  return isNumeric(kind) && places(kind) === 0;
}

/** The least value a cell takes; a form that says nothing means 0. */
export function minimum(kind: Kind): string | null {
  return kind.minimum === undefined ? "0" : kind.minimum;
}
