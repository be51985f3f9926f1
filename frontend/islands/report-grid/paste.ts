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

/** The texts before a paste. Taking it back leaves alone what was typed over since. */
export class Undo {
  private readonly before = new Map<string, string>();

  constructor(
    private readonly pasted: ReadonlyMap<string, string>,
    current: (cell: string) => string,
  ) {
    for (const cell of pasted.keys()) this.before.set(cell, current(cell));
  }

  get size(): number {
    return this.pasted.size;
  }

  restored(current: (cell: string) => string): Map<string, string> {
    const found = new Map<string, string>();
    for (const [cell, text] of this.pasted) {
      if (current(cell) === text) found.set(cell, this.before.get(cell) ?? "");
    }
    return found;
  }
}
