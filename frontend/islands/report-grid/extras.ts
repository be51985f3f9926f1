/** What stands around the cells: earlier numbers, notes, the line of the current cell, the cards. */

import { Decimal } from "../../rules/decimal";
import type { Finding } from "../../rules/kinds";
import { Comparing, type Earlier } from "./comparing";
import { CurrentCell } from "./current";
import { readJson } from "./dom";
import { type Beside, Notes } from "./notes";
import { Sequences } from "./sequence";
import type { Sheet } from "./sheet";

/** An earlier period; the numbers of the one before stand on the page already. */
interface EarlierJson {
  readonly label: string;
  readonly values?: Readonly<Record<string, string>>;
}

export class Extras {
  private readonly comparing: Comparing;
  private readonly notes: Notes | null;
  private readonly current: CurrentCell;
  private readonly sequences: Sequences;

  constructor(
    private readonly sheet: Sheet,
    token: () => string,
  ) {
    const earlier = Object.entries(readJson<Record<string, EarlierJson>>("grid-earlier", {}));
    const choice = sheet.form.querySelector<HTMLSelectElement>("[data-compare]");
    this.comparing = new Comparing(sheet, Object.fromEntries(earlier.map(read)), choice);
    const words = (cell: string): string => this.comparing.words(cell);
    const told = readJson<Record<string, string>>("grid-about", {});
    const about = (cell: string): string => told[cell.replace(/\/.*\//, "/")] ?? "";
    const box = document.querySelector<HTMLDialogElement>("dialog[data-notes]");
    this.notes = box ? new Notes(sheet, box, readJson<Beside[]>("grid-notes", []), token, { words, about }) : null;
    const line = sheet.form.querySelector<HTMLElement>("[data-current]");
    this.current = new CurrentCell(sheet, line, { words, openNotes: (cell) => this.notes?.open(cell) });
    this.sequences = new Sequences(sheet);
  }

  start(): void {
    this.comparing.start();
    this.current.listen(this.sheet.form);
    this.notes?.listen(document);
    this.sequences.start();
  }

  recomputed(): void {
    this.comparing.recomputed();
    this.current.recomputed();
  }

  checked(findings: readonly Finding[]): void {
    this.sequences.told(new Set(findings.filter(({ severity }) => severity !== "note").map(({ cell }) => cell)));
  }
}

function read([name, { label, values }]: [string, EarlierJson]): [string, Earlier] {
  const given = values ?? readJson<Record<string, string>>("grid-previous", {});
  const numbers = Object.entries(given).map(([cell, value]) => [cell, Decimal.of(value)] as const);
  return [name, { label, values: new Map(numbers) }];
}
