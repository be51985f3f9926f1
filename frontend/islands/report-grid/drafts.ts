/**
 * What is not yet saved, kept in this browser: a power cut or a closed lid loses nothing.
 *
 * Where it lies is the business of a shelf: sealed (`offline/shelf.ts`), or in the plain storage
 * of a browser that cannot seal.
 */

import type { Batch, Change, Saved } from "./queue";

export interface Draft {
  readonly cells: Readonly<Record<string, { readonly text: string; readonly base: number }>>;
  readonly reasons: Readonly<Record<string, string>>;
  /** What the server kept since the page's copy on this computer was made. */
  readonly known: Readonly<Record<string, { readonly text: string; readonly version: number }>>;
}

export const EMPTY: Draft = { cells: {}, reasons: {}, known: {} };

export interface Shelf {
  /** The draft as it lay there when the page was opened. */
  readonly first: Draft;
  /** Changes what lies there now: another window of the same form may have changed it too. */
  change(make: (before: Draft) => Draft): void | Promise<void>;
}

export class Drafts {
  private mine: Batch = { changes: [], reasons: {} };
  /** Whether this browser really keeps drafts; some are set not to. */
  works = true;

  constructor(private readonly shelf: Shelf) {}

  /** The changes of the cells that this page shows; those of its other parts stay where they are. */
  read(shows: (cell: string) => boolean = () => true): Batch {
    const { cells, reasons } = this.shelf.first;
    const all: Change[] = Object.entries(cells).map(([cell, kept]) => ({ cell, ...kept }));
    this.mine = { changes: all.filter(({ cell }) => shows(cell)), reasons: { ...reasons } };
    return this.mine;
  }

  /** Keeps exactly this; what another window of the same form keeps is left in place. */
  write(unsaved: Batch): void {
    const before = this.mine;
    this.mine = unsaved;
    this.change((draft) => {
      const [cells, reasons] = [{ ...draft.cells }, { ...draft.reasons }];
      for (const { cell } of before.changes) delete cells[cell];
      for (const key of Object.keys(before.reasons)) delete reasons[key];
      for (const { cell, text, base } of unsaved.changes) cells[cell] = { text, base };
      return { ...draft, cells, reasons: { ...reasons, ...unsaved.reasons } };
    });
  }

  /** The server kept these: a copy of the page on this computer is behind by so much. */
  learn(saved: readonly Saved[]): void {
    if (saved.length === 0) return;
    const news = Object.fromEntries(saved.map(({ cell, text, version }) => [cell, { text, version }]));
    this.change((draft) => ({ ...draft, known: { ...draft.known, ...news } }));
  }

  private change(make: (before: Draft) => Draft): void {
    const failed = (): void => {
      this.works = false; // full, or forbidden: the page then asks before it is closed
    };
    try {
      const done = this.shelf.change(make);
      this.works = true;
      if (done) void done.catch(failed);
    } catch {
      failed();
    }
  }
}

/** A draft of whatever was found, an older or a spoilt one too. */
export function draftOf(found: unknown): Draft {
  const { cells, reasons, known } = (found ?? {}) as Partial<Draft>;
  return { cells: { ...cells }, reasons: { ...reasons }, known: { ...known } };
}

export function isBare({ cells, reasons }: Draft): boolean {
  return Object.keys(cells).length === 0 && Object.keys(reasons).length === 0;
}

/** The plain storage of a browser: for one that cannot seal, and for what an earlier page left. */
export class PlainShelf implements Shelf {
  private readonly key: string;
  readonly first: Draft;

  constructor(
    draftKey: string,
    private readonly storage: Pick<Storage, "getItem" | "setItem" | "removeItem">,
  ) {
    this.key = `nhasan:luoi:${draftKey}`;
    this.first = this.stored();
  }

  change(make: (before: Draft) => Draft): void {
    const draft = { ...make(this.stored()), known: {} };
    if (isBare(draft)) this.clear();
    else this.storage.setItem(this.key, JSON.stringify(draft));
  }

  clear(): void {
    this.storage.removeItem(this.key);
  }

  private stored(): Draft {
    try {
      return draftOf(JSON.parse(this.storage.getItem(this.key) ?? "{}"));
    } catch {
      return EMPTY;
    }
  }
}

/** This browser's plain storage, or one that forgets where the browser forbids it. */
export function plainStorage(): Pick<Storage, "getItem" | "setItem" | "removeItem"> {
  try {
    return window.localStorage;
  } catch {
    const refuse = (): never => {
      throw new Error("no storage");
    };
    return { getItem: () => null, setItem: refuse, removeItem: refuse };
  }
}
