/** What is not yet saved, kept in this browser: a power cut or a closed lid loses nothing. */

import type { Batch, Change } from "./queue";

interface Draft {
  cells: Record<string, { text: string; base: number }>;
  reasons: Record<string, string>;
}

export class Drafts {
  private readonly key: string;
  private mine: Batch = { changes: [], reasons: {} };
  /** Whether this browser really keeps drafts; some are set not to. */
  works = true;

  constructor(
    draftKey: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  ) {
    this.key = `nhasan:luoi:${draftKey}`;
  }

  read(): Batch {
    const draft = this.stored();
    const changes: Change[] = Object.entries(draft.cells).map(([cell, kept]) => ({ cell, ...kept }));
    this.mine = { changes, reasons: draft.reasons };
    return this.mine;
  }

  /** Keeps exactly this; what another window of the same form keeps is left in place. */
  write(unsaved: Batch): void {
    const draft = this.stored();
    for (const { cell } of this.mine.changes) delete draft.cells[cell];
    for (const key of Object.keys(this.mine.reasons)) delete draft.reasons[key];
    for (const { cell, text, base } of unsaved.changes) draft.cells[cell] = { text, base };
    Object.assign(draft.reasons, unsaved.reasons);
    this.mine = unsaved;
    try {
      const empty = !Object.keys(draft.cells).length && !Object.keys(draft.reasons).length;
      if (empty) this.storage.removeItem(this.key);
      else this.storage.setItem(this.key, JSON.stringify(draft));
      this.works = true;
    } catch {
      this.works = false; // full, or forbidden: the page then asks before it is closed
    }
  }

  private stored(): Draft {
    try {
      const found: unknown = JSON.parse(this.storage.getItem(this.key) ?? "{}");
      const { cells, reasons } = (found ?? {}) as Partial<Draft>;
      return { cells: { ...cells }, reasons: { ...reasons } };
    } catch {
      return { cells: {}, reasons: {} };
    }
  }
}
