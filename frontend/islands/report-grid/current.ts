/** The line of the cell one is at: its name, its earlier numbers, and what can be done with it. */

import { cellOf } from "./field";
import type { Sheet } from "./sheet";

export interface Ways {
  words(cell: string): string;
  openNotes(cell: string): void;
}

export class CurrentCell {
  private cell = "";
  private readonly name: HTMLElement | null;
  private readonly before: HTMLElement | null;
  private readonly button: HTMLElement | null;

  constructor(
    private readonly sheet: Sheet,
    private readonly line: HTMLElement | null,
    private readonly ways: Ways,
  ) {
    this.name = line?.querySelector("[data-current-name]") ?? null;
    this.before = line?.querySelector("[data-current-before]") ?? null;
    this.button = line?.querySelector<HTMLElement>("[data-open-notes]") ?? null;
    // The cell keeps the focus until the box opens
    this.button?.addEventListener("pointerdown", (event) => event.preventDefault());
    this.button?.addEventListener("click", () => ways.openNotes(this.cell));
    line?.classList.add("chua-chon");
    if (line) line.hidden = false; // from the start, so that nothing moves when a cell is entered
  }

  listen(form: HTMLElement): void {
    form.addEventListener("focusin", (event) => {
      const cell = cellOf(event);
      if (cell && this.sheet.inputs.has(cell)) this.enter(cell);
    });
    form.addEventListener("keydown", (event) => {
      const cell = cellOf(event);
      if (event.key !== "F2" || !event.shiftKey || !cell) return;
      event.preventDefault();
      this.ways.openNotes(cell);
    });
  }

  /** Numbers were typed: the difference follows. */
  recomputed(): void {
    if (this.cell && this.before) put(this.before, this.ways.words(this.cell));
  }

  private enter(cell: string): void {
    this.cell = cell;
    this.line?.classList.remove("chua-chon");
    if (this.button) this.button.hidden = false;
    if (this.name) put(this.name, this.sheet.where(cell));
    this.recomputed();
  }
}

function put(place: HTMLElement, words: string): void {
  if (place.textContent !== words) place.textContent = words;
}
