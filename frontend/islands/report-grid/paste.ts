/** Where a pasted block goes, and how to take it back in one step. */

import { nameKey } from "../../rules/messages";

/** One place of the visible table: a cell people fill, or one that the machine fills. */
export interface Place {
  readonly cell: string;
  readonly typed: boolean;
}

/** A visible row: its label, and what stands under each column. */
export interface Line {
  readonly label: string;
  readonly places: readonly (Place | null)[];
}

export interface Plan {
  /** New text by cell, only cells people fill. */
  readonly texts: ReadonlyMap<string, string>;
  /** Text that fell on cells of the machine, to be compared with what it computes. */
  readonly onComputed: ReadonlyMap<string, string>;
  /** How many pasted cells had no place in the table. */
  readonly outside: number;
}

/**
 * Lays the block over the table from the given row and column, as a spreadsheet does: cell on
 * cell, computed ones included. A first column that only repeats the row labels is left out.
 */
export function planPaste(
  block: readonly (readonly string[])[],
  lines: readonly Line[],
  row: number,
  column: number,
): Plan {
  const texts = new Map<string, string>();
  const onComputed = new Map<string, string>();
  let outside = 0;
  withoutLabels(block, lines, row).forEach((cells, down) => {
    cells.forEach((text, right) => {
      const place = lines[row + down]?.places[column + right];
      if (place?.typed) texts.set(place.cell, oneLine(text));
      else if (place) onComputed.set(place.cell, oneLine(text));
      else if (text.trim() !== "" && !isHeading(lines[row + down])) outside += 1;
    });
  });
  return { texts, onComputed, outside };
}

/** A field holds one line; line breaks inside a spreadsheet cell become spaces. */
function oneLine(text: string): string {
  return text.replace(/\s*[\r\n]+\s*/g, " ").trim();
}

/** A line without any place, such as a group heading, is passed over. */
function isHeading(line: Line | undefined): boolean {
  return line !== undefined && line.places.every((place) => place === null);
}

function withoutLabels(
  block: readonly (readonly string[])[],
  lines: readonly Line[],
  row: number,
): readonly (readonly string[])[] {
  const same = block.every((cells, down) => {
    const label = nameKey(cells[0] ?? "");
    return label !== "" && label === nameKey(lines[row + down]?.label ?? "");
  });
  return same ? block.map((cells) => cells.slice(1)) : block;
}

/**
 * The texts before a paste and after it. Taking it back leaves alone what was typed over since,
 * and so does doing it again.
 */
export class Undo {
  private readonly before = new Map<string, string>();
  /** Whether the paste stands; if not, it can be done again. */
  standing = true;

  private readonly pasted: Map<string, string>;

  constructor(pasted: ReadonlyMap<string, string>, current: (cell: string) => string) {
    this.pasted = new Map(pasted);
    for (const cell of pasted.keys()) this.before.set(cell, current(cell));
  }

  /** What the cells really say after the paste: a list writes an answer in its own words. */
  wrote(current: (cell: string) => string): void {
    for (const cell of this.pasted.keys()) this.pasted.set(cell, current(cell));
  }

  get size(): number {
    return this.pasted.size;
  }

  /** Turns the paste round, and gives the texts that the cells must show. */
  turn(current: (cell: string) => string): Map<string, string> {
    const [from, to] = this.standing ? [this.pasted, this.before] : [this.before, this.pasted];
    this.standing = !this.standing;
    const found = new Map<string, string>();
    for (const [cell, text] of from) {
      if (current(cell) === text) found.set(cell, to.get(cell) ?? "");
    }
    return found;
  }
}
